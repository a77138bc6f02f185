/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line.
 */
#ifndef MEMBRANE_OPTIONS_H
#define MEMBRANE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* ARP, IPv4, IPv6: three EtherTypes, three rings. */
#define RINGS 3

/**
 * enum exit_code - exit codes; those of utcpctl
 * @EXIT_DONE: ended by SIGTERM or SIGINT
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_FAILED: the kernel refused it, or a call of the system failed; or the stack
 *	was killed
 * @EXIT_NOT_FOUND: an object or the module is not there, or no more
 * @EXIT_BUSY: somebody has the EtherType
 * @EXIT_PERMISSION: not allowed
 */
enum exit_code {
	EXIT_DONE,
	EXIT_USAGE,
	EXIT_FAILED,
	EXIT_NOT_FOUND,
	EXIT_BUSY,
	EXIT_PERMISSION,
};

/**
 * struct stack_args - what the parent tells the stack's process
 * @fd: bound descriptors, consecutive
 * @mtu: of the device
 * @parent: the parent's process id
 */
struct stack_args {
	int fd[RINGS];
	uint32_t mtu;
	pid_t parent;
};

/**
 * struct options - what is wanted
 * @device: the port's device
 * @ip4: IPv4 address, network byte order; 0 if none is wanted
 * @mask4: mask of its network
 * @gateway4: router; 0 if there is none
 * @ip6: IPv6 address besides the link-local one
 * @has_ip6: there is one
 * @root: folder with the pages; NULL: the one that is built in
 * @port: TCP port
 * @timeout: seconds that a connection may take for a request, or be without progress
 *	of an answer
 * @uid: who the stack runs as; never 0
 * @gid: and its group; never 0
 * @add_port: make the device a port if it is none
 * @restart: start the stack again when it was killed
 * @stack: this is the stack's process, of which @args tells
 * @args: see struct stack_args
 */
struct options {
	const char *device;
	uint32_t ip4;
	uint32_t mask4;
	uint32_t gateway4;
	uint8_t ip6[16];
	bool has_ip6;
	const char *root;
	uint16_t port;
	uint32_t timeout;
	uid_t uid;
	gid_t gid;
	bool add_port;
	bool restart;
	bool stack;
	struct stack_args args;
};

/**
 * options_read() - read the command line
 * @o: set to what it says
 * @argc: as main() has it
 * @argv: as main() has it
 *
 * If it is wrong or asks for help, the process ends.
 */
void options_read(struct options *o, int argc, char **argv);

/**
 * exit_code_of() - which exit code tells of an error
 * @err: errno, positive
 *
 * Return: the code.
 */
enum exit_code exit_code_of(int err);

#endif
