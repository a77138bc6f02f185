// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of the buffers of connections: one count for the machine, as TCP has its
 * tcp_mem, and one for each namespace, so that none takes what all others need. A cgroup is
 * charged besides, by the allocations themselves.
 *
 * It is not the kernel's own sk_mem_schedule(), for that keeps what it has reserved
 * in a field of the socket, under the socket's lock; but here the other end of a
 * connection fills a socket's buffer, and cannot wait for that lock.
 */
#include "memory.h"

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/swap.h>

#include "pieces.h"

/* So much a CPU may have added that the others do not know of. */
#define BATCH (128 * 1024)
#define BATCH_ACCOUNT (64 * 1024)

static unsigned long buffers_kib;
module_param(buffers_kib, ulong, 0644);
MODULE_PARM_DESC(buffers_kib,
		 "memory of all connections' buffers, KiB (an eighth of it)");

static struct percpu_counter used;

/* Objects that have a constructor are not cleared by the allocator (init_on_alloc=), which
 * would cost as much as half of a copy; nor are they when they are freed (init_on_free=).
 * None needs the former: no byte of a piece is read before it was written, and what else is
 * in it is set when it is made.
 */
static void made(void *piece)
{
}

static void pieces_exit(void)
{
	kmem_cache_destroy(utcp_piece_cache[0]);
	kmem_cache_destroy(utcp_piece_cache[1]);
}

static int pieces_init(void)
{
	static const char *const names[] = { "utcp_piece", "utcp_piece_marks" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		utcp_piece_cache[i] = kmem_cache_create_usercopy(
			names[i], utcp_piece_size(i), 0, SLAB_ACCOUNT, 0,
			UTCP_PIECE_LEN, made);
		if (!utcp_piece_cache[i]) {
			pieces_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * utcp_memory_init() - nothing is used
 *
 * Return: 0, or -ENOMEM.
 */
int utcp_memory_init(void)
{
	int ret;

	if (!buffers_kib)
		buffers_kib = nr_free_buffer_pages() / 8 * (PAGE_SIZE / 1024);
	ret = pieces_init();
	if (ret)
		return ret;
	ret = percpu_counter_init(&used, 0, GFP_KERNEL);
	if (ret)
		pieces_exit();
	return ret;
}

/**
 * utcp_memory_exit() - nothing is used any more
 */
void utcp_memory_exit(void)
{
	WARN_ON_ONCE(percpu_counter_sum(&used));
	percpu_counter_destroy(&used);
	pieces_exit();
}

/**
 * utcp_account_new() - a namespace
 * @kib: so many KiB its buffers may take
 *
 * Context: process, may sleep.
 * Return: its account, with a reference for the caller, or NULL.
 */
struct utcp_account *utcp_account_new(u32 kib)
{
	struct utcp_account *account = kzalloc(sizeof(*account), GFP_KERNEL);

	if (!account)
		return NULL;
	if (percpu_counter_init(&account->used, 0, GFP_KERNEL)) {
		kfree(account);
		return NULL;
	}
	account->kib = kib;
	refcount_set(&account->refs, 1);
	return account;
}

/**
 * utcp_account_get() - one more reference
 * @account: the account
 *
 * Return: the same.
 */
struct utcp_account *utcp_account_get(struct utcp_account *account)
{
	refcount_inc(&account->refs);
	return account;
}

/**
 * utcp_account_put() - one less
 * @account: the account; all that was counted by this reference has been given back
 *
 * Context: any but hard interrupts.
 */
void utcp_account_put(struct utcp_account *account)
{
	if (!refcount_dec_and_test(&account->refs))
		return;
	WARN_ON_ONCE(percpu_counter_sum(&account->used));
	percpu_counter_destroy(&account->used);
	kfree(account);
}

static s64 bound(void)
{
	return min_t(u64, READ_ONCE(buffers_kib), S64_MAX >> 10) << 10;
}

/* Half of all at most, as of other things that all share: the rest is for the others. */
static s64 bound_of(const struct utcp_account *account)
{
	return min_t(s64, (s64)READ_ONCE(account->kib) << 10, bound() / 2);
}

/* What a counter says may be so much above what it counts, for each processor may have been
 * given back a batch that it does not tell yet. Of a bound that is not much more than that all
 * processors are asked, or it could be used up while nothing is used.
 */
static bool is_small(s64 most, s32 batch)
{
	return most <= 4LL * batch * num_online_cpus();
}

static bool goes(s64 now, s64 more, s64 most)
{
	return now + more <= most || (more > most / 2 && now < most / 2);
}

static bool fits(struct percpu_counter *counter, s32 batch, s64 more, s64 most)
{
	return goes(percpu_counter_read_positive(counter), more, most) ||
	       (is_small(most, batch) &&
		goes(percpu_counter_sum_positive(counter), more, most));
}

static bool is_twice(struct percpu_counter *counter, s32 batch, s64 most)
{
	return percpu_counter_read_positive(counter) / 2 > most &&
	       (!is_small(most, batch) ||
		percpu_counter_sum_positive(counter) / 2 > most);
}

/**
 * utcp_memory_left() - may a buffer take more?
 * @account: its namespace's
 * @more: bytes
 *
 * It is not exact, and nothing is reserved: of those that ask at the same time each
 * may be told yes. What is above a bound by that is at most one buffer's step and, for each
 * processor, 128 KiB of all, 64 KiB of a namespace.
 *
 * A message may be longer than a bound, or nearly as long, and would never go, or only while
 * nobody else has a byte. What is longer than half of a bound may when that half is left.
 *
 * Context: any.
 * Return: true if it may.
 */
bool utcp_memory_left(struct utcp_account *account, size_t more)
{
	return fits(&used, BATCH, more, bound()) &&
	       fits(&account->used, BATCH_ACCOUNT, more, bound_of(account));
}

/**
 * utcp_memory_scarce() - have buffers taken twice as much as they should?
 * @account: a namespace's
 *
 * Those that must take more, whatever the bound, have taken that then; it may be the
 * namespace's, or all.
 *
 * Context: any.
 * Return: true if they have.
 */
bool utcp_memory_scarce(struct utcp_account *account)
{
	return is_twice(&used, BATCH, bound()) ||
	       is_twice(&account->used, BATCH_ACCOUNT, bound_of(account));
}

/**
 * utcp_memory_add() - a buffer takes more, or less
 * @account: its namespace's
 * @bytes: how much more
 *
 * Context: any.
 */
void utcp_memory_add(struct utcp_account *account, long bytes)
{
	if (!bytes)
		return;
	percpu_counter_add_batch(&used, bytes, BATCH);
	percpu_counter_add_batch(&account->used, bytes, BATCH_ACCOUNT);
}
