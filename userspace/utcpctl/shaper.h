/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classes of the shaper, and what is bound to them.
 */
#ifndef UTCPCTL_SHAPER_H
#define UTCPCTL_SHAPER_H

#include <jansson.h>

#include <utcp/shaper.h>

#include "cmd.h"

/**
 * cmd_choice_class() - choices of an argument: settings of a class
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_class(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_class_set() - the same, but for those that can be changed
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_class_set(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_direction() - choices of an argument: directions of a port
 * @before: not used
 * @index: from 0, one less than enum utcp_shaper_direction
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_direction(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_binding() - choices of an argument: options of a binding
 * @before: not used
 * @index: from 0, number of the bit in enum utcp_shaper_binding_flags
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_binding(const struct cmd_args *before, size_t index);

/**
 * record_class() - a class as a JSON object
 * @cls: the class
 * @statistics: with its numbers
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_class(const struct utcp_shaper_class *cls, bool statistics);

/**
 * text_class() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_class(struct out *o, const json_t *record);

/**
 * record_class_binding() - a binding as a JSON object
 * @binding: the binding
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_class_binding(const struct utcp_shaper_binding *binding);

/**
 * text_class_binding() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_class_binding(struct out *o, const json_t *record);

/**
 * shaper_rate_text() - a rate for people
 * @bps: bits per second
 * @text: set to such as "12.5m"
 * @size: room for it
 */
void shaper_rate_text(uint64_t bps, char *text, size_t size);

/**
 * shaper_show() - the command "shaper show"
 * @c: context
 * @args: a class, or none for all
 *
 * Return: exit code.
 */
int shaper_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_add() - the command "shaper add"
 * @c: context
 * @args: a name, and pairs
 *
 * Return: exit code.
 */
int shaper_add(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_set() - the command "shaper set"
 * @c: context
 * @args: a class, and pairs
 *
 * Return: exit code.
 */
int shaper_set(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_del() - the command "shaper del"
 * @c: context
 * @args: a class
 *
 * Return: exit code.
 */
int shaper_del(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_bind() - the command "shaper bind"
 * @c: context
 * @args: a device, a direction, a class, and options
 *
 * Return: exit code.
 */
int shaper_bind(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_unbind() - the command "shaper unbind"
 * @c: context
 * @args: a device and a direction
 *
 * Return: exit code.
 */
int shaper_unbind(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_bindings() - the command "shaper bindings"
 * @c: context
 * @args: a device, or none for all ports
 *
 * Return: exit code.
 */
int shaper_bindings(struct cmd_context *c, const struct cmd_args *args);

/**
 * shaper_top() - the command "shaper top"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int shaper_top(struct cmd_context *c, const struct cmd_args *args);

#endif
