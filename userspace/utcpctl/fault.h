/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong: exit code, and the message as text or as JSON.
 */
#ifndef UTCPCTL_FAULT_H
#define UTCPCTL_FAULT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "out.h"

struct cmd_args;
struct cmd_verb;
struct utcp_error;

/**
 * enum exit_code - exit codes of utcpctl
 * @EXIT_DONE: done
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_REFUSED: the kernel refused it
 * @EXIT_NOT_FOUND: an object or a module is not there
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
 * struct fault - a failure
 * @exit: exit code
 * @err: errno, or 0
 * @code: for programs, such as "usage" or "refused"
 * @message: for people
 * @attribute: path of the netlink attribute that it is about, or ""
 * @option: word of the command line that it is about, or ""
 * @range: bounds of the option as text, or ""
 * @quiet: everything was said already
 */
struct fault {
	enum exit_code exit;
	int err;
	const char *code;
	char message[512];
	char attribute[128];
	char option[128];
	char range[64];
	bool quiet;
};

/**
 * fault_usage() - the command line is wrong
 * @f: filled in
 * @option: the word that is wrong, or ""
 * @fmt: message, as for printf
 *
 * Return: EXIT_USAGE.
 */
int fault_usage(struct fault *f, const char *option, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fault_system() - a system call of ours failed
 * @f: filled in
 * @err: errno, positive
 * @fmt: what failed, as for printf; the errno's text is put behind it
 *
 * Return: the exit code.
 */
int fault_system(struct fault *f, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fault_input() - something that was to be read or written is not as it must be
 * @f: filled in
 * @err: what kind of failure, as an errno, positive
 * @message: all that there is to say
 *
 * Return: the exit code.
 */
int fault_input(struct fault *f, int err, const char *message);

/**
 * fault_utcp() - a call of libutcp failed
 * @f: filled in
 * @e: its error
 * @verb: what was being done, to name the option from the attribute; or NULL
 * @args: its arguments, to name the word that is wrong; or NULL
 *
 * Return: the exit code.
 */
int fault_utcp(struct fault *f, const struct utcp_error *e,
	       const struct cmd_verb *verb, const struct cmd_args *args);

/**
 * fault_print() - print a fault
 * @f: the fault
 * @to: standard error
 * @format: how
 * @file: file of a batch, or NULL
 * @line: its line
 */
void fault_print(const struct fault *f, FILE *to, enum out_format format,
		 const char *file, unsigned long line);

#endif
