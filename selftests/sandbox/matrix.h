/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ends of the isolation matrix, what is sent between them, and what has come.
 */
#ifndef SELFTESTS_SANDBOX_MATRIX_H
#define SELFTESTS_SANDBOX_MATRIX_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/if_ether.h>
#include <linux/utcp_socket.h>

enum kind {
	ARP, /* the request for an address, and its answer */
	ND,
	UDP4,
	TCP4,
	ICMP4,
	UDP6,
	TCP6,
	ICMP6,
	MULTI4,
	BROAD4,
	MULTI6,
	UTCP,
	LWF, /* EtherType 0x4c57 */
	OTHER, /* another one, for experiments */
	VLAN, /* IPv4 behind a tag */
	SERVICE4, /* of the other's 127.0.0.1, asked for at one's own */
	SERVICE6,
	LOCAL4, /* for 127.0.0.1, sent to the other's MAC address */
	LOCAL6,
	AS_MAC, /* from another's MAC address */
	AS_IP4, /* from another's address */
	AS_IP6,
	AS_VLAN, /* the same, behind a tag */
	AS_ARP, /* claims the gateway's address */
	AS_ND,
	AS_RA, /* a router's advertisement */
	KINDS
};

#define BIT(kind) (1U << (kind))

/* Of whom the kernel of the receiver itself makes something that a program sees; all
 * others are seen as frames.
 */
#define BY_PROGRAM                                                          \
	(BIT(UDP4) | BIT(TCP4) | BIT(ICMP4) | BIT(UDP6) | BIT(TCP6) |       \
	 BIT(ICMP6) | BIT(MULTI4) | BIT(BROAD4) | BIT(MULTI6) | BIT(UTCP) | \
	 BIT(SERVICE4) | BIT(SERVICE6) | BIT(LOCAL4) | BIT(LOCAL6))
#define GROUPS (BIT(MULTI4) | BIT(BROAD4) | BIT(MULTI6))

#define PORT_UDP 7000
#define PORT_LOCAL 7001 /* UDP, of the loopback's address alone */
#define PORT_TCP 7002
#define PORT_PUBLISHED 7003 /* the same, to which that of the host leads */
#define PORT_OF_HOST 8080
#define PORT_UTCP 7
#define PORT_SERVICE 6000 /* and the end's number: TCP, of the loopback alone */

struct link {
	char dev[IFNAMSIZ];
	unsigned int index;
	uint8_t mac[ETH_ALEN];
	struct in_addr ip4;
	struct in6_addr ip6;
	int packet; /* a socket that sees what comes, and sends */
};

/* What is asked and has to answer: a sandbox, the host, or somebody behind its uplink. */
struct end {
	char name[16];
	size_t mode_len; /* of its name without the number */
	int netns;
	uint8_t cell[UTCP_CELL_ID_BYTES];
	/* The host has two; without one there are addresses of the loopback. */
	unsigned int links;
	struct link link[2];
	/* To send from; the latter two hear answers, too. */
	int udp4, udp6, icmp4, icmp6;
};

/* Who asks whom: what is tried, must pass, has come to a program, or as a frame. */
struct row {
	unsigned int from, to;
	const char *name; /* of what is asked: the other's mode, or what it is */
	struct in_addr ip4;
	struct in6_addr ip6;
	uint16_t port;
	unsigned int tried, expected, seen, framed;
};

/* Frames carry it, and datagrams. @row is of groups the number of the sender instead. */
struct mark {
	char magic[6];
	uint8_t row, kind;
} __attribute__((packed));

#define MAGIC "matrix"
#define ENDS_MAX 16
#define ROWS_MAX 128

extern struct end ends[ENDS_MAX];
extern unsigned int end_count;
extern struct row rows[ROWS_MAX];
extern unsigned int row_count;

_Noreturn void die(const char *what);
void enter(const struct end *end);
/* Which link of the one leads to the other: they share it, or it is the way there. */
struct link *link_to(struct end *from, const struct end *to);
bool share_link(const struct end *a, const struct end *b);

/* Something with the mark has come to @end, to a program or as a frame. */
void has_come(unsigned int end, const struct mark *mark, bool framed);
/* Who asked has the answer of whom he asked. */
void answered(unsigned int row, enum kind kind);
/* He has one of another end, which he did not ask. */
void answered_by(unsigned int row, enum kind kind, unsigned int end);

/* matrix-frames.c: a frame of this kind, 0 if there is none */
size_t frame_make(uint8_t *bytes, const struct row *row, enum kind kind);
void frame_read(unsigned int end, const struct link *link, const uint8_t *frame,
		size_t len);
#define FRAME_MAX 160

/* matrix-ends.c */
void ends_listen(void);
void row_ask(unsigned int number);
/* Takes what comes for so long, in milliseconds; true: something has come. */
bool ends_hear(int ms);

#endif
