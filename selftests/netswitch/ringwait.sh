#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: waiting for frames without poll().
#
#	ROUNDS	how often the threads of a test meet, in hundreds (default: 20)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

ROUNDS=${ROUNDS:-20}
RINGWAIT=$(dirname "$0")/ringwait
# Seconds after which something is taken to be slept through.
LIMIT=$((60 * SLOW + ROUNDS))

# waits LABEL WHAT [COUNT] - see ringwait.c
waits() {
	expect_ok "$1" "${IN_HOST[@]}" "$RINGWAIT" "$2" h0 peer p0 "${3:-1}" $LIMIT
}

# Nothing of a test is left.
nothing_left() {
	wait_for "no ring is left" 10 no_ring host
	expect_sum "counters" h0
	expect_quiet "the kernel does not complain" "$1"
}

ends() {
	local mark

	mark=$(dmesg_mark)
	ring_ports
	waits "what is refused" refused
	waits "a frame" frame
	waits "the end of its time" timeout
	waits "a signal" signal
	waits "the descriptor is closed" close
	nothing_left "$mark"
}

dead() {
	local mark

	mark=$(dmesg_mark)
	ring_ports
	spawn "$WORK/dead" "${IN_HOST[@]}" "$RINGWAIT" dead h0 peer p0 1 $LIMIT
	wait_for "two wait" 20 grep -qx ready "$WORK/dead"
	must utcp host port del h0
	wait_for "the port goes" 20 grep -qx over "$WORK/dead"
	expect_no_match "they are told" "^wrong" "$(<"$WORK/dead")"
	wait_for "no ring is left" 10 no_ring peer
	expect_quiet "the kernel does not complain" "$mark"
	wait_for "the module can go" 10 rmmod netswitch
}

kicks() {
	ring_ports
	waits "questions and answers" kick $((ROUNDS * 50))
	must tc -n host qdisc replace dev h0 root tbf rate 80kbit burst 3000 limit 1000000
	waits "more than the queue holds" full
	expect_match "some frames were left" "^left [1-9]" "$OUT"
}

together() {
	local mark

	mark=$(dmesg_mark)
	ring_ports
	waits "one frame wakes all" several $((ROUNDS * 2))
	waits "none is slept through" race $((ROUNDS * 100))
	nothing_left "$mark"
}

coalesces() {
	ring_ports
	waits "by number and by time" coalesce
}

busy() {
	ring_ports
	if [ "$(nproc)" = 1 ]; then
		skip_test "busy waiting needs a second processor"
	fi
	waits "without sleeping" busy
}

# By the library: a program that asks and one that answers, both kick and wait.
library() {
	ring_ports
	start "$WORK/echo" "${IN_HOST[@]}" "$RINGTOOL" -R -q 60 -B 200 echo h0 4c57
	expect_ok "ping" "${IN_PEER[@]}" "$RINGTOOL" -B 200 ping p0 4c57 "$HOST_MAC" 200 100
	expect_eq "is answered" '{"answers":200}' "$(tail -n 1 <<<"$OUT")"
	expect_rc "busy for too long is refused" 1 "${IN_PEER[@]}" "$RINGTOOL" -B 10001 \
		ping p0 4c57 "$HOST_MAC" 1 100
}

run_tests \
	ends "what ends a wait" \
	dead "the port goes meanwhile" \
	kicks "sending and waiting in one" \
	together "many wait for one ring" \
	coalesces "few wake-ups for many frames" \
	busy "busy waiting" \
	library "by the library"
