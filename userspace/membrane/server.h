/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HTTP server, on lwIP's netconn. One thread serves all connections and waits
 * for none: it reads whatever has come, at once, for what lies in a connection's
 * mailbox lies in a slot of a ring.
 */
#ifndef MEMBRANE_SERVER_H
#define MEMBRANE_SERVER_H

#include <stdint.h>

/* Connections at once; one more is closed. */
#define SERVER_CONNECTIONS 64

/**
 * server_start() - listen
 * @port: TCP port
 * @seconds: how long a connection may take for a request, or be without progress of
 *	an answer
 *
 * Return: 0, or -1 with a message on standard error.
 */
int server_start(uint16_t port, uint32_t seconds);

/**
 * server_thread() - serve, for ever; for pthread_create()
 * @unused: not used
 *
 * Return: never.
 */
void *server_thread(void *unused);

#endif
