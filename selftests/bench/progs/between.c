// SPDX-License-Identifier: GPL-2.0-only
/*
 * between FILE WORD - writes the word to the file, as a line, between mark 0 and mark 1 of
 * count.so; for files whose writing is what is to be counted, as that of pktgen is.
 */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"

int main(int argc, char **argv)
{
	char line[256];
	ssize_t len;
	int fd;

	if (argc != 3)
		error(2, 0, "usage: between FILE WORD");
	fd = open(argv[1], O_WRONLY);
	if (fd < 0)
		error(1, errno, "%s", argv[1]);
	snprintf(line, sizeof(line), "%s\n", argv[2]);
	len = (ssize_t)strlen(line);
	mark(0);
	if (write(fd, line, (size_t)len) != len)
		error(1, errno, "%s", argv[1]);
	mark(1);
	close(fd);
	return 0;
}
