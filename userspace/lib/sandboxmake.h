/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making and removing sandboxes.
 */
#ifndef LIBUTCP_SANDBOXMAKE_H
#define LIBUTCP_SANDBOXMAKE_H

struct job;

/**
 * job_check_host() - does the sandbox's link lead to the caller's namespace?
 * @job: the job, with the sandbox
 *
 * Of another namespace's sandboxes nothing is where we would look for it.
 *
 * Return: 0 if so, or a negative errno with the handle's error set.
 */
int job_check_host(struct job *job);

#endif
