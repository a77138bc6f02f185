/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sandboxes: network namespaces that are born closed.
 */
#ifndef LIBUTCP_SANDBOX_H
#define LIBUTCP_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <utcp/acl.h>
#include <utcp/shaper.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_error;
struct utcp_handle;

/* Longest name of a sandbox, and how many ports one can publish. */
#define LIBUTCP_SANDBOX_NAME_MAX 27
#define LIBUTCP_SANDBOX_PUBLISH_MAX 16

/* Longest path of a namespace that somebody else has made, with its NUL. */
#define LIBUTCP_SANDBOX_PATH_MAX 256

/* Longest name of a network, and of a container, of a container runtime. */
#define LIBUTCP_SANDBOX_LABEL_MAX 127

/* How many services of the host one can reach. */
#define LIBUTCP_SANDBOX_SERVICES_MAX 16

/* How many sandboxes wait in a pool at most. */
#define LIBUTCP_SANDBOX_POOL_MAX 256

/* The bridge of sandboxes that name none. */
#define LIBUTCP_SANDBOX_BRIDGE "utcp0"

/**
 * enum utcp_sandbox_mode - what a sandbox is connected to
 * @LIBUTCP_SANDBOX_NONE: nothing; it has its own loopback
 * @LIBUTCP_SANDBOX_BRIDGED: a bridge; it may talk to whom it likes
 * @LIBUTCP_SANDBOX_CUSTOM: a bridge; it may talk to whom rules allow
 * @LIBUTCP_SANDBOX_HOST_LOOPBACK: services of TCP on the host's loopback, and no link
 * @LIBUTCP_SANDBOX_ADOPTED: a link that somebody else has made; it may talk to whom
 *	rules allow
 */
enum utcp_sandbox_mode {
	LIBUTCP_SANDBOX_NONE,
	LIBUTCP_SANDBOX_BRIDGED,
	LIBUTCP_SANDBOX_CUSTOM,
	LIBUTCP_SANDBOX_HOST_LOOPBACK,
	LIBUTCP_SANDBOX_ADOPTED,
};

/**
 * enum utcp_sandbox_phase - how far a sandbox is
 * @LIBUTCP_SANDBOX_CREATING: it is being made, or its maker died
 * @LIBUTCP_SANDBOX_READY: it is complete
 * @LIBUTCP_SANDBOX_DELETING: it is being removed, or who did died
 * @LIBUTCP_SANDBOX_POOLED: it waits in a pool to become another one
 * @LIBUTCP_SANDBOX_DAMAGED: its file cannot be read, or another version wrote it: only its
 *	name is known. It can be deleted
 */
enum utcp_sandbox_phase {
	LIBUTCP_SANDBOX_CREATING,
	LIBUTCP_SANDBOX_READY,
	LIBUTCP_SANDBOX_DELETING,
	LIBUTCP_SANDBOX_POOLED,
	LIBUTCP_SANDBOX_DAMAGED,
};

/**
 * struct utcp_sandbox_prefix - a prefix of addresses, or an address and its prefix
 * @is6: it is of IPv6
 * @len: length of the prefix in bits; 0: there is none
 * @addr: the address; the first four bytes are one of IPv4
 */
struct utcp_sandbox_prefix {
	bool is6;
	uint32_t len;
	uint8_t addr[16];
};

/**
 * struct utcp_sandbox_publish - a port of the host that leads into a sandbox
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @host: port of the host
 * @port: port of the sandbox
 * @addr: address of the host that it leads in from; 0.0.0.0 or ::, with the length of an
 *	address: all of that family; @len 0: all
 */
struct utcp_sandbox_publish {
	uint8_t proto;
	uint16_t host;
	uint16_t port;
	struct utcp_sandbox_prefix addr;
};

/**
 * struct utcp_sandbox_route - a route of a sandbox
 * @dst: where it leads; @len 0: everywhere, in its family
 * @gateway: the way there, of the same family; @len 0: the bridge
 */
struct utcp_sandbox_route {
	struct utcp_sandbox_prefix dst;
	struct utcp_sandbox_prefix gateway;
};

/**
 * struct utcp_sandbox - a sandbox
 * @name: its name, which its namespace has under /run/netns, too
 * @id: number that names of its devices are made of
 * @mode: what it is connected to
 * @phase: how far it is
 * @host_ns: inode of the network namespace that its host's side lies in
 * @bridge: the bridge, or ""
 * @dev: the host's side of its link, or ""
 * @ifindex: index of @dev, with LIBUTCP_SANDBOX_ADOPTED; or 0
 * @netns: path of its namespace, if somebody else has made that; or ""
 * @netns_ino: with @netns, inode of that namespace; 0 until it has been opened
 * @netns_cookie: with @netns, its cookie, which no other ever has, unlike the inode; 0: not
 *	known
 * @ifname: name of the link in the sandbox, or "": eth0
 * @policy: the policy that it shares with others, or "": it has one of its name
 * @network: network of a container runtime that it belongs to, or ""
 * @container: container of that runtime, or ""
 * @mac: MAC address of its side
 * @addr4: its address of IPv4 and the length of the network's prefix
 * @addr6: its address of IPv6; @len is 0 if the host has none
 * @ll6: its link-local address
 * @gateway4: address of IPv4 of the bridge
 * @gateway6: address of IPv6 of the bridge
 * @rate_in: bits per second that it gets; 0: as many as there can be
 * @rate_out: bits per second that it sends; 0: as many as there can be
 * @has_cell: it has a cell of its own
 * @cell: CellID of that cell
 * @publish: ports of the host that lead into it
 * @n_publish: how many
 * @services: ports of the host's loopback that its own loopback leads to
 * @n_services: how many
 * @forwarder: the process that carries these connections, or 0
 * @forwarder_start: when it began, in clock ticks after boot
 * @runner: the process that the sandbox ends with, or 0
 * @runner_start: when it began, in clock ticks after boot
 */
struct utcp_sandbox {
	char name[LIBUTCP_SANDBOX_NAME_MAX + 1];
	uint32_t id;
	enum utcp_sandbox_mode mode;
	enum utcp_sandbox_phase phase;
	uint64_t host_ns;
	char bridge[16];
	char dev[16];
	uint32_t ifindex;
	char netns[LIBUTCP_SANDBOX_PATH_MAX];
	uint64_t netns_ino;
	uint64_t netns_cookie;
	char ifname[16];
	char policy[LIBUTCP_ACL_NAME_MAX + 1];
	char network[LIBUTCP_SANDBOX_LABEL_MAX + 1];
	char container[LIBUTCP_SANDBOX_LABEL_MAX + 1];
	uint8_t mac[6];
	struct utcp_sandbox_prefix addr4;
	struct utcp_sandbox_prefix addr6;
	struct utcp_sandbox_prefix ll6;
	struct utcp_sandbox_prefix gateway4;
	struct utcp_sandbox_prefix gateway6;
	uint64_t rate_in;
	uint64_t rate_out;
	bool has_cell;
	uint8_t cell[16];
	struct utcp_sandbox_publish publish[LIBUTCP_SANDBOX_PUBLISH_MAX];
	size_t n_publish;
	uint16_t services[LIBUTCP_SANDBOX_SERVICES_MAX];
	size_t n_services;
	pid_t forwarder;
	uint64_t forwarder_start;
	pid_t runner;
	uint64_t runner_start;
};

/**
 * struct utcp_sandbox_config - the sandbox that is wanted
 * @name: letters, digits, '.', '_' and '-', the first a letter or digit
 * @mode: what it is connected to
 * @bridge: the bridge; NULL: LIBUTCP_SANDBOX_BRIDGE
 * @subnet4: prefix of the bridge; @len 0: what it has, or the usual one
 * @subnet6: the same of IPv6
 * @rate_in: bits per second that it gets; 0: as many as there can be
 * @rate_out: bits per second that it sends; 0: as many as there can be
 * @burst_in: microseconds of @rate_in that it may save up; 0: the usual
 * @burst_out: the same of @rate_out
 * @mtu: MTU of its link; 0: the usual
 * @mac: MAC address of its side of the link; NULL: one of ours
 * @ip4: address of IPv4 that it gets; @len 0: any that is free. Unless @assigned, the
 *	length of its prefix does not count
 * @ip6: the same of IPv6
 * @assigned: addresses of the bridge are given out elsewhere: it gets @ip4, and @ip6 if
 *	that has a length, and routes are @routes
 * @gateway4: with @assigned, address of the bridge; @len 0: the first one
 * @gateway6: the same of IPv6
 * @routes: its routes, with @assigned; of families of which it has an address
 * @n_routes: how many
 * @no_masquerade: what it sends beyond the host keeps its address
 * @network: network of a container runtime that it belongs to, or NULL
 * @container: container of that runtime, or NULL
 * @cell: it gets a cell of its own, and UTCP on its link
 * @policy: the policy that decides about it, which is there already; NULL: it gets one
 *	of its own. With LIBUTCP_SANDBOX_CUSTOM and _ADOPTED
 * @rules: what it may send and get, if it has a policy of its own, with the same
 * @n_rules: how many
 * @publish: ports of the host that lead into it
 * @n_publish: how many
 * @netns: a namespace that somebody else has made, which the link leads to, or, with
 *	LIBUTCP_SANDBOX_ADOPTED, led to already: a name under /run/netns, or a path if it
 *	has a slash in it; or NULL
 * @ifname: the link's name there; NULL: eth0, or, with LIBUTCP_SANDBOX_ADOPTED, the only
 *	one
 * @dev: with LIBUTCP_SANDBOX_ADOPTED, the host's side of the link; NULL: that of
 *	@netns
 * @own: with LIBUTCP_SANDBOX_ADOPTED, its MAC address and addresses; NULL: those that
 *	the link has in @netns, or, without that, any
 * @services: ports of TCP of the host's loopback that its own loopback leads to, with
 *            LIBUTCP_SANDBOX_HOST_LOOPBACK
 * @n_services: how many
 * @ends_with_caller: it is a leftover when the calling process is no more
 */
struct utcp_sandbox_config {
	const char *name;
	enum utcp_sandbox_mode mode;
	const char *bridge;
	struct utcp_sandbox_prefix subnet4;
	struct utcp_sandbox_prefix subnet6;
	uint64_t rate_in;
	uint64_t rate_out;
	uint32_t burst_in;
	uint32_t burst_out;
	uint32_t mtu;
	const uint8_t *mac;
	struct utcp_sandbox_prefix ip4;
	struct utcp_sandbox_prefix ip6;
	bool assigned;
	struct utcp_sandbox_prefix gateway4;
	struct utcp_sandbox_prefix gateway6;
	const struct utcp_sandbox_route *routes;
	size_t n_routes;
	bool no_masquerade;
	const char *network;
	const char *container;
	bool cell;
	const char *policy;
	const struct utcp_acl_rule *rules;
	size_t n_rules;
	const struct utcp_sandbox_publish *publish;
	size_t n_publish;
	const char *netns;
	const char *ifname;
	const char *dev;
	const struct utcp_acl_binding *own;
	const uint16_t *services;
	size_t n_services;
	bool ends_with_caller;
};

/**
 * struct utcp_sandbox_change - what is to change of a sandbox
 * @has_mode: @mode counts
 * @mode: LIBUTCP_SANDBOX_BRIDGED or LIBUTCP_SANDBOX_CUSTOM
 * @has_rate_in: @rate_in counts
 * @has_rate_out: @rate_out counts
 * @rate_in: bits per second that it gets; 0: as many as there can be
 * @rate_out: bits per second that it sends; 0: as many as there can be
 */
struct utcp_sandbox_change {
	bool has_mode;
	enum utcp_sandbox_mode mode;
	bool has_rate_in;
	bool has_rate_out;
	uint64_t rate_in;
	uint64_t rate_out;
};

/**
 * struct utcp_sandbox_pool - sandboxes of a bridge that wait to be created
 * @bridge: the bridge
 * @size: how many there are to be
 * @ready: how many there are
 */
struct utcp_sandbox_pool {
	char bridge[16];
	uint32_t size;
	uint32_t ready;
};

/**
 * struct utcp_sandbox_way - numbers of one direction of a sandbox's link
 * @packets: packets that passed the device on the host's side; to the sandbox, those
 *	that were left after its policy and its class
 * @bytes: their bytes
 * @has_class: it has a rate
 * @cls: the class that it has it by
 */
struct utcp_sandbox_way {
	uint64_t packets;
	uint64_t bytes;
	bool has_class;
	struct utcp_shaper_class cls;
};

/**
 * struct utcp_sandbox_stats - numbers of a sandbox
 * @in: what it gets
 * @out: what it sends
 * @policy: what its policy has decided
 * @flows: flows that are remembered
 */
struct utcp_sandbox_stats {
	struct utcp_sandbox_way in;
	struct utcp_sandbox_way out;
	struct utcp_acl_binding policy;
	uint64_t flows;
};

/**
 * utcp_sandbox_mode_name() - names of modes
 * @mode: enum utcp_sandbox_mode
 *
 * Return: the name, or NULL if there is none.
 */
const char *utcp_sandbox_mode_name(size_t mode);

/**
 * utcp_sandbox_phase_name() - names of phases
 * @phase: enum utcp_sandbox_phase
 *
 * Return: the name, or NULL if there is none.
 */
const char *utcp_sandbox_phase_name(size_t phase);

/**
 * utcp_sandbox_create() - make a sandbox
 * @handle: a handle that is open on the caller's own namespace
 * @config: the sandbox
 * @sandbox: if not NULL, set to it
 *
 * All of it is there then, or nothing; if even undoing failed, what is left is a
 * leftover for utcp_sandbox_gc(). One at a time: others wait, up to the handle's
 * timeout. With services, the calling process forks.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_create(struct utcp_handle *handle,
			const struct utcp_sandbox_config *config,
			struct utcp_sandbox *sandbox);

/** LIBUTCP_SANDBOX_GRACE_MAX - how many milliseconds utcp_sandbox_kill() waits at most */
#define LIBUTCP_SANDBOX_GRACE_MAX 600000U

/**
 * utcp_sandbox_kill() - end the processes in a sandbox
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @grace_ms: how long they have from SIGTERM to SIGKILL, up to
 *            LIBUTCP_SANDBOX_GRACE_MAX; 0: none, it is SIGKILL at once
 * @n: set to how many there were
 *
 * These are all but the caller whose network namespace is the sandbox's, whoever has
 * started them. The sandbox stays; new ones may be started in it. One that was adopted
 * is refused: its processes are somebody else's.
 *
 * Return: 0 if none is left, or a negative errno with the reason in
 * utcp_handle_error(); -EBUSY if one does not end within five seconds of SIGKILL.
 */
int utcp_sandbox_kill(struct utcp_handle *handle, const char *name,
		      unsigned int grace_ms, size_t *n);

/**
 * utcp_sandbox_delete() - remove a sandbox, whatever is left of it
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @was: set to the sandbox as it was; its name is "" if there was none
 *
 * Processes inside go on, in a namespace without a name and a link.
 *
 * One that was adopted is for utcp_sandbox_release().
 *
 * Return: 0, also if there was none, or a negative errno with the reason in
 * utcp_handle_error().
 */
int utcp_sandbox_delete(struct utcp_handle *handle, const char *name,
			struct utcp_sandbox *was);

/**
 * utcp_sandbox_adopt() - close and shape a link that somebody else has made
 * @handle: a handle that is open on the caller's own namespace
 * @config: the sandbox, of mode LIBUTCP_SANDBOX_ADOPTED
 * @sandbox: if not NULL, set to it
 *
 * The link is found by its device on the host's side, or by its namespace, if it is one
 * of veth devices. It is closed but for what policy or rules allow, or nothing is done.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_adopt(struct utcp_handle *handle,
		       const struct utcp_sandbox_config *config,
		       struct utcp_sandbox *sandbox);

/**
 * utcp_sandbox_release() - leave a link that was adopted as it was before
 * @handle: a handle that is open on the caller's own namespace
 * @name: the sandbox's name
 * @was: set to the sandbox as it was; its name is "" if there was none
 *
 * Return: 0, also if there was none, or a negative errno with the reason in
 * utcp_handle_error().
 */
int utcp_sandbox_release(struct utcp_handle *handle, const char *name,
			 struct utcp_sandbox *was);

/**
 * utcp_sandbox_gc() - remove what sandboxes that are none any more have left behind
 * @handle: a handle that is open on the caller's own namespace
 * @take: called with each that was removed; or NULL
 * @arg: for @take
 *
 * These are those whose making or removing was interrupted, whose namespace is gone,
 * or that ended with a process that is no more.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error(); the others
 * have been removed nevertheless.
 */
int utcp_sandbox_gc(struct utcp_handle *handle,
		    void (*take)(const struct utcp_sandbox *was, void *arg),
		    void *arg);

/**
 * utcp_sandbox_set() - change a sandbox
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @change: what is to change
 * @sandbox: if not NULL, set to it as it is then
 *
 * It has a link. All that is to change does, or nothing. A rate counts from the next
 * frame on. A mode is another default of its policy: rules stay, and flows are
 * forgotten, so that their next frames meet it.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_set(struct utcp_handle *handle, const char *name,
		     const struct utcp_sandbox_change *change,
		     struct utcp_sandbox *sandbox);

/**
 * utcp_sandbox_allow() - allow a sandbox something
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @rule: the rule; its verdict does not count
 * @made: if not NULL, set to the rule with its handle
 *
 * The sandbox is closed but for what is allowed. A rule that it has already is not
 * added again.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_allow(struct utcp_handle *handle, const char *name,
		       const struct utcp_acl_rule *rule,
		       struct utcp_acl_rule *made);

/**
 * utcp_sandbox_deny() - take back what was allowed
 * @handle: a handle that is open on the caller's own namespace
 * @name: the sandbox's name
 * @rule: the rule that allowed it; its verdict does not count
 * @was: if not NULL, set to the rule with its last counters
 *
 * Flows of the sandbox are forgotten: what no other rule allows ends at once.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_deny(struct utcp_handle *handle, const char *name,
		      const struct utcp_acl_rule *rule,
		      struct utcp_acl_rule *was);

/**
 * utcp_sandbox_verify() - is all there that a sandbox has?
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @routes: routes that its namespace has to have by its link; a gateway of length 0 is any
 * @n_routes: how many
 * @sandbox: if not NULL, set to it
 *
 * Its namespace, its link and addresses, what is bound to the link, its rates, and its
 * published ports. Rules are not looked at: they are there to be changed.
 *
 * Return: 0, or a negative errno with what is missing, or wrong, in
 * utcp_handle_error().
 */
int utcp_sandbox_verify(struct utcp_handle *handle, const char *name,
			const struct utcp_sandbox_route *routes,
			size_t n_routes, struct utcp_sandbox *sandbox);

/**
 * utcp_sandbox_foreign() - what of the host may drop what sandboxes may send
 * @handle: a handle that is open on the caller's own namespace
 * @take: called with each thing, as a sentence; printable ASCII
 * @arg: for @take
 *
 * Settings of the kernel, and chains of nftables and both kinds of iptables that drop what
 * they forward unless a rule says otherwise. They are not tried: they may well have
 * such a rule.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_foreign(struct utcp_handle *handle,
			 void (*take)(const char *what, void *arg), void *arg);

/**
 * utcp_sandbox_stats() - get numbers of a sandbox with a link
 * @handle: a handle that is open on the caller's own namespace
 * @name: its name
 * @stats: set to them
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_stats(struct utcp_handle *handle, const char *name,
		       struct utcp_sandbox_stats *stats);

/**
 * utcp_sandbox_pool_set() - have sandboxes of a bridge wait to be created
 * @handle: a handle that is open on the caller's own namespace
 * @bridge: the bridge
 * @size: how many, up to LIBUTCP_SANDBOX_POOL_MAX; 0: none
 * @pool: set to the pool
 *
 * They have a namespace, a link that is down and bound to nothing, and addresses, which
 * utcp_sandbox_create() gives to those of modes with a link that ask for nothing particular
 * of these. Those that were taken are not made anew by themselves: see
 * utcp_sandbox_pool_fill().
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error(); the size stays as
 * it was set then, with as many as there are.
 */
int utcp_sandbox_pool_set(struct utcp_handle *handle, const char *bridge,
			  uint32_t size, struct utcp_sandbox_pool *pool);

/**
 * utcp_sandbox_pool_fill() - make those that were taken anew
 * @handle: a handle that is open on the caller's own namespace
 * @bridge: the bridge
 * @pool: set to the pool
 *
 * Who creates sandboxes meanwhile has to wait for one at most.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_pool_fill(struct utcp_handle *handle, const char *bridge,
			   struct utcp_sandbox_pool *pool);

/**
 * utcp_sandbox_pool_get() - get a pool
 * @handle: a handle
 * @bridge: the bridge
 * @pool: set to the pool; one that was never set has size 0
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_pool_get(struct utcp_handle *handle, const char *bridge,
			  struct utcp_sandbox_pool *pool);

/**
 * utcp_sandbox_pool_list() - get all pools of the host
 * @handle: a handle
 * @pools: set to an array in the order of names, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_pool_list(struct utcp_handle *handle,
			   struct utcp_sandbox_pool **pools, size_t *n);

/**
 * utcp_sandbox_get() - get one sandbox
 * @handle: a handle
 * @name: its name
 * @sandbox: set to it
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_get(struct utcp_handle *handle, const char *name,
		     struct utcp_sandbox *sandbox);

/**
 * utcp_sandbox_list() - get all sandboxes of the host, but those of pools
 * @handle: a handle
 * @sandboxes: set to an array in the order of names, to be freed with free()
 * @n: set to how many there are
 *
 * Those whose files are damaged are among them, by name and phase; what is wrong
 * utcp_sandbox_get() says.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_sandbox_list(struct utcp_handle *handle,
		      struct utcp_sandbox **sandboxes, size_t *n);

/**
 * utcp_sandbox_enter() - have the calling thread, and what it starts, be in a sandbox
 * @name: name of the sandbox
 * @error: filled in on failure
 *
 * As "ip netns exec" does: with a /sys that shows the sandbox's devices, and files
 * of /etc/netns/NAME in the place of those of /etc. Mounts are the thread's own from
 * then on.
 *
 * Return: 0 or a negative errno.
 */
int utcp_sandbox_enter(const char *name, struct utcp_error *error);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
