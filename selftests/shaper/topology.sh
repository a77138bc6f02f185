# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the shaper share: a host with the host's ends of two sandboxes'
# links, and a program that floods.

. "$(dirname "$0")/../netswitch/netswitch.sh"

# shellcheck disable=SC2034 # for the tests
FLOOD=$(dirname "$0")/flood TAP=$(dirname "$0")/tap
CONNPROBE=$(dirname "$0")/../utcp/connprobe

# host, box1, box2: namespaces, and the modules
namespaces() {
	kernel_has veth
	keep_hooks
	load netswitch
	load utcp_shaper
	ns_add host box1 box2
}

# h1, h2: the host's ends, which are ports
sandboxes() {
	local i

	namespaces
	for i in 1 2; do
		veth host "h$i" "box$i" p0
		addr host "h$i" "10.9.$i.1/24"
		addr "box$i" p0 "10.9.$i.2/24"
		must utcp host port add "h$i" policy
	done
}

# Two boxes on a bridge of the host: what goes from one to the other goes in by h1, and
# out by h2.
bridged() {
	local i

	kernel_has bridge
	namespaces
	for i in 1 2; do
		veth host "h$i" "box$i" p0
		addr "box$i" p0 "10.9.0.$i/24"
	done
	bridge_add host br0 h1 h2
	must utcp host port add h1 policy
	must utcp host port add h2 policy
	wait_for "the bridge forwards" 20 ns box1 ping -q -c 1 -W 1 10.9.0.2
}

# speak_utcp - cells in both boxes
speak_utcp() {
	local box

	[ -x "$CONNPROBE" ] || skip_test "there is no connprobe"
	[ -r "$(ko utcp)" ] || skip_test "there is no utcp"
	load utcp
	for box in box1 box2; do
		must utcp $box port add p0
		must utcp $box cell new discoverable on
	done
}

# came BYTES - so many have come to the second box, by its device
came() {
	[ "$(ns box2 cat /sys/class/net/p0/statistics/rx_bytes)" -ge "$1" ]
}

# utcp_flow BYTES - one connection from the first to the second, of which so much has come
utcp_flow() {
	local before

	before=$(ns box2 cat /sys/class/net/p0/statistics/rx_bytes)
	spawn "$WORK/conn" ip netns exec box1 "$CONNPROBE" -o /run/netns/box2 $((1 << 40))
	# shellcheck disable=SC2034 # for the tests
	FLOOD_PID=$SPAWNED
	wait_for "it is under way" 100 came $((before + $1))
}

# keep_busy - a guest whose clock counts instructions: while it is idle, its time runs ahead
# of the disk's
keep_busy() {
	spawn "$WORK/busy" nice -n 19 sh -c 'while :; do :; done'
	BUSY=$SPAWNED
	# or it could not be stopped
	defer kill -CONT "$BUSY"
}

# idly COMMAND... - let it be idle meanwhile: all that runs then is in memory, and the time
# of the host is saved
idly() {
	local rc

	kill -STOP "$BUSY"
	"$@"
	rc=$?
	kill -CONT "$BUSY"
	return $rc
}

# shape ARGS... - the tool, about classes of the host
shape() {
	must utcp host shaper "$@"
}

# class_value CLASS PATH - a value of a class by its jq path
class_value() {
	utcp host -j -s shaper show "$1" | gojq -r ".[0]$2"
}

# drained CLASS - nothing waits in it
drained() {
	[ "$(class_value "$1" '.stats["backlog-packets"]')" = 0 ]
}

# waits_for_flow FILE - a receiver that was spawned is there
waits_for_flow() {
	wait_for "the receiver is there" 20 grep -q ready "$1"
}

# received FILE NAME - what a receiver said at its end: datagrams, bytes, overtook, ms
received() {
	wait_for "the receiver ends" 60 grep -q bytes "$1"
	sed -n "s/.*\b$2 \([0-9]*\).*/\1/p" "$1"
}

# expect_sums LABEL - of all classes of the host and of its ports
expect_sums() {
	expect_eq "$1: frames of classes add up" true "$(utcp host -j -s shaper show | gojq 'all(.[].stats;
		.frames == .packets + .["backlog-packets"] + ([.drops[]]|add // 0))')"
	expect_eq "$1: and those of ports" true "$(utcp host -j -s port show | gojq 'all(.[]|.in, .out;
		.frames == .pass + .held + (.consumed // 0) + ([.drops[]]|add // 0))')"
}

# nothing_waits LABEL - in any class or port
nothing_waits() {
	expect_eq "$1: nothing waits" "0 0" "$(utcp host -j -s shaper show |
		gojq '[.[].stats["backlog-packets"]]|add // 0') $(utcp host -j -s port show |
		gojq '[.[]|.in.held + .out.held]|add // 0')"
}

# slow_class - s1, so slow that any flood is faster, on any kernel: 15 frames a second,
# which wait as long as they have to
slow_class() {
	shape add s1 bw-max 64k queue-time 60000
}

# busy - the box floods until the test ends, and frames wait
busy() {
	spawn "$WORK/busy" ns box1 nice -n 5 "$FLOOD" send 10.9.1.1 5001 500 600000 8
	wait_for "frames wait" 20 busy_now
}

busy_now() {
	[ "$(class_value s1 '.stats["backlog-packets"]')" -gt 10 ]
}

# flushed LABEL - what waited was dropped and counted
flushed() {
	expect_ok "$1: dropped, as flushed" test "$(class_value s1 '.stats.drops.flushed // 0')" -gt 10
	expect_sums "$1"
}
