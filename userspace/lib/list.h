/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that are answered with any number of records.
 */
#ifndef LIBUTCP_LIST_H
#define LIBUTCP_LIST_H

#include <stddef.h>

#include <utcp/family.h>

#include "nlparse.h"
#include "request.h"

/**
 * struct nl_list - records, as they come in: an array that grows
 * @records: the array, to be freed with free()
 * @size: bytes of a record
 * @n: how many there are
 * @room: for how many there is room
 * @parse: reads one; returns 0 or a negative errno
 * @what: what they are, for messages
 */
struct nl_list {
	char *records;
	size_t size;
	size_t n;
	size_t room;
	int (*parse)(struct nl_span span, void *record);
	const char *what;
};

/**
 * list_run() - make a request and keep what it is answered with
 * @h: an open handle
 * @r: the request
 * @family: to whom
 * @list: gets the records; empty if it fails
 *
 * Return: 0, or a negative errno with the reason in the handle.
 */
int list_run(struct utcp_handle *h, struct nl_request *r,
	     enum utcp_family family, struct nl_list *list);

/**
 * list_run_one() - make a request that is answered with one record, see request_one()
 * @h: an open handle
 * @r: the request
 * @family: to whom
 * @list: how to read it; has no records afterwards
 * @answer: gets a copy of it; NULL: nobody wants it
 *
 * Return: 0, or a negative errno with the reason in the handle.
 */
int list_run_one(struct utcp_handle *h, struct nl_request *r,
		 enum utcp_family family, struct nl_list *list, void *answer);

#endif
