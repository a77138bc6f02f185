/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names file: which name stands for which CellID. See utcp-cells(5).
 */
#ifndef LIBUTCP_CELLNAMES_H
#define LIBUTCP_CELLNAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <utcp/cellid.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Where it is. */
#define LIBUTCP_CELLNAMES_FILE "/etc/utcp/cells"

/* Longest name. */
#define LIBUTCP_CELLNAME_MAX 63

struct utcp_cellnames;

/**
 * utcp_cellname_ok() - whether a text may be a name
 * @name: the text
 *
 * Return: true for 1 to LIBUTCP_CELLNAME_MAX letters, digits, '-', '_' and '.', of
 * which the first is a letter or digit, that do not begin with "cell1" in small
 * or capital letters.
 */
bool utcp_cellname_ok(const char *name);

/**
 * utcp_cellnames_read() - read a names file
 * @path: the file
 * @names: set to the names, for utcp_cellnames_free(); NULL on failure
 * @message: set to the reason of a failure, with file and line
 * @size: room for it
 *
 * A file with an error is no good as a whole: who reads on behind the error may
 * take one name for another.
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such file, -EBADMSG if a
 * line is wrong.
 */
int utcp_cellnames_read(const char *path, struct utcp_cellnames **names,
			char *message, size_t size);

/**
 * utcp_cellnames_free() - forget names
 * @names: the names, or NULL
 */
void utcp_cellnames_free(struct utcp_cellnames *names);

/**
 * utcp_cellnames_find() - find what a name stands for
 * @names: the names
 * @name: the name; small and capital letters differ
 * @id: set to the CellID
 *
 * Return: true if it is there.
 */
bool utcp_cellnames_find(const struct utcp_cellnames *names, const char *name,
			 uint8_t id[LIBUTCP_CELLID_LEN]);

/**
 * utcp_cellnames_resolve() - find the cell that a word means
 * @word: a CellID, or a name; what begins with "cell1", in small or capital letters,
 *        is a CellID and never looked up
 * @path: the names file
 * @id: set to the CellID
 * @message: set to the reason of a failure
 * @size: room for it
 *
 * Return: 0 or a negative errno; -EINVAL if the word is neither a CellID nor a name,
 * -ENOENT if there is no such name, or else as utcp_cellnames_read().
 */
int utcp_cellnames_resolve(const char *word, const char *path,
			   uint8_t id[LIBUTCP_CELLID_LEN], char *message,
			   size_t size);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
