/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Small files under /run/utcp: whole or not there, whatever dies in between.
 */
#ifndef LIBUTCP_RUNDIR_H
#define LIBUTCP_RUNDIR_H

#include <stddef.h>
#include <sys/stat.h>

struct utcp_error;

/* A larger file is none of ours. */
#define RUNDIR_FILE_MAX (8 << 20)

/** rundir_path - the folder; tests use another */
extern const char *rundir_path;

/**
 * file_read() - read a small file, here or elsewhere
 * @path: the file
 * @ok: 0 if it may be read, or a negative errno; or NULL
 * @data: set to its bytes with a NUL behind them, to be freed with free()
 * @len: set to their number
 * @e: filled in on failure
 *
 * Return: 0, -ENOENT if there is none, or another negative errno.
 */
int file_read(const char *path, int (*ok)(const struct stat *st), char **data,
	      size_t *len, struct utcp_error *e);

/**
 * file_replace() - put a file in the place of the one that was there
 * @dir: its folder, which is there; the caller has it to himself
 * @name: its name
 * @mode: its mode
 * @data: its bytes
 * @len: how many
 * @e: filled in on failure
 *
 * It is on the disk when it takes the other's place: who reads sees the old file or the
 * new one, after a crash, too.
 *
 * Return: 0 or a negative errno.
 */
int file_replace(const char *dir, const char *name, mode_t mode,
		 const char *data, size_t len, struct utcp_error *e);

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
 * rundir_mkdir() - have a folder in the folder
 * @sub: its name, or two with a slash between them
 * @e: filled in on failure
 *
 * The one that it is in is made, too.
 *
 * Return: 1 if it was made, 0 if it was there, or a negative errno.
 */
int rundir_mkdir(const char *sub, struct utcp_error *e);

/**
 * rundir_rmdir() - remove a folder that is empty
 * @sub: its name
 * @e: filled in on failure, unless it is not empty
 *
 * What rundir_give() has left there of who died goes with it. Under the lock, where entries
 * are given.
 *
 * Return: 0, also if there was none, -ENOTEMPTY, or another negative errno.
 */
int rundir_rmdir(const char *sub, struct utcp_error *e);

/**
 * rundir_claim() - say to whom something belongs that nobody has yet
 * @sub: folder in the folder
 * @name: name of it
 * @owner: who has it
 * @e: filled in on failure, unless somebody has it
 *
 * It is a symbolic link, which is there as a whole or not at all, and once. To be removed by
 * rundir_remove().
 *
 * Return: 0, -EEXIST if somebody has it, or another negative errno.
 */
int rundir_claim(const char *sub, const char *name, const char *owner,
		 struct utcp_error *e);

/**
 * rundir_give() - say to whom something belongs, whoever has had it
 * @sub: folder in the folder
 * @name: name of it
 * @owner: who has it
 * @e: filled in on failure
 *
 * The caller has the lock.
 *
 * Return: 0 or a negative errno.
 */
int rundir_give(const char *sub, const char *name, const char *owner,
		struct utcp_error *e);

/**
 * rundir_owner() - to whom does something belong?
 * @sub: folder in the folder
 * @name: name of it
 * @owner: set to who has it
 * @size: room for it
 *
 * Return: 0, or a negative errno if nobody has, or the name is longer.
 */
int rundir_owner(const char *sub, const char *name, char *owner, size_t size);

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
 * rundir_each() - look at the names of a folder, in no order
 * @sub: folder in the folder
 * @take: called for each, which it may remove; anything but 0 ends it
 * @arg: for @take
 * @e: filled in on failure
 *
 * Return: 0, what @take returned, or a negative errno.
 */
int rundir_each(const char *sub, int (*take)(const char *name, void *arg),
		void *arg, struct utcp_error *e);

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
