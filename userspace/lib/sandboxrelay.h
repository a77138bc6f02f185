/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From sockets in a sandbox to services on the loopback of the host.
 */
#ifndef LIBUTCP_SANDBOXRELAY_H
#define LIBUTCP_SANDBOXRELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connections at a time; those beyond wait to be accepted. */
#define RELAY_CONNECTIONS 128

/**
 * struct relay_listener - a socket that listens
 * @fd: the socket, non-blocking
 * @port: port of the service
 */
struct relay_listener {
	int fd;
	uint16_t port;
};

/**
 * relay_run() - carry bytes between those who connect and services
 * @listeners: where they connect
 * @n: how many
 * @stop: descriptor that becomes readable when it is to be looked whether to go on
 * @go_on: called then
 * @arg: for @go_on
 *
 * It ends when @go_on says so, or when it cannot go on. Connections end with it.
 */
void relay_run(const struct relay_listener *listeners, size_t n, int stop,
	       bool (*go_on)(void *arg), void *arg);

#endif
