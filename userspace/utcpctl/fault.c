// SPDX-License-Identifier: GPL-2.0-only
/*
 * What went wrong.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <utcp/error.h>

#include "cmd.h"
#include "fault.h"

int fault_usage(struct fault *f, const char *option, const char *fmt, ...)
{
	va_list ap;

	memset(f, 0, sizeof(*f));
	f->exit = EXIT_USAGE;
	f->code = "usage";
	snprintf(f->option, sizeof(f->option), "%s", option);
	va_start(ap, fmt);
	vsnprintf(f->message, sizeof(f->message), fmt, ap);
	va_end(ap);
	return f->exit;
}

static void classify(struct fault *f, int err)
{
	memset(f, 0, sizeof(*f));
	f->err = err;
	if (err == EPERM || err == EACCES) {
		f->exit = EXIT_PERMISSION;
		f->code = utcp_error_name(LIBUTCP_E_PERMISSION);
	} else if (err == ENOENT) {
		f->exit = EXIT_NOT_FOUND;
		f->code = utcp_error_name(LIBUTCP_E_NOT_FOUND);
	} else {
		f->exit = EXIT_REFUSED;
		f->code = utcp_error_name(LIBUTCP_E_SYSTEM);
	}
}

int fault_input(struct fault *f, int err, const char *message)
{
	classify(f, err);
	snprintf(f->message, sizeof(f->message), "%s", message);
	/* Otherwise it only tells the kind, which the exit code has. */
	if (!strstr(message, strerror(err)))
		f->err = 0;
	return f->exit;
}

int fault_system(struct fault *f, int err, const char *fmt, ...)
{
	size_t used;
	va_list ap;

	classify(f, err);
	va_start(ap, fmt);
	vsnprintf(f->message, sizeof(f->message), fmt, ap);
	va_end(ap);
	used = strlen(f->message);
	snprintf(f->message + used, sizeof(f->message) - used, ": %s",
		 strerror(err));
	return f->exit;
}

static enum exit_code exit_of(enum utcp_error_code code)
{
	switch (code) {
	case LIBUTCP_OK:
		return EXIT_DONE;
	case LIBUTCP_E_ARGUMENT:
		return EXIT_USAGE;
	case LIBUTCP_E_NOT_FOUND:
	case LIBUTCP_E_NO_MODULE:
		return EXIT_NOT_FOUND;
	case LIBUTCP_E_BUSY:
	case LIBUTCP_E_TIMEOUT:
		return EXIT_BUSY;
	case LIBUTCP_E_PERMISSION:
		return EXIT_PERMISSION;
	case LIBUTCP_E_REFUSED:
	case LIBUTCP_E_PROTOCOL:
	case LIBUTCP_E_SYSTEM:
		break;
	}
	return EXIT_REFUSED;
}

/* The pair of an argument that filled in a netlink attribute, or NULL. */
static const char *pair_of(const struct cmd_arg *a, const char *attribute)
{
	const struct cmd_args none = { 0 };
	const char *name;

	if (!a->attribute || a->attribute[0] || !cmd_in_pairs(a))
		return NULL;
	for (size_t i = 0; (name = a->choice(&none, i)); i++)
		if (strcmp(name, attribute) == 0)
			return name;
	return NULL;
}

/* The word of the command line that filled in a netlink attribute. */
static void name_option(struct fault *f, const struct cmd_verb *verb,
			const struct cmd_args *args)
{
	const struct cmd_arg *first = verb ? verb->args : NULL;

	for (const struct cmd_arg *a = first; a && a->name; a++) {
		size_t word = (size_t)(a - first);
		size_t n = a->attribute ? strlen(a->attribute) : 0;
		const char *pair = pair_of(a, f->attribute);

		if (pair) {
			snprintf(f->option, sizeof(f->option), "%s", pair);
			return;
		}
		if (!n || strncmp(f->attribute, a->attribute, n) != 0)
			continue;
		if (f->attribute[n] == '.' && cmd_in_pairs(a)) {
			snprintf(f->option, sizeof(f->option), "%s",
				 f->attribute + n + 1);
			return;
		}
		if (f->attribute[n] == '\0') {
			/* arguments of one word stand where the table has them */
			if (args && word < args->n &&
			    (a->kind == CMD_ONE || a->kind == CMD_OPTIONAL))
				snprintf(f->option, sizeof(f->option), "%s",
					 args->word[word].text);
			else
				snprintf(f->option, sizeof(f->option), "%s",
					 a->name);
			return;
		}
	}
}

static void describe_range(struct fault *f, const struct utcp_error *e)
{
	switch (e->range) {
	case LIBUTCP_RANGE_UNSIGNED:
		snprintf(f->range, sizeof(f->range), "%" PRIu64 " to %" PRIu64,
			 e->min, e->max);
		break;
	case LIBUTCP_RANGE_SIGNED:
		snprintf(f->range, sizeof(f->range), "%" PRId64 " to %" PRId64,
			 (int64_t)e->min, (int64_t)e->max);
		break;
	case LIBUTCP_RANGE_LENGTH:
		snprintf(f->range, sizeof(f->range),
			 "%" PRIu64 " to %" PRIu64 " bytes", e->min, e->max);
		break;
	case LIBUTCP_RANGE_NONE:
		break;
	}
}

int fault_utcp(struct fault *f, const struct utcp_error *e,
	       const struct cmd_verb *verb, const struct cmd_args *args)
{
	memset(f, 0, sizeof(*f));
	f->exit = exit_of(e->code);
	f->err = e->err;
	f->code = e->code == LIBUTCP_E_ARGUMENT ? "usage" :
						  utcp_error_name(e->code);
	snprintf(f->message, sizeof(f->message), "%s", e->message);
	snprintf(f->attribute, sizeof(f->attribute), "%s", e->attribute);
	name_option(f, verb, args);
	describe_range(f, e);
	return f->exit;
}

/* A word of the command line may hold anything. */
static json_t *json_word(const char *text)
{
	json_t *word = json_string(text);
	char safe[512];
	size_t i;

	if (word)
		return word;
	for (i = 0; text[i] && i + 1 < sizeof(safe); i++)
		safe[i] = isascii((unsigned char)text[i]) ? text[i] : '?';
	safe[i] = '\0';
	return json_string(safe);
}

static json_t *json_word_or_null(const char *text)
{
	return text[0] ? json_word(text) : json_null();
}

static void print_json(const struct fault *f, FILE *to, enum out_format format,
		       const char *file, unsigned long line)
{
	struct out o = { .file = to, .format = format };
	json_t *e, *record;

	e = json_pack("{s:s, s:o, s:o, s:o, s:o}", "code", f->code, "errno",
		      f->err ? json_integer(f->err) : json_null(), "message",
		      json_word(f->message), "attribute",
		      json_word_or_null(f->attribute), "option",
		      json_word_or_null(f->option));
	if (e && f->range[0])
		json_object_set_new(e, "range", json_string(f->range));
	if (e && file) {
		json_object_set_new(e, "file", json_word(file));
		json_object_set_new(e, "line", json_integer((json_int_t)line));
	}
	record = e ? json_pack("{s:o}", "error", e) : NULL;
	/* without memory there is still the exit code to tell */
	if (out_record(&o, record, NULL))
		fprintf(to, "{\"error\":{\"code\":\"%s\"}}\n", f->code);
}

/* Keep control characters of a command line off the terminal. */
static void print_safe(const char *text, FILE *to)
{
	for (; *text; text++)
		putc(iscntrl((unsigned char)*text) ? '?' : *text, to);
}

static void print_text(const struct fault *f, FILE *to, const char *file,
		       unsigned long line)
{
	fputs("utcpctl: ", to);
	if (file) {
		print_safe(file, to);
		fprintf(to, ":%lu: ", line);
	}
	if (f->option[0] && f->exit != EXIT_USAGE) {
		print_safe(f->option, to);
		fputs(": ", to);
	} else if (f->attribute[0]) {
		fprintf(to, "%s: ", f->attribute);
	}
	print_safe(f->message, to);
	if (f->range[0])
		fprintf(to, " (allowed: %s)", f->range);
	/* the errno of a missing module, or of a wrong word, is our own choice */
	if (f->err && f->exit != EXIT_USAGE &&
	    f->code != utcp_error_name(LIBUTCP_E_NO_MODULE) &&
	    !strstr(f->message, strerror(f->err)))
		fprintf(to, " (%s)", strerror(f->err));
	putc('\n', to);
}

void fault_print(const struct fault *f, FILE *to, enum out_format format,
		 const char *file, unsigned long line)
{
	if (f->quiet)
		return;
	if (format == OUT_TEXT)
		print_text(f, to, file, line);
	else
		print_json(f, to, format, file, line);
	fflush(to);
}
