/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to be the same after a reboot.
 */
#ifndef UTCPCTL_STATE_H
#define UTCPCTL_STATE_H

#include <jansson.h>

#include <utcp/family.h>

#include "cmd.h"

/**
 * struct state_report - what has become of it
 * @saved: things that were saved
 * @restored: things that were restored
 * @kept: things that were there already
 * @expired: things whose time had come
 * @left: things that are not saved, and why
 * @waiting: links and namespaces that are not there
 * @bound: things that are bound still, behind a drain
 * @failed: things that were not restored, and why
 */
struct state_report {
	size_t saved;
	size_t restored;
	size_t kept;
	size_t expired;
	json_t *left;
	json_t *waiting;
	json_t *bound;
	json_t *failed;
};

/**
 * state_note() - add to a list of a report
 * @list: the list
 * @what: such as "link"
 * @name: its name
 * @why: the reason, or NULL
 */
void state_note(json_t *list, const char *what, const char *name,
		const char *why);

/**
 * state_make() - run a command that makes something
 * @c: context; the fault is filled in on failure
 * @words: its words, which are freed
 * @r: report: what is there already is left as it is, and counted as that
 *
 * Return: exit code.
 */
int state_make(struct cmd_context *c, json_t *words, struct state_report *r);

/**
 * state_handle() - the handle, which has to be in the namespace of process 1
 * @c: context; the fault is filled in if it cannot be had
 *
 * Return: the handle, or NULL.
 */
struct utcp_handle *state_handle(struct cmd_context *c);

/**
 * state_seen() - is what was saved what a module has, as far as it could be?
 * @h: handle
 * @family: of the module, which is loaded
 *
 * Return: whether it was restored, or saved, since the module was loaded.
 */
bool state_seen(struct utcp_handle *h, enum utcp_family family);

/**
 * state_set_seen() - from now on it is, of all modules that are loaded
 * @c: context; the fault is filled in on failure
 * @h: its handle
 *
 * Return: exit code.
 */
int state_set_seen(struct cmd_context *c, struct utcp_handle *h);

/**
 * state_collect() - what there is
 * @c: context; the fault is filled in on failure
 * @h: its handle
 * @old: what was saved before, or NULL: what waits stays in it
 * @state: set to it
 * @r: report
 *
 * Return: exit code.
 */
int state_collect(struct cmd_context *c, struct utcp_handle *h,
		  const json_t *old, json_t **state, struct state_report *r);

/**
 * state_apply() - have what was saved be there
 * @c: context; the fault is filled in if nothing was done
 * @h: its handle
 * @state: what was saved
 * @r: report
 *
 * Return: exit code; 0 also if some of it failed, which the report tells.
 */
int state_apply(struct cmd_context *c, struct utcp_handle *h,
		const json_t *state, struct state_report *r);

/**
 * cmd_choice_state_what() - choices of an argument: what can be waited for
 * @before: not used
 * @index: from 0, as enum utcp_state_mark
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_state_what(const struct cmd_args *before, size_t index);

/**
 * state_cmd_show() - the command "state show"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int state_cmd_show(struct cmd_context *c, const struct cmd_args *args);

/**
 * state_cmd_save() - the command "state save"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int state_cmd_save(struct cmd_context *c, const struct cmd_args *args);

/**
 * state_cmd_restore() - the command "state restore"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int state_cmd_restore(struct cmd_context *c, const struct cmd_args *args);

/**
 * state_cmd_attach() - the command "state attach"
 * @c: context
 * @args: dev or netns, and a name
 *
 * Return: exit code.
 */
int state_cmd_attach(struct cmd_context *c, const struct cmd_args *args);

/**
 * state_cmd_forget() - the command "state forget"
 * @c: context
 * @args: dev or netns, and a name
 *
 * Return: exit code.
 */
int state_cmd_forget(struct cmd_context *c, const struct cmd_args *args);

/**
 * state_cmd_drain() - the command "state drain"
 * @c: context
 * @args: none
 *
 * Return: exit code.
 */
int state_cmd_drain(struct cmd_context *c, const struct cmd_args *args);

#endif
