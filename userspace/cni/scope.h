/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Members of an object of JSON, with words for what is wrong with them.
 *
 * A member that is null is one that is not there.
 */
#ifndef UTCP_CNI_SCOPE_H
#define UTCP_CNI_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "fault.h"

/**
 * struct scope - what is being read
 * @o: the object; NULL: it has no members
 * @where: where it stands, in front of names of members in messages
 * @f: filled in on failure
 */
struct scope {
	const json_t *o;
	const char *where;
	struct cni_fault *f;
};

/**
 * scope_wrong() - something is wrong with a member
 * @s: the object
 * @member: its name
 * @what: what is wrong, behind the name
 *
 * Return: -1.
 */
int scope_wrong(const struct scope *s, const char *member, const char *what);

/**
 * scope_get() - a member
 * @s: the object
 * @member: its name
 *
 * Return: the member, or NULL if it is not there.
 */
const json_t *scope_get(const struct scope *s, const char *member);

/**
 * scope_text() - read a text
 * @s: the object
 * @member: name of the member
 * @text: set to it; NULL if it is not there, or empty
 *
 * Return: 0 or -1.
 */
int scope_text(const struct scope *s, const char *member, const char **text);

/**
 * scope_number() - read a whole number
 * @s: the object
 * @member: name of the member
 * @max: the largest; 0 is the least
 * @value: set to it; 0 if it is not there
 *
 * Return: 0 or -1.
 */
int scope_number(const struct scope *s, const char *member, uint64_t max,
		 uint64_t *value);

/**
 * scope_bool() - read true or false
 * @s: the object
 * @member: name of the member
 * @value: set to it; stays as it is if it is not there
 *
 * Return: 0 or -1.
 */
int scope_bool(const struct scope *s, const char *member, bool *value);

/**
 * scope_object() - read an object
 * @s: the object that it is in
 * @member: name of the member
 * @in: set to it; it has no object if it is not there
 * @where: where its members stand
 *
 * Return: 0 or -1.
 */
int scope_object(const struct scope *s, const char *member, struct scope *in,
		 const char *where);

/**
 * scope_array() - read a list
 * @s: the object
 * @member: name of the member
 * @list: set to it; NULL if it is not there
 *
 * Return: 0 or -1.
 */
int scope_array(const struct scope *s, const char *member, const json_t **list);

#endif
