#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices that could limit rates themselves, by the kernel's family net-shaper: their
# bindings say so, and classes hold without it. The device is utcp_shaper_test.ko's.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

# offers DEVICE - what the bindings of a device say
offers() {
	utcp host -j shaper bindings "$1" | gojq -c 'map(.["net-shaper"])'
}

hardware() {
	kernel_has veth
	[ "$(uname -r | cut -d . -f 1)" -ge 7 ] || skip_test "the kernel has no net-shaper"
	namespaces
	veth host h1 box1 p0
	must insmod "$MODULES/shaper/utcp_shaper_test.ko"
	defer rmmod utcp_shaper_test
	must ip link set hardware0 netns host
	must ip -n host link set hardware0 up
	shape add s1 bw-max 10m
	must utcp host port add h1 policy
	must utcp host port add hardware0 policy
	shape bind h1 out s1
	shape bind hardware0 in s1
	shape bind hardware0 out s1
	expect_eq "one that does" "[true,true]" "$(offers hardware0)"
	expect_eq "one that does not" "[false]" "$(offers h1)"
	expect_match "in words" "hardware0.* net-shaper" "$(utcp host shaper bindings hardware0)"
}

run_tests \
	hardware "a device that offers net-shaper"
