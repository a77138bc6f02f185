/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events: every change that the modules report, and an explicit sign when some
 * were lost.
 */
#ifndef LIBUTCP_MONITOR_H
#define LIBUTCP_MONITOR_H

#include <stdint.h>

#include <utcp/acl.h>
#include <utcp/cell.h>
#include <utcp/family.h>
#include <utcp/grant.h>
#include <utcp/info.h>
#include <utcp/peer.h>
#include <utcp/port.h>
#include <utcp/rings.h>
#include <utcp/shaper.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;
struct utcp_monitor;

/**
 * enum utcp_event_type - what happened
 * @LIBUTCP_EVENT_LOST: the kernel had to drop events, how many is not known;
 *                      what was learnt before has to be asked for again
 * @LIBUTCP_EVENT_LOADED: the module of a family was loaded
 * @LIBUTCP_EVENT_UNLOADED: the module of a family was unloaded
 * @LIBUTCP_EVENT_LIMITS: limits changed; @utcp_event.info has all of them
 * @LIBUTCP_EVENT_PORT_ADD: a device became a port; @utcp_event.port
 * @LIBUTCP_EVENT_PORT_CHANGE: a port's flags, or its device's name, address, MTU
 *                             or state changed; @utcp_event.port has all of it
 * @LIBUTCP_EVENT_PORT_DEL: a port is no more; @utcp_event.port, with its last
 *                          counters
 * @LIBUTCP_EVENT_RING_ADD: a process bound a ring; @utcp_event.ring
 * @LIBUTCP_EVENT_RING_CHANGE: a ring begins or ceases to overflow;
 *                             @utcp_event.ring
 * @LIBUTCP_EVENT_RING_DEL: a ring is no more; @utcp_event.ring, with its last
 *                          counters
 * @LIBUTCP_EVENT_UNKNOWN: a kind of event that is newer than this library
 * @LIBUTCP_EVENT_GRANT_ADD: rings were granted to somebody; @utcp_event.grant
 * @LIBUTCP_EVENT_GRANT_DEL: a grant is no more; @utcp_event.grant
 * @LIBUTCP_EVENT_CELL_NEW: a cell was made; @utcp_event.cell
 * @LIBUTCP_EVENT_CELL_CHANGE: something of a cell changed; @utcp_event.cell has
 *                             all of it
 * @LIBUTCP_EVENT_CELL_DEL: a cell is no more; @utcp_event.cell as it was
 * @LIBUTCP_EVENT_PEER_NEW: there is a new peer; @utcp_event.peer
 * @LIBUTCP_EVENT_PEER_CHANGE: something happened to a peer, @utcp_peer.change says
 *                             what; @utcp_event.peer has all of it
 * @LIBUTCP_EVENT_PEER_DEL: a peer is no more; @utcp_event.peer as it was
 * @LIBUTCP_EVENT_POLICY_NEW: a policy was made; @utcp_event.policy
 * @LIBUTCP_EVENT_POLICY_CHANGE: a policy's settings changed, or all its rules were
 *                               replaced; @utcp_event.policy
 * @LIBUTCP_EVENT_POLICY_DEL: a policy is no more; @utcp_event.policy as it was
 * @LIBUTCP_EVENT_RULE_ADD: a rule was added; @utcp_event.rule, and the name in
 *                          @utcp_event.policy
 * @LIBUTCP_EVENT_RULE_DEL: a rule is no more, as LIBUTCP_EVENT_RULE_ADD
 * @LIBUTCP_EVENT_BIND_SET: a port was bound; @utcp_event.binding
 * @LIBUTCP_EVENT_BIND_DEL: a port is bound no more; @utcp_event.binding, with its
 *                          last counters
 * @LIBUTCP_EVENT_RULE_EXPIRE: a rule has come to its end, as
 *                             LIBUTCP_EVENT_RULE_DEL
 * @LIBUTCP_EVENT_ACL_LOG: a frame was decided that is to be told of;
 *                         @utcp_event.log
 * @LIBUTCP_EVENT_SET_NEW: a set was made; @utcp_event.set
 * @LIBUTCP_EVENT_SET_DEL: a set is no more; @utcp_event.set as it was
 * @LIBUTCP_EVENT_ELEM_ADD: an element was added; @utcp_event.elem, and the name of
 *                          its set in @utcp_event.set
 * @LIBUTCP_EVENT_ELEM_DEL: an element was removed, as LIBUTCP_EVENT_ELEM_ADD
 * @LIBUTCP_EVENT_ELEM_EXPIRE: an element has come to its end, as
 *                             LIBUTCP_EVENT_ELEM_ADD
 * @LIBUTCP_EVENT_POLICY_ROLLBACK: a load was not confirmed, and the policy is what
 *                                 it was; @utcp_event.policy
 * @LIBUTCP_EVENT_CLASS_ADD: a class was made; @utcp_event.cls
 * @LIBUTCP_EVENT_CLASS_CHANGE: a class was changed, or frames have waited in it for
 *                              a whole second, or do so no more; @utcp_event.cls
 * @LIBUTCP_EVENT_CLASS_DEL: a class is no more; @utcp_event.cls, with its last
 *                           numbers
 * @LIBUTCP_EVENT_SHAPER_BIND: a direction of a port was bound;
 *                             @utcp_event.class_binding
 * @LIBUTCP_EVENT_SHAPER_UNBIND: a binding is no more; @utcp_event.class_binding
 *                               as it was
 */
enum utcp_event_type {
	LIBUTCP_EVENT_LOST,
	LIBUTCP_EVENT_LOADED,
	LIBUTCP_EVENT_UNLOADED,
	LIBUTCP_EVENT_LIMITS,
	LIBUTCP_EVENT_PORT_ADD,
	LIBUTCP_EVENT_PORT_CHANGE,
	LIBUTCP_EVENT_PORT_DEL,
	LIBUTCP_EVENT_RING_ADD,
	LIBUTCP_EVENT_RING_CHANGE,
	LIBUTCP_EVENT_RING_DEL,
	LIBUTCP_EVENT_UNKNOWN,
	LIBUTCP_EVENT_GRANT_ADD,
	LIBUTCP_EVENT_GRANT_DEL,
	LIBUTCP_EVENT_CELL_NEW,
	LIBUTCP_EVENT_CELL_CHANGE,
	LIBUTCP_EVENT_CELL_DEL,
	LIBUTCP_EVENT_PEER_NEW,
	LIBUTCP_EVENT_PEER_CHANGE,
	LIBUTCP_EVENT_PEER_DEL,
	LIBUTCP_EVENT_POLICY_NEW,
	LIBUTCP_EVENT_POLICY_CHANGE,
	LIBUTCP_EVENT_POLICY_DEL,
	LIBUTCP_EVENT_RULE_ADD,
	LIBUTCP_EVENT_RULE_DEL,
	LIBUTCP_EVENT_BIND_SET,
	LIBUTCP_EVENT_BIND_DEL,
	LIBUTCP_EVENT_CLASS_ADD,
	LIBUTCP_EVENT_CLASS_CHANGE,
	LIBUTCP_EVENT_CLASS_DEL,
	LIBUTCP_EVENT_SHAPER_BIND,
	LIBUTCP_EVENT_SHAPER_UNBIND,
	LIBUTCP_EVENT_RULE_EXPIRE,
	LIBUTCP_EVENT_ACL_LOG,
	LIBUTCP_EVENT_SET_NEW,
	LIBUTCP_EVENT_SET_DEL,
	LIBUTCP_EVENT_ELEM_ADD,
	LIBUTCP_EVENT_ELEM_DEL,
	LIBUTCP_EVENT_ELEM_EXPIRE,
	LIBUTCP_EVENT_POLICY_ROLLBACK,
};

/**
 * struct utcp_event - one event
 * @type: what happened
 * @family: to which family; LIBUTCP_FAMILIES if events were lost
 * @command: number of the notification, if it is unknown
 * @info: for LIBUTCP_EVENT_LIMITS, otherwise NULL
 * @port: for the events of ports
 * @ring: for the events of rings
 * @grant: for the events of grants
 * @cell: for the events of cells
 * @peer: for the events of peers
 * @policy: for the events of policies; its name also for those of rules
 * @rule: for the events of rules
 * @log: for LIBUTCP_EVENT_ACL_LOG
 * @set: for the events of sets; its name also for those of elements
 * @elem: for the events of elements
 * @cls: for the events of classes
 * @binding: for the events of bindings to policies
 * @class_binding: for the events of bindings to classes
 */
struct utcp_event {
	enum utcp_event_type type;
	enum utcp_family family;
	uint8_t command;
	struct utcp_module_info *info;
	struct utcp_port port;
	struct utcp_ring_record ring;
	struct utcp_grant grant;
	struct utcp_cell cell;
	struct utcp_peer peer;
	struct utcp_acl_policy policy;
	struct utcp_acl_rule rule;
	struct utcp_acl_binding binding;
	struct utcp_acl_log log;
	struct utcp_acl_set set;
	struct utcp_acl_elem elem;
	struct utcp_shaper_class cls;
	struct utcp_shaper_binding class_binding;
};

/**
 * utcp_monitor_open() - subscribe to the events of some families
 * @handle: an open handle; it stays usable for requests and has to outlive the
 *          monitor, and errors of the monitor are reported through it
 * @mask: one bit, 1 << enum utcp_family, for each family that has to be there;
 *        0 for all that are or will be loaded, of which one has to be there now
 * @monitor: set to the monitor
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_monitor_open(struct utcp_handle *handle, unsigned int mask,
		      struct utcp_monitor **monitor);

/**
 * utcp_monitor_fd() - a descriptor to poll for input
 * @monitor: the monitor
 *
 * When it is readable, call utcp_monitor_next() with a timeout of 0 until it
 * returns 0.
 *
 * Return: the descriptor, which stays the monitor's.
 */
int utcp_monitor_fd(const struct utcp_monitor *monitor);

/**
 * utcp_monitor_next() - get the next event
 * @monitor: the monitor
 * @timeout_ms: how long to wait for it, -1 for ever
 * @event: set to the event, valid until the next call
 *
 * Return: 1 with an event, 0 if there was none in time, or a negative errno
 * with the reason in utcp_handle_error(). A malformed message is an error; the
 * monitor goes on behind it.
 */
int utcp_monitor_next(struct utcp_monitor *monitor, int timeout_ms,
		      const struct utcp_event **event);

/**
 * utcp_monitor_close() - end a subscription
 * @monitor: the monitor, or NULL
 */
void utcp_monitor_close(struct utcp_monitor *monitor);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
