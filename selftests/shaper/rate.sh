#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How exact rates are, from the first frame of a fresh limit on. By the instruction
# clock: time in an emulated guest proves nothing.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

[ "${ICOUNT:-}" ] || skip_all "needs the instruction clock: ICOUNT=1 in a guest of run.sh --icount"

MS=3000

# While a guest with this clock is idle, its time runs ahead of the disk's.
busy_sandboxes() {
	spawn "$WORK/busy" nice -n 19 sh -c 'while :; do :; done'
	sandboxes
}

# exact LABEL MBIT DIRECTION FLOWS LEN - within 2 % of the rate
exact() {
	local from=box1 to=host address=10.9.1.1 bytes want=$((MS * $2 * 125))

	[ "$3" = in ] || from=host to=box1 address=10.9.1.2
	shape add fresh bw-max "$2m"
	shape bind h1 "$3" fresh
	spawn "$WORK/$1" ns $to "$FLOOD" recv 5001 $MS "$4"
	waits_for_flow "$WORK/$1"
	must ns $from "$FLOOD" send $address 5001 "$5" $((MS + 200)) "$4"
	bytes=$(received "$WORK/$1" bytes)
	note "$1: $bytes of $want bytes"
	expect_ok "$2 Mbit/s $3, $4 flows of $5 bytes: $((bytes * 1000 / want)) of 1000" \
		test $((bytes > want ? bytes - want : want - bytes)) -le $((want / 50))
	expect_eq "in order" 0 "$(received "$WORK/$1" overtook)"
	expect_sums "$1"
	shape unbind h1 "$3"
	shape del fresh
}

rates() {
	busy_sandboxes
	exact slow-in 10 in 1 1472
	exact slow-out 10 out 16 200
	exact fast-in 200 in 1 1472
}

first_moment() {
	local bytes

	busy_sandboxes
	MS=100
	shape add fresh bw-max 10m
	shape bind h1 in fresh
	spawn "$WORK/first" ns host "$FLOOD" recv 5001 100 1
	waits_for_flow "$WORK/first"
	must ns box1 "$FLOOD" send 10.9.1.1 5001 1000 200 1
	bytes=$(received "$WORK/first" bytes)
	# the rate, and what an idle class has saved up: 5 ms
	expect_ok "the first 100 ms after idling: $bytes of 125000 and 6250 bytes" \
		test "$bytes" -ge 125000 -a "$bytes" -le $((125000 + 6250 + 1514))
}

drained() {
	[ "$(class_value up '.stats["backlog-packets"]')" = 0 ]
}

group() {
	local a b

	busy_sandboxes
	shape add up bw-max 16m
	shape add s1 parent up
	shape add s2 parent up
	shape bind h1 in s1
	shape bind h2 in s2
	spawn "$WORK/1" ns host "$FLOOD" recv 5001 1000 1
	spawn "$WORK/2" ns host "$FLOOD" recv 5002 1000 100
	waits_for_flow "$WORK/1"
	waits_for_flow "$WORK/2"
	spawn "$WORK/f" ns box2 "$FLOOD" send 10.9.2.1 5002 100 1300 100
	must ns box1 "$FLOOD" send 10.9.1.1 5001 1472 1300 1
	a=$(received "$WORK/1" bytes)
	b=$(received "$WORK/2" bytes)
	expect_ok "one flow and a hundred flows of short frames share alike ($a, $b)" \
		test $((a > b ? (a - b) * 20 : (b - a) * 20)) -le $((a + b))
	expect_sums "group"
	wait_for "it drains" 20 drained
	spawn "$WORK/3" ns host "$FLOOD" recv 5001 500 1
	waits_for_flow "$WORK/3"
	must ns box1 "$FLOOD" send 10.9.1.1 5001 1472 700 1
	a=$(received "$WORK/3" bytes)
	expect_ok "one alone has all ($a of 1000000)" test $((a > 1000000 ? a - 1000000 : 1000000 - a)) -le 20000
}

run_tests \
	rates "10 and 200 Mbit/s" \
	first_moment "the first moment" \
	group "members of a group share"
