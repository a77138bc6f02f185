#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How exact rates are, at length: each for LONG milliseconds (in "make soak" 10,000), and
# in each 100 ms of them. By the instruction clock: time in an emulated guest proves
# nothing. What is counted is what arrives behind the shaper, by tap.c; what the shaper
# itself says is not asked.
#
#	ROWS	only rows whose names, as they are told with what came, match this regular
#		expression: ROWS='^64 kbit/s in' (default: all of them)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

[ "${ICOUNT:-}" ] || skip_all "needs the instruction clock: ICOUNT=1 in a guest of run.sh --icount"
[ "${LONG:-}" ] || skip_all "takes long: LONG=10000"

FRAME=1514
# How many rows were made.
N_ROWS=0

busy_bridged() {
	keep_busy
	bridged
}

# wanted NAME - is this row asked for?
wanted() {
	[[ $1 =~ ${ROWS:-} ]] || return 1
	N_ROWS=$((N_ROWS + 1))
}

# any_rows - a test of which no row was asked for is none
any_rows() {
	[ "$N_ROWS" -gt 0 ] || skip_test "no row of its names matches '$ROWS'"
}

# near LABEL WHAT BYTES WANT PERMILLE - or within the longest frame
near() {
	local most=$(($4 * $5 / 1000))

	[ "$most" -ge $FRAME ] || most=$FRAME
	expect_ok "$1: $2: $3 of $4 bytes, to $most" \
		test $(($3 > $4 ? $3 - $4 : $4 - $3)) -le "$most"
}

# flood_by KIND FLOWS LEN - from the one box to the other, for longer than is counted
flood_by() {
	local ms=$((LONG + 300))

	case $1 in
	udp)
		must ns box1 "$FLOOD" send 10.9.0.2 5001 "$3" "$ms" "$2"
		;;
	tcp)
		spawn "$WORK/sink" ns box2 "$FLOOD" sink 5001
		FLOOD_PID=$SPAWNED
		waits_for_flow "$WORK/sink"
		# shellcheck disable=SC2086 # "mixed", or nothing
		must ns box1 "$FLOOD" stream 10.9.0.2 5001 "$ms" "$2" ${3:-}
		;;
	esac
	wait "$METER" || fail "what came was not counted"
	# what is still to be sent would take minutes at some rates
	[ "$1" = udp ] || _stop "$FLOOD_PID" 2>/dev/null
}

# Connections whose other end is gone, and who send once more to find out.
no_flows() {
	[ -z "$(ns box1 ss -Htn state connected exclude time-wait)" ]
}

# exact LABEL KBIT KIND FLOWS LEN - by the class that the frames belong to
exact() {
	local kbit=$2 value file
	local -A got

	file=$(mktemp "$WORK/tap.XXXXXX")
	spawn "$file" ns box2 "$TAP" p0 "$LONG"
	METER=$SPAWNED
	waits_for_flow "$file"
	idly flood_by "${@:3}"
	for value in frames bytes first low high; do
		got[$value]=$(received "$file" $value)
	done
	note "$1: ${got[bytes]} of $((LONG * kbit / 8)) bytes in ${got[frames]} frames;" \
		"100 ms: first ${got[first]}, ${got[low]} to ${got[high]} of $((100 * kbit / 8))"
	near "$1" "all" "${got[bytes]}" $((LONG * kbit / 8)) 10
	[ "$kbit" -ge 10000 ] || return 0
	for value in first low high; do
		near "$1" "100 ms, $value" "${got[$value]}" $((100 * kbit / 8)) 30
	done
}

# limited DIRECTION KBIT KIND FLOWS LEN - by a fresh class of one direction
limited() {
	local dev=h1 name="$2 kbit/s $1, $4 ${3}${5:+ $5}"

	wanted "$name" || return 0
	[ "$1" = in ] || dev=h2
	[ "$3" != utcp ] || utcp_flow 500000
	shape add fresh bw-max "$2k"
	shape bind $dev "$1" fresh
	exact "$name" "${@:2}"
	wait_for "nobody sends any more" 200 no_flows
	wait_for "it drains" 100 drained fresh
	shape unbind $dev "$1"
	shape del fresh
}

slow() {
	busy_bridged
	limited in 64 udp 1 1472
	limited in 64 udp 64 22
	limited out 64 udp 64 0
	limited out 64 tcp 1
	limited in 1000 udp 64 0
	limited out 1000 udp 1 200
	limited in 1000 tcp 64
	# A frame takes as long as the burst.
	limited in 2500 udp 1 1472
	any_rows
}

middle() {
	busy_bridged
	limited in 10000 udp 1 1472
	limited out 10000 udp 64 22
	limited in 10000 udp 64 0
	limited out 10000 tcp 1
	limited in 10000 tcp 64
	limited out 10000 tcp 8 mixed
	limited in 100000 udp 64 1472
	limited out 100000 udp 1 600
	limited in 100000 tcp 1
	limited out 100000 tcp 64
	limited in 100000 tcp 8 mixed
	any_rows
}

# As fast as a guest of one processor and 10^9 instructions a second carries it.
fast() {
	busy_bridged
	limited in 200000 udp 1 1472
	limited out 300000 udp 64 1472
	limited in 400000 tcp 8 mixed
	limited out 1000000 tcp 1
	limited in 1000000 tcp 64
	limited in 2000000 tcp 1
	limited out 2000000 tcp 1
	any_rows
}

# many N KBIT - a group of so many classes, all of which have frames in turn
many() {
	local i name="$2 kbit/s, a group of $1 classes"

	wanted "$name" || return 0
	{
		echo "shaper add up bw-max $2k"
		echo "shaper add rest"
		for ((i = 1; i <= $1; i++)); do
			echo "shaper add c$i parent up id $((10000 + i)) bw-max $2k"
		done
		echo "shaper bind h1 in rest mark"
	} | must utcp host -b -
	must ns host nft "add chain netdev t in { type filter hook ingress device h1 priority 0; }"
	must ns host nft "add rule netdev t in meta mark set numgen inc mod $1 offset 10001"
	exact "$name" "$2" udp 64 1472
	wait_for "it drains" 100 drained up
	must ns host nft delete chain netdev t in
	{
		echo "shaper unbind h1 in"
		for ((i = 1; i <= $1; i++)); do
			echo "shaper del c$i"
		done
		echo "shaper del rest"
		echo "shaper del up"
	} | must utcp host -b -
}

groups() {
	busy_bridged
	kernel_has nf_tables
	kernel_has nft_numgen
	must ns host nft "add table netdev t"
	many 10 10000
	many 100 100000
	many 10000 200000
	any_rows
}

streams() {
	busy_bridged
	speak_utcp
	limited in 1000 utcp 1
	limited out 10000 utcp 1
	limited in 10000 utcp 1
	limited in 50000 utcp 1
	limited out 50000 utcp 1
	any_rows
}

run_tests \
	slow "64 kbit/s to 2.5 Mbit/s" \
	middle "10 and 100 Mbit/s" \
	fast "200 Mbit/s to 2 Gbit/s" \
	groups "ten to ten thousand classes in a group" \
	streams "connections of utcp"
