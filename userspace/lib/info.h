/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading what a module says about itself.
 */
#ifndef LIBUTCP_INFO_PRIV_H
#define LIBUTCP_INFO_PRIV_H

#include <utcp/info.h>

#include "nlparse.h"

/**
 * info_parse() - read version, contract number and limits
 * @family: family of the message
 * @attrs: attributes of the message
 * @info: set to the information, to be freed with utcp_module_info_free()
 *
 * Attributes that this library does not know are left out; a newer module may
 * have them.
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int info_parse(enum utcp_family family, struct nl_span attrs,
	       struct utcp_module_info **info);

#endif
