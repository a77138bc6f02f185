/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What files of the host say: how the kernel treats modules' signatures, and
 * where a module's file is. All paths are relative to a directory that stands
 * for the root of the file system, so that tests can use another.
 */
#ifndef LIBUTCP_HOSTFS_H
#define LIBUTCP_HOSTFS_H

#include <stdbool.h>
#include <stddef.h>

#include <utcp/status.h>

/**
 * hostfs_secure_boot() - is UEFI Secure Boot on?
 * @root: descriptor of the root directory
 *
 * Return: the answer.
 */
enum utcp_tristate hostfs_secure_boot(int root);

/**
 * hostfs_sig_enforce() - is module.sig_enforce set?
 * @root: descriptor of the root directory
 *
 * Return: the answer; LIBUTCP_ABSENT if the kernel checks no signatures.
 */
enum utcp_tristate hostfs_sig_enforce(int root);

/**
 * hostfs_lockdown() - how far is the kernel locked down?
 * @root: descriptor of the root directory
 * @text: set to "none", "integrity", "confidentiality", or ""
 * @size: room for it
 */
void hostfs_lockdown(int root, char *text, size_t size);

/**
 * hostfs_kernel_log() - the kernel's last word on a refused module
 * @root: descriptor of the root directory
 * @text: set to the message, or to "" if there is none or it may not be read
 * @size: room for it
 */
void hostfs_kernel_log(int root, char *text, size_t size);

/**
 * hostfs_key_known() - does the kernel hold a key of this name?
 * @root: descriptor of the root directory
 * @signer: name of the signer, or its key identifier in hexadecimal
 *
 * Return: the answer; LIBUTCP_UNKNOWN if no key at all can be seen.
 */
enum utcp_tristate hostfs_key_known(int root, const char *signer);

/**
 * hostfs_module_file() - find a module's file
 * @root: descriptor of the root directory
 * @release: release of the kernel
 * @module: name of the module
 * @path: set to its path, with a leading "/"
 * @size: room for it
 *
 * Return: whether there is one.
 */
bool hostfs_module_file(int root, const char *release, const char *module,
			char *path, size_t size);

/**
 * hostfs_exists() - is there such a file?
 * @root: descriptor of the root directory
 * @path: absolute path
 *
 * Return: whether there is.
 */
bool hostfs_exists(int root, const char *path);

/**
 * hostfs_open() - open a file for reading
 * @root: descriptor of the root directory
 * @path: absolute path
 *
 * Return: a descriptor, or a negative errno.
 */
int hostfs_open(int root, const char *path);

#endif
