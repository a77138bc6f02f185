// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failing allocations of rings and grants. See failnth.c.
 */
#include "failnth.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/netswitch_ring.h>

static unsigned int ifindex;
static bool by_mac;

static bool nothing_left(int err)
{
	(void)err; /* what there was is closed */
	return true;
}

static int use_ring(void)
{
	struct netswitch_ring_bind bind = {
		.ifindex = ifindex,
		.ethertype = 0x4c57,
		.rx_slots = 16,
		.tx_slots = 16,
		.slot_size = 256,
		.flags = NETSWITCH_RING_ZEROCOPY,
	};
	struct netswitch_ring_info info;
	int fd = open("/dev/netswitch", O_RDWR | O_CLOEXEC), err = 0;
	void *mem;

	if (fd < 0)
		return errno;
	if (by_mac) {
		bind.fanout = NETSWITCH_RING_FANOUT_MAC;
		bind.mac[0] = 2;
	}
	if (ioctl(fd, NETSWITCH_RING_BIND, &bind) ||
	    ioctl(fd, NETSWITCH_RING_INFO, &info)) {
		err = errno;
	} else {
		mem = mmap(NULL, info.map_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
		if (mem == MAP_FAILED)
			err = errno;
		else
			munmap(mem, info.map_size);
	}
	close(fd);
	return err;
}

int fail_ring(const char *device)
{
	static const struct attempt alone = { "a ring", NULL, use_ring,
					      nothing_left, false };
	static const struct attempt shared = { "a ring that shares", NULL,
					       use_ring, nothing_left, false };

	ifindex = if_nametoindex(device);
	if (fail_each(&alone))
		return 1;
	by_mac = true;
	return fail_each(&shared);
}

/* A request about the one grant, or for all there are. */
static int ask_grant(uint8_t cmd)
{
	char buf[NL_BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = client_begin(&client, buf, cmd);
	struct answer a;
	int ret;

	if (cmd == NETSWITCH_CMD_GRANT_GET) {
		nlh->nlmsg_flags |= NLM_F_DUMP;
	} else {
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_IFINDEX, ifindex);
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_ETHERTYPE, 0x4c57);
		mnl_attr_put_u32(nlh, NETSWITCH_A_GRANT_UID, 1);
	}
	ret = client_ask(&client, nlh, &a);
	return ret ? ret : a.err;
}

static int use_grant(void)
{
	int err = ask_grant(NETSWITCH_CMD_GRANT_ADD);

	if (!err)
		err = ask_grant(NETSWITCH_CMD_GRANT_GET);
	if (!err)
		err = ask_grant(NETSWITCH_CMD_GRANT_DEL);
	return err;
}

/* A reply that could not be sent leaves the change done. */
static bool undo_grant(int failed)
{
	int err = ask_grant(NETSWITCH_CMD_GRANT_DEL);

	(void)failed;
	return !err || err == ENOENT;
}

int fail_grant(const char *device)
{
	static const struct attempt a = { "a grant", NETSWITCH_FAMILY_NAME,
					  use_grant, undo_grant, false };

	ifindex = if_nametoindex(device);
	return fail_each(&a);
}
