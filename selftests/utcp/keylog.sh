#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The key log: it is there only if the module was loaded for it, for root only; and its
# keys are those of the frames on the wire. See utcp-debugging.rst.
. "$(dirname "$0")/../lib.sh"

LOG=/sys/kernel/debug/utcp/keylog

debugfs() {
	mountpoint -q /sys/kernel/debug || must mount -t debugfs none /sys/kernel/debug
}

off() {
	local mark

	debugfs
	mark=$(dmesg_mark)
	load utcp
	expect_fail "there is no file" test -e "$LOG"
	expect_no_match "nothing is told" keylog "$(dmesg_since "$mark")"
	expect_eq "the parameter is off" N "$(</sys/module/utcp/parameters/keylog)"
	expect_fail "and cannot be set later" sh -c "echo 1 >/sys/module/utcp/parameters/keylog"
}

# in_ns NS COMMAND... - without another /sys, as "ip netns exec" gives
in_ns() {
	local ns=$1

	shift
	nsenter --net="/run/netns/$ns" "$@"
}

on() {
	local mark b

	debugfs
	mark=$(dmesg_mark)
	load netswitch
	must insmod "$(ko utcp)" keylog=1
	expect_eq "it is told, once" 1 "$(dmesg_since "$mark" | grep -c keylog=1)"
	expect_eq "the file is root's" "400 0 0" "$(stat -c "%a %u %g" "$LOG")"
	ns_add t-a t-b
	veth t-a a0 t-b b0
	for b in a b; do
		must "$UTCPCTL" -n "t-$b" port add "${b}0"
		must "$UTCPCTL" -n "t-$b" cell new discoverable on
	done
	expect_eq "nobody to talk to, no keys" "" "$(in_ns t-a cat "$LOG")"
	b=$("$UTCPCTL" -n t-b -j cell show | gojq -r '.[0].id')
	must "$UTCPCTL" -n t-a peer probe "$b"
	in_ns t-a cat "$LOG" | sort >"$WORK/a"
	in_ns t-b cat "$LOG" | sort >"$WORK/b"
	expect_eq "a key for each direction" 2 "$(wc -l <"$WORK/a")"
	expect_eq "in lines as they should be" "" \
		"$(grep -vE '^UTCP1 [0-9a-f]{8} 0 1 0 [0-9a-f]{64}$' "$WORK/a")"
	expect_eq "both ends have the same" "$(<"$WORK/a")" "$(<"$WORK/b")"
	expect_eq "those of another namespace are not there" "" "$(cat "$LOG")"
	expect_fail "another user" setpriv --reuid 65534 --clear-groups cat "$LOG"
	expect_fail_with "root without the capability" "Operation not permitted" \
		setpriv --bounding-set -net_admin --inh-caps -net_admin cat "$LOG"
	expect_fail "root of a user namespace" unshare --user --map-root-user cat "$LOG"
	must "$UTCPCTL" -n t-a peer del "$b"
	expect_eq "keys that are erased are gone" "" "$(in_ns t-a cat "$LOG")"
	exec 7<"$LOG"
	expect_fail "the module stays while it is open" rmmod utcp
	exec 7<&-
}

run_tests \
	off "no key log, unless it is asked for" \
	on "keys for root"
