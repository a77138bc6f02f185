/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process with rights: it binds, starts the stack, and waits. No byte from the
 * network comes to it.
 *
 * Its descriptors of the rings are closed as soon as the stack's process has them.
 * So the binding ends with that process, whichever way: the kernel's own stack has
 * the EtherTypes back, and the host is not deaf, until the next start binds anew. To
 * hold the old binding for the next process would be worse than slow: the frame that
 * killed the stack was not released, so it would be received once more, first of all;
 * and indexes and slots are what a process that went wrong has left there.
 *
 * The next process is an exec, not a fork alone, for the sake of a new layout of its
 * memory: who needs to guess addresses must guess anew each time.
 */
#ifndef MEMBRANE_PARENT_H
#define MEMBRANE_PARENT_H

#include "options.h"

/**
 * parent_run() - bind, start the stack, and wait until it is over
 * @o: what is wanted
 * @argv: the command line, for the stack's process
 *
 * Return: an exit code.
 */
enum exit_code parent_run(const struct options *o, char **argv);

#endif
