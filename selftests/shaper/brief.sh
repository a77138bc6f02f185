#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What shaper.sh has of ends under load, in one go and in short: for a debug kernel in CI,
# where shaper.sh takes too long.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

brief() {
	local mark i n=100

	sandboxes
	mark=$(dmesg_mark)
	slow_class
	shape bind h1 in s1
	busy
	{
		echo "shaper add many bw-max 1g"
		for ((i = 0; i < n; i++)); do echo "shaper add c$i parent many bw-max 1m"; done
	} >"$WORK/add"
	sed -n 's/shaper add \(c[0-9]*\) .*/shaper del \1/p' "$WORK/add" >"$WORK/del"
	expect_ok "$n classes are made under load" utcp host -b "$WORK/add"
	expect_ok "and removed" utcp host -b "$WORK/del"
	must ip -n host link set h1 down
	flushed "the device goes down"
	must ip -n host link set h1 up
	wait_for "frames wait again" 20 busy_now
	shape unbind h1 in
	shape del s1
	expect_eq "the class goes, and none of its frames stays" 0 "$(port_value host h1 .in.held)"
	slow_class
	shape bind h1 in s1
	wait_for "and again" 20 busy_now
	expect_ok "the module goes under load" rmmod utcp_shaper
	expect_eq "frames go on" 0 "$(port_value host h1 .in.held)"
	load utcp_shaper
	slow_class
	shape bind h1 in s1
	wait_for "and once more" 20 busy_now
	must ip netns del host
	expect_ok "the module goes behind the namespace" rmmod utcp_shaper
	expect_quiet "nothing is said" "$mark"
}

run_tests \
	brief "modules, devices, classes and a namespace end under load"
