// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: sandboxes.
 */
#include "cmd.h"
#include "cmds.h"
#include "sandbox.h"
#include "sandboxopt.h"
#include "sandboxrun.h"

#define SANDBOX_OPTIONS_HELP \
	"--mode: none (a loopback of its own, no link), bridged (a link, by which it may talk to anybody), custom (a link that is closed but for what --allow opens) or host-loopback (no link; what --service names); none if it is not said. --allow: in or out, then the words of a rule of utcpctl-acl(8), such as out proto tcp dst 203.0.113.7 dport 443; for custom, any number of times. --rate: bits per second, each way, as 800k, 12.5m or 1g. --publish: a port of the host and one of the sandbox, as 8080:80 or 5353:53/udp; up to 16 times. --service: tcp and a port of the host's loopback, which that of the sandbox leads to; for host-loopback, up to 16 times. --cell: a cell of its own, and UTCP on its link. --bridge: the bridge, utcp0 if it is not said. --subnet: the bridge's prefix of IPv4, of 8 to 29 bits, of IPv6, of 64, or both; for its first sandbox."

static const struct cmd_arg any_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_OPTIONAL,
		.help = "Name of the sandbox; without it all of the host.",
	},
	{ 0 },
};

static const struct cmd_arg none_args[] = { { 0 } };

static const struct cmd_arg create_args[] = {
	{
		.name = "NAME",
		.kind = CMD_ONE,
		.help = "Its name: letters, digits, '.', '_' and '-', up to 27, the first of them a letter or digit.",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = SANDBOX_OPTIONS_HELP,
		.choice = cmd_choice_sandbox_option,
	},
	{ 0 },
};

static const struct cmd_arg exec_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{
		.name = "COMMAND",
		.value = "ARGUMENT",
		.kind = CMD_COMMAND,
		.help = "The program, looked for in PATH, and its arguments.",
	},
	{ 0 },
};

static const struct cmd_arg run_args[] = {
	{
		.name = "NAME",
		.kind = CMD_ONE,
		.help = "Its name, as for create.",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = SANDBOX_OPTIONS_HELP,
		.choice = cmd_choice_sandbox_option,
	},
	{
		.name = "COMMAND",
		.value = "ARGUMENT",
		.kind = CMD_COMMAND,
		.help = "The program, looked for in PATH, and its arguments. Behind an option, -- has to stand before it.",
	},
	{ 0 },
};

static const struct cmd_arg delete_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{ 0 },
};

const struct cmd_verb sandbox_verbs[] = {
	{
		.name = "list",
		.summary = "List the sandboxes of the host.",
		.args = none_args,
		.run = sandbox_list,
	},
	{
		.name = "show",
		.summary = "Show a sandbox.",
		.detail =
			"phase: creating or deleting is one whose maker, or remover, is still at it, or has died.",
		.args = any_args,
		.run = sandbox_show,
	},
	{
		.name = "create",
		.summary = "Make a sandbox, all of it or nothing.",
		.detail =
			"Its namespace is /run/netns/NAME, its policy NAME, its classes NAME.in and NAME.out; what has these names already is left alone, and the sandbox refused. Needs CAP_NET_ADMIN and CAP_SYS_ADMIN, as all changes do. One is made at a time; others wait, up to 5 seconds.",
		.args = create_args,
		.run = sandbox_create,
	},
	{
		.name = "exec",
		.summary = "Have a program run in a sandbox.",
		.detail =
			"As \"ip netns exec\" does: /sys shows the sandbox's devices, and files of /etc/netns/NAME stand in the place of those of /etc. The program takes the place of utcpctl, so not in a batch.",
		.args = exec_args,
		.endless = true,
		.run = sandbox_exec,
	},
	{
		.name = "run",
		.summary =
			"Make a sandbox, have a program run in it, and remove it when that ends.",
		.detail =
			"The exit code is the program's, or 128 and the number of the signal that ended it. SIGINT, SIGTERM, SIGHUP and SIGQUIT are for the program. If utcpctl itself is killed, the program is, too, and gc removes the sandbox.",
		.args = run_args,
		.run = sandbox_run,
	},
	{
		.name = "delete",
		.summary = "Remove a sandbox, or what is left of one.",
		.detail =
			"If there is none, nothing is printed, and it is no failure. Processes inside are left alone, in a namespace without a name and a link.",
		.args = delete_args,
		.run = sandbox_delete,
	},
	{
		.name = "gc",
		.summary =
			"Remove what was left by crashes, and print what it was.",
		.detail =
			"These are sandboxes whose making or removing was interrupted, whose namespace is gone, or whose run was killed, and addresses and bridges of sandboxes that are no more.",
		.args = none_args,
		.run = sandbox_gc,
	},
	{ 0 },
};
