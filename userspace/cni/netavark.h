/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The protocol of netavark's plug-ins, by which Podman connects containers.
 */
#ifndef UTCP_CNI_NETAVARK_H
#define UTCP_CNI_NETAVARK_H

/**
 * netavark_main() - do what netavark, or Podman, has asked for
 * @argc: how many arguments there are
 * @argv: the program's arguments
 *
 * Return: the exit status.
 */
int netavark_main(int argc, char **argv);

#endif
