/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading cells off netlink messages.
 */
#ifndef LIBUTCP_CELL_PRIV_H
#define LIBUTCP_CELL_PRIV_H

#include <utcp/cell.h>

#include "nlparse.h"

/**
 * cell_parse() - read a cell
 * @span: attributes of a cell
 * @cell: set to the cell
 *
 * Return: 0, or -EBADMSG.
 */
int cell_parse(struct nl_span span, struct utcp_cell *cell);

#endif
