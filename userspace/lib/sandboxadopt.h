/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding links that somebody else has made.
 */
#ifndef LIBUTCP_SANDBOXADOPT_H
#define LIBUTCP_SANDBOXADOPT_H

struct job;
struct utcp_acl_binding;

/**
 * adopt_find() - find the link that is to be adopted
 * @job: the job; its sandbox gets the link's device, namespace and addresses, itself
 *	what is the sandbox's own
 * @own: room for that
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int adopt_find(struct job *job, struct utcp_acl_binding *own);

#endif
