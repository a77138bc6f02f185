/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records that more than one command prints.
 */
#ifndef UTCPCTL_RECORDS_H
#define UTCPCTL_RECORDS_H

#include <jansson.h>

#include <utcp/info.h>

#include "out.h"

/**
 * record_limits() - limits as a JSON object
 * @info: what the module said
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_limits(const struct utcp_module_info *info);

/**
 * record_family_limits() - a family and its limits
 * @info: what the module said
 *
 * Return: the record, or NULL if there is no memory.
 */
json_t *record_family_limits(const struct utcp_module_info *info);

/**
 * text_family_limits() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_family_limits(struct out *o, const json_t *record);

/**
 * record_mac() - a MAC address as a JSON string
 * @mac: the address
 *
 * Return: the string, or NULL if there is no memory.
 */
json_t *record_mac(const uint8_t mac[6]);

/**
 * text_counters() - print counters as a line of text, drops by reason last
 * @o: output
 * @name: what they count
 * @counters: an object with numbers, and a member drops; or NULL
 */
void text_counters(struct out *o, const char *name, const json_t *counters);

#endif
