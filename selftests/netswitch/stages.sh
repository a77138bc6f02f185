#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Stages: refusing, holding and resuming frames.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"

# a port on the host with its index in $INDEX, both ends with addresses
port() {
	topology
	test_module
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	must utcp host port add h0 demux policy
	INDEX=$(ifindex host h0)
	must ns peer ping -q -c 1 -W 5 10.9.0.1
}

# held - how many frames, both directions
held() {
	port_value host h0 '|.in.held + .out.held'
}

drops() {
	local stage

	port
	for stage in acl shaper; do
		must control host stage load "$stage"
		must control host stage set "$stage" "$INDEX" drop 88b5 0
		frames_to_host "$HOST_MAC" 88b5 4 100
		expect_port "$stage drops what comes in" h0 ".in.drops.$stage" 4
		must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 3 100
		expect_port "and what goes out" h0 ".out.drops.$stage" 3
		expect_ok "and no other type" ns peer ping -q -c 1 -W 5 10.9.0.1
		must control host stage clear "$stage" "$INDEX"
		frames_to_host "$HOST_MAC" 88b5 4 100
		expect_port "and nothing when it is cleared" h0 ".in.drops.$stage" 4
	done
	expect_sum "counters" h0
}

order() {
	port
	must control host stage load acl
	must control host stage load shaper
	must control host stage set shaper "$INDEX" drop 88b5 0
	must control host stage set acl "$INDEX" drop 88b5 0
	frames_to_host "$HOST_MAC" 88b5 5 100
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 5 100
	expect_port "access lists are asked first, in" h0 '.in.drops|"\(.acl) \(.shaper)"' "5 null"
	expect_port "and out" h0 '.out.drops|"\(.acl) \(.shaper)"' "5 null"
}

before_the_consumer() {
	port
	must control host stage load acl
	must control host stage set acl "$INDEX" drop 88b5 0
	must control host consumer add "$INDEX" 88b5 0 take
	frames_to_host "$HOST_MAC" 88b5 5 100
	expect_port "a stage's drop is final" h0 .in.consumed 0
	must control host stage clear acl "$INDEX"
	must control host stage load shaper
	must control host stage set shaper "$INDEX" hold 88b5 50
	frames_to_host "$HOST_MAC" 88b5 5 100
	wait_for "what was held goes to the consumer" 10 \
		sh -c "'$UTCPCTL' -n host -j -s port show h0 | gojq -e '.[0].in.consumed == 5 and .[0].in.held == 0'"
	expect_sum "counters" h0
}

# Each of these sees each frame once: a tap, tc, nft, and the other stage.
exactly_once() {
	local n=30

	port
	kernel_has nf_tables act_gact cls_matchall sch_ingress
	must control host stage load acl
	must control host stage load shaper
	must control host stage set acl "$INDEX" pass 800 0
	must control host stage set shaper "$INDEX" hold 800 20
	must ns host nft -f - <<-'END'
		table netdev t {
			counter seen-in { }
			counter seen-out { }
			chain in { type filter hook ingress device h0 priority 0; ether type ip counter name seen-in; }
			chain out { type filter hook egress device h0 priority 0; ether type ip counter name seen-out; }
		}
	END
	must tc -n host qdisc add dev h0 clsact
	must tc -n host filter add dev h0 ingress protocol ip matchall action gact pass
	must tc -n host filter add dev h0 egress protocol ip matchall action gact pass
	spawn "$WORK/tap" ns host "$FRAME" count h0 800 3000
	wait_for "the tap is there" 10 grep -q ready "$WORK/tap"
	expect_ok "frames go on after they were held" ns peer ping -q -c "$n" -i 0.01 -W 10 10.9.0.1
	expect_match "all of them" "$n received" "$OUT"
	expect_no_match "none twice" duplicates "$OUT"
	for dir in in out; do
		expect_eq "nft, $dir" "$n" "$(ns host nft -j list counter netdev t "seen-$dir" |
			gojq '.nftables[]|select(.counter)|.counter.packets')"
	done
	for dir in ingress egress; do
		expect_eq "tc, $dir" "$n" "$(tc -n host -s -j filter show dev h0 "$dir" |
			gojq '[.[]|.options.actions[]?.stats.packets]|add')"
	done
	wait_for "the tap, in" 20 grep -qx "$n" "$WORK/tap"
	expect_eq "none is left" 0 "$(held)"
	expect_sum "counters" h0
}

in_order() {
	local got

	port
	must control host stage load shaper
	must control host stage set shaper "$INDEX" hold 88b5 100
	spawn "$WORK/dump" ns peer tcpdump -i p0 -Q in -nn -l -x -c 200 ether proto 0x88b5
	wait_for "tcpdump is there" 20 grep -q listening "$WORK/dump"
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 200 46
	wait_for "all have come" 20 grep -q "200 packets captured" "$WORK/dump"
	got=$(sed -n 's/^.*0x0000:  \(..\).*/\1/p' "$WORK/dump" | tr -d '\n')
	expect_eq "in the order in which they were sent" \
		"$(for i in $(seq 0 199); do printf %02x "$i"; done)" "$got"
}

# holds LABEL - ten frames are held, for long
holds() {
	must control host stage set shaper "$INDEX" hold 88b5 100000
	frames_to_host "$HOST_MAC" 88b5 6 100
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 4 100
	expect_eq "$1: frames are held" 10 "$(held)"
}

flushed() {
	port
	must control host stage load shaper
	holds "before the device goes down"
	must ip -n host link set h0 down
	expect_port "down: dropped, in" h0 .in.drops.flushed 6
	expect_port "and out" h0 .out.drops.flushed 4
	expect_eq "none is held" 0 "$(held)"
	must ip -n host link set h0 up
	must control host stage clear shaper "$INDEX"
	holds "before the flag goes"
	must utcp host port set h0 demux
	expect_eq "no policy: dropped" 20 "$(port_value host h0 '|.in.drops.flushed + .out.drops.flushed')"
	expect_eq "none is held" 0 "$(held)"
	must utcp host port set h0 demux policy
	holds "before the stage goes"
	must control host stage unload shaper
	expect_eq "no stage: dropped" 30 "$(port_value host h0 '|.in.drops.flushed + .out.drops.flushed')"
	expect_eq "none is held" 0 "$(held)"
	expect_sum "counters" h0
	must control host stage load shaper
	holds "before the port goes"
	expect_eq "its last counters say so" 40 "$(utcp host -j -s port del h0 |
		gojq '.in.drops.flushed + .out.drops.flushed')"
	must utcp host port add h0 policy
	holds "before the device goes"
	expect_ok "the device goes" ip -n host link del h0
}

needs_the_flag() {
	port
	must control host stage load acl
	must utcp host port set h0 demux
	expect_fail_with "no stage without the flag" "not supported" \
		control host stage set acl "$INDEX" drop 88b5 0
	must utcp host port set h0 policy
	must control host stage set acl "$INDEX" drop 88b5 0
	expect_fail_with "not twice" busy control host stage set acl "$INDEX" drop 88b5 0
}

drop_is_told() {
	local trace=/sys/kernel/tracing

	port
	must control host stage load acl
	must control host stage set acl "$INDEX" drop 88b5 0
	[ -d "$trace/events/netswitch" ] || skip_test "this kernel has no tracefs mounted"
	must sh -c "echo 1 >$trace/events/netswitch/enable"
	defer sh -c "echo 0 >$trace/events/netswitch/enable; echo >$trace/trace"
	frames_to_host "$HOST_MAC" 88b5 1 100
	expect_match "the tracepoint tells who dropped what" \
		"netswitch_drop: .*ifindex=$INDEX dir=in protocol=0x88b5 .*reason=acl" "$(<"$trace/trace")"
	must sh -c "echo 0 >$trace/events/netswitch/enable"
}

under_load() {
	local i mark

	port
	mark=$(dmesg_mark)
	must control host stage load acl
	must control host stage load shaper
	spawn "$WORK/in" ns peer nice -n 19 "$FRAME" send p0 "$HOST_MAC" 88b5 1000000 64
	spawn "$WORK/out" ns host nice -n 19 "$FRAME" send h0 "$PEER_MAC" 88b5 1000000 64
	for ((i = 0; i < 6 / SLOW; i++)); do
		must control host stage set shaper "$INDEX" hold 88b5 10
		must control host stage set acl "$INDEX" pass 88b5 0
		expect_sum "counters while frames come ($i)" h0
		must control host stage clear shaper "$INDEX"
		must control host stage clear acl "$INDEX"
	done
	must control host stage set shaper "$INDEX" hold 88b5 10
	expect_ok "the stage's module goes" rmmod netswitch_test
	must insmod "$MODULES/netswitch/netswitch_test.ko"
	must control host stage load shaper
	must control host stage set shaper "$INDEX" hold 88b5 10
	expect_ok "the device goes" ip -n host link del h0
	expect_quiet "nothing is said" "$mark"
}

# told COMMAND - what is wrong with it, as the errno's text; nothing if it went well
told() {
	control host "$@" 2>&1 | sed 's/.*: //'
}

asked() {
	local dir=/sys/kernel/debug/netswitch_test

	port
	expect_eq "who decides nothing gets no place" "Invalid argument" \
		"$(told stage load mute)"
	expect_eq "nobody has an opinion" "No data available" "$(told ask "$INDEX" in)"
	must control host stage load acl
	must control host stage load shaper
	must control host stage set shaper "$INDEX" hold 88b5 9
	expect_eq "still nobody" "No data available" "$(told ask "$INDEX" in)"
	must control host stage set acl "$INDEX" pass 88b5 20
	expect_eq "one allows" "" "$(told ask "$INDEX" out)"
	expect_eq "and names a class" 20 "$(cat $dir/class)"
	must control host stage clear shaper "$INDEX"
	must control host stage set shaper "$INDEX" pass 88b5 40
	expect_eq "both allow" "" "$(told ask "$INDEX" in)"
	expect_eq "the first one's class" 20 "$(cat $dir/class)"
	must control host stage clear shaper "$INDEX"
	must control host stage set shaper "$INDEX" drop 88b5 40
	expect_eq "one refuses" "Permission denied" "$(told ask "$INDEX" in)"
	must utcp host port set h0 demux
	expect_eq "a port without policy has no opinion" "No data available" \
		"$(told ask "$INDEX" in)"
	expect_eq "nor has what is no port" "No such device" "$(told ask 9999 in)"
}

asked_again() {
	local dir=/sys/kernel/debug/netswitch_test

	port
	must control host stage load acl
	expect_eq "nothing to ask again yet" 0 "$(cat $dir/changes)"
	must control host stage set acl "$INDEX" pass 88b5 0
	expect_eq "a stage is set: who asks is told" 1 "$(cat $dir/changes)"
	must control host changed "$INDEX"
	expect_eq "it has changed its mind: so, too" 2 "$(cat $dir/changes)"
	must control host stage clear acl "$INDEX"
	expect_eq "it goes: nothing is refused by that" 2 "$(cat $dir/changes)"
}

flows() {
	local dir=/sys/kernel/debug/netswitch_test

	port
	expect_eq "nobody has to know" "" "$(told flow add "$INDEX" 1)"
	must control host stage load acl
	must control host stage load shaper
	must control host stage set acl "$INDEX" pass 88b5 0
	must control host flow add "$INDEX" 1
	expect_eq "one stage knows" 1 "$(cat $dir/flows)"
	must control host stage set shaper "$INDEX" pass 88b5 0
	must control host flow add "$INDEX" 2
	expect_eq "both know" 3 "$(cat $dir/flows)"
	must control host flow del "$INDEX" 2
	expect_eq "none any more" 1 "$(cat $dir/flows)"
	must control host stage clear shaper "$INDEX"
	must control host stage set shaper "$INDEX" pass 0 0
	expect_eq "one has no room" "No space left on device" "$(told flow add "$INDEX" 3)"
	expect_eq "then none knows" 1 "$(cat $dir/flows)"
}

run_tests \
	drops "a stage drops, in and out" \
	order "access lists first, then the shaper" \
	before_the_consumer "consumers come after the stages" \
	exactly_once "a held frame is seen exactly once by tap, tc, nft" \
	in_order "held frames keep their order" \
	flushed "what is held is let go when it must be" \
	needs_the_flag "stages need the policy flag" \
	asked "identities are asked about" \
	asked_again "and again, when opinions change" \
	flows "and their flows are told, to all or none" \
	drop_is_told "a drop is told by a tracepoint" \
	under_load "stage, module and device go under load"
