/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The signature that is appended to a module's file.
 */
#ifndef LIBUTCP_MODSIG_H
#define LIBUTCP_MODSIG_H

#include <stddef.h>

#include <utcp/status.h>

/* No signature is longer; the end of the file up to this length is looked at. */
#define MODSIG_TAIL 65536

/**
 * modsig_parse() - look at the end of a module
 * @tail: the last bytes of the file, as it is without compression
 * @len: how many
 * @signer: set to the signer's common name, else its organisation, else its key
 *          identifier in hexadecimal, or ""; printable ASCII
 * @size: room for it
 *
 * Return: LIBUTCP_SIG_NONE, LIBUTCP_SIG_BROKEN or LIBUTCP_SIG_UNCHECKED.
 */
enum utcp_signature modsig_parse(const unsigned char *tail, size_t len,
				 char *signer, size_t size);

/**
 * modsig_read() - look at a module's file
 * @root: descriptor of the root directory
 * @path: absolute path of the file
 * @signer: as for modsig_parse()
 * @size: room for it
 *
 * A compressed file is given to the program that unpacks it.
 *
 * Return: as modsig_parse(), or LIBUTCP_SIG_UNREAD.
 */
enum utcp_signature modsig_read(int root, const char *path, char *signer,
				size_t size);

#endif
