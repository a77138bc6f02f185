/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the text of a names file.
 */
#ifndef LIBUTCP_CELLNAMES_PRIV_H
#define LIBUTCP_CELLNAMES_PRIV_H

#include <utcp/cellnames.h>

/* Longest line, without its line feed; and most names of a file. */
#define CELLNAMES_LINE_MAX 255
#define CELLNAMES_MAX 65536

/**
 * cellnames_parse() - read the text of a names file
 * @text: the text
 * @len: its length
 * @path: the file, for messages
 * @names: set to the names, or NULL
 * @message: set to the reason of a failure
 * @size: room for it
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int cellnames_parse(const char *text, size_t len, const char *path,
		    struct utcp_cellnames **names, char *message, size_t size);

#endif
