/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What outlives a reboot: files of root alone.
 */
#ifndef LIBUTCP_STATEDIR_H
#define LIBUTCP_STATEDIR_H

/** statedir_path - the folder; tests use another */
extern const char *statedir_path;

#endif
