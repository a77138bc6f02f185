// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether a process is still the one that it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandboxprocess.h"

/* Of proc(5): the third field is the state, the 22nd when it began. */
#define FIELD_STATE 3
#define FIELD_START 22

bool process_parse(const char *line, uint64_t *ticks)
{
	const char *at = strrchr(line, ')');
	char *end;

	if (!at || at[1] != ' ')
		return false;
	at += 2;
	if (*at == 'Z' || *at == 'X')
		return false;
	for (int i = FIELD_STATE; at && i < FIELD_START; i++) {
		at = strchr(at, ' ');
		if (at)
			at++;
	}
	if (!at || *at < '0' || *at > '9')
		return false;
	errno = 0;
	*ticks = strtoull(at, &end, 10);
	return !errno && *end == ' ';
}

int process_look(pid_t pid, uint64_t *ticks)
{
	char path[64], line[1024];
	ssize_t n;
	int fd, err;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	n = read(fd, line, sizeof(line) - 1);
	err = n < 0 ? errno : 0;
	close(fd);
	if (err)
		return err == ESRCH ? 0 : -err;
	line[n] = '\0';
	return process_parse(line, ticks);
}

bool process_start(pid_t pid, uint64_t *ticks)
{
	return process_look(pid, ticks) > 0;
}

bool process_lives(pid_t pid, uint64_t start)
{
	uint64_t ticks = 0;
	int there = process_look(pid, &ticks);

	/* Who cannot know takes nobody for dead. */
	return there < 0 || (there && ticks == start);
}
