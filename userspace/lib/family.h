/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The families: constants of each, and their numbers in the running kernel.
 */
#ifndef LIBUTCP_FAMILY_PRIV_H
#define LIBUTCP_FAMILY_PRIV_H

#include <stdint.h>

#include <utcp/family.h>

#include "names.h"
#include "request.h"

/**
 * struct family_desc - what does not change while the kernel runs
 * @name: name of the family
 * @module: name of the module
 * @group: name of the multicast group for events
 * @version: version of the family
 * @abi: the contract's number that this library was built for
 * @cmd_info_get: command
 * @cmd_limits_set: command
 * @cmd_limits_ntf: notification
 * @a_version: attribute of info
 * @a_abi: attribute of info
 * @a_limits: attribute of info
 * @names: names of attributes
 */
struct family_desc {
	const char *name;
	const char *module;
	const char *group;
	uint8_t version;
	uint32_t abi;
	uint8_t cmd_info_get, cmd_limits_set, cmd_limits_ntf;
	uint16_t a_version, a_abi, a_limits;
	const struct nl_names *names;
};

/**
 * struct family_found - a family in the running kernel
 * @family: which one
 * @id: its generic netlink id
 * @group: id of its "events" group, 0 if there is none
 */
struct family_found {
	enum utcp_family family;
	uint16_t id;
	uint32_t group;
};

extern const struct family_desc family_descs[LIBUTCP_FAMILIES];

/**
 * family_parse() - read the kernel's description of a family
 * @attrs: attributes of CTRL_CMD_NEWFAMILY or CTRL_CMD_DELFAMILY
 * @found: set to the family
 *
 * Return: 1 if it is one of ours, 0 if it is another, -EBADMSG if malformed.
 */
int family_parse(struct nl_span attrs, struct family_found *found);

/**
 * family_refresh() - ask the kernel for the ids of all families
 * @h: the handle
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int family_refresh(struct utcp_handle *h);

/**
 * family_begin() - begin a request to a family
 * @h: the handle
 * @r: the request
 * @family: the family
 * @cmd: the command
 * @dump: ask for a list
 *
 * Return: 0, or a negative errno with the handle's error set: the family may
 * not be there.
 */
int family_begin(struct utcp_handle *h, struct nl_request *r,
		 enum utcp_family family, uint8_t cmd, bool dump);

/**
 * family_run() - run a request to a family
 * @h: the handle
 * @r: the request
 * @family: the family
 *
 * As request_run(), but a module that was loaded again since, and so has
 * another id, is found again.
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int family_run(struct utcp_handle *h, struct nl_request *r,
	       enum utcp_family family);

#endif
