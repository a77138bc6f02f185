// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recent frames: the memory.
 */
#include "recent.h"

#include <linux/errno.h>

/* NULL only while no frame can come. */
struct acl_recents __percpu *acl_recents;

/* Of the module's life, before the first frame. Return: 0; -ENOMEM. */
int acl_recents_init(void)
{
	acl_recents = alloc_percpu(struct acl_recents);
	return acl_recents ? 0 : -ENOMEM;
}

/* No frame comes any more. */
void acl_recents_exit(void)
{
	free_percpu(acl_recents);
}
