// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing what takes bytes from the network before lwIP does, or behind it: the
 * filter of frames, and HTTP requests.
 *
 * Input: one byte says what is tested; the rest is a frame or what came on a
 * connection.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/if_ether.h>

#include "../../lib/fuzz/feed.h"
#include "../filter.h"
#include "../http.h"
#include "fuzz.h"

static void fuzz_http(const char *data, size_t len)
{
	struct http_request whole, part;
	enum http_status status = http_parse(data, len, &whole);

	if (status == HTTP_INCOMPLETE) {
		if (len >= HTTP_REQUEST_MAX)
			abort();
		return;
	}
	if (whole.used > len || !memchr(whole.path, '\0', sizeof(whole.path)))
		abort();
	if (status != HTTP_OK) {
		if (!whole.close || whole.path[0])
			abort();
		return;
	}
	if (whole.path[0] != '/' || !whole.used)
		abort();
	/* It does not depend on what follows, nor on how it came. */
	if (http_parse(data, whole.used, &part) != HTTP_OK ||
	    strcmp(part.path, whole.path) != 0 || part.head != whole.head ||
	    part.close != whole.close || part.used != whole.used ||
	    http_parse(data, whole.used - 1, &part) != HTTP_INCOMPLETE)
		abort();
}

static void fuzz_filter(uint16_t type, const uint8_t *data, size_t len)
{
	static const struct filter station = {
		.mac = { 2, 0, 0, 0, 0, 1 },
		/* 10.0.0.10, from both ends */
		.ip4 = 0x0a00000a,
		.mask4 = UINT32_MAX,
		.ip6 = { { 0xfd, [15] = 2 } },
		.n_ip6 = 1,
	};
	enum filter_verdict verdict = filter_frame(&station, type, data, len);

	if (!filter_name(verdict))
		abort();
	if (verdict <= FILTER_PASS_KEPT && !(data[0] & 1) &&
	    memcmp(data, station.mac, ETH_ALEN) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	switch (data[0]) {
	case FUZZ_HTTP:
		fuzz_http((const char *)data + 1, size - 1);
		break;
	case FUZZ_ARP:
		fuzz_filter(ETH_P_ARP, data + 1, size - 1);
		break;
	case FUZZ_IP4:
		fuzz_filter(ETH_P_IP, data + 1, size - 1);
		break;
	case FUZZ_IP6:
		fuzz_filter(ETH_P_IPV6, data + 1, size - 1);
		break;
	default:
		break;
	}
	return 0;
}
