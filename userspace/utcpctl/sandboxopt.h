/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sandboxes: what is wanted of a new one.
 */
#ifndef UTCPCTL_SANDBOXOPT_H
#define UTCPCTL_SANDBOXOPT_H

#include <utcp/acl.h>
#include <utcp/sandbox.h>

#include "cmd.h"

/**
 * struct sandbox_options - a sandbox that is wanted
 * @config: all of it
 * @rules: its rules
 * @publish: its ports
 * @services: its services
 * @own: its MAC address and addresses
 * @netns: path of its namespace
 */
struct sandbox_options {
	struct utcp_sandbox_config config;
	struct utcp_acl_rule *rules;
	struct utcp_sandbox_publish publish[LIBUTCP_SANDBOX_PUBLISH_MAX];
	uint16_t services[LIBUTCP_SANDBOX_SERVICES_MAX];
	struct utcp_acl_binding own;
	char netns[32];
};

/**
 * cmd_choice_sandbox_option() - choices of an argument: options of a sandbox
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_sandbox_option(const struct cmd_args *before,
				      size_t index);

/**
 * cmd_choice_sandbox_adopt() - choices of an argument: options of "sandbox adopt"
 * @before: not used
 * @index: from 0
 *
 * Return: a name, or NULL at the end.
 */
const char *cmd_choice_sandbox_adopt(const struct cmd_args *before,
				     size_t index);

/**
 * sandbox_read_mode() - read a mode
 * @f: filled in on failure
 * @text: its name
 * @mode: set to it
 *
 * Return: exit code.
 */
int sandbox_read_mode(struct fault *f, const char *text,
		      enum utcp_sandbox_mode *mode);

/**
 * sandbox_read_rate() - read a rate
 * @f: filled in on failure
 * @w: the option, and its value
 * @none: "none" is a rate, too
 * @rate: set to it, in bits per second; 0: none
 *
 * Return: exit code.
 */
int sandbox_read_rate(struct fault *f, const struct cmd_word *w, bool none,
		      uint64_t *rate);

/**
 * sandbox_options_read() - read the options of a sandbox
 * @f: filled in on failure
 * @args: a name, then options, then perhaps a command
 * @n: how many of the words are name and options
 * @o: set to what they say, for sandbox_options_free(), also if it fails
 *
 * Return: exit code.
 */
int sandbox_options_read(struct fault *f, const struct cmd_args *args, size_t n,
			 struct sandbox_options *o);

/**
 * sandbox_options_adopt() - read the options of a sandbox that is adopted
 * @f: filled in on failure
 * @args: a name, then options
 * @o: set to what they say, for sandbox_options_free(), also if it fails
 *
 * Return: exit code.
 */
int sandbox_options_adopt(struct fault *f, const struct cmd_args *args,
			  struct sandbox_options *o);

/**
 * sandbox_options_free() - forget options
 * @o: the options
 */
void sandbox_options_free(struct sandbox_options *o);

#endif
