/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small files under /run/utcp: whole or not there, whatever dies in between.
 */
#ifndef LIBUTCP_RUNDIR_H
#define LIBUTCP_RUNDIR_H

#include <stddef.h>

struct utcp_error;

/* A larger file is none of ours. */
#define RUNDIR_FILE_MAX (8 << 20)

/** rundir_path - the folder; tests use another */
extern const char *rundir_path;

/**
 * rundir_lock() - have the folder to oneself
 * @timeout_ms: how long to wait for others
 * @e: filled in on failure
 *
 * The folder is made if it is not there. The lock ends with close(), and with the
 * process.
 *
 * Return: a descriptor, or a negative errno.
 */
int rundir_lock(int timeout_ms, struct utcp_error *e);

/**
 * rundir_read() - read a file
 * @sub: folder in the folder
 * @name: name of the file
 * @data: set to its bytes with a NUL behind them, to be freed with free()
 * @len: set to their number
 * @e: filled in on failure
 *
 * Return: 0, -ENOENT if there is none, or another negative errno.
 */
int rundir_read(const char *sub, const char *name, char **data, size_t *len,
		struct utcp_error *e);

/**
 * rundir_write() - put a file in the place of the one that was there
 * @sub: folder in the folder
 * @name: name of the file
 * @data: its bytes
 * @len: how many
 * @e: filled in on failure
 *
 * The caller has the lock. Who reads sees the old file or the new one.
 *
 * Return: 0 or a negative errno.
 */
int rundir_write(const char *sub, const char *name, const char *data,
		 size_t len, struct utcp_error *e);

/**
 * rundir_remove() - remove a file
 * @sub: folder in the folder
 * @name: name of the file
 * @e: filled in on failure
 *
 * Return: 0, also if there was none, or a negative errno.
 */
int rundir_remove(const char *sub, const char *name, struct utcp_error *e);

/**
 * rundir_names() - names of the files of a folder, in order
 * @sub: folder in the folder
 * @names: set to an array, for rundir_names_free()
 * @n: set to how many there are
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int rundir_names(const char *sub, char ***names, size_t *n,
		 struct utcp_error *e);

/**
 * rundir_names_free() - forget names
 * @names: the names
 * @n: how many there are
 */
void rundir_names_free(char **names, size_t n);

/**
 * rundir_sweep() - remove what writers that died have left behind
 * @sub: folder in the folder
 * @e: filled in on failure
 *
 * The caller has the lock.
 *
 * Return: 0 or a negative errno.
 */
int rundir_sweep(const char *sub, struct utcp_error *e);

#endif
