// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rings: binding, mapping, waiting. What is done for each frame is in utcp/ring.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ring.h"

#define DEVICE "/dev/netswitch"

__attribute__((format(printf, 3, 4))) static int
failed(struct utcp_ring_error *error, int err, const char *fmt, ...)
{
	va_list args;

	if (error) {
		error->err = err;
		error->holder = 0;
		va_start(args, fmt);
		vsnprintf(error->message, sizeof(error->message), fmt, args);
		va_end(args);
	}
	return -err;
}

/* Where the device of the options is; 0 with the reason in @error. */
static uint32_t find_device(const struct utcp_ring_options *options,
			    struct utcp_ring_error *error)
{
	uint32_t ifindex = options->ifindex;

	if (options->device) {
		ifindex = if_nametoindex(options->device);
		if (!ifindex)
			failed(error, errno, "there is no device \"%s\"",
			       options->device);
	} else if (!ifindex) {
		failed(error, EINVAL, "no device is given");
	}
	return ifindex;
}

int utcp_ring_bind(int fd, const struct utcp_ring_options *options,
		   struct utcp_ring_error *error)
{
	struct netswitch_ring_bind bind = {
		.ethertype = options->ethertype,
		.vid = options->vid,
		.flags = options->flags,
		.rx_slots = options->rx_slots,
		.tx_slots = options->tx_slots,
		.slot_size = options->slot_size,
		.rx_wake_frames = options->rx_wake_frames,
		.rx_wake_usecs = options->rx_wake_usecs,
		.fanout = options->fanout,
	};
	struct utcp_ring_error why = { 0 };

	if (!error)
		error = &why;
	for (size_t i = 0;
	     i < sizeof(options->reserved) / sizeof(options->reserved[0]); i++)
		if (options->reserved[i])
			return failed(error, EINVAL,
				      "reserved options are not 0");
	if (options->pad[0] || options->pad[1])
		return failed(error, EINVAL, "reserved options are not 0");
	memcpy(bind.mac, options->mac, sizeof(bind.mac));
	bind.ifindex = find_device(options, error);
	if (!bind.ifindex)
		return -error->err;
	if (!ioctl(fd, NETSWITCH_RING_BIND, &bind))
		return 0;
	bind.message[sizeof(bind.message) - 1] = '\0';
	if (!bind.message[0])
		return failed(error, errno, "cannot bind: %s", strerror(errno));
	failed(error, errno, "%s", bind.message);
	error->holder = error->err == EBUSY ? bind.holder : 0;
	return -error->err;
}

/* @n things of @size bytes from @offset on, aligned to @align, lie within. */
static bool fits(const struct netswitch_ring_info *info, uint64_t offset,
		 uint64_t n, uint64_t size, uint64_t align)
{
	return offset <= info->map_size && offset % align == 0 &&
	       n * size <= info->map_size - offset;
}

static bool direction_fits(const struct netswitch_ring_info *info,
			   uint32_t slots, uint64_t ctl, uint64_t desc,
			   uint64_t slot)
{
	return slots >= NETSWITCH_RING_SLOTS_MIN &&
	       slots <= NETSWITCH_RING_SLOTS_MAX && !(slots & (slots - 1)) &&
	       fits(info, ctl, 1, sizeof(struct netswitch_ring_ctl), 4) &&
	       fits(info, desc, slots, sizeof(struct netswitch_desc), 8) &&
	       fits(info, slot, slots, info->slot_size, 1);
}

static void lay_out_rx(struct utcp_ring_rx *rx,
		       const struct netswitch_ring_info *info,
		       unsigned char *map)
{
	struct netswitch_ring_ctl *ctl =
		(struct netswitch_ring_ctl *)(map + info->rx_ctl);

	rx->producer = &ctl->producer;
	rx->consumer = &ctl->consumer;
	rx->wake = &ctl->wake;
	rx->desc = (struct netswitch_desc *)(map + info->rx_desc);
	rx->slot = map + info->rx_slot;
	rx->mask = info->rx_slots - 1;
	rx->slot_size = info->slot_size;
	rx->released = __atomic_load_n(&ctl->consumer, __ATOMIC_RELAXED);
	rx->next = rx->released;
	rx->seen = rx->released;
}

static void lay_out_tx(struct utcp_ring_tx *tx,
		       const struct netswitch_ring_info *info,
		       unsigned char *map)
{
	struct netswitch_ring_ctl *ctl =
		(struct netswitch_ring_ctl *)(map + info->tx_ctl);

	tx->producer = &ctl->producer;
	tx->consumer = &ctl->consumer;
	tx->wake = &ctl->wake;
	tx->desc = (struct netswitch_desc *)(map + info->tx_desc);
	tx->slot = map + info->tx_slot;
	tx->mask = info->tx_slots - 1;
	tx->slot_size = info->slot_size;
	tx->committed = __atomic_load_n(&ctl->producer, __ATOMIC_RELAXED);
	tx->next = tx->committed;
	tx->seen = __atomic_load_n(&ctl->consumer, __ATOMIC_ACQUIRE);
	tx->taken = tx->seen;
}

int ring_lay_out(struct utcp_ring *ring, const struct netswitch_ring_info *info,
		 unsigned char *map)
{
	if (info->slot_size < NETSWITCH_RING_SLOT_SIZE_MIN ||
	    info->slot_size > NETSWITCH_RING_SLOT_SIZE_MAX)
		return -EBADMSG;
	if (info->rx_slots) {
		if (!direction_fits(info, info->rx_slots, info->rx_ctl,
				    info->rx_desc, info->rx_slot))
			return -EBADMSG;
		lay_out_rx(&ring->rx, info, map);
	}
	if (info->tx_slots) {
		if (!direction_fits(info, info->tx_slots, info->tx_ctl,
				    info->tx_desc, info->tx_slot))
			return -EBADMSG;
		lay_out_tx(&ring->tx, info, map);
	}
	return 0;
}

/* Map the memory; what was done before an error is undone by the caller. */
static int map_memory(struct utcp_ring *ring, int fd,
		      struct utcp_ring_error *error)
{
	struct utcp_ring_cold *cold = ring->cold;
	struct netswitch_ring_info info;
	void *map;

	if (ioctl(fd, NETSWITCH_RING_INFO, &info)) {
		if (errno == ENOTCONN)
			return failed(error, errno,
				      "the descriptor is not bound");
		return failed(error, errno, "cannot ask what is bound: %s",
			      strerror(errno));
	}
	if (!info.map_size || info.map_size > SIZE_MAX)
		return failed(error, EBADMSG, "the memory has no size");
	map = mmap(NULL, (size_t)info.map_size, PROT_READ | PROT_WRITE,
		   MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return failed(error, errno, "cannot map the memory: %s",
			      strerror(errno));
	cold->map = map;
	cold->map_size = (size_t)info.map_size;
	if (ring_lay_out(ring, &info, map))
		return failed(error, EBADMSG,
			      "the memory is not laid out as it should be");
	if (info.rx_slots) {
		ring->rx.returned = calloc((info.rx_slots + 63) / 64,
					   sizeof(*ring->rx.returned));
		if (!ring->rx.returned)
			return failed(error, ENOMEM, "out of memory");
	}
	return 0;
}

static struct utcp_ring *ring_new(void)
{
	struct utcp_ring *ring = aligned_alloc(UTCP_RING_ALIGN, sizeof(*ring));

	if (!ring)
		return NULL;
	memset(ring, 0, sizeof(*ring));
	ring->cold = calloc(1, sizeof(*ring->cold));
	if (!ring->cold) {
		free(ring);
		return NULL;
	}
	ring->cold->fd = -1;
	return ring;
}

int utcp_ring_attach(int fd, struct utcp_ring **ring,
		     struct utcp_ring_error *error)
{
	struct utcp_ring *r = ring_new();
	int err;

	if (!r)
		return failed(error, ENOMEM, "out of memory");
	err = map_memory(r, fd, error);
	if (err) {
		utcp_ring_close(r);
		return err;
	}
	r->cold->fd = fd;
	*ring = r;
	return 0;
}

int utcp_ring_open(const struct utcp_ring_options *options,
		   struct utcp_ring **ring, struct utcp_ring_error *error)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return failed(error, errno, "cannot open " DEVICE ": %s%s",
			      strerror(errno),
			      errno == ENOENT ?
				      " (module netswitch is not loaded)" :
				      "");
	err = utcp_ring_bind(fd, options, error);
	if (!err)
		err = utcp_ring_attach(fd, ring, error);
	if (err)
		close(fd);
	return err;
}

void utcp_ring_close(struct utcp_ring *ring)
{
	if (!ring)
		return;
	if (ring->cold->map)
		munmap(ring->cold->map, ring->cold->map_size);
	if (ring->cold->fd >= 0)
		close(ring->cold->fd);
	free(ring->rx.returned);
	free(ring->cold);
	free(ring);
}

int utcp_ring_fd(const struct utcp_ring *ring)
{
	return ring->cold->fd;
}

int utcp_ring_info(const struct utcp_ring *ring,
		   struct netswitch_ring_info *info)
{
	return ioctl(ring->cold->fd, NETSWITCH_RING_INFO, info) ? -errno : 0;
}

int utcp_ring_stats(const struct utcp_ring *ring,
		    struct netswitch_ring_stats *stats)
{
	return ioctl(ring->cold->fd, NETSWITCH_RING_STATS, stats) ? -errno : 0;
}

int utcp_ring_tx_notify(struct utcp_ring *ring)
{
	int taken = ioctl(ring->cold->fd, NETSWITCH_RING_KICK);

	if (taken < 0)
		return -errno;
	ring->tx.taken += (uint32_t)taken;
	return taken;
}

/* As the kernel has it. */
static int64_t nanoseconds(int timeout_ms)
{
	return timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000000;
}

static int wait_for_frames(const struct utcp_ring *ring, uint32_t flags,
			   int timeout_ms)
{
	const struct netswitch_ring_wait wait = {
		.seen = ring->rx.next,
		.flags = flags,
		.timeout = nanoseconds(timeout_ms),
		.busy_usecs = ring->cold->busy_usecs,
	};
	int n = ioctl(ring->cold->fd, NETSWITCH_RING_WAIT, &wait);

	return n < 0 ? -errno : n;
}

int utcp_ring_rx_wait(struct utcp_ring *ring, int timeout_ms)
{
	const struct utcp_ring_rx *rx = &ring->rx;

	if (!rx->slot)
		return -EOPNOTSUPP;
	if (rx->seen != rx->next ||
	    __atomic_load_n(rx->producer, __ATOMIC_RELAXED) != rx->next)
		return 1;
	return wait_for_frames(ring, 0, timeout_ms);
}

int utcp_ring_kick_wait(struct utcp_ring *ring, int timeout_ms)
{
	int n;

	if (!ring->rx.slot || !ring->tx.slot)
		return -EOPNOTSUPP;
	n = wait_for_frames(ring, NETSWITCH_RING_WAIT_KICK, timeout_ms);
	/* It waits only when all was taken. Of a call that did not, it is not known
	 * how many were; their slots tell when they are free.
	 */
	if (n >= 0)
		ring->tx.taken = ring->tx.committed;
	return n;
}

int utcp_ring_set_busy(struct utcp_ring *ring, uint32_t usecs)
{
	if (usecs > NETSWITCH_RING_BUSY_USECS_MAX)
		return -EINVAL;
	ring->cold->busy_usecs = usecs;
	return 0;
}

int utcp_ring_tx_wait(struct utcp_ring *ring, int timeout_ms)
{
	struct pollfd p = { .fd = ring->cold->fd, .events = POLLOUT };
	int n;

	if (!ring->tx.slot)
		return -EOPNOTSUPP;
	n = poll(&p, 1, timeout_ms);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	return p.revents & (POLLHUP | POLLERR) ? -ENODEV : 1;
}
