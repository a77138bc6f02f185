/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Removing sandboxes whose files are damaged, or were written by another version.
 */
#ifndef LIBUTCP_SANDBOXDAMAGED_H
#define LIBUTCP_SANDBOXDAMAGED_H

#include <stdbool.h>

struct job;

/**
 * damaged_remove() - remove what there is of one by its name
 * @job: a job without a sandbox, set to what is known of it; the caller has the lock
 * @name: its name; one that a sandbox can have
 * @adopted: it is to be one that was adopted
 *
 * Its namespace, unless somebody else has made that, its link, policy, classes, addresses
 * and published ports. A forwarder ends by itself when the namespace's name goes.
 *
 * Return: 0, or a negative errno with the handle's error set; then the file stays.
 */
int damaged_remove(struct job *job, const char *name, bool adopted);

#endif
