/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of attributes, and the path of the attribute that the kernel points at.
 */
#ifndef LIBUTCP_NAMES_H
#define LIBUTCP_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/family.h>

struct nl_set;

#define NL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct nl_name - one attribute
 * @type: its number
 * @name: its name
 * @nest: what it holds, or NULL if it is a value
 */
struct nl_name {
	uint16_t type;
	const char *name;
	const struct nl_set *nest;
};

/**
 * struct nl_set - attributes that stand beside each other
 * @names: the attributes
 * @n: how many
 */
struct nl_set {
	const struct nl_name *names;
	size_t n;
};

/**
 * struct nl_op - which attributes a command takes
 * @cmd: number of the command
 * @set: its attributes
 */
struct nl_op {
	uint8_t cmd;
	const struct nl_set *set;
};

/**
 * struct nl_names - the names of a family
 * @limits: the attributes of its limits nest
 * @limit_descs: what they mean, in the same order
 * @ops: its commands
 * @n_ops: how many
 */
struct nl_names {
	const struct nl_set *limits;
	const struct utcp_limit_desc *limit_descs;
	const struct nl_op *ops;
	size_t n_ops;
};

extern const struct nl_names netswitch_names;
extern const struct nl_names utcp_names;
extern const struct nl_names utcp_acl_names;
extern const struct nl_names utcp_shaper_names;

/**
 * nl_names_op() - attributes of a command
 * @names: the family
 * @cmd: the command
 *
 * Return: the set, or NULL for a command without one.
 */
const struct nl_set *nl_names_op(const struct nl_names *names, uint8_t cmd);

/**
 * nl_set_type() - find an attribute by number
 * @set: where, or NULL
 * @type: its number
 *
 * Return: the attribute, or NULL.
 */
const struct nl_name *nl_set_type(const struct nl_set *set, uint16_t type);

/**
 * nl_set_name() - find an attribute by name
 * @set: where
 * @name: its name
 *
 * Return: the attribute, or NULL.
 */
const struct nl_name *nl_set_name(const struct nl_set *set, const char *name);

/**
 * nl_path_at() - path of the attribute at a place in a request
 * @set: attributes of the request
 * @request: the request, from its netlink header on
 * @len: its length
 * @offset: place of the attribute's header
 * @path: set to a path such as "limits.ports", or "" if there is none
 * @size: room for it
 *
 * Return: the attributes inside the one at @offset, or NULL.
 */
const struct nl_set *nl_path_at(const struct nl_set *set, const void *request,
				size_t len, size_t offset, char *path,
				size_t size);

/**
 * nl_path_add() - put the name of an attribute behind a path
 * @path: the path so far
 * @size: room for it
 * @set: where to look the name up, or NULL
 * @type: the attribute; without a name it becomes "#" and the number
 */
void nl_path_add(char *path, size_t size, const struct nl_set *set,
		 uint16_t type);

#endif
