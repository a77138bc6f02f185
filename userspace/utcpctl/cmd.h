/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of commands. The parser, the help texts, the man pages and the
 * shell completion are all made from it.
 */
#ifndef UTCPCTL_CMD_H
#define UTCPCTL_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "out.h"

struct utcp_handle;

/**
 * enum cmd_kind - how an argument stands on the command line
 * @CMD_ONE: one word
 * @CMD_OPTIONAL: one word or none; in front of options, none that looks like one
 * @CMD_LIST: any number of words
 * @CMD_PAIRS: one or more pairs of words: a name, one of the choices, and a value
 * @CMD_SETTINGS: as CMD_PAIRS, but there may be none
 * @CMD_OPTIONS: any number of options, of the choices, each with all words behind it
 *               up to the next one that begins with "--"
 * @CMD_COMMAND: all words, at least one; a "--" before them is left out
 */
enum cmd_kind {
	CMD_ONE,
	CMD_OPTIONAL,
	CMD_LIST,
	CMD_PAIRS,
	CMD_SETTINGS,
	CMD_OPTIONS,
	CMD_COMMAND,
};

/**
 * struct cmd_word - a word of the command line that belongs to an argument
 * @text: the word, in full if it was a unique prefix
 * @index: which of the argument's choices it is
 * @value: second word of a pair
 * @rest: words behind an option, or those of a command
 * @n_rest: how many
 */
struct cmd_word {
	const char *text;
	size_t index;
	const char *value;
	char *const *rest;
	size_t n_rest;
};

/**
 * struct cmd_args - arguments of a command, after parsing
 * @word: words of all arguments, in order
 * @n: how many
 */
struct cmd_args {
	struct cmd_word *word;
	size_t n;
};

/**
 * struct cmd_arg - an argument
 * @name: as it stands in help texts, such as "FAMILY"
 * @value: name of a pair's second word
 * @kind: how it stands on the command line
 * @help: one sentence
 * @choice: the words that it can be, which may depend on the words before it;
 *          NULL at the end. Without choices any word will do
 * @attribute: path of the netlink attribute that it fills in, or NULL. Pairs
 *             fill in those inside it that have their names; "" for those of the
 *             request itself
 */
struct cmd_arg {
	const char *name;
	const char *value;
	enum cmd_kind kind;
	const char *help;
	const char *(*choice)(const struct cmd_args *before, size_t index);
	const char *attribute;
};

/**
 * struct cmd_context - what a command runs with
 * @out: its output
 * @netns: network namespace, or NULL
 * @verb: the command that runs
 * @args: its arguments
 * @handle: open handle, or NULL; see cmd_handle()
 * @fault: to be filled in if it fails
 * @statistics: print counters too
 * @in_batch: it is a line of a batch
 */
struct cmd_context {
	struct out out;
	const char *netns;
	const struct cmd_verb *verb;
	const struct cmd_args *args;
	struct utcp_handle *handle;
	struct fault fault;
	bool statistics;
	bool in_batch;
};

/**
 * struct cmd_verb - a command
 * @name: the verb; NULL if the object has only one command, without a verb
 * @summary: one line for help texts
 * @detail: more, for the man page; may be NULL
 * @statistics: takes -s behind the verb, too
 * @args: its arguments, ended by one without a name; may be NULL
 * @endless: runs until it is stopped: not in a batch
 * @run: runs it; returns an exit code, with the fault filled in if it is not 0
 */
struct cmd_verb {
	const char *name;
	const char *summary;
	const char *detail;
	const struct cmd_arg *args;
	bool statistics;
	bool endless;
	int (*run)(struct cmd_context *c, const struct cmd_args *args);
};

/**
 * struct cmd_object - what commands are about
 * @name: the word on the command line
 * @summary: one line for help texts
 * @verbs: its commands, ended by one without a function; the first is meant if
 *         no verb is given
 */
struct cmd_object {
	const char *name;
	const char *summary;
	const struct cmd_verb *verbs;
};

/**
 * struct cmd_option - an option that stands before the object
 * @name: long name
 * @letter: short name
 * @value: name of its value, in brackets if it may be left out, or NULL
 * @help: one sentence
 */
struct cmd_option {
	const char *name;
	char letter;
	const char *value;
	const char *help;
};

/** cmd_objects - all objects, ended by one without a name */
extern const struct cmd_object cmd_objects[];

/** cmd_options - all options, ended by one without a name */
extern const struct cmd_option cmd_options[];

/**
 * cmd_in_pairs() - whether an argument is made of pairs
 * @arg: the argument
 *
 * Return: true if so.
 */
static inline bool cmd_in_pairs(const struct cmd_arg *arg)
{
	return arg->kind == CMD_PAIRS || arg->kind == CMD_SETTINGS;
}

/**
 * cmd_choice_family() - choices of an argument: names of families
 * @before: not used
 * @index: from 0, as enum utcp_family
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_family(const struct cmd_args *before, size_t index);

/**
 * cmd_choice_limit() - choices of an argument: limits of the family before it
 * @before: its first word is a family
 * @index: from 0, as for utcp_family_limit()
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_limit(const struct cmd_args *before, size_t index);

/**
 * cmd_run() - run a command
 * @c: context; the fault is filled in if it fails
 * @argc: number of words
 * @argv: the words, from the object on
 *
 * Return: exit code.
 */
int cmd_run(struct cmd_context *c, int argc, char *const *argv);

/**
 * cmd_handle() - the open handle
 * @c: context; the fault is filled in if it cannot be opened
 *
 * Return: the handle, which stays the context's, or NULL.
 */
struct utcp_handle *cmd_handle(struct cmd_context *c);

/**
 * cmd_failed() - a call of libutcp failed
 * @c: context; the fault is filled in
 *
 * Return: exit code.
 */
int cmd_failed(struct cmd_context *c);

/**
 * cmd_close() - close the handle of a context
 * @c: context
 */
void cmd_close(struct cmd_context *c);

#endif
