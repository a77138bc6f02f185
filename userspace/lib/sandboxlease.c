// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Networks of sandboxes: a bridge, its prefixes, and who has which address.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "error.h"
#include "rundir.h"
#include "sandboxjson.h"
#include "sandboxlease.h"
#include "sandboxstate.h"

#define NETWORK_VERSION 1

/* Shorter ones are whole networks, longer ones have hardly an address. */
#define PREFIX4_MIN 8
#define PREFIX4_MAX 29
#define PREFIX6_LEN 64

/* Of networks whose addresses are given out elsewhere. */
#define ASSIGNED4_MAX 30
#define ASSIGNED6_MIN 16
#define ASSIGNED6_MAX 126

/* Numbers of addresses are less than this; the last one of IPv4 is a broadcast's. */
static uint32_t end_of(const struct network *net)
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
				LEASE_GATEWAY, address);
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

static struct lease *find(const struct network *net, const char *name)
{
	for (size_t i = 0; i < net->n; i++)
		if (strcmp(net->leases[i].name, name) == 0)
			return &net->leases[i];
	return NULL;
}

static int by_host(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Each address is somebody's alone. There may be a thousand: not each with each. */
static int check_hosts(const struct network *net)
{
	uint32_t *hosts = calloc(net->n + 1, sizeof(*hosts));
	int err = 0;

	if (!hosts)
		return -ENOMEM;
	for (size_t i = 0; i < net->n; i++)
		hosts[i] = net->leases[i].host;
	qsort(hosts, net->n, sizeof(*hosts), by_host);
	for (size_t i = 1; i < net->n; i++)
		if (hosts[i] == hosts[i - 1])
			err = -EBADMSG;
	free(hosts);
	return err;
}

static int read_leases(json_t *o, struct network *net)
{
	uint32_t end = end_of(net);

	if (!json_is_object(o) || json_object_size(o) > LEASE_MAX)
		return -EBADMSG;
	net->leases = calloc(json_object_size(o) + 1, sizeof(*net->leases));
	if (!net->leases)
		return -ENOMEM;
	for (void *at = json_object_iter(o); at;
	     at = json_object_iter_next(o, at)) {
		const char *name = json_object_iter_key(at);
		struct lease *l = &net->leases[net->n];
		uint64_t host;

		if (!sandbox_name_ok(name) ||
		    member_number(o, name, net->assigned ? 0 : end - 1,
				  &host) ||
		    (!net->assigned && host < LEASE_FIRST))
			return -EBADMSG;
		snprintf(l->name, sizeof(l->name), "%s", name);
		l->host = (uint32_t)host;
		net->n++;
	}
	return net->assigned ? 0 : check_hosts(net);
}

static int read_network(const json_t *o, struct network *net)
{
	uint64_t version, last;

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
	if (member_number(o, "last", end_of(net) - 1, &last) ||
	    last < LEASE_GATEWAY)
		return -EBADMSG;
	net->last = (uint32_t)last;
	return read_leases(json_object_get(o, "leases"), net);
}

int network_parse(const char *data, size_t len, struct network *net)
{
	json_t *o = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
	int err;

	memset(net, 0, sizeof(*net));
	err = json_is_object(o) ? read_network(o, net) : -EBADMSG;
	json_decref(o);
	if (err)
		network_free(net);
	return err;
}

char *network_format(const struct network *net)
{
	json_t *leases = json_object(), *o;
	char *text;

	for (size_t i = 0; leases && i < net->n; i++)
		json_object_set_new(leases, net->leases[i].name,
				    json_integer(net->leases[i].host));
	o = json_pack("{s:i, s:s, s:o, s:o, s:I, s:o}", "version",
		      NETWORK_VERSION, "bridge", net->bridge, "mac",
		      hex_member(net->mac, sizeof(net->mac)), "prefix4",
		      prefix_member(&net->prefix4), "last",
		      (json_int_t)net->last, "leases", leases);
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
	err = rundir_read(LEASE_DIR, bridge, &data, &len, e);
	if (err)
		return err;
	err = network_parse(data, len, net);
	free(data);
	if (!err && strcmp(net->bridge, bridge) != 0) {
		network_free(net);
		err = -EBADMSG;
	}
	if (err)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, -err,
				      "%s/%s/%s is damaged", rundir_path,
				      LEASE_DIR, bridge);
	return 0;
}

int network_save(const struct network *net, struct utcp_error *e)
{
	char *text = network_format(net);
	int err;

	if (!text)
		return utcp_error_set(e, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	err = rundir_write(LEASE_DIR, net->bridge, text, strlen(text), e);
	free(text);
	return err;
}

void network_free(struct network *net)
{
	free(net->leases);
	memset(net, 0, sizeof(*net));
}

static bool is_taken(const struct network *net, uint32_t host)
{
	for (size_t i = 0; i < net->n; i++)
		if (net->leases[i].host == host)
			return true;
	return false;
}

/* The next one that is free, if any will do. */
static int choose(const struct network *net, uint32_t want, uint32_t *host)
{
	uint32_t end = end_of(net), next = net->last;

	*host = 0;
	if (net->n >= LEASE_MAX)
		return -ENOSPC;
	if (net->assigned)
		return 0;
	if (want) {
		if (want < LEASE_FIRST || want >= end)
			return -ENOSPC;
		*host = want;
		return is_taken(net, want) ? -EADDRINUSE : 0;
	}
	if (net->n >= end - LEASE_FIRST)
		return -ENOSPC;
	/* There is one, and no more than n are in the way. */
	do {
		next = next + 1 < end ? next + 1 : LEASE_FIRST;
	} while (is_taken(net, next));
	*host = next;
	return 0;
}

int lease_take(struct network *net, const char *name, uint32_t want,
	       uint32_t *host)
{
	struct lease *l = find(net, name), *more;
	int err;

	if (l) {
		*host = l->host;
		return 0;
	}
	err = choose(net, want, host);
	if (err)
		return err;
	more = reallocarray(net->leases, net->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	net->leases = more;
	l = &more[net->n++];
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->host = *host;
	if (!want && *host)
		net->last = *host;
	return 0;
}

bool lease_drop(struct network *net, const char *name)
{
	struct lease *l = find(net, name);

	if (!l)
		return false;
	*l = net->leases[--net->n];
	return true;
}
