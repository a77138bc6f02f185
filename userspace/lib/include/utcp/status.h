/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is everything there that the suite needs to work on this host, and if not,
 * what is missing? Nothing is loaded or changed to find out.
 */
#ifndef LIBUTCP_STATUS_H
#define LIBUTCP_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include <utcp/family.h>
#include <utcp/info.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

struct utcp_handle;

/**
 * enum utcp_tristate - yes, no, or not to be found out
 * @LIBUTCP_UNKNOWN: could not be read, perhaps for lack of permission
 * @LIBUTCP_NO: no
 * @LIBUTCP_YES: yes
 * @LIBUTCP_ABSENT: this host has no such thing
 */
enum utcp_tristate {
	LIBUTCP_UNKNOWN,
	LIBUTCP_NO,
	LIBUTCP_YES,
	LIBUTCP_ABSENT,
};

/**
 * enum utcp_module_state - where a module is
 * @LIBUTCP_MODULE_LOADED: loaded, and its family answers
 * @LIBUTCP_MODULE_SILENT: loaded, but its family is not there (being loaded or
 *                         unloaded, or not allowed in this namespace)
 * @LIBUTCP_MODULE_NOT_LOADED: installed for the running kernel, not loaded
 * @LIBUTCP_MODULE_NOT_INSTALLED: not installed for the running kernel
 */
enum utcp_module_state {
	LIBUTCP_MODULE_LOADED,
	LIBUTCP_MODULE_SILENT,
	LIBUTCP_MODULE_NOT_LOADED,
	LIBUTCP_MODULE_NOT_INSTALLED,
};

/**
 * enum utcp_signature - the signature of a module's file
 * @LIBUTCP_SIG_UNREAD: was not or could not be looked at
 * @LIBUTCP_SIG_NONE: the file has no signature
 * @LIBUTCP_SIG_BROKEN: the file has a signature that makes no sense
 * @LIBUTCP_SIG_KNOWN: signed; the kernel holds a key of the signer's name
 * @LIBUTCP_SIG_UNKNOWN_KEY: signed; the kernel holds no key of that name
 * @LIBUTCP_SIG_UNCHECKED: signed; the kernel's keys could not be read
 */
enum utcp_signature {
	LIBUTCP_SIG_UNREAD,
	LIBUTCP_SIG_NONE,
	LIBUTCP_SIG_BROKEN,
	LIBUTCP_SIG_KNOWN,
	LIBUTCP_SIG_UNKNOWN_KEY,
	LIBUTCP_SIG_UNCHECKED,
};

/**
 * struct utcp_problem - something that is missing, and what to do about it
 * @code: for programs, such as "not-loaded"
 * @fatal: it keeps the module from working; otherwise a remark
 * @message: for people
 * @hint: a command that mends it, or ""
 */
struct utcp_problem {
	char code[32];
	bool fatal;
	char message[256];
	char hint[320];
};

/** LIBUTCP_MAX_PROBLEMS - most problems that one module can have */
#define LIBUTCP_MAX_PROBLEMS 4

/**
 * struct utcp_module_status - one module
 * @family: its family
 * @state: where it is
 * @info: what it says about itself, if it is loaded, otherwise NULL
 * @path: its file for the running kernel, or ""
 * @signature: the file's signature, looked at if the module is not loaded
 * @signer: name of the signer, or ""
 * @n_problems: how many problems it has
 * @problems: the problems
 */
struct utcp_module_status {
	enum utcp_family family;
	enum utcp_module_state state;
	struct utcp_module_info *info;
	char path[256];
	enum utcp_signature signature;
	char signer[128];
	size_t n_problems;
	struct utcp_problem problems[LIBUTCP_MAX_PROBLEMS];
};

/**
 * struct utcp_status - the state of this host
 * @release: release of the running kernel
 * @secure_boot: is UEFI Secure Boot on? LIBUTCP_ABSENT without UEFI
 * @sig_enforce: does the kernel load signed modules only?
 * @lockdown: "none", "integrity", "confidentiality", or "" if there is none
 * @kernel_log: the kernel's last word on a refused module, or ""
 * @works: every module is loaded and has no fatal problem
 * @modules: all modules, in the order of enum utcp_family
 *
 * The library allocates it; later versions may add members at the end.
 */
struct utcp_status {
	char release[65];
	enum utcp_tristate secure_boot;
	enum utcp_tristate sig_enforce;
	char lockdown[24];
	char kernel_log[160];
	bool works;
	struct utcp_module_status modules[LIBUTCP_FAMILIES];
};

/**
 * utcp_status_get() - find out what is there and what is missing
 * @handle: an open handle
 * @status: set to the answer, to be freed with utcp_status_free()
 *
 * Return: 0, also if things are missing; or a negative errno if it could not
 * be found out, with the reason in utcp_handle_error().
 */
int utcp_status_get(struct utcp_handle *handle, struct utcp_status **status);

/**
 * utcp_module_check() - is a module loaded that does what this library asks of it?
 * @handle: an open handle
 * @family: the module's family
 *
 * One that is older than the library is none, whatever numbers of contracts say: it may
 * not know what it is told. It is netswitch that says the version of all.
 *
 * Return: 0; or a negative errno, with the reason in utcp_handle_error(), which is
 * LIBUTCP_E_NO_MODULE if the module is missing, or of another version.
 */
int utcp_module_check(struct utcp_handle *handle, enum utcp_family family);

/**
 * utcp_status_free() - free what utcp_status_get() gave
 * @status: the status, or NULL
 */
void utcp_status_free(struct utcp_status *status);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
