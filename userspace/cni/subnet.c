// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subnets of networks: whether one is in use, and one for who is told none.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <glob.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "box.h"
#include "subnet.h"

/* Where Podman has the networks of root. */
#define PODMAN_NETWORKS "/etc/containers/networks/*.json"

/* 10.182.0.0/24 to 10.183.255.0/24. */
#define FIRST (10U << 24 | 182U << 16)
#define COUNT 512U
#define SIZE 256U

/* Who is told of a subnet: whose it is, and @arg. */
typedef void take_fn(const struct utcp_sandbox_prefix *p, const char *whose,
		     void *arg);

/* --- subnets that are in use ------------------------------------------------------------ */

static uint32_t mask_len(const uint8_t *mask, size_t size)
{
	uint32_t len = 0;

	while (len < 8 * size && mask[len / 8] & 0x80 >> len % 8)
		len++;
	return len;
}

/* The host's, but for those of the bridge @but. */
static void each_of_host(const char *but, take_fn *take, void *arg)
{
	struct ifaddrs *list;

	if (getifaddrs(&list))
		return;
	for (struct ifaddrs *a = list; a; a = a->ifa_next) {
		struct utcp_sandbox_prefix p = { 0 };
		struct sockaddr_in6 addr6, mask6;
		struct sockaddr_in addr, mask;

		if (!a->ifa_addr || !a->ifa_netmask ||
		    (but && strcmp(a->ifa_name, but) == 0))
			continue;
		p.is6 = a->ifa_addr->sa_family == AF_INET6;
		if (p.is6) {
			memcpy(&addr6, a->ifa_addr, sizeof(addr6));
			memcpy(&mask6, a->ifa_netmask, sizeof(mask6));
			memcpy(p.addr, &addr6.sin6_addr, 16);
			p.len = mask_len(mask6.sin6_addr.s6_addr, 16);
		} else if (a->ifa_addr->sa_family == AF_INET) {
			memcpy(&addr, a->ifa_addr, sizeof(addr));
			memcpy(&mask, a->ifa_netmask, sizeof(mask));
			memcpy(p.addr, &addr.sin_addr, 4);
			p.len = mask_len((const uint8_t *)&mask.sin_addr, 4);
		} else {
			continue;
		}
		take(&p, a->ifa_name, arg);
	}
	freeifaddrs(list);
}

static void each_of_network(const char *path, take_fn *take, void *arg)
{
	json_t *o = json_load_file(path, 0, NULL);
	const char *name = json_string_value(json_object_get(o, "name"));
	const json_t *list = json_object_get(o, "subnets");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(
			json_object_get(json_array_get(list, i), "subnet"));
		struct utcp_sandbox_prefix p;

		if (text && cni_address(text, &p))
			take(&p, name ? name : path, arg);
	}
	json_decref(o);
}

/* Those of Podman: their bridges are there only as long as they have containers. */
static void each_of_networks(take_fn *take, void *arg)
{
	glob_t found;

	if (glob(PODMAN_NETWORKS, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		each_of_network(found.gl_pathv[i], take, arg);
	globfree(&found);
}

/* --- is one? ---------------------------------------------------------------------------- */

struct meeting {
	const struct utcp_sandbox_prefix *subnet;
	char *whose;
};

static void meet(const struct utcp_sandbox_prefix *p, const char *whose,
		 void *arg)
{
	const struct meeting *m = arg;
	uint32_t len = p->len < m->subnet->len ? p->len : m->subnet->len;

	if (p->is6 != m->subnet->is6)
		return;
	for (uint32_t i = 0; i < len; i++)
		if ((p->addr[i / 8] ^ m->subnet->addr[i / 8]) & 0x80 >> i % 8)
			return;
	snprintf(m->whose, SUBNET_WHOSE, "%s", whose);
}

bool subnet_used(const struct utcp_sandbox_prefix *subnet, const char *bridge,
		 char whose[SUBNET_WHOSE])
{
	struct meeting m = { subnet, whose };

	whose[0] = '\0';
	each_of_host(bridge, meet, &m);
	each_of_networks(meet, &m);
	return whose[0];
}

/* --- one that is not -------------------------------------------------------------------- */

/* Mark those that a subnet meets. */
static void mark(const struct utcp_sandbox_prefix *p, const char *whose,
		 void *arg)
{
	uint32_t addr, mask = p->len ? ~0U << (32 - p->len) : 0, first, last;
	bool *used = arg;

	(void)whose;
	if (p->is6)
		return;
	memcpy(&addr, p->addr, sizeof(addr));
	first = ntohl(addr) & mask;
	last = ntohl(addr) | ~mask;
	if (last < FIRST || first >= FIRST + COUNT * SIZE)
		return;
	first = first < FIRST ? 0 : (first - FIRST) / SIZE;
	last = (last - FIRST) / SIZE;
	for (uint32_t i = first; i <= last && i < COUNT; i++)
		used[i] = true;
}

int subnet_choose(const char *id, bool is6, struct utcp_sandbox_prefix *subnet)
{
	uint64_t hash = box_hash(BOX_HASH, id);
	bool used[COUNT] = { false };
	uint32_t i = 0, at;

	memset(subnet, 0, sizeof(*subnet));
	if (is6) {
		subnet->is6 = true;
		subnet->len = 64;
		subnet->addr[0] = 0xfd;
		/* The number of a network is random, as these 40 bits should be. */
		memcpy(&subnet->addr[1], &hash, 5);
		return 0;
	}
	each_of_host(NULL, mark, used);
	each_of_networks(mark, used);
	while (i < COUNT && used[(hash + i) % COUNT])
		i++;
	if (i == COUNT)
		return -1;
	at = htonl(FIRST + (uint32_t)((hash + i) % COUNT) * SIZE);
	subnet->len = 24;
	memcpy(subnet->addr, &at, sizeof(at));
	return 0;
}
