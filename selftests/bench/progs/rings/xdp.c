// SPDX-License-Identifier: GPL-2.0-only
/*
 * rings: AF_XDP in copy mode, with the kernel's interface alone.
 */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rings.h"

#ifndef AF_XDP
#define AF_XDP 44
#endif
#ifndef SOL_XDP
#define SOL_XDP 283
#endif

/* Twice the slots: one half to receive into, one to send from. */
#define UMEM_SIZE ((size_t)2 * SLOTS * SLOT_SIZE)

/* @map: the whole of it, to the end of the process. @next: our own index */
struct xdp_queue {
	void *map;
	uint32_t *producer;
	uint32_t *consumer;
	void *desc;
	uint32_t next;
};

struct xdp {
	int fd;
	size_t size;
	unsigned char *umem;
	struct xdp_queue rx, fill, tx, done;
};

static long bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* All frames of the device go to the socket. */
static void attach(const struct end *end, int socket, uint32_t flags)
{
	union bpf_attr create = { .map_type = BPF_MAP_TYPE_XSKMAP,
				  .key_size = sizeof(int),
				  .value_size = sizeof(int),
				  .max_entries = 1 };
	union bpf_attr update = { 0 }, load = { 0 }, link = { 0 };
	static const char license[] = "GPL";
	char log[4096] = "";
	int key = 0, prog;
	int map = (int)bpf(BPF_MAP_CREATE, &create);
	/* return bpf_redirect_map(map, ctx->rx_queue_index, XDP_PASS) */
	struct bpf_insn insns[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_W,
		  .dst_reg = BPF_REG_2,
		  .src_reg = BPF_REG_1,
		  .off = offsetof(struct xdp_md, rx_queue_index) },
		{ .code = BPF_LD | BPF_DW, /* and BPF_IMM, which is 0 */
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K,
		  .dst_reg = BPF_REG_3,
		  .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	if (map < 0)
		error(1, errno, "BPF_MAP_CREATE of a map of sockets");
	update.map_fd = (uint32_t)map;
	update.key = (uintptr_t)&key;
	update.value = (uintptr_t)&socket;
	if (bpf(BPF_MAP_UPDATE_ELEM, &update))
		error(1, errno, "BPF_MAP_UPDATE_ELEM");
	load.prog_type = BPF_PROG_TYPE_XDP;
	load.insns = (uintptr_t)insns;
	load.insn_cnt = sizeof(insns) / sizeof(insns[0]);
	load.license = (uintptr_t)license;
	load.log_buf = (uintptr_t)log;
	load.log_size = sizeof(log);
	load.log_level = 1;
	prog = (int)bpf(BPF_PROG_LOAD, &load);
	if (prog < 0)
		error(1, errno, "BPF_PROG_LOAD: %s", log);
	link.link_create.prog_fd = (uint32_t)prog;
	link.link_create.target_ifindex = end->index;
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = flags;
	/* Lasts as long as this process. */
	if (bpf(BPF_LINK_CREATE, &link) < 0)
		error(1, errno, "BPF_LINK_CREATE on %s", end->device);
}

static void map_queue(const struct xdp *x, struct xdp_queue *queue, int option,
		      off_t page, const struct xdp_ring_offset *offset,
		      size_t desc_size)
{
	unsigned char *map;
	int slots = SLOTS;

	if (setsockopt(x->fd, SOL_XDP, option, &slots, sizeof(slots)))
		error(1, errno, "setsockopt of an AF_XDP ring");
	map = mmap(NULL, offset->desc + SLOTS * desc_size,
		   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, x->fd,
		   page);
	if (map == MAP_FAILED)
		error(1, errno, "mmap of an AF_XDP ring");
	queue->map = map;
	queue->producer = (uint32_t *)(map + offset->producer);
	queue->consumer = (uint32_t *)(map + offset->consumer);
	queue->desc = map + offset->desc;
}

static struct xdp *xdp_open(const struct end *end, bool rx, bool tx,
			    uint32_t flags)
{
	struct sockaddr_xdp address = { .sxdp_family = AF_XDP,
					.sxdp_flags = XDP_COPY,
					.sxdp_ifindex = end->index };
	struct xdp_umem_reg umem = { .len = UMEM_SIZE,
				     .chunk_size = SLOT_SIZE };
	struct xdp_mmap_offsets offset;
	struct xdp *x = allocate(sizeof(*x));
	socklen_t length = sizeof(offset);
	uint32_t i;

	x->size = end->size;
	x->fd = socket(AF_XDP, SOCK_RAW, 0);
	if (x->fd < 0)
		error(1, errno, "socket AF_XDP");
	x->umem = mmap(NULL, UMEM_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (x->umem == MAP_FAILED)
		error(1, errno, "mmap");
	umem.addr = (uintptr_t)x->umem;
	if (setsockopt(x->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		error(1, errno, "XDP_UMEM_REG");
	if (getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &offset, &length))
		error(1, errno, "XDP_MMAP_OFFSETS");
	map_queue(x, &x->fill, XDP_UMEM_FILL_RING, XDP_UMEM_PGOFF_FILL_RING,
		  &offset.fr, sizeof(uint64_t));
	map_queue(x, &x->done, XDP_UMEM_COMPLETION_RING,
		  XDP_UMEM_PGOFF_COMPLETION_RING, &offset.cr, sizeof(uint64_t));
	if (rx)
		map_queue(x, &x->rx, XDP_RX_RING, XDP_PGOFF_RX_RING, &offset.rx,
			  sizeof(struct xdp_desc));
	if (tx)
		map_queue(x, &x->tx, XDP_TX_RING, XDP_PGOFF_TX_RING, &offset.tx,
			  sizeof(struct xdp_desc));
	for (i = 0; i < SLOTS; i++) {
		((uint64_t *)x->fill.desc)[i] = (uint64_t)i * SLOT_SIZE;
		memcpy(x->umem + (size_t)(SLOTS + i) * SLOT_SIZE, end->frame,
		       end->size);
	}
	x->fill.next = SLOTS;
	__atomic_store_n(x->fill.producer, x->fill.next, __ATOMIC_RELEASE);
	if (bind(x->fd, (struct sockaddr *)&address, sizeof(address)))
		error(1, errno, "bind AF_XDP to %s", end->device);
	if (rx)
		attach(end, x->fd, flags);
	return x;
}

static void *generic_open(const struct end *end, bool rx, bool tx)
{
	return xdp_open(end, rx, tx, XDP_FLAGS_SKB_MODE);
}

static void *native_open(const struct end *end, bool rx, bool tx)
{
	return xdp_open(end, rx, tx, XDP_FLAGS_DRV_MODE);
}

static unsigned int xdp_read(void *state, unsigned int max, bool block)
{
	const struct xdp_desc *desc;
	uint64_t *fill;
	struct xdp *x = state;
	uint32_t n, i;

	for (;;) {
		n = __atomic_load_n(x->rx.producer, __ATOMIC_ACQUIRE) -
		    x->rx.next;
		if (n || !block)
			break;
		wait_for(x->fd, POLLIN);
	}
	if (n > max)
		n = max;
	desc = x->rx.desc;
	fill = x->fill.desc;
	for (i = 0; i < n; i++) {
		const struct xdp_desc *d = &desc[(x->rx.next + i) % SLOTS];

		look_at(x->umem + d->addr, d->len, x->size);
		/* Its place is free again, from the chunk's beginning on. */
		fill[(x->fill.next + i) % SLOTS] = d->addr &
						   ~(uint64_t)(SLOT_SIZE - 1);
	}
	x->rx.next += n;
	x->fill.next += n;
	__atomic_store_n(x->rx.consumer, x->rx.next, __ATOMIC_RELEASE);
	__atomic_store_n(x->fill.producer, x->fill.next, __ATOMIC_RELEASE);
	return n;
}

static void xdp_send(void *state, unsigned int n)
{
	struct xdp *x = state;
	struct xdp_desc *desc = x->tx.desc;
	unsigned int i;

	for (i = 0; i < n; i++) {
		uint32_t at = (x->tx.next + i) % SLOTS;

		desc[at].addr = (uint64_t)(SLOTS + at) * SLOT_SIZE;
		desc[at].len = (uint32_t)x->size;
		desc[at].options = 0;
	}
	x->tx.next += n;
	__atomic_store_n(x->tx.producer, x->tx.next, __ATOMIC_RELEASE);
	/* One call takes half a batch. */
	while (__atomic_load_n(x->tx.consumer, __ATOMIC_ACQUIRE) != x->tx.next)
		if (sendto(x->fd, "", 0, MSG_DONTWAIT, NULL, 0) < 0 &&
		    errno != EAGAIN)
			error(1, errno, "sendto of AF_XDP");
	/* Those before are complete, but maybe the last. */
	x->done.next = __atomic_load_n(x->done.producer, __ATOMIC_ACQUIRE);
	__atomic_store_n(x->done.consumer, x->done.next, __ATOMIC_RELEASE);
}

const struct method method_xdp_generic = { .name = "xdp-generic",
					   .open = generic_open,
					   .read = xdp_read,
					   .send = xdp_send };
const struct method method_xdp_native = { .name = "xdp-native",
					  .open = native_open,
					  .read = xdp_read,
					  .send = xdp_send };
