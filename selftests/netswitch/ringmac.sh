#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings that share an EtherType by address.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

MAC=4
A=02:00:00:00:0a:0a
B=02:00:00:00:0b:0b
ALL=ff:ff:ff:ff:ff:ff
USER=4711

# sharer FILE COUNT [NAME=VALUE...] - receives so many frames
sharer() {
	local file=$WORK/$1 count=$2

	shift 2
	start "$file" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 "$count" 30000 first=60000 fanout=$MAC "$@"
}

# has_uc MAC - the host's device receives it
has_uc() {
	grep -q "^$1 " < <(bridge -n host fdb show dev h0)
}

not() {
	! "$@"
}

# frames_of FILE - the destinations of what came, each with how often
frames_of() {
	gojq -r '.frames[]?.dst' <(tail -n 1 "$1") | sort | uniq -c | awk '{print $1 "*" $2}' | paste -sd' '
}

shares() {
	ring_port
	sharer a 5 mac=$A
	sharer b 4 mac=$B
	expect_ok "the device receives the first's address" has_uc $A
	expect_ok "and the second's" has_uc $B
	frames_to_host "$HOST_MAC" 4c57 3 100
	wait_for "frames to the port come" 10 has_come 3
	expect_port "which nobody here has: they pass" h0 .in.pass 3
	frames_to_host 02:00:00:00:0c:0c 4c57 2 100
	wait_for "frames to others come" 10 has_come 5
	expect_port "and pass as well" h0 .in.pass 5
	sharer own 4
	frames_to_host "$HOST_MAC" 4c57 3 100
	frames_to_host $A 4c57 4 100
	frames_to_host $B 4c57 3 100
	frames_to_host $ALL 4c57 1 100
	for name in a b own; do
		finish "$WORK/$name"
	done
	expect_eq "to the first" "4*$A 1*$ALL" "$(frames_of "$WORK/a")"
	expect_eq "to the second" "3*$B 1*$ALL" "$(frames_of "$WORK/b")"
	expect_eq "to who has the port's" "3*$HOST_MAC 1*$ALL" "$(frames_of "$WORK/own" | sed "s/\(.*\) \(1\*$ALL\)/\1 \2/")"
	expect_result "its own frames are no other's" "$WORK/a" \
		'[.frames[]|select(.flags % 16 >= 8)]|length' 0
	for name in a b own; do
		expect_stats "$name" "$WORK/$name"
	done
	expect_port "what was theirs did not pass" h0 .in.consumed 10
	expect_port "the one to all did, and was copied" h0 '.in|"\(.pass) \(.copied)"' "6 1"
	expect_sum "counters" h0
	wait_for "no ring is left" 10 no_ring host
	expect_ok "the addresses are given back" not has_uc $A
	expect_ok "both" not has_uc $B
}

shown() {
	ring_port
	sharer a 1 mac=$A
	expect_eq "its address is shown" "mac $A" "$(ring_value '|"\(.fanout) \(.mac)"')"
	must kill "$SPAWNED"
	wait_for "it goes" 10 no_ring host
	sharer own 1
	expect_eq "or the port's" "$HOST_MAC" "$(ring_value .mac)"
	expect_ok "INFO tells it" "${IN_HOST[@]}" "$RINGTOOL" -f mac -m $A info h0 4c57
	expect_eq "too" "$MAC $A" "$(gojq -r '"\(.fanout) \(.mac)"' <<<"$OUT")"
	start "$WORK/hash" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c58 1 1000 fanout=1
	expect_eq "others have none to show" null "$(rings host | gojq -r '.[]|select(.fanout == "hash").mac')"
}

refusals() {
	local holder

	ring_port
	expect_refused "the address of a group" EINVAL "mac 01:00:5e:00:00:01 .*group" h0 4c57 fanout=$MAC mac=01:00:5e:00:00:01
	expect_refused "an address without the fan-out" EINVAL "mac .*without" h0 4c57 mac=$A
	expect_refused "with another fan-out" EINVAL "mac .*without" h0 4c57 fanout=1 mac=$A
	expect_refused "promiscuous" EINVAL "promisc" h0 4c57 fanout=$MAC flags=1
	sharer a 1 mac=$A
	holder=$SPAWNED
	expect_refused "one that is taken" EBUSY "process $holder has address $A" h0 4c57 fanout=$MAC mac=$A
	expect_match "by whom" "holder=$holder " "$OUT"
	expect_refused "another fan-out" EBUSY "process $holder" h0 4c57 fanout=1
	sharer own 1
	expect_refused "the port's, twice" EBUSY "process $SPAWNED has the port's own" h0 4c57 fanout=$MAC
	expect_refused "by its number" EBUSY "process $SPAWNED has the port's own" h0 4c57 fanout=$MAC mac="$HOST_MAC"
	expect_bind "another one is free" h0 4c57 fanout=$MAC mac=$B
	expect_bind "so it is on a VLAN" h0 4c57 fanout=$MAC mac=$A vid=7
	expect_ok "nothing was left behind" not has_uc $B
	must kill "$holder"
	wait_for "free when the owner ends" 10 raw bind h0 4c57 fanout=$MAC mac=$A
}

rights() {
	local none=(setpriv --clear-groups --inh-caps=-all --bounding-set=-all)

	ring_port
	with() {
		local bound=("${IN_HOST[@]}" bash -c 'exec 9<>/dev/netswitch "$@"' bash)

		"${bound[@]}" "$@"
	}
	raw_only=(setpriv "--bounding-set=-all,+net_raw" --inh-caps=-all)
	expect_ok "with CAP_NET_RAW the port's address" with "${raw_only[@]}" "$RINGRAW" bind h0 4c57 fanout=$MAC
	expect_ok "by its number, too" with "${raw_only[@]}" "$RINGRAW" bind h0 4c57 fanout=$MAC mac="$HOST_MAC"
	expect_rc "not another one" 3 with "${raw_only[@]}" "$RINGRAW" bind h0 4c57 fanout=$MAC mac=$A
	expect_match "which needs more" "^EPERM .*$A needs CAP_NET_ADMIN.*grant" "$OUT"
	must utcp host grant add h0 0x4c57 user $USER mac $A
	own() {
		with "${none[@]}" --reuid="$USER" --regid="$USER" "$RINGRAW" -d 9 bind "$@"
	}
	expect_ok "a grant of the address is enough" own h0 4c57 fanout=$MAC mac=$A
	expect_rc "not for another" 3 own h0 4c57 fanout=$MAC mac=$B
	expect_rc "nor for the port's" 3 own h0 4c57 fanout=$MAC
	expect_rc "nor for all frames" 3 own h0 4c57
	expect_match "which is said" "^EPERM .*grant" "$OUT"
	must utcp host grant add h0 0x4c57 user 0 mac $A
	expect_ok "nor CAP_NET_ADMIN beside it" with "${raw_only[@]}" "$RINGRAW" bind h0 4c57 fanout=$MAC mac=$A
	# Users that do not know each other: none gets what is another's.
	sharer b 1 mac=$B
	expect_ok "users may share" own h0 4c57 fanout=$MAC mac=$A
}

# A ring sends from its own address alone.
sends() {
	ring_ports
	send() {
		raw send h0 4c57 "$PEER_MAC" 2 100 "fanout=$MAC" "$@" >"$WORK/sent"
	}
	must send mac=$A src=$A
	expect_result "from its own address" "$WORK/sent" .stats.tx_sent 2
	must send mac=$A src="$HOST_MAC"
	expect_result "not from the port's" "$WORK/sent" '.stats|"\(.tx_sent) \(.tx_drop_source)"' "0 2"
	must send mac=$A src=$B
	expect_result "nor from another's" "$WORK/sent" .stats.tx_drop_source 2
	must send src="$HOST_MAC"
	expect_result "who has none, from the port's" "$WORK/sent" .stats.tx_sent 2
	must send mac=$A src=$B flags=2
	expect_result "who may spoof, from any" "$WORK/sent" .stats.tx_sent 2
	start "$WORK/echo" "${IN_HOST[@]}" "$RINGTOOL" -R -f mac -m $A echo h0 4c57
	expect_ok "it is answered from there" "${IN_PEER[@]}" "$RINGTOOL" ping p0 4c57 $A 5 100
}

# Who has the port's address has the one that it has now.
follows() {
	local new=02:00:00:00:0d:0d

	ring_port
	sharer a 2 mac=$A
	sharer own 2
	must ip -n host link set h0 address $new
	frames_to_host "$HOST_MAC" 4c57 1 100
	wait_for "a frame to the old address comes" 10 has_come 1
	expect_port "it passes" h0 .in.pass 1
	frames_to_host $new 4c57 2 100
	frames_to_host $A 4c57 2 100
	finish "$WORK/own"
	finish "$WORK/a"
	expect_eq "those to the new one are its" "2*$new" "$(frames_of "$WORK/own")"
	expect_eq "the other's address is the same" "2*$A" "$(frames_of "$WORK/a")"
}

ends() {
	ring_port
	start "$WORK/watch" "${IN_HOST[@]}" "$RINGRAW" watch h0 4c57 fanout=$MAC mac=$A
	sharer b 1 mac=$B
	must kill -KILL "$SPAWNED"
	wait_for "an owner is killed: its address is given back" 10 not has_uc $B
	expect_ok "the other's stays" has_uc $A
	must utcp host port del h0
	wait_for "the port goes: its owner is told" 20 grep -q hup= "$WORK/watch"
	expect_ok "and the address is given back" not has_uc $A
	must utcp host port add h0
	start "$WORK/watch" "${IN_HOST[@]}" "$RINGRAW" watch h0 4c57 fanout=$MAC mac=$A
	must ip -n host link del h0
	wait_for "the device goes: its owner is told" 20 grep -q hup= "$WORK/watch"
	wait_for "the module can go" 10 rmmod netswitch
}

# All that fit, while frames to each and to all go on, and owners come and go.
many() {
	local i mark

	mark=$(dmesg_mark)
	ring_port
	must utcp host limit set netswitch rings 100
	spawn "$WORK/flood" nice -n 19 sh -c "while :; do
			ip netns exec peer '$FRAME' send p0 $A 4c57 1000 64
			ip netns exec peer '$FRAME' send p0 $ALL 4c57 100 64
		done"
	start "$WORK/many" "${IN_HOST[@]}" "$RINGRAW" many h0 4c57 63 fanout=$MAC mac=02:00:00:01:00:00 \
		rx_slots=2 tx_slots=2 hold=1
	expect_eq "63 rings" 63 "$(rings host | gojq length)"
	for ((i = 0; i < 5; i++)); do
		sharer a 20 mac=$A
		finish "$WORK/a"
		expect_result "the 64th has its frames ($i)" "$WORK/a" .received 20
	done
	sharer a 1000000 mac=$A quiet=1
	expect_refused "one more" ENOSPC "64 rings" h0 4c57 fanout=$MAC mac=$B
	expect_ok "its address was not kept" not has_uc $B
	must kill -KILL "$SPAWNED"
	wait_for "the 64th is killed" 10 not has_uc $A
	expect_sum "counters" h0
	expect_quiet "nothing is said" "$mark"
}

run_tests \
	shares "each has its own frames" \
	shown "and is shown with its address" \
	refusals "addresses that cannot be had" \
	rights "who may have one" \
	sends "each sends from its own" \
	follows "the port's address changes" \
	ends "owners, ports and devices go" \
	many "as many as there may be, under traffic"
