// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Networks of sandboxes: a bridge and its prefixes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "error.h"
#include "rundir.h"
#include "sandboxjson.h"
#include "sandboxnetwork.h"
#include "sandboxstate.h"

/* A file of another version is left to the tool that wrote it: 1 had the leases, too. */
#define NETWORK_VERSION 2

/* Shorter ones are whole networks, longer ones have hardly an address. */
#define PREFIX4_MIN 8
#define PREFIX4_MAX 29
#define PREFIX6_LEN 64

/* Of networks whose addresses are given out elsewhere. */
#define ASSIGNED4_MAX 30
#define ASSIGNED6_MIN 16
#define ASSIGNED6_MAX 126

uint32_t network_end(const struct network *net)
{
	uint32_t len = net->prefix4.len;

	return len < 32 ? UINT32_MAX >> len : 0;
}

static bool bits_are_zero(const uint8_t *addr, size_t len, uint32_t from)
{
	for (uint32_t i = from; i < 8 * len; i++)
		if (addr[i / 8] & 0x80 >> i % 8)
			return false;
	return true;
}

bool network_prefix_ok(const struct utcp_sandbox_prefix *prefix, bool assigned)
{
	uint32_t min = assigned ? ASSIGNED6_MIN : PREFIX6_LEN;
	uint32_t max = assigned ? ASSIGNED6_MAX : PREFIX6_LEN;
	const uint8_t *a = prefix->addr;

	if (prefix->is6)
		/* unicast, and not the one of links */
		return prefix->len >= min && prefix->len <= max && a[0] &&
		       a[0] < 0xfe && bits_are_zero(a, 16, prefix->len);
	if (prefix->len < PREFIX4_MIN ||
	    prefix->len > (assigned ? ASSIGNED4_MAX : PREFIX4_MAX))
		return false;
	return a[0] && a[0] != 127 && a[0] < 224 &&
	       bits_are_zero(a, 4, prefix->len);
}

void network_address(const struct utcp_sandbox_prefix *prefix, uint32_t host,
		     struct utcp_sandbox_prefix *address)
{
	size_t last = prefix->is6 ? 15 : 3;

	*address = *prefix;
	for (size_t i = 0; i < 4; i++)
		address->addr[last - i] |= (uint8_t)(host >> 8 * i);
}

void network_gateway(const struct network *net, bool is6,
		     struct utcp_sandbox_prefix *address)
{
	const struct utcp_sandbox_prefix *said = is6 ? &net->gateway6 :
						       &net->gateway4;

	if (net->assigned)
		*address = *said;
	else
		network_address(is6 ? &net->prefix6 : &net->prefix4,
				NETWORK_GATEWAY, address);
}

uint32_t network_own_number(const struct utcp_sandbox_prefix *address)
{
	uint32_t host = 0;

	for (size_t i = 0; i < 4; i++)
		host = host << 8 | address->addr[i];
	return address->len < 32 ? host & (UINT32_MAX >> address->len) : 0;
}

uint32_t network_number(const struct utcp_sandbox_prefix *prefix,
			const struct utcp_sandbox_prefix *address)
{
	size_t last = prefix->is6 ? 15 : 3;
	struct utcp_sandbox_prefix again;
	uint32_t host = 0, bits;

	bits = prefix->is6 ? 128 - prefix->len : 32 - prefix->len;
	for (size_t i = 0; i < 4; i++)
		host |= (uint32_t)address->addr[last - i] << 8 * i;
	if (bits < 32)
		host &= (1U << bits) - 1;
	network_address(prefix, host, &again);
	return memcmp(again.addr, address->addr, last + 1) == 0 ? host : 0;
}

static int read_network(const json_t *o, struct network *net)
{
	uint64_t version;

	if (member_number(o, "version", UINT32_MAX, &version) ||
	    version != NETWORK_VERSION ||
	    member_text(o, "bridge", net->bridge, sizeof(net->bridge)) ||
	    member_hex(o, "mac", net->mac, sizeof(net->mac)) ||
	    member_prefix(o, "prefix4", false, &net->prefix4) ||
	    member_prefix(o, "prefix6", true, &net->prefix6))
		return -EBADMSG;
	net->assigned = json_is_true(json_object_get(o, "assigned"));
	net->no_masquerade = json_is_true(json_object_get(o, "no-masquerade"));
	if (!network_prefix_ok(&net->prefix4, net->assigned) ||
	    (net->prefix6.len &&
	     !network_prefix_ok(&net->prefix6, net->assigned)))
		return -EBADMSG;
	if (net->assigned &&
	    (member_prefix(o, "gateway4", false, &net->gateway4) ||
	     !net->gateway4.len ||
	     member_prefix(o, "gateway6", true, &net->gateway6) ||
	     !net->prefix6.len != !net->gateway6.len))
		return -EBADMSG;
	return 0;
}

int network_parse(const char *data, size_t len, struct network *net)
{
	json_t *o = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
	int err;

	memset(net, 0, sizeof(*net));
	err = json_is_object(o) ? read_network(o, net) : -EBADMSG;
	json_decref(o);
	return err;
}

char *network_format(const struct network *net)
{
	json_t *o = json_pack("{s:i, s:s, s:o, s:o}", "version",
			      NETWORK_VERSION, "bridge", net->bridge, "mac",
			      hex_member(net->mac, sizeof(net->mac)), "prefix4",
			      prefix_member(&net->prefix4));
	char *text;

	if (!o)
		return NULL;
	if (net->prefix6.len)
		json_object_set_new(o, "prefix6", prefix_member(&net->prefix6));
	if (net->no_masquerade)
		json_object_set_new(o, "no-masquerade", json_true());
	if (net->assigned) {
		json_object_set_new(o, "assigned", json_true());
		json_object_set_new(o, "gateway4",
				    prefix_member(&net->gateway4));
		if (net->gateway6.len)
			json_object_set_new(o, "gateway6",
					    prefix_member(&net->gateway6));
	}
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

int network_load(const char *bridge, struct network *net, struct utcp_error *e)
{
	char *data;
	size_t len;
	int err;

	memset(net, 0, sizeof(*net));
	err = rundir_read(NETWORK_DIR, bridge, &data, &len, e);
	/* no file at all, or none that was ever written */
	if (err == -EFBIG || err == -ELOOP || err == -ENXIO)
		err = -EBADMSG;
	if (err && err != -EBADMSG)
		return err;
	if (!err)
		err = network_parse(data, len, net);
	free(data);
	if (!err && strcmp(net->bridge, bridge) != 0)
		err = -EBADMSG;
	if (err)
		return utcp_error_set(
			e, LIBUTCP_E_SYSTEM, -err,
			"%s/%s/%s is damaged, or of another version",
			rundir_path, NETWORK_DIR, bridge);
	return 0;
}

int network_save(const struct network *net, struct utcp_error *e)
{
	char *text = network_format(net);
	int err;

	if (!text)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rundir_write(NETWORK_DIR, net->bridge, text, strlen(text), e);
	free(text);
	return err;
}
