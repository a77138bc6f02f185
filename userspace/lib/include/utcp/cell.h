/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cells: the key pairs of a network namespace, and who may use them.
 */
#ifndef LIBUTCP_CELL_H
#define LIBUTCP_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/utcp.h>
#include <utcp/cellid.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/* Longest comment. */
#define LIBUTCP_CELL_COMMENT_MAX 63

/**
 * struct utcp_cell - a cell
 * @id: CellID
 * @public_key: public key
 * @has_realm: it has a realm; which is not told
 * @owner: user who owns it, as the caller's user namespace has it; in events, as
 *         the user namespace of the network namespace has it
 * @group: group that owns it, as @owner
 * @mode: who may use it (enum utcp_cell_mode)
 * @discoverable: it answers who asks for its CellID
 * @is_default: it is the default cell of its namespace
 * @comment: for people; printable ASCII
 * @users: sockets that use it
 */
struct utcp_cell {
	uint8_t id[LIBUTCP_CELLID_LEN];
	uint8_t public_key[LIBUTCP_KEY_LEN];
	bool has_realm;
	uint32_t owner;
	uint32_t group;
	uint32_t mode;
	bool discoverable;
	bool is_default;
	char comment[LIBUTCP_CELL_COMMENT_MAX + 1];
	uint32_t users;
};

/**
 * enum utcp_cell_fields - which settings are given
 * @LIBUTCP_CELL_REALM: realm
 * @LIBUTCP_CELL_NO_REALM: that there is to be none
 * @LIBUTCP_CELL_OWNER: owner
 * @LIBUTCP_CELL_GROUP: group
 * @LIBUTCP_CELL_MODE: mode
 * @LIBUTCP_CELL_DISCOVERABLE: discoverable
 * @LIBUTCP_CELL_DEFAULT: is_default
 * @LIBUTCP_CELL_COMMENT: comment
 */
enum utcp_cell_fields {
	LIBUTCP_CELL_REALM = 1 << 0,
	LIBUTCP_CELL_NO_REALM = 1 << 1,
	LIBUTCP_CELL_OWNER = 1 << 2,
	LIBUTCP_CELL_GROUP = 1 << 3,
	LIBUTCP_CELL_MODE = 1 << 4,
	LIBUTCP_CELL_DISCOVERABLE = 1 << 5,
	LIBUTCP_CELL_DEFAULT = 1 << 6,
	LIBUTCP_CELL_COMMENT = 1 << 7,
};

/**
 * struct utcp_cell_settings - what can be set of a cell
 * @fields: which members count (enum utcp_cell_fields); the rest stays as it is,
 *          or gets its default in a new cell
 * @realm: pre-shared key of its realm, a secret
 * @owner: see struct utcp_cell
 * @group: see struct utcp_cell
 * @mode: see struct utcp_cell
 * @discoverable: see struct utcp_cell
 * @is_default: see struct utcp_cell
 * @comment: see struct utcp_cell
 */
struct utcp_cell_settings {
	uint32_t fields;
	uint8_t realm[LIBUTCP_KEY_LEN];
	uint32_t owner;
	uint32_t group;
	uint32_t mode;
	bool discoverable;
	bool is_default;
	const char *comment;
};

/**
 * utcp_cell_new() - make a cell
 * @handle: an open handle
 * @private_key: its private key; NULL to have the kernel make one
 * @settings: its settings, or NULL
 * @cell: if not NULL, set to the cell
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_cell_new(struct utcp_handle *handle, const uint8_t *private_key,
		  const struct utcp_cell_settings *settings,
		  struct utcp_cell *cell);

/**
 * utcp_cell_set() - change settings of a cell
 * @handle: an open handle
 * @id: its CellID
 * @settings: the settings
 * @cell: if not NULL, set to the cell as it is then
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_cell_set(struct utcp_handle *handle, const uint8_t *id,
		  const struct utcp_cell_settings *settings,
		  struct utcp_cell *cell);

/**
 * utcp_cell_del() - forget a cell and its keys
 * @handle: an open handle
 * @id: its CellID
 * @cell: if not NULL, set to the cell as it was
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_cell_del(struct utcp_handle *handle, const uint8_t *id,
		  struct utcp_cell *cell);

/**
 * utcp_cell_get() - get one cell
 * @handle: an open handle
 * @id: its CellID; NULL for the default one
 * @cell: set to the cell
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_cell_get(struct utcp_handle *handle, const uint8_t *id,
		  struct utcp_cell *cell);

/**
 * utcp_cell_list() - get all cells of the namespace, oldest first
 * @handle: an open handle
 * @cells: set to an array, to be freed with free()
 * @n: set to how many there are
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_cell_list(struct utcp_handle *handle, struct utcp_cell **cells,
		   size_t *n);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
