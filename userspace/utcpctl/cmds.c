// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands.
 */
#include "cmd.h"
#include "help.h"
#include "limit.h"
#include "monitor.h"
#include "status.h"
#include "version.h"

static const struct cmd_arg help_args[] = {
	{
		.name = "WORD",
		.kind = CMD_LIST,
		.help = "An object, and a verb of it.",
	},
	{ 0 },
};

static const struct cmd_verb help_verbs[] = {
	{
		.summary = "Print a help text.",
		.args = help_args,
		.run = help_run,
	},
	{ 0 },
};

static const struct cmd_arg limit_show_args[] = {
	{
		.name = "FAMILY",
		.kind = CMD_OPTIONAL,
		.help = "Whose limits; without it those of all loaded modules.",
		.choice = cmd_choice_family,
	},
	{ 0 },
};

static const struct cmd_arg limit_set_args[] = {
	{
		.name = "FAMILY",
		.kind = CMD_ONE,
		.help = "Whose limits.",
		.choice = cmd_choice_family,
	},
	{
		.name = "NAME",
		.value = "VALUE",
		.kind = CMD_PAIRS,
		.help = "A limit and its value; memory in KiB, or with k, m, g behind it.",
		.choice = cmd_choice_limit,
		.attribute = "limits",
	},
	{ 0 },
};

static const struct cmd_verb limit_verbs[] = {
	{
		.name = "show",
		.summary = "Show the limits in force in the namespace.",
		.args = limit_show_args,
		.run = limit_show,
	},
	{
		.name = "set",
		.summary =
			"Change limits, all that are named or none, and show all.",
		.detail =
			"Raising one needs CAP_NET_ADMIN in the initial user namespace.",
		.args = limit_set_args,
		.run = limit_set,
	},
	{ 0 },
};

static const struct cmd_arg monitor_args[] = {
	{
		.name = "FAMILY",
		.kind = CMD_LIST,
		.help = "Whose events; without it those of all modules, now or later.",
		.choice = cmd_choice_family,
	},
	{ 0 },
};

static const struct cmd_verb monitor_verbs[] = {
	{
		.summary = "Print events until stopped by SIGINT or SIGTERM.",
		.detail =
			"One line each: JSON, or on a terminal without -j text.",
		.args = monitor_args,
		.endless = true,
		.run = monitor_run,
	},
	{ 0 },
};

static const struct cmd_verb status_verbs[] = {
	{
		.summary =
			"Show modules, versions and limits, and what is missing to work.",
		.detail =
			"Nothing is loaded. The exit code is 3 if something is missing.",
		.run = status_run,
	},
	{ 0 },
};

static const struct cmd_verb version_verbs[] = {
	{
		.summary =
			"Show versions of the tool, the library and the modules.",
		.run = version_run,
	},
	{ 0 },
};

const struct cmd_object cmd_objects[] = {
	{ "help", "help texts", help_verbs },
	{ "limit", "how much a namespace may take", limit_verbs },
	{ "monitor", "events as they happen", monitor_verbs },
	{ "status", "what is there, and what is missing", status_verbs },
	{ "version", "versions of tool and modules", version_verbs },
	{ 0 },
};

const struct cmd_option cmd_options[] = {
	{ "json", 'j', NULL, "Print JSON, errors too." },
	{ "pretty", 'p', NULL, "Print JSON with indentation." },
	{ "netns", 'n', "NETNS",
	  "Network namespace: a name under /run/netns, or a path." },
	{ "color", 'c', "[=always|auto|never]",
	  "Colours; auto is the default, and heeds NO_COLOR." },
	{ "batch", 'b', "FILE",
	  "Run commands from a file, one a line; - is standard input." },
	{ "force", 'f', NULL,
	  "Go on behind a command of a batch that failed." },
	{ "version", 'V', NULL, "Print the version and end." },
	{ "help", 'h', NULL, "Print a help text and end." },
	{ 0 },
};
