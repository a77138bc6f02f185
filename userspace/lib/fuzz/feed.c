// SPDX-License-Identifier: LGPL-2.1-or-later
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"

static unsigned long inputs;

void feed_one(const uint8_t *data, size_t size)
{
	/* of its very length, so that a sanitizer sees a byte too many */
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	inputs++;
}

void feed_mutations(uint8_t *data, size_t size)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

	for (size_t len = 0; len <= size; len++)
		feed_one(data, len);
	for (size_t at = 0; at < size; at++) {
		uint8_t kept = data[at];

		for (size_t v = 0; v < sizeof(values); v++) {
			data[at] = values[v];
			feed_one(data, size);
		}
		data[at] = kept;
	}
}

static int run_file(const char *dir, const char *name)
{
	static uint8_t data[1 << 17];
	char path[4096];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	if (!f) {
		perror(path);
		return 1;
	}
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	if (strncmp(name, FEED_SEED, strlen(FEED_SEED)) == 0)
		feed_mutations(data, len);
	else
		feed_one(data, len);
	return 0;
}

int feed_dir(const char *dir)
{
	struct dirent **entries;
	int bad = 0;
	int n = scandir(dir, &entries, NULL, alphasort);

	if (n < 0) {
		perror(dir);
		return 1;
	}
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			bad |= run_file(dir, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (!bad)
		printf("%lu inputs, no crash\n", inputs);
	return bad;
}
