/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who has which address of a network.
 *
 * A lease is a symbolic link: its name is the number of the address, and it leads to the
 * name of the sandbox. So nobody can have an address that another has, whoever dies when;
 * and to give one takes the same time whether there are few or many. It is there before the
 * address is used, and goes when nothing has it any more.
 *
 * The caller of all this has the lock of the rundir.
 */
#ifndef LIBUTCP_SANDBOXLEASE_H
#define LIBUTCP_SANDBOXLEASE_H

#include <stdint.h>

struct network;
struct utcp_error;

/** LEASE_DIR - folder, in the rundir, of those that the networks have */
#define LEASE_DIR "leases"

/**
 * lease_take() - give a sandbox an address
 * @net: the network; @net->first is set if nobody has one yet
 * @name: the sandbox, which has none
 * @want: the number of the address that is wanted; 0: any
 * @host: set to its number; 0 if addresses are given out elsewhere
 * @e: filled in on failure
 *
 * If any will do, the one behind that which was given last, so that an address rests before it is
 * given to another.
 *
 * Return: 0, -ENOSPC if there is none, -EADDRINUSE if another has it, or another negative
 * errno.
 */
int lease_take(struct network *net, const char *name, uint32_t want,
	       uint32_t *host, struct utcp_error *e);

/**
 * lease_keep() - have a sandbox's address wait for it
 * @net: the network
 * @name: the sandbox, which is no more, and may be made again
 * @host: the number of its address
 * @e: filled in on failure
 *
 * It is the sandbox's, as if lease_take() had given it. When that is called for the name the
 * next time, and wants none, it is this one.
 *
 * Return: as of lease_take().
 */
int lease_keep(struct network *net, const char *name, uint32_t host,
	       struct utcp_error *e);

/**
 * lease_given() - which address was given last
 * @net: the network
 *
 * Return: its number; that of the gateway if none was.
 */
uint32_t lease_given(const struct network *net);

/**
 * lease_note() - note which address was given last
 * @net: the network, in which somebody has one
 * @host: its number
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int lease_note(const struct network *net, uint32_t host, struct utcp_error *e);

/**
 * lease_pass() - have another sandbox have an address
 * @bridge: name of the network's bridge
 * @host: the number of the address
 * @to: the sandbox that has it then
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int lease_pass(const char *bridge, uint32_t host, const char *to,
	       struct utcp_error *e);

/**
 * lease_drop() - take an address back
 * @net: the network
 * @name: the sandbox
 * @host: the number of its address, or 0: it is looked for
 * @e: filled in on failure
 *
 * Return: 0, also if it has none, or a negative errno.
 */
int lease_drop(const struct network *net, const char *name, uint32_t host,
	       struct utcp_error *e);

/**
 * lease_forget() - take all addresses of a sandbox back, whatever its network is
 * @bridge: name of the network's bridge
 * @name: the sandbox
 * @e: filled in on failure
 *
 * Return: how many it had, or a negative errno.
 */
int lease_forget(const char *bridge, const char *name, struct utcp_error *e);

/**
 * lease_last() - forget a network in which nobody has an address
 * @bridge: name of its bridge
 * @e: filled in on failure
 *
 * Return: 0, also if it was forgotten before, -ENOTEMPTY if somebody has one, without an
 * error, or another negative errno.
 */
int lease_last(const char *bridge, struct utcp_error *e);

/**
 * lease_each() - look at all leases of a network
 * @bridge: name of its bridge
 * @take: called with the sandbox of each, and the number of its address or 0; it may drop it. 0, or
 *	a negative errno to end with
 * @arg: for @take
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int lease_each(const char *bridge,
	       int (*take)(const char *name, uint32_t host, void *arg),
	       void *arg, struct utcp_error *e);

#endif
