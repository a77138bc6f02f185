// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sandboxes that wait in pools.
 */
#include <stdlib.h>
#include <string.h>

#include <utcp/utcp.h>

#include "number.h"
#include "sandbox.h"
#include "sandboxpool.h"

enum { ACTION_SHOW, ACTION_SET, ACTION_FILL, ACTIONS };

enum { WORD_SIZE, WORD_BRIDGE, WORDS };

const char *cmd_choice_pool_action(const struct cmd_args *before, size_t index)
{
	static const char *const names[ACTIONS] = {
		[ACTION_SHOW] = "show",
		[ACTION_SET] = "set",
		[ACTION_FILL] = "fill",
	};

	(void)before;
	return index < ACTIONS ? names[index] : NULL;
}

const char *cmd_choice_pool_word(const struct cmd_args *before, size_t index)
{
	static const char *const names[WORDS] = {
		[WORD_SIZE] = "size",
		[WORD_BRIDGE] = "bridge",
	};

	(void)before;
	return index < WORDS ? names[index] : NULL;
}

/* What is said about a pool. */
struct wish {
	size_t action;
	const char *size;
	const char *bridge;
};

static void text_pool(struct out *o, const json_t *record)
{
	out_colored(o, OUT_NAME, "%s", out_text(record, "bridge"));
	fprintf(o->file,
		" size %" JSON_INTEGER_FORMAT " ready %" JSON_INTEGER_FORMAT
		"\n",
		json_integer_value(json_object_get(record, "size")),
		json_integer_value(json_object_get(record, "ready")));
}

static int print_pool(struct cmd_context *c,
		      const struct utcp_sandbox_pool *pool)
{
	json_t *record = json_pack("{s:s, s:i, s:i}", "bridge", pool->bridge,
				   "size", (int)pool->size, "ready",
				   (int)pool->ready);
	int err = out_record(&c->out, record, text_pool);

	return err ? fault_system(&c->fault, -err, "cannot print") : EXIT_DONE;
}

static int read_wish(struct fault *f, const struct cmd_args *args,
		     struct wish *wish)
{
	wish->action = args->n ? args->word[0].index : ACTION_SHOW;
	for (size_t i = 1; i < args->n; i++)
		if (args->word[i].index == WORD_SIZE)
			wish->size = args->word[i].value;
		else
			wish->bridge = args->word[i].value;
	if (wish->action == ACTION_SET && !wish->size)
		return fault_usage(f, "size", "of what size?");
	if (wish->action != ACTION_SET && wish->size)
		return fault_usage(f, "size", "a size is for set");
	return EXIT_DONE;
}

static int pool_set(struct cmd_context *c, const struct wish *wish)
{
	const char *bridge = wish->bridge ? wish->bridge :
					    LIBUTCP_SANDBOX_BRIDGE;
	struct utcp_sandbox_pool pool;
	struct utcp_handle *h;
	uint32_t size;
	const char *wrong = number_u32(wish->size, LIBUTCP_UNIT_COUNT, &size);

	if (wrong)
		return fault_usage(&c->fault, "size",
				   "\"%s\" is not a number: %s", wish->size,
				   wrong);
	h = sandbox_handle(c);
	if (!h)
		return c->fault.exit;
	if (utcp_sandbox_pool_set(h, bridge, size, &pool))
		return cmd_failed(c);
	return print_pool(c, &pool);
}

/* One, or all. */
static int pool_list(struct utcp_handle *h, const char *bridge,
		     struct utcp_sandbox_pool **list, size_t *n)
{
	if (!bridge)
		return utcp_sandbox_pool_list(h, list, n);
	*n = 1;
	*list = calloc(1, sizeof(**list));
	return *list ? utcp_sandbox_pool_get(h, bridge, *list) : -1;
}

static int pool_each(struct cmd_context *c, const struct wish *wish)
{
	struct utcp_handle *h = sandbox_handle(c);
	struct utcp_sandbox_pool *list = NULL;
	int code = EXIT_DONE;
	size_t n = 0;

	if (!h)
		return c->fault.exit;
	if (pool_list(h, wish->bridge, &list, &n)) {
		free(list);
		return cmd_failed(c);
	}
	out_list_begin(&c->out);
	for (size_t i = 0; !code && i < n; i++) {
		if (wish->action == ACTION_FILL &&
		    utcp_sandbox_pool_fill(h, list[i].bridge, &list[i]))
			code = cmd_failed(c);
		else
			code = print_pool(c, &list[i]);
	}
	out_list_end(&c->out, code);
	free(list);
	return code;
}

int sandbox_pool(struct cmd_context *c, const struct cmd_args *args)
{
	struct wish wish = { 0 };
	int code = read_wish(&c->fault, args, &wish);

	if (code)
		return code;
	return wish.action == ACTION_SET ? pool_set(c, &wish) :
					   pool_each(c, &wish);
}
