#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists of whole namespaces: set inside, imposed from outside, and of those that
# are born closed.
#
#	ROUNDS	namespaces that are born while they send (default: 8)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

ROUNDS=${ROUNDS:-8}
RACE=$(cd "$(dirname "$0")" && pwd)/aclrace

# init ARGS... - the tool here, in the initial namespace
init() {
	"$UTCPCTL" "$@"
}

# two - t-a and t-b with a link: a0 10.9.0.1 and b0 10.9.0.2
two() {
	kernel_has veth
	load utcp_acl
	ns_add t-a t-b
	veth t-a a0 t-b b0
	addr t-a a0 10.9.0.1/24
	addr t-b b0 10.9.0.2/24
}

# ping NS ADDRESS - one echo
ping1() {
	ns "$1" ping -c 1 -W 1 -q "$2"
}

# devices NS KIND - how many have hooks of it
devices() {
	"$UTCPCTL" ${1:+-n "$1"} -j acl bindings | gojq ".[] | select(.kind == \"$2\").devices"
}

none_imposed() {
	[ "$(init -j acl bindings | gojq 'map(select(.kind == "imposed")) | length')" = 0 ]
}

own() {
	two
	must acl t-b new narrow
	must acl t-b add narrow out allow proto icmp
	must acl t-b add narrow out allow ethertype arp
	must acl t-b add narrow in allow ethertype arp
	must acl t-b add narrow in allow proto udp
	expect_ok "an echo goes through" ping1 t-b 10.9.0.1
	expect_ok "the namespace binds itself" acl t-b bind-own narrow
	expect_eq "its device has hooks, lo has none" 1 "$(devices t-b own)"
	expect_ok "what it allows out goes, and the answer comes" ping1 t-b 10.9.0.1
	expect_eq "the device has the flow, with its rule" '["icmp","own",true]' \
		"$("$UTCPCTL" -n t-b -j flow list b0 | gojq -c '.[0] | [.proto, .binding, .rule > 0]')"
	expect_rc "one that nothing is bound to has none" 3 "$UTCPCTL" -n t-b flow list lo
	expect_ok "it is flushed" "$UTCPCTL" -n t-b flow flush b0
	expect_eq "and gone" 0 "$("$UTCPCTL" -n t-b -j flow list b0 | gojq length)"
	expect_fail "what it does not allow in does not come" ping1 t-a 10.9.0.2
	expect_ok "lo is free" ping1 t-b 127.0.0.1
	expect_fail "its policy stays" acl t-b del narrow
	expect_rc "its port stays" 4 "$UTCPCTL" -n t-b port del b0
	expect_rc "with its policy" 4 "$UTCPCTL" -n t-b port set b0 demux
	expect_ok "but may have more" "$UTCPCTL" -n t-b port set b0 demux policy

	# What comes later is bound before it is up.
	must ip -n t-a link add a1 type veth peer name b1
	must ip -n t-a link set b1 netns t-b
	expect_eq "a device that moves in has hooks" 2 "$(devices t-b own)"
	must ip -n t-b link set b1 netns t-a
	expect_eq "and none when it has left" 1 "$(devices t-b own)"
	expect_fail "where it is no port" "$UTCPCTL" -n t-a port show b1
	must ip -n t-b link add d0 type dummy
	expect_eq "a new one has" 2 "$(devices t-b own)"
	must ip -n t-b link del d0
	if modprobe -q ipip && ip -n t-b link add i0 type ipip remote 10.9.0.1 local 10.9.0.2; then
		expect_fail_with "one without Ethernet frames stays down" "not an Ethernet device" \
			ip -n t-b link set i0 up
		must ip -n t-b link del i0
	fi
	must "$UTCPCTL" -n t-b limit set utcp-acl policies 0
	must "$UTCPCTL" -n t-b limit set netswitch ports 1
	expect_fail "without room for its port there is no new device" \
		ip -n t-b link add d0 type dummy
	must ip -n t-a link set b1 netns t-b
	expect_fail_with "one that moves in stays down" "as many ports as its limit" \
		ip -n t-b link set b1 up
	must "$UTCPCTL" limit set netswitch ports 1024
	must "$UTCPCTL" -n t-b limit set netswitch ports 2 # nobody raises it above what it was
	expect_ok "until there is room" ip -n t-b link set b1 up
	expect_fail "the module stays" rmmod utcp_acl

	must "$UTCPCTL" -n t-b limit set utcp-acl policies 2
	must acl t-b new open in allow out allow
	expect_ok "another policy gives way to it" acl t-b bind-own open
	expect_ok "at once" ping1 t-a 10.9.0.2
	expect_ok "the one before can go" acl t-b del narrow
	expect_ok "it unbinds itself" acl t-b unbind-own
	expect_fail "its devices are no ports, but for the one that was changed" \
		"$UTCPCTL" -n t-b port show b1
	expect_fail "it is bound no more" acl t-b unbind-own
}

# What is bound to a port that a binding of the namespace has made outlives that.
other() {
	two
	must acl t-b new narrow
	must acl t-b new box
	must acl t-b bind-own narrow
	must ip -n t-b link add d0 type dummy
	must ip -n t-b link add d1 type dummy
	expect_ok "a device is bound by itself, too" acl t-b bind d0 box
	expect_ok "another is asked for as a port" "$UTCPCTL" -n t-b port add d1 policy
	expect_rc "once" 2 "$UTCPCTL" -n t-b port add d1 policy
	must acl t-b unbind-own
	expect_eq "what is bound stays so" box \
		"$(acl t-b -j bindings | gojq -r '.[] | select(.bind == "d0").policy')"
	expect_ok "what was asked for stays a port" "$UTCPCTL" -n t-b port show d1
	expect_fail "others are none" "$UTCPCTL" -n t-b port show b0
	must acl t-b bind-own narrow
	must acl t-b bind d1 box
	expect_ok "who asked for it gives it back" "$UTCPCTL" -n t-b port del d1
	expect_eq "with what he has bound" 0 \
		"$(acl t-b -j bindings | gojq 'map(select(.bind == "d1")) | length')"
	expect_ok "the namespace still has it" "$UTCPCTL" -n t-b port show d1
	expect_rc "until it lets go" 4 "$UTCPCTL" -n t-b port del d1
	must acl t-b unbind-own
	expect_fail "then it is none" "$UTCPCTL" -n t-b port show d1
}

imposed() {
	two
	must init acl new fence
	defer init acl del fence
	must init acl add fence out allow proto icmp
	must init acl add fence out allow ethertype arp
	must init acl add fence in allow ethertype arp
	expect_ok "a policy is imposed" init acl impose t-b fence
	expect_eq "on its device" 1 "$(devices "" imposed)"
	expect_eq "of that namespace" "$(stat -Lc %i /run/netns/t-b)" \
		"$(init -j acl bindings | gojq '.[] | select(.kind == "imposed").netns')"
	expect_eq "inside that is seen, but not what" '{"devices":1,"kind":"imposed"}' \
		"$(acl t-b -j bindings | gojq -c '.[0]')"
	expect_ok "what it allows goes" ping1 t-b 10.9.0.1
	expect_fail "what it does not allow does not" ping1 t-a 10.9.0.2
	expect_eq "inside its flow is seen, but not the rule" '["imposed","icmp",null]' \
		"$("$UTCPCTL" -n t-b -j flow list b0 | gojq -c '.[0] | [.binding, .proto, .rule]')"
	expect_eq "outside the rule, too" "$(init -j acl show fence |
		gojq -c '["b0", "imposed", (.[] | select(.proto == "icmp").handle)]')" \
		"$(init -j flow imposed t-b | gojq -c '.[0] | [.port, .binding, .rule]')"
	expect_rc "nobody inside asks for that" 5 "$UTCPCTL" -n t-b flow imposed /proc/self/ns/net

	# Who is inside can only narrow.
	expect_rc "nobody inside imposes" 5 acl t-b impose /proc/self/ns/net fence
	expect_rc "or ends it" 5 acl t-b release /proc/self/ns/net
	must acl t-b new open in allow out allow
	must acl t-b bind-own open
	expect_fail "what is allowed inside is not allowed" ping1 t-a 10.9.0.2
	must acl t-b new closed
	must acl t-b bind-own closed
	expect_fail "what is not allowed inside is not, either" ping1 t-b 10.9.0.1
	expect_eq "both count" "true" "$(init -j acl bindings -s |
		gojq '.[] | select(.kind == "imposed") | .out.frames > 0 and .in.drops.default > 0')"
	must acl t-b unbind-own
	expect_rc "its ports stay" 4 "$UTCPCTL" -n t-b port del b0
	must "$UTCPCTL" -n t-b limit set netswitch ports 0
	expect_fail "nor is there a device without hooks" ip -n t-b link add d0 type dummy
	must ip -n t-a link set a0 netns t-b
	must init acl impose t-b fence
	expect_fail "one that moved in stays down, whatever is said meanwhile" \
		ip -n t-b link set a0 up
	must ip -n t-b link set a0 netns t-a
	must ip -n t-a link set a0 up
	addr t-a a0 10.9.0.1/24

	expect_ok "another policy can be imposed" init acl new wide in allow out allow
	defer init acl del wide
	expect_ok "at once" init acl impose t-b wide
	expect_ok "and opens it" ping1 t-a 10.9.0.2
	must init acl impose t-b fence
	expect_fail "the module stays" rmmod utcp_acl
	must ip netns del t-b
	must ip netns add t-b
	wait_for "it ends with its namespace" 20 \
		none_imposed
	must init acl impose t-b fence
	expect_ok "it can be ended" init acl release t-b
	expect_fail "once" init acl release t-b
	expect_fail "not on the initial namespace" init acl impose /proc/1/ns/net fence
}

born() {
	kernel_has veth
	unload_all
	must insert netswitch
	expect_fail "the option has two values" insmod "$(ko utcp_acl)" new_netns=open
	ns_add t-a
	ns t-a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	expect_ok "namespaces send as soon as they can" ns t-a "$RACE" free 2 any -
	expect_no_match "and are heard" '^0$' "$OUT"
	must insmod "$(ko utcp_acl)" new_netns=deny
	expect_eq "those that were there are free" "" "$(devices t-a imposed)"
	expect_eq "nothing comes out of those that are made, from the first instant" 0 \
		"$(ns t-a "$RACE" born "$ROUNDS" any -)"
	wait_for "and they end" 20 \
		none_imposed
	must ip netns add t-b
	defer ip netns del t-b
	must ip -n t-b link set lo up
	expect_eq "new ones are bound" 0 "$(devices t-b imposed)"
	must ip -n t-a link add a0 type veth peer name b0 netns t-b
	must ip -n t-a link set a0 up
	must ip -n t-b link set b0 up
	addr t-a a0 10.9.0.1/24
	addr t-b b0 10.9.0.2/24
	expect_ok "lo is free" ping1 t-b 127.0.0.1
	expect_fail "nothing comes out" ping1 t-b 10.9.0.1
	expect_fail "or in" ping1 t-a 10.9.0.2
	expect_fail "its policy stays" init acl del new-netns
	must init acl add new-netns out allow proto icmp
	must init acl add new-netns out allow ethertype arp
	must init acl add new-netns in allow ethertype arp
	# nobody was found before
	must ip -n t-a neigh flush all
	must ip -n t-b neigh flush all
	expect_ok "rules open all of them" ping1 t-b 10.9.0.1
	expect_fail "the module stays" rmmod utcp_acl
	must ip netns del t-b
	wait_for "until they have gone" 20 rmmod utcp_acl
	must ip netns add t-b
}

run_tests \
	own "a namespace binds itself" \
	other "and what is bound in it otherwise" \
	imposed "what is imposed on a namespace" \
	born "namespaces that are born closed"
