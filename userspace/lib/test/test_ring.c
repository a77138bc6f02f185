// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unit tests of utcp/ring.h, on memory that nobody but the test shares, and of what
 * ring.c does before there is a ring.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../ring.h"

#define SLOTS 128
#define SLOT_SIZE ((size_t)256)
#define CTL sizeof(struct netswitch_ring_ctl)
#define DESC (SLOTS * sizeof(struct netswitch_desc))
#define DATA (SLOTS * SLOT_SIZE)
#define MAP_SIZE (2 * (CTL + DESC + DATA))

/* A ring in both directions, and the other side's view of it. */
struct fixture {
	struct netswitch_ring_info info;
	struct utcp_ring *ring;
	unsigned char *map;
	struct netswitch_ring_ctl *rx;
	struct netswitch_ring_ctl *tx;
	struct netswitch_desc *rx_desc;
	uint64_t returned[SLOTS / 64];
};

static const struct netswitch_ring_info sound = {
	.map_size = MAP_SIZE,
	.rx_ctl = 0,
	.tx_ctl = CTL,
	.rx_desc = 2 * CTL,
	.tx_desc = 2 * CTL + DESC,
	.rx_slot = 2 * CTL + 2 * DESC,
	.tx_slot = 2 * CTL + 2 * DESC + DATA,
	.rx_slots = SLOTS,
	.tx_slots = SLOTS,
	.slot_size = SLOT_SIZE,
};

/* All indexes begin at @start. */
static void begin(struct fixture *f, uint32_t start)
{
	memset(f->map, 0, MAP_SIZE);
	memset(f->returned, 0, sizeof(f->returned));
	f->rx->producer = start;
	f->rx->consumer = start;
	f->tx->producer = start;
	f->tx->consumer = start;
	memset(f->ring, 0, sizeof(*f->ring));
	assert_int_equal(ring_lay_out(f->ring, &f->info, f->map), 0);
	f->ring->rx.returned = f->returned;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->info = sound;
	f->map = aligned_alloc(UTCP_RING_ALIGN, MAP_SIZE);
	f->ring = aligned_alloc(UTCP_RING_ALIGN, sizeof(*f->ring));
	f->rx = (struct netswitch_ring_ctl *)(f->map + sound.rx_ctl);
	f->tx = (struct netswitch_ring_ctl *)(f->map + sound.tx_ctl);
	f->rx_desc = (struct netswitch_desc *)(f->map + sound.rx_desc);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->ring);
	free(f->map);
	free(f);
	return 0;
}

/* The other side receives @n frames; each has its number as length. */
static void produce(struct fixture *f, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t slot = f->rx->producer % SLOTS;

		f->rx_desc[slot].offset = 2;
		f->rx_desc[slot].len = f->rx->producer++;
	}
}

static void rx_peek__order(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS + 1] = { 0 };
	uint32_t start = UINT32_MAX - 70; /* the indexes wrap below */

	begin(f, start);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS), 0);
	produce(f, 100);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames, 60), 60);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames + 60, SLOTS), 40);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames, 0), 0);
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t slot = (start + i) % SLOTS;

		assert_int_equal(frames[i].len, start + i);
		assert_int_equal(frames[i].slot, slot);
		assert_ptr_equal(frames[i].desc, &f->rx_desc[slot]);
		assert_ptr_equal(frames[i].data,
				 f->map + sound.rx_slot + slot * SLOT_SIZE + 2);
	}
	assert_int_equal(f->rx->consumer, start);
	utcp_ring_rx_release(f->ring, 30);
	assert_int_equal(f->rx->consumer, start + 30);
	utcp_ring_rx_release(f->ring, 70);
	assert_int_equal(f->rx->consumer, start + 100);
	assert_false(utcp_ring_rx_next(f->ring, frames));
}

/* A ring that is full is not empty, though the slots are the same. */
static void rx_peek__full(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS + 1] = { 0 };

	for (uint32_t start = UINT32_MAX - SLOTS; start != 2; start++) {
		begin(f, start);
		produce(f, SLOTS);
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS + 1),
				 SLOTS);
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, 1), 0);
		utcp_ring_rx_release(f->ring, 1);
		produce(f, 1);
		assert_true(utcp_ring_rx_next(f->ring, frames));
		assert_int_equal(frames[0].len, start + SLOTS);
	}
}

/* Frames that came while others are held are seen, and no more than there are. */
static void rx_peek__interleaved(void **state)
{
	struct fixture *f = *state;
	uint32_t made = UINT32_MAX - 500, seen = made, freed = made;
	struct utcp_frame frames[SLOTS] = { 0 };
	unsigned int seed = 1;

	begin(f, made);
	for (int round = 0; round < 20000; round++) {
		uint32_t n = (uint32_t)rand_r(&seed) % SLOTS;

		if (n > SLOTS - (made - freed))
			n = SLOTS - (made - freed);
		produce(f, n);
		made += n;
		n = utcp_ring_rx_peek(f->ring, frames,
				      (uint32_t)rand_r(&seed) % SLOTS);
		for (uint32_t i = 0; i < n; i++)
			assert_int_equal(frames[i].len, seen++);
		assert_true(made - seen <= SLOTS);
		n = (uint32_t)rand_r(&seed) % (seen - freed + 1);
		utcp_ring_rx_release(f->ring, n);
		freed += n;
		assert_int_equal(f->rx->consumer, freed);
	}
}

/*
 * The kernel never writes such an index, but the process that maps the memory could
 * by mistake: no frame is invented.
 */
static void rx_peek__no_index(void **state)
{
	static const uint32_t wrong[] = { SLOTS + 1, 1U << 31, UINT32_MAX,
					  UINT32_MAX - 10 };
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS] = { 0 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin(f, 1000);
		produce(f, 20);
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, 20), 20);
		utcp_ring_rx_release(f->ring, 5);
		f->rx->producer = 1005 + wrong[i];
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS), 0);
		/* and it goes on when the word is right again */
		f->rx->producer = 1020;
		produce(f, 1);
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS), 1);
		assert_int_equal(frames[0].len, 1020);
	}
}

static void rx_peek__none(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frame;

	f->info.rx_slots = 0;
	begin(f, 7);
	assert_null(f->ring->rx.slot);
	assert_false(utcp_ring_rx_next(f->ring, &frame));
	assert_int_equal(utcp_ring_rx_wait(f->ring, -1), -EOPNOTSUPP);
}

static void rx_collect__order(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS] = { 0 };
	uint32_t start = UINT32_MAX - 65;

	begin(f, start);
	assert_int_equal(utcp_ring_rx_collect(f->ring), 0);
	produce(f, 100);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS), 100);
	/* backwards: nothing can go before the oldest did */
	for (uint32_t i = 99; i; i--) {
		utcp_ring_rx_return(f->ring, frames[i].slot);
		assert_int_equal(utcp_ring_rx_collect(f->ring), 0);
	}
	assert_int_equal(f->rx->consumer, start);
	utcp_ring_rx_return(f->ring, frames[0].slot);
	assert_int_equal(utcp_ring_rx_collect(f->ring), 100);
	assert_int_equal(f->rx->consumer, start + 100);
	assert_int_equal(utcp_ring_rx_collect(f->ring), 0);
}

static void shuffle(uint32_t *slots, uint32_t n, unsigned int *seed)
{
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = (uint32_t)rand_r(seed) % i, slot = slots[i - 1];

		slots[i - 1] = slots[j];
		slots[j] = slot;
	}
}

/* Any order, over many turns of the ring and the wrap of the indexes. */
static void rx_collect__random(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS] = { 0 };
	uint32_t slots[SLOTS] = { 0 }, held = 0, total = 0, released = 0;
	uint32_t start = UINT32_MAX - 3000;
	unsigned int seed = 2;

	begin(f, start);
	for (int round = 0; round < 3000; round++) {
		uint32_t n, back;

		produce(f, SLOTS - (f->rx->producer - f->rx->consumer));
		n = utcp_ring_rx_peek(f->ring, frames, SLOTS);
		for (uint32_t i = 0; i < n; i++)
			slots[held++] = frames[i].slot;
		total += n;
		shuffle(slots, held, &seed);
		back = (uint32_t)rand_r(&seed) % (SLOTS + 1);
		while (back-- && held)
			utcp_ring_rx_return(f->ring, slots[--held]);
		released += utcp_ring_rx_collect(f->ring);
		assert_int_equal(f->rx->consumer, start + released);
		assert_true(total - released >= held);
		/* the oldest is one of those that are held */
		for (n = 0; n < held; n++)
			if (slots[n] == f->rx->consumer % SLOTS)
				break;
		assert_true(n < held || total == released);
	}
	while (held)
		utcp_ring_rx_return(f->ring, slots[--held]);
	released += utcp_ring_rx_collect(f->ring);
	assert_int_equal(total, released);
	for (size_t i = 0; i < SLOTS / 64; i++)
		assert_true(f->returned[i] == 0);
}

/* Fewer slots than a word of the bitmap has bits. */
static void rx_collect__small(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[4] = { 0 };
	uint32_t start = UINT32_MAX - 9;

	f->info.rx_slots = 4;
	begin(f, start);
	for (uint32_t i = 0; i < 20; i++) {
		f->rx->producer += 4;
		assert_int_equal(utcp_ring_rx_peek(f->ring, frames, 9), 4);
		for (uint32_t j = 4; j--;)
			utcp_ring_rx_return(f->ring, frames[j].slot);
		assert_int_equal(utcp_ring_rx_collect(f->ring), 4);
		assert_int_equal(f->rx->consumer, start + 4 * (i + 1));
	}
}

static void rx_arm(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frame;

	begin(f, 5);
	assert_true(utcp_ring_rx_arm(f->ring));
	assert_int_equal(f->rx->wake, 1);
	produce(f, 1);
	assert_false(utcp_ring_rx_arm(f->ring));
	assert_int_equal(utcp_ring_rx_wait(f->ring, 0), 1);
	/* what is held is not what one waits for */
	assert_true(utcp_ring_rx_next(f->ring, &frame));
	assert_true(utcp_ring_rx_arm(f->ring));
}

static void tx_reserve__full(void **state)
{
	struct fixture *f = *state;
	uint32_t start = UINT32_MAX - 20;
	struct netswitch_desc *desc;
	unsigned char *data = NULL;

	begin(f, start);
	for (uint32_t i = 0; i < SLOTS; i++) {
		uint32_t slot = (start + i) % SLOTS;

		desc = utcp_ring_tx_reserve(f->ring, &data);
		assert_ptr_equal(data,
				 f->map + sound.tx_slot + slot * SLOT_SIZE);
		assert_ptr_equal(
			desc,
			(struct netswitch_desc *)(f->map + sound.tx_desc) +
				slot);
	}
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
	assert_int_equal(f->tx->producer, start);
	utcp_ring_tx_commit(f->ring, 1);
	assert_int_equal(f->tx->producer, start + 1);
	utcp_ring_tx_commit(f->ring, SLOTS - 1);
	assert_int_equal(utcp_ring_tx_pending(f->ring), SLOTS);
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
	f->tx->consumer = start + 2;
	assert_int_equal(utcp_ring_tx_pending(f->ring), SLOTS - 2);
	assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
	assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
	utcp_ring_tx_cancel(f->ring);
	assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
}

/* What the last user of a slot left behind is not sent. */
/* Slots that were taken and not given back are neither pending nor free. */
static void tx_pending__held(void **state)
{
	struct fixture *f = *state;
	uint32_t start = UINT32_MAX - 3;
	unsigned char *data;

	begin(f, start);
	for (uint32_t i = 0; i < SLOTS; i++)
		assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
	utcp_ring_tx_commit(f->ring, SLOTS);
	f->ring->tx.taken += SLOTS - 1; /* as a kick does */
	assert_int_equal(utcp_ring_tx_pending(f->ring), 1);
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
	f->tx->consumer = start + SLOTS - 2;
	assert_int_equal(utcp_ring_tx_pending(f->ring), 1);
	assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
	/* taken by somebody else */
	f->tx->consumer = start + SLOTS;
	assert_int_equal(utcp_ring_tx_pending(f->ring), 0);
}

static void tx_reserve__clean(void **state)
{
	struct fixture *f = *state;
	struct netswitch_desc *desc;
	unsigned char *data = NULL;

	begin(f, 0);
	memset(f->map + sound.tx_desc, 0xff, DESC);
	desc = utcp_ring_tx_reserve(f->ring, &data);
	for (size_t i = 0; i < sizeof(*desc); i++)
		assert_int_equal(((unsigned char *)desc)[i], 0);
}

static void tx_reserve__no_index(void **state)
{
	struct fixture *f = *state;
	unsigned char *data = NULL;

	begin(f, 0);
	for (uint32_t i = 0; i < SLOTS; i++)
		assert_non_null(utcp_ring_tx_reserve(f->ring, &data));
	/* free slots that never were in use: as good as none */
	f->tx->consumer = SLOTS + 1;
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
	f->info.tx_slots = 0;
	begin(f, 0);
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
}

/* No system call if nobody wants it; the ring has no descriptor to make one. */
static void tx_kick__not_wanted(void **state)
{
	struct fixture *f = *state;
	struct utcp_ring_cold cold = { .fd = -1 };

	begin(f, 0);
	f->ring->cold = &cold;
	assert_int_equal(utcp_ring_tx_kick(f->ring), 0);
	f->tx->wake = 1;
	assert_int_equal(utcp_ring_tx_kick(f->ring), -EBADF);
}

/* What is there, or is seen, ends a wait without a system call. */
static void rx_wait__seen(void **state)
{
	struct fixture *f = *state;
	struct utcp_ring_cold cold = { .fd = -1 };
	struct utcp_frame frame;

	begin(f, UINT32_MAX);
	f->ring->cold = &cold;
	assert_int_equal(utcp_ring_rx_wait(f->ring, -1), -EBADF);
	produce(f, 2);
	assert_int_equal(utcp_ring_rx_wait(f->ring, -1), 1);
	assert_true(utcp_ring_rx_next(f->ring, &frame));
	assert_int_equal(utcp_ring_rx_wait(f->ring, -1), 1);
	assert_true(utcp_ring_rx_next(f->ring, &frame));
	/* nothing is released, but all was handed out */
	assert_int_equal(utcp_ring_rx_wait(f->ring, -1), -EBADF);
}

static void kick_wait(void **state)
{
	struct fixture *f = *state;
	struct utcp_ring_cold cold = { .fd = -1 };

	begin(f, 0);
	f->ring->cold = &cold;
	/* it sends whatever is there to be read */
	produce(f, 1);
	assert_int_equal(utcp_ring_kick_wait(f->ring, 0), -EBADF);
	f->info.tx_slots = 0;
	begin(f, 0);
	assert_int_equal(utcp_ring_kick_wait(f->ring, 0), -EOPNOTSUPP);
	f->info.tx_slots = SLOTS;
	f->info.rx_slots = 0;
	begin(f, 0);
	assert_int_equal(utcp_ring_kick_wait(f->ring, 0), -EOPNOTSUPP);
}

static void set_busy(void **state)
{
	struct fixture *f = *state;
	struct utcp_ring_cold cold = { .fd = -1 };

	begin(f, 0);
	f->ring->cold = &cold;
	assert_int_equal(
		utcp_ring_set_busy(f->ring, NETSWITCH_RING_BUSY_USECS_MAX), 0);
	assert_int_equal(cold.busy_usecs, NETSWITCH_RING_BUSY_USECS_MAX);
	assert_int_equal(utcp_ring_set_busy(f->ring,
					    NETSWITCH_RING_BUSY_USECS_MAX + 1),
			 -EINVAL);
	assert_int_equal(cold.busy_usecs, NETSWITCH_RING_BUSY_USECS_MAX);
	assert_int_equal(utcp_ring_set_busy(f->ring, 0), 0);
	assert_int_equal(cold.busy_usecs, 0);
}

static void lay_out__refused(void **state)
{
	struct fixture *f = *state;
	struct netswitch_ring_info bad[] = {
		sound, sound, sound, sound, sound, sound,
		sound, sound, sound, sound, sound, sound,
	};
	size_t i = 0;

	bad[i++].slot_size = 0;
	bad[i++].slot_size = NETSWITCH_RING_SLOT_SIZE_MAX + 64;
	bad[i++].rx_slots = 3;
	bad[i++].rx_slots = 2 * NETSWITCH_RING_SLOTS_MAX;
	bad[i++].tx_slots = 1;
	bad[i++].map_size = MAP_SIZE - 1;
	bad[i++].rx_ctl = MAP_SIZE - CTL + 4;
	bad[i++].tx_ctl = 1;
	bad[i++].rx_desc = UINT64_MAX - 7;
	bad[i++].tx_desc = MAP_SIZE;
	bad[i++].rx_slot = MAP_SIZE + 1;
	bad[i++].tx_slot = UINT64_MAX;
	assert_int_equal(i, sizeof(bad) / sizeof(bad[0]));
	while (i--) {
		memset(f->ring, 0, sizeof(*f->ring));
		assert_int_equal(ring_lay_out(f->ring, &bad[i], f->map),
				 -EBADMSG);
	}
}

/* What another process left in the memory is where this one goes on. */
static void lay_out__again(void **state)
{
	struct fixture *f = *state;
	struct utcp_frame frames[SLOTS] = { 0 };
	unsigned char *data = NULL;

	begin(f, 40);
	produce(f, 3);
	f->tx->producer = 40 + SLOTS;
	memset(f->ring, 0, sizeof(*f->ring));
	assert_int_equal(ring_lay_out(f->ring, &f->info, f->map), 0);
	assert_int_equal(utcp_ring_rx_peek(f->ring, frames, SLOTS), 3);
	assert_int_equal(frames[0].len, 40);
	assert_null(utcp_ring_tx_reserve(f->ring, &data));
}

static void open__refused(void **state)
{
	struct utcp_ring_options options = { .device = "no such device",
					     .ethertype = 0x4c57 };
	struct utcp_ring_error error;
	struct utcp_ring *ring;
	int pipes[2];

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(utcp_ring_bind(pipes[0], &options, &error), -ENODEV);
	assert_string_equal(error.message,
			    "there is no device \"no such device\"");
	options.device = NULL;
	assert_int_equal(utcp_ring_bind(pipes[0], &options, &error), -EINVAL);
	options.ifindex = 1;
	options.reserved[5] = 1;
	assert_int_equal(utcp_ring_bind(pipes[0], &options, &error), -EINVAL);
	options.reserved[5] = 0;
	options.pad[1] = 1;
	assert_int_equal(utcp_ring_bind(pipes[0], &options, &error), -EINVAL);
	options.pad[1] = 0;
	assert_int_equal(utcp_ring_bind(pipes[0], &options, &error), -ENOTTY);
	assert_int_equal(error.err, ENOTTY);
	assert_int_equal(error.holder, 0);
	assert_non_null(strstr(error.message, "cannot bind"));
	assert_int_equal(utcp_ring_bind(pipes[0], &options, NULL), -ENOTTY);
	assert_int_equal(utcp_ring_attach(pipes[0], &ring, &error), -ENOTTY);
	assert_int_equal(utcp_ring_attach(pipes[0], &ring, NULL), -ENOTTY);
	/* it is still the caller's */
	assert_int_equal(close(pipes[0]), 0);
	assert_int_equal(close(pipes[1]), 0);
	utcp_ring_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rx_peek__order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_peek__full, setup, teardown),
		cmocka_unit_test_setup_teardown(rx_peek__interleaved, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_peek__no_index, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_peek__none, setup, teardown),
		cmocka_unit_test_setup_teardown(rx_collect__order, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_collect__random, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_collect__small, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_arm, setup, teardown),
		cmocka_unit_test_setup_teardown(tx_reserve__full, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tx_pending__held, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tx_reserve__clean, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tx_reserve__no_index, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tx_kick__not_wanted, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rx_wait__seen, setup, teardown),
		cmocka_unit_test_setup_teardown(kick_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(set_busy, setup, teardown),
		cmocka_unit_test_setup_teardown(lay_out__refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(lay_out__again, setup,
						teardown),
		cmocka_unit_test(open__refused),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
