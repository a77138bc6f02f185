#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: sending without a copy. A bridge over the veth pair takes frames as they
# are; it is the veth behind it that copies them.
#
#	ROUNDS		how often an owner is killed (default: 5)
#	MUTATIONS	random values written over the shared memory (default: 100000);
#			a tenth of that here
#	SEED		of these
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

ROUNDS=${ROUNDS:-5}
MUTATIONS=$((${MUTATIONS:-100000} / 10))
SEED=${SEED:-$RANDOM}
ZEROCOPY=32
TAKE=4
# enum netswitch_ring_mode
NONE=0
COPY=1
ZC=2
# Frames of the long kind, in slots that lie across pages.
LONG=5000
SLOTS=("flags=$ZEROCOPY" tx_slots=8 slot_size=5120)

# bridged - b0 over h0 is a port, and p0 behind it
bridged() {
	topology
	kernel_has bridge
	must ip -n host link set h0 mtu 9000
	must ip -n peer link set p0 mtu 9000
	# It would join a group, and say so.
	must ip -n host link add b0 type bridge forward_delay 0 mcast_snooping 0
	must ip -n host link set h0 master b0
	must ip -n host link set b0 up
	must utcp host port add b0 demux
	must utcp peer port add p0 demux
}

# slow DELAY... - what leaves by the bridge stays in its queue for so long
slow() {
	kernel_has sch_netem
	netem host b0 delay "$@" limit 10000
}

# mode LABEL WANT DEV [OPTION...] - how a ring with these options sends
mode() {
	local label=$1 want=$2 dev=$3

	shift 3
	expect_ok "$label" ns host "$RINGTOOL" "$@" info "$dev" 4c57
	expect_eq "$label: mode" "$want" "$(gojq .tx_mode <<<"$OUT")"
}

modes() {
	bridged
	kernel_has dummy tun
	must ip -n host link add d0 up type dummy
	must ip -n host tuntap add t0 mode tap
	must ip -n host link set lo up
	must ip -n host link set t0 up
	for dev in h0 d0 t0 lo; do
		must utcp host port add $dev demux
	done
	mode "who asks" $ZC b0 -z
	mode "who does not" $COPY b0
	mode "who does not send" $NONE b0 -t 0
	mode "a device that drops" $ZC d0 -z
	mode "one that copies anyway: a veth" $COPY h0 -z
	mode "a tap" $COPY t0 -z
	mode "and the loopback" $COPY lo -z
	start "$WORK/hold" "${IN_HOST[@]}" "$RINGTOOL" -R -z hold b0 4c57
	expect_eq "it is shown" "zerocopy zerocopy" "$(ring_value '|"\(."tx-mode") \(.flags|join(" "))"')"
	must ns host ethtool -K b0 tx-scatter-gather off
	expect_eq "the device cannot any more" copy "$(ring_value '."tx-mode"')"
	must ns host ethtool -K b0 tx-scatter-gather on
	expect_eq "and can again" zerocopy "$(ring_value '."tx-mode"')"
}

# zc FILE - how many frames were not copied, and how many were later
zc() {
	result "$1" '.stats|"\(.tx_zerocopy) \(.tx_copied) \(.tx_held)"'
}

contents() {
	local len want lens=(60 256 257 1514 2047 2048 2049 4096 9014)

	bridged
	start "$WORK/got" "${IN_PEER[@]}" "$RINGTOOL" -R -q $((30 * SLOW)) -S 9216 verify p0 4c57 $((20 * ${#lens[@]}))
	for len in "${lens[@]}"; do
		want="0 0 0"
		[ "$len" -lt 2048 ] || want="20 20 0"
		expect_ok "$len bytes" ns host "$RINGTOOL" -z -S 9216 -t 8 source b0 4c57 "$PEER_MAC" 20 "$len"
		printf '%s\n' "$OUT" >"$WORK/sent"
		expect_eq "$len bytes: which were not copied" "$want" "$(zc "$WORK/sent")"
	done
	finish "$WORK/got"
	expect_result "all came as they were sent" "$WORK/got" '"\(.received) \(.bad) \(.gaps)"' \
		"$((20 * ${#lens[@]})) 0 0"
}

super_frames() {
	local i

	bridged
	start "$WORK/got" "${IN_PEER[@]}" "$RINGRAW" recv p0 800 34 $((5000 * SLOW)) \
		flags=$((TAKE | 8)) rx_slots=64 slot_size=9216
	for i in on off; do
		must ns host ethtool -K h0 tx $i tso $i
		expect_ok "offload $i" raw send b0 800 "$PEER_MAC" 1 64054 mss=8000 \
			flags=$((TAKE | ZEROCOPY)) slot_size=66560
		expect_ok "a longest one, offload $i" raw send b0 800 "$PEER_MAC" 1 65054 mss=8000 offset=1500 \
			flags=$((TAKE | ZEROCOPY)) slot_size=66560
		printf '%s\n' "$OUT" >"$WORK/sent"
		expect_eq "is not copied by the ring" "1 1 0" "$(zc "$WORK/sent")"
	done
	finish "$WORK/got"
	expect_result "with checksums that are right" "$WORK/got" '[.frames[]|select(.tcp)]|length' 34
}

# flight LABEL BACK ROOM COUNT LEN ARGS... - at once BACK slots are back, and there is
# ROOM; later all are
flight() {
	local label=$1 back=$2 room=$3 count=$4

	shift 3
	expect_ok "$label" raw flight b0 4c57 "$PEER_MAC" "$@"
	printf '%s\n' "$OUT" >"$WORK/flight"
	expect_eq "$label: at once" "$count $back $room" \
		"$(sed -n 2p "$WORK/flight" | gojq -r '"\(.kicked) \(.back) \(.room)"')"
	expect_result "$label: in the end" "$WORK/flight" '"\(.back) \(.forward) \(.woken) \(.stats.tx_held)"' \
		"$count true $([ "$room" = true ] && echo false || echo true) 0"
}

given_back() {
	bridged
	slow $((1 * SLOW))s
	flight "who copies has his slots at once" 8 true 8 $LONG "${SLOTS[@]}" flags=0
	flight "who does not, when they have left" 0 false 8 $LONG "${SLOTS[@]}"
	flight "short ones at once" 8 true 8 100 "${SLOTS[@]}"
	flight "but not past a long one" 0 false 8 $LONG other=100 "${SLOTS[@]}"
	flight "up to the first" 1 true 8 100 other=$LONG "${SLOTS[@]}"
	flight "while there are others, frames go" 0 true 7 $LONG "${SLOTS[@]}"
	must tc -n host qdisc replace dev b0 root netem limit 3 delay $((1 * SLOW))s
	expect_ok "what the queue drops is back at once" raw flight b0 4c57 "$PEER_MAC" 8 $LONG "${SLOTS[@]}"
	printf '%s\n' "$OUT" >"$WORK/flight"
	expect_result "and counted" "$WORK/flight" '.stats|"\(.tx_sent) \(.tx_drop_refused) \(.tx_zerocopy)"' "3 5 8"
}

# Were a slot given back too early, the next frame would be in it before the last one
# has left.
not_reused() {
	bridged
	slow 60ms 50ms
	start "$WORK/got" "${IN_PEER[@]}" "$RINGTOOL" -R -O -r 512 -S 6144 verify p0 4c57 300
	expect_ok "300 frames through 16 slots" ns host "$RINGTOOL" -z -t 16 -S 6144 source b0 4c57 "$PEER_MAC" 300 $LONG
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_result "all sent, none copied" "$WORK/sent" '.stats|"\(.tx_sent) \(.tx_zerocopy)"' "300 300"
	finish "$WORK/got"
	expect_result "all come, in any order, as they were" "$WORK/got" '"\(.received) \(.bad)"' "300 0"
}

taps_see() {
	bridged
	kernel_has dummy
	must ip -n host link add d0 mtu 9000 up type dummy
	must utcp host port add d0 demux
	expect_ok "without a tap" raw send d0 4c57 "$PEER_MAC" 5 $LONG "${SLOTS[@]}"
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_eq "nobody copies" "5 0 0" "$(zc "$WORK/sent")"
	spawn "$WORK/log" "${IN_HOST[@]}" tcpdump -i d0 -s 0 -U -w "$WORK/frames" -c 5 ether proto 0x4c57
	wait_for "tcpdump listens" 20 grep -q 'listening on' "$WORK/log"
	expect_ok "with one" raw send d0 4c57 "$PEER_MAC" 5 $LONG "${SLOTS[@]}"
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_eq "each is copied for it" "5 5 0" "$(zc "$WORK/sent")"
	wait_for "it has seen them" 20 grep -q '5 packets captured' "$WORK/log"
	# 14 bytes of header, and 0x5a
	expect_eq "to the last byte" $((5 * (LONG - 14))) \
		"$(tail -c +25 "$WORK/frames" | tr -cd '\132' | wc -c)"
}

# What is judged cannot be reached; what lies behind is the sender's.
hostile() {
	local mark where

	mark=$(dmesg_mark)
	bridged
	kernel_has nf_tables
	for where in "host egress b0" "peer ingress p0"; do
		# shellcheck disable=SC2086 # three words
		set -- $where
		ns "$1" nft -f - <<-END
			table netdev t {
				chain c {
					type filter hook $2 device $3 priority 0;
					ether type 0x4c57 ether saddr $HOST_MAC counter
					ether type 0x4c57 ether saddr != $HOST_MAC counter comment "source"
					ether type 0x4c58 counter comment "type"
				}
			}
		END
	done
	expect_ok "heads and tails change while they are sent" \
		ns host "$HOSTILE" -z heads b0 4c57 "$PEER_MAC" 3000 4c58
	printf '%s\n' "$OUT" >"$WORK/heads"
	expect_result "some went out" "$WORK/heads" '.sent > 0' true
	for where in host peer; do
		OUT=$(ns $where nft list table netdev t)
		expect_match "none of another type at the $where" 'counter packets 0 .*"type"' "$OUT"
		expect_match "nor of another source" 'counter packets 0 .*"source"' "$OUT"
		expect_match "but all the others" "counter packets $(result "$WORK/heads" .sent) " "$OUT"
	done
	note "seed $SEED"
	expect_ok "random words over a whole ring" \
		ns host "$HOSTILE" -z words b0 4c57 "$PEER_MAC" "$MUTATIONS" "$SEED"
	expect_no_match "the counters are right" "^wrong" "$OUT"
	wait_for "no ring is left" 10 no_ring host
	expect_sum "counters" b0
	expect_quiet "the kernel does not complain" "$mark"
	wait_for "the module can go" 10 rmmod netswitch
}

# in_queue - frames are
in_queue() {
	[ "$(tc -n host -s -j qdisc show dev b0 root | gojq '.[0].qlen')" -ge 8 ]
}

# Frames whose owner is no more: what becomes of them, and of the module.
orphaned() {
	local mark end

	mark=$(dmesg_mark)
	bridged
	slow $((5 * SLOW))s
	for end in leave device; do
		start "$WORK/got" "${IN_PEER[@]}" "$RINGRAW" recv p0 4c57 8 1000 slot_size=6144
		spawn "$WORK/$end" "${IN_HOST[@]}" "$RINGRAW" flight b0 4c57 "$PEER_MAC" 8 $LONG "${SLOTS[@]}"
		wait_for "frames are in the queue" 20 in_queue
		must kill -KILL "$SPAWNED"
		wait_for "the owner is killed" 10 no_ring host
		expect_bind "its type is free" b0 4c57
		if [ $end = leave ]; then
			finish "$WORK/got"
			expect_result "they leave as they were" "$WORK/got" \
				'"\(.received) \([.frames[]|select(.even)]|length)"' "8 8"
		else
			must utcp host port del b0
			must utcp peer port del p0
			expect_fail_with "the module stays as long as they do" "in use" rmmod netswitch
			must ip -n host link del b0
		fi
	done
	wait_for "the module can go" 10 rmmod netswitch
	expect_quiet "nothing is said" "$mark"
}

# free_kib - as if nothing was cached; with the pages that processors keep at hand,
# which may be more than what is looked for here
free_kib() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "MemAvailable:" { n += $2 } $1 == "count:" { n += 4 * $2 } END { print n }' \
		/proc/meminfo /proc/zoneinfo
}

killed() {
	local i mark before lost

	mark=$(dmesg_mark)
	bridged
	slow 5ms
	before=$(free_kib)
	for ((i = 0; i < ROUNDS; i++)); do
		spawn "$WORK/source" "${IN_HOST[@]}" "$RINGTOOL" -z -r 0 -t 512 -S 8192 source b0 4c57 \
			"$PEER_MAC" 1000000000 $LONG
		wait_for "frames go" 20 sh -c "
			'$UTCPCTL' -n host -j -s ring show | gojq -e '.[0].tx.zerocopy > 1000'" || break
		kill -KILL "$SPAWNED"
		wait "$SPAWNED" 2>/dev/null
		expect_ok "no ring is left ($i)" no_ring host
	done
	wait_for "the queue runs empty" 20 sh -c "
		tc -n host -s -j qdisc show dev b0 root | gojq -e '.[0].qlen == 0'"
	# Each ring had 4 MiB, and used all of them.
	lost=$((before - $(free_kib)))
	note "$lost KiB less than before"
	expect_ok "no page is lost" test "$lost" -lt $((ROUNDS * 4096 / 4))
	expect_sum "counters" b0
	expect_quiet "nothing is said" "$mark"
	wait_for "the module can go" 10 rmmod netswitch
}

run_tests \
	modes "when frames are not copied" \
	contents "frames as they were" \
	super_frames "super-frames" \
	given_back "slots are given back when their frames have left, in order" \
	not_reused "and not before" \
	taps_see "taps" \
	hostile "owners that change what they have sent" \
	orphaned "the owner is killed while its frames are queued" \
	killed "the owner is killed under traffic"
