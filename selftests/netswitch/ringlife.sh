#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: the ends of owners, ports, devices, namespaces and of the module.
#
#	ROUNDS	how often an owner is killed at work (default: 100)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

ROUNDS=${ROUNDS:-100}
# What a ring's owner is told when its port is gone.
DEAD="hup=1 info=ok dead=1 stats=ok kick=ENODEV bind=EBUSY"

watch() {
	start "$WORK/watch" "${IN_HOST[@]}" "$RINGRAW" watch h0 4c57
}

expect_dead() {
	wait_for "$1: its owner is told" 20 grep -q hup= "$WORK/watch"
	expect_eq "$1: what it is told" "$DEAD" "$(tail -n 1 "$WORK/watch")"
}

port_goes() {
	ring_port
	watch
	must utcp host port del h0
	expect_dead "the port goes"
	expect_eq "no ring is shown" 0 "$(rings host | gojq length)"
	must utcp host port add h0
	expect_bind "a new port is free" h0 4c57
}

dead_but_held() {
	ring_port
	start "$WORK/held" "${IN_HOST[@]}" "$RINGRAW" send h0 4c57 "$PEER_MAC" 1 100 hold=1
	must utcp host port del h0
	must utcp host port add h0
	expect_bind "an owner of a ring that is dead keeps nothing" h0 4c57
	expect_fail "but the module" rmmod netswitch
	must kill "$SPAWNED"
	wait_for "until it ends" 10 rmmod netswitch
}

device_goes() {
	ring_port
	watch
	must ip -n host link del h0
	expect_dead "the device goes"
	expect_ok "no ring is left" no_ring host
}

device_moves() {
	ring_port
	watch
	must ip -n host link set h0 netns peer
	expect_dead "the device moves away"
	expect_ok "no ring is left" no_ring host
	expect_ok "nor is one there" no_ring peer
}

# A descriptor holds its namespace, as a socket does, wherever its owner has gone.
namespace_goes() {
	ring_port
	spawn "$WORK/watch" nsenter --net=/run/netns/host "$RINGRAW" pass h0 4c57 \
		nsenter --net=/proc/1/ns/net "$RINGRAW" passed 9 1 60000
	wait_for "an owner outside" 20 sh -c "! '$UTCPCTL' -n host -j ring show | grep -qx '\[\]'"
	must ip netns del host
	frames_to_host "$HOST_MAC" 4c57 1 100
	finish "$WORK/watch"
	expect_result "its ring works on" "$WORK/watch" .received 1
	wait_for "with it the namespace ends" 30 sh -c '! ip -n peer link show p0'
	wait_for "the module can go" 10 rmmod netswitch
}

# Nobody holds it.
namespace_ends() {
	ring_port
	start "$WORK/ring" nsenter --net=/run/netns/host "$RINGRAW" recv h0 4c57 1 1000
	must ip netns del host
	must kill -KILL "$SPAWNED"
	wait_for "the namespace ends with the owner" 30 sh -c '! ip -n peer link show p0'
	wait_for "the module can go" 10 rmmod netswitch
}

device_changes() {
	ring_port
	start "$WORK/ring" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 3 20000
	must ip -n host link set h0 down
	must ip -n host link set h0 name h1
	must ip -n host link set h1 address 02:00:00:00:00:07
	must ip -n host link set h1 up
	wait_for "it is up" 10 sh -c "ip -n peer link show p0 | grep -q LOWER_UP"
	frames_to_host 02:00:00:00:00:07 4c57 3 100
	finish "$WORK/ring"
	expect_result "a ring outlives another name, address and state" "$WORK/ring" .received 3
	expect_ok "and sends by the new address" raw send h1 4c57 "$PEER_MAC" 1 100
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_result "only" "$WORK/sent" .stats.tx_sent 1
	expect_ok "not by the old one" raw send h1 4c57 "$PEER_MAC" 1 100 src="$HOST_MAC"
	printf '%s\n' "$OUT" >"$WORK/sent"
	expect_result "any more" "$WORK/sent" .stats.tx_drop_source 1
}

without_demux() {
	ring_port
	start "$WORK/ring" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 2 20000
	must utcp host port set h0 policy
	frames_to_host "$HOST_MAC" 4c57 3 100
	wait_for "three frames come" 10 has_come 3
	expect_port "without demux they pass" h0 .in.pass 3
	must utcp host port set h0 demux
	frames_to_host "$HOST_MAC" 4c57 2 100
	finish "$WORK/ring"
	expect_result "with it the ring has them again" "$WORK/ring" '"\(.received) \(.stats.rx_frames)"' "2 2"
}

module() {
	ring_port
	start "$WORK/ring" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000
	expect_fail_with "the module stays while a ring is open" "in use" rmmod netswitch
	must kill -KILL "$SPAWNED"
	wait_for "and goes when none is" 10 rmmod netswitch
	expect_ok "so does its device" test ! -e /dev/netswitch
	must insert netswitch
	must utcp host port add h0
	expect_bind "and all is as before" h0 4c57
}

# Frames that the device still has, when who sent them is no more.
queued() {
	local mark

	mark=$(dmesg_mark)
	ring_port
	must tc -n host qdisc replace dev h0 root tbf rate 1kbit burst 3000 limit 1000000
	start "$WORK/queued" "${IN_HOST[@]}" "$RINGRAW" send h0 4c57 "$PEER_MAC" 16 1514 hold=1
	wait_for "frames wait in the queue" 10 sh -c "
		tc -n host -s -j qdisc show dev h0 root | gojq -e '.[0].backlog > 0'"
	must kill -KILL "$SPAWNED"
	wait_for "the owner is killed" 10 no_ring host
	expect_bind "its type is free" h0 4c57
	must ip -n host link del h0
	wait_for "the module can go" 10 rmmod netswitch
	expect_quiet "nothing is said" "$mark"
}

# Memory that the kernel could give, in KiB.
available() {
	awk '/^MemAvailable/ { print $2 }' /proc/meminfo
}

killed() {
	local mark size before lost

	mark=$(dmesg_mark)
	ring_port
	spawn "$WORK/flood" nice -n 19 sh -c "while :; do ip netns exec peer '$FRAME' send p0 '$HOST_MAC' 4c57 1000000 64; done"
	wait_for "frames come" 20 has_come 1000
	size=$(ns host "$RINGTOOL" -r 64 -t 64 info h0 4c58 | gojq .map_size)
	# Each round needs all that the last one had.
	must utcp host limit set netswitch rings 1 ring-memory $(((size + 1023) / 1024))k
	# What the first rounds make, and keep, is no loss.
	expect_ok "some owners are killed" ns host "$RINGKILL" h0 4c57 5 $((20 * SLOW))
	before=$(available)
	expect_ok "$ROUNDS owners are killed" ns host "$RINGKILL" h0 4c57 "$ROUNDS" $((20 * SLOW))
	printf '%s\n' "$OUT" >"$WORK/kills"
	note "$OUT"
	expect_result "all of them at work" "$WORK/kills" ".kills == $ROUNDS and .sent >= 8 * $ROUNDS" true
	lost=$((before - $(available)))
	expect_ok "their memory is there again ($lost KiB less)" \
		test "$lost" -lt $((ROUNDS * size / 1024 / 2))
	expect_ok "no ring is left" no_ring host
	expect_eq "nor a consumer" 0 "$(utcp host -j port consumers h0 | gojq length)"
	expect_bind "the type is free" h0 4c57 rx_slots=64 tx_slots=64
	expect_sum "counters" h0
	expect_quiet "nothing is said" "$mark"
	wait_for "the module can go" 10 rmmod netswitch
}

run_tests \
	port_goes "the port goes" \
	dead_but_held "a dead ring whose owner lives" \
	device_goes "the device goes" \
	device_moves "the device moves to another namespace" \
	namespace_goes "an owner in another namespace" \
	namespace_ends "the namespace goes" \
	device_changes "the device changes" \
	without_demux "demux is taken from the port" \
	module "the module" \
	queued "the owner is killed while its frames are queued" \
	killed "the owner is killed under traffic"
