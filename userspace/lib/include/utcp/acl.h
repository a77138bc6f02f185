/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Access lists: policies, their rules, and the ports that are bound to them.
 */
#ifndef LIBUTCP_ACL_H
#define LIBUTCP_ACL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/utcp_acl.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/* Longest name of a policy, comment, and owner. */
#define LIBUTCP_ACL_NAME_MAX 31
#define LIBUTCP_ACL_COMMENT_MAX 63
#define LIBUTCP_ACL_OWNER_MAX 31

/* Addresses of a sandbox, at most. */
#define LIBUTCP_ACL_ADDRS_MAX 16

/* Room for a rule as text, and for one of its values. */
#define LIBUTCP_ACL_RULE_TEXT 1024
#define LIBUTCP_ACL_VALUE_TEXT 160

/* Priority of a rule that does not say one. */
#define LIBUTCP_ACL_PRIORITY 1000

/**
 * enum utcp_acl_fields - what a rule, or the settings of a policy, say
 * @LIBUTCP_ACL_ETHERTYPE: ethertype
 * @LIBUTCP_ACL_VLAN: vlan
 * @LIBUTCP_ACL_SRC_MAC: src_mac
 * @LIBUTCP_ACL_DST_MAC: dst_mac
 * @LIBUTCP_ACL_SRC4: src, whose first four bytes are an address of IPv4
 * @LIBUTCP_ACL_SRC6: src, an address of IPv6
 * @LIBUTCP_ACL_DST4: as LIBUTCP_ACL_SRC4, of dst
 * @LIBUTCP_ACL_DST6: as LIBUTCP_ACL_SRC6, of dst
 * @LIBUTCP_ACL_PROTO: proto
 * @LIBUTCP_ACL_SRC_PORT: src_port
 * @LIBUTCP_ACL_DST_PORT: dst_port
 * @LIBUTCP_ACL_ICMP_TYPE: icmp_type
 * @LIBUTCP_ACL_ICMP_CODE: icmp_code
 * @LIBUTCP_ACL_TCP_FLAGS: tcp_flags and tcp_mask
 * @LIBUTCP_ACL_DSCP: dscp
 * @LIBUTCP_ACL_CLASS: class
 * @LIBUTCP_ACL_MARK: mark
 * @LIBUTCP_ACL_COMMENT: comment
 * @LIBUTCP_ACL_OWNER: owner
 * @LIBUTCP_ACL_IN: in, of a policy
 * @LIBUTCP_ACL_OUT: out, of a policy
 * @LIBUTCP_ACL_LAST_HIT: last_hit; set by the library
 * @LIBUTCP_ACL_EXPIRES: expires
 * @LIBUTCP_ACL_SRC_SET: src_set
 * @LIBUTCP_ACL_DST_SET: dst_set
 * @LIBUTCP_ACL_LOG: of a rule, that it tells of frames; log, of a policy
 * @LIBUTCP_ACL_UTCP: the rule is about identities; dst_port are services
 * @LIBUTCP_ACL_SRC_CELL: src, a CellID; with LIBUTCP_ACL_UTCP
 * @LIBUTCP_ACL_DST_CELL: dst, a CellID; with LIBUTCP_ACL_UTCP
 * @LIBUTCP_ACL_DEV: dev
 * @LIBUTCP_ACL_KEEP: of settings of a policy, that a load keeps what rules about
 *	identities have allowed before
 */
enum utcp_acl_fields {
	LIBUTCP_ACL_ETHERTYPE = 1 << 0,
	LIBUTCP_ACL_VLAN = 1 << 1,
	LIBUTCP_ACL_SRC_MAC = 1 << 2,
	LIBUTCP_ACL_DST_MAC = 1 << 3,
	LIBUTCP_ACL_SRC4 = 1 << 4,
	LIBUTCP_ACL_SRC6 = 1 << 5,
	LIBUTCP_ACL_DST4 = 1 << 6,
	LIBUTCP_ACL_DST6 = 1 << 7,
	LIBUTCP_ACL_PROTO = 1 << 8,
	LIBUTCP_ACL_SRC_PORT = 1 << 9,
	LIBUTCP_ACL_DST_PORT = 1 << 10,
	LIBUTCP_ACL_ICMP_TYPE = 1 << 11,
	LIBUTCP_ACL_ICMP_CODE = 1 << 12,
	LIBUTCP_ACL_TCP_FLAGS = 1 << 13,
	LIBUTCP_ACL_DSCP = 1 << 14,
	LIBUTCP_ACL_CLASS = 1 << 15,
	LIBUTCP_ACL_MARK = 1 << 16,
	LIBUTCP_ACL_COMMENT = 1 << 17,
	LIBUTCP_ACL_OWNER = 1 << 18,
	LIBUTCP_ACL_IN = 1 << 19,
	LIBUTCP_ACL_OUT = 1 << 20,
	LIBUTCP_ACL_LAST_HIT = 1 << 21,
	LIBUTCP_ACL_EXPIRES = 1 << 22,
	LIBUTCP_ACL_LOG = 1 << 23,
	LIBUTCP_ACL_SRC_SET = 1 << 24,
	LIBUTCP_ACL_DST_SET = 1 << 25,
	LIBUTCP_ACL_UTCP = 1 << 26,
	LIBUTCP_ACL_SRC_CELL = 1 << 27,
	LIBUTCP_ACL_DST_CELL = 1 << 28,
	LIBUTCP_ACL_KEEP = 1 << 29,
	LIBUTCP_ACL_DEV = 1 << 30,
};

/**
 * struct utcp_acl_rule - a rule
 * @handle: its number in its namespace; set by the kernel
 * @priority: the lowest decides, among equals the lowest handle
 * @direction: enum utcp_acl_direction
 * @verdict: enum utcp_acl_verdict
 * @fields: which of the others count (enum utcp_acl_fields)
 * @ethertype: EtherType
 * @vlan: VID of the outermost VLAN tag
 * @src_mac: source address of the Ethernet header
 * @dst_mac: destination address of the Ethernet header
 * @src: source prefix; or CellID of the one that begins
 * @src_len: its length in bits
 * @dst: destination prefix; or CellID of the other
 * @dst_len: its length in bits
 * @proto: protocol of IP
 * @src_port: lowest and highest source port
 * @dst_port: lowest and highest destination port
 * @icmp_type: type of an ICMP message
 * @icmp_code: its code
 * @tcp_flags: flags that are set, of those in @tcp_mask
 * @tcp_mask: flags that are looked at
 * @dscp: differentiated services code point
 * @class: shaper class
 * @mark: mark
 * @comment: for people; printable ASCII
 * @owner: to whom it belongs; printable ASCII
 * @packets: frames that it has decided
 * @bytes: their bytes
 * @last_hit: milliseconds since the last one
 * @expires: milliseconds until it goes by itself
 * @src_set: name of a set that has the source
 * @dst_set: name of a set that has the destination
 * @dev: name of the device by which frames come or go; printable ASCII
 */
struct utcp_acl_rule {
	uint64_t handle;
	uint32_t priority;
	uint32_t direction;
	uint32_t verdict;
	uint32_t fields;
	uint32_t ethertype;
	uint32_t vlan;
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
	uint8_t src[16];
	uint32_t src_len;
	uint8_t dst[16];
	uint32_t dst_len;
	uint32_t proto;
	uint32_t src_port[2];
	uint32_t dst_port[2];
	uint32_t icmp_type;
	uint32_t icmp_code;
	uint32_t tcp_flags;
	uint32_t tcp_mask;
	uint32_t dscp;
	uint32_t class;
	uint32_t mark;
	char comment[LIBUTCP_ACL_COMMENT_MAX + 1];
	char owner[LIBUTCP_ACL_OWNER_MAX + 1];
	uint64_t packets;
	uint64_t bytes;
	uint64_t last_hit;
	uint64_t expires;
	char src_set[LIBUTCP_ACL_NAME_MAX + 1];
	char dst_set[LIBUTCP_ACL_NAME_MAX + 1];
	char dev[16];
};

/**
 * struct utcp_acl_set - a set that rules name
 * @name: its name; printable ASCII
 * @type: enum utcp_acl_set_type
 * @max: how many elements it may have
 * @elems: how many it has
 * @users: how many rules name it
 */
struct utcp_acl_set {
	char name[LIBUTCP_ACL_NAME_MAX + 1];
	uint32_t type;
	uint32_t max;
	uint32_t elems;
	uint32_t users;
};

/**
 * struct utcp_acl_elem - an element of a set
 * @is6: @addr is of IPv6
 * @is_cell: @addr is a CellID
 * @has_port: @port counts
 * @addr: address; the first four bytes are one of IPv4
 * @len: length of the prefix in bits
 * @port: port
 * @expires: milliseconds until it goes by itself; 0: it stays
 */
struct utcp_acl_elem {
	bool is6;
	bool is_cell;
	bool has_port;
	uint8_t addr[16];
	uint32_t len;
	uint32_t port;
	uint64_t expires;
};

/**
 * struct utcp_acl_policy - a policy
 * @name: its name; printable ASCII
 * @fields: in settings, which members count (enum utcp_acl_fields)
 * @in: what becomes of frames to the sandbox that no rule matches (enum
 *      utcp_acl_verdict)
 * @out: what becomes of those of the sandbox
 * @comment: for people; printable ASCII
 * @owner: to whom it belongs; printable ASCII
 * @generation: changes with every change
 * @rules: how many rules it has
 * @users: how many ports are bound to it
 * @log: 1: frames that no rule matches and that are dropped are told of
 * @confirm: in a load, the milliseconds within which it is to be confirmed, or 0; in
 *	answers, how many of them are left
 * @kept: how many rules about identities are no more whose connections may go on
 */
struct utcp_acl_policy {
	char name[LIBUTCP_ACL_NAME_MAX + 1];
	uint32_t fields;
	uint32_t in;
	uint32_t out;
	char comment[LIBUTCP_ACL_COMMENT_MAX + 1];
	char owner[LIBUTCP_ACL_OWNER_MAX + 1];
	uint32_t generation;
	uint32_t rules;
	uint32_t users;
	uint32_t log;
	uint32_t confirm;
	uint32_t kept;
};

/**
 * struct utcp_acl_log - what was decided about a frame
 * @ifindex: index of the port's device
 * @name: its name; printable ASCII
 * @policy: name of the policy; printable ASCII
 * @handle: number of the rule that decided; 0: the default
 * @reason: why it was dropped (enum utcp_acl_drop_reason); 0: it was not
 * @missed: how many were not told of before, because there were too many
 * @netns: inode number of the namespace that has the device, where what is imposed on
 *         it has decided; or 0
 * @decider: in traces, what has decided (enum utcp_acl_decider)
 * @packet: the frame, or two cells that want to talk: a rule that it alone meets, with
 *	what was decided as verdict
 */
struct utcp_acl_log {
	uint32_t ifindex;
	char name[16];
	char policy[LIBUTCP_ACL_NAME_MAX + 1];
	uint64_t handle;
	uint32_t reason;
	uint64_t missed;
	uint32_t netns;
	uint32_t decider;
	struct utcp_acl_rule packet;
};

/**
 * struct utcp_acl_counters - frames of one direction
 * @frames: frames that were decided
 * @allowed: of these, those that went on
 * @rejected: of those that were dropped, those that were answered
 * @drops: of @frames, those that were dropped, by enum utcp_acl_drop_reason; [0] are
 *         those with reasons newer than this library
 */
struct utcp_acl_counters {
	uint64_t frames;
	uint64_t allowed;
	uint64_t rejected;
	uint64_t drops[UTCP_ACL_DROP_REASON_MAX + 1];
};

/**
 * struct utcp_acl_address - an address of a sandbox
 * @is6: it is of IPv6
 * @addr: the address; the first four bytes are one of IPv4
 */
struct utcp_acl_address {
	bool is6;
	uint8_t addr[16];
};

/**
 * struct utcp_acl_binding - a port, or a namespace, that is bound to a policy
 * @ifindex: index of its device; 0 in the sum of a namespace, and of what is no port
 * @name: name of its device; printable ASCII; "" for what is no port
 * @policy: name of the policy; printable ASCII; "" of what is imposed, for who is inside
 * @in: frames to the sandbox
 * @out: frames of the sandbox
 * @has_mac: the sandbox sends by its own addresses only: @mac and @addr
 * @mac: its MAC address
 * @addrs: how many addresses there are in @addr
 * @addr: they
 * @kind: what is bound (enum utcp_acl_binding_kind)
 * @netns: inode number of the namespace of what is imposed, or 0
 * @devices: of a namespace, how many devices have hooks
 */
struct utcp_acl_binding {
	uint32_t ifindex;
	char name[16];
	char policy[LIBUTCP_ACL_NAME_MAX + 1];
	struct utcp_acl_counters in;
	struct utcp_acl_counters out;
	bool has_mac;
	uint8_t mac[6];
	uint32_t addrs;
	struct utcp_acl_address addr[LIBUTCP_ACL_ADDRS_MAX];
	uint32_t kind;
	uint32_t netns;
	uint32_t devices;
};

/**
 * utcp_acl_binding_own() - say what is a sandbox's own
 * @binding: the binding
 * @word: "mac" or "addr"
 * @value: a MAC address, or addresses with commas between them
 *
 * Return: NULL, or what is wrong.
 */
const char *utcp_acl_binding_own(struct utcp_acl_binding *binding,
				 const char *word, const char *value);

/**
 * utcp_acl_binding_addrs() - addresses as utcp_acl_binding_own() reads them
 * @binding: the binding
 * @text: gets the text
 */
void utcp_acl_binding_addrs(const struct utcp_acl_binding *binding,
			    char text[LIBUTCP_ACL_RULE_TEXT]);

/**
 * struct utcp_acl_filter - which rules
 * @direction: those of this direction, or 0
 * @verdict: those with this verdict, or 0
 * @handle: the one with this number, or 0
 * @owner: those of this owner, or NULL
 */
struct utcp_acl_filter {
	uint32_t direction;
	uint32_t verdict;
	uint64_t handle;
	const char *owner;
};

/**
 * utcp_acl_log_rule() - the rule that would have let a frame pass
 * @log: what was decided about the frame
 * @rule: set to a rule about the other side and what was asked of it
 */
void utcp_acl_log_rule(const struct utcp_acl_log *log,
		       struct utcp_acl_rule *rule);

/* --- sets -------------------------------------------------------------------- */

/**
 * utcp_acl_set_type() - names of types of sets
 * @type: enum utcp_acl_set_type
 *
 * Return: the name, or NULL if there is none.
 */
const char *utcp_acl_set_type(uint32_t type);

/**
 * utcp_acl_elem_set() - read an element
 * @elem: set to it; it stays
 * @text: an address, a prefix, an address and port (10.0.0.1:80, [fd00::1]:80), or a
 *	CellID
 *
 * Return: NULL, or what is wrong.
 */
const char *utcp_acl_elem_set(struct utcp_acl_elem *elem, const char *text);

/**
 * utcp_acl_elem_format() - an element as utcp_acl_elem_set() reads it
 * @elem: the element
 * @text: gets the text
 */
void utcp_acl_elem_format(const struct utcp_acl_elem *elem,
			  char text[LIBUTCP_ACL_VALUE_TEXT]);

/**
 * utcp_acl_time_set() - read a time
 * @text: a number and a unit: ms, s, m, h or d
 * @ms: set to it, in milliseconds
 *
 * Return: NULL, or what is wrong.
 */
const char *utcp_acl_time_set(const char *text, uint64_t *ms);

/**
 * utcp_acl_time_get() - a time as utcp_acl_time_set() reads it
 * @ms: milliseconds
 * @text: gets the text, in the longest unit that says it exactly
 */
void utcp_acl_time_get(uint64_t ms, char text[LIBUTCP_ACL_VALUE_TEXT]);

/**
 * utcp_acl_set_new() - make a set
 * @handle: an open handle
 * @name: its name
 * @type: enum utcp_acl_set_type
 * @max: how many elements it may have; 0: as many as there can be
 * @set: if not NULL, set to the set
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_set_new(struct utcp_handle *handle, const char *name,
		     uint32_t type, uint32_t max, struct utcp_acl_set *set);

/**
 * utcp_acl_set_del() - remove a set that no rule names
 * @handle: an open handle
 * @name: its name
 * @set: if not NULL, set to the set as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_set_del(struct utcp_handle *handle, const char *name,
		     struct utcp_acl_set *set);

/**
 * utcp_acl_set_list() - list the sets of the namespace
 * @handle: an open handle
 * @sets: set to an array, to be freed with free()
 * @n: set to their number
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_set_list(struct utcp_handle *handle, struct utcp_acl_set **sets,
		      size_t *n);

/**
 * utcp_acl_elem_add() - add an element, or give one another end
 * @handle: an open handle
 * @set: name of the set
 * @elem: the element
 * @made: if not NULL, set to it
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_elem_add(struct utcp_handle *handle, const char *set,
		      const struct utcp_acl_elem *elem,
		      struct utcp_acl_elem *made);

/**
 * utcp_acl_elem_del() - remove an element
 * @handle: an open handle
 * @set: name of the set
 * @elem: the element; its end does not count
 * @was: if not NULL, set to it
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_elem_del(struct utcp_handle *handle, const char *set,
		      const struct utcp_acl_elem *elem,
		      struct utcp_acl_elem *was);

/**
 * utcp_acl_elem_each() - go through the elements of a set, in no order
 * @handle: an open handle
 * @set: name of the set
 * @take: called for each; a negative errno ends it
 * @arg: for @take
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_elem_each(struct utcp_handle *handle, const char *set,
		       int (*take)(const struct utcp_acl_elem *elem, void *arg),
		       void *arg);

/* --- rules as text ---------------------------------------------------------- */

/**
 * utcp_acl_word() - the words that rules are made of, besides direction and verdict
 * @index: from 0
 *
 * Return: a word, or NULL at the end.
 */
const char *utcp_acl_word(size_t index);

/**
 * utcp_acl_direction() - names of directions
 * @direction: enum utcp_acl_direction
 *
 * Return: the name, or NULL if there is none.
 */
const char *utcp_acl_direction(uint32_t direction);

/**
 * utcp_acl_verdict() - names of verdicts
 * @verdict: enum utcp_acl_verdict
 *
 * Return: the name, or NULL if there is none.
 */
const char *utcp_acl_verdict(uint32_t verdict);

/**
 * utcp_acl_drop_reason() - names of reasons for which frames are dropped
 * @reason: enum utcp_acl_drop_reason
 *
 * Return: the name; "unknown" if there is none.
 */
const char *utcp_acl_drop_reason(uint32_t reason);

/**
 * utcp_acl_proto() - names of protocols
 * @proto: number of the protocol
 *
 * Return: the name, as in rules, or NULL if it has none there.
 */
const char *utcp_acl_proto(uint32_t proto);

/**
 * utcp_acl_rule_set() - have a rule say something
 * @rule: the rule
 * @word: which of the words
 * @value: its value as text; a cell may be said by its name in LIBUTCP_CELLNAMES_FILE, if
 *         that has a letter, and the rule has its CellID
 *
 * Return: NULL, or what is wrong with the value, valid until the thread's next call.
 */
const char *utcp_acl_rule_set(struct utcp_acl_rule *rule, size_t word,
			      const char *value);

/**
 * utcp_acl_rule_get() - what a rule says
 * @rule: the rule
 * @word: which of the words
 * @value: set to the value as text, without quotes
 *
 * Return: whether it says it.
 */
bool utcp_acl_rule_get(const struct utcp_acl_rule *rule, size_t word,
		       char value[LIBUTCP_ACL_VALUE_TEXT]);

/**
 * utcp_acl_rule_format() - a rule as a line of text
 * @rule: the rule
 * @text: set to the line, without a newline; handle and counters are not in it
 */
void utcp_acl_rule_format(const struct utcp_acl_rule *rule,
			  char text[LIBUTCP_ACL_RULE_TEXT]);

/* --- policies ---------------------------------------------------------------- */

/**
 * utcp_acl_policy_new() - make a policy
 * @handle: an open handle
 * @settings: its name and settings
 * @policy: if not NULL, set to the policy
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_policy_new(struct utcp_handle *handle,
			const struct utcp_acl_policy *settings,
			struct utcp_acl_policy *policy);

/**
 * utcp_acl_policy_set() - change settings of a policy
 * @handle: an open handle
 * @settings: its name, and the settings that change
 * @policy: if not NULL, set to the policy
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_policy_set(struct utcp_handle *handle,
			const struct utcp_acl_policy *settings,
			struct utcp_acl_policy *policy);

/**
 * utcp_acl_policy_del() - remove a policy to which no port is bound
 * @handle: an open handle
 * @name: its name
 * @policy: if not NULL, set to the policy as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_policy_del(struct utcp_handle *handle, const char *name,
			struct utcp_acl_policy *policy);

/**
 * utcp_acl_policy_get() - get one policy
 * @handle: an open handle
 * @name: its name
 * @policy: set to the policy
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_policy_get(struct utcp_handle *handle, const char *name,
			struct utcp_acl_policy *policy);

/**
 * utcp_acl_policy_list() - get the policies of the namespace
 * @handle: an open handle
 * @policies: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_policy_list(struct utcp_handle *handle,
			 struct utcp_acl_policy **policies, size_t *n);

/* --- rules --------------------------------------------------------------------- */

/**
 * utcp_acl_rule_add() - add a rule
 * @handle: an open handle
 * @policy: name of its policy
 * @rule: the rule
 * @made: if not NULL, set to the rule with its handle
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_rule_add(struct utcp_handle *handle, const char *policy,
		      const struct utcp_acl_rule *rule,
		      struct utcp_acl_rule *made);

/**
 * utcp_acl_rule_del() - remove a rule
 * @handle: an open handle
 * @policy: name of its policy
 * @rule: its handle
 * @keep: what a rule about identities has allowed goes on
 * @was: if not NULL, set to the rule with its last counters
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_rule_del(struct utcp_handle *handle, const char *policy,
		      uint64_t rule, bool keep, struct utcp_acl_rule *was);

/**
 * utcp_acl_rule_each() - get the rules of a policy, in the order of being asked
 * @handle: an open handle
 * @policy: name of the policy
 * @filter: which, or NULL for all
 * @take: called for each; returns 0, or a negative errno to end
 * @arg: for @take
 *
 * Nothing is kept: a policy may have very many. If it changes meanwhile, the call
 * fails with LIBUTCP_E_BUSY when it is through, and what was taken may miss rules
 * or have them twice.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_rule_each(struct utcp_handle *handle, const char *policy,
		       const struct utcp_acl_filter *filter,
		       int (*take)(const struct utcp_acl_rule *rule, void *arg),
		       void *arg);

/**
 * utcp_acl_load() - replace a policy as a whole, or make it
 * @handle: an open handle
 * @settings: its name and settings; those that it does not say get their default
 * @rules: all its rules
 * @n: how many
 * @policy: if not NULL, set to the policy
 * @refused: set to the number of the rule that the kernel refused, from 0; to @n if
 *           it was not one rule
 *
 * All of it is in force at once, or, on failure, none.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_load(struct utcp_handle *handle,
		  const struct utcp_acl_policy *settings,
		  const struct utcp_acl_rule *rules, size_t n,
		  struct utcp_acl_policy *policy, size_t *refused);

/**
 * utcp_acl_check() - would the kernel take a policy?
 * @handle: an open handle
 * @settings: as for utcp_acl_load()
 * @rules: as for utcp_acl_load()
 * @n: as for utcp_acl_load()
 * @refused: as for utcp_acl_load()
 *
 * Nothing is changed. A policy that needs more tables than the classifier has is
 * refused by utcp_acl_load() only.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_check(struct utcp_handle *handle,
		   const struct utcp_acl_policy *settings,
		   const struct utcp_acl_rule *rules, size_t n,
		   size_t *refused);

/**
 * utcp_acl_confirm() - keep what a load has made of a policy
 * @handle: an open handle
 * @name: name of the policy
 * @policy: if not NULL, set to the policy
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_confirm(struct utcp_handle *handle, const char *name,
		     struct utcp_acl_policy *policy);

/**
 * struct utcp_acl_step - one rule that was asked about a packet
 * @rule: the rule; its handle is 0 if it is the default that decides
 * @unmet: number of its attribute that the packet does not match; 0: it decides
 * @verdict: what is decided (enum utcp_acl_verdict), if it decides
 */
struct utcp_acl_step {
	struct utcp_acl_rule rule;
	uint32_t unmet;
	uint32_t verdict;
};

/**
 * utcp_acl_unmet() - the word of a rule that a packet does not match
 * @attribute: number of the attribute
 *
 * Return: the word; "unknown" if there is none.
 */
const char *utcp_acl_unmet(uint32_t attribute);

/**
 * utcp_acl_test() - ask which rule decides about a packet of no flow
 * @handle: an open handle
 * @policy: name of the policy
 * @packet: a rule that the packet alone meets; its verdict does not count
 * @take: called for each rule that is asked, in order; the last one decides. A
 *        negative errno ends it
 * @arg: for @take
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_test(struct utcp_handle *handle, const char *policy,
		  const struct utcp_acl_rule *packet,
		  int (*take)(const struct utcp_acl_step *step, void *arg),
		  void *arg);

/* --- bindings -------------------------------------------------------------------- */

/**
 * utcp_acl_bind() - have a policy decide a port's frames
 * @handle: an open handle
 * @like: name of the port's device, name of the policy, and what is the sandbox's
 *        own; the rest does not count
 * @binding: if not NULL, set to the binding
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_bind(struct utcp_handle *handle,
		  const struct utcp_acl_binding *like,
		  struct utcp_acl_binding *binding);

/**
 * utcp_acl_unbind() - have no policy decide a port's frames
 * @handle: an open handle
 * @port: name of the port's device
 * @binding: if not NULL, set to the binding as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_unbind(struct utcp_handle *handle, const char *port,
		    struct utcp_acl_binding *binding);

/**
 * utcp_acl_ns_bind() - have a policy decide the frames of a whole namespace
 * @handle: an open handle
 * @netns: on which it is imposed: a name under /run/netns, or a path if it has a slash
 *         in it; or NULL: the handle's own
 * @policy: name of the policy
 * @binding: if not NULL, set to the binding
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_ns_bind(struct utcp_handle *handle, const char *netns,
		     const char *policy, struct utcp_acl_binding *binding);

/**
 * utcp_acl_ns_unbind() - have no policy decide the frames of a whole namespace
 * @handle: an open handle
 * @netns: as in utcp_acl_ns_bind()
 * @binding: if not NULL, set to the binding as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_ns_unbind(struct utcp_handle *handle, const char *netns,
		       struct utcp_acl_binding *binding);

/**
 * utcp_acl_binding_list() - get the bindings of the namespace
 * @handle: an open handle
 * @policy: those to this policy, or NULL for all
 * @bindings: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_binding_list(struct utcp_handle *handle, const char *policy,
			  struct utcp_acl_binding **bindings, size_t *n);

/**
 * utcp_acl_stats() - get the counters of all bindings of the namespace together
 * @handle: an open handle
 * @sum: set to them; it has no names
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_acl_stats(struct utcp_handle *handle, struct utcp_acl_binding *sum);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
