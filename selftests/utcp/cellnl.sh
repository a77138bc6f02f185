#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Cells: what no tool would ask, and how they end. See cellprobe.c.
. "$(dirname "$0")/../lib.sh"

PROBE=$(cd "$(dirname "$0")" && pwd)/cellprobe

# cells NS - how many there are
cells() {
	"$UTCPCTL" -n "$1" -j cell show | gojq length
}

probe() {
	load utcp
	ns_add t-a
	expect_tap "in a namespace without cells" ns t-a "$PROBE"
	expect_eq "and none is left" 0 "$(cells t-a)"
}

# Namespaces end while cells are made in them, and the module with cells in it.
under_load() {
	local i mark

	load utcp
	mark=$(dmesg_mark)
	for i in 1 2 3; do
		must ip netns add "t-$i"
		spawn "$WORK/churn-$i" ip netns exec "t-$i" "$PROBE" -c 100000
	done
	for i in 1 2 3; do
		_some() {
			[ "$(cells "t-$i")" -gt 0 ]
		}
		wait_for "cells are made" 20 _some
		# It goes when the last process in it has gone.
		expect_ok "the namespace ends" ip netns del "t-$i"
	done
	for i in $(jobs -p); do
		pkill -P "$i"
		kill "$i" 2>/dev/null
	done
	wait
	ns_add t-a
	must "$UTCPCTL" -n t-a cell new
	unload_all
	expect_rc "the module goes with cells in it" 1 loaded utcp
	load utcp
	expect_eq "and they with it" 0 "$(cells t-a)"
	expect_quiet "no complaint" "$mark"
}

run_tests \
	probe "odd requests, rights and user namespaces" \
	under_load "namespaces and the module end while cells are made"
