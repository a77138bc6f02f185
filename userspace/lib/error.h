/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Filling in the error object.
 */
#ifndef LIBUTCP_ERROR_PRIV_H
#define LIBUTCP_ERROR_PRIV_H

#include <utcp/error.h>

/**
 * utcp_error_clear() - forget the last error
 * @e: the error object
 */
void utcp_error_clear(struct utcp_error *e);

/**
 * utcp_error_set() - record an error of our own finding
 * @e: the error object
 * @code: what kind
 * @err: errno, positive
 * @fmt: message, as for printf
 *
 * Return: -@err, so that a caller can return it.
 */
int utcp_error_set(struct utcp_error *e, enum utcp_error_code code, int err,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * utcp_error_malformed() - record that the kernel's answer makes no sense
 * @e: the error object
 * @what: the part that does not
 *
 * Return: -EBADMSG.
 */
int utcp_error_malformed(struct utcp_error *e, const char *what);

/**
 * utcp_error_classify() - what a caller can do about the kernel's errno
 * @err: errno, positive
 *
 * Return: the code.
 */
enum utcp_error_code utcp_error_classify(int err);

#endif
