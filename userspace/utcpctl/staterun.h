/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of the tool that one of its commands runs: what they print is what is saved,
 * and what is restored are their words.
 */
#ifndef UTCPCTL_STATERUN_H
#define UTCPCTL_STATERUN_H

#include <jansson.h>

#include "cmd.h"

/**
 * staterun() - run a command
 * @c: context, of which the handle is used; the fault is filled in on failure
 * @words: its words, an array, which is freed; NULL if there was no memory
 *
 * Return: exit code.
 */
int staterun(struct cmd_context *c, json_t *words);

/**
 * staterun_answer() - run a command that answers with an object
 * @c: as for staterun()
 * @words: as for staterun()
 * @answer: set to what it prints as JSON; NULL on failure
 *
 * Return: exit code.
 */
int staterun_answer(struct cmd_context *c, json_t *words, json_t **answer);

/**
 * staterun_list() - run a command that shows a list
 * @c: as for staterun()
 * @object: the object
 * @verb: the verb
 * @list: set to what it prints as JSON; NULL on failure
 *
 * Return: exit code.
 */
int staterun_list(struct cmd_context *c, const char *object, const char *verb,
		  json_t **list);

/**
 * staterun_text() - run a command, and have what it prints as text
 * @c: as for staterun()
 * @object: the object
 * @verb: the verb
 * @text: set to the text, to be freed with free(); NULL on failure
 *
 * Return: exit code.
 */
int staterun_text(struct cmd_context *c, const char *object, const char *verb,
		  char **text);

/**
 * staterun_add() - add a word, or none if it is empty
 * @words: the words
 * @name: word before it, or NULL
 * @value: the value: a text, a number, or a truth as "on" or "off"; NULL: nothing is added
 */
void staterun_add(json_t *words, const char *name, const json_t *value);

#endif
