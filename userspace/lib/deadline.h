/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A point in time up to which to wait.
 */
#ifndef LIBUTCP_DEADLINE_H
#define LIBUTCP_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/**
 * struct deadline - a point in time
 * @never: there is none
 * @ms: milliseconds of CLOCK_MONOTONIC
 */
struct deadline {
	bool never;
	int64_t ms;
};

static inline int64_t deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/**
 * deadline_in() - a deadline from now
 * @timeout_ms: how long, negative for ever
 *
 * Return: the deadline.
 */
static inline struct deadline deadline_in(int timeout_ms)
{
	struct deadline d = { .never = timeout_ms < 0 };

	if (timeout_ms > 0)
		d.ms = deadline_now() + timeout_ms;
	return d;
}

/**
 * deadline_left() - time that is left
 * @d: the deadline
 *
 * Return: milliseconds for poll(): -1 for ever, 0 if it has passed.
 */
static inline int deadline_left(const struct deadline *d)
{
	int64_t left;

	if (d->never)
		return -1;
	left = d->ms ? d->ms - deadline_now() : 0;
	return left > 0 ? (int)left : 0;
}

#endif
