/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lwIP: its network interface on the rings, and its thread.
 */
#ifndef MEMBRANE_STACK_H
#define MEMBRANE_STACK_H

#include "filter.h"
#include "options.h"
#include "rings.h"

/**
 * stack_start() - start lwIP, with an interface that is down
 * @o: addresses
 * @filter: set to who the station is
 *
 * Return: 0, or -1 with a message on standard error.
 */
int stack_start(const struct options *o, struct filter *filter);

/**
 * stack_up() - from now on frames go out
 */
void stack_up(void);

/**
 * stack_take() - give lwIP a frame, in a buffer that it frees
 * @p: the buffer
 *
 * Return: false if it does not take it; the buffer is the caller's then.
 */
bool stack_take(struct pbuf *p);

/**
 * stack_reclaim() - have lwIP free what it keeps only because it came too early
 *
 * Segments of TCP that came out of order: a receiver may forget those (RFC 9293,
 * 3.10.7.4), and their sender sends them again.
 */
void stack_reclaim(void);

#endif
