/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink test programs share: the families with what a user may rely
 * on, and requests to them without any help of libutcp, so that a mistake there
 * cannot hide one here.
 */
#ifndef SELFTESTS_NL_H
#define SELFTESTS_NL_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

/* The four families share these numbers; the others' headers are held to
 * them in nl.c.
 */
#include <linux/netswitch.h>

#ifndef NL_VERSION_STRING
#error NL_VERSION_STRING is missing: VERSION of the tree, given by the Makefile
#endif
#define NL_ABI 1
#define NL_LIMITS_MAX 8
#define NL_BUFFER 8192

/**
 * struct limit - one limit of a family
 * @name: as in the spec
 * @def: value in a new namespace
 * @max: greatest value that can be set
 */
struct limit {
	const char *name;
	uint32_t def;
	uint32_t max;
};

/**
 * struct family - what is known of a family before asking it
 * @name: of the family
 * @n: how many limits it has; limit i has attribute number i + 1
 * @limit: they
 */
struct family {
	const char *name;
	unsigned int n;
	struct limit limit[NL_LIMITS_MAX];
};

/**
 * struct client - a socket that talks to one family
 * @nl: the socket
 * @family: that family
 * @id: its message type
 * @group: its multicast group "events"
 * @seq: sequence number of the last request
 * @writes: sends without an address, as one who does not know that this is
 *	netlink; the kernel then also asks who opened the socket
 */
struct client {
	struct mnl_socket *nl;
	const struct family *family;
	uint16_t id;
	uint32_t group;
	uint32_t seq;
	bool writes;
};

/**
 * struct info - the attributes of a reply or event
 * @val: the limits
 */
struct info {
	uint32_t val[NL_LIMITS_MAX];
};

/**
 * struct answer - all that came back for one request
 * @err: of the acknowledgment: 0 or a positive errno
 * @msg: the message of the extended acknowledgment, or empty
 * @offs: offset of the attribute it blames, or -1
 * @miss: type of the attribute it misses, or -1
 * @miss_nest: offset of the nest it is missed in, or -1
 * @replies: how many data messages came
 * @odd: the first thing that was wrong with a data message, or NULL
 * @info: contents of the last one
 */
struct answer {
	int err;
	char msg[256];
	long offs;
	long miss;
	long miss_nest;
	unsigned int replies;
	const char *odd;
	struct info info;
};

const struct family *family_find(const char *name);

int client_open(struct client *c, const struct family *family);
void client_close(struct client *c);
struct nlmsghdr *client_begin(struct client *c, void *buf, uint8_t cmd);
int client_send(struct client *c, const struct nlmsghdr *nlh);
int client_answer(struct client *c, struct answer *a);
int client_ask(struct client *c, const struct nlmsghdr *nlh, struct answer *a);
int client_get(struct client *c, struct info *info);
int client_set(struct client *c, unsigned int mask, const struct info *info,
	       struct answer *a);
int client_join(struct client *c);
int client_event(struct client *c, int timeout_ms, struct info *info,
		 const char **odd);

const char *info_parse(const struct nlmsghdr *nlh, const struct family *family,
		       uint8_t cmd, struct info *info);

#endif /* SELFTESTS_NL_H */
