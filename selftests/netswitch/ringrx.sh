#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: receiving.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

PROMISC=1
TAKE=4
SEGMENT=8
TIMESTAMP=16
OTHER_MAC=02:00:00:00:00:99
BROADCAST=ff:ff:ff:ff:ff:ff

# How long who waits for more frames than there are waits, in milliseconds.
IDLE=$((5000 * SLOW))

# receiver FILE COUNT [NAME=VALUE...] - of 0x4c57 on the host
receiver() {
	local file=$1 count=$2

	shift 2
	start "$WORK/$file" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 "$count" "$IDLE" "$@"
}

# keeper FILE [NAME=VALUE...] - one that goes on until it is stopped
keeper() {
	local file=$1

	shift
	start "$WORK/$file" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1000000 60000 first=60000 "$@"
}

# each FILE PATH - of all frames in one line
each() {
	result "$WORK/$1" "[.frames[]|$2|tostring]|join(\" \")"
}

pattern() {
	local len n=200

	ring_ports
	for len in 64 1000 1514; do
		start "$WORK/verify" "${IN_HOST[@]}" "$RINGTOOL" -R verify h0 4c57 $n
		expect_ok "$n frames of $len are sent" "${IN_PEER[@]}" taskset -c 0 \
			"$RINGTOOL" source p0 4c57 "$HOST_MAC" $n $len
		finish "$WORK/verify"
		expect_result "and arrive as they were" "$WORK/verify" \
			'"\(.received) \(.bytes) \(.bad) \(.gaps)"' "$n $((n * len)) 0 0"
		expect_stats "counters" "$WORK/verify"
		expect_result "of what was delivered" "$WORK/verify" '.stats|"\(.rx_delivered) \(.rx_bytes)"' \
			"$n $((n * len))"
		wait_for "its end" 10 no_ring host
	done
	expect_port "the port's counters agree" h0 .in.consumed $((3 * n))
	expect_sum "and add up" h0
}

descriptors() {
	ring_port
	receiver one 3
	frames_to_host "$HOST_MAC" 4c57 3 100
	finish "$WORK/one"
	expect_eq "lengths" "114 114 114" "$(each one .len)"
	expect_eq "types" "4c57 4c57 4c57" "$(each one .type)"
	expect_eq "from whom" "$PEER_MAC $PEER_MAC $PEER_MAC" "$(each one .src)"
	expect_eq "to whom" "$HOST_MAC $HOST_MAC $HOST_MAC" "$(each one .dst)"
	expect_eq "by which port" "$INDEX $INDEX $INDEX" "$(each one .ifindex)"
	expect_eq "nothing special" "0 0 0" "$(each one .flags)"
	expect_eq "what is reserved is 0" "0 0 0" "$(each one .reserved)"
	expect_result "bytes" "$WORK/one" .stats.rx_bytes 342
	receiver stamped 2 flags=$TIMESTAMP
	frames_to_host "$HOST_MAC" 4c57 2 100
	finish "$WORK/stamped"
	expect_eq "with time stamps" "16 16" "$(each stamped .flags)"
	expect_eq "of just now" "true true" "$(each stamped .fresh)"
}

vlans() {
	local tag=$((5 << 13 | 7)) priority=$((7 << 13))

	ring_port
	receiver none 2
	receiver seven 1 vid=7
	frames_to_host "$HOST_MAC" 4c57 1 100
	frames_to_host "$HOST_MAC" 4c57 1 100 $priority
	frames_to_host "$HOST_MAC" 4c57 1 100 $tag
	frames_to_host "$HOST_MAC" 4c57 1 100 9
	finish "$WORK/none"
	finish "$WORK/seven"
	expect_eq "without tag, or with VID 0" "0000:0 8100:$priority" "$(each none '"\(.vlan_proto):\(.vlan_tci)"')"
	expect_eq "the tag is told" "0 1" "$(each none .flags)"
	expect_eq "and is not in the slot" "4c57:114 4c57:114" "$(each none '"\(.type):\(.len)"')"
	expect_eq "VID 7 goes to whom it is bound" "8100:$tag" "$(each seven '"\(.vlan_proto):\(.vlan_tci)"')"
	expect_eq "without the tag in the slot, too" "4c57:114" "$(each seven '"\(.type):\(.len)"')"
	expect_port "VID 9 to none" h0 .in.pass 1
}

groups() {
	ring_port
	receiver group 6
	frames_to_host "$BROADCAST" 4c57 3 100
	frames_to_host 33:33:00:00:00:01 4c57 2 100
	frames_to_host "$OTHER_MAC" 4c57 4 100
	frames_to_host "$HOST_MAC" 4c57 1 100
	finish "$WORK/group"
	expect_eq "frames to groups, but not to others" "4 4 4 4 4 0" "$(each group .flags)"
	expect_port "are copies" h0 .in.copied 5
	expect_port "and go on" h0 .in.pass 9
	expect_port "one's own does not" h0 .in.consumed 1
	expect_sum "counters" h0
}

promiscuous() {
	ring_port
	receiver all 5 flags=$PROMISC
	frames_to_host "$OTHER_MAC" 4c57 3 100
	frames_to_host "$BROADCAST" 4c57 1 100
	frames_to_host "$HOST_MAC" 4c57 1 100
	finish "$WORK/all"
	expect_eq "frames to other stations, too" "8 8 8 4 0" "$(each all .flags)"
	expect_port "as copies" h0 .in.copied 4
	expect_sum "counters" h0
}

full() {
	ring_port
	receiver full 8 rx_slots=8 pile=50
	frames_to_host "$HOST_MAC" 4c57 50 100
	finish "$WORK/full"
	expect_result "as many as there are slots" "$WORK/full" .received 8
	expect_eq "the first ones" 8 "$(result "$WORK/full" '.frames|length')"
	expect_result "the others are counted" "$WORK/full" \
		'.stats|"\(.rx_frames) \(.rx_delivered) \(.rx_drop_full) \(.rx_max_used)"' "50 8 42 8"
	expect_stats "counters" "$WORK/full"
	expect_eq "so does the port" 50 "$(port_value host h0 '|.in.consumed + (.in.drops.consumer // 0)')"
	expect_sum "counters" h0
}

# While an owner reads nothing, what is shown of its ring.
shown() {
	ring_port
	receiver held 100 rx_slots=8 pile=1000000
	frames_to_host "$HOST_MAC" 4c57 20 100
	wait_for "they come" 20 has_come 20
	expect_eq "by ring show" "20 8 912 8 8" "$(ring_value \
		'.rx|"\(.frames) \(.delivered) \(.bytes) \(.unread) \(."max-used")"')"
	expect_eq "drops by reason" 12 "$(ring_value .rx.drops.full)"
	expect_eq "and by the port's consumers" 20 \
		"$(utcp host -j port consumers h0 | gojq '.[0]|.frames + .drops')"
}

short_slots() {
	ring_port
	receiver short 2 slot_size=128
	frames_to_host "$HOST_MAC" 4c57 1 115
	frames_to_host "$HOST_MAC" 4c57 1 114
	frames_to_host "$HOST_MAC" 4c57 1 1000
	frames_to_host "$HOST_MAC" 4c57 1 50
	finish "$WORK/short"
	expect_eq "what fits into a slot" "128 64" "$(each short .len)"
	expect_result "and what does not" "$WORK/short" '.stats|"\(.rx_frames) \(.rx_drop_length)"' "4 2"
	expect_stats "counters" "$WORK/short"
}

# by_fan_out NUMBER SENT CPU... - three rings share what is sent by these processors;
# what came to each is left in $OUT, the least first
by_fan_out() {
	local how=$1 sent=$2 cpu file pids=()

	shift 2
	for file in a b c; do
		keeper "$file$how" fanout="$how" quiet=1 rx_slots=256
		pids+=("$SPAWNED")
	done
	for cpu; do
		must ns peer taskset -c "$cpu" "$FRAME" send p0 "$HOST_MAC" 4c57 60 100
	done
	wait_for "all come" 20 sh -c "
		'$UTCPCTL' -n host -j -s ring show | gojq -e '[.[].rx.frames]|add == $sent'"
	for file in a b c; do
		finish "$WORK/$file$how" "${pids[0]}"
		pids=("${pids[@]:1}")
	done
	wait_for "their end" 10 no_ring host
	OUT=$(for file in a b c; do result "$WORK/$file$how" .received; done | sort -n | tr '\n' ' ')
}

# What the process says it has given back, but cannot have.
no_index() {
	ring_port
	receiver index 1 consumer=1 pile=5 first=2000
	frames_to_host "$HOST_MAC" 4c57 5 100
	finish "$WORK/index"
	expect_result "an index before the kernel's" "$WORK/index" '.stats|"\(.rx_frames) \(.rx_drop_index)"' "5 5"
	expect_stats "counters" "$WORK/index"
	receiver index 1 consumer=0xfffffff0 pile=5 first=2000
	frames_to_host "$HOST_MAC" 4c57 5 100
	finish "$WORK/index"
	expect_result "one that is full already" "$WORK/index" '.stats|"\(.rx_frames) \(.rx_drop_full)"' "5 5"
	receiver index 1 consumer=0xffffffef pile=5 first=2000
	frames_to_host "$HOST_MAC" 4c57 5 100
	finish "$WORK/index"
	expect_result "and one too far behind" "$WORK/index" '.stats|"\(.rx_frames) \(.rx_drop_index)"' "5 5"
	expect_sum "of the port" h0
}

fan_out() {
	ring_port
	by_fan_out 3 60 0
	expect_eq "each ring in turn" "20 20 20 " "$OUT"
	by_fan_out 1 60 0
	expect_eq "one flow goes to one ring" "0 0 60 " "$OUT"
	if [ "$(nproc)" = 1 ]; then
		by_fan_out 2 60 0
		expect_eq "one processor, one ring" "0 0 60 " "$OUT"
	else
		by_fan_out 2 120 0 1
		expect_eq "each processor has its own" "0 60 60 " "$OUT"
	fi
}

# Many flows: each by one ring, and not all by the same.
flows() {
	local i file

	ring_ports
	keeper a fanout=1
	local a=$SPAWNED
	keeper b fanout=1
	local b=$SPAWNED
	for i in $(seq 10 25); do
		must ns peer "$RINGRAW" send p0 4c57 "$HOST_MAC" 2 100 flags=2 "src=02:00:00:00:01:$i"
	done
	wait_for "all come" 20 has_come 32
	finish "$WORK/a" "$a"
	finish "$WORK/b" "$b"
	for file in a b; do
		result "$WORK/$file" '.frames|map(.src)|group_by(.)|.[]|"\(.[0]) \(length)"'
	done >"$WORK/flows"
	expect_eq "each flow comes to one ring" 16 "$(grep -c ' 2$' "$WORK/flows")"
	expect_ok "the first has some" test "$(result "$WORK/a" .received)" -gt 0
	expect_ok "so has the other" test "$(result "$WORK/b" .received)" -gt 0
}

wakes() {
	ring_port
	receiver wake 1 first=60000
	frames_to_host "$HOST_MAC" 4c57 1 100
	finish "$WORK/wake"
	expect_result "a frame wakes who polls" "$WORK/wake" .received 1
	expect_result "which is counted" "$WORK/wake" .stats.rx_wakeups 1
	receiver lazy 1 lazy=1
	frames_to_host "$HOST_MAC" 4c57 1 100
	finish "$WORK/lazy"
	expect_result "who sleeps without poll is told, too" "$WORK/lazy" .wake 0
	receiver few 3 rx_slots=128 rx_wake_frames=64 rx_wake_usecs=200000 first=60000
	frames_to_host "$HOST_MAC" 4c57 3 100
	finish "$WORK/few"
	expect_result "too few wake when their time has come" "$WORK/few" .received 3
	receiver many 320 quiet=1 rx_slots=512 rx_wake_frames=64 rx_wake_usecs=1000000
	frames_to_host "$HOST_MAC" 4c57 320 100
	finish "$WORK/many"
	expect_result "with many at once all come" "$WORK/many" .received 320
	expect_ok "by a few wake-ups, not $(result "$WORK/many" .stats.rx_wakeups)" \
		test "$(result "$WORK/many" .stats.rx_wakeups)" -le 12
}

super_frames() {
	ring_port
	start "$WORK/whole" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 2 "$IDLE" flags=$TAKE slot_size=16384
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 10000 1000
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 500 0
	finish "$WORK/whole"
	expect_eq "a super-frame is whole" "10054 554" "$(each whole .len)"
	expect_eq "says how to cut it" "2:1:1000 2:0:0" "$(each whole '"\(.flags):\(.vnet.gso_type):\(.vnet.gso_size)"')"
	expect_eq "and how to finish its checksum" "1:34:16 1:34:16" \
		"$(each whole '.vnet|"\(.flags):\(.csum_start):\(.csum_offset)"')"
	expect_port "two frames" h0 .in.consumed 2
	start "$WORK/cut" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 12 "$IDLE" flags=$((TAKE | SEGMENT)) rx_slots=64
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 10500 1000
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 500 0
	finish "$WORK/cut"
	expect_eq "cut for who wants it so" "1054 1054 1054 1054 1054 1054 1054 1054 1054 1054 554 554" \
		"$(each cut .len)"
	expect_eq "as on the wire" 12 "$(result "$WORK/cut" '[.frames[]|select(.flags == 0 and .tcp)]|length')"
	expect_result "counted after cutting" "$WORK/cut" .stats.rx_frames 12
	expect_stats "counters" "$WORK/cut"
	expect_sum "of the port" h0
	start "$WORK/long" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 1 "$IDLE" flags=$TAKE slot_size=2048
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 10000 1000
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 500 0
	finish "$WORK/long"
	expect_result "too long for a slot" "$WORK/long" '"\(.received) \(.stats.rx_drop_length)"' "1 1"
}

# The largest that a device sends uncut, with the longest slots.
largest() {
	ring_port
	must utcp host limit set netswitch ring-memory 64m
	start "$WORK/largest" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 1 1000 flags=$TAKE slot_size=66560
	must ns peer "$FRAME" tcp p0 "$HOST_MAC" 65481 1448
	finish "$WORK/largest"
	expect_eq "64 KiB" 65535 "$(each largest .len)"
}

takes_ipv4() {
	ring_port
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	expect_ok "the stack answers" ns peer ping -q -c 1 -W 5 10.9.0.1
	start "$WORK/ip" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 1000 60000 flags=$TAKE
	expect_fail "IPv4 is taken from it" ns peer ping -q -c 2 -i 0.1 -W 1 10.9.0.1
	must kill -KILL "$SPAWNED"
	wait_for "given back when the owner dies" 10 ns peer ping -q -c 1 -W 1 10.9.0.1
}

# What a host sends to a group that it is in itself comes back to it by the device,
# without a header.
own_group() {
	ring_port
	addr host h0 10.9.0.1/24
	start "$WORK/ip" "${IN_HOST[@]}" "$RINGRAW" recv h0 800 1 "$IDLE" flags=$TAKE first=3000
	ns host ping -q -c 3 -i 0.1 -W 1 -I h0 224.0.0.1 >"$WORK/ping" 2>&1
	expect_match "three were sent" "^3 packets transmitted" "$(cat "$WORK/ping")"
	wait_for "they came back" 10 has_come 3
	finish "$WORK/ip"
	expect_result "a ring does not get them" "$WORK/ip" .stats.rx_frames 0
	expect_port "they pass" h0 .in.copied 0
}

others_see() {
	local tap

	ring_port
	kernel_has nf_tables
	ns host nft -f - <<-'END'
		table netdev t {
			chain in {
				type filter hook ingress device h0 priority 0;
				ether type 0x4c57 counter
			}
		}
	END
	spawn "$WORK/tap" ns host "$FRAME" count h0 4c57 1000
	wait_for "the tap is there" 10 grep -q ready "$WORK/tap"
	tap=$(($(wc -l <"$WORK/tap") + 1))
	receiver ring 7
	frames_to_host "$HOST_MAC" 4c57 7 100
	finish "$WORK/ring"
	expect_result "the ring has them" "$WORK/ring" .received 7
	wait_for "a tap sees them" 10 sh -c "sed -n ${tap}p '$WORK/tap' | grep -qx 7"
	expect_match "so does nft" "counter packets 7 " "$(ns host nft list table netdev t)"
	must ns host nft flush chain netdev t in
	must ns host nft add rule netdev t in ether type 0x4c57 drop
	receiver dropped 1 first=1000
	frames_to_host "$HOST_MAC" 4c57 7 100
	finish "$WORK/dropped"
	expect_result "what nft drops does not come" "$WORK/dropped" .stats.rx_frames 0
}

stages() {
	ring_port
	test_module
	must utcp host port set h0 demux policy
	must control host stage load acl
	must control host stage set acl "$INDEX" drop 4c57 0
	receiver refused 1 first=1000
	frames_to_host "$HOST_MAC" 4c57 5 100
	finish "$WORK/refused"
	expect_result "what a policy drops does not come" "$WORK/refused" .stats.rx_frames 0
	expect_port "it is the policy's drop" h0 .in.drops.acl 5
	must control host stage clear acl "$INDEX"
	receiver again 5
	frames_to_host "$HOST_MAC" 4c57 5 100
	finish "$WORK/again"
	expect_result "without it they come" "$WORK/again" .received 5
}

run_tests \
	pattern "what comes is what was sent" \
	descriptors "what descriptors tell" \
	vlans "VLANs" \
	groups "frames to groups" \
	promiscuous "frames for other stations" \
	full "a ring that is full" \
	shown "counters of a ring are shown" \
	short_slots "frames longer than a slot" \
	no_index "indexes of the process" \
	fan_out "one EtherType, several rings" \
	flows "many flows" \
	wakes "waking up" \
	super_frames "super-frames and unfinished checksums" \
	largest "the largest frame" \
	takes_ipv4 "IPv4 is taken from the stack and given back" \
	own_group "what the host says to its own groups" \
	others_see "taps and nft" \
	stages "policies"
