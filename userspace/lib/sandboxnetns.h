/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Network namespaces with names, as "ip netns" makes them.
 */
#ifndef LIBUTCP_SANDBOXNETNS_H
#define LIBUTCP_SANDBOXNETNS_H

#include <stdbool.h>
#include <stdint.h>

struct utcp_error;
struct utcp_sandbox;

/**
 * sandbox_netns_add() - make a namespace with a name under /run/netns
 * @name: its name
 * @fd: set to a descriptor of it
 * @there: called in it, by a thread of its own; 0, or a negative errno with @e filled in
 * @arg: for @there
 * @e: filled in on failure
 *
 * Return: 0, or a negative errno; -EEXIST if there is one of that name.
 */
int sandbox_netns_add(const char *name, int *fd, int (*there)(void *arg),
		      void *arg, struct utcp_error *e);

/**
 * sandbox_netns_del() - take a namespace's name away
 * @name: the name
 * @e: filled in on failure
 *
 * Return: 0, also if there is none, or a negative errno.
 */
int sandbox_netns_del(const char *name, struct utcp_error *e);

/**
 * sandbox_netns_move() - give a namespace another name
 * @from: the name that it has
 * @to: the name that it is to have
 * @e: filled in on failure
 *
 * Return: 0, or a negative errno; -EEXIST if there is one of that name.
 */
int sandbox_netns_move(const char *from, const char *to, struct utcp_error *e);

/**
 * sandbox_netns_exists() - is there a namespace of that name?
 * @name: the name
 *
 * Return: whether there is.
 */
bool sandbox_netns_exists(const char *name);

/**
 * sandbox_netns_own() - the namespace that the caller is in
 * @inode: set to its inode
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int sandbox_netns_own(uint64_t *inode, struct utcp_error *e);

/**
 * sandbox_netns_call() - have a function run in a namespace
 * @fd: descriptor of the namespace
 * @call: the function; it runs in a thread of its own. 0 or a negative errno
 * @arg: for @call
 *
 * Return: what it returned, or a negative errno.
 */
int sandbox_netns_call(int fd, int (*call)(void *arg), void *arg);

/**
 * sandbox_netns_open() - open a sandbox's namespace
 * @sb: the sandbox
 * @e: filled in on failure
 *
 * What lies at a path may change: /proc/PID/ns/net is that of whoever has the number by
 * now. It has to be the namespace that the sandbox was connected to, and never the host's.
 *
 * Return: a file descriptor, or a negative errno.
 */
int sandbox_netns_open(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * sandbox_netns_note() - note which namespace a sandbox is connected to
 * @sb: the sandbox, with its path; its inode is set
 * @fd: the namespace
 * @e: filled in on failure
 *
 * Return: 0, or -EINVAL if it is the host's own.
 */
int sandbox_netns_note(struct utcp_sandbox *sb, int fd, struct utcp_error *e);

#endif
