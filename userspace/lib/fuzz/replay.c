// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Run the fuzzer's target on a kept corpus, and on its own seeds: good answers,
 * each of them cut off at every place and with every byte changed.
 *
 *   nl_replay DIR           run what is in DIR, and the seeds
 *   nl_replay --seeds DIR   write the seeds into DIR
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/netswitch.h>
#include <linux/utcp.h>

#include "../test/fake.h"
#include "../family.h"
#include "feed.h"
#include "fuzz.h"

#define SEED_MAX 8192

struct seed {
	const char *name;
	size_t len;
	uint8_t data[SEED_MAX];
};

static void add_datagram(struct seed *s, struct fake_msg *m)
{
	if (s->len + 2 + m->len > sizeof(s->data))
		abort();
	s->data[s->len++] = (uint8_t)m->len;
	s->data[s->len++] = (uint8_t)(m->len >> 8);
	memcpy(s->data + s->len, m->data, m->len);
	s->len += m->len;
	m->len = 0;
}

static void add_list(struct seed *s, const struct fake_kernel *k, uint32_t seq)
{
	static struct fake_msg m;
	int32_t zero = 0;
	size_t at;

	for (int f = 0; f < LIBUTCP_FAMILIES; f++)
		fake_family(&m, k, (enum utcp_family)f, CTRL_CMD_NEWFAMILY,
			    NLM_F_MULTI, seq);
	at = fake_begin(&m, NLMSG_DONE, NLM_F_MULTI, seq);
	fake_put(&m, &zero, sizeof(zero));
	fake_end(&m, at);
	add_datagram(s, &m);
}

static void add_info(struct seed *s, const struct fake_kernel *k, uint8_t cmd,
		     uint32_t seq)
{
	const struct nlmsghdr request = {
		.nlmsg_len = sizeof(request),
		.nlmsg_seq = seq,
		.nlmsg_pid = FUZZ_PORTID,
	};
	static struct fake_msg m;
	size_t at = fake_begin(&m, FUZZ_ID, 0, seq);

	fake_genl(&m, cmd);
	fake_info(&m, k, LIBUTCP_NETSWITCH);
	fake_end(&m, at);
	if (seq)
		fake_ack(&m, &request, 0);
	add_datagram(s, &m);
}

static void add_refusal(struct seed *s)
{
	const struct nlmsghdr request = {
		.nlmsg_len = 40,
		.nlmsg_seq = 1,
		.nlmsg_pid = FUZZ_PORTID,
	};
	static struct fake_msg m;
	uint64_t low = 1, high = 65535;
	size_t at, nest;

	at = fake_error(&m, &request, 34);
	fake_attr(&m, NLMSGERR_ATTR_MSG, "integer out of range", 21);
	fake_u32(&m, NLMSGERR_ATTR_OFFS, 24);
	fake_u32(&m, NLMSGERR_ATTR_MISS_TYPE, 3);
	fake_u32(&m, NLMSGERR_ATTR_MISS_NEST, 20);
	nest = fake_attr(&m, NLMSGERR_ATTR_POLICY | NLA_F_NESTED, NULL, 0);
	fake_attr(&m, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, &low, sizeof(low));
	fake_attr(&m, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, &high, sizeof(high));
	fake_nest_end(&m, nest);
	fake_end(&m, at);
	add_datagram(s, &m);
}

/* SEQUENCE, OID, [0] { SEQUENCE { version, SET, SEQUENCE, SET { signer ... */
static void add_signature(struct seed *s)
{
	static const uint8_t pkcs7[] = {
		0x30, 0x2e, 0x06, 0x01, 0x2a, 0xa0, 0x29, 0x30, 0x27, 0x02,
		0x01, 0x01, 0x31, 0x00, 0x30, 0x00, 0x31, 0x1e, 0x30, 0x1c,
		0x02, 0x01, 0x01, 0x30, 0x12, 0x30, 0x0d, 0x31, 0x0b, 0x30,
		0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x02, 'm',  'e',
		0x02, 0x01, 0x09, 0x04, 0x03, 'a',  'b',  'c',
	};
	static const uint8_t desc[] = {
		0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, sizeof(pkcs7),
	};
	static const char mark[] = "~Module signature appended~\n";

	memcpy(s->data + s->len, pkcs7, sizeof(pkcs7));
	s->len += sizeof(pkcs7);
	memcpy(s->data + s->len, desc, sizeof(desc));
	s->len += sizeof(desc);
	memcpy(s->data + s->len, mark, sizeof(mark) - 1);
	s->len += sizeof(mark) - 1;
}

/* A cell, as an event or in a list that it ends. */
static void add_cell(struct seed *s, uint16_t id, uint8_t cmd, uint32_t seq)
{
	static const uint8_t bytes[32] = { 1, 2, 3 };
	static struct fake_msg m;
	int32_t zero = 0;
	size_t at = fake_begin(&m, id, seq ? NLM_F_MULTI : 0, seq);

	fake_genl(&m, cmd);
	fake_attr(&m, UTCP_A_CELL_ID, bytes, 16);
	fake_attr(&m, UTCP_A_CELL_PUBLIC_KEY, bytes, 32);
	for (int a = UTCP_A_CELL_HAS_REALM; a < UTCP_A_CELL_COMMENT; a++)
		fake_u32(&m, (uint16_t)a, 1);
	fake_attr(&m, UTCP_A_CELL_COMMENT, "web", 4);
	fake_u32(&m, UTCP_A_CELL_USERS, 3);
	fake_end(&m, at);
	if (seq) {
		at = fake_begin(&m, NLMSG_DONE, NLM_F_MULTI, seq);
		fake_put(&m, &zero, sizeof(zero));
		fake_end(&m, at);
	}
	add_datagram(s, &m);
}

static void add_text(struct seed *s, const char *text)
{
	size_t len = strlen(text);

	memcpy(s->data + s->len, text, len);
	s->len += len;
}

static struct seed *begin(struct seed *s, const char *name,
			  enum fuzz_target target)
{
	s->name = name;
	s->len = 1;
	s->data[0] = (uint8_t)target;
	return s;
}

static size_t make_seeds(struct seed *s)
{
	static struct fake_kernel k;
	static struct fake_msg m;
	size_t n = 0;

	fake_init(&k);
	k.id = FUZZ_ID;
	add_list(begin(&s[n++], "list", FUZZ_LIST), &k, 1);
	add_info(begin(&s[n++], "info", FUZZ_INFO), &k, NETSWITCH_CMD_INFO_GET,
		 1);
	add_info(begin(&s[n++], "set", FUZZ_SET), &k, NETSWITCH_CMD_LIMITS_SET,
		 1);
	add_refusal(begin(&s[n++], "refused", FUZZ_SET));
	add_list(begin(&s[n], "monitor", FUZZ_MONITOR), &k, 1);
	add_info(&s[n], &k, NETSWITCH_CMD_LIMITS_NTF, 0);
	fake_family(&m, &k, LIBUTCP_UTCP, CTRL_CMD_DELFAMILY, 0, 0);
	fake_family(&m, &k, LIBUTCP_UTCP, CTRL_CMD_NEWFAMILY, 0, 0);
	add_datagram(&s[n], &m);
	s[n].data[s[n].len++] = 0xff; /* events were lost */
	s[n].data[s[n].len++] = 0xff;
	add_list(&s[n++], &k, 2);
	add_signature(begin(&s[n++], "signature", FUZZ_MODSIG));
	add_cell(begin(&s[n++], "cells", FUZZ_CELLS), FUZZ_ID,
		 UTCP_CMD_CELL_GET, 1);
	add_list(begin(&s[n], "cell-event", FUZZ_MONITOR), &k, 1);
	add_cell(&s[n++], fake_id(&k, LIBUTCP_UTCP), UTCP_CMD_CELL_CHANGE_NTF,
		 0);
	add_text(begin(&s[n++], "cellid", FUZZ_TEXT),
		 "cell10swk7cjj8pfrvc8ka8xevck6mcqrmc8w");
	add_text(begin(&s[n++], "key", FUZZ_TEXT),
		 "7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk=");
	add_text(begin(&s[n++], "names", FUZZ_TEXT),
		 "# names\nbob\tcell10swk7cjj8pfrvc8ka8xevck6mcqrmc8w # he\n\n"
		 "web-1 cell1dsda7esnqvvccqvcf25xswp08qya8mq8");
	add_text(
		begin(&s[n++], "sandbox", FUZZ_RUNDIR),
		"{\"version\":1,\"name\":\"a\",\"id\":7,\"host-ns\":9,\"mode\":\"custom\",\"phase\":\"ready\",\"runner\":7,\"runner-start\":9,\"rate\":5,\"bridge\":\"b\",\"dev\":\"d\",\"mac\":\"027500000007\",\"addr4\":\"10.0.0.2/16\",\"gateway4\":\"10.0.0.1/16\",\"addr6\":\"fd::2/64\",\"ll6\":\"fe80::1/64\",\"gateway6\":\"fd::1/64\",\"publish\":[{\"proto\":\"udp\",\"host\":1,\"port\":2}]}");
	add_text(
		begin(&s[n++], "services", FUZZ_RUNDIR),
		"{\"version\":1,\"name\":\"a\",\"id\":7,\"host-ns\":9,\"mode\":\"host-loopback\",\"phase\":\"ready\",\"services\":[1,2],\"forwarder\":7,\"forwarder-start\":9}");
	add_text(
		begin(&s[n++], "network", FUZZ_RUNDIR),
		"{\"version\":1,\"bridge\":\"b\",\"mac\":\"0e7500000000\",\"prefix4\":\"10.0.0.0/29\",\"prefix6\":\"fd::/64\",\"last\":3,\"leases\":{\"a\":2,\"b\":3}}");
	return n;
}

static int write_seeds(const char *dir, const struct seed *s, size_t n)
{
	char path[4096];
	FILE *f;

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/seed-%s", dir, s[i].name);
		f = fopen(path, "we");
		if (!f || fwrite(s[i].data, 1, s[i].len, f) != s[i].len ||
		    fclose(f)) {
			perror(path);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct seed seeds[16];
	size_t n = make_seeds(seeds);

	if (argc == 3 && strcmp(argv[1], "--seeds") == 0)
		return write_seeds(argv[2], seeds, n);
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 1;
	}
	for (size_t i = 0; i < n; i++)
		feed_mutations(seeds[i].data, seeds[i].len);
	return feed_dir(argv[1]);
}
