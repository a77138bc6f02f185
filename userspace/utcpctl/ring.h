/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings.
 */
#ifndef UTCPCTL_RING_H
#define UTCPCTL_RING_H

#include <jansson.h>

#include <utcp/rings.h>

#include "cmd.h"

/**
 * record_ring() - a ring as a JSON object
 * @ring: the ring
 * @port: name of its port's device, or NULL if that is not known
 * @statistics: with counters
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_ring(const struct utcp_ring_record *ring, const char *port,
		    bool statistics);

/**
 * text_ring() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_ring(struct out *o, const json_t *record);

/**
 * ring_show() - the command "ring show"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int ring_show(struct cmd_context *c, const struct cmd_args *args);

#endif
