/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two ends, joined: what comes out of each goes into the other.
 */
#ifndef UTCPCAT_JOINT_H
#define UTCPCAT_JOINT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * enum end_kind - how an end is read and written without waiting
 * @END_SOCKET: a socket, which need not be one that does not block
 * @END_FILE: a file or something else that is always ready
 * @END_PIPE: a pipe, terminal or other thing that may block: not more than PIPE_BUF
 *	bytes when poll() says that it is writable
 */
enum end_kind {
	END_SOCKET,
	END_FILE,
	END_PIPE,
};

/**
 * struct end - one of the two
 * @in: descriptor that is read
 * @out: descriptor that is written, of a socket the same
 * @in_kind: what @in is
 * @out_kind: what @out is
 * @stays: @out stays open when no more will come
 */
struct end {
	int in;
	int out;
	enum end_kind in_kind;
	enum end_kind out_kind;
	bool stays;
};

/**
 * struct pump - one of the two directions
 * @buf: bytes on their way, of which @len from @at on have not been written
 * @size: room in it
 * @at: see @buf
 * @len: see @buf
 * @ended: no more will come
 * @shut: and the end was passed on, or nobody takes any more
 */
struct pump {
	char *buf;
	size_t size;
	size_t at;
	size_t len;
	bool ended;
	bool shut;
};

/**
 * struct joint - two ends, joined
 * @a: one
 * @b: the other
 * @there: from @a to @b
 * @back: from @b to @a
 * @messages: each piece goes as it came
 * @err: errno of the first failure, or 0
 * @failed: it was of this end: &a or &b
 * @reading: when it was read
 *
 * Each direction ends by itself: the end of what @a gives is passed on to @b, which may
 * still give more, and the joint is over when both directions are.
 */
struct joint {
	struct end a;
	struct end b;
	struct pump there;
	struct pump back;
	bool messages;
	int err;
	const struct end *failed;
	bool reading;
};

/* Descriptors that poll() has to look at. */
#define JOINT_FDS 4

/**
 * end_socket() - an end that is a socket
 * @e: set to it
 * @fd: the socket
 */
void end_socket(struct end *e, int fd);

/**
 * end_stdio() - the end that is standard input and output
 * @e: set to it
 * @stays: output stays open when no more will come
 */
void end_stdio(struct end *e, bool stays);

/**
 * joint_init() - join @a and @b, which are set
 * @j: the joint
 * @messages: boundaries of messages count
 *
 * Return: 0, or -ENOMEM.
 */
int joint_init(struct joint *j, bool messages);

/**
 * joint_wants() - what is to be waited for
 * @j: the joint
 * @fds: set to it
 */
void joint_wants(const struct joint *j, struct pollfd fds[JOINT_FDS]);

/**
 * joint_run() - do what can be done
 * @j: the joint
 * @fds: what poll() said
 */
void joint_run(struct joint *j, const struct pollfd fds[JOINT_FDS]);

/**
 * joint_over() - whether it is over
 * @j: the joint
 *
 * Return: true if it is; @err tells how it went.
 */
bool joint_over(const struct joint *j);

/**
 * joint_free() - close sockets, forget what was not written
 * @j: the joint
 *
 * If one end has failed, the other is reset: what came is not to be taken for all.
 */
void joint_free(struct joint *j);

#endif
