// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Requests that are answered with any number of records.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"

static int list_take(struct utcp_handle *h, const struct nl_msg *msg, void *arg)
{
	struct nl_list *list = arg;

	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		char *more = reallocarray(list->records, room, list->size);

		if (!more)
			return utcp_error_set(&h->error, LIBUTCP_E_SYSTEM,
					      ENOMEM, "out of memory");
		list->records = more;
		list->room = room;
	}
	if (list->parse(msg->body, list->records + list->n * list->size))
		return utcp_error_malformed(&h->error, list->what);
	list->n++;
	return 0;
}

static void list_restart(void *arg)
{
	((struct nl_list *)arg)->n = 0;
}

int list_run(struct utcp_handle *h, struct nl_request *r,
	     enum utcp_family family, struct nl_list *list)
{
	int err;

	r->record = list_take;
	r->restart = list_restart;
	r->arg = list;
	err = family_run(h, r, family);
	if (err) {
		free(list->records);
		list->records = NULL;
		list->n = 0;
	}
	return err;
}

int list_run_one(struct utcp_handle *h, struct nl_request *r,
		 enum utcp_family family, struct nl_list *list, void *answer)
{
	int err;

	request_one(r);
	err = list_run(h, r, family, list);
	if (err)
		return err;
	if (list->n != 1)
		err = utcp_error_malformed(&h->error, "there is not one");
	else if (answer)
		memcpy(answer, list->records, list->size);
	free(list->records);
	return err;
}
