// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay DIR - run the fuzzing of the modules' logic on the kept corpus in DIR;
 * inputs named seed-… also cut off at every place, and with every byte changed.
 * And, of UTCP, each bit of each good message flipped once.
 */
#include <dirent.h>
#include <stdlib.h>

#include "include/kern.h"

#include "../../modules/utcp/test/fuzz.h"

#define INPUT_MAX 4096
/* No good message is longer. */
#define GOOD_MAX 128

static unsigned long inputs;

static void run(const u8 *data, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	fuzz_one(copy, len);
	free(copy);
	inputs++;
}

static void run_around(u8 *data, size_t len)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

	for (size_t n = 0; n <= len; n++)
		run(data, n);
	for (size_t at = 0; at < len; at++) {
		u8 kept = data[at];

		for (size_t v = 0; v < sizeof(values); v++) {
			data[at] = values[v];
			run(data, len);
		}
		data[at] = kept;
	}
}

#ifdef FUZZ_MESSAGES
static void run_bits(void)
{
	for (int target = FUZZ_CHANGED_1; target <= FUZZ_CHANGED_REPLY;
	     target++) {
		u8 good = (u8)target;

		run(&good, 1);
		for (unsigned int bit = 0; bit < 8 * GOOD_MAX; bit++) {
			u8 flip[] = { good, (u8)(bit / 8), (u8)(1 << bit % 8) };

			run(flip, sizeof(flip));
		}
	}
}

#else
static void run_bits(void)
{
}
#endif

static int run_file(const char *dir, const char *name)
{
	static u8 data[INPUT_MAX];
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
	if (strncmp(name, "seed-", 5) == 0)
		run_around(data, len);
	else
		run(data, len);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	int n, bad = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 1;
	}
	run_bits();
	n = scandir(argv[1], &entries, NULL, alphasort);
	if (n < 0) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			bad |= run_file(argv[1], entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (bad)
		return 1;
	printf("%lu inputs, no crash\n", inputs);
	return 0;
}
