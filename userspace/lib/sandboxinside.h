/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A sandbox's own side: its loopback, and its link's addresses and routes.
 */
#ifndef LIBUTCP_SANDBOXINSIDE_H
#define LIBUTCP_SANDBOXINSIDE_H

struct job;

/**
 * inside_new() - make the sandbox's namespace, and open a socket there
 * @job: the job; its @netns and @inside are set
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int inside_new(struct job *job);

/**
 * inside_open() - open a socket in a namespace of others
 * @job: the job, with the namespace; its @inside is set
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int inside_open(struct job *job);

/**
 * inside_linked() - the link is there: what was only for that is over
 * @job: the job
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int inside_linked(struct job *job);

/**
 * inside_make() - have the loopback, and the link with its addresses and routes, be up
 * @job: the job
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int inside_make(struct job *job);

/**
 * inside_close() - close what the others have opened
 * @job: the job
 */
void inside_close(struct job *job);

#endif
