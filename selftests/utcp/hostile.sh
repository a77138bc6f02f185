#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Somebody in the middle of a wire. The checks are hostile's, which passes on, changes,
# keeps back and plays back what the hosts send each other.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

# middle - hosts t-a, t-b and t-c, whose wires all end in t-m
middle() {
	local x

	load utcp
	ns_add t-a t-b t-c t-m
	for x in a b c; do
		veth t-m "to-$x" "t-$x" "${x}0"
		must "$UTCPCTL" -n "t-$x" port add "${x}0"
		must "$UTCPCTL" -n "t-$x" cell new discoverable on
	done
}

# hostile LABEL ARGS... - and the kernel says nothing
hostile() {
	local mark

	mark=$(dmesg_mark)
	expect_tap "$1" ns t-m timeout $((120 * SLOW)) "$HERE/hostile" "${@:2}"
	expect_quiet "no complaint" "$mark"
}

flips() {
	middle
	hostile "each bit of each kind of frame" flips
}

replay() {
	middle
	hostile "frames that were recorded" replay
}

liar() {
	middle
	hostile "answers for others" liar
}

realms() {
	middle
	must "$UTCPCTL" -n t-a cell genkey "$WORK/one"
	must "$UTCPCTL" -n t-a cell genkey "$WORK/two"
	must "$UTCPCTL" -n t-a cell set "$(own t-a)" realm "$WORK/one"
	must "$UTCPCTL" -n t-c cell set "$(own t-c)" realm "$WORK/one"
	must "$UTCPCTL" -n t-b cell set "$(own t-b)" realm "$WORK/two"
	hostile "two realms on one wire" realms
}

# MUTATIONS is how many frames; SEED makes a run again.
mutations() {
	local mark seed=${SEED:-$RANDOM} count=${MUTATIONS:-50000}

	middle
	note "seed $seed"
	mark=$(dmesg_mark)
	expect_ok "$count frames, seed $seed" ns t-m timeout $(((120 + count / 200) * SLOW)) \
		"$HERE/fuzzwire" "$count" "$seed"
	note "$(grep "^# host" <<<"$OUT")"
	expect_quiet "no complaint" "$mark"
}

run_tests \
	flips "no changed bit is taken, or answered" \
	replay "no frame is taken twice" \
	liar "who lies about a CellID gets nothing" \
	realms "two realms never talk" \
	mutations "a connection survives frames that are not right"
