/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What scenarios of sockprobe are made of: calls, whose results are written down one a
 * line, and sockets of the kind whose turn it is.
 */
#ifndef SELFTESTS_SOCKPROBE_H
#define SELFTESTS_SOCKPROBE_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/utcp_socket.h>

/* A kind of socket. */
struct kind {
	const char *name;
	int family, type;
};

/* Whose turn it is. */
extern const struct kind *kind;

union addr {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_un un;
	struct sockaddr_utcp utcp;
};

void __attribute__((format(printf, 1, 2))) say(const char *format, ...);
/* A call and what it gave. */
long call(const char *what, long ret);
/* For calls that only make the scene. */
long must(const char *what, long ret);
/* An address nobody has. */
socklen_t fresh(union addr *a);
int new_socket(int flags);
/* One that is to listen, or to get datagrams. */
int new_socket_there(void);
/* A listener; its address as the one to connect to. */
int new_listener(union addr *a, socklen_t *len, int backlog);
void new_pair(int fd[2]);
short bits(int fd);
/* Waits until a bit is there: some of TCP happens a little later. Fails if nothing wakes. */
void poll_for(const char *what, int fd, short events);
/* Writes until there is no room, and none comes. How much was written. */
long fill(int fd);
/* What was read; nothing, if @n is not more than 0. */
void say_bytes(const char *what, const char *bytes, long n);

void unconnected(void);
void bound(void);
void refused(void);
void accepted(void);
void unaccepted(void);
void backlog(void);
void connect_times_out(void);
void gives_up(void);
void listens_no_more(void);

void talks(void);
void partial(void);
void times_out(void);
void signals(void);
void fills_up(void);
void waits_for_all(void);
void queues(void);
void edges(void);
void peeks(void);
void waits_all_ends(void);
void least(void);
void send_times_out(void);
void messages(void);
void many_pieces(void);
void files(void);
void ancillary(void);
void both_ways(void);

void ends(void);
void ends_wake(void);
void closes(void);
void lingers(void);
void read_side(void);
void both_sides(void);
void writes_on(void);
void reset_while_waiting(void);
void reset_while_writing(void);

void by_io_uring(void);

void datagrams(void);
void datagrams_connected(void);
void datagrams_ancillary(void);
void datagrams_overflow(void);

#endif /* SELFTESTS_SOCKPROBE_H */
