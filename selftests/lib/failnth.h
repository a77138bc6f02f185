/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What failnth's cases share: the loop that lets each allocation of a step fail. The
 * cases of each family are in a file of their own.
 */
#ifndef _SELFTESTS_FAILNTH_H
#define _SELFTESTS_FAILNTH_H

#include <stdbool.h>
#include <stdint.h>

#include "nl.h"

/* Who asks in a step: a socket of its own for each try, made without faults, since
 * answers of a request that failed half way must not be taken for the next one's.
 */
extern struct client client;

/**
 * struct attempt - a step in which each allocation is to fail in turn
 * @what: it is
 * @family: whom it asks through @client; NULL: none
 * @use: the step. Return: 0 or an errno.
 * @undo: takes back what it has left, given what it gave. Return: false, and says why:
 *	something is half done.
 * @costly: it is tried again at the end only, and not after each failure
 */
struct attempt {
	const char *what;
	const char *family;
	int (*use)(void);
	bool (*undo)(int err);
	bool costly;
};

/* Return: exit status: 0: all was clean. */
int fail_each(const struct attempt *a);

int fail_ring(const char *device);
int fail_grant(const char *device);
int fail_cell(void);
int fail_peer(void);
int fail_acl(void);
int fail_acl_more(const char *device);
int fail_shaper(const char *device);

#endif /* _SELFTESTS_FAILNTH_H */
