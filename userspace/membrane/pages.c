// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http.h"
#include "pages.h"

static const char built_in[] =
	"<!DOCTYPE html>\n"
	"<title>membrane</title>\n"
	"<h1>An IP stack in a process</h1>\n"
	"<p>No kernel's stack has seen the packets that brought you this page.\n"
	"They went by three rings of netswitch from a process without any right.\n"
	"<p><a href=\"/status\">Its counters</a>\n";

static const struct page built_in_page = {
	.path = "/index.html",
	.type = "text/html; charset=utf-8",
	.data = built_in,
	.len = sizeof(built_in) - 1,
};

static struct page pages[PAGES_MAX];
static size_t n_pages, n_bytes;

static const char *type_of(const char *path)
{
	static const struct {
		const char *suffix;
		const char *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".jpg", "image/jpeg" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(dot, types[i].suffix) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static char *read_all(int fd, size_t len)
{
	char *data = malloc(len ? len : 1);
	size_t at = 0;
	ssize_t n;

	while (data && at < len) {
		n = read(fd, data + at, len - at);
		if (n <= 0) {
			free(data);
			return NULL;
		}
		at += (size_t)n;
	}
	return data;
}

static int load(const char *file, const char *path)
{
	struct page *page = &pages[n_pages];
	struct stat st;
	int fd;

	if (n_pages == PAGES_MAX) {
		warnx("%s: more than %d files", file, PAGES_MAX);
		return -1;
	}
	if (strlen(path) >= HTTP_PATH_MAX) {
		warnx("%s: name longer than %d bytes", file, HTTP_PATH_MAX - 1);
		return -1;
	}
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st)) {
		warn("%s", file);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if ((uint64_t)st.st_size > PAGES_BYTES_MAX - n_bytes) {
		warnx("%s: more than %u bytes in all", file, PAGES_BYTES_MAX);
		close(fd);
		return -1;
	}
	page->len = (size_t)st.st_size;
	page->data = read_all(fd, page->len);
	close(fd);
	page->path = strdup(path);
	if (!page->data || !page->path) {
		warnx("%s: cannot be read", file);
		return -1;
	}
	page->type = type_of(path);
	n_bytes += page->len;
	n_pages++;
	return 0;
}

static int walk(FTS *fts, size_t root_len)
{
	FTSENT *e;

	while ((e = fts_read(fts))) {
		/* but not the root itself */
		if (e->fts_level > 0 && e->fts_name[0] == '.') {
			fts_set(fts, e, FTS_SKIP);
			continue;
		}
		switch (e->fts_info) {
		case FTS_F:
			if (load(e->fts_accpath, e->fts_path + root_len))
				return -1;
			break;
		case FTS_DNR:
		case FTS_ERR:
		case FTS_NS:
			warnx("%s: %s", e->fts_path, strerror(e->fts_errno));
			return -1;
		default:
			break;
		}
	}
	return 0;
}

int pages_load(const char *root)
{
	char *paths[2] = { NULL, NULL };
	struct stat st;
	size_t len;
	FTS *fts;
	int ret;

	if (!root)
		return 0;
	if (stat(root, &st)) {
		warn("%s", root);
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		warnx("%s: not a folder", root);
		return -1;
	}
	paths[0] = strdup(root);
	if (!paths[0])
		return -1;
	for (len = strlen(root); len > 0 && root[len - 1] == '/'; len--)
		paths[0][len - 1] = '\0';
	/* "/" itself; its files are then found by names that begin with one */
	if (!len) {
		warnx("%s: not the whole file system", root);
		free(paths[0]);
		return -1;
	}
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, NULL);
	if (!fts) {
		warn("%s", root);
		free(paths[0]);
		return -1;
	}
	ret = walk(fts, len);
	fts_close(fts);
	free(paths[0]);
	if (!ret && !n_pages) {
		warnx("%s: no file in it", root);
		return -1;
	}
	return ret;
}

const struct page *pages_find(const char *path)
{
	char index[HTTP_PATH_MAX + sizeof("index.html")];
	size_t len = strlen(path);

	if (len && path[len - 1] == '/') {
		snprintf(index, sizeof(index), "%sindex.html", path);
		path = index;
	}
	for (size_t i = 0; i < n_pages; i++)
		if (strcmp(pages[i].path, path) == 0)
			return &pages[i];
	if (!n_pages && strcmp(path, built_in_page.path) == 0)
		return &built_in_page;
	return NULL;
}
