/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is written down about a sandbox, from before its first step to behind its
 * last one, so that whoever comes later knows what there may be of it.
 */
#ifndef LIBUTCP_SANDBOXSTATE_H
#define LIBUTCP_SANDBOXSTATE_H

#include <stddef.h>

#include <utcp/sandbox.h>

struct utcp_error;

/** STATE_DIR - folder of the files in the rundir */
#define STATE_DIR "sandboxes"

/**
 * sandbox_name_ok() - can a sandbox have this name?
 * @name: the name
 *
 * Return: whether it can.
 */
bool sandbox_name_ok(const char *name);

/**
 * sandbox_has_link() - does a sandbox have a link that was made for it?
 * @sb: the sandbox
 *
 * Return: whether it does.
 */
static inline bool sandbox_has_link(const struct utcp_sandbox *sb)
{
	return sb->mode == LIBUTCP_SANDBOX_BRIDGED ||
	       sb->mode == LIBUTCP_SANDBOX_CUSTOM;
}

/**
 * sandbox_is_bound() - is a link of the sandbox bound to a policy?
 * @sb: the sandbox
 *
 * Return: whether one is.
 */
static inline bool sandbox_is_bound(const struct utcp_sandbox *sb)
{
	return sandbox_has_link(sb) || sb->mode == LIBUTCP_SANDBOX_ADOPTED;
}

/**
 * sandbox_ifname() - name of a sandbox's link in it
 * @sb: the sandbox
 *
 * Return: the name.
 */
static inline const char *sandbox_ifname(const struct utcp_sandbox *sb)
{
	return sb->ifname[0] ? sb->ifname : "eth0";
}

/**
 * sandbox_netns() - what netns_open() finds a sandbox's namespace by
 * @sb: the sandbox
 *
 * Return: a name or a path.
 */
static inline const char *sandbox_netns(const struct utcp_sandbox *sb)
{
	return sb->netns[0] ? sb->netns : sb->name;
}

/**
 * state_parse() - read what was written down
 * @data: JSON
 * @len: its length
 * @sb: set to the sandbox
 *
 * Return: 0, or -EBADMSG if it makes no sense.
 */
int state_parse(const char *data, size_t len, struct utcp_sandbox *sb);

/**
 * state_format() - a sandbox as it is written down
 * @sb: the sandbox
 *
 * Return: JSON, to be freed with free(); NULL if there is no memory.
 */
char *state_format(const struct utcp_sandbox *sb);

/**
 * sandbox_dev_ok() - can the host's side of a link that was made have this name?
 * @dev: the name
 *
 * Return: whether it can.
 */
bool sandbox_dev_ok(const char *dev);

/**
 * state_salvage() - what is known of a sandbox whose file is damaged
 * @name: its name; one that a sandbox can have
 * @sb: set to its name, and of its mode, its namespace and its link to what can be believed
 *
 * Return: whether its mode is known; otherwise @sb has one with a link.
 */
bool state_salvage(const char *name, struct utcp_sandbox *sb);

/**
 * state_load() - read a sandbox's file
 * @name: its name
 * @sb: set to it
 * @e: filled in on failure
 *
 * Return: 0, -ENOENT if there is no such sandbox, -EBADMSG if its file is damaged or of
 * another version, or another negative errno.
 */
int state_load(const char *name, struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * state_save() - write a sandbox's file
 * @sb: the sandbox; the caller has the lock
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int state_save(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * publish_any() - does a port lead in from all addresses of a family?
 * @p: the port; its address has a length
 *
 * Return: whether it does.
 */
bool publish_any(const struct utcp_sandbox_publish *p);

/**
 * publish_has() - does a port lead in by a family?
 * @p: the port
 * @is6: IPv6, or IPv4
 *
 * Return: whether it does.
 */
bool publish_has(const struct utcp_sandbox_publish *p, bool is6);

#endif
