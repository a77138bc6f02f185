/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Taking netlink messages apart. Nothing here believes a length before it is
 * compared with what is really there. libmnl's own iterators are not used:
 * they take a length over 2 GiB for a negative one, and accept an attribute
 * that ends in the padding behind the message.
 */
#ifndef LIBUTCP_NLPARSE_H
#define LIBUTCP_NLPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct nl_span - bytes still to be read
 * @data: the first
 * @len: how many
 */
struct nl_span {
	const unsigned char *data;
	size_t len;
};

/**
 * struct nl_msg - one netlink message
 * @type: message type; for generic netlink the id of the family
 * @flags: NLM_F_*
 * @seq: number of the request that it answers
 * @portid: socket that sent the request
 * @body: what follows the header
 */
struct nl_msg {
	uint16_t type;
	uint16_t flags;
	uint32_t seq;
	uint32_t portid;
	struct nl_span body;
};

/**
 * struct nl_attr - one attribute
 * @type: its number, without flags
 * @nested: it is marked as a nest
 * @value: what it holds
 */
struct nl_attr {
	uint16_t type;
	bool nested;
	struct nl_span value;
};

/**
 * nl_msg_next() - take the next message off a datagram
 * @span: what is left of the datagram
 * @msg: set to the message
 *
 * Return: 1 with a message, 0 at the end, -EBADMSG if what is left is none.
 */
int nl_msg_next(struct nl_span *span, struct nl_msg *msg);

/**
 * nl_genl() - take off the generic netlink header
 * @msg: a message; its body is moved behind the header
 * @cmd: set to the command
 *
 * Return: 0, or -EBADMSG if it is too short.
 */
int nl_genl(struct nl_msg *msg, uint8_t *cmd);

/**
 * nl_attr_next() - take the next attribute off
 * @span: what is left
 * @attr: set to the attribute
 *
 * Return: 1 with an attribute, 0 at the end, -EBADMSG if what is left is none.
 */
int nl_attr_next(struct nl_span *span, struct nl_attr *attr);

/**
 * nl_attr_u16() - read a 16-bit number
 * @attr: the attribute
 * @value: set to the number
 *
 * Return: 0, or -EBADMSG if it has another length.
 */
int nl_attr_u16(const struct nl_attr *attr, uint16_t *value);

/**
 * nl_attr_u64() - read a 64-bit number
 * @attr: the attribute
 * @value: set to the number
 *
 * Return: 0, or -EBADMSG if it has another length.
 */
int nl_attr_u64(const struct nl_attr *attr, uint64_t *value);

/**
 * nl_attr_bytes() - read so many bytes
 * @attr: the attribute
 * @to: gets them
 * @len: how many there have to be
 *
 * Return: 0, or -EBADMSG if there are more or fewer.
 */
int nl_attr_bytes(const struct nl_attr *attr, void *to, size_t len);

/**
 * nl_attr_u32() - read a 32-bit number
 * @attr: the attribute
 * @value: set to the number
 *
 * Return: 0, or -EBADMSG if it has another length.
 */
int nl_attr_u32(const struct nl_attr *attr, uint32_t *value);

/**
 * nl_attr_uint() - read a number of 1, 2, 4 or 8 bytes
 * @attr: the attribute
 * @value: set to the number
 *
 * Return: 0, or -EBADMSG if it has another length.
 */
int nl_attr_uint(const struct nl_attr *attr, uint64_t *value);

/**
 * nl_attr_mac() - read a MAC address
 * @attr: the attribute
 * @mac: set to the address
 *
 * Return: 0, or -EBADMSG if it has another length.
 */
int nl_attr_mac(const struct nl_attr *attr, uint8_t mac[6]);

/**
 * nl_attr_str() - copy a text, cut to fit, with '?' for what is not printable
 * @attr: the attribute
 * @text: set to the text
 * @size: room for it, at least 1
 *
 * Return: 0, or -EBADMSG if no NUL ends it or one stands inside.
 */
int nl_attr_str(const struct nl_attr *attr, char *text, size_t size);

#endif
