/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is told, and with which exit code it ends.
 */
#ifndef UTCPCAT_SAY_H
#define UTCPCAT_SAY_H

/**
 * enum exit_code - exit codes; those of utcpctl
 * @EXIT_DONE: done
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_REFUSED: the other end or the kernel refused it, or the connection broke
 * @EXIT_NOT_FOUND: a name, a cell, the peer or the module is not there
 * @EXIT_BUSY: in use, or no answer in time
 * @EXIT_PERMISSION: not allowed
 */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_USAGE = 1,
	EXIT_REFUSED = 2,
	EXIT_NOT_FOUND = 3,
	EXIT_BUSY = 4,
	EXIT_PERMISSION = 5,
};

/**
 * exit_of() - the exit code of a failure
 * @err: errno
 *
 * Return: exit code.
 */
enum exit_code exit_of(int err);

/**
 * say() - tell something on standard error, behind the program's name
 * @fmt: as of printf(), without a line feed
 *
 * Control characters, which names and arguments may have, are told as '?'.
 */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * say_usage() - tell what is wrong with the command line
 * @fmt: as of printf()
 *
 * Return: EXIT_USAGE.
 */
int say_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * say_failed() - tell what failed, and why
 * @err: errno
 * @fmt: as of printf(): what failed
 *
 * Return: exit code.
 */
int say_failed(int err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
