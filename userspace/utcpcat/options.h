/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line.
 */
#ifndef UTCPCAT_OPTIONS_H
#define UTCPCAT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <utcp/cellid.h>

#include "where.h"

/**
 * struct options - what is wanted
 * @type: SOCK_STREAM, SOCK_SEQPACKET or SOCK_DGRAM
 * @listen: connections are waited for, else one is made
 * @keep: one after the other, else the first only
 * @verbose: tell who listens, and who is connected
 * @has_cell: there is an own cell that is not the default one
 * @cell: the own cell
 * @own_port: own port of who connects; 0: any
 * @peer: to whom; not of who listens
 * @peer_name: as the command line has it, for messages
 * @port: port of the peer, or the own one that is listened on; there 0 is any
 * @wait: milliseconds until a connection is to be there, 0: as the kernel has it; of
 *	datagrams: after standard input has ended, for the next one
 * @command: a program that gets the connection, for the shell; or NULL
 * @forward: connections that come here go to the peer, if it has a text
 * @to: connections that come from peers go there, if it has a text
 * @most: connections at once
 */
struct options {
	int type;
	bool listen;
	bool keep;
	bool verbose;
	bool has_cell;
	uint8_t cell[LIBUTCP_CELLID_LEN];
	uint16_t own_port;
	uint8_t peer[LIBUTCP_CELLID_LEN];
	const char *peer_name;
	uint16_t port;
	uint32_t wait;
	const char *command;
	struct where forward;
	struct where to;
	uint32_t most;
};

/**
 * options_read() - read the command line
 * @o: set to what is wanted
 * @argc: as of main()
 * @argv: as of main()
 * @done: set if that was all, as of --help
 *
 * Return: exit code.
 */
int options_read(struct options *o, int argc, char **argv, bool *done);

#endif
