#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Datagrams between hosts, here two namespaces and a wire. See dgramprobe.c; what programs
# see, call by call, is in conn.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

# How long dgram may take.
LIMIT=60

# dgram ARGS... - from A to B
dgram() {
	# not by ip, which would hide what debugfs has
	nsenter --net=/run/netns/t-a timeout $((LIMIT * SLOW)) "$HERE/dgramprobe" "$@"
}

# shellcheck disable=SC2016 # what awk expands
# stat NS NAME - a counter of what became of datagrams
stat() {
	ns "$1" awk -v name="datagrams_$2" '$1 == name { print $2 }' /proc/net/utcp_stat
}

# shellcheck disable=SC2016 # what awk expands
# accounted NS - each datagram was delivered, sent or dropped
accounted() {
	ns "$1" awk '/^datagrams_/ { n[$1] = $2 }
		END {
			out = n["datagrams_delivered"] + n["datagrams_tx"]
			for (name in n)
				if (name !~ /_(sent|rx|delivered|tx)$/)
					out += n[name]
			exit n["datagrams_sent"] + n["datagrams_rx"] != out
		}' /proc/net/utcp_stat
}

both_accounted() {
	wait_for "each is accounted for, at A" 10 accounted t-a
	wait_for "and at B" 10 accounted t-b
}

there() {
	local before

	two
	expect_ok "there and back" dgram echo "$NETNS"
	expect_ok "none is lost where none need be" dgram flood "$NETNS" 2000
	expect_eq "all have come" 2000 "$OUT"
	before=$(stat t-b no_port)
	expect_ok "nobody has the port" dgram no-port "$NETNS"
	expect_eq "which B counts" $((before + 10)) "$(stat t-b no_port)"
	expect_ok "who does not read" dgram overrun "$NETNS"
	expect_eq "what B counts" true "$([ "$(stat t-b full)" -gt 0 ] && echo true)"
	expect_ok "B forgets A" "$UTCPCTL" -n t-b peer del "$A"
	expect_ok "then there is another session" dgram echo "$NETNS"
	both_accounted
	expect_eq "no frame broke the protocol" "0 0" \
		"$("$UTCPCTL" -n t-a -j peer stats | gojq '.drops.chunk // 0') $("$UTCPCTL" -n t-b -j peer stats | gojq '.drops.chunk // 0')"
	expect_ok "the module goes" rmmod utcp
}

waiting() {
	two
	kernel_has sch_netem
	netem t-a a0 loss 100%
	spawn "$WORK/waits" ip netns exec t-a timeout $((60 * SLOW)) "$HERE/dgramprobe" waits "$NETNS"
	PROBE=$SPAWNED
	wait_for "they wait" 10 grep -q sent "$WORK/waits"
	must tc -n t-a qdisc del dev a0 root
	wait "$PROBE"
	expect_eq "sixteen wait for a handshake" "0 sent" "$? $(<"$WORK/waits")"
	expect_eq "the others are counted" 4 "$(stat t-a queue)"
	both_accounted
}

bad_wire() {
	two
	kernel_has sch_netem
	netem t-a a0 loss 20% delay 2ms 1ms reorder 50% duplicate 20% corrupt 5% limit 10000
	expect_ok "some come, none twice, none changed" dgram flood "$NETNS" 500
	expect_eq "most of them" true "$([ "$OUT" -gt 200 ] && [ "$OUT" -lt 500 ] && echo true)"
	both_accounted
}

lengths() {
	two
	expect_ok "there is a session" dgram echo "$NETNS"
	must ip -n t-a link set a0 mtu 9000
	must ip -n t-b link set b0 mtu 9000
	# each end says in the handshake what it takes
	expect_ok "and a new handshake" "$UTCPCTL" -n t-a peer probe "$B" rekey on
	expect_ok "long ones pass when it is known that they do" dgram long "$NETNS" 8958
	# less passes now than A's device and its session say
	must ip -n t-b link set b0 mtu 2000
	expect_ok "the path becomes narrow" dgram short "$NETNS"
	both_accounted
}

nobody() {
	local index

	two
	test_module
	must "$UTCPCTL" -n t-a port set a0 demux policy
	must policy t-a a0 bind out "*" "*" 0
	index=$(ip -n t-a -j link show a0 | gojq '.[0].ifindex')
	must "$UTCPCTL" -n t-a limit set utcp peers 4096
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp
	# Five searches, where a machine is slow, and each its twenty seconds.
	LIMIT=150 expect_ok "nobody has the CellID" dgram nobody \
		00112233445566778899aabbccddeeff "allow $index * * 99"
	expect_eq "which is counted" "$OUT" "$(stat t-a unreachable)"
	expect_match "and told" '"peer-unreachable"' "$(<"$WORK/events")"
	expect_ok "no user has more than half of the searches" dgram many 1000
	expect_eq "there is an end" EAGAIN "$OUT"
	# 200 a second, of one port; the first second's are there at once
	expect_eq "nor are there more who-has than may be" true "$(sleep 2
		"$UTCPCTL" -n t-b -j peer stats | gojq '.frames < 2000')"
	must "$UTCPCTL" -n t-a port del a0
	wait_for "they end" 30 accounted t-a
	expect_ok "the module goes" rmmod utcp
}

run_tests \
	there "datagrams arrive" \
	waiting "what waits for a handshake" \
	bad_wire "over a bad wire" \
	lengths "how long they may be" \
	nobody "nobody is there"
