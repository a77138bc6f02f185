// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: the shaper.
 */
#include "cmd.h"
#include "cmds.h"
#include "shaper.h"

#define SHAPER_ID_HELP \
	"id: its number, by which access lists, marks and priorities mean it; the kernel chooses one. parent: name of the class above it. "
#define SHAPER_RATES_HELP \
	"bw-min: rate that it gets before its siblings share the rest. bw-max: rate that it never exceeds. Both in bits per second, as 800k, 12.5m or 1g; 0 is none. burst: microseconds of its rate that it may save up, 1000 to 1000000. priority: 0 to 7; siblings with a lower number are served first, beyond bw-min. weight: 1 to 1000, its share among siblings of its priority. queue-bytes: bytes that may wait. queue-time: milliseconds that a frame may wait. overhead: bytes of each frame on the wire beyond its own."

static const struct cmd_arg class_any_args[] = {
	{
		.name = "CLASS",
		.kind = CMD_OPTIONAL,
		.help = "Name of the class; without it all classes of the namespace.",
		.attribute = "name",
	},
	{ 0 },
};

static const struct cmd_arg class_add_args[] = {
	{
		.name = "CLASS",
		.kind = CMD_ONE,
		.help = "Name of the class.",
		.attribute = "name",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = SHAPER_ID_HELP SHAPER_RATES_HELP,
		.choice = cmd_choice_class,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg class_set_args[] = {
	{
		.name = "CLASS",
		.kind = CMD_ONE,
		.help = "Name of the class.",
		.attribute = "name",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_PAIRS,
		.help = SHAPER_RATES_HELP,
		.choice = cmd_choice_class_set,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg class_del_args[] = {
	{
		.name = "CLASS",
		.kind = CMD_ONE,
		.help = "Name of the class.",
		.attribute = "name",
	},
	{ 0 },
};

#define DIRECTION_HELP \
	"in: frames that the device receives. out: frames that it sends."

static const struct cmd_arg shaper_bind_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device.",
		.attribute = "ifname",
	},
	{
		.name = "DIRECTION",
		.kind = CMD_ONE,
		.help = DIRECTION_HELP,
		.choice = cmd_choice_direction,
		.attribute = "direction",
	},
	{
		.name = "CLASS",
		.kind = CMD_ONE,
		.help = "Name of the class.",
		.attribute = "class",
	},
	{
		.name = "FLAG",
		.kind = CMD_LIST,
		.help = "mark: a frame whose skb mark is the id of a class goes to that class. priority: so does one whose skb priority is, from 16 up; with both, the mark counts first.",
		.choice = cmd_choice_binding,
		.attribute = "flags",
	},
	{ 0 },
};

static const struct cmd_arg shaper_unbind_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device.",
		.attribute = "ifname",
	},
	{
		.name = "DIRECTION",
		.kind = CMD_ONE,
		.help = DIRECTION_HELP,
		.choice = cmd_choice_direction,
		.attribute = "direction",
	},
	{ 0 },
};

const struct cmd_verb shaper_verbs[] = {
	{
		.name = "show",
		.summary = "Show classes; with -s their numbers.",
		.detail =
			"frames = packets + backlog-packets + drops, always. bytes and rates are of the wire, with overhead. throttled is the time in which frames waited, and sojourn how long half of the frames, and 99 of a hundred, waited at most, in microseconds; most do not wait at all. The numbers of a class with children are those of all below it.",
		.args = class_any_args,
		.statistics = true,
		.run = shaper_show,
	},
	{
		.name = "add",
		.summary = "Make a class.",
		.detail =
			"Needs CAP_NET_ADMIN over the namespace, as all changes do. A namespace has at most as many classes as its limit classes of utcp-shaper says.",
		.args = class_add_args,
		.run = shaper_add,
	},
	{
		.name = "set",
		.summary =
			"Change settings of a class, all that are named or none.",
		.detail =
			"It holds from the next frame on. Frames that wait stay, in their order.",
		.args = class_set_args,
		.run = shaper_set,
	},
	{
		.name = "del",
		.summary = "Remove a class without children and bindings.",
		.detail =
			"Frames that wait in it are dropped. What is printed are its last numbers (with -s); the class above it keeps them.",
		.args = class_del_args,
		.statistics = true,
		.run = shaper_del,
	},
	{
		.name = "bind",
		.summary = "Have the frames of a port belong to a class.",
		.detail =
			"The port has policy, the class no children. Frames for which an access list names a class go to that one.",
		.args = shaper_bind_args,
		.run = shaper_bind,
	},
	{
		.name = "unbind",
		.summary = "Let the frames of a port go unshaped.",
		.detail = "Those that wait are dropped.",
		.args = shaper_unbind_args,
		.run = shaper_unbind,
	},
	{
		.name = "bindings",
		.summary = "Show which ports are bound to which classes.",
		.args = port_any_args,
		.run = shaper_bindings,
	},
	{
		.name = "top",
		.summary =
			"Show classes each second, those with the highest rate first.",
		.detail =
			"The bar is the part of bw-max that is used. With -j, a line with an array each second.",
		.endless = true,
		.run = shaper_top,
	},
	{ 0 },
};
