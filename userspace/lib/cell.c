// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Cells.
 *
 * Requests may hold secrets: the buffers of the handle are wiped behind them. The
 * kernel's refusals may carry a copy of the request.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "error.h"
#include "family.h"
#include "handle.h"
#include "list.h"
#include "request.h"

static int parse_bool(const struct nl_attr *a, bool *to)
{
	uint32_t value = 0;
	int err = nl_attr_u32(a, &value);

	*to = value;
	return err;
}

int cell_parse(struct nl_span span, struct utcp_cell *cell)
{
	bool has_id = false, has_key = false;
	struct nl_attr a;
	int more, err = 0;

	memset(cell, 0, sizeof(*cell));
	while (!err && (more = nl_attr_next(&span, &a)) > 0) {
		switch (a.type) {
		case UTCP_A_CELL_ID:
			err = nl_attr_bytes(&a, cell->id, sizeof(cell->id));
			has_id = true;
			break;
		case UTCP_A_CELL_PUBLIC_KEY:
			err = nl_attr_bytes(&a, cell->public_key,
					    sizeof(cell->public_key));
			has_key = true;
			break;
		case UTCP_A_CELL_HAS_REALM:
			err = parse_bool(&a, &cell->has_realm);
			break;
		case UTCP_A_CELL_OWNER:
			err = nl_attr_u32(&a, &cell->owner);
			break;
		case UTCP_A_CELL_GROUP:
			err = nl_attr_u32(&a, &cell->group);
			break;
		case UTCP_A_CELL_MODE:
			err = nl_attr_u32(&a, &cell->mode);
			break;
		case UTCP_A_CELL_DISCOVERABLE:
			err = parse_bool(&a, &cell->discoverable);
			break;
		case UTCP_A_CELL_DEFAULT:
			err = parse_bool(&a, &cell->is_default);
			break;
		case UTCP_A_CELL_COMMENT:
			err = nl_attr_str(&a, cell->comment,
					  sizeof(cell->comment));
			break;
		case UTCP_A_CELL_USERS:
			err = nl_attr_u32(&a, &cell->users);
			break;
		}
	}
	if (!err && !more && !(has_id && has_key))
		return -EBADMSG;
	return err ? err : more;
}

static int parse_cell(struct nl_span span, void *record)
{
	return cell_parse(span, record);
}

static void put_settings(struct nl_request *r,
			 const struct utcp_cell_settings *s)
{
	if (s->fields & LIBUTCP_CELL_REALM)
		request_bytes(r, UTCP_A_CELL_REALM, s->realm, sizeof(s->realm));
	if (s->fields & LIBUTCP_CELL_NO_REALM)
		request_u32(r, UTCP_A_CELL_HAS_REALM, 0);
	if (s->fields & LIBUTCP_CELL_OWNER)
		request_u32(r, UTCP_A_CELL_OWNER, s->owner);
	if (s->fields & LIBUTCP_CELL_GROUP)
		request_u32(r, UTCP_A_CELL_GROUP, s->group);
	if (s->fields & LIBUTCP_CELL_MODE)
		request_u32(r, UTCP_A_CELL_MODE, s->mode);
	if (s->fields & LIBUTCP_CELL_DISCOVERABLE)
		request_u32(r, UTCP_A_CELL_DISCOVERABLE, s->discoverable);
	if (s->fields & LIBUTCP_CELL_DEFAULT)
		request_u32(r, UTCP_A_CELL_DEFAULT, s->is_default);
	if (s->fields & LIBUTCP_CELL_COMMENT)
		request_str(r, UTCP_A_CELL_COMMENT, s->comment);
}

/* A request about one cell, answered with it. */
static int cell_run(struct utcp_handle *h, uint8_t cmd, const uint8_t *id,
		    const uint8_t *private_key,
		    const struct utcp_cell_settings *settings,
		    struct utcp_cell *cell)
{
	struct nl_list list = { .size = sizeof(*cell),
				.parse = parse_cell,
				.what = "cell" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_UTCP, cmd, false);
	if (err)
		return err;
	if (id)
		request_bytes(&r, UTCP_A_CELL_ID, id, LIBUTCP_CELLID_LEN);
	if (private_key)
		request_bytes(&r, UTCP_A_CELL_PRIVATE_KEY, private_key,
			      LIBUTCP_KEY_LEN);
	if (settings)
		put_settings(&r, settings);
	err = list_run_one(h, &r, LIBUTCP_UTCP, &list, cell);
	explicit_bzero(h->tx, sizeof(h->tx));
	explicit_bzero(h->rx, sizeof(h->rx));
	return err;
}

int utcp_cell_new(struct utcp_handle *h, const uint8_t *private_key,
		  const struct utcp_cell_settings *settings,
		  struct utcp_cell *cell)
{
	return cell_run(h, UTCP_CMD_CELL_NEW, NULL, private_key, settings,
			cell);
}

int utcp_cell_set(struct utcp_handle *h, const uint8_t *id,
		  const struct utcp_cell_settings *settings,
		  struct utcp_cell *cell)
{
	return cell_run(h, UTCP_CMD_CELL_SET, id, NULL, settings, cell);
}

int utcp_cell_del(struct utcp_handle *h, const uint8_t *id,
		  struct utcp_cell *cell)
{
	return cell_run(h, UTCP_CMD_CELL_DEL, id, NULL, NULL, cell);
}

int utcp_cell_get(struct utcp_handle *h, const uint8_t *id,
		  struct utcp_cell *cell)
{
	return cell_run(h, UTCP_CMD_CELL_GET, id, NULL, NULL, cell);
}

int utcp_cell_list(struct utcp_handle *h, struct utcp_cell **cells, size_t *n)
{
	struct nl_list list = { .size = sizeof(**cells),
				.parse = parse_cell,
				.what = "cell" };
	struct nl_request r;
	int err;

	err = family_begin(h, &r, LIBUTCP_UTCP, UTCP_CMD_CELL_GET, true);
	if (!err)
		err = list_run(h, &r, LIBUTCP_UTCP, &list);
	*cells = (struct utcp_cell *)list.records;
	*n = list.n;
	return err;
}
