/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading classes and bindings off netlink messages.
 */
#ifndef LIBUTCP_SHAPER_PRIV_H
#define LIBUTCP_SHAPER_PRIV_H

#include <utcp/shaper.h>

#include "nlparse.h"

/**
 * shaper_class_parse() - read a class
 * @span: attributes of a class
 * @cls: set to the class
 *
 * Return: 0, or -EBADMSG.
 */
int shaper_class_parse(struct nl_span span, struct utcp_shaper_class *cls);

/**
 * shaper_binding_parse() - read a binding
 * @span: attributes of a binding
 * @binding: set to the binding
 *
 * Return: 0, or -EBADMSG.
 */
int shaper_binding_parse(struct nl_span span,
			 struct utcp_shaper_binding *binding);

#endif
