/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the older of the two iptables drops that is forwarded.
 */
#ifndef LIBUTCP_SANDBOXLEGACY_H
#define LIBUTCP_SANDBOXLEGACY_H

#include <stddef.h>

/**
 * legacy_forward() - tell of chains FORWARD of iptables-legacy that drop by their policy
 * @take: called with each, and if one cannot be read, as a sentence
 * @arg: for @take
 */
void legacy_forward(void (*take)(const char *what, void *arg), void *arg);

#endif
