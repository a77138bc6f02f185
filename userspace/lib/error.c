// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Filling in the error object.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

void utcp_error_clear(struct utcp_error *e)
{
	memset(e, 0, sizeof(*e));
}

int utcp_error_set(struct utcp_error *e, enum utcp_error_code code, int err,
		   const char *fmt, ...)
{
	va_list ap;

	utcp_error_clear(e);
	e->code = code;
	e->err = err;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
	return -err;
}

int utcp_error_malformed(struct utcp_error *e, const char *what)
{
	return utcp_error_set(e, LIBUTCP_E_PROTOCOL, EBADMSG,
			      "the kernel's answer is malformed: %s", what);
}

enum utcp_error_code utcp_error_classify(int err)
{
	switch (err) {
	case EPERM:
	case EACCES:
		return LIBUTCP_E_PERMISSION;
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case ESRCH:
		return LIBUTCP_E_NOT_FOUND;
	case EBUSY:
	case EAGAIN:
	case EINTR:
		return LIBUTCP_E_BUSY;
	case ETIMEDOUT:
		return LIBUTCP_E_TIMEOUT;
	default:
		return LIBUTCP_E_REFUSED;
	}
}

const char *utcp_error_name(enum utcp_error_code code)
{
	static const char *const names[] = {
		[LIBUTCP_OK] = "ok",
		[LIBUTCP_E_ARGUMENT] = "argument",
		[LIBUTCP_E_REFUSED] = "refused",
		[LIBUTCP_E_NOT_FOUND] = "not-found",
		[LIBUTCP_E_NO_MODULE] = "no-module",
		[LIBUTCP_E_BUSY] = "busy",
		[LIBUTCP_E_TIMEOUT] = "timeout",
		[LIBUTCP_E_PERMISSION] = "permission",
		[LIBUTCP_E_PROTOCOL] = "protocol",
		[LIBUTCP_E_SYSTEM] = "system",
	};

	if ((size_t)code >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[code];
}
