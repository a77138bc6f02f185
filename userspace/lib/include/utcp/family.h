/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The four generic netlink families, and the modules that register them.
 */
#ifndef LIBUTCP_FAMILY_H
#define LIBUTCP_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * enum utcp_family - families in the order in which their modules are loaded
 * @LIBUTCP_NETSWITCH: ports, EtherTypes and rings; the base of the others
 * @LIBUTCP_UTCP: the transport
 * @LIBUTCP_ACL: policies
 * @LIBUTCP_SHAPER: rates
 * @LIBUTCP_FAMILIES: how many there are
 */
enum utcp_family {
	LIBUTCP_NETSWITCH,
	LIBUTCP_UTCP,
	LIBUTCP_ACL,
	LIBUTCP_SHAPER,
	LIBUTCP_FAMILIES,
};

/**
 * enum utcp_unit - what a number counts
 * @LIBUTCP_UNIT_COUNT: things
 * @LIBUTCP_UNIT_KIB: memory, in KiB
 */
enum utcp_unit {
	LIBUTCP_UNIT_COUNT,
	LIBUTCP_UNIT_KIB,
};

/**
 * struct utcp_limit_desc - a limit that a family knows
 * @name: its name, such as "ring-memory"
 * @doc: one sentence for help texts
 * @max: the largest value that the kernel's policy lets through
 * @unit: what it counts
 */
struct utcp_limit_desc {
	const char *name;
	const char *doc;
	uint32_t max;
	enum utcp_unit unit;
};

/**
 * utcp_family_name() - name of a generic netlink family
 * @family: which one
 *
 * Return: such as "utcp-acl", or NULL if there is no such family.
 */
const char *utcp_family_name(enum utcp_family family);

/**
 * utcp_family_module() - name of the module that registers a family
 * @family: which one
 *
 * Return: such as "utcp_acl", or NULL if there is no such family.
 */
const char *utcp_family_module(enum utcp_family family);

/**
 * utcp_family_limit() - describe a limit of a family
 * @family: which family
 * @index: from 0
 *
 * Return: the description, or NULL if there are no more.
 */
const struct utcp_limit_desc *utcp_family_limit(enum utcp_family family,
						size_t index);

/**
 * utcp_families_loaded() - ask the kernel which of the families are there
 * @handle: an open handle
 * @mask: set to one bit, 1 << enum utcp_family, for each
 *
 * Asks for the list of all families and not for a name: asking for a name that
 * is not there makes the kernel call modprobe.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_families_loaded(struct utcp_handle *handle, unsigned int *mask);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
