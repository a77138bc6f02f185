/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sandbox of a container's connection.
 */
#ifndef UTCP_CNI_BOX_H
#define UTCP_CNI_BOX_H

#include <stdbool.h>
#include <stdint.h>

#include <utcp/sandbox.h>

#include "conf.h"
#include "env.h"
#include "fault.h"

struct utcp_handle;

/**
 * box_hash() - a number that follows from words
 * @h: number of the words before, or BOX_HASH
 * @word: the word
 *
 * Return: FNV-1a of the words, with a NUL behind each.
 */
uint64_t box_hash(uint64_t h, const char *word);

/** BOX_HASH - number of no word */
#define BOX_HASH 14695981039346656037ULL

/**
 * box_open() - open a handle in the host's namespace
 * @f: filled in on failure
 *
 * Return: the handle, or NULL.
 */
struct utcp_handle *box_open(struct cni_fault *f);

/**
 * box_begin() - open a handle, and say whose the sandbox is that will be made
 * @name: set to its name; has to stay as long as @conf is used
 * @conf: the network; its @sandbox gets name, container, namespace and interface
 * @env: the container
 * @f: filled in on failure
 *
 * Return: the handle, or NULL.
 */
struct utcp_handle *box_begin(char name[LIBUTCP_SANDBOX_NAME_MAX + 1],
			      struct cni_conf *conf, const struct cni_env *env,
			      struct cni_fault *f);

/**
 * box_is_of() - was a sandbox made for a container of a network?
 * @sb: the sandbox
 * @conf: the network
 * @env: who asks: networks of another protocol are others
 *
 * Return: whether it was.
 */
bool box_is_of(const struct utcp_sandbox *sb, const struct cni_conf *conf,
	       const struct cni_env *env);

/**
 * box_find() - find the sandbox
 * @h: a handle
 * @conf: the network
 * @env: the container
 * @sb: set to it
 * @f: filled in on failure
 *
 * Return: 1 if there is one, 0 if not, or -1.
 */
int box_find(struct utcp_handle *h, const struct cni_conf *conf,
	     const struct cni_env *env, struct utcp_sandbox *sb,
	     struct cni_fault *f);

/**
 * box_drop() - remove the sandbox, or release its link
 * @h: a handle
 * @sb: the sandbox
 * @f: filled in on failure
 *
 * Return: 0 or -1.
 */
int box_drop(struct utcp_handle *h, const struct utcp_sandbox *sb,
	     struct cni_fault *f);

/**
 * box_ways_out() - complete gateways and routes of addresses that were given out elsewhere
 * @conf: has them; gets the gateways that are missing, and routes to everywhere if its
 *	@default_gateway says so
 * @routes: its routes, with room for two more
 */
void box_ways_out(struct cni_conf *conf, struct utcp_sandbox_route *routes);

#endif
