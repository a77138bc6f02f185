// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Looking at sandboxes.
 */
#include <errno.h>
#include <stdlib.h>

#include "error.h"
#include "handle.h"
#include "rundir.h"
#include "sandboxstate.h"

int utcp_sandbox_get(struct utcp_handle *h, const char *name,
		     struct utcp_sandbox *sandbox)
{
	utcp_error_clear(&h->error);
	return state_load(name, sandbox, &h->error);
}

int utcp_sandbox_list(struct utcp_handle *h, struct utcp_sandbox **sandboxes,
		      size_t *n)
{
	char **names;
	size_t found;
	int err;

	utcp_error_clear(&h->error);
	*sandboxes = NULL;
	*n = 0;
	err = rundir_names(STATE_DIR, &names, &found, &h->error);
	if (err)
		return err;
	*sandboxes = calloc(found + 1, sizeof(**sandboxes));
	if (!*sandboxes)
		err = utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				     "out of memory");
	for (size_t i = 0; !err && i < found; i++) {
		err = state_load(names[i], &(*sandboxes)[*n], &h->error);
		if (!err)
			(*n)++;
		else if (err == -ENOENT)
			/* removed meanwhile */
			err = 0;
	}
	rundir_names_free(names, found);
	if (err) {
		free(*sandboxes);
		*sandboxes = NULL;
		*n = 0;
	} else {
		utcp_error_clear(&h->error);
	}
	return err;
}
