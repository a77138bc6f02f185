#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Network namespaces: each has its own state, from its birth to its end.
. "$(dirname "$0")/../lib.sh"

nlctl=$SELFTESTS/lib/nlctl

# limit NS FAMILY NAME - print one limit there
limit() {
	local name value

	while read -r name value; do
		[ "$name" != "$3" ] || echo "$value"
	done < <(ns "$1" "$nlctl" "$2" get)
}

# The first limit of each family, and its default.
FIRST=(netswitch ports 1024 utcp cells 64 utcp-acl policies 4096 utcp-shaper classes 16384)

# each COMMAND... - with FAMILY NAME DEFAULT appended
each() {
	local i

	for ((i = 0; i < ${#FIRST[@]}; i += 3)); do
		"$@" "${FIRST[@]:i:3}"
	done
}

independent() {
	_one() {
		must ns t-a "$nlctl" "$1" set "$2=5"
		must ns t-b "$nlctl" "$1" set "$2=6"
		expect_eq "$1 in a" 5 "$(limit t-a "$1" "$2")"
		expect_eq "$1 in b" 6 "$(limit t-b "$1" "$2")"
		expect_match "$1 outside" "^$2 $3\$" "$(family "$1")"
	}
	load_all
	ns_add t-a t-b
	each _one
}

# Also a namespace that is older than the module.
old_and_new() {
	_one() {
		expect_eq "$1 in a namespace older than it" "$3" "$(limit t-old "$1" "$2")"
		must "$nlctl" "$1" set "$2=5"
		must ns t-old "$nlctl" "$1" set "$2=6"
	}
	_new() {
		expect_eq "$1 in a new namespace" "$3" "$(limit t-new "$1" "$2")"
	}
	ns_add t-old
	load_all
	each _one
	ns_add t-new
	each _new
}

gone() {
	_set() {
		must ns t-a "$nlctl" "$1" set "$2=5"
	}
	_default() {
		expect_eq "$1 in the namespace's successor" "$3" "$(limit t-a "$1" "$2")"
	}
	load_all
	ns_add t-a
	each _set
	must ip netns del t-a
	ns_add t-a
	each _default
}

# A namespace whose last user is a socket of a family.
socket_holds() {
	load_all
	ns_add t-a
	spawn "$WORK/events" ns t-a "$nlctl" netswitch monitor 1
	wait_for "the listener listens" 20 grep -q ready "$WORK/events"
	must ip netns del t-a
	expect_ok "rmmod with a socket in a namespace without a name" rmmod utcp_acl
	expect_ok "netswitch answers" family netswitch
}

removed_under() {
	local mark

	mark=$(dmesg_mark)
	load_all
	ns_add t-a t-b
	must ns t-a "$nlctl" utcp set peers=5
	unload_all
	expect_fail "all are gone" loaded netswitch
	must ip netns del t-b
	load_all
	expect_eq "a namespace that was there before has the defaults" 4096 \
		"$(limit t-a utcp peers)"
	expect_quiet "no complaint" "$mark"
}

many() {
	local i mark

	mark=$(dmesg_mark)
	load_all
	for i in {1..8}; do
		must ip netns add "t-many-$i"
		defer ip netns del "t-many-$i"
		must ns "t-many-$i" "$nlctl" utcp-shaper set "queued=$i"
	done
	for i in {1..8}; do
		expect_eq "namespace $i" "$i" "$(limit "t-many-$i" utcp-shaper queued)"
	done
	expect_match "outside" '^queued 65536$' "$(family utcp-shaper)"
	for i in {1..8}; do
		must ip netns del "t-many-$i"
	done
	expect_quiet "no complaint" "$mark"
}

run_tests \
	independent "what is set in one namespace is not set in another" \
	old_and_new "old and new namespaces start with the defaults" \
	gone "a namespace's state dies with it" \
	socket_holds "a namespace that only a socket holds does no harm" \
	removed_under "modules can be removed while namespaces are there" \
	many "eight namespaces at once"
