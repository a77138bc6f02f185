/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a process is still the one that it was: numbers come again.
 */
#ifndef LIBUTCP_SANDBOXPROCESS_H
#define LIBUTCP_SANDBOXPROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * process_look() - is there a process, and when did it begin?
 * @pid: its number
 * @ticks: set to clock ticks after boot
 *
 * Return: 1 if there is, 0 if not, zombies left aside, or a negative errno if that cannot be
 * known, as when the caller has no descriptor left.
 */
int process_look(pid_t pid, uint64_t *ticks);

/**
 * process_start() - when a process began
 * @pid: its number
 * @ticks: set to clock ticks after boot
 *
 * Return: whether there is such a process, zombies left aside.
 */
bool process_start(pid_t pid, uint64_t *ticks);

/**
 * process_lives() - does a process live?
 * @pid: its number
 * @start: when it began
 *
 * Return: whether it does, or that cannot be known.
 */
bool process_lives(pid_t pid, uint64_t start);

/**
 * process_parse() - read the line of /proc/PID/stat
 * @line: the line; its command may have any characters in it
 * @ticks: set to clock ticks after boot
 *
 * Return: whether it is the line of a process that is no zombie.
 */
bool process_parse(const char *line, uint64_t *ticks);

#endif
