#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rejecting: who sends what is forbidden is told at once, and as nft would.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)

# addresses NS DEV LAST - of IPv4 and IPv6
addresses() {
	must ip netns exec "$1" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=0"
	must ip -n "$1" link set "$2" up
	addr "$1" "$2" "10.9.$4.$3/24"
	addr "$1" "$2" "fd00:$4::$3/64"
}

# two - the sandbox is t-b, with p0; both ends have addresses, also in VLAN 5
two() {
	pair
	kernel_has 8021q
	must ip -n t-a link set p0 netns t-b
	addresses t-a h0 1 0
	addresses t-b p0 2 0
	must ip -n t-a link add link h0 name h5 type vlan id 5
	must ip -n t-b link add link p0 name p5 type vlan id 5
	addresses t-a h5 1 5
	addresses t-b p5 2 5
	cat >"$WORK/box" <<-'END'
		policy box in reject out reject
		out allow ethertype arp
		in allow ethertype arp
		out allow proto icmpv6 icmp 135
		out allow proto icmpv6 icmp 136
		in allow proto icmpv6 icmp 135
		in allow proto icmpv6 icmp 136
	END
	must acl t-a apply "$WORK/box"
}

# attempts NS ADDRESS... - what a program there is told
attempts() {
	local ns=$1

	shift
	ns "$ns" "$HERE/aclreject" 81 "$@"
}

told() {
	local want frames

	two
	kernel_has nft_reject_inet
	must ns t-a nft -f - <<-'END'
		table inet t {
			chain in {
				type filter hook input priority 0;
				meta l4proto tcp reject with tcp reset
				meta l4proto udp reject with icmpx admin-prohibited
			}
		}
	END
	want=$(attempts t-b 10.9.0.1 fd00:0::1)
	must ns t-a nft delete table inet t
	must bind box
	expect_ok "within a second" attempts t-b 10.9.0.1 fd00:0::1
	expect_eq "the sandbox is told what nft tells" "$want" "$OUT"
	expect_match "which of TCP is that it is refused" '^tcp 10.9.0.1 ECONNREFUSED$' "$OUT"
	expect_eq "and all four were answered" true "$(binding '.out.rejected >= 4 and .out.rejected <= .out.drops.default')"
	expect_ok "in a VLAN" attempts t-b 10.9.5.1 fd00:5::1
	expect_eq "as well" "$(sed 's/10.9.0.1/10.9.5.1/; s/fd00:0/fd00:5/' <<<"$want")" "$OUT"
	expect_ok "who sends to it" attempts t-a 10.9.0.2 fd00:0::2
	expect_eq "is told the same" "$(sed 's/10.9.0.1/10.9.0.2/; s/fd00:0::1/fd00:0::2/' <<<"$want")" \
		"$OUT"
	expect_ok "in a VLAN" attempts t-a 10.9.5.2 fd00:5::2
	expect_match "as well" '^udp 10.9.5.2 E' "$OUT"
	must acl t-a add box out deny proto udp
	must acl t-a add box out reject proto tcp
	ns t-b "$HERE/aclreject" 81 10.9.0.1 >"$WORK/told"
	expect_match "by a rule" '^tcp 10.9.0.1 ECONNREFUSED$' "$(<"$WORK/told")"
	expect_match "and not where one denies" '^udp 10.9.0.1 EAGAIN$' "$(<"$WORK/told")"
	# Both ends of the link refuse all that comes and goes.
	acl t-a save box | must acl t-b apply -
	must "$UTCPCTL" -n t-b port add p0 policy
	must acl t-b set box out allow
	must acl t-b bind p0 box
	must acl t-a apply "$WORK/box"
	expect_ok "each refuses" attempts t-b 10.9.0.1 fd00:0::1
	expect_match "and says so" '^tcp 10.9.0.1 ECONNREFUSED$' "$OUT"
	must acl t-b set box out reject
	expect_ok "its own" attempts t-b 10.9.0.1 fd00:0::1
	expect_match "too" '^tcp 10.9.0.1 ECONNREFUSED$' "$OUT"
	frames=$(binding '.out.frames + .in.frames')
	expect_eq "there is no end of frames" true "$( ((frames < 200)) && echo true)"
}

# A flood is answered as far as the budget goes.
flood() {
	local start rejected

	pair
	must acl t-a new box out reject
	must bind box
	start=$(date +%s%N)
	must ns t-a "$FRAMES" tuples p0 "$MAC"
	rejected=$(binding .out.rejected)
	expect_eq "no more than the budget, which is $rejected of 4000" true \
		"$( ((rejected <= 4 * 100 + 1000 * (1 + ($(date +%s%N) - start) / 1000000000))) && echo true)"
	expect_eq "but some" true "$( ((rejected >= 100)) && echo true)"
	expect_eq "all were dropped" 4000 "$(binding .out.drops.default)"
}

# What a bridge hands to all its ports is for one of them.
flooded() {
	local third

	pair
	kernel_has bridge
	ns_add t-c
	ns t-c sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	must ip -n t-a link set p0 netns t-b
	must ip -n t-a link add br0 type bridge
	must ip -n t-a link add h1 type veth peer name p1 netns t-c
	must ip -n t-a link set h0 master br0
	must ip -n t-a link set h1 master br0
	must ip -n t-a link set h1 up
	must ip -n t-a link set br0 up
	must ip -n t-b link set p0 up
	must ip -n t-c link set p1 up
	addr t-a br0 10.9.0.1/24
	addr t-b p0 10.9.0.2/24
	# It has no address, and is silent: nobody knows at which port it is.
	third=$(ns t-c cat /sys/class/net/p1/address)
	must ip -n t-a neigh replace 10.9.0.3 lladdr "$third" dev br0
	must acl t-a new box in reject
	must bind box
	ns t-a "$HERE/aclreject" 81 10.9.0.3 >"$WORK/told"
	expect_eq "for another one nobody answers" "tcp 10.9.0.3 EINPROGRESS" "$(head -n 1 "$WORK/told")"
	expect_eq "though its frames came" true "$(binding '.in.drops.default > 0 and .in.rejected == 0')"
	expect_no_match "and the bridge does not believe it to be here" "$third dev h0" \
		"$(bridge -n t-a fdb show br br0)"
	must ip -n t-a neigh replace 10.9.0.2 lladdr "$(ns t-b cat /sys/class/net/p0/address)" dev br0
	must acl t-a bind h0 box mac "$(ns t-b cat /sys/class/net/p0/address)" addr 10.9.0.2
	ns t-a "$HERE/aclreject" 81 10.9.0.2 >"$WORK/told"
	expect_eq "but for its own, which the basics say" "tcp 10.9.0.2 ECONNREFUSED" \
		"$(head -n 1 "$WORK/told")"
}

run_tests \
	told "who sends what is forbidden is told, and answers are not answered" \
	flooded "on a bridge nobody answers for another one" \
	flood "a flood is answered as far as the budget goes"
