# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of rings share.

RINGRAW=$(dirname "$0")/ringraw
# shellcheck disable=SC2034 # for the tests
RINGTOOL=$(dirname "$0")/ringtool
# What ringtool takes for silence, in seconds.
export QUIET=$((5 * SLOW))
# shellcheck disable=SC2034
HOSTILE=$(dirname "$0")/hostile
# shellcheck disable=SC2034
RINGKILL=$(dirname "$0")/ringkill

# What "start" and "must" need is a program, not a function: its process is then
# the ring's owner itself.
IN_HOST=(ip netns exec host)
# shellcheck disable=SC2034
IN_PEER=(ip netns exec peer)

# ring_port - h0 is a port for rings, with its index in $INDEX
ring_port() {
	topology
	must utcp host port add h0 demux
	# shellcheck disable=SC2034
	INDEX=$(ifindex host h0)
}

# ring_ports - p0 is one, too
ring_ports() {
	ring_port
	must utcp peer port add p0 demux
}

# raw ARGS... - on the host; see ringraw.c
raw() {
	"${IN_HOST[@]}" "$RINGRAW" "$@"
}

# expect_bind LABEL ARGS... - can be bound
expect_bind() {
	local label=$1

	shift
	expect_ok "$label" raw bind "$@"
}

# expect_refused LABEL ERROR REGEX ARGS... - by the kernel, with a message
expect_refused() {
	local label=$1 error=$2 regex=$3

	shift 3
	expect_rc "$label" 3 raw bind "$@"
	expect_match "$label: error" "^$error " "$OUT"
	shopt -s nocasematch
	expect_match "$label: message" "^[A-Z]+ holder=[0-9]+ .*$regex" "$OUT"
	shopt -u nocasematch
}

# start FILE COMMAND... - in the background, until it is bound
start() {
	local file=$1

	shift
	spawn "$file" "$@"
	if ! wait_for "bound: $*" 20 grep -qx ready "$file"; then
		note "$(cat "$file")"
		exit 1
	fi
}

# is_over FILE - the program has printed its result
is_over() {
	tail -n 1 "$1" | grep -q '^{'
}

# finish FILE [PID] - wait for its result; have it stop
finish() {
	[ $# = 1 ] || kill "$2"
	wait_for "$(basename "$1") ends" 60 is_over "$1"
}

# result FILE PATH - a value of it
result() {
	tail -n 1 "$1" | gojq -r "$2"
}

# expect_result LABEL FILE PATH WANT
expect_result() {
	expect_eq "$1" "$4" "$(result "$2" "$3")"
}

# expect_stats LABEL FILE - what came and went is the sum of what became of it
expect_stats() {
	expect_result "$1: received and sent add up" "$2" '.stats|
		[.rx_frames == .rx_delivered + ([to_entries[]|select(.key|startswith("rx_drop"))|.value]|add),
		 .tx_frames == .tx_sent + ([to_entries[]|select(.key|startswith("tx_drop"))|.value]|add)]|
		join(" ")' "true true"
}

# has_come COUNT [DEV] - so many frames have come to the host's port
has_come() {
	[ "$(port_value host "${2:-h0}" .in.frames)" -ge "$1" ]
}

# rings NS [DEV] - what is bound there, as JSON
rings() {
	local ns=$1

	shift
	utcp "$ns" -j -s ring show "$@"
}

# no_ring NS - nothing is bound there
no_ring() {
	[ "$(rings "$1" | gojq length)" = 0 ]
}

# ring_value PATH - of the host's first ring
ring_value() {
	rings host | gojq -r ".[0]$1"
}
