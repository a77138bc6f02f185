// SPDX-License-Identifier: GPL-2.0-only
/*
 * What went wrong, as the CNI has it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include <utcp/error.h>

#include "fault.h"

int cni_fail(struct cni_fault *f, int code, const char *fmt, ...)
{
	va_list args;

	f->code = code;
	f->details[0] = '\0';
	va_start(args, fmt);
	vsnprintf(f->msg, sizeof(f->msg), fmt, args);
	va_end(args);
	/* A message with halves of letters would be no JSON. */
	for (char *c = f->msg; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return -1;
}

int cni_fail_utcp(struct cni_fault *f, const struct utcp_error *e)
{
	int code = CNI_REFUSED;

	switch (e->code) {
	case LIBUTCP_E_ARGUMENT:
	case LIBUTCP_E_NOT_FOUND:
		code = CNI_CONFIG;
		break;
	case LIBUTCP_E_BUSY:
	case LIBUTCP_E_TIMEOUT:
		code = CNI_AGAIN;
		break;
	case LIBUTCP_E_NO_MODULE:
		code = CNI_MODULE;
		break;
	case LIBUTCP_E_PERMISSION:
		code = CNI_PERMISSION;
		break;
	default:
		break;
	}
	cni_fail(f, code, "%s", e->message);
	if (e->err)
		snprintf(f->details, sizeof(f->details), "%s",
			 strerror(e->err));
	return -1;
}

void cni_fault_print(const struct cni_fault *f, const char *version)
{
	json_t *o = json_pack("{s:s, s:i, s:s}", "cniVersion", version, "code",
			      f->code, "msg", f->msg);

	if (o && f->details[0])
		json_object_set_new(o, "details", json_string(f->details));
	if (!o || json_dumpf(o, stdout, JSON_INDENT(4)))
		fputs("{\"code\":5,\"msg\":\"out of memory\"}", stdout);
	putchar('\n');
	json_decref(o);
}
