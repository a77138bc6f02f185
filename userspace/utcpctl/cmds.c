// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands. Those of access lists, sandboxes and the shaper are in
 * cmds_acl.c, cmds_set.c, cmds_sandbox.c, cmds_shaper.c and cmds_state.c.
 */
#include "cell.h"
#include "cmd.h"
#include "cmds.h"
#include "grant.h"
#include "help.h"
#include "limit.h"
#include "metrics.h"
#include "monitor.h"
#include "peer.h"
#include "port.h"
#include "ring.h"
#include "socket.h"
#include "status.h"
#include "version.h"

const struct cmd_arg port_dev_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device.",
		.attribute = "ifname",
	},
	{ 0 },
};

#define CELL_SETTINGS_HELP \
	"comment: any text of up to 63 bytes. default: on or off. discoverable: on or off. owner: a user, by name or number. group: a group, by name or number. mode: who may use the cell, of owner, group and other, with commas between; shared is all of them, none is none. realm: a file with its pre-shared key; none takes it away."
#define CELL_NEW_HELP      \
	CELL_SETTINGS_HELP \
	" keep: on or off; on has its key and realm in files, so that it can be there again after a reboot, see utcpctl-state(8)."

static const struct cmd_arg cell_any_args[] = {
	{
		.name = "CELL",
		.kind = CMD_OPTIONAL,
		.help = "CellID or name of the cell; without it all cells of the namespace.",
		.attribute = "id",
	},
	{ 0 },
};

static const struct cmd_arg cell_new_args[] = {
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = CELL_NEW_HELP,
		.choice = cmd_choice_cell_new,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg cell_import_args[] = {
	{
		.name = "FILE",
		.kind = CMD_ONE,
		.help = "File with the private key, to which nobody but its owner has access; - is standard input.",
		.attribute = "private-key",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = CELL_NEW_HELP,
		.choice = cmd_choice_cell_new,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg cell_set_args[] = {
	{
		.name = "CELL",
		.kind = CMD_ONE,
		.help = "CellID or name of the cell.",
		.attribute = "id",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_PAIRS,
		.help = CELL_SETTINGS_HELP,
		.choice = cmd_choice_cell_setting,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg cell_del_args[] = {
	{
		.name = "CELL",
		.kind = CMD_ONE,
		.help = "CellID or name of the cell.",
		.attribute = "id",
	},
	{ 0 },
};

static const struct cmd_arg cell_genkey_args[] = {
	{
		.name = "FILE",
		.kind = CMD_ONE,
		.help = "File to be made.",
	},
	{ 0 },
};

static const struct cmd_verb cell_verbs[] = {
	{
		.name = "show",
		.summary = "Show cells.",
		.detail =
			"CellID, public key, who owns it and may use it, whether it has a realm, and how many sockets use it now (users). Private keys and realms are never shown.",
		.args = cell_any_args,
		.run = cell_show,
	},
	{
		.name = "new",
		.summary = "Make a cell, with keys that the kernel makes.",
		.detail =
			"The private key never leaves the kernel, and is lost with the namespace. The first cell of a namespace becomes its default. Needs CAP_NET_ADMIN over the namespace, as all changes do. A namespace has at most as many cells as its limit cells of utcp says.",
		.args = cell_new_args,
		.run = cell_new,
	},
	{
		.name = "import",
		.summary =
			"Make a cell with the private key that is in a file.",
		.detail =
			"As new. A key that the namespace has already is refused.",
		.args = cell_import_args,
		.run = cell_import,
	},
	{
		.name = "set",
		.summary =
			"Change settings of a cell, all that are named or none.",
		.detail =
			"The cell that was the default before stays as it is otherwise.",
		.args = cell_set_args,
		.run = cell_set,
	},
	{
		.name = "del",
		.summary = "Forget a cell and its keys.",
		.detail =
			"Its sessions end; sockets that use it have to be closed before. If it was the default, the namespace has none until another is made it.",
		.args = cell_del_args,
		.run = cell_del,
	},
	{
		.name = "genkey",
		.summary =
			"Make a private key, and a file that holds it, with mode 0600.",
		.detail =
			"Nothing is asked of the kernel's module, and nothing printed. A file that is there already is refused.",
		.args = cell_genkey_args,
		.run = cell_genkey,
	},
	{ 0 },
};

static const struct cmd_arg grant_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device.",
		.attribute = "ifname",
	},
	{
		.name = "ETHERTYPE",
		.kind = CMD_ONE,
		.help = "EtherType, such as 0x4c57.",
		.attribute = "ethertype",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_PAIRS,
		.help = "user or group: who may, by name or number; one of them. mac: the address of the rings.",
		.choice = cmd_choice_grant,
	},
	{ 0 },
};

static const struct cmd_arg grant_any_args[] = {
	{
		.name = "DEV",
		.kind = CMD_OPTIONAL,
		.help = "Name of the port's device; without it all ports of the namespace.",
		.attribute = "ifname",
	},
	{ 0 },
};

static const struct cmd_verb grant_verbs[] = {
	{
		.name = "show",
		.summary = "Show grants.",
		.args = grant_any_args,
		.run = grant_show,
	},
	{
		.name = "add",
		.summary =
			"Let a user or a group bind rings of an EtherType of a port.",
		.detail =
			"Needs CAP_NET_ADMIN over the namespace. A namespace has at most as many grants as its limit grants says. EtherTypes of the kernel cannot be granted.",
		.args = grant_args,
		.run = grant_add,
	},
	{
		.name = "del",
		.summary = "Take a grant back, which is named as it was made.",
		.detail =
			"Needs CAP_NET_ADMIN over the namespace. Rings that are bound stay so.",
		.args = grant_args,
		.run = grant_del,
	},
	{ 0 },
};

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

static const struct cmd_arg peer_any_args[] = {
	{
		.name = "PEER",
		.kind = CMD_OPTIONAL,
		.help = "CellID or name of the peer; without it all peers of the namespace.",
		.attribute = "id",
	},
	{ 0 },
};

static const struct cmd_arg peer_add_args[] = {
	{
		.name = "PUBLIC-KEY",
		.kind = CMD_ONE,
		.help = "Public key of the peer, in base64, as cell show prints it there.",
		.attribute = "public-key",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "cell: CellID or name of the own cell; without it the default cell.",
		.choice = cmd_choice_peer_cell,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg peer_del_args[] = {
	{
		.name = "PEER",
		.kind = CMD_ONE,
		.help = "CellID or name of the peer.",
		.attribute = "id",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "cell: CellID or name of the own cell; without it the default cell.",
		.choice = cmd_choice_peer_cell,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg peer_probe_args[] = {
	{
		.name = "PEER",
		.kind = CMD_ONE,
		.help = "CellID or name of the peer.",
		.attribute = "id",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "cell: CellID or name of the own cell; without it the default cell. rekey: on makes new keys, even if there are some.",
		.choice = cmd_choice_peer_word,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg no_args[] = { { 0 } };

static const struct cmd_verb peer_verbs[] = {
	{
		.name = "show",
		.summary = "Show peers; with -s their counters.",
		.detail =
			"What is known of each: where it is, whether there are keys with it (session), how old they are and when it was heard last (age, heard; milliseconds), and the last round trip (rtt; microseconds).",
		.args = peer_any_args,
		.statistics = true,
		.run = peer_show,
	},
	{
		.name = "add",
		.summary = "Add a peer whose public key is known.",
		.detail =
			"It needs no discovery then, and no other key is taken for its CellID. The entry stays until it is removed. Needs CAP_NET_ADMIN over the namespace, as all changes do. A namespace has at most as many peers as its limit peers of utcp says.",
		.args = peer_add_args,
		.run = peer_add,
	},
	{
		.name = "del",
		.summary = "End the session with a peer, and forget it.",
		.detail = "The peer is told. What is printed is what it was.",
		.args = peer_del_args,
		.statistics = true,
		.run = peer_del,
	},
	{
		.name = "probe",
		.summary = "See to it that there are keys with a peer.",
		.detail =
			"It is looked for, if need be, and a handshake begins; where there are keys, it is asked for a sign of life. This does not wait: what comes of it is told by monitor, and to be seen by show.",
		.args = peer_probe_args,
		.run = peer_probe,
	},
	{
		.name = "stats",
		.summary = "Show what became of the frames of the namespace.",
		.detail =
			"Frames that came, those that were good for something (delivered), those dropped, by reason, and those sent. frames = delivered + drops, but for frames that wait for the processor. refused counts no frames: it tells how often a policy of a port on the way has refused a handshake, a connection or a datagram.",
		.args = no_args,
		.run = peer_stats,
	},
	{ 0 },
};

static const struct cmd_arg port_flags_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the device.",
		.attribute = "ifname",
	},
	{
		.name = "FLAG",
		.kind = CMD_LIST,
		.help = "demux: its frames are given to consumers by EtherType. policy: they pass the stages of access lists and shaper.",
		.choice = cmd_choice_port_flag,
		.attribute = "flags",
	},
	{ 0 },
};

const struct cmd_arg port_any_args[] = {
	{
		.name = "DEV",
		.kind = CMD_OPTIONAL,
		.help = "Name of the port's device; without it all ports of the namespace.",
		.attribute = "ifname",
	},
	{ 0 },
};

static const struct cmd_verb port_verbs[] = {
	{
		.name = "show",
		.summary = "Show ports; with -s their counters.",
		.detail =
			"Of each direction: frames that came to the port, those that went on (pass), are held by a stage (held), were taken by a consumer (consumed), were given to one as a copy (copied, copy-drops), and were dropped, by reason. frames = pass + consumed + held + drops, always. A GSO super-frame is one frame.",
		.args = port_any_args,
		.statistics = true,
		.run = port_show,
	},
	{
		.name = "add",
		.summary =
			"Make a device a port, for demux if no flag is given.",
		.detail =
			"Needs CAP_NET_ADMIN over the namespace, as all changes do. A namespace has at most as many ports as its limit ports says.",
		.args = port_flags_args,
		.run = port_add,
	},
	{
		.name = "set",
		.summary =
			"Change what a port is used for: these flags and no others.",
		.detail =
			"Without demux its consumers get nothing. Without policy its stages are not asked, and frames that they hold are dropped.",
		.args = port_flags_args,
		.run = port_set,
	},
	{
		.name = "del",
		.summary = "Make a port an ordinary device again.",
		.detail =
			"Its consumers lose it, and frames that a stage holds are dropped. What is printed are its last counters (with -s). One that a binding of the namespace needs (utcpctl-acl(8), bind-own) stays a port for that, without what was bound to it or asked of it otherwise.",
		.args = port_dev_args,
		.statistics = true,
		.run = port_del,
	},
	{
		.name = "consumers",
		.summary =
			"Show who gets the frames of which EtherType, and how many they took and refused.",
		.args = port_any_args,
		.run = port_consumers,
	},
	{ 0 },
};

static const struct cmd_verb ring_verbs[] = {
	{
		.name = "show",
		.summary =
			"Show rings and whose they are; with -s their counters.",
		.detail =
			"Receiving (rx): frames for the ring, those that were put into its slots (delivered), and drops by reason; frames = delivered + drops, always. unread are frames in slots that the process has not given back, max-used is the most that ever were in use. Sending (tx): frames that the kernel took, those handed to the device (sent), and drops by reason; frames = sent + drops, always.",
		.args = port_any_args,
		.statistics = true,
		.run = ring_show,
	},
	{ 0 },
};

static const struct cmd_arg socket_args[] = {
	{
		.name = "BY",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "Only some of them; all that is said must be so. cell: own cell or peer, a CellID or name. port: own port. peer-port: the peer's. state: such as established or listen; of several, any. type: stream, seqpacket or dgram.",
		.choice = cmd_choice_socket,
	},
	{ 0 },
};

static const struct cmd_verb socket_verbs[] = {
	{
		.name = "show",
		.summary = "Show sockets; with -s their counters.",
		.detail =
			"Type and state; own cell and port, those of the peer; bytes that wait to be read (rcv-queue; of a listener: connections that wait to be accepted) and bytes that have not arrived (snd-queue; of a listener: its backlog); whose it is. Of a connection that leaves its namespace, its path: round trip and its variation in microseconds, congestion window, bytes in flight and mtu in bytes, frames that were lost. local: it does not leave it. The kernel is asked through sock_diag; no privilege is needed.",
		.args = socket_args,
		.statistics = true,
		.run = socket_show,
	},
	{ 0 },
};

static const struct cmd_verb metrics_verbs[] = {
	{
		.summary =
			"Print numbers of all that there is, for Prometheus.",
		.detail =
			"In its text format, for the textfile collector of node_exporter. What has no module has no numbers.",
		.run = metrics_print,
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
	{ "acl", "what sandboxes may send and get", acl_verbs },
	{ "cell", "key pairs that peers are known by", cell_verbs },
	{ "flow", "what access lists remember", flow_verbs },
	{ "grant", "who may bind rings without privilege", grant_verbs },
	{ "help", "help texts", help_verbs },
	{ "limit", "how much a namespace may take", limit_verbs },
	{ "metrics", "numbers for Prometheus", metrics_verbs },
	{ "monitor", "events as they happen", monitor_verbs },
	{ "peer", "other cells, and the sessions with them", peer_verbs },
	{ "port", "devices whose frames netswitch handles", port_verbs },
	{ "ring", "frames in memory shared with processes", ring_verbs },
	{ "sandbox", "network namespaces that are born closed", sandbox_verbs },
	{ "set", "sets that access lists name", set_verbs },
	{ "shaper", "rates and short queues", shaper_verbs },
	{ "ss", "sockets of programs", socket_verbs },
	{ "state", "what is to be the same after a reboot", state_verbs },
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
	{ "statistics", 's', NULL, "Print counters too." },
	{ "version", 'V', NULL, "Print the version and end." },
	{ "help", 'h', NULL, "Print a help text and end." },
	{ 0 },
};
