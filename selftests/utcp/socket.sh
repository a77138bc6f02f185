#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sockets between cells of one namespace. See sockprobe.c.
. "$(dirname "$0")/../lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)

probe() {
	expect_tap "$1" ns t-a timeout $((100 * SLOW)) "$HERE/$2" "${@:3}"
}

cell_ready() {
	load utcp
	ns_add t-a
	must ip -n t-a link set lo up
	must "$UTCPCTL" -n t-a cell new
}

semantics() {
	cell_ready
	probe "as TCP, UDP and AF_UNIX, call by call" sockprobe
}

options() {
	cell_ready
	probe "options and ioctls" sockcheck options
}

bounds() {
	cell_ready
	must "$UTCPCTL" -n t-a limit set utcp sockets 6
	probe "no more sockets than the limit" sockcheck limit 6
	must "$UTCPCTL" -n t-a limit set utcp sockets 65536
	probe "no more memory than there is" sockcheck memory
	must "$UTCPCTL" -n t-a limit set utcp buffer-memory 0
	probe "a namespace that may have none: a piece" sockcheck takes 4096
	probe "who waits for more than there is room for reads what is there" sockcheck least
	ns_add t-b
	must ip -n t-b link set lo up
	must "$UTCPCTL" -n t-b cell new
	expect_tap "another one is not bound by that" ns t-b "$HERE/sockcheck" takes 65536
	must "$UTCPCTL" -n t-a limit set utcp buffer-memory 512k
	probe "more of it, and a message that is longer than all" sockcheck long 0
	must "$UTCPCTL" -n t-a limit set utcp buffer-memory 1200k
	probe "and one that is nearly as long, beside another's bytes" sockcheck long 200000
}

whose() {
	cell_ready
	probe "another user's cell" sockcheck private
	expect_no_match "nobody loads the module by a socket" "net-pf-" \
		"$(modinfo -F alias "$(ko utcp)")"
	ns_add t-b
	must "$UTCPCTL" -n t-b cell new mode shared
	expect_tap "a cell for all" ns t-b "$HERE/sockcheck" shared
}

ports() {
	cell_ready
	must "$UTCPCTL" -n t-a cell set \
		"$("$UTCPCTL" -n t-a -j cell show | gojq -r ".[0].id")" mode shared
	must "$UTCPCTL" -n t-a limit set utcp sockets 6
	probe "nobody but root has more than half of the sockets" sockcheck users 6
	must "$UTCPCTL" -n t-a limit set utcp sockets 65536
	must "$UTCPCTL" -n t-a limit set utcp user-ports 6
	probe "who does not own a cell has some of its ports" sockcheck quota 6
	probe "its owner has any" sockcheck no-quota 6
	probe "and both again, for they were given back" sockcheck quota 6
}

# sockets FILTER WORDS... - what gojq makes of the list of sockets
sockets() {
	"$UTCPCTL" -n t-a -j ss show "${@:2}" | gojq -r "$1"
}

shown() {
	cell_ready
	spawn "$WORK/hold" ip netns exec t-a "$HERE/sockcheck" hold
	wait_for "the sockets are there" 10 grep -q ready "$WORK/hold"
	expect_eq "each is listed" 5 "$(sockets length)"
	expect_eq "the listener and its backlog" "listen 600 7 null" \
		"$(sockets '.[] | "\(.state) \(.port) \(.["snd-queue"]) \(.peer)"' state listen)"
	expect_eq "both ends of a connection, the bytes of one" "0 5" \
		"$(sockets 'map(.["rcv-queue"]) | sort | join(" ")' state established type stream)"
	expect_eq "by port of the peer" 1 "$(sockets length peer-port 600)"
	expect_eq "by type" "dgram unconnected 700" \
		"$(sockets '.[] | "\(.type) \(.state) \(.port)"' type dgram)"
	expect_eq "by cell" 5 "$(sockets length cell "$(sockets '.[0].cell')")"
	expect_eq "no such port" 0 "$(sockets length port 9)"
	expect_rc "no port" 1 "$UTCPCTL" -n t-a ss show port 0
	expect_rc "no state" 1 "$UTCPCTL" -n t-a ss show state sleeping
	expect_ok "as text, with counters" "$UTCPCTL" -n t-a ss show -s
	expect_match "what it has done" "bytes-received 5" "$OUT"
	ns_add t-b
	expect_eq "another namespace has none" 0 "$("$UTCPCTL" -n t-b -j ss show | gojq length)"
	expect_eq "/proc/net/utcp has them too" 6 "$(ns t-a cat /proc/net/utcp | wc -l)"
	expect_eq "and what became of datagrams" "sockets 5 datagrams_sent 1 datagrams_delivered 1" \
		"$(ns t-a head -3 /proc/net/utcp_stat | paste -sd ' ')"
	expect_ok "without privilege" setpriv --reuid 65534 --clear-groups "$UTCPCTL" ss show
	expect_fail "the module stays while there are sockets" rmmod utcp
}

# Somebody else has the number of the family.
taken() {
	local mark test=$MODULES/utcp/utcp_policy_test.ko

	load netswitch
	must insmod "$test" family=1
	defer sh -c "rmmod utcp_policy_test 2>/dev/null"
	mark=$(dmesg_mark)
	expect_fail_with "it is not loaded" "File exists" insmod "$(ko utcp)"
	expect_match "and says why" "utcp: address family 19 is taken by somebody else" \
		"$(dmesg_since "$mark")"
	expect_rc "it is not there" 3 family utcp
	must rmmod utcp_policy_test
	expect_ok "it can be when the number is free" insmod "$(ko utcp)"
	expect_ok "and is" family utcp
}

run_tests \
	semantics "what programs see" \
	options "options" \
	bounds "limits" \
	whose "whose cell" \
	ports "ports and sockets of who shares a cell" \
	taken "a number that is taken" \
	shown "what is shown"
