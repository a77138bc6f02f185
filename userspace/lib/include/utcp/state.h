/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What outlives a reboot: files of root alone, and links that are closed until all that
 * was bound to them is bound again.
 */
#ifndef LIBUTCP_STATE_H
#define LIBUTCP_STATE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/** LIBUTCP_STATE_DIR - the folder of the files */
#define LIBUTCP_STATE_DIR "/var/lib/utcp"

/**
 * utcp_state_lock() - have the files to oneself
 * @handle: an open handle
 *
 * The folder is made if it is not there; that nobody else has access to it is checked.
 * The lock ends with close(), and with the process.
 *
 * Return: a descriptor, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_state_lock(struct utcp_handle *handle);

/**
 * utcp_state_read() - read a file
 * @handle: an open handle
 * @name: its name in the folder, such as "state.json" or "keys/NAME"
 * @data: set to its bytes with a NUL behind them, to be freed with free()
 * @len: set to their number
 *
 * Return: 0, -ENOENT if there is none, -EACCES if it is not the caller's alone, or another
 * negative errno, with the reason in utcp_handle_error().
 */
int utcp_state_read(struct utcp_handle *handle, const char *name, char **data,
		    size_t *len);

/**
 * utcp_state_read_plain() - read a file that holds no secret
 * @handle: an open handle
 * @name: its name
 * @data: set to its bytes with a NUL behind them, to be freed with free()
 * @len: set to their number
 *
 * As utcp_state_read(), but others than its user may read it, too.
 *
 * Return: 0, -ENOENT if there is none, -EACCES if others may have written it, or another
 * negative errno, with the reason in utcp_handle_error().
 */
int utcp_state_read_plain(struct utcp_handle *handle, const char *name,
			  char **data, size_t *len);

/**
 * utcp_state_write() - put a file in the place of the one that was there
 * @handle: an open handle
 * @name: its name
 * @data: its bytes
 * @len: how many
 *
 * The caller has the lock. It is on the disk before it takes the other's place.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_state_write(struct utcp_handle *handle, const char *name,
		     const char *data, size_t len);

/**
 * utcp_state_remove() - remove a file
 * @handle: an open handle
 * @name: its name
 *
 * Return: 0, also if there was none, or a negative errno with the reason in
 * utcp_handle_error().
 */
int utcp_state_remove(struct utcp_handle *handle, const char *name);

/**
 * enum utcp_state_mark - what is remembered until the next boot
 * @LIBUTCP_STATE_LINK: that a link is waited for
 * @LIBUTCP_STATE_NETNS: that a namespace is waited for
 * @LIBUTCP_STATE_SEEN: that what was saved is what a module has, since it was loaded
 */
enum utcp_state_mark {
	LIBUTCP_STATE_LINK,
	LIBUTCP_STATE_NETNS,
	LIBUTCP_STATE_SEEN,
};

/**
 * utcp_state_mark() - remember something, or forget it
 * @handle: an open handle
 * @what: what
 * @name: its name
 * @on: remember, or forget
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_state_mark(struct utcp_handle *handle, enum utcp_state_mark what,
		    const char *name, bool on);

/**
 * utcp_state_marked() - is something remembered?
 * @handle: an open handle
 * @what: what
 * @name: its name
 *
 * Return: whether it is.
 */
bool utcp_state_marked(struct utcp_handle *handle, enum utcp_state_mark what,
		       const char *name);

/**
 * utcp_state_networks() - networks of sandboxes, to be kept
 * @handle: an open handle
 * @json: set to them, an array as text, to be freed with free()
 *
 * With the addresses of sandboxes that are there and no container's. Networks whose
 * addresses are given out elsewhere are left out.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_state_networks(struct utcp_handle *handle, char **json);

/**
 * utcp_state_network_restore() - have a network of sandboxes be as it was
 * @handle: an open handle
 * @json: one of the array
 *
 * It has its prefixes and addresses, and its bridge with the first sandbox.
 *
 * Return: 0, -EEXIST if there is one of its name, or another negative errno with the
 * reason in utcp_handle_error().
 */
int utcp_state_network_restore(struct utcp_handle *handle, const char *json);

/**
 * utcp_link_close() - let nothing pass by a device, without our modules
 * @handle: an open handle, in the caller's namespace
 * @name: name of the device
 *
 * It is set down; and a table of nftables drops what comes and goes, should somebody set
 * it up. Nobody is waited for, whoever else is at work.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error(): it is as closed
 * as it could be made.
 */
int utcp_link_close(struct utcp_handle *handle, const char *name);

/**
 * utcp_link_open() - undo utcp_link_close()
 * @handle: an open handle, in the caller's namespace
 * @name: name of the device
 *
 * It is set up again if it was up.
 *
 * Return: 0, also if it was not closed, or a negative errno with the reason in
 * utcp_handle_error().
 */
int utcp_link_open(struct utcp_handle *handle, const char *name);

/**
 * utcp_link_is_there() - is there a device of that name?
 * @handle: an open handle, in the caller's namespace
 * @name: the name
 *
 * Return: 1, 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_link_is_there(struct utcp_handle *handle, const char *name);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
