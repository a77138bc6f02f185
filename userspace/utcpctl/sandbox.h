/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sandboxes.
 */
#ifndef UTCPCTL_SANDBOX_H
#define UTCPCTL_SANDBOX_H

#include <jansson.h>

#include <utcp/sandbox.h>

#include "cmd.h"

/**
 * record_sandbox() - a sandbox as a JSON object
 * @sb: the sandbox
 *
 * Return: the object, or NULL if there is no memory.
 */
json_t *record_sandbox(const struct utcp_sandbox *sb);

/**
 * text_sandbox() - print such a record as text
 * @o: output
 * @record: the record
 */
void text_sandbox(struct out *o, const json_t *record);

/**
 * sandbox_print() - print a sandbox
 * @c: context
 * @sb: the sandbox
 *
 * Return: exit code.
 */
int sandbox_print(struct cmd_context *c, const struct utcp_sandbox *sb);

/**
 * sandbox_handle() - the handle, which has to be in the namespace that we are in
 * @c: context; the fault is filled in if it cannot be opened
 *
 * Return: the handle, or NULL.
 */
struct utcp_handle *sandbox_handle(struct cmd_context *c);

/**
 * sandbox_damaged() - what is wrong with the first damaged one of a list
 * @h: the handle; its error says it
 * @list: sandboxes
 * @n: how many
 *
 * Return: 0 if none is, or a negative errno.
 */
int sandbox_damaged(struct utcp_handle *h, const struct utcp_sandbox *list,
		    size_t n);

/**
 * sandbox_port() - open a handle to ask about a sandbox's link
 * @c: the command
 * @name: name of the sandbox
 * @dev: set to the host's device of the link
 *
 * Return: the handle; NULL: there is no such sandbox, or it has no link.
 */
struct utcp_handle *sandbox_port(struct cmd_context *c, const char *name,
				 char dev[16]);

/**
 * sandbox_list() - the command "sandbox list"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int sandbox_list(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_show() - the command "sandbox show"
 * @c: context
 * @args: a sandbox, or none for all
 *
 * Return: exit code.
 */
int sandbox_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_create() - the command "sandbox create"
 * @c: context
 * @args: a name, and options
 *
 * Return: exit code.
 */
int sandbox_create(struct cmd_context *c, const struct cmd_args *args);

/**
 * cmd_choice_sandbox_delete() - choices of an argument: options of "sandbox delete"
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_sandbox_delete(const struct cmd_args *before,
				      size_t index);

/**
 * sandbox_delete() - the command "sandbox delete"
 * @c: context
 * @args: a sandbox, and options
 *
 * Return: exit code.
 */
int sandbox_delete(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_adopt() - the command "sandbox adopt"
 * @c: context
 * @args: a name, and options
 *
 * Return: exit code.
 */
int sandbox_adopt(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_release() - the command "sandbox release"
 * @c: context
 * @args: a sandbox
 *
 * Return: exit code.
 */
int sandbox_release(struct cmd_context *c, const struct cmd_args *args);

/**
 * sandbox_gc() - the command "sandbox gc"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int sandbox_gc(struct cmd_context *c, const struct cmd_args *args);

#endif
