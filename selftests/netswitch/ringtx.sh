#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: sending.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

SPOOF=2
TAKE=4
# enum netswitch_desc_flags
VLAN=1
VNET=2
GROUP=4

# sends LABEL WANT COUNT LEN [NAME=VALUE...] - from the host; what of the counters of
# sending is not 0 afterwards, but for the bytes and most used
sends() {
	local label=$1 want=$2 count=$3 len=$4

	shift 4
	expect_ok "$label" raw send h0 4c57 "$PEER_MAC" "$count" "$len" "$@"
	printf '%s\n' "$OUT" >"$WORK/sends"
	# The first two words, then why the others were dropped.
	expect_eq "$label: counters" "$want" "$(result "$WORK/sends" '.stats|
		[to_entries[]|select((.key|startswith("tx_")) and .value > 0 and
			(.key|IN("tx_bytes", "tx_max_used")|not))]|
		sort_by([.key != "tx_frames", .key != "tx_sent", .key])|
		map("\(.key[3:])=\(.value)")|join(" ")')"
	expect_stats "$label" "$WORK/sends"
}

# at_peer FILE TYPE COUNT [NAME=VALUE...] - a ring there
at_peer() {
	local file=$1 type=$2 count=$3

	shift 3
	start "$WORK/$file" "${IN_PEER[@]}" "$RINGRAW" recv p0 "$type" "$count" $((5000 * SLOW)) "$@"
}

each() {
	result "$WORK/$1" "[.frames[]|$2|tostring]|join(\" \")"
}

delivered() {
	ring_ports
	# What goes out is counted with policy only.
	must utcp host port set h0 demux policy
	at_peer got 4c57 300 quiet=1 first=60000 rx_slots=512
	sends "more than there are slots" "frames=300 sent=300" 300 100
	expect_eq "all were taken" "300 ok" "$(result "$WORK/sends" '"\(.kicked) \(.error)"')"
	expect_eq "their bytes" 30000 "$(result "$WORK/sends" .stats.tx_bytes)"
	expect_ok "in batches" test "$(result "$WORK/sends" .stats.tx_max_used)" -gt 1
	expect_eq "the kernel wants to be told" 1 "$(result "$WORK/sends" .wake)"
	finish "$WORK/got"
	expect_result "and came" "$WORK/got" '"\(.received) \(.bad)"' "300 0"
	expect_port "by the port" h0 .out.pass 300
	expect_sum "counters" h0
}

contents() {
	local len

	ring_ports
	at_peer got 4c57 6
	for len in 60 128 255 256 257 1514; do
		sends "$len bytes" "frames=1 sent=1" 1 $len
	done
	finish "$WORK/got"
	expect_eq "lengths" "60 128 255 256 257 1514" "$(each got .len)"
	expect_eq "contents" "true true true true true true" "$(each got .even)"
	expect_eq "from whom" "$HOST_MAC" "$(result "$WORK/got" '[.frames[].src]|unique|join(" ")')"
	at_peer got 4c57 1
	sends "not from the slot's beginning" "frames=1 sent=1" 1 100 offset=33
	finish "$WORK/got"
	expect_eq "is the same" "100 true $HOST_MAC" "$(each got '"\(.len) \(.even) \(.src)"')"
}

refused() {
	ring_ports
	must utcp peer port del p0
	spawn "$WORK/tap" ns peer "$FRAME" count p0 4c58 1000
	wait_for "a tap is there" 10 grep -q ready "$WORK/tap"
	sends "another type" "frames=3 drop_type=3" 3 100 type=4c58
	sends "a length for a type" "frames=1 drop_type=1" 1 100 type=0040
	sends "a tag in the frame" "frames=1 drop_type=1" 1 100 type=8100
	sends "a foreign source" "frames=3 drop_source=3" 3 100 src=02:00:00:00:00:99
	sends "a group as source" "frames=1 drop_source=1" 1 100 src=ff:ff:ff:ff:ff:ff
	sends "unless it may spoof" "frames=3 sent=3" 3 100 src=02:00:00:00:00:99 flags=$SPOOF
	sends "but not another type" "frames=1 drop_type=1" 1 100 type=4c58 flags=$SPOOF
	sends "nothing" "frames=1 drop_length=1" 1 0
	sends "no whole header" "frames=1 drop_length=1" 1 13
	sends "longer than the MTU" "frames=1 drop_length=1" 1 1515
	sends "longer than a slot" "frames=1 drop_length=1" 1 200 slot_size=128
	sends "beyond the slot" "frames=1 drop_length=1" 1 100 slot_size=128 offset=29
	sends "to its very end" "frames=1 sent=1" 1 100 slot_size=128 offset=28
	sends "far beyond" "frames=1 drop_length=1" 1 100 offset=0xfffffff0
	sends "unknown flags" "frames=1 drop_meta=1" 1 100 desc_flags=0x80000000
	sends "flags of receiving" "frames=1 drop_meta=1" 1 100 desc_flags=$GROUP
	sends "an unknown kind of super-frame" "frames=1 drop_meta=1" 1 100 desc_flags=$VNET gso_type=77
	sends "pieces without a size" "frames=1 drop_meta=1" 1 100 desc_flags=$VNET gso_type=1
	must ip -n host link set h0 mtu 1000
	sends "longer than a smaller MTU" "frames=1 drop_length=1" 1 1015
	sends "just so long" "frames=1 sent=1" 1 1014
	must ip -n host link set h0 down
	sends "the device is down" "frames=5 drop_down=5" 5 100
	expect_eq "nothing of that came out" ready "$(grep -v '^0$' "$WORK/tap")"
}

offload() {
	local start

	ring_ports
	expect_ok "a checksum outside of the frame" raw send h0 800 "$PEER_MAC" 1 500 flags=$TAKE mss=0 csum_start=600
	printf '%s\n' "$OUT" >"$WORK/sum"
	expect_result "makes no sense" "$WORK/sum" '.stats|"\(.tx_sent) \(.tx_drop_meta)"' "0 1"
	# It would be written over the type, addresses or ports that were judged before.
	for start in 0 6 20 33 35; do
		expect_ok "a checksum from byte $start on" raw send h0 800 "$PEER_MAC" 1 500 flags=$TAKE \
			mss=0 csum_start=$start
		printf '%s\n' "$OUT" >"$WORK/sum"
		expect_result "is none of TCP's" "$WORK/sum" '.stats|"\(.tx_sent) \(.tx_drop_meta)"' "0 1"
	done
	at_peer cut 800 9 flags=$((TAKE | 8)) rx_slots=64
	expect_ok "a checksum to be finished" raw send h0 800 "$PEER_MAC" 1 554 flags=$TAKE mss=0
	expect_ok "a super-frame" raw send h0 800 "$PEER_MAC" 1 8054 flags=$TAKE slot_size=16384 mss=1000
	finish "$WORK/cut"
	expect_eq "are finished and cut at the other side" "554 1054 1054 1054 1054 1054 1054 1054 1054" \
		"$(each cut .len)"
	expect_result "with checksums that are right" "$WORK/cut" '[.frames[]|select(.tcp)]|length' 9
}

indexes() {
	ring_port
	sends "an index beyond the ring" "bad_index=1" 1 100 index=17
	expect_eq "is refused" EINVAL "$(result "$WORK/sends" .error)"
	sends "an index that went back" "bad_index=1" 1 100 index=0xffffffff
	expect_eq "is refused, too" EINVAL "$(result "$WORK/sends" .error)"
	sends "a full ring" "frames=16 sent=16" 16 100
	expect_eq "is none" 16 "$(result "$WORK/sends" .stats.tx_max_used)"
	expect_eq "no ring for sending" EOPNOTSUPP "$(raw kick h0 4c57 tx_slots=0)"
}

vlans() {
	local tci=$((5 << 13 | 5))

	ring_ports
	at_peer none 4c57 2
	at_peer seven 4c57 2 vid=7
	sends "without a tag" "frames=1 sent=1" 1 100
	sends "a priority alone" "frames=1 sent=1" 1 100 desc_flags=$VLAN vlan_tci=$tci
	sends "with one's VLAN" "frames=1 sent=1" 1 1514 vid=7
	sends "and a priority" "frames=1 sent=1" 1 100 vid=7 desc_flags=$VLAN vlan_tci=$tci
	finish "$WORK/none"
	finish "$WORK/seven"
	expect_eq "tags" "0000:0 8100:$((5 << 13))" "$(each none '"\(.vlan_proto):\(.vlan_tci)"')"
	expect_eq "of the VLAN, whatever the descriptor says" "8100:7 8100:$((5 << 13 | 7))" \
		"$(each seven '"\(.vlan_proto):\(.vlan_tci)"')"
	expect_eq "all of it came" "1514 100" "$(each seven .len)"
}

nft_drops() {
	ring_port
	kernel_has nf_tables
	ns host nft -f - <<-'END'
		table netdev t {
			chain out {
				type filter hook egress device h0 priority 0;
				ether type 0x4c57 counter
			}
		}
	END
	sends "nft lets pass" "frames=4 sent=4" 4 100
	expect_match "what it has seen" "counter packets 4 " "$(ns host nft list table netdev t)"
	must ns host nft add rule netdev t out ether type 0x4c57 drop
	sends "nft drops" "frames=4 drop_refused=4" 4 100
}

stages() {
	ring_port
	test_module
	must utcp host port set h0 demux policy
	must control host stage load acl
	must control host stage set acl "$INDEX" drop 4c57 0
	sends "a policy drops" "frames=4 drop_refused=4" 4 100
	expect_port "which it counts" h0 .out.drops.acl 4
	expect_sum "counters" h0
	must control host stage clear acl "$INDEX"
	sends "without it they go" "frames=4 sent=4" 4 100
}

taps_see() {
	ring_ports
	start "$WORK/echo" "${IN_PEER[@]}" "$RINGTOOL" -R -q $((30 * SLOW)) echo p0 4c57 5
	spawn "$WORK/tcpdump" "${IN_HOST[@]}" tcpdump -i h0 -nn -e -l -c 10 ether proto 0x4c57
	wait_for "tcpdump listens" 20 grep -q 'listening on' "$WORK/tcpdump"
	expect_ok "frames go and come" "${IN_HOST[@]}" "$RINGTOOL" ping h0 4c57 "$PEER_MAC" 5 100
	wait_for "tcpdump ends" 20 grep -q '10 packets captured' "$WORK/tcpdump"
	expect_eq "it saw those sent" 5 "$(grep -c "$HOST_MAC > $PEER_MAC, ethertype Unknown (0x4c57), length 100" "$WORK/tcpdump")"
	expect_eq "and those received" 5 "$(grep -c "$PEER_MAC > $HOST_MAC, ethertype Unknown (0x4c57), length 100" "$WORK/tcpdump")"
}

# A slow device: who sends waits, and nothing is lost.
back_pressure() {
	ring_ports
	must tc -n host qdisc replace dev h0 root tbf rate 8mbit burst 3000 limit 10000000
	at_peer raw 4c57 300 quiet=1 rx_slots=512
	expect_ok "300 frames by a slow device, by hand" raw send h0 4c57 "$PEER_MAC" 300 1514
	printf '%s\n' "$OUT" >"$WORK/byhand"
	expect_result "all taken" "$WORK/byhand" '"\(.kicked) \(.stats.tx_drop_refused)"' "300 0"
	finish "$WORK/raw"
	expect_result "all come" "$WORK/raw" .received 300
	# The queue is emptied by one processor or the other, so not all come in order.
	start "$WORK/got" "${IN_PEER[@]}" "$RINGTOOL" -R sink p0 4c57 300
	expect_ok "300 frames by a slow device" "${IN_HOST[@]}" "$RINGTOOL" -t 16 source h0 4c57 "$PEER_MAC" 300 1514
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_result "all sent" "$WORK/sent" '"\(.sent) \(.stats.tx_sent) \(.stats.tx_drop_refused)"' "300 300 0"
	finish "$WORK/got"
	expect_result "all come" "$WORK/got" '"\(.received) \(.bad)"' "300 0"
	wait_for "the queue runs empty" 20 sh -c "
		tc -n host -s -j qdisc show dev h0 root | gojq -e '.[0].backlog == 0'"
	must tc -n host qdisc replace dev h0 root tbf rate 8kbit burst 3000 limit 3028
	expect_ok "a queue that is full" raw send h0 4c57 "$PEER_MAC" 8 1514
	printf '%s\n' "$OUT" >"$WORK/full"
	expect_result "drops the rest, which is counted" "$WORK/full" \
		'.stats|.tx_drop_refused > 0 and .tx_drop_refused + .tx_sent == 8' true
}

round_trips() {
	local i=0 len

	ring_ports
	for len in 60 1514; do
		start "$WORK/echo" "${IN_PEER[@]}" "$RINGTOOL" -R echo p0 4c57 100
		expect_ok "100 frames of $len" "${IN_HOST[@]}" "$RINGTOOL" ping h0 4c57 "$PEER_MAC" 100 $len
		expect_eq "come back" 100 "$(gojq .answers <<<"$OUT")"
		finish "$WORK/echo"
		expect_stats "the other's counters" "$WORK/echo"
		wait_for "it ends" 10 no_ring peer
	done
	for i in 0 1; do
		start "$WORK/echo$i" "${IN_PEER[@]}" "$RINGTOOL" -R -q 10 echo p0 "4c5$((7 + i))" 200
		spawn "$WORK/ping$i" "${IN_HOST[@]}" "$RINGTOOL" ping h0 "4c5$((7 + i))" "$PEER_MAC" 200 100
	done
	for i in 0 1; do
		finish "$WORK/ping$i"
		expect_result "two rings at once: $i" "$WORK/ping$i" .answers 200
	done
}

run_tests \
	delivered "what is sent arrives" \
	contents "as it was" \
	refused "what is refused is counted, by reason" \
	offload "unfinished checksums and super-frames" \
	indexes "indexes" \
	vlans "VLANs" \
	nft_drops "nft at the way out" \
	stages "policies" \
	taps_see "taps" \
	back_pressure "a device that is slower" \
	round_trips "round trips between rings"
