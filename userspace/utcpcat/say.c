// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "say.h"

enum exit_code exit_of(int err)
{
	switch (err) {
	case 0:
		return EXIT_DONE;
	case EACCES:
	case EPERM:
		return EXIT_PERMISSION;
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case EHOSTUNREACH:
	case ENOENT:
		return EXIT_NOT_FOUND;
	case EADDRINUSE:
	case EBUSY:
	case ETIMEDOUT:
		return EXIT_BUSY;
	default:
		return EXIT_REFUSED;
	}
}

/* In one piece, so that what several processes tell is not mixed. */
static void print(const char *message, const char *why)
{
	char line[1024];

	snprintf(line, sizeof(line), "utcpcat: %s%s%s", message,
		 why ? ": " : "", why ? why : "");
	for (char *c = line; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	fprintf(stderr, "%s\n", line);
}

void say(const char *fmt, ...)
{
	char message[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	print(message, NULL);
}

int say_usage(const char *fmt, ...)
{
	char message[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	print(message, NULL);
	return EXIT_USAGE;
}

int say_failed(int err, const char *fmt, ...)
{
	char message[768];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	print(message, strerror(err));
	return exit_of(err);
}
