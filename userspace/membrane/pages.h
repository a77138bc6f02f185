/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages that are served: all in memory before the first frame comes, for the
 * process that serves them can open nothing.
 */
#ifndef MEMBRANE_PAGES_H
#define MEMBRANE_PAGES_H

#include <stddef.h>

/* Pages of a document root, and their bytes together. */
#define PAGES_MAX 256
#define PAGES_BYTES_MAX (16u << 20)

/**
 * struct page - a page
 * @path: its name, which begins with a slash
 * @type: media type
 * @data: its bytes
 * @len: how many
 */
struct page {
	const char *path;
	const char *type;
	const char *data;
	size_t len;
};

/**
 * pages_load() - read all files of a folder and of those in it
 * @root: the folder; NULL for the page that is built in
 *
 * Links are not followed, and names that begin with a dot are left out. Said on
 * standard error: why it fails.
 *
 * Return: 0; -1 if something cannot be read or is too much.
 */
int pages_load(const char *root);

/**
 * pages_find() - look for a page
 * @path: its name; one that ends with a slash stands for index.html there
 *
 * Return: the page, or NULL.
 */
const struct page *pages_find(const char *path);

#endif
