/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may bind rings without CAP_NET_RAW.
 */
#ifndef LIBUTCP_GRANT_H
#define LIBUTCP_GRANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * struct utcp_grant - a user or a group may bind rings of an EtherType of a port
 * @ifindex: index of the port's device; set by the library
 * @name: its name; printable ASCII
 * @ethertype: EtherType
 * @is_group: it is for a group
 * @id: the user's or the group's number, as the user namespace of who opened the
 *	handle has it; in events, as that of the network namespace has it
 * @has_mac: it is for a ring that shares the EtherType by address, and has @mac
 * @mac: that address
 */
struct utcp_grant {
	uint32_t ifindex;
	char name[16];
	uint32_t ethertype;
	bool is_group;
	uint32_t id;
	bool has_mac;
	uint8_t mac[6];
};

/**
 * utcp_grant_add() - let somebody bind rings
 * @handle: an open handle
 * @grant: whom, and which; all but @grant.ifindex
 * @made: if not NULL, set to the grant
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_grant_add(struct utcp_handle *handle, const struct utcp_grant *grant,
		   struct utcp_grant *made);

/**
 * utcp_grant_del() - take a grant back
 * @handle: an open handle
 * @grant: which; all but @grant.ifindex
 * @was: if not NULL, set to the grant
 *
 * Rings that are bound stay so.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_grant_del(struct utcp_handle *handle, const struct utcp_grant *grant,
		   struct utcp_grant *was);

/**
 * utcp_grant_list() - get the grants of a port, or of all
 * @handle: an open handle
 * @name: name of the port's device; NULL for all ports of the namespace
 * @grants: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_grant_list(struct utcp_handle *handle, const char *name,
		    struct utcp_grant **grants, size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
