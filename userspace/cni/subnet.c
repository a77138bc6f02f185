// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subnets of networks that are not told theirs.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <glob.h>
#include <netinet/in.h>
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

/* Mark those that a range of addresses meets. */
static void mark(bool used[COUNT], uint32_t addr, uint32_t mask)
{
	uint32_t first = addr & mask, last = addr | ~mask;

	if (last < FIRST || first >= FIRST + COUNT * SIZE)
		return;
	first = first < FIRST ? 0 : (first - FIRST) / SIZE;
	last = (last - FIRST) / SIZE;
	for (uint32_t i = first; i <= last && i < COUNT; i++)
		used[i] = true;
}

static void mark_host(bool used[COUNT])
{
	struct ifaddrs *list;

	if (getifaddrs(&list))
		return;
	for (struct ifaddrs *a = list; a; a = a->ifa_next) {
		struct sockaddr_in addr, mask;

		if (!a->ifa_addr || !a->ifa_netmask ||
		    a->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&addr, a->ifa_addr, sizeof(addr));
		memcpy(&mask, a->ifa_netmask, sizeof(mask));
		mark(used, ntohl(addr.sin_addr.s_addr),
		     ntohl(mask.sin_addr.s_addr));
	}
	freeifaddrs(list);
}

static void mark_network(bool used[COUNT], const char *path)
{
	json_t *o = json_load_file(path, 0, NULL);
	const json_t *list = json_object_get(o, "subnets");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(
			json_object_get(json_array_get(list, i), "subnet"));
		struct utcp_sandbox_prefix p;
		uint32_t addr;

		if (!text || !cni_address(text, &p) || p.is6)
			continue;
		memcpy(&addr, p.addr, sizeof(addr));
		mark(used, ntohl(addr), p.len ? ~0U << (32 - p.len) : 0);
	}
	json_decref(o);
}

/* Their bridges are there only as long as they have containers. */
static void mark_networks(bool used[COUNT])
{
	glob_t found;

	if (glob(PODMAN_NETWORKS, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		mark_network(used, found.gl_pathv[i]);
	globfree(&found);
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
	mark_host(used);
	mark_networks(used);
	while (i < COUNT && used[(hash + i) % COUNT])
		i++;
	if (i == COUNT)
		return -1;
	at = htonl(FIRST + (uint32_t)((hash + i) % COUNT) * SIZE);
	subnet->len = 24;
	memcpy(subnet->addr, &at, sizeof(at));
	return 0;
}
