/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of access lists: one policy, rule or binding a line, in the words of the
 * command line; or the same as JSON, an array of objects.
 */
#ifndef UTCPCTL_ACLFILE_H
#define UTCPCTL_ACLFILE_H

#include <stddef.h>

#include <utcp/acl.h>

#include "fault.h"

/**
 * struct aclfile_policy - a policy of a file
 * @set: its name and settings
 * @rules: its rules
 * @lines: line of each rule
 * @n: how many there are
 * @room: for how many there is room
 */
struct aclfile_policy {
	struct utcp_acl_policy set;
	struct utcp_acl_rule *rules;
	unsigned long *lines;
	size_t n;
	size_t room;
};

/**
 * struct aclfile_set - a set of a file
 * @set: its name, type, and how many elements it may have (0: any)
 * @elems: its elements
 * @n: how many there are
 */
struct aclfile_set {
	struct utcp_acl_set set;
	struct utcp_acl_elem *elems;
	size_t n;
};

/**
 * struct aclfile - what is in a file
 * @policies: its policies
 * @n: how many they are
 * @bindings: its bindings: port, policy, and what is the sandbox's own
 * @n_bindings: how many they are
 * @sets: its sets
 * @n_sets: how many they are
 */
struct aclfile {
	struct aclfile_policy *policies;
	size_t n;
	struct utcp_acl_binding *bindings;
	size_t n_bindings;
	struct aclfile_set *sets;
	size_t n_sets;
};

/**
 * aclfile_read() - read a file
 * @name: its name; - is standard input
 * @file: set to what is in it, for aclfile_free(), also if it fails
 * @f: filled in if it fails, with file and line
 *
 * Return: exit code.
 */
int aclfile_read(const char *name, struct aclfile *file, struct fault *f);

/**
 * aclfile_parse() - read lines that are no file
 * @name: where they are from, for messages
 * @text: the lines
 * @file: as for aclfile_read()
 * @f: filled in if it fails, with name and line
 *
 * Return: exit code.
 */
int aclfile_parse(const char *name, const char *text, struct aclfile *file,
		  struct fault *f);

/**
 * aclfile_free() - forget a file
 * @file: the file
 */
void aclfile_free(struct aclfile *file);

/**
 * aclfile_setting() - have settings of a policy say something
 * @set: the settings
 * @word: "in", "out", "comment" or "owner"
 * @value: its value
 *
 * Return: NULL, or what is wrong with them.
 */
const char *aclfile_setting(struct utcp_acl_policy *set, const char *word,
			    const char *value);

/**
 * aclfile_word() - which of the words of a rule it is
 * @word: the word
 * @index: set to its number
 *
 * Return: whether there is such a word.
 */
bool aclfile_word(const char *word, size_t *index);

/**
 * aclfile_direction() - read a direction
 * @text: its name
 * @direction: set to enum utcp_acl_direction
 *
 * Return: whether there is one of this name.
 */
bool aclfile_direction(const char *text, uint32_t *direction);

/**
 * aclfile_verdict() - read a verdict
 * @text: its name
 * @verdict: set to it
 *
 * Return: whether there is one of that name.
 */
bool aclfile_verdict(const char *text, uint32_t *verdict);

#endif
