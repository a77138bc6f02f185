// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of the tool that one of its commands runs.
 */
#include <errno.h>
#include <stdlib.h>

#include <utcp/utcp.h>

#include "staterun.h"

static int no_memory(struct cmd_context *c)
{
	return fault_system(&c->fault, ENOMEM, "out of memory");
}

/* @text: set to what it printed, to be freed */
static int run(struct cmd_context *c, json_t *words, enum out_format format,
	       char **text)
{
	size_t n = json_array_size(words), size = 0;
	struct cmd_context sub = { .out = { .format = format } };
	char **argv = calloc(n + 1, sizeof(*argv));
	int code;

	*text = NULL;
	sub.out.file = open_memstream(text, &size);
	if (!words || !argv || !sub.out.file || !cmd_handle(c)) {
		code = c->handle ? no_memory(c) : (int)c->fault.exit;
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		argv[i] = (char *)json_string_value(json_array_get(words, i));
	sub.handle = c->handle;
	code = cmd_run(&sub, (int)n, argv);
	if (code)
		c->fault = sub.fault;
out:
	if (sub.out.file && fclose(sub.out.file) && !code)
		code = no_memory(c);
	free(argv);
	json_decref(words);
	return code;
}

int staterun(struct cmd_context *c, json_t *words)
{
	char *text;
	int code = run(c, words, OUT_JSON, &text);

	free(text);
	return code;
}

int staterun_answer(struct cmd_context *c, json_t *words, json_t **answer)
{
	char *text;
	int code = run(c, words, OUT_JSON, &text);

	*answer = NULL;
	if (!code) {
		*answer = json_loads(text, 0, NULL);
		if (!*answer)
			code = no_memory(c);
	}
	free(text);
	return code;
}

int staterun_list(struct cmd_context *c, const char *object, const char *verb,
		  json_t **list)
{
	return staterun_answer(c, json_pack("[s, s]", object, verb), list);
}

int staterun_text(struct cmd_context *c, const char *object, const char *verb,
		  char **text)
{
	int code = run(c, json_pack("[s, s]", object, verb), OUT_TEXT, text);

	if (code) {
		free(*text);
		*text = NULL;
	}
	return code;
}

void staterun_add(json_t *words, const char *name, const json_t *value)
{
	json_t *text = NULL;

	if (json_is_string(value) && json_string_length(value))
		text = json_string(json_string_value(value));
	else if (json_is_integer(value))
		text = json_sprintf("%" JSON_INTEGER_FORMAT,
				    json_integer_value(value));
	else if (json_is_boolean(value))
		text = json_string(json_is_true(value) ? "on" : "off");
	if (!text)
		return;
	if (name)
		json_array_append_new(words, json_string(name));
	json_array_append_new(words, text);
}
