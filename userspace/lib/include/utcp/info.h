/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a module is, and the limits of a network namespace.
 */
#ifndef LIBUTCP_INFO_H
#define LIBUTCP_INFO_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/family.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/**
 * struct utcp_limit - a limit and its value
 * @name: name of the limit, see utcp_family_limit()
 * @value: its value, in the limit's unit
 */
struct utcp_limit {
	const char *name;
	uint32_t value;
};

/**
 * struct utcp_module_info - what a loaded module says about itself
 * @family: the family that answered
 * @abi: number of the contract between kernel and user space
 * @version: version of the module; printable ASCII
 * @n_limits: how many limits it named that this library knows
 * @limits: the limits in force in the handle's network namespace
 */
struct utcp_module_info {
	enum utcp_family family;
	uint32_t abi;
	char version[32];
	size_t n_limits;
	struct utcp_limit *limits;
};

/**
 * utcp_info_get() - get version, contract number and limits of a module
 * @handle: an open handle
 * @family: which module's
 * @info: set to the answer, to be freed with utcp_module_info_free()
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_info_get(struct utcp_handle *handle, enum utcp_family family,
		  struct utcp_module_info **info);

/**
 * utcp_limits_set() - change limits of a namespace, all of them or none
 * @handle: an open handle
 * @family: whose limits
 * @limits: the new values
 * @n: how many
 * @info: if not NULL, set to what is in force afterwards, to be freed with
 *        utcp_module_info_free()
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_limits_set(struct utcp_handle *handle, enum utcp_family family,
		    const struct utcp_limit *limits, size_t n,
		    struct utcp_module_info **info);

/**
 * utcp_module_info_free() - free what utcp_info_get() gave
 * @info: the information, or NULL
 */
void utcp_module_info_free(struct utcp_module_info *info);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
