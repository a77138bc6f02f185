// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Life of a handle.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "handle.h"

const char *utcp_version(void)
{
	return LIBUTCP_VERSION;
}

struct utcp_handle *utcp_handle_new(void)
{
	struct utcp_handle *h = malloc(sizeof(*h));

	if (!h)
		return NULL;
	/* not the buffers: what nobody touches needs no memory */
	memset(h, 0, offsetof(struct utcp_handle, tx));
	h->timeout_ms = 5000;
	return h;
}

int handle_transport(struct utcp_handle *h)
{
	int err;

	if (h->transport)
		return 0;
	if (!h->opener)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EBADF,
				      "the handle is not open");
	err = h->opener->open(h->opener, &h->transport);
	if (err)
		return utcp_error_set(&h->error,
				      err == -EPERM || err == -EACCES ?
					      LIBUTCP_E_PERMISSION :
					      LIBUTCP_E_SYSTEM,
				      -err, "cannot open a netlink socket: %s",
				      strerror(-err));
	return 0;
}

void handle_drop_transport(struct utcp_handle *h)
{
	if (h->transport)
		h->transport->ops->close(h->transport);
	h->transport = NULL;
}

int handle_open_with(struct utcp_handle *h, struct utcp_opener *opener)
{
	int err;

	h->opener = opener;
	err = handle_transport(h);
	if (err) {
		h->opener->free(h->opener);
		h->opener = NULL;
	}
	return err;
}

int utcp_handle_open(struct utcp_handle *h, const char *netns)
{
	struct utcp_opener *opener;
	int err;

	utcp_error_clear(&h->error);
	if (h->opener)
		return utcp_error_set(&h->error, LIBUTCP_E_ARGUMENT, EBUSY,
				      "the handle is already open");
	err = utcp_kernel_opener(netns, &opener, &h->error);
	if (err)
		return err;
	return handle_open_with(h, opener);
}

void utcp_handle_set_timeout(struct utcp_handle *h, int milliseconds)
{
	h->timeout_ms = milliseconds;
}

const struct utcp_error *utcp_handle_error(const struct utcp_handle *h)
{
	return &h->error;
}

void utcp_handle_free(struct utcp_handle *h)
{
	if (!h)
		return;
	handle_drop_transport(h);
	if (h->opener)
		h->opener->free(h->opener);
	free(h);
}
