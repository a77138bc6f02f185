// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run the fuzzer's target on a kept corpus, each input of it as it is, and on some
 * seeds with all their mutations.
 *
 *   in_replay DIR
 */
#include <stdio.h>
#include <string.h>

#include "../../lib/fuzz/feed.h"
#include "fuzz.h"

#define SEED_MAX 512

static const char request[] =
	"\r\nHEAD http://h:80/a%20b/%7e?q=1 HTTP/1.1\r\nHost: h:80\r\n"
	"Connection: keep-alive, close\r\nContent-Length: 0\r\n"
	"Accept: text/html;q=0.9\r\n\r\nGET / HTTP/1.0\r\n\r\n";

static const uint8_t arp[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,  9, 8, 6,
	0,    1,    8,	  0,	6,    4,    0, 1, 2, 0, 0,  0, 0, 9,
	10,   0,    0,	  9,	0,    0,    0, 0, 0, 0, 10, 0, 0, 10,
};

static const uint8_t ip4[] = {
	2,    0, 0,  0,	   0, 1,  2, 0, 0,  0,	0, 9, 8,  0,
	0x45, 0, 0,  0x1c, 0, 1,  0, 0, 64, 17, 0, 0, 10, 0,
	0,    9, 10, 0,	   0, 10, 0, 7, 0,  80, 0, 8, 0,  0,
};

static const uint8_t ip6[] = {
	2, 0, 0, 0, 0,	1,   2,	   0, 0, 0, 0, 9, 0x86, 0xdd, 0x60, 0,
	0, 0, 0, 8, 58, 255, 0xfd, 0, 0, 0, 0, 0, 0,	0,    0,    0,
	0, 0, 0, 0, 0,	9,   0xfd, 0, 0, 0, 0, 0, 0,	0,    0,    0,
	0, 0, 0, 0, 0,	2,   0x80, 0, 0, 0, 0, 1, 0,	1,
};

static void seed(enum fuzz_target target, const void *data, size_t len)
{
	uint8_t input[SEED_MAX];

	input[0] = (uint8_t)target;
	memcpy(input + 1, data, len);
	feed_mutations(input, len + 1);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 1;
	}
	seed(FUZZ_HTTP, request, sizeof(request) - 1);
	seed(FUZZ_ARP, arp, sizeof(arp));
	seed(FUZZ_IP4, ip4, sizeof(ip4));
	seed(FUZZ_IP6, ip6, sizeof(ip6));
	return feed_dir(argv[1]);
}
