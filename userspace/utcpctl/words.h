/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Splitting a line of a batch into words.
 */
#ifndef UTCPCTL_WORDS_H
#define UTCPCTL_WORDS_H

#include <stddef.h>

/**
 * struct words - words of a line
 * @argv: the words, which lie in the line
 * @argc: how many
 * @room: for how many there is room
 */
struct words {
	char **argv;
	int argc;
	int room;
};

/**
 * words_split() - split a line into words
 * @line: the line, without the newline; it is written to
 * @len: its length
 * @w: words of the line before, whose memory is used again; zero at first
 *
 * Blanks separate words. Between ' and ' every character stands for itself;
 * between " and " a backslash makes the next character stand for itself, as it
 * does outside quotes. # at the start of a word begins a comment.
 *
 * Return: NULL, or what is wrong with the line.
 */
const char *words_split(char *line, size_t len, struct words *w);

/**
 * words_free() - free the memory
 * @w: the words
 */
void words_free(struct words *w);

#endif
