#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Basics: a sandbox sends by its own addresses only, and finds its neighbours without a
# rule.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

# ping_ [-I ADDRESS] ADDRESS - from the sandbox
ping_() {
	ns t-b ping -q -c 1 -W 1 "$@"
}

spoofed() {
	binding '.out.drops.spoof // 0'
}

basics() {
	local mac ll was addr

	pair
	must ip -n t-a link set p0 netns t-b
	for addr in "t-a h0 1" "t-b p0 2"; do
		# shellcheck disable=SC2086 # three words
		set -- $addr
		ns "$1" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=0"
		must ip -n "$1" link set "$2" up
		addr "$1" "$2" "10.9.0.$3/24"
		addr "$1" "$2" "fd00::$3/64"
	done
	mac=$(ns t-b cat /sys/class/net/p0/address)
	_ll() {
		ip -n t-b -j addr show p0 | gojq -er '.[0].addr_info[] | select(.scope == "link") | .local'
	}
	wait_for "it has a link-local address" 20 _ll
	ll=$(_ll)
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow proto icmp icmp 8
		out allow proto icmpv6 icmp 128
	END
	must bind box
	expect_fail "without basics no neighbour is found" ping_ 10.9.0.1
	addr=10.9.0.2,fd00::2,$ll
	expect_ok "with basics" acl t-a bind h0 box mac "$mac" addr "$addr"
	expect_ok "it is by IPv4" ping_ 10.9.0.1
	expect_ok "and by IPv6" ping_ fd00::1
	expect_eq "which nothing of is spoofed" 0 "$(spoofed)"
	expect_fail "but no rule allows the host to begin" ns t-a ping -q -c 1 -W 1 10.9.0.2
	addr t-b p0 10.9.0.66/24
	expect_fail "another address is of no use" ping_ -I 10.9.0.66 10.9.0.1
	was=$(spoofed)
	expect_eq "and counted" true "$( ((was > 0)) && echo true)"
	must acl t-a add box out allow
	expect_fail "also where rules allow all" ping_ -I 10.9.0.66 10.9.0.1
	expect_eq "which is saved" "bind h0 box mac $mac addr $addr" "$(acl t-a save | grep ^bind)"
	acl t-a -j save >"$WORK/json"
	must acl t-a unbind h0
	expect_ok "and restored" acl t-a restore "$WORK/json"
	must ip -n t-b link set p0 address 02:00:00:00:00:77
	expect_fail "so is another MAC address" ping_ 10.9.0.1
	expect_eq "as well" true "$( (($(spoofed) > 0)) && echo true)"
	must bind box
	must acl t-a add box in allow ethertype arp
	# It asks for its neighbour again in a second.
	wait_for "without basics the rules decide again" 30 ping_ 10.9.0.1
}

run_tests \
	basics "a sandbox has its own addresses and no others"
