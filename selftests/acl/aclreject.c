// SPDX-License-Identifier: GPL-2.0-only
/*
 * aclreject PORT ADDRESS... - what a program is told whose packets are refused
 *
 * Of each address, one line for TCP and one for UDP: protocol, address, name of the
 * error, or "none". Fails if one of them took a second or more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int attempt(const char *address, unsigned short port, int type)
{
	const struct timeval wait = { .tv_sec = 2 };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(port) };
	struct sockaddr_in to4 = { .sin_family = AF_INET,
				   .sin_port = htons(port) };
	int is6 = !!strchr(address, ':');
	struct sockaddr *to = is6 ? (void *)&to6 : (void *)&to4;
	char byte = 0;
	int fd, err = 0;

	if (inet_pton(to->sa_family, address,
		      is6 ? (void *)&to6.sin6_addr : (void *)&to4.sin_addr) !=
	    1)
		exit(2);
	fd = socket(to->sa_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)))
		exit(2);
	if (connect(fd, to, is6 ? sizeof(to6) : sizeof(to4)))
		err = errno;
	if (!err && type == SOCK_DGRAM &&
	    (send(fd, &byte, 1, 0) < 0 || recv(fd, &byte, 1, 0) < 0))
		err = errno;
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int type;
	} kinds[] = { { "tcp", SOCK_STREAM }, { "udp", SOCK_DGRAM } };
	int i, k, slow = 0;

	for (i = 2; i < argc; i++) {
		for (k = 0; k < 2; k++) {
			double start = now();
			int err = attempt(argv[i],
					  (unsigned short)atoi(argv[1]),
					  kinds[k].type);

			slow |= now() - start >= 1;
			printf("%s %s %s\n", kinds[k].name, argv[i],
			       err ? strerrorname_np(err) : "none");
		}
	}
	return slow;
}
