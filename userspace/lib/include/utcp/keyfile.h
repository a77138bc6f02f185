/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that hold one key: private keys of cells, and realms.
 *
 * The key stands in base64, as wg(8) writes it, alone on the only line. Nobody
 * but the owner may have access to the file.
 */
#ifndef LIBUTCP_KEYFILE_H
#define LIBUTCP_KEYFILE_H

#include <stddef.h>
#include <stdint.h>

#include <utcp/cellid.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/**
 * utcp_keyfile_read() - read a key from a file
 * @path: the file; "-" for standard input, whose mode is not looked at unless it
 *        is a file
 * @key: set to the key, which the caller wipes after use; zero on failure
 * @message: set to the reason of a failure, with the name of the file and
 *           nothing of what it holds
 * @size: room for it
 *
 * Return: 0 or a negative errno; -EACCES if group or others have access to it,
 * -EBADMSG if there is no key in it.
 */
int utcp_keyfile_read(const char *path, uint8_t key[LIBUTCP_KEY_LEN],
		      char *message, size_t size);

/**
 * utcp_key_make() - make a private key
 * @key: set to the key, which the caller wipes after use
 *
 * It comes from getrandom(2), and is clamped as RFC 7748 has it.
 *
 * Return: 0 or a negative errno.
 */
int utcp_key_make(uint8_t key[LIBUTCP_KEY_LEN]);

/**
 * utcp_keyfile_make() - make a private key, and a file that holds it
 * @path: the file, which must not be there yet
 * @message: set to the reason of a failure, with the name of the file
 * @size: room for it
 *
 * The key is one of utcp_key_make().
 *
 * Return: 0 or a negative errno; then there is no file.
 */
int utcp_keyfile_make(const char *path, char *message, size_t size);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
