/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key log: for debugging, root may read the keys of sessions, if the module was loaded
 * with keylog=1. See "Key log" in Documentation/networking/utcp-debugging.rst.
 */
#ifndef _UTCP_KEYLOG_H
#define _UTCP_KEYLOG_H

void utcp_keylog_init(void);
void utcp_keylog_exit(void);

#endif /* _UTCP_KEYLOG_H */
