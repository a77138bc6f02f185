// SPDX-License-Identifier: GPL-2.0-only
#include "nth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_NAME "/proc/thread-self/fail-nth"

static int nth_fd = -1;

bool nth_open(void)
{
	nth_fd = open(FILE_NAME, O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		perror(FILE_NAME);
	return nth_fd >= 0;
}

void nth_arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	while (pwrite(nth_fd, text, len, 0) != len) {
		if (errno == EFAULT) /* it was this copy's turn to fail */
			continue;
		perror(FILE_NAME);
		exit(1);
	}
}

unsigned int nth_disarm(void)
{
	char text[16] = "";
	unsigned int left;

	if (pread(nth_fd, text, sizeof(text) - 1, 0) > 0) {
		left = strtoul(text, NULL, 10);
	} else if (errno == EFAULT) {
		left = 1; /* hit the copy of the very number */
	} else {
		perror(FILE_NAME);
		exit(1);
	}
	nth_arm(0);
	return left;
}

bool nth_injected(int err)
{
	return err == ENOMEM || err == ENOBUFS || err == EFAULT ||
	       err == ENFILE; /* of socket(), which had no inode or no file */
}
