/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pools: sandboxes without a name, policy and rate, whose links are down on the host's
 * side, and which wait to become somebody's.
 *
 * A member is a sandbox in the phase LIBUTCP_SANDBOX_POOLED, and a link in its pool's folder
 * that leads to nothing but itself. Who takes it removes that link first: nobody else finds
 * the member then, and if the taker dies, it is a leftover.
 */
#ifndef LIBUTCP_SANDBOXPOOL_H
#define LIBUTCP_SANDBOXPOOL_H

#include <stdbool.h>

#include <utcp/sandbox.h>

struct job;
struct utcp_error;
struct utcp_handle;

/**
 * pool_serves() - may a sandbox be one of a pool?
 * @config: the sandbox
 *
 * Return: whether it may: with a link and a namespace like those of others.
 */
bool pool_serves(const struct utcp_sandbox_config *config);

/**
 * pool_find() - find a member that a sandbox may become
 * @job: the sandbox; if there is one, it gets the member's link and addresses
 *
 * The member stays in its pool until pool_claim(). What is broken is taken out of it.
 *
 * Return: 0, also if there is none, or a negative errno with the handle's error set.
 */
int pool_find(struct job *job);

/**
 * pool_claim() - take the member that was found out of its pool
 * @job: the sandbox
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int pool_claim(struct job *job);

/**
 * pool_name() - name a member that is to be made
 * @sb: the member, with its id
 */
void pool_name(struct utcp_sandbox *sb);

/**
 * pool_enter() - put a member into its pool, which it is in all ready for
 * @sb: the member
 * @e: filled in on failure
 *
 * Return: 0 or a negative errno.
 */
int pool_enter(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * pool_leave() - take a member out of its pool
 * @sb: the member
 * @e: filled in on failure
 *
 * Return: 0, also if it is not in there, or a negative errno.
 */
int pool_leave(const struct utcp_sandbox *sb, struct utcp_error *e);

/**
 * pool_has() - is a member in its pool?
 * @sb: the member
 *
 * Return: whether it is.
 */
bool pool_has(const struct utcp_sandbox *sb);

/**
 * pool_sweep() - take out of all pools what is no member any more
 * @h: a handle; the caller has the lock
 *
 * Return: 0, or a negative errno with the handle's error set.
 */
int pool_sweep(struct utcp_handle *h);

#endif
