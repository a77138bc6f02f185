/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong, as the CNI has it.
 */
#ifndef UTCP_CNI_FAULT_H
#define UTCP_CNI_FAULT_H

struct utcp_error;

/**
 * enum cni_code - codes of errors; those below 100 are the specification's
 * @CNI_VERSION: the version of the configuration is none of ours
 * @CNI_UNSUPPORTED: a field of the configuration is not supported
 * @CNI_UNKNOWN: the container does not exist: there is nothing to clean up
 * @CNI_ENVIRONMENT: a variable of the environment is missing or wrong
 * @CNI_IO: standard input could not be read
 * @CNI_DECODE: it is no JSON
 * @CNI_CONFIG: the configuration is wrong
 * @CNI_AGAIN: try again later
 * @CNI_UNAVAILABLE: the plug-in cannot serve ADD
 * @CNI_REFUSED: the kernel refused it, or something is not as it should be
 * @CNI_MODULE: a module is not loaded
 * @CNI_PERMISSION: the caller may not do this
 * @CNI_DELEGATE: the IPAM plug-in is not there, or makes no sense
 */
enum cni_code {
	CNI_VERSION = 1,
	CNI_UNSUPPORTED = 2,
	CNI_UNKNOWN = 3,
	CNI_ENVIRONMENT = 4,
	CNI_IO = 5,
	CNI_DECODE = 6,
	CNI_CONFIG = 7,
	CNI_AGAIN = 11,
	CNI_UNAVAILABLE = 50,
	CNI_REFUSED = 100,
	CNI_MODULE = 101,
	CNI_PERMISSION = 102,
	CNI_DELEGATE = 103,
};

/**
 * struct cni_fault - a failure
 * @code: enum cni_code, or a code of an IPAM plug-in; 0: there is none
 * @msg: for people
 * @details: more, or ""
 */
struct cni_fault {
	int code;
	char msg[512];
	char details[512];
};

/**
 * cni_fail() - something failed
 * @f: filled in
 * @code: enum cni_code
 * @fmt: message, as for printf
 *
 * Return: -1.
 */
int cni_fail(struct cni_fault *f, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * cni_fail_utcp() - a call of libutcp failed
 * @f: filled in
 * @e: its error
 *
 * Return: -1.
 */
int cni_fail_utcp(struct cni_fault *f, const struct utcp_error *e);

/**
 * cni_fault_print() - print a failure on standard output
 * @f: the failure
 * @version: version of the configuration
 */
void cni_fault_print(const struct cni_fault *f, const char *version);

#endif
