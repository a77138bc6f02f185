// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the older of the two iptables drops that is forwarded.
 *
 * Its tables are read by options of raw sockets. To ask for one makes it, with its hooks:
 * only those are asked for that are there.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "sandboxlegacy.h"

/* How often one that is replaced while it is read is read. */
#define TRIES 8

/* What both families have under other names, and lay out the same way. */
_Static_assert(sizeof(struct ipt_getinfo) == sizeof(struct ip6t_getinfo),
	       "one request for both");
_Static_assert(offsetof(struct ipt_get_entries, entrytable) ==
		       offsetof(struct ip6t_get_entries, entrytable),
	       "one head of the answer for both");

static const struct family {
	const char *names; /* the file of the tables that there are */
	const char *command;
	int domain, level;
	int get_info, get_entries;
	size_t target_offset;
} families[] = {
	{ "/proc/net/ip_tables_names", "iptables", AF_INET, SOL_IP,
	  IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES,
	  offsetof(struct ipt_entry, target_offset) },
	{ "/proc/net/ip6_tables_names", "ip6tables", AF_INET6, SOL_IPV6,
	  IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES,
	  offsetof(struct ip6t_entry, target_offset) },
};

static bool has_filter(const char *names)
{
	FILE *f = fopen(names, "re");
	bool has = false;
	char line[64];

	while (f && !has && fgets(line, sizeof(line), f))
		has = strcmp(line, "filter\n") == 0;
	if (f)
		fclose(f);
	return has;
}

/* A chain's policy is its last rule, which has an unconditional target. */
static int verdict(const unsigned char *rules, size_t len, size_t at,
		   size_t target_offset)
{
	struct xt_standard_target target;
	uint16_t offset;

	if (at >= len || len - at < target_offset + sizeof(offset))
		return 0;
	memcpy(&offset, rules + at + target_offset, sizeof(offset));
	if (len - at < offset || len - at - offset < sizeof(target))
		return 0;
	memcpy(&target, rules + at + offset, sizeof(target));
	return target.verdict;
}

/* Return: 1 if the chain FORWARD drops, 0 if not, or a negative errno. */
static int read_table(int fd, const struct family *f)
{
	const size_t head = offsetof(struct ipt_get_entries, entrytable);
	struct ipt_getinfo info = { .name = "filter" };
	struct ipt_get_entries *entries;
	socklen_t len = sizeof(info);
	int err = 0;

	if (getsockopt(fd, f->level, f->get_info, &info, &len))
		return -errno;
	entries = calloc(1, head + info.size);
	if (!entries)
		return -ENOMEM;
	memcpy(entries->name, info.name, sizeof(entries->name));
	entries->size = info.size;
	len = (socklen_t)(head + info.size);
	if (getsockopt(fd, f->level, f->get_entries, entries, &len))
		err = -errno;
	else
		err = verdict((const unsigned char *)entries + head, info.size,
			      info.underflow[NF_INET_FORWARD],
			      f->target_offset) == -NF_DROP - 1;
	free(entries);
	return err;
}

static int forward_drops(const struct family *f)
{
	int fd = socket(f->domain, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	int is = -EAGAIN;

	if (fd < 0)
		return -errno;
	for (int i = 0; i < TRIES && is == -EAGAIN; i++)
		is = read_table(fd, f);
	close(fd);
	return is;
}

void legacy_forward(void (*take)(const char *what, void *arg), void *arg)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *f = &families[i];
		char what[160];
		int is;

		if (!has_filter(f->names))
			continue;
		is = forward_drops(f);
		if (!is)
			continue;
		if (is > 0)
			snprintf(
				what, sizeof(what),
				"chain FORWARD of %s-legacy drops what it forwards, unless a rule of it says otherwise",
				f->command);
		else
			snprintf(what, sizeof(what),
				 "the rules of %s-legacy cannot be read: %s",
				 f->command, strerror(-is));
		take(what, arg);
	}
}
