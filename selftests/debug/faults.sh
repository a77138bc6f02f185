#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Memory that cannot be had: each allocation in turn fails, of inserting each
# module and of each command, and nothing is half done. See ../lib/failnth.c.
# Needs a kernel with fault injection.
. "$(dirname "$0")/../lib.sh"

debugfs=/sys/kernel/debug

if [ ! -d $debugfs/failslab ] || [ ! -e /proc/self/fail-nth ]; then
	skip_all "this kernel has no fault injection (CONFIG_FAILSLAB, CONFIG_FAULT_INJECTION_DEBUG_FS)"
fi
# Also those that may sleep, which are nearly all; without a trace for each.
for dir in $debugfs/failslab $debugfs/fail_page_alloc; do
	echo N >"$dir"/ignore-gfp-wait
	echo 0 >"$dir"/verbose
done
echo N >$debugfs/fail_page_alloc/ignore-gfp-highmem
echo 0 >$debugfs/fail_page_alloc/min-order

# only_below [FUNCTION | -m MODULE] - let only those allocations fail that this function
# of the kernel asked for, or any of this module, itself or through others; without it
# all. The kernel's own handling of a module that is being read has faults of its own
# (6.12: WARNING in event_file_put when the directory of a trace event could not be
# made), and is not what is tested here.
only_below() {
	local start=0x0 end=0xffffffffffffffff dir

	if [ "${1:-}" = -m ]; then
		read -r start end < <(sort /proc/kallsyms | awk -v module="[$2]" '
			$4 == module && $2 ~ /[tT]/ { first = first ? first : $1; last = $1 }
			END { print first, last }')
	elif [ $# -gt 0 ]; then
		read -r start end < <(sort /proc/kallsyms |
			awk -v want="$1" 'start && $1 != start { print start, $1; exit }
				$3 == want && $2 ~ /[tT]/ { start = $1 }')
	fi
	if [ -z "${end:-}" ]; then
		fail "the kernel has none of $*"
		exit 1
	fi
	for dir in $debugfs/failslab $debugfs/fail_page_alloc; do
		must dd status=none of="$dir/require-start" <<<"0x${start#0x}"
		must dd status=none of="$dir/require-end" <<<"0x${end#0x}"
		must dd status=none of="$dir/stacktrace-depth" <<<32
	done
}

# fail_percent PERCENT - of those allocations; 0: none any more, of any
fail_percent() {
	local dir

	for dir in $debugfs/failslab $debugfs/fail_page_alloc; do
		must sh -c "echo -1 >$dir/times; echo $1 >$dir/probability"
	done
	[ "$1" != 0 ] || only_below
}

failnth() {
	local mark

	mark=$(dmesg_mark)
	expect_ok "$*" "$SELFTESTS/lib/failnth" "$@"
	printf '%s\n' "$OUT"
	expect_quiet "no complaint" "$mark"
}

# A module's own part of its insertion is its init function.
insert_netswitch() {
	only_below do_one_initcall
	failnth insert "$(ko netswitch)" netswitch
}

insert_others() {
	local name

	only_below do_one_initcall
	load netswitch
	for name in "${DEPENDANTS[@]}"; do
		failnth insert "$(ko "$name")" "$name"
	done
	expect_rc "no family is left" 3 family utcp
}

# While a namespace exists: its state has to be made, too.
insert_with_namespaces() {
	ns_add t-a
	only_below do_one_initcall
	failnth insert "$(ko netswitch)" netswitch
}

commands() {
	local name

	only_below
	load_all
	for name in "${ALL_MODULES[@]}"; do
		failnth family "${name//_/-}"
	done
}

# What each module does at the birth of a namespace. Not what the kernel does: its own
# parts say EEXIST or ENODEV when they have no memory.
namespaces() {
	local init

	load_all
	for init in netswitch_net_init utcp_net_init acl_net_init utcp_shaper_net_init; do
		only_below "$init"
		failnth netns netswitch
	done
}

# All that opening, binding and mapping needs, or nothing.
rings() {
	local mark

	only_below
	load netswitch
	ns_add t-a
	must "$UTCPCTL" -n t-a port add lo
	must "$UTCPCTL" -n t-a limit set netswitch rings 1
	mark=$(dmesg_mark)
	expect_ok "rings" ns t-a "$SELFTESTS/lib/failnth" ring lo
	printf '%s\n' "$OUT"
	expect_eq "no ring is left" 0 "$("$UTCPCTL" -n t-a -j ring show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

# A cell is there, or is not, whole.
cells() {
	local mark

	only_below
	load utcp
	ns_add t-a
	must "$UTCPCTL" -n t-a limit set utcp cells 1
	mark=$(dmesg_mark)
	expect_ok "a cell" ns t-a "$SELFTESTS/lib/failnth" cell
	printf '%s\n' "$OUT"
	expect_eq "no cell is left" 0 "$("$UTCPCTL" -n t-a -j cell show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

# So is a peer.
peers() {
	local mark

	only_below
	load utcp
	ns_add t-a
	must "$UTCPCTL" -n t-a cell new
	mark=$(dmesg_mark)
	expect_ok "a peer" ns t-a "$SELFTESTS/lib/failnth" peer
	printf '%s\n' "$OUT"
	expect_eq "no peer is left" 0 "$("$UTCPCTL" -n t-a -j peer show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

# two_cells - each in a namespace, with a wire between
two_cells() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	must "$UTCPCTL" -n t-a port add a0
	must "$UTCPCTL" -n t-b port add b0
	must "$UTCPCTL" -n t-a cell new discoverable on
	must "$UTCPCTL" -n t-b cell new discoverable on
}

# One in ten of all allocations of the workers fails.
sessions() {
	local mark id

	two_cells
	id=$("$UTCPCTL" -n t-b -j cell show | gojq -r '.[0].id')
	mark=$(dmesg_mark)
	only_below peer_work
	fail_percent 10
	_handshakes() {
		"$UTCPCTL" -n t-a peer probe "$id" rekey on >/dev/null 2>&1
		"$UTCPCTL" -n t-a -j -s peer show | gojq -e 'any(.counters.handshakes >= 5)'
	}
	wait_for "they get keys all the same" 60 _handshakes
	fail_percent 0
	expect_quiet "no complaint" "$mark"
}

# no_socket NS - nor a connection of one that was closed, which goes on until it has ended
no_socket() {
	[ "$(ns "$1" head -1 /proc/net/utcp_stat)" = "sockets 0" ]
}

# A call is done or not, and the socket is good for all that it is for: over frames, and
# inside the namespace.
sockets() {
	local mark ns

	only_below
	two_cells
	mark=$(dmesg_mark)
	for ns in t-b t-a; do
		expect_ok "sockets to $ns" ns t-a "$SELFTESTS/lib/failsock" "/run/netns/$ns"
		printf '%s\n' "$OUT"
		wait_for "no socket is left" 20 no_socket t-a
	done
	expect_quiet "no complaint" "$mark"
}

# One in ten of all allocations for frames that come fails: no call sees anything of it.
transfers() {
	local mark

	two_cells
	mark=$(dmesg_mark)
	only_below utcp_input
	fail_percent 10
	expect_ok "bytes" ns t-a "$SELFTESTS/utcp/connprobe" /run/netns/t-b 65536
	expect_ok "messages" ns t-a "$SELFTESTS/utcp/connprobe" -q /run/netns/t-b 65536
	expect_ok "datagrams" ns t-a "$SELFTESTS/utcp/dgramprobe" flood /run/netns/t-b 100
	fail_percent 0
	expect_quiet "no complaint" "$mark"
}

# One in twenty of all of utcp's allocations fails: those of calls, of frames that come and
# go, of timers and of workers. Who was told tries again; what arrives is right.
everywhere() {
	local mark ns

	two_cells
	mark=$(dmesg_mark)
	only_below -m utcp
	fail_percent 5
	for ns in t-b t-a; do
		expect_ok "bytes to $ns" ns t-a "$SELFTESTS/utcp/connprobe" -E "/run/netns/$ns" 262144
		expect_ok "messages to $ns" ns t-a "$SELFTESTS/utcp/connprobe" -E -q "/run/netns/$ns" 262144
		expect_ok "many to $ns" ns t-a "$SELFTESTS/utcp/connprobe" -E -m 30 "/run/netns/$ns" 4096
	done
	fail_percent 0
	for ns in t-a t-b; do
		wait_for "no socket is left in $ns" 20 no_socket "$ns"
	done
	expect_ok "and all is well" ns t-a "$SELFTESTS/utcp/connprobe" /run/netns/t-b 65536
	# Which also asks whether all of their memory is back.
	unload_all
	expect_quiet "no complaint" "$mark"
}

# The hook on the way out cannot be had: the port is as it was.
policies() {
	local slab=$debugfs/failslab mark

	load netswitch
	ns_add t-a
	must "$UTCPCTL" -n t-a port add lo
	mark=$(dmesg_mark)
	only_below nf_register_net_hook
	must sh -c "echo Y >$slab/task-filter; echo 1 >$slab/times; echo 100 >$slab/probability"
	expect_fail_with "no hook, no policy" "memory" sh -c "
		echo 1 >/proc/self/make-it-fail
		exec '$UTCPCTL' -n t-a port set lo demux policy"
	must sh -c "echo 0 >$slab/probability; echo -1 >$slab/times; echo N >$slab/task-filter"
	only_below
	expect_eq "all is as before" demux "$("$UTCPCTL" -n t-a -j port show lo | gojq -r '.[0].flags|join(" ")')"
	expect_ok "and now it can be had" "$UTCPCTL" -n t-a port set lo demux policy
	expect_ok "and given back" "$UTCPCTL" -n t-a port del lo
	expect_quiet "no complaint" "$mark"
}

# Made and taken back, or not.
grants() {
	local mark

	only_below
	load netswitch
	ns_add t-a
	must "$UTCPCTL" -n t-a port add lo
	must "$UTCPCTL" -n t-a limit set netswitch grants 1
	mark=$(dmesg_mark)
	expect_ok "grants" ns t-a "$SELFTESTS/lib/failnth" grant lo
	printf '%s\n' "$OUT"
	expect_eq "no grant is left" 0 "$("$UTCPCTL" -n t-a -j grant show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

# A policy is as it was, or as it is to be, and a load that fails is no policy.
access_lists() {
	local mark

	only_below
	load utcp_acl
	ns_add t-a
	mark=$(dmesg_mark)
	expect_ok "access lists" ns t-a "$SELFTESTS/lib/failnth" acl
	printf '%s\n' "$OUT"
	expect_eq "no policy is left" 0 "$("$UTCPCTL" -n t-a -j acl show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

# Nor is there half a set, or half a binding.
sets_and_bindings() {
	local mark

	kernel_has dummy
	only_below
	load utcp_acl
	ns_add t-a
	must ip -n t-a link add d0 type dummy
	must "$UTCPCTL" -n t-a port add d0 policy
	mark=$(dmesg_mark)
	expect_ok "sets and bindings" ns t-a "$SELFTESTS/lib/failnth" acl-more d0
	printf '%s\n' "$OUT"
	expect_eq "no set is left" 0 "$("$UTCPCTL" -n t-a -j set show | gojq length)"
	expect_eq "and no binding" 0 "$("$UTCPCTL" -n t-a -j acl bindings | gojq length)"
	expect_ok "nothing keeps the port" "$UTCPCTL" -n t-a port del d0
	expect_quiet "no complaint" "$mark"
}

# Classes and bindings are there, or are not, whole.
shaper() {
	local mark

	only_below
	load utcp_shaper
	ns_add t-a
	must "$UTCPCTL" -n t-a port add lo policy
	mark=$(dmesg_mark)
	expect_ok "classes and bindings" ns t-a "$SELFTESTS/lib/failnth" shaper lo
	printf '%s\n' "$OUT"
	expect_eq "no class is left" 0 "$("$UTCPCTL" -n t-a -j shaper show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

run_tests \
	insert_netswitch "netswitch is inserted or not, and can be again" \
	insert_others "and so are the others" \
	insert_with_namespaces "and with a namespace to make state for" \
	commands "commands are done or not, and can be again" \
	namespaces "namespaces are made or not, and can be again" \
	rings "rings are bound or not, and can be again" \
	policies "a port has policy or not, and can again" \
	grants "grants are made or not, and can be again" \
	access_lists "policies are loaded, edited and removed or not, and can be again" \
	sets_and_bindings "sets, bindings and confirmed loads are made or not, and can be again" \
	shaper "classes are made, changed, bound and removed or not, and can be again" \
	cells "cells are made, changed and removed or not, and can be again" \
	peers "peers are added and removed or not, and can be again" \
	sessions "sessions come and are renewed while allocations fail" \
	sockets "calls on sockets are done or not, and can be again" \
	transfers "bytes, messages and datagrams arrive while allocations fail" \
	everywhere "and while any of utcp's fail"
