/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel for tests: it knows the generic netlink families that a test gives
 * it, answers info-get and limits-set, and otherwise says what the test wants.
 */
#ifndef LIBUTCP_FAKE_H
#define LIBUTCP_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include <utcp/utcp.h>

#include "../transport.h"

#define FAKE_PORTID 4711
#define FAKE_DATAGRAM_MAX 65536
#define FAKE_LIMITS_MAX 8

/**
 * struct fake_datagram - what a socket will read next
 * @next: the one after it
 * @error: recv() gives this negative errno instead
 * @len: its length
 * @data: its bytes
 */
struct fake_datagram {
	struct fake_datagram *next;
	int error;
	size_t len;
	unsigned char data[];
};

struct fake_kernel;

/**
 * struct fake_socket - a socket
 * @t: what the library sees
 * @kernel: the kernel
 * @first: what it will read
 * @next: the socket that was opened before it
 * @groups: groups that it joined
 * @n_groups: how many
 */
struct fake_socket {
	struct utcp_transport t;
	struct fake_kernel *kernel;
	struct fake_datagram *first;
	struct fake_socket *next;
	uint32_t groups[16];
	size_t n_groups;
};

/**
 * struct fake_kernel - the kernel
 * @opener: makes its sockets
 * @sockets: those that are open, the newest first
 * @loaded: families that are there, one bit each
 * @id: generic netlink id of the first family
 * @version: version that the modules tell
 * @abi: contract that the modules tell
 * @limits: limits of each family, in the order of the names
 * @open_error: opening a socket fails with this errno
 * @join_error: joining a group of a family fails with this errno
 * @requests: requests that came, but for those for the list of families
 * @lists: requests for the list of families, or for one of them
 * @interrupted: so many more lists of families are marked as interrupted
 * @answer: if not NULL, answers requests to families instead of the kernel
 */
struct fake_kernel {
	struct utcp_opener opener;
	struct fake_socket *sockets;
	unsigned int loaded;
	uint16_t id;
	const char *version;
	uint32_t abi;
	uint32_t limits[LIBUTCP_FAMILIES][FAKE_LIMITS_MAX];
	int open_error;
	int join_error;
	unsigned int requests;
	unsigned int lists;
	unsigned int interrupted;
	void (*answer)(struct fake_socket *s, const struct nlmsghdr *request);
};

/**
 * struct fake_msg - a message being made
 * @len: its length
 * @data: its bytes
 */
struct fake_msg {
	size_t len;
	unsigned char data[FAKE_DATAGRAM_MAX] __attribute__((aligned(8)));
};

/** fake_init() - a kernel with all families and limits of 100, 101, ... */
void fake_init(struct fake_kernel *k);

/** fake_handle() - an open handle on a kernel, which has to outlive it */
struct utcp_handle *fake_handle(struct fake_kernel *k);

/** fake_id() - generic netlink id of a family */
uint16_t fake_id(const struct fake_kernel *k, enum utcp_family family);

/** fake_begin() - begin a message behind what @m holds; returns its place */
size_t fake_begin(struct fake_msg *m, uint16_t type, uint16_t flags,
		  uint32_t seq);

/** fake_genl() - add a generic netlink header */
void fake_genl(struct fake_msg *m, uint8_t cmd);

/** fake_put() - add bytes, with padding */
void fake_put(struct fake_msg *m, const void *data, size_t len);

/** fake_attr() - add an attribute; returns its place */
size_t fake_attr(struct fake_msg *m, uint16_t type, const void *data,
		 size_t len);

/** fake_u32() - add an attribute with a number */
void fake_u32(struct fake_msg *m, uint16_t type, uint32_t value);

/** fake_nest_end() - the attribute at a place holds all that came behind it */
void fake_nest_end(struct fake_msg *m, size_t at);

/** fake_end() - the message at a place ends here */
void fake_end(struct fake_msg *m, size_t at);

/** fake_ack() - add the kernel's verdict on a request, without extack */
void fake_ack(struct fake_msg *m, const struct nlmsghdr *request, int error);

/** fake_error() - begin an error with extack; fake_end() has to follow */
size_t fake_error(struct fake_msg *m, const struct nlmsghdr *request,
		  int error);

/** fake_info() - add version, contract and limits of a family */
void fake_info(struct fake_msg *m, const struct fake_kernel *k,
	       enum utcp_family family);

/** fake_family() - add a message about a family from genetlink itself */
void fake_family(struct fake_msg *m, const struct fake_kernel *k,
		 enum utcp_family family, uint8_t cmd, uint16_t flags,
		 uint32_t seq);

/** fake_send() - let a socket read a datagram */
void fake_send(struct fake_socket *s, const void *data, size_t len);

/** fake_send_error() - let a socket's recv() fail once */
void fake_send_error(struct fake_socket *s, int error);

#endif
