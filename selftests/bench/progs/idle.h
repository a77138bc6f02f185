/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long a CPU has been idle, for programs that tell what they cost.
 */
#ifndef BENCH_IDLE_H
#define BENCH_IDLE_H

#include <errno.h>
#include <error.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a line of /proc/timer_list begins with this key; its number goes to @value. */
static int starts(const char *line, const char *key, uint64_t *value)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length))
		return 0;
	line += length;
	/* "  .idle_sleeptime      : 700633317139 nsecs" */
	line += strcspn(line, "0123456789");
	*value = strtoull(line, NULL, 10);
	return 1;
}

/*
 * What the kernel's tick code knows of a CPU's idle time, in nanoseconds.
 * False on a kernel without dynamic ticks, which keeps no such account.
 */
static int tick_idle_ns(int cpu, uint64_t *idle)
{
	int here = 0, found = 0;
	uint64_t value;
	char line[256];
	FILE *file;

	file = fopen("/proc/timer_list", "r");
	if (!file)
		return 0;
	*idle = 0;
	while (fgets(line, sizeof(line), file)) {
		if (starts(line, "cpu: ", &value)) {
			here = value == (uint64_t)cpu;
		} else if (here && (starts(line, "  .idle_sleep", &value) ||
				    starts(line, "  .iowait_sleep", &value))) {
			*idle += value;
			found = 1;
		}
	}
	fclose(file);
	return found;
}

/*
 * Idle time in nanoseconds.  /proc/uptime has it of all CPUs together and
 * rounded to 10 ms, which is a whole per cent of a run here.
 */
static uint64_t idle_ns(int cpu)
{
	char line[256] = "", *idle;
	uint64_t exact;
	FILE *file;

	if (tick_idle_ns(cpu, &exact))
		return exact;
	file = fopen("/proc/uptime", "r");
	if (!file || !fgets(line, sizeof(line), file))
		error(1, errno, "/proc/uptime");
	fclose(file);
	idle = strchr(line, ' ');
	if (!idle)
		error(1, 0, "/proc/uptime: not two numbers");
	return (uint64_t)(strtod(idle, NULL) * 1e9);
}

#endif /* BENCH_IDLE_H */
