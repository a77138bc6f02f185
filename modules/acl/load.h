/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads: policies that are being replaced as a whole.
 */
#ifndef _UTCP_ACL_LOAD_H
#define _UTCP_ACL_LOAD_H

struct acl_policies;

int acl_loads_init(void);
void acl_loads_fini(void);
void acl_loads_exit(struct acl_policies *policies);

#endif /* _UTCP_ACL_LOAD_H */
