// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: sandboxes.
 */
#include "acl.h"
#include "cmd.h"
#include "cmds.h"
#include "sandbox.h"
#include "sandboxopt.h"
#include "sandboxpool.h"
#include "sandboxrun.h"
#include "sandboxset.h"

#define SANDBOX_OPTIONS_HELP \
	"--mode: none (a loopback of its own, no link), bridged (a link, by which it may talk to anybody), custom (a link that is closed but for what --allow opens) or host-loopback (no link; what --service names); none if it is not said. --policy: one that is there and that others may have, too, in the place of --allow; for custom. --allow: in or out, then the words of a rule of utcpctl-acl(8), such as out proto tcp dst 203.0.113.7 dport 443; for custom, any number of times. --rate: bits per second, each way, as 800k, 12.5m or 1g; --rate-in and --rate-out: of what it gets and what it sends. --publish: a port of the host and one of the sandbox, as 8080:80 or 5353:53/udp; up to 16 times. --service: tcp and a port of the host's loopback, which that of the sandbox leads to; for host-loopback, up to 16 times. --cell: a cell of its own, and UTCP on its link. --bridge: the bridge, utcp0 if it is not said. --subnet: the bridge's prefix of IPv4, of 8 to 29 bits, of IPv6, of 64, or both; for its first sandbox."

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

static const struct cmd_arg start_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = "--log: a file that what it prints is appended to, made if there is none, for its owner alone; without it that is lost.",
		.choice = cmd_choice_sandbox_start,
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
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = "--kill: end all processes whose network namespace is the sandbox's first, by SIGTERM, and by SIGKILL after so many seconds, 5 if none are said.",
		.choice = cmd_choice_sandbox_delete,
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

static const struct cmd_arg one_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{ 0 },
};

static const struct cmd_arg adopt_args[] = {
	{
		.name = "NAME",
		.kind = CMD_ONE,
		.help = "Its name, as for create.",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = "--netns: the namespace of the link, by its name or path. --pid: that of a process. --ifname: the link's name there; the only one of veth devices if it is not said. --dev: the link's device on the host, such as a tap or a veth. --mac, --addr: MAC address, and addresses with commas between them, that it may send from; those that it has in its namespace if they are not said. --policy: a policy that is there already. --allow: in its place, what is allowed, as for create. --rate, --rate-in, --rate-out, --publish: as for create.",
		.choice = cmd_choice_sandbox_adopt,
	},
	{ 0 },
};

static const struct cmd_arg set_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = "--mode: bridged or custom. --rate: bits per second, each way, or none; --rate-in and --rate-out: of what it gets and what it sends.",
		.choice = cmd_choice_sandbox_set,
	},
	{ 0 },
};

static const struct cmd_arg rule_args[] = {
	{
		.name = "SANDBOX",
		.kind = CMD_ONE,
		.help = "Name of the sandbox.",
	},
	{
		.name = "DIRECTION",
		.kind = CMD_ONE,
		.help = "in: frames to the sandbox. out: frames that it sends.",
		.choice = cmd_choice_acl_direction,
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "What is meant, in the words of a rule of utcpctl-acl(8), such as proto tcp dst 203.0.113.7 dport 443.",
		.choice = cmd_choice_acl_word,
	},
	{ 0 },
};

static const struct cmd_arg pool_args[] = {
	{
		.name = "ACTION",
		.kind = CMD_OPTIONAL,
		.help = "show: how many there are and should be, if nothing is said. set: how many there should be; they are made, or removed, at once. fill: make those that were taken anew.",
		.choice = cmd_choice_pool_action,
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "size: how many, up to 256; 0: none, for set. bridge: of which bridge; if it is not said, utcp0 for set, otherwise all.",
		.choice = cmd_choice_pool_word,
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
		.name = "start",
		.summary =
			"Have a program run in a sandbox, and do not wait for its end.",
		.detail =
			"It is as with exec, in a session of its own and without input. What is printed, once it has begun, is its process. It goes on until it ends by itself or \"delete --kill\" ends it.",
		.args = start_args,
		.run = sandbox_start,
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
		.name = "adopt",
		.summary =
			"Close and shape a link that somebody else has made, all of it or nothing.",
		.detail =
			"Such as that of a container or a virtual machine. It is found by its namespace, or by its device on the host, which must be no port yet. Without --policy and --allow nothing passes. Addresses are taken as they are now: whoever changes them adopts again. With --dev alone it may send from any address.",
		.args = adopt_args,
		.run = sandbox_adopt,
	},
	{
		.name = "release",
		.summary = "Leave a link that was adopted as it was before.",
		.detail =
			"If there is none, nothing is printed, and it is no failure.",
		.args = one_args,
		.run = sandbox_release,
	},
	{
		.name = "set",
		.summary = "Change a sandbox, all that is named or nothing.",
		.detail =
			"It has a link. A rate counts from the next frame on; what waits stays, unless there is to be no rate any more: then it is dropped. A mode is what becomes of frames that no rule is about: the rules stay, and so do published ports. Connections that are not allowed any more end.",
		.args = set_args,
		.run = sandbox_set,
	},
	{
		.name = "allow",
		.summary = "Allow a sandbox of mode custom something.",
		.detail =
			"It is a rule of its policy; what is printed is the rule. One that is there already is not added again.",
		.args = rule_args,
		.run = sandbox_allow,
	},
	{
		.name = "deny",
		.summary = "Take back what was allowed.",
		.detail =
			"The rule is named by what it matches: priority counts, comment, owner and expires do not. Connections that it has allowed, and no other rule does, end. What is printed is the rule, with -s with its last counters.",
		.args = rule_args,
		.statistics = true,
		.run = sandbox_deny,
	},
	{
		.name = "stats",
		.summary = "Show the numbers of a sandbox.",
		.detail =
			"in is what it gets, out what it sends: packets and bytes that passed its link; what its policy has decided, with drops by reason; with a rate what became of frames in its class (see utcpctl-shaper(8)). flows are those that the policy remembers.",
		.args = one_args,
		.run = sandbox_stats,
	},
	{
		.name = "check",
		.summary =
			"See whether all of a sandbox is there, and what of the host may be in its way.",
		.detail =
			"Its namespace, its link with addresses, what is bound to the link, that its policy is as open as its mode, its rates, its published ports and the masquerade of its network; the exit code is 2 with what is missing first. Behind that: settings of the kernel, and chains of nftables and both kinds of iptables, that may drop what its policy allows. These are named, not tried. utcpctl-acl(8), trace, follows single frames.",
		.args = one_args,
		.run = sandbox_check,
	},
	{
		.name = "pool",
		.summary = "Have sandboxes wait to be created.",
		.detail =
			"They have a namespace, a link that is down, and addresses; create gives them to sandboxes of modes bridged and custom that have no --subnet, which takes a part of the time. If there is none, one is made as ever. Those that were taken come back by fill alone. They are pool-NUMBER, and not in list; delete and gc remove them like others.",
		.args = pool_args,
		.run = sandbox_pool,
	},
	{
		.name = "delete",
		.summary = "Remove a sandbox, or what is left of one.",
		.detail =
			"If there is none, nothing is printed, and it is no failure. Without --kill processes inside are left alone, in a namespace without a name and a link. If one does not end even by SIGKILL, nothing is removed.",
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
