/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sockets in other network namespaces.
 */
#ifndef LIBUTCP_NETNS_H
#define LIBUTCP_NETNS_H

struct utcp_error;

/**
 * netns_open() - open a network namespace
 * @name: a name under /run/netns, or a path if it has a slash in it
 * @e: filled in on failure
 *
 * Return: a descriptor, or a negative errno.
 */
int netns_open(const char *name, struct utcp_error *e);

/**
 * netns_socket() - make a socket in a network namespace
 * @netns: descriptor of the namespace, or -1 for the caller's own
 * @domain: as for socket()
 * @type: as for socket()
 * @protocol: as for socket()
 *
 * The calling thread does not change its namespace.
 *
 * Return: the socket, or a negative errno.
 */
int netns_socket(int netns, int domain, int type, int protocol);

#endif
