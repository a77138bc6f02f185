// SPDX-License-Identifier: GPL-2.0-only
/*
 * count.so: a plugin of QEMU, for machines of several processors, where there is no
 * instruction-counting clock: counts the instructions of each processor, and tells them
 * at marks (see mark.h), which programs in the machine execute.
 *
 *	-plugin count.so,to=PREFIX
 *
 * A mark with number N writes PREFIX.N before its program goes on:
 *
 *	wall NANOSECONDS
 *	cpu NUMBER INSTRUCTIONS NANOSECONDS
 *
 * a line for each processor; its nanoseconds are those for which this machine's processors
 * have run it. Processors that have waited for each other by spinning have executed more
 * instructions; those of which all have run at once have been able to.
 *
 * QEMU calls both kinds of callbacks with a pointer: here it is one into numbers[].
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mark.h"
#include "plugin.h"

#define CPUS_MAX 64

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

/* What a processor has executed, each in a cache line of its own; it alone writes. */
static struct {
	uint64_t instructions;
	clockid_t clock;
	bool there;
} __attribute__((aligned(64))) cpus[CPUS_MAX];

static const char *prefix;

/* A block has fewer instructions, a mark a smaller number. */
static char numbers[4096];

static void *pointer_of(size_t number)
{
	return &numbers[number < sizeof(numbers) ? number : 0];
}

static size_t number_of(const void *pointer)
{
	return (size_t)((const char *)pointer - numbers);
}

static uint64_t ns_of(clockid_t clock)
{
	struct timespec t = {};

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void executed(unsigned int cpu, void *data)
{
	if (cpu >= CPUS_MAX)
		return;
	/* Each processor is a thread. */
	if (!cpus[cpu].there)
		cpus[cpu].there = !pthread_getcpuclockid(pthread_self(),
							 &cpus[cpu].clock);
	cpus[cpu].instructions += number_of(data);
}

static void marked(unsigned int cpu, void *data)
{
	char name[4096];
	unsigned int i;
	FILE *file;

	(void)cpu;
	snprintf(name, sizeof(name), "%s.%zu", prefix, number_of(data));
	file = fopen(name, "w");
	if (!file) {
		perror(name);
		return;
	}
	fprintf(file, "wall %" PRIu64 "\n", ns_of(CLOCK_MONOTONIC));
	for (i = 0; i < CPUS_MAX; i++)
		if (cpus[i].there)
			fprintf(file, "cpu %u %" PRIu64 " %" PRIu64 "\n", i,
				cpus[i].instructions, ns_of(cpus[i].clock));
	fclose(file);
}

/* The number of a mark; negative: it is none. */
static int mark_of(const struct qemu_plugin_insn *insn)
{
	static const unsigned char mark[] = MARK_BYTES;
	const unsigned char *data = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != sizeof(mark) + 1 ||
	    memcmp(data, mark, sizeof(mark)))
		return -1;
	return data[sizeof(mark)];
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, executed, 0, pointer_of(n));
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		int mark = mark_of(insn);

		if (mark >= 0)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, marked, 0, pointer_of((size_t)mark));
	}
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
		    char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "to=", 3)) {
		fputs("count.so: to=PREFIX is missing\n", stderr);
		return -1;
	}
	prefix = strdup(argv[0] + 3);
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
