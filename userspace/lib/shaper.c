// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Classes of the shaper, and bindings.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "request.h"
#include "shaper.h"

static int parse_drop(struct nl_span span, struct utcp_shaper_stats *stats)
{
	uint32_t reason = 0;
	uint64_t count = 0;
	struct nl_attr a;
	int more;

	while ((more = nl_attr_next(&span, &a)) > 0) {
		if (a.type == UTCP_SHAPER_A_DROP_REASON &&
		    nl_attr_u32(&a, &reason))
			return -EBADMSG;
		if (a.type == UTCP_SHAPER_A_DROP_COUNT &&
		    nl_attr_uint(&a, &count))
			return -EBADMSG;
	}
	if (reason > UTCP_SHAPER_DROP_REASON_MAX)
		reason = 0;
	stats->drops[reason] += count;
	return more;
}

/* The 64-bit number of an attribute, or NULL. */
static uint64_t *stat_of(struct utcp_shaper_stats *stats, uint16_t type)
{
	switch (type) {
	case UTCP_SHAPER_A_STATS_FRAMES:
		return &stats->frames;
	case UTCP_SHAPER_A_STATS_PACKETS:
		return &stats->packets;
	case UTCP_SHAPER_A_STATS_BYTES:
		return &stats->bytes;
	case UTCP_SHAPER_A_STATS_BACKLOG_PACKETS:
		return &stats->backlog_packets;
	case UTCP_SHAPER_A_STATS_BACKLOG_BYTES:
		return &stats->backlog_bytes;
	case UTCP_SHAPER_A_STATS_MARKS:
		return &stats->marks;
	case UTCP_SHAPER_A_STATS_BORROWED:
		return &stats->borrowed;
	case UTCP_SHAPER_A_STATS_THROTTLED:
		return &stats->throttled;
	case UTCP_SHAPER_A_STATS_RATE_1S:
		return &stats->rate_1s;
	case UTCP_SHAPER_A_STATS_RATE_10S:
		return &stats->rate_10s;
	default:
		return NULL;
	}
}

static int parse_stats(struct nl_span span, struct utcp_shaper_stats *stats)
{
	struct nl_attr a;
	int more, err = 0;

	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		uint64_t *value = stat_of(stats, a.type);

		if (value)
			err = nl_attr_uint(&a, value);
		else if (a.type == UTCP_SHAPER_A_STATS_SOJOURN_P50)
			err = nl_attr_u32(&a, &stats->sojourn_p50);
		else if (a.type == UTCP_SHAPER_A_STATS_SOJOURN_P99)
			err = nl_attr_u32(&a, &stats->sojourn_p99);
		else if (a.type == UTCP_SHAPER_A_STATS_DROP)
			err = parse_drop(a.value, stats);
	}
	return err ? err : more;
}

/* The 32-bit number of an attribute, or NULL. */
static uint32_t *number_of(struct utcp_shaper_class *cls, uint16_t type)
{
	switch (type) {
	case UTCP_SHAPER_A_CLASS_ID:
		return &cls->id;
	case UTCP_SHAPER_A_CLASS_BURST:
		return &cls->burst;
	case UTCP_SHAPER_A_CLASS_PRIORITY:
		return &cls->priority;
	case UTCP_SHAPER_A_CLASS_WEIGHT:
		return &cls->weight;
	case UTCP_SHAPER_A_CLASS_QUEUE_BYTES:
		return &cls->queue_bytes;
	case UTCP_SHAPER_A_CLASS_QUEUE_TIME:
		return &cls->queue_time;
	case UTCP_SHAPER_A_CLASS_OVERHEAD:
		return &cls->overhead;
	case UTCP_SHAPER_A_CLASS_CHILDREN:
		return &cls->children;
	case UTCP_SHAPER_A_CLASS_BINDINGS:
		return &cls->bindings;
	default:
		return NULL;
	}
}

int shaper_class_parse(struct nl_span span, struct utcp_shaper_class *cls)
{
	uint32_t waiting = 0, *number;
	struct nl_attr a;
	int more, err = 0;

	memset(cls, 0, sizeof(*cls));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		number = number_of(cls, a.type);
		if (number) {
			err = nl_attr_u32(&a, number);
			continue;
		}
		switch (a.type) {
		case UTCP_SHAPER_A_CLASS_NAME:
			err = nl_attr_str(&a, cls->name, sizeof(cls->name));
			break;
		case UTCP_SHAPER_A_CLASS_PARENT:
			err = nl_attr_str(&a, cls->parent, sizeof(cls->parent));
			break;
		case UTCP_SHAPER_A_CLASS_BW_MIN:
			err = nl_attr_uint(&a, &cls->bw_min);
			break;
		case UTCP_SHAPER_A_CLASS_BW_MAX:
			err = nl_attr_uint(&a, &cls->bw_max);
			break;
		case UTCP_SHAPER_A_CLASS_WAITING:
			err = nl_attr_u32(&a, &waiting);
			break;
		case UTCP_SHAPER_A_CLASS_STATS:
			err = parse_stats(a.value, &cls->stats);
			break;
		}
	}
	cls->waiting = waiting;
	if (!err && !more && !(cls->id && cls->name[0]))
		return -EBADMSG;
	return err ? err : more;
}

int shaper_binding_parse(struct nl_span span,
			 struct utcp_shaper_binding *binding)
{
	uint32_t net_shaper = 0;
	struct nl_attr a;
	int more, err = 0;

	memset(binding, 0, sizeof(*binding));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_SHAPER_A_BINDING_IFINDEX:
			err = nl_attr_u32(&a, &binding->ifindex);
			break;
		case UTCP_SHAPER_A_BINDING_IFNAME:
			err = nl_attr_str(&a, binding->name,
					  sizeof(binding->name));
			break;
		case UTCP_SHAPER_A_BINDING_DIRECTION:
			err = nl_attr_u32(&a, &binding->direction);
			break;
		case UTCP_SHAPER_A_BINDING_CLASS:
			err = nl_attr_str(&a, binding->class_name,
					  sizeof(binding->class_name));
			break;
		case UTCP_SHAPER_A_BINDING_FLAGS:
			err = nl_attr_u32(&a, &binding->flags);
			break;
		case UTCP_SHAPER_A_BINDING_WAITING:
			err = nl_attr_u32(&a, &binding->waiting);
			break;
		case UTCP_SHAPER_A_BINDING_NET_SHAPER:
			err = nl_attr_u32(&a, &net_shaper);
			break;
		}
	}
	binding->net_shaper = net_shaper;
	if (!err && !more &&
	    !(binding->ifindex && binding->name[0] && binding->direction &&
	      binding->class_name[0]))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_class(struct nl_span span, void *record)
{
	return shaper_class_parse(span, record);
}

static int parse_binding(struct nl_span span, void *record)
{
	return shaper_binding_parse(span, record);
}

static void put_u64(struct nl_request *r, uint16_t type, uint64_t value)
{
	request_bytes(r, type, &value, sizeof(value));
}

static bool is_set(uint32_t set, uint16_t type)
{
	return set & 1U << type;
}

/* Adds what a request says of a class. */
static void put_class(struct nl_request *r, const struct utcp_shaper_class *cls,
		      uint32_t set)
{
	struct utcp_shaper_class copy = *cls;

	request_str(r, UTCP_SHAPER_A_CLASS_NAME, cls->name);
	if (is_set(set, UTCP_SHAPER_A_CLASS_PARENT))
		request_str(r, UTCP_SHAPER_A_CLASS_PARENT, cls->parent);
	if (is_set(set, UTCP_SHAPER_A_CLASS_BW_MIN))
		put_u64(r, UTCP_SHAPER_A_CLASS_BW_MIN, cls->bw_min);
	if (is_set(set, UTCP_SHAPER_A_CLASS_BW_MAX))
		put_u64(r, UTCP_SHAPER_A_CLASS_BW_MAX, cls->bw_max);
	for (int type = 1; type <= UTCP_SHAPER_A_CLASS_OVERHEAD; type++) {
		const uint32_t *number = number_of(&copy, (uint16_t)type);

		if (number && is_set(set, type))
			request_u32(r, (uint16_t)type, *number);
	}
}

/* Sends a request that is answered with one record of @size. */
static int class_run(struct utcp_handle *h, uint8_t cmd,
		     const struct utcp_shaper_class *cls, uint32_t set,
		     struct utcp_shaper_class *answer)
{
	struct nl_list list = { .size = sizeof(*answer),
				.parse = parse_class,
				.what = "class" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_SHAPER, cmd, false);
	if (err)
		return err;
	put_class(&r, cls, set);
	return list_run_one(h, &r, LIBUTCP_SHAPER, &list, answer);
}

int utcp_shaper_class_add(struct utcp_handle *h,
			  const struct utcp_shaper_class *cls, uint32_t set,
			  struct utcp_shaper_class *made)
{
	return class_run(h, UTCP_SHAPER_CMD_CLASS_ADD, cls, set, made);
}

int utcp_shaper_class_set(struct utcp_handle *h,
			  const struct utcp_shaper_class *cls, uint32_t set,
			  struct utcp_shaper_class *made)
{
	return class_run(h, UTCP_SHAPER_CMD_CLASS_SET, cls, set, made);
}

/* A class that has but a name, for requests. */
static struct utcp_shaper_class only_name(const char *name)
{
	struct utcp_shaper_class cls = { 0 };

	memccpy(cls.name, name, 0, sizeof(cls.name) - 1);
	return cls;
}

int utcp_shaper_class_del(struct utcp_handle *h, const char *name,
			  struct utcp_shaper_class *was)
{
	struct utcp_shaper_class cls = only_name(name);

	return class_run(h, UTCP_SHAPER_CMD_CLASS_DEL, &cls, 0, was);
}

int utcp_shaper_class_get(struct utcp_handle *h, const char *name,
			  struct utcp_shaper_class *cls)
{
	struct utcp_shaper_class which = only_name(name);

	return class_run(h, UTCP_SHAPER_CMD_CLASS_GET, &which, 0, cls);
}

int utcp_shaper_class_list(struct utcp_handle *h, const char *parent,
			   struct utcp_shaper_class **classes, size_t *n)
{
	struct nl_list list = { .size = sizeof(**classes),
				.parse = parse_class,
				.what = "class" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_SHAPER, UTCP_SHAPER_CMD_CLASS_GET,
			   true);
	if (!err && parent)
		request_str(&r, UTCP_SHAPER_A_CLASS_PARENT, parent);
	if (!err)
		err = list_run(h, &r, LIBUTCP_SHAPER, &list);
	*classes = (struct utcp_shaper_class *)list.records;
	*n = list.n;
	return err;
}

static int binding_run(struct utcp_handle *h, uint8_t cmd,
		       const struct utcp_shaper_binding *binding,
		       struct utcp_shaper_binding *answer)
{
	struct nl_list list = { .size = sizeof(*answer),
				.parse = parse_binding,
				.what = "binding" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_SHAPER, cmd, false);
	if (err)
		return err;
	request_str(&r, UTCP_SHAPER_A_BINDING_IFNAME, binding->name);
	request_u32(&r, UTCP_SHAPER_A_BINDING_DIRECTION, binding->direction);
	if (binding->class_name[0])
		request_str(&r, UTCP_SHAPER_A_BINDING_CLASS,
			    binding->class_name);
	if (binding->flags)
		request_u32(&r, UTCP_SHAPER_A_BINDING_FLAGS, binding->flags);
	return list_run_one(h, &r, LIBUTCP_SHAPER, &list, answer);
}

int utcp_shaper_bind(struct utcp_handle *h,
		     const struct utcp_shaper_binding *binding,
		     struct utcp_shaper_binding *made)
{
	return binding_run(h, UTCP_SHAPER_CMD_BINDING_ADD, binding, made);
}

int utcp_shaper_unbind(struct utcp_handle *h, const char *name,
		       uint32_t direction, struct utcp_shaper_binding *was)
{
	struct utcp_shaper_binding binding = { .direction = direction };

	memccpy(binding.name, name, 0, sizeof(binding.name) - 1);
	return binding_run(h, UTCP_SHAPER_CMD_BINDING_DEL, &binding, was);
}

int utcp_shaper_binding_list(struct utcp_handle *h, const char *name,
			     struct utcp_shaper_binding **bindings, size_t *n)
{
	struct nl_list list = { .size = sizeof(**bindings),
				.parse = parse_binding,
				.what = "binding" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_SHAPER, UTCP_SHAPER_CMD_BINDING_GET,
			   true);
	if (!err && name)
		request_str(&r, UTCP_SHAPER_A_BINDING_IFNAME, name);
	if (!err)
		err = list_run(h, &r, LIBUTCP_SHAPER, &list);
	*bindings = (struct utcp_shaper_binding *)list.records;
	*n = list.n;
	return err;
}
