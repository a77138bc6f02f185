/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Users and groups: their names are this host's, where the tool runs; the kernel
 * knows numbers.
 */
#ifndef UTCPCTL_OWNER_H
#define UTCPCTL_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * owner_user() - which user is meant
 * @text: a name, which comes first as with chown(1), or a number
 * @uid: set to the user's number
 *
 * Return: whether there is one; of a number that is always so.
 */
bool owner_user(const char *text, uint32_t *uid);

/**
 * owner_group() - which group is meant
 * @text: as for owner_user()
 * @gid: set to the group's number
 *
 * Return: as owner_user().
 */
bool owner_group(const char *text, uint32_t *gid);

/**
 * owner_user_name() - a user's name
 * @uid: the user's number
 * @name: set to it
 * @size: bytes there are for it
 *
 * Return: whether there is one.
 */
bool owner_user_name(uint32_t uid, char *name, size_t size);

/**
 * owner_group_name() - a group's name
 * @gid: the group's number
 * @name: set to it
 * @size: bytes there are for it
 *
 * Return: whether there is one.
 */
bool owner_group_name(uint32_t gid, char *name, size_t size);

#endif
