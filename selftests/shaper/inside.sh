#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the root of a sandbox, who has all capabilities in a user namespace of his own,
# tries against the class of his link, where nobody has an access list for him: the shaper
# is the only stage there is.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/../netswitch/inside.sh"

# So slow that any flood is faster, on any machine.
KBIT=64
MS=1000

# rooted - a sandbox of the host's, at its port h1; what its d1 sends to 10.9.1.1 is
# redirected to its link
rooted() {
	kernel_has act_mirred cls_matchall cls_flower sch_ingress ifb dummy
	namespaces
	sandbox_in host
	must ip -n host link add h1 type veth peer name p0 netns "$SANDBOX"
	must ip -n host link set h1 up
	addr host h1 10.9.1.1/24
	must utcp host port add h1 policy
	must inside ip -batch - <<-END
		link set p0 up
		link add d1 up type dummy
		link set d1 arp on
		addr add 10.9.1.2/24 dev d1
		neigh add 10.9.1.1 lladdr $(ns host cat /sys/class/net/h1/address) dev d1
	END
	shape add s1 bw-max ${KBIT}k
}

# floods FILE - what comes of all that d1 can send
floods() {
	spawn "$WORK/$1" ns host "$FLOOD" recv 5001 "$MS" 1
	waits_for_flow "$WORK/$1"
	must inside "$FLOOD" send 10.9.1.1 5001 1000 $((MS + 200)) 1
	BYTES=$(received "$WORK/$1" bytes)
}

# shaped LABEL FILE - that is no more than its class lets through, with a burst of 5 ms
shaped() {
	local start=${EPOCHREALTIME/./} most

	floods "$2"
	# A busy host makes it longer.
	most=$((KBIT * ((${EPOCHREALTIME/./} - start) / 1000 + 5) / 8 + 1514))
	expect_ok "$1: no more than its rate ($BYTES of $most bytes)" test "$BYTES" -le "$most"
}

by_ifb() {
	rooted
	expect_ok "nobody is bound: he may have an ifb" ifb
	floods free
	expect_ok "by which he sends ($BYTES bytes)" test "$BYTES" -gt $((KBIT * MS / 4))
	expect_ok "that does not keep the host from binding his port" utcp host shaper bind h1 in s1
	expect_fail_with "it is down then, and stays so" "skip the hooks" inside ip link set f0 up
	no_ifb
	expect_fail "from then on he gets none" ifb
	must redirected
	shaped "a redirect" redirect
	expect_sums "redirect"
	shape bind h1 out s1
	shape unbind h1 in
	expect_fail "nor as long as one direction is bound" inside ip link add f0 type ifb
	shape unbind h1 out
	expect_ok "nobody is bound: he may have one" inside ip link add f0 type ifb
	must inside ip link del f0
	shape bind h1 in s1
	unload utcp_shaper
	expect_ok "nor is anybody without the module" inside ip link add f0 type ifb
}

run_tests \
	by_ifb "an ifb"
