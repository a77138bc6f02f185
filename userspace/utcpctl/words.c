// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splitting a line of a batch into words.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool add_word(struct words *w, char *word)
{
	char **argv;
	int room;

	if (w->argc == w->room) {
		room = w->room ? 2 * w->room : 16;
		argv = reallocarray(w->argv, (size_t)room, sizeof(*argv));
		if (!argv)
			return false;
		w->argv = argv;
		w->room = room;
	}
	w->argv[w->argc++] = word;
	return true;
}

/* Move one word to its start, without quotes; NULL, or what is wrong. */
static const char *take_word(char **in, char **end)
{
	char *from = *in, *to = *in, quote = '\0';

	for (; *from && (quote || !is_blank(*from)); from++) {
		if (quote ? *from == quote : *from == '\'' || *from == '"') {
			quote = quote ? '\0' : *from;
			continue;
		}
		if (*from == '\\' && quote != '\'') {
			from++;
			if (!*from)
				return "a backslash stands at the end";
		}
		*to++ = *from;
	}
	if (quote)
		return quote == '"' ? "the closing \" is missing" :
				      "the closing ' is missing";
	*in = *from ? from + 1 : from;
	*end = to;
	return NULL;
}

const char *words_split(char *line, size_t len, struct words *w)
{
	const char *wrong;
	char *word, *end;

	w->argc = 0;
	if (strlen(line) != len)
		return "a NUL character stands in it";
	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line || *line == '#')
			return NULL;
		word = line;
		wrong = take_word(&line, &end);
		if (wrong)
			return wrong;
		*end = '\0';
		if (!add_word(w, word))
			return "there is no memory for it";
	}
}

void words_free(struct words *w)
{
	free(w->argv);
	memset(w, 0, sizeof(*w));
}
