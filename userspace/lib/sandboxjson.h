/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Numbers, texts and addresses in files of JSON, of which nothing is believed.
 */
#ifndef LIBUTCP_SANDBOXJSON_H
#define LIBUTCP_SANDBOXJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct utcp_sandbox_prefix;

/**
 * member_number() - read a number
 * @o: object
 * @member: its member
 * @max: largest number that there may be
 * @value: set to it
 *
 * Return: 0, or -EBADMSG if there is no such number.
 */
int member_number(const json_t *o, const char *member, uint64_t max,
		  uint64_t *value);

/**
 * member_text() - read a text of printable ASCII
 * @o: object
 * @member: its member
 * @text: set to it
 * @size: room for it
 *
 * Return: 0, or -EBADMSG if there is no such text, or it is empty or too long.
 */
int member_text(const json_t *o, const char *member, char *text, size_t size);

/**
 * member_hex() - read bytes
 * @o: object
 * @member: its member, two hexadecimal digits for each
 * @bytes: set to them
 * @len: how many there have to be
 *
 * Return: 0 or -EBADMSG.
 */
int member_hex(const json_t *o, const char *member, uint8_t *bytes, size_t len);

/**
 * hex_member() - bytes, to be read by member_hex()
 * @bytes: the bytes
 * @len: how many, 32 at most
 *
 * Return: a string, or NULL.
 */
json_t *hex_member(const uint8_t *bytes, size_t len);

/**
 * member_prefix() - read an address and the length of its prefix
 * @o: object
 * @member: its member; if it is missing, @prefix has length 0
 * @is6: an address of IPv6 is expected
 * @prefix: set to them
 *
 * Return: 0 or -EBADMSG.
 */
int member_prefix(const json_t *o, const char *member, bool is6,
		  struct utcp_sandbox_prefix *prefix);

/**
 * prefix_member() - an address, to be read by member_prefix()
 * @prefix: the address
 *
 * Return: a string; NULL, which sets no member, if its length is 0.
 */
json_t *prefix_member(const struct utcp_sandbox_prefix *prefix);

#endif
