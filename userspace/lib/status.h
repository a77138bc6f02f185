/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding out what is missing, on any root directory.
 */
#ifndef LIBUTCP_STATUS_PRIV_H
#define LIBUTCP_STATUS_PRIV_H

#include <utcp/status.h>

/**
 * status_collect() - find out what is there and what is missing
 * @h: an open handle
 * @root: descriptor of the directory that stands for "/"
 * @release: release of the kernel that runs
 * @status: set to the answer
 *
 * Return: as utcp_status_get().
 */
int status_collect(struct utcp_handle *h, int root, const char *release,
		   struct utcp_status **status);

#endif
