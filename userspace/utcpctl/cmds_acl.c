// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands: access lists and their flows.
 */
#include "acl.h"
#include "aclapply.h"
#include "acltrace.h"
#include "cmd.h"
#include "cmds.h"
#include "flow.h"

#define ACL_SETTINGS_HELP \
	"in, out: what becomes of frames to the sandbox, and of those that it sends, that no rule matches: allow, deny or reject; deny if it is not said. log: on has frames told of (as events, see utcpctl-monitor(8)) that no rule matches and that are dropped, at a bounded rate. comment: any text of up to 63 bytes. owner: to whom it belongs, up to 31 bytes."
#define ACL_WORDS_HELP \
	"src, dst: an address or prefix of IPv4 or IPv6; or a CellID (cell1...) or a name of /etc/utcp/cells that has a letter, of who begins and of the other: then the rule is about identities, and dport is a service of UTCP. src-set, dst-set: name of a set (see utcpctl-set(8)) that has the address, or address and port, or the CellID. proto: a number, or icmp, tcp, udp, dccp, gre, esp, ah, icmpv6, sctp, udplite; or utcp, of rules about identities, which only allow. sport, dport: a port, or a range such as 80-90. icmp: a type, or type/code. flags: those of TCP that are set, a / and those that are looked at, as syn/syn,ack. dscp: 0 to 63. ethertype: a number, or ipv4, arp, ipv6, utcp. vlan: VID of the outermost tag, 0 for none. smac, dmac: MAC addresses. dev: device by which frames come or go, as it is called when the rule is made. priority: 0 to 65535, the lowest decides, 1000 if it is not said. class: shaper class of what is allowed. mark: mark of what is allowed. expires: a time such as 90s, 15m, 12h, 7d, after which the rule goes by itself, with an event. log: on has frames told of that the rule decides, as events, at a bounded rate. owner, comment: texts."

static const struct cmd_arg acl_show_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_OPTIONAL,
		.help = "Name of the policy; without it the policies of the namespace are shown.",
		.attribute = "name",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "Only rules with this direction (in or out), verdict, or owner.",
		.choice = cmd_choice_acl_filter,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg acl_policy_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "name",
	},
	{ 0 },
};

static const struct cmd_arg acl_any_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_OPTIONAL,
		.help = "Name of the policy; without it all of the namespace.",
		.attribute = "name",
	},
	{ 0 },
};

static const struct cmd_arg acl_bindings_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_OPTIONAL,
		.help = "Name of the policy; without it all of the namespace.",
		.attribute = "policy",
	},
	{ 0 },
};

static const struct cmd_arg acl_new_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Its name: letters, digits, '.', '_' and '-', up to 31.",
		.attribute = "name",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = ACL_SETTINGS_HELP,
		.choice = cmd_choice_acl_setting,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg acl_set_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "name",
	},
	{
		.name = "SETTING",
		.value = "VALUE",
		.kind = CMD_PAIRS,
		.help = ACL_SETTINGS_HELP,
		.choice = cmd_choice_acl_setting,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg acl_add_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "name",
	},
	{
		.name = "DIRECTION",
		.kind = CMD_ONE,
		.help = "in: frames to the sandbox. out: frames that it sends.",
		.choice = cmd_choice_acl_direction,
		.attribute = "rule.direction",
	},
	{
		.name = "VERDICT",
		.kind = CMD_ONE,
		.help = "allow: they go on. deny: they are dropped in silence. reject: they are dropped, and who has sent them is told.",
		.choice = cmd_choice_acl_verdict,
		.attribute = "rule.verdict",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = ACL_WORDS_HELP,
		.choice = cmd_choice_acl_word,
		.attribute = "rule",
	},
	{ 0 },
};

static const struct cmd_arg acl_test_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "name",
	},
	{
		.name = "DIRECTION",
		.kind = CMD_ONE,
		.help = "in: to the sandbox. out: of it.",
		.choice = cmd_choice_acl_direction,
		.attribute = "rule.direction",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "What the packet is, in the words of rules. What is not said is zero; of TCP the flags are SYN.",
		.choice = cmd_choice_acl_word,
		.attribute = "rule",
	},
	{ 0 },
};

static const struct cmd_arg acl_trace_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device; any: all ports of the namespace that are bound.",
		.attribute = "ifname",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "direction: in or out. verdict: what was decided: allow, deny or reject. sandbox: name of a sandbox, the device of whose link is meant, where DEV is any. rate: how many frames a second are shown at most, 1 to 4000; 100 if it is not said. Or what frames are, in the words of rules: src, dst, proto, sport, dport, icmp, flags, dscp, ethertype, vlan, smac, dmac.",
		.choice = cmd_choice_acl_trace,
		.attribute = "rule",
	},
	{ 0 },
};

static const struct cmd_arg acl_remove_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "name",
	},
	{
		.name = "HANDLE",
		.kind = CMD_ONE,
		.help = "Number of the rule, as show prints it.",
		.attribute = "handle",
	},
	{
		.name = "FLAG",
		.kind = CMD_OPTIONAL,
		.help = "--keep: connections that a rule about identities has allowed go on.",
		.choice = cmd_choice_acl_keep,
		.attribute = "keep",
	},
	{ 0 },
};

static const struct cmd_arg acl_bind_args[] = {
	{
		.name = "DEV",
		.kind = CMD_ONE,
		.help = "Name of the port's device.",
		.attribute = "ifname",
	},
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "policy",
	},
	{
		.name = "WORD",
		.value = "VALUE",
		.kind = CMD_SETTINGS,
		.help = "mac: MAC address of the sandbox; then it can send from no other, and from no address but those of addr. ARP and neighbour discovery for these go on without a rule. addr: its addresses, up to 16 with commas between them, the link-local one included.",
		.choice = cmd_choice_acl_own,
		.attribute = "",
	},
	{ 0 },
};

static const struct cmd_arg acl_bind_own_args[] = {
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy.",
		.attribute = "policy",
	},
	{ 0 },
};

static const struct cmd_arg acl_impose_args[] = {
	{
		.name = "NETNS",
		.kind = CMD_ONE,
		.help = "The other network namespace: a name under /run/netns, or a path.",
		.attribute = "netns-fd",
	},
	{
		.name = "POLICY",
		.kind = CMD_ONE,
		.help = "Name of the policy, which is one of the initial namespace.",
		.attribute = "policy",
	},
	{ 0 },
};

static const struct cmd_arg acl_release_args[] = {
	{
		.name = "NETNS",
		.kind = CMD_ONE,
		.help = "The other network namespace: a name under /run/netns, or a path.",
		.attribute = "netns-fd",
	},
	{ 0 },
};

static const struct cmd_arg acl_apply_args[] = {
	{
		.name = "FILE",
		.kind = CMD_ONE,
		.help = "File with policies; - is standard input.",
	},
	{
		.name = "FLAG",
		.kind = CMD_OPTIONAL,
		.help = "--dry-run: change nothing, show what would change, and ask the kernel whether it would take the rules. --confirm: unless \"acl confirm\" follows in time, each policy is again what it was. --keep: connections that rules about identities have allowed go on, also those that no rule allows any more; without it these are closed.",
		.choice = cmd_choice_acl_dry,
	},
	{
		.name = "TIME",
		.kind = CMD_OPTIONAL,
		.help = "With --confirm: a time such as 60s, up to 24h.",
	},
	{ 0 },
};

static const struct cmd_arg acl_file_args[] = {
	{
		.name = "FILE",
		.kind = CMD_ONE,
		.help = "File, as save writes it; - is standard input.",
	},
	{ 0 },
};

const struct cmd_verb acl_verbs[] = {
	{
		.name = "show",
		.summary =
			"Show policies, or the rules of one in the order in which they are asked; with -s their counters.",
		.args = acl_show_args,
		.statistics = true,
		.run = acl_show,
	},
	{
		.name = "new",
		.summary = "Make a policy without rules.",
		.detail =
			"Needs CAP_NET_ADMIN over the namespace, as all that has to do with access lists does. A namespace has at most as many policies, and rules of all policies together, as its limits policies and rules of utcp-acl say.",
		.args = acl_new_args,
		.run = acl_new,
	},
	{
		.name = "set",
		.summary =
			"Change settings of a policy, all that are named or none; its rules stay.",
		.args = acl_set_args,
		.run = acl_set,
	},
	{
		.name = "del",
		.summary = "Remove a policy and its rules.",
		.detail = "Refused while a port is bound to it.",
		.args = acl_policy_args,
		.run = acl_del,
	},
	{
		.name = "add",
		.summary = "Add a rule to a policy.",
		.detail =
			"What is printed has its number, which never changes. A word that is not said holds for all there is of it.",
		.args = acl_add_args,
		.run = acl_add,
	},
	{
		.name = "remove",
		.summary = "Remove a rule from a policy.",
		.detail =
			"What is printed are its last counters (with -s). Flows that it has allowed go on. Connections that a rule about identities has allowed, and no other one allows, are closed, unless --keep is said.",
		.args = acl_remove_args,
		.statistics = true,
		.run = acl_remove,
	},
	{
		.name = "test",
		.summary =
			"Show which rule decides about a packet, and why those before it do not.",
		.detail =
			"The rules that are asked are printed in their order, each with the word that the packet does not match; the last line says what is decided. It is about a packet of no flow, and leaves what bind says of the sandbox's addresses aside.",
		.args = acl_test_args,
		.run = acl_test,
	},
	{
		.name = "trace",
		.summary =
			"Follow live frames of a port, and show what decides about each, until interrupted.",
		.detail =
			"A frame is a line, with what has decided (by): a rule, the default, a flow that a rule has allowed (with that rule's number), the basics (what bind says of the sandbox's addresses), identity (frames of UTCP), or headers that cannot be read; of what is dropped with the reason, and the rule that is missing. With -j a line is an object of JSON. missed: frames that were not shown before this one, because there were more than rate. Frames are slowed down a little while somebody traces, and not at all when nobody does.",
		.args = acl_trace_args,
		.run = acl_trace,
	},
	{
		.name = "bind",
		.summary = "Have a policy decide a port's frames.",
		.detail =
			"The port has the flag policy. One that decided before gives way in one step.",
		.args = acl_bind_args,
		.run = acl_bind,
	},
	{
		.name = "unbind",
		.summary = "Have no policy decide a port's frames: all go on.",
		.detail = "What is printed are its last counters (with -s).",
		.args = port_dev_args,
		.statistics = true,
		.run = acl_unbind,
	},
	{
		.name = "bind-own",
		.summary =
			"Have a policy decide the frames of all devices of the namespace but lo.",
		.detail =
			"Those that come later are bound before they can be up; a device that has no Ethernet frames stays down. It can only narrow what the bindings of ports and what is imposed allow. Directions are the namespace's: out is what it sends. Hooks in a namespace hold against mistakes, not against who has CAP_NET_RAW or CAP_NET_ADMIN over it.",
		.args = acl_bind_own_args,
		.run = acl_bind_own,
	},
	{
		.name = "unbind-own",
		.summary = "End what bind-own has bound.",
		.statistics = true,
		.run = acl_unbind_own,
	},
	{
		.name = "impose",
		.summary =
			"As bind-own, for another namespace, whose own root cannot change it.",
		.detail =
			"From the initial namespace only. Namespaces that are made while the module has the option new_netns=deny have the policy new-netns imposed on them, which denies all; rules that are added to it hold for all of them, and impose gives one of them another policy.",
		.args = acl_impose_args,
		.run = acl_impose,
	},
	{
		.name = "release",
		.summary =
			"End what is imposed on a namespace: nothing is any more.",
		.args = acl_release_args,
		.statistics = true,
		.run = acl_release,
	},
	{
		.name = "bindings",
		.summary =
			"Show what is bound to which policy; with -s the counters.",
		.detail =
			"Ports by their device; own: what bind-own has bound; imposed: what is imposed, in the initial namespace with the inode number of the namespace, as ls -i prints of its file. Of each direction, as the sandbox sees it: frames that were decided, those that went on (allowed), and drops by reason; frames = allowed + drops, always. rejected: of the drops, those that were answered. A GSO super-frame is one frame.",
		.args = acl_bindings_args,
		.statistics = true,
		.run = acl_bindings,
	},
	{
		.name = "stats",
		.summary =
			"Show the counters of all bindings of the namespace together, past ones included.",
		.run = acl_stats,
	},
	{
		.name = "save",
		.summary =
			"Print policies, one rule a line, and bindings, as apply, diff and restore read them.",
		.detail =
			"With a policy, that one without bindings. With -j as JSON, which they read as well.",
		.args = acl_any_args,
		.run = acl_save,
	},
	{
		.name = "apply",
		.summary =
			"Replace the policies of a file as a whole, or make them.",
		.detail =
			"Of each policy all is in force at once, or nothing is changed. Policies that are not in the file stay. Sets of the file are made first if they are not there, and its elements are added to them. All rules get new numbers and counters.",
		.args = acl_apply_args,
		.run = acl_apply,
	},
	{
		.name = "confirm",
		.summary =
			"Keep what \"apply --confirm\" has made of a policy.",
		.detail =
			"Until then, other changes of the policy are refused.",
		.args = acl_policy_args,
		.run = acl_confirm,
	},
	{
		.name = "restore",
		.summary = "As apply, and bind the ports that the file binds.",
		.args = acl_file_args,
		.run = acl_restore,
	},
	{
		.name = "diff",
		.summary =
			"Show what apply would change: rules that go (-) and that come (+).",
		.args = acl_file_args,
		.run = acl_diff,
	},
	{ 0 },
};

static const struct cmd_arg flow_args[] = {
	{
		.name = "DEV",
		.kind = CMD_OPTIONAL,
		.help = "Name of the port's device; without it all ports of the namespace.",
		.attribute = "ifname",
	},
	{
		.name = "OPTION",
		.value = "VALUE",
		.kind = CMD_OPTIONS,
		.help = "--sandbox: name of a sandbox, whose link's device is meant.",
		.choice = cmd_choice_flow_option,
	},
	{ 0 },
};

const struct cmd_verb flow_verbs[] = {
	{
		.name = "list",
		.summary = "List flows, and the rules that allowed them.",
		.detail =
			"In no order. While flows come and go, some may be missing or come twice.",
		.args = flow_args,
		.run = flow_list,
	},
	{
		.name = "imposed",
		.summary =
			"List flows of what is imposed on a network namespace, and the rules that allowed them.",
		.detail =
			"From the initial namespace only. In that namespace list has the same flows without their rules.",
		.args = acl_release_args,
		.run = flow_imposed,
	},
	{
		.name = "flush",
		.summary =
			"Forget flows, those of what is imposed too: their next frames meet the rules. Prints how many they were.",
		.args = flow_args,
		.run = flow_flush,
	},
	{ 0 },
};
