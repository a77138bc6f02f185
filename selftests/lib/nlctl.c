// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlctl FAMILY get | set NAME=VALUE... | monitor COUNT
 * nlctl version
 *
 * The least that shell tests need to ask a module without the suite's own tool
 * in between. Prints "NAME VALUE" lines; "monitor" prints "ready", and then an
 * event's values on one line each; "version" prints the version that the modules
 * should have. Exit status: 0 done, 1 usage or socket
 * trouble, 2 refused (the kernel's words are shown), 3 no such family.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"

static int usage(void)
{
	fprintf(stderr,
		"usage: nlctl FAMILY get | set NAME=VALUE... | monitor COUNT\n"
		"       nlctl version\n");
	return 1;
}

static int get(struct client *c)
{
	struct info info;
	unsigned int i;
	int ret = client_get(c, &info);

	if (ret) {
		fprintf(stderr, "nlctl: get: %s\n", strerror(ret));
		return 2;
	}
	for (i = 0; i < c->family->n; i++)
		printf("%s %u\n", c->family->limit[i].name, info.val[i]);
	return 0;
}

static int set(struct client *c, char **arg)
{
	const struct family *f = c->family;
	struct info info = { 0 };
	unsigned int mask = 0, i;
	struct answer a;
	int ret;

	for (; *arg; arg++) {
		char *value = strchr(*arg, '=');

		if (!value)
			return usage();
		*value++ = '\0';
		for (i = 0; i < f->n && strcmp(f->limit[i].name, *arg); i++)
			;
		if (i == f->n) {
			fprintf(stderr, "nlctl: %s has no limit %s\n", f->name,
				*arg);
			return 1;
		}
		mask |= 1U << i;
		info.val[i] = strtoul(value, NULL, 0);
	}
	ret = client_set(c, mask, &info, &a);
	if (!ret && !a.err)
		return 0;
	fprintf(stderr, "nlctl: set: %s: %s\n", strerror(ret ? ret : a.err),
		ret ? "" : a.msg);
	return ret ? 1 : 2;
}

static int monitor(struct client *c, unsigned long count)
{
	const char *odd;
	struct info info;
	unsigned int i;
	int ret;

	ret = client_join(c);
	if (ret) {
		fprintf(stderr, "nlctl: join: %s\n", strerror(ret));
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (count--) {
		ret = client_event(c, -1, &info, &odd);
		if (ret || odd) {
			fprintf(stderr, "nlctl: event: %s\n",
				ret ? strerror(ret) : odd);
			return 2;
		}
		for (i = 0; i < c->family->n; i++)
			printf("%u%c", info.val[i],
			       i + 1 < c->family->n ? ' ' : '\n');
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct family *family;
	struct client c;
	int ret;

	if (argc == 2 && !strcmp(argv[1], "version")) {
		puts(NL_VERSION_STRING);
		return 0;
	}
	if (argc < 3)
		return usage();
	family = family_find(argv[1]);
	if (!family) {
		fprintf(stderr, "nlctl: no family %s is known\n", argv[1]);
		return 1;
	}
	ret = client_open(&c, family);
	if (ret) {
		fprintf(stderr, "nlctl: %s: %s\n", family->name, strerror(ret));
		return ret == ENOENT ? 3 : 1;
	}
	if (!strcmp(argv[2], "get") && argc == 3)
		ret = get(&c);
	else if (!strcmp(argv[2], "set") && argc > 3)
		ret = set(&c, argv + 3);
	else if (!strcmp(argv[2], "monitor") && argc == 4)
		ret = monitor(&c, strtoul(argv[3], NULL, 10));
	else
		ret = usage();
	client_close(&c);
	return ret;
}
