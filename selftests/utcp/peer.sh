#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Peers: two who know nothing of each other but a CellID get keys; and what comes
# between.
. "$(dirname "$0")/../lib.sh"

# peer NS VERB ARGS... - the tool there
peer() {
	local ns=$1

	shift
	"$UTCPCTL" -n "$ns" peer "$@"
}

# peers NS FILTER - what gojq makes of the list of peers
peers() {
	"$UTCPCTL" -n "$1" -j -s peer show | gojq -r "$2"
}

# has NS FILTER - is it true?
has() {
	[ "$(peers "$1" "$2")" = true ]
}

# own NS - CellID of its default cell
own() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[] | select(.default).id'
}

# two - namespaces t-a and t-b on one wire, with a cell each that can be found
two() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	must "$UTCPCTL" -n t-a port add a0
	must "$UTCPCTL" -n t-b port add b0
	must "$UTCPCTL" -n t-a cell new discoverable on "$@"
	must "$UTCPCTL" -n t-b cell new discoverable on "$@"
	A=$(own t-a)
	B=$(own t-b)
}

# up NS - has its peer keys?
up() {
	has "$1" '.[0].session'
}

finds() {
	two
	expect_ok "who knows a CellID" peer t-a probe "$B"
	wait_for "gets keys" 10 up t-a
	wait_for "and so does the other" 10 up t-b
	expect_eq "it is where it is" "a0 $(ip -n t-b -j link show b0 | gojq -r '.[0].address')" \
		"$(peers t-a '.[0].path | "\(.dev) \(.mac)"')"
	expect_eq "and who it is" "$B reachable" "$(peers t-a '.[0] | "\(.id) \(.state)"')"
	"$UTCPCTL" -n t-a peer show
	"$UTCPCTL" -n t-b peer show
	"$UTCPCTL" -n t-b peer stats
	"$UTCPCTL" -n t-a peer stats
}

run_tests \
	finds "two find each other"
