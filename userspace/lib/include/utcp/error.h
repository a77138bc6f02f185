/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What went wrong, in a form that can be shown and acted on.
 */
#ifndef LIBUTCP_ERROR_H
#define LIBUTCP_ERROR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * enum utcp_error_code - what a caller can do about an error
 * @LIBUTCP_OK: nothing happened
 * @LIBUTCP_E_ARGUMENT: the caller passed something that cannot be sent
 * @LIBUTCP_E_REFUSED: the kernel refused the request
 * @LIBUTCP_E_NOT_FOUND: the object of the request does not exist
 * @LIBUTCP_E_NO_MODULE: the module that has to answer is not loaded
 * @LIBUTCP_E_BUSY: in use, or changing all the time: try again
 * @LIBUTCP_E_TIMEOUT: no answer in time
 * @LIBUTCP_E_PERMISSION: the caller may not do this
 * @LIBUTCP_E_PROTOCOL: the kernel's answer makes no sense
 * @LIBUTCP_E_SYSTEM: a call of the local system failed
 */
enum utcp_error_code {
	LIBUTCP_OK,
	LIBUTCP_E_ARGUMENT,
	LIBUTCP_E_REFUSED,
	LIBUTCP_E_NOT_FOUND,
	LIBUTCP_E_NO_MODULE,
	LIBUTCP_E_BUSY,
	LIBUTCP_E_TIMEOUT,
	LIBUTCP_E_PERMISSION,
	LIBUTCP_E_PROTOCOL,
	LIBUTCP_E_SYSTEM,
};

/**
 * enum utcp_error_range - what the kernel said about an attribute's bounds
 * @LIBUTCP_RANGE_NONE: nothing
 * @LIBUTCP_RANGE_UNSIGNED: min and max are unsigned values
 * @LIBUTCP_RANGE_SIGNED: min and max are signed values, in two's complement
 * @LIBUTCP_RANGE_LENGTH: min and max are lengths in bytes
 */
enum utcp_error_range {
	LIBUTCP_RANGE_NONE,
	LIBUTCP_RANGE_UNSIGNED,
	LIBUTCP_RANGE_SIGNED,
	LIBUTCP_RANGE_LENGTH,
};

/**
 * struct utcp_error - the last error of a handle
 * @code: what kind of error
 * @err: errno, positive
 * @missing: @attribute names an attribute that the request lacked
 * @range: what @min and @max mean
 * @min: smallest value allowed
 * @max: largest value allowed
 * @message: the kernel's own message, or ours if it gave none; printable ASCII
 * @attribute: path of the attribute it is about, such as "limits.ports", or ""
 *
 * The library allocates it; later versions may add members at the end.
 */
struct utcp_error {
	enum utcp_error_code code;
	int err;
	bool missing;
	enum utcp_error_range range;
	uint64_t min;
	uint64_t max;
	char message[256];
	char attribute[128];
};

/**
 * utcp_handle_error() - the reason for the last failure
 * @handle: the handle of the call that failed
 *
 * Return: the error, valid until the next call with this handle.
 */
const struct utcp_error *utcp_handle_error(const struct utcp_handle *handle);

/**
 * utcp_error_name() - name of an error code for programs
 * @code: the code
 *
 * Return: a constant such as "not-found".
 */
const char *utcp_error_name(enum utcp_error_code code);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
