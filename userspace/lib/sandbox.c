// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Looking at sandboxes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* One that is damaged hides no other. */
static int load(const char *name, struct utcp_sandbox *sb, struct utcp_error *e)
{
	int err = state_load(name, sb, e);

	if (err != -EBADMSG)
		return err;
	memset(sb, 0, sizeof(*sb));
	snprintf(sb->name, sizeof(sb->name), "%s", name);
	sb->phase = LIBUTCP_SANDBOX_DAMAGED;
	return 0;
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
	if (!*sandboxes) {
		rundir_names_free(names, found);
		return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM, ENOMEM,
				      "out of memory");
	}
	for (size_t i = 0; !err && i < found; i++) {
		/* No sandbox ever was called so. */
		if (!sandbox_name_ok(names[i]))
			continue;
		err = load(names[i], &(*sandboxes)[*n], &h->error);
		if (!err)
			*n += (*sandboxes)[*n].phase != LIBUTCP_SANDBOX_POOLED;
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
