/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A handle talks to the kernel modules in one network namespace. It holds no
 * locks: a handle belongs to one thread at a time.
 */
#ifndef LIBUTCP_HANDLE_H
#define LIBUTCP_HANDLE_H

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * utcp_handle_new() - allocate a handle
 *
 * Return: the handle, not open yet; or NULL if there is no memory.
 */
struct utcp_handle *utcp_handle_new(void);

/**
 * utcp_handle_open() - open a handle's socket
 * @handle: a new handle
 * @netns: network namespace: NULL for the caller's own, a name under
 *         /run/netns, or a path if it has a slash in it
 *
 * The caller's own namespace never changes, whatever fails.
 *
 * Return: 0, or a negative errno with the reason in utcp_handle_error().
 */
int utcp_handle_open(struct utcp_handle *handle, const char *netns);

/**
 * utcp_handle_set_timeout() - bound the wait for an answer
 * @handle: the handle
 * @milliseconds: longest silence of the kernel, 5000 by default
 */
void utcp_handle_set_timeout(struct utcp_handle *handle, int milliseconds);

/**
 * utcp_handle_free() - close and free a handle
 * @handle: the handle, or NULL
 */
void utcp_handle_free(struct utcp_handle *handle);

/**
 * utcp_version() - version of the library
 *
 * Return: such as "0.1.0".
 */
const char *utcp_version(void);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
