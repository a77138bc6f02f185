// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: named sets of access lists.
 */
#include "aclset.h"
#include "cmd.h"
#include "cmds.h"

#define NAME_ARG                                                            \
	{                                                                   \
		.name = "SET", .kind = CMD_ONE, .help = "Name of the set.", \
		.attribute = "name"                                         \
	}

static const struct cmd_arg set_show_args[] = {
	{
		.name = "SET",
		.kind = CMD_OPTIONAL,
		.help = "Name of the set; without it the sets of the namespace are shown.",
		.attribute = "name",
	},
	{ 0 },
};

static const struct cmd_arg set_new_args[] = {
	{
		.name = "SET",
		.kind = CMD_ONE,
		.help = "Its name: letters, digits, '.', '_' and '-', up to 31.",
		.attribute = "name",
	},
	{
		.name = "TYPE",
		.kind = CMD_ONE,
		.help = "prefix: prefixes of IPv4 and IPv6. address-port: addresses, each with a port. cell: CellIDs, or names of them, for rules with proto utcp.",
		.choice = cmd_choice_set_type,
		.attribute = "type",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "max: how many elements it may have, 1 to 65536.",
		.choice = cmd_choice_set_max,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg set_del_args[] = { NAME_ARG, { 0 } };

static const struct cmd_arg set_add_args[] = {
	NAME_ARG,
	{
		.name = "ELEMENT",
		.kind = CMD_ONE,
		.help = "10.0.0.0/8, fd00::1, 10.0.0.1:80, [fd00::1]:80 or cell1....",
		.attribute = "elem",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "expires: a time such as 90s, 15m, 12h, 7d, after which it goes by itself, with an event.",
		.choice = cmd_choice_set_expires,
		.attribute = "elem",
	},
	{ 0 },
};

static const struct cmd_arg set_remove_args[] = {
	NAME_ARG,
	{
		.name = "ELEMENT",
		.kind = CMD_ONE,
		.help = "As add takes it.",
		.attribute = "elem",
	},
	{ 0 },
};

const struct cmd_verb set_verbs[] = {
	{
		.name = "show",
		.summary = "Show sets, or the elements of one, in no order.",
		.args = set_show_args,
		.run = set_show,
	},
	{
		.name = "new",
		.summary = "Make a set without elements.",
		.detail =
			"A namespace has at most as many as its limit sets of utcp-acl says.",
		.args = set_new_args,
		.run = set_new,
	},
	{
		.name = "del",
		.summary = "Remove a set and its elements.",
		.detail = "Refused while a rule names it.",
		.args = set_del_args,
		.run = set_del,
	},
	{
		.name = "add",
		.summary = "Add an element to a set, or give one another end.",
		.detail =
			"It counts at once. No rule is written, and no flow is cut.",
		.args = set_add_args,
		.run = set_add,
	},
	{
		.name = "remove",
		.summary = "Remove an element of a set.",
		.detail = "Flows that were allowed go on.",
		.args = set_remove_args,
		.run = set_remove,
	},
	{ 0 },
};
