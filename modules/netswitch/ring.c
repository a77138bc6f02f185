// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings: /dev/netswitch. Opening, binding, the shared memory, poll(), and the end
 * of a ring.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/log2.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/rtnetlink.h>
#include <linux/sched/user.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "netswitch_nl_gen.h"
#include "port.h"
#include "ring.h"

/* The longest that coalescing may delay a frame. */
#define RING_WAKE_USECS_MAX 1000000

static struct proto ring_proto = {
	.name = "NETSWITCH",
	.owner = THIS_MODULE,
	.obj_size = sizeof(struct netswitch_ring),
};

/* --- memory ---------------------------------------------------------------- */

/* Where the parts of the memory lie; no more than 8.1 GiB. */
static void ring_layout(const struct netswitch_ring_bind *bind,
			struct netswitch_ring_info *info)
{
	u64 ctl = ALIGN(sizeof(struct netswitch_ring_ctl), SMP_CACHE_BYTES);
	u64 end = PAGE_SIZE; /* room for both controls */

	info->rx_ctl = 0;
	info->tx_ctl = ctl;
	info->rx_desc = end;
	end += (u64)bind->rx_slots * sizeof(struct netswitch_desc);
	info->tx_desc = end;
	end += (u64)bind->tx_slots * sizeof(struct netswitch_desc);
	info->rx_slot = PAGE_ALIGN(end);
	end = info->rx_slot + (u64)bind->rx_slots * bind->slot_size;
	info->tx_slot = PAGE_ALIGN(end);
	end = info->tx_slot + (u64)bind->tx_slots * bind->slot_size;
	info->map_size = PAGE_ALIGN(end);
	BUILD_BUG_ON(2 * sizeof(struct netswitch_ring_ctl) > PAGE_SIZE);
}

/* Counts the pages as locked memory of the user, as AF_XDP does. */
static int mem_charge(struct ring_mem *mem)
{
	unsigned long limit, old, new;

	if (capable(CAP_IPC_LOCK))
		return 0;
	limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	mem->user = get_uid(current_user());
	do {
		old = atomic_long_read(&mem->user->locked_vm);
		new = old + mem->n;
		if (new > limit) {
			free_uid(mem->user);
			mem->user = NULL;
			return -EDQUOT;
		}
	} while (atomic_long_cmpxchg(&mem->user->locked_vm, old, new) != old);
	return 0;
}

static void mem_free(struct ring_mem *mem)
{
	unsigned long i;

	if (mem->addr)
		vunmap(mem->addr);
	for (i = 0; mem->pages && i < mem->n && mem->pages[i]; i++)
		__free_page(mem->pages[i]);
	kvfree(mem->pages);
	if (mem->user) {
		atomic_long_sub(mem->n, &mem->user->locked_vm);
		free_uid(mem->user);
	}
	*mem = (struct ring_mem){};
}

static int mem_alloc(struct ring_mem *mem, u64 size,
		     struct netswitch_ring_bind *bind)
{
	unsigned long i;
	int ret;

	mem->n = size >> PAGE_SHIFT;
	ret = mem_charge(mem);
	if (ret)
		return ring_refuse(
			bind, ret,
			"%llu KiB are more than RLIMIT_MEMLOCK leaves",
			size >> 10);
	mem->pages = kvcalloc(mem->n, sizeof(*mem->pages), GFP_KERNEL_ACCOUNT);
	if (!mem->pages)
		goto nomem;
	for (i = 0; i < mem->n; i++) {
		mem->pages[i] = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO |
					   __GFP_NOWARN);
		if (!mem->pages[i])
			goto nomem;
		if (fatal_signal_pending(current))
			goto nomem;
		cond_resched();
	}
	mem->addr = vmap(mem->pages, mem->n, VM_MAP, PAGE_KERNEL);
	if (!mem->addr)
		goto nomem;
	return 0;

nomem:
	mem_free(mem);
	return ring_refuse(bind, -ENOMEM, "no memory for %llu KiB", size >> 10);
}

/* --- binding --------------------------------------------------------------- */

static bool slots_ok(u32 slots)
{
	return !slots ||
	       (slots >= NETSWITCH_RING_SLOTS_MIN &&
		slots <= NETSWITCH_RING_SLOTS_MAX && is_power_of_2(slots));
}

static int bind_check_mac(struct netswitch_ring_bind *bind)
{
	if (bind->fanout != NETSWITCH_RING_FANOUT_MAC) {
		if (!is_zero_ether_addr(bind->mac))
			return ring_refuse(bind, -EINVAL,
					   "mac %pM without fan-out by mac",
					   bind->mac);
		return 0;
	}
	if (is_multicast_ether_addr(bind->mac))
		return ring_refuse(bind, -EINVAL, "mac %pM is that of a group",
				   bind->mac);
	if (bind->flags & NETSWITCH_RING_PROMISC)
		return ring_refuse(
			bind, -EINVAL,
			"flags: PROMISC and fan-out by mac exclude each other");
	return 0;
}

/* Are the numbers within their ranges? */
static int bind_check(struct netswitch_ring_bind *bind)
{
	if (!bind->ifindex || bind->ifindex > INT_MAX)
		return ring_refuse(bind, -EINVAL, "ifindex %u is none",
				   bind->ifindex);
	if (bind->ethertype < ETH_P_802_3_MIN || bind->ethertype > U16_MAX)
		return ring_refuse(bind, -EINVAL,
				   "ethertype 0x%04x is not in 0x0600..0xffff",
				   bind->ethertype);
	if (bind->vid >= VLAN_N_VID - 1)
		return ring_refuse(bind, -EINVAL, "vid %u is not in 0..4094",
				   bind->vid);
	if (bind->flags & ~NETSWITCH_RING_FLAGS_ALL)
		return ring_refuse(bind, -EINVAL, "flags 0x%x are unknown",
				   bind->flags & ~NETSWITCH_RING_FLAGS_ALL);
	if (!slots_ok(bind->rx_slots))
		return ring_refuse(bind, -EINVAL,
				   "rx_slots %u is no power of two in 2..65536",
				   bind->rx_slots);
	if (!slots_ok(bind->tx_slots))
		return ring_refuse(bind, -EINVAL,
				   "tx_slots %u is no power of two in 2..65536",
				   bind->tx_slots);
	if (!bind->rx_slots && !bind->tx_slots)
		return ring_refuse(bind, -EINVAL,
				   "rx_slots and tx_slots are both 0");
	if (bind->slot_size < NETSWITCH_RING_SLOT_SIZE_MIN ||
	    bind->slot_size > NETSWITCH_RING_SLOT_SIZE_MAX ||
	    bind->slot_size % 64)
		return ring_refuse(
			bind, -EINVAL,
			"slot_size %u is no multiple of 64 in %u..%u",
			bind->slot_size, NETSWITCH_RING_SLOT_SIZE_MIN,
			NETSWITCH_RING_SLOT_SIZE_MAX);
	if (bind->rx_wake_frames > 1 &&
	    (!bind->rx_wake_usecs || bind->rx_wake_usecs > RING_WAKE_USECS_MAX))
		return ring_refuse(bind, -EINVAL,
				   "rx_wake_usecs %u is not in 1..%u",
				   bind->rx_wake_usecs, RING_WAKE_USECS_MAX);
	if (bind->rx_slots && bind->rx_wake_frames > bind->rx_slots)
		return ring_refuse(bind, -EINVAL,
				   "rx_wake_frames %u are more than rx_slots",
				   bind->rx_wake_frames);
	if (bind->flags & NETSWITCH_RING_ZEROCOPY && !bind->tx_slots)
		return ring_refuse(bind, -EINVAL, "ZEROCOPY without tx_slots");
	if (bind->fanout > NETSWITCH_RING_FANOUT_MAC)
		return ring_refuse(bind, -EINVAL, "fanout %u is unknown",
				   bind->fanout);
	/* Its share would be nobody's. By address it has none but its own. */
	if (bind->fanout && bind->fanout != NETSWITCH_RING_FANOUT_MAC &&
	    !bind->rx_slots)
		return ring_refuse(bind, -EINVAL, "fanout without rx_slots");
	if (memchr_inv(bind->reserved, 0, sizeof(bind->reserved)) ||
	    memchr_inv(bind->pad, 0, sizeof(bind->pad)))
		return ring_refuse(bind, -EINVAL, "reserved is not 0");
	return bind_check_mac(bind);
}

static u32 limit_of(struct netswitch_net *this, int attr)
{
	return READ_ONCE(this->limits.val[attr - 1]);
}

/* Takes a ring and its memory out of the namespace's limits. */
static int ring_reserve(struct netswitch_net *this, u32 kib,
			struct netswitch_ring_bind *bind)
{
	int ret = 0;

	rtnl_lock();
	if (this->n_rings >= limit_of(this, NETSWITCH_A_LIMITS_RINGS)) {
		ret = ring_refuse(
			bind, -ENOSPC,
			"the namespace has as many rings as its limit");
	} else if ((u64)this->ring_kib + kib >
		   limit_of(this, NETSWITCH_A_LIMITS_RING_MEMORY)) {
		ret = ring_refuse(
			bind, -ENOSPC,
			"%u KiB are more than limit ring-memory leaves", kib);
	} else {
		this->n_rings++;
		this->ring_kib += kib;
	}
	rtnl_unlock();
	return ret;
}

/* Under rtnl. */
static void ring_unreserve(struct netswitch_net *this, u32 kib)
{
	this->n_rings--;
	this->ring_kib -= kib;
}

/* Makes of a bound-to-be ring what the request asks for. */
static void ring_set(struct netswitch_ring *ring,
		     const struct netswitch_ring_bind *bind,
		     const struct netswitch_ring_info *info)
{
	struct ring_rx *rx = &ring->rx;
	struct ring_tx *tx = &ring->tx;
	u8 *addr = ring->mem.addr;

	ring->ifindex = bind->ifindex;
	ring->ethertype = bind->ethertype;
	ring->vid = bind->vid;
	ring->flags = bind->flags;
	ring->fanout = bind->fanout;
	ether_addr_copy(ring->mac, bind->mac);
	ring->slot_size = bind->slot_size;
	ring->uid = current_euid();

	rx->ctl = (void *)(addr + info->rx_ctl);
	rx->desc = (void *)(addr + info->rx_desc);
	rx->slot = addr + info->rx_slot;
	rx->slots = bind->rx_slots;
	rx->room = bind->slot_size - NET_IP_ALIGN;
	rx->wake_frames = max(bind->rx_wake_frames, 1u);
	rx->wake_after = ns_to_ktime((u64)bind->rx_wake_usecs * NSEC_PER_USEC);

	tx->ctl = (void *)(addr + info->tx_ctl);
	tx->desc = (void *)(addr + info->tx_desc);
	tx->slot = addr + info->tx_slot;
	tx->slots = bind->tx_slots;
	tx->ctl->wake = !!tx->slots;
}

/* Under ring->lock; what it refuses leaves the ring as it was. */
static int ring_bind(struct netswitch_ring *ring,
		     struct netswitch_ring_bind *bind)
{
	struct net *net = sock_net(&ring->sk);
	struct netswitch_net *this = netswitch_net(net);
	struct netswitch_ring_info info = {};
	u32 kib;
	int ret;

	bind->holder = 0;
	memset(bind->message, 0, sizeof(bind->message));
	rtnl_lock();
	ret = ring_permit(net, bind);
	rtnl_unlock();
	ret = ret ?: bind_check(bind);
	if (ret)
		return ret;
	if (ring->bound)
		return ring_refuse(bind, -EBUSY,
				   "the descriptor is bound already");
	ring_layout(bind, &info);
	kib = info.map_size >> 10;
	ret = ring_reserve(this, kib, bind);
	if (ret)
		return ret;
	ret = mem_alloc(&ring->mem, info.map_size, bind);
	if (ret)
		goto unreserve;
	ring_set(ring, bind, &info);
	if (ring->flags & NETSWITCH_RING_ZEROCOPY) {
		ret = ring_zc_new(ring);
		if (ret) {
			ring_refuse(bind, ret, "no memory for %u slots",
				    bind->tx_slots);
			goto free_mem;
		}
	}
	ring->pid = get_pid(task_tgid(current));
	if (ring->flags & NETSWITCH_RING_TIMESTAMP)
		net_enable_timestamp();

	rtnl_lock();
	/* Once more, since a grant may be gone, or the port another one. */
	ret = ring_permit(net, bind) ?: ring_group_join(ring, bind);
	if (ret) {
		rtnl_unlock();
		goto free;
	}
	list_add_tail(&ring->node, &this->rings);
	this->port_seq++;
	/* Pairs with ring_bound() */
	smp_store_release(&ring->bound, true);
	wake_up_interruptible_poll(&ring->wait, EPOLLOUT | EPOLLWRNORM);
	netswitch_nl_ring_notify(ring, NETSWITCH_CMD_RING_ADD_NTF);
	rtnl_unlock();
	return 0;

free:
	if (ring->flags & NETSWITCH_RING_TIMESTAMP)
		net_disable_timestamp();
	put_pid(ring->pid);
	ring->pid = NULL;
	ring_zc_end(ring);
free_mem:
	mem_free(&ring->mem);
unreserve:
	rtnl_lock();
	ring_unreserve(this, kib);
	rtnl_unlock();
	return ret;
}

static bool ring_bound(const struct netswitch_ring *ring)
{
	/* Pairs with the release at the end of ring_bind(). */
	return smp_load_acquire(&ring->bound);
}

/* --- the file -------------------------------------------------------------- */

static int ring_open(struct inode *inode, struct file *file)
{
	struct net *net = current->nsproxy->net_ns;
	struct netswitch_ring *ring;

	ring = (void *)sk_alloc(net, AF_UNSPEC, GFP_KERNEL, &ring_proto, 0);
	if (!ring)
		return -ENOMEM;
	sock_init_data(NULL, &ring->sk);
	ring->sk.sk_write_space = ring_tx_space;
	mutex_init(&ring->lock);
	mutex_init(&ring->tx.lock);
	init_waitqueue_head(&ring->wait);
	INIT_LIST_HEAD(&ring->node);
	ring_rx_init(&ring->rx);
	file->private_data = ring;
	return nonseekable_open(inode, file);
}

static int ring_release(struct inode *inode, struct file *file)
{
	struct netswitch_ring *ring = file->private_data;
	struct netswitch_net *this = netswitch_net(sock_net(&ring->sk));

	if (!ring->bound)
		goto put;
	rtnl_lock();
	ring_group_leave(ring);
	if (!ring->dead)
		netswitch_nl_ring_notify(ring, NETSWITCH_CMD_RING_DEL_NTF);
	list_del_init(&ring->node);
	this->port_seq++;
	ring_unreserve(this, ring->mem.n << (PAGE_SHIFT - 10));
	rtnl_unlock();
	/* No frame comes that could start them again. */
	hrtimer_cancel(&ring->rx.timer);
	cancel_delayed_work_sync(&ring->rx.overflow_work);
	if (ring->flags & NETSWITCH_RING_TIMESTAMP)
		net_disable_timestamp();
	put_pid(ring->pid);
	ring_zc_end(ring);
	mem_free(&ring->mem);
put:
	sock_put(&ring->sk);
	return 0;
}

static int ring_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct netswitch_ring *ring = file->private_data;

	if (!ring_bound(ring))
		return -ENOTCONN;
	if (!(vma->vm_flags & VM_SHARED) || vma->vm_pgoff ||
	    vma_pages(vma) != ring->mem.n)
		return -EINVAL;
	return vm_map_pages(vma, ring->mem.pages, ring->mem.n);
}

static __poll_t ring_poll(struct file *file, struct poll_table_struct *wait)
{
	struct netswitch_ring *ring = file->private_data;
	struct ring_rx *rx = &ring->rx;
	__poll_t mask = 0;

	/* First, for who polls before it binds: ring_bind() wakes it up. */
	poll_wait(file, &ring->wait, wait);
	if (!ring_bound(ring))
		return EPOLLERR;
	/* We are in the queue; pairs with the one in ring_wake(). */
	smp_mb();
	if (READ_ONCE(ring->dead))
		mask |= EPOLLERR | EPOLLHUP;
	if (rx->slots && !ring_armed_empty(rx, READ_ONCE(rx->ctl->consumer)))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (ring->tx.slots && !READ_ONCE(ring->dead) && ring_tx_writable(ring))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

static void ring_info(struct netswitch_ring *ring,
		      struct netswitch_ring_info *info)
{
	const struct netswitch_ring_bind bind = {
		.rx_slots = ring->rx.slots,
		.tx_slots = ring->tx.slots,
		.slot_size = ring->slot_size,
	};

	ring_layout(&bind, info);
	info->rx_slots = ring->rx.slots;
	info->tx_slots = ring->tx.slots;
	info->slot_size = ring->slot_size;
	info->rx_mode = ring->rx.slots ? NETSWITCH_RING_MODE_COPY :
					 NETSWITCH_RING_MODE_NONE;
	info->tx_mode = ring_tx_mode(ring);
	info->ifindex = ring->ifindex;
	info->ethertype = ring->ethertype;
	info->vid = ring->vid;
	info->flags = ring->flags;
	info->fanout = ring->fanout;
	info->dead = READ_ONCE(ring->dead);
	mutex_lock(&ring->tx.lock);
	if (ring->tx.dev)
		ether_addr_copy(info->mac, ring_mac(ring, ring->tx.dev));
	mutex_unlock(&ring->tx.lock);
}

/* Reads the counters: those of a direction belong together. May sleep. */
void netswitch_ring_read(struct netswitch_ring *ring,
			 struct netswitch_ring_stats *stats)
{
	struct ring_rx *rx = &ring->rx;
	struct ring_tx *tx = &ring->tx;

	spin_lock_bh(&rx->lock);
	stats->rx_frames = rx->frames;
	stats->rx_delivered = rx->delivered;
	stats->rx_bytes = rx->bytes;
	stats->rx_drop_full = rx->drop_full;
	stats->rx_drop_length = rx->drop_length;
	stats->rx_drop_nomem = rx->drop_nomem;
	stats->rx_drop_index = rx->drop_index;
	stats->rx_max_used = rx->max_used;
	stats->rx_wakeups = rx->wakeups;
	spin_unlock_bh(&rx->lock);

	mutex_lock(&tx->lock);
	stats->tx_frames = tx->taken;
	stats->tx_sent = tx->sent;
	stats->tx_bytes = tx->bytes;
	stats->tx_drop_length = tx->drop[RING_TX_LENGTH];
	stats->tx_drop_type = tx->drop[RING_TX_TYPE];
	stats->tx_drop_source = tx->drop[RING_TX_SOURCE];
	stats->tx_drop_meta = tx->drop[RING_TX_META];
	stats->tx_drop_nomem = tx->drop[RING_TX_NOMEM];
	stats->tx_drop_down = tx->drop[RING_TX_DOWN];
	stats->tx_drop_refused = tx->drop[RING_TX_REFUSED];
	stats->tx_max_used = tx->max_used;
	stats->tx_bad_index = tx->bad_index;
	if (tx->zc) {
		stats->tx_zerocopy = tx->zc->frames;
		stats->tx_copied = ring_zc_copied(tx->zc);
		stats->tx_held = ring_zc_held(tx->zc);
	}
	mutex_unlock(&tx->lock);
}

/* How many frames the process has not given back; none can tell if its index is
 * none.
 */
u32 netswitch_ring_unread(const struct netswitch_ring *ring)
{
	u32 used = READ_ONCE(ring->rx.prod) - READ_ONCE(ring->rx.ctl->consumer);

	return used > ring->rx.slots ? 0 : used;
}

static long ioctl_bind(struct netswitch_ring *ring, void __user *arg)
{
	struct netswitch_ring_bind bind;
	long ret;

	if (copy_from_user(&bind, arg, sizeof(bind)))
		return -EFAULT;
	ret = mutex_lock_interruptible(&ring->lock);
	if (ret)
		return ret;
	ret = ring_bind(ring, &bind);
	mutex_unlock(&ring->lock);
	/* It was written a moment ago to, or read from: what it says is not lost
	 * but for who takes the page away meanwhile.
	 */
	if (copy_to_user(arg, &bind, sizeof(bind)) && !ret)
		return -EFAULT;
	return ret;
}

static long ioctl_info(struct netswitch_ring *ring, void __user *arg)
{
	struct netswitch_ring_info info = {};

	ring_info(ring, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long ioctl_stats(struct netswitch_ring *ring, void __user *arg)
{
	struct netswitch_ring_stats stats = {};

	netswitch_ring_read(ring, &stats);
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static long ring_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct netswitch_ring *ring = file->private_data;
	void __user *to = (void __user *)arg;

	switch (cmd) {
	case NETSWITCH_RING_BIND:
		return ioctl_bind(ring, to);
	case NETSWITCH_RING_INFO:
		return ring_bound(ring) ? ioctl_info(ring, to) : -ENOTCONN;
	case NETSWITCH_RING_STATS:
		return ring_bound(ring) ? ioctl_stats(ring, to) : -ENOTCONN;
	case NETSWITCH_RING_KICK:
		return ring_bound(ring) ? ring_tx_kick(ring) : -ENOTCONN;
	case NETSWITCH_RING_WAIT:
		return ring_bound(ring) ? ring_wait(ring, to) : -ENOTCONN;
	default:
		return -ENOTTY;
	}
}

static const struct file_operations ring_fops = {
	.owner = THIS_MODULE,
	.open = ring_open,
	.release = ring_release,
	.mmap = ring_mmap,
	.poll = ring_poll,
	.unlocked_ioctl = ring_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice ring_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "netswitch",
	.fops = &ring_fops,
	.mode = 0600,
};

int netswitch_ring_init(void)
{
	return misc_register(&ring_device);
}

/* No ring is left: each holds the module. What freed the last one may still be at
 * its last instruction, see zc_free().
 */
void netswitch_ring_exit(void)
{
	misc_deregister(&ring_device);
	rcu_barrier();
}
