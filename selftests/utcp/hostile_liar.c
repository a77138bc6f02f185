// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who answers for others, and who is of another realm. See hostile.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "forge.h"
#include "hostile.h"
#include "wire.h"

#define PORT 4711

/* --- a liar --------------------------------------------------------------------- */

/* Who-has of A get an answer that is none: of them, A takes nothing. */
static bool lie(const uint8_t *id, const uint8_t *public)
{
	struct frame f = { .len = 0 };
	struct look l;

	hold(A, WHO_HAS, 0);
	look(&l, A);
	count_anew();
	forge_i_have(&f, &held, id, public, own_mac);
	wire_send(A, &f);
	wire_until(NULL, 100);
	return all_dropped(&l, 1) &
	       equal("initiations", 0, came_type[INITIATION]);
}

static unsigned int to_liar[256];
static bool lies_last;

/* The liar hears what is for him, and answers each initiation. */
static bool hear(struct frame *f)
{
	struct frame lie = { .len = 0 };

	if (f->from == A && !memcmp(f->bytes, own_mac, ETH_ALEN)) {
		to_liar[type_of(f)]++;
		if (type_of(f) == INITIATION) {
			forge_response(&lie, f, hosts[A].public, own_mac);
			wire_send(A, &lie);
		}
		return false;
	}
	/* The right answer comes after his. */
	if (f->from == B && type_of(f) == I_HAVE && !lies_last) {
		lies_last = true;
		return false;
	}
	return true;
}

static unsigned int lies;

/* Five wrong responses before the right one, from where it comes. */
static bool outrun(struct frame *f)
{
	static struct frame initiation;
	struct frame lie = { .len = 0 };

	if (f->from == A && type_of(f) == INITIATION)
		initiation = *f;
	if (f->from == B && type_of(f) == RESPONSE && lies < 5) {
		for (; lies < 5; lies++) {
			forge_response(&lie, &initiation, hosts[A].public,
				       hosts[B].mac);
			wire_send(A, &lie);
		}
	}
	return true;
}

static bool at_b(int host)
{
	struct peers peers;

	peers_get(host, &peers);
	return peers.sessions == 1 &&
	       !memcmp(peers.mac, hosts[B].mac, ETH_ALEN);
}

/* A gets an answer with the right key, from the wrong address. */
static void answers_from_elsewhere(void)
{
	struct frame f = { .len = 0 };

	hold(A, WHO_HAS, 0);
	forge_i_have(&f, &held, hosts[B].id, hosts[B].public, own_mac);
	wire_hook = hear;
	wire_send(A, &f);
	result(wire_until(has_session_a, 20000) && at_b(A),
	       "a copied answer does not keep A from B");
	result(to_liar[INITIATION] > 0 && equal("data", 0, to_liar[DATA]),
	       "who copies it gets an initiation and no more");
}

void liar(void)
{
	uint8_t key[UTCP_CELL_KEY_BYTES];
	struct frame f = { .len = 0 };
	struct look l;
	bool ok;

	plan(8);
	draw_bytes(key, sizeof(key));
	key[31] &= 0x7f;
	probe(A, hosts[B].id, false);
	result(lie(hosts[B].id, key), "a key of his own for B's CellID");
	result(lie(hosts[B].id, hosts[C].public), "another cell's key");
	result(lie(hosts[C].id, hosts[B].public),
	       "an answer about another CellID");

	/* What B would answer, to a question that nobody has asked. */
	hold(A, WHO_HAS, 0);
	look(&l, A);
	held.bytes[AT + 4] ^= 1;
	forge_i_have(&f, &held, hosts[B].id, hosts[B].public, own_mac);
	wire_send(A, &f);
	wire_until(NULL, 50);
	result(all_dropped(&l, 1), "an answer without a question");
	answers_from_elsewhere();

	/* Somebody else's initiation does nothing for who is not meant. */
	wire_still();
	forget(A, hosts[B].id);
	wire_still();
	probe(A, hosts[B].id, false);
	hold(A, INITIATION, ONLY(WHO_HAS) | ONLY(I_HAVE));
	wire_until(NULL, 50);
	look(&l, C);
	count_anew();
	memcpy(held.bytes, hosts[C].mac, ETH_ALEN);
	wire_send(C, &held);
	wire_until(NULL, 50);
	ok = all_dropped(&l, 1) & equal("answers", 0, came[C]);
	result(ok, "an initiation to who is not meant");

	wire_hook = outrun;
	result(wire_until(has_session_a, 20000) && equal("lies", 5, lies),
	       "wrong responses that are faster cost a moment");
}

/* --- two realms ----------------------------------------------------------------- */

/* B hears all that A and C say to each other, too. */
static bool overhear(struct frame *f)
{
	struct frame copy = *f;

	if (f->from == B) {
		came[B]++;
		return true;
	}
	if (!(f->bytes[0] & 1)) {
		memcpy(copy.bytes, hosts[B].mac, ETH_ALEN);
		wire_send(B, &copy);
	}
	return true;
}

void realms(void)
{
	int here, there;
	struct look l;
	struct counts now;
	uint8_t byte = 1;
	bool ok;

	plan(3);
	look(&l, B);
	wire_hook = overhear;
	connected_pair(SOCK_STREAM, A, C, PORT, &here, &there);
	must("send", send(here, &byte, 1, 0));
	wire_still();
	result(recv(there, &byte, 1, 0) == 1, "two of one realm talk");
	/* A and C look for B, B for A. */
	probe(A, hosts[B].id, false);
	probe(C, hosts[B].id, false);
	wire_until(NULL, 1500);
	counts_get(B, &now);
	ok = now.frames - l.before.frames > 10;
	ok &= equal("taken", l.before.delivered, now.delivered);
	ok &= equal("answers", 0, came[B]);
	result(ok, "B takes none of it, and says nothing");
	look(&l, B);
	probe(B, hosts[A].id, false);
	wire_until(NULL, 1500);
	counts_get(B, &now);
	ok = came[B] > 1 && !has_session_b();
	ok &= equal("taken", l.before.delivered, now.delivered);
	result(ok, "nor is B answered");
}
