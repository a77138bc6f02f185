/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Classes of the shaper, and what is bound to them.
 */
#ifndef LIBUTCP_SHAPER_H
#define LIBUTCP_SHAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/utcp_shaper.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_shaper_stats - numbers of a class
 * @frames: frames that came
 * @packets: of these, those that went on
 * @bytes: their bytes on the wire
 * @backlog_packets: frames that wait
 * @backlog_bytes: their bytes
 * @marks: frames marked by ECN
 * @borrowed: bytes beyond the guarantee, of frames that had waited
 * @throttled: microseconds in which frames waited
 * @sojourn_p50: microseconds that half of the frames waited at most
 * @sojourn_p99: microseconds that 99 of a hundred did
 * @rate_1s: bits per second, in the last second
 * @rate_10s: bits per second, in the last ten
 * @drops: frames dropped, by enum utcp_shaper_drop_reason; 0: for a reason that is
 *	newer than this library
 */
struct utcp_shaper_stats {
	uint64_t frames;
	uint64_t packets;
	uint64_t bytes;
	uint64_t backlog_packets;
	uint64_t backlog_bytes;
	uint64_t marks;
	uint64_t borrowed;
	uint64_t throttled;
	uint32_t sojourn_p50;
	uint32_t sojourn_p99;
	uint64_t rate_1s;
	uint64_t rate_10s;
	uint64_t drops[UTCP_SHAPER_DROP_REASON_MAX + 1];
};

/**
 * struct utcp_shaper_class - a class
 * @id: its number
 * @name: its name; printable ASCII
 * @parent: name of the class above; "" if there is none
 * @bw_min: bits per second guaranteed; 0: none
 * @bw_max: bits per second at most; 0: no bound of its own
 * @burst: microseconds of its rate that it may save up
 * @priority: among its siblings, lower first
 * @weight: among those of its priority
 * @queue_bytes: bytes that may wait
 * @queue_time: milliseconds that a frame may wait
 * @overhead: bytes of each frame on the wire beyond its own
 * @children: classes right below it
 * @bindings: directions of ports bound to it
 * @waiting: frames have waited for the whole last second
 * @stats: its numbers
 */
struct utcp_shaper_class {
	uint32_t id;
	char name[32];
	char parent[32];
	uint64_t bw_min;
	uint64_t bw_max;
	uint32_t burst;
	uint32_t priority;
	uint32_t weight;
	uint32_t queue_bytes;
	uint32_t queue_time;
	uint32_t overhead;
	uint32_t children;
	uint32_t bindings;
	bool waiting;
	struct utcp_shaper_stats stats;
};

/**
 * struct utcp_shaper_binding - a direction of a port is bound to a class
 * @ifindex: index of the port's device; set by the library
 * @name: its name; printable ASCII
 * @direction: enum utcp_shaper_direction
 * @class_name: name of the class
 * @flags: enum utcp_shaper_binding_flags
 * @waiting: its frames that wait; set by the library
 * @net_shaper: the device could limit rates itself, by the kernel's net-shaper family;
 *	set by the library
 */
struct utcp_shaper_binding {
	uint32_t ifindex;
	char name[16];
	uint32_t direction;
	char class_name[32];
	uint32_t flags;
	uint32_t waiting;
	bool net_shaper;
};

/**
 * utcp_shaper_class_add() - make a class
 * @handle: an open handle
 * @cls: its name, and what @set tells
 * @set: a bit, 1 << UTCP_SHAPER_A_CLASS_*, for each member from @id to @overhead
 *	that is set; the others are the kernel's defaults
 * @made: if not NULL, set to the class
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_class_add(struct utcp_handle *handle,
			  const struct utcp_shaper_class *cls, uint32_t set,
			  struct utcp_shaper_class *made);

/**
 * utcp_shaper_class_set() - change a class
 * @handle: an open handle
 * @cls: its name, and what @set tells
 * @set: as for utcp_shaper_class_add(), without id and parent
 * @made: if not NULL, set to the class
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_class_set(struct utcp_handle *handle,
			  const struct utcp_shaper_class *cls, uint32_t set,
			  struct utcp_shaper_class *made);

/**
 * utcp_shaper_class_del() - remove a class
 * @handle: an open handle
 * @name: its name
 * @was: if not NULL, set to the class as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_class_del(struct utcp_handle *handle, const char *name,
			  struct utcp_shaper_class *was);

/**
 * utcp_shaper_class_get() - get one class
 * @handle: an open handle
 * @name: its name
 * @cls: set to it
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_class_get(struct utcp_handle *handle, const char *name,
			  struct utcp_shaper_class *cls);

/**
 * utcp_shaper_class_list() - get all classes, or those right below one
 * @handle: an open handle
 * @parent: name of the class above; NULL for all of the namespace
 * @classes: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_class_list(struct utcp_handle *handle, const char *parent,
			   struct utcp_shaper_class **classes, size_t *n);

/**
 * utcp_shaper_bind() - bind a direction of a port to a class
 * @handle: an open handle
 * @binding: which; all but what the library sets
 * @made: if not NULL, set to the binding
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_bind(struct utcp_handle *handle,
		     const struct utcp_shaper_binding *binding,
		     struct utcp_shaper_binding *made);

/**
 * utcp_shaper_unbind() - let a direction of a port go unshaped
 * @handle: an open handle
 * @name: name of the port's device
 * @direction: enum utcp_shaper_direction
 * @was: if not NULL, set to the binding as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_unbind(struct utcp_handle *handle, const char *name,
		       uint32_t direction, struct utcp_shaper_binding *was);

/**
 * utcp_shaper_binding_list() - get the bindings of a port, or of all
 * @handle: an open handle
 * @name: name of the port's device; NULL for all ports of the namespace
 * @bindings: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_shaper_binding_list(struct utcp_handle *handle, const char *name,
			     struct utcp_shaper_binding **bindings, size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
