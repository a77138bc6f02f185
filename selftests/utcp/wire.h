/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The middle of a wire: three hosts, network namespaces t-a, t-b and t-c, of each of
 * which one device ends here (to-a, to-b, to-c). What frames get from one to the other, this
 * program passes on, or does not.
 */
#ifndef SELFTESTS_WIRE_H
#define SELFTESTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/if_ether.h>
#include <linux/utcp.h>
#include <linux/utcp_socket.h>

#define FRAME_MAX 2048
/* Where the frame of UTCP begins, behind the header of Ethernet. */
#define AT ETH_HLEN

enum { A, B, C, HOSTS };

/* Types of frames. */
enum {
	WHO_HAS = 1,
	I_HAVE = 2,
	INITIATION = 3,
	RESPONSE = 4,
	COOKIE = 5,
	DATA = 0x10,
};

/**
 * struct frame - a frame
 * @from: which host it came from
 * @len: bytes of it, the header of Ethernet included
 * @bytes: they
 */
struct frame {
	int from;
	size_t len;
	uint8_t bytes[FRAME_MAX];
};

/**
 * struct host - what is known of a host
 * @mac: address of its device
 * @id: CellID of its default cell
 * @public: the public key of that
 */
struct host {
	uint8_t mac[ETH_ALEN];
	uint8_t id[UTCP_CELL_ID_BYTES];
	uint8_t public[UTCP_CELL_KEY_BYTES];
};

/**
 * struct counts - what became of the frames that a host got
 * @frames: how many
 * @delivered: that were good for something
 * @sent: frames that it has sent
 * @drop: by reason
 */
struct counts {
	uint64_t frames;
	uint64_t delivered;
	uint64_t sent;
	uint64_t drop[UTCP_DROP_REASON_MAX + 1];
};

/**
 * struct peers - a host's peers
 * @n: how many
 * @sessions: how many of them have keys
 * @half: half-open associations of all
 * @handshakes: that were completed with all
 * @mac: where the last one is
 */
struct peers {
	unsigned int n;
	unsigned int sessions;
	unsigned int half;
	uint64_t handshakes;
	uint8_t mac[ETH_ALEN];
};

extern struct host hosts[HOSTS];
extern long slow; /* factor for all limits on waiting */

/* Sees each frame that comes here; true: it is passed on. NULL: all are. */
extern bool (*wire_hook)(struct frame *f);

void __attribute__((format(printf, 1, 2), noreturn))
die(const char *format, ...);
long must(const char *what, long ret);

void wire_open(void);
void wire_send(int to, const struct frame *f);
void wire_pass(const struct frame *f);
bool wire_until(bool (*done)(void), long ms);
void wire_still(void);
long now_ms(void);
bool readable(int fd, long ms);

static inline unsigned int type_of(const struct frame *f)
{
	return f->bytes[AT + 1];
}

/* Bytes from the version to the tag. */
static inline size_t len_of(const struct frame *f)
{
	return f->bytes[AT + 2] << 8 | f->bytes[AT + 3];
}

void counts_get(int host, struct counts *counts);
void peers_get(int host, struct peers *peers);
void probe(int host, const uint8_t *id, bool rekey);
void forget(int host, const uint8_t *id);

int socket_at(int host, int type, uint16_t port);
void connected_pair(int type, int from, int to, uint16_t port, int *here,
		    int *there);

#endif /* SELFTESTS_WIRE_H */
