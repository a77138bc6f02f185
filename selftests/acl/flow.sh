#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Flows: what was allowed is remembered.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

STEPS=$(cd "$(dirname "$0")" && pwd)/aclflow

# steps TABLE - all of them are as they should be
steps() {
	expect_tap "$1" ns t-a "$STEPS" "$1"
}

# flows PATH - of the list, by its path
flows() {
	"$UTCPCTL" -n t-a -j flow list | gojq -rc "$1"
}

closed() {
	pair
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow proto udp dport 53 mark 9
		out allow proto tcp dport 80
		out allow proto icmp icmp 8
	END
	must bind box
}

steps_of_flows() {
	local rule

	closed
	steps first
	expect_eq "the counters add up" true "$(binding '.out, .in' | gojq -s \
		'all(.frames == .allowed + ([.drops[]] | add // 0))')"
	expect_eq "fragments have their reason" 4 "$(binding out.drops.fragment)"
	rule=$(handle t-a box 0)
	expect_eq "the query is listed, with its rule" "out udp 10.9.0.2 10.9.0.1 53 replied $rule 1 1" \
		"$(flows '.[] | select(.proto == "udp" and .src == "10.9.0.2" and .sport == 4000) |
		"\(.direction) \(.proto) \(.src) \(.dst) \(.dport) \(.state) \(.rule) \(.packets) \(.["reply-packets"])"')"
	_reset_is_gone() {
		[ "$(flows 'map(select(.proto == "tcp")) | length')" = 0 ]
	}
	wait_for "a connection that was reset is forgotten" 30 _reset_is_gone
	# A query by IPv4 and by IPv6, a first fragment's, and its packet; an echo.
	limit t-a flows 1 >/dev/null
	steps full
	expect_ok "flushed" "$UTCPCTL" -n t-a flow flush h0
	expect_eq "all of them" 0 "$(flows length)"
	limit t-a flows 1000 >/dev/null
	steps flushed
	must acl t-a new other
	must bind other
	expect_eq "another policy begins anew" 0 "$(flows length)"
	must bind box
	must ns t-a "$STEPS" flushed
	must acl t-a unbind h0
	expect_eq "nor are there any without a binding" 0 "$(flows length)"
}

# Only who knows the sequence resets a connection; a rule's MAC addresses hold for answers.
forged() {
	closed
	steps forged
	_state() {
		flows '.[] | select(.sport == 6000) | .state'
	}
	expect_eq "a forged reset changes nothing" established "$(_state)"
	steps reset
	expect_eq "a real one does" closed "$(_state)"
	acl t-a apply - >/dev/null <<-END
		policy box
		out allow proto udp dport 53 smac $(ns t-a cat /sys/class/net/p0/address)
	END
	must "$UTCPCTL" -n t-a flow flush
	steps macs
}

# Frames that pass without a rule belong to a flow from the moment that one is there.
later() {
	pair
	acl t-a apply - >/dev/null <<-'END'
		policy box in allow out allow
		out allow proto udp sport 4433 mark 9
	END
	must bind box
	steps called
	expect_eq "the last one was a reply" "out 4433 replied 1 1" \
		"$(flows '.[] | "\(.direction) \(.sport) \(.state) \(.packets) \(.["reply-packets"])"')"
}

# Random tuples, of UDP and SYN: bounded memory, and what there is goes on.
# What an error is about may lie in pages, though all before it does not.
pages() {
	kernel_has tun
	load utcp_acl
	ns_add t-a
	ns t-a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	must mkfifo "$WORK/pages.in"
	exec {PAGES}<>"$WORK/pages.in"
	ip netns exec t-a "$(dirname "$STEPS")/aclpages" h0 <&"$PAGES" >"$WORK/pages" 2>&1 &
	defer _stop $!
	wait_for "there is a tap" 10 grep -qs ready "$WORK/pages"
	must "$UTCPCTL" -n t-a port add h0 policy
	acl t-a apply - >/dev/null <<-'END'
		policy box
		in allow proto udp dport 53
	END
	must bind box
	must ip -n t-a link set h0 up
	echo >&"$PAGES"
	wait_for "its frames have come" 10 grep -qs "done" "$WORK/pages"
	expect_eq "an error about an allowed flow passes, in one piece or not" '{"allowed":2,"drops":{}}' \
		"$(binding '.out | {allowed, drops: (.drops | with_entries(select(.value > 0)))}')"
	expect_eq "as the flow does" 1 "$(binding .in.allowed)"
}

flood() {
	closed
	limit t-a flows 500 >/dev/null
	steps flushed
	steps connected
	must ns t-a "$FRAMES" tuples p0 "$MAC"
	expect_eq "no more than three quarters of the limit" 375 "$(flows length)"
	expect_eq "of both" '["tcp","udp"]' "$(flows '[.[].proto] | unique')"
	expect_eq "all frames went on" '{}' "$(binding out.drops)"
	steps full
	steps going
}

run_tests \
	steps_of_flows "replies are allowed, and what only looks like them is not" \
	forged "only who knows the sequence resets a connection; answers have the rule's stations" \
	later "a flow that begins between frames that pass anyway" \
	pages "an error whose packet lies in pages" \
	flood "a flood of tuples takes no more than the limit and cuts no flow"
