#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists: every known way round the hooks of a port, tried by the root of a
# sandbox who has all capabilities in a user namespace of his own. Each way is seen to
# lead out while the policy is open, and must not while it is not.
#
#	ROUNDS	links that come and go while their sandboxes send (default: 8)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"
. "$(dirname "$0")/../netswitch/inside.sh"

RACE=$(cd "$(dirname "$0")" && pwd)/aclrace
ROUNDS=${ROUNDS:-8}
WAYS=$(cd "$(dirname "$0")" && pwd)/aclways

# sandbox - t-a with a bridge of h0, the host's end of the sandbox's link, and of c0,
# whose other end c1 gets all that comes out; the sandbox's process is $SANDBOX. Devices
# in it as aclways wants them.
sandbox() {
	kernel_has veth bridge act_mirred cls_matchall sch_ingress
	# Root of a user namespace may ask for these itself, but in a test's time.
	modprobe -qa macvlan vxlan ip_gre 8021q dummy ifb
	load utcp_acl
	ns_add t-a
	ns t-a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	sandbox_in t-a
	must ip -n t-a -batch - <<-END
		link add h0 type veth peer name p0 netns $SANDBOX
		link add c0 type veth peer name c1
		link add br0 type bridge mcast_snooping 0
		link set h0 master br0
		link set c0 master br0
		link set c0 up
		link set c1 up
		link set h0 up
		link set br0 up
	END
	must "$UTCPCTL" -n t-a port add h0 policy
	must inside ip -batch - <<-END
		link set lo up
		link set p0 up
		addr add 10.9.0.2/24 dev p0
		addr add fd09::2/64 dev p0 nodad
		neigh add 10.9.0.1 lladdr 02:00:00:00:00:99 dev p0
		neigh add fd09::1 lladdr 02:00:00:00:00:99 dev p0
		link add d0 up type dummy
		link add d1 up type dummy
		link add w0 type veth peer name w1
		link set w0 up
		link set w1 up
	END
	# Not every kernel has all of them.
	inside ip -force -batch - >/dev/null 2>&1 <<-END
		link add v0 link p0 up type vlan id 5
		link add m0 link p0 up type macvlan
		link add x0 up type vxlan id 1 remote 10.9.0.1 dstport 4789 dev p0
		link add g0 up type gretap remote 10.9.0.1 local 10.9.0.2
	END
	must inside tc -batch - <<-END
		qdisc add dev d0 clsact
		filter add dev d0 egress matchall action mirred egress redirect dev p0
		qdisc add dev w1 clsact
		filter add dev w1 ingress matchall action mirred egress redirect dev p0
	END
	must inside "$UTCPCTL" port add p0
}

# try [TAP] - all ways; $LED: those that led out, as far as TAP, in a line; $HERE: those there
# are
try() {
	ns t-a "$WAYS" "$SANDBOX" "${1:-c1}" >"$WORK/ways" 2>"$WORK/reasons" ||
		fail "aclways: $(cat "$WORK/reasons")"
	LED=$(awk '$2 == "out" { print $1 }' "$WORK/ways" | paste -sd ' ')
	HERE=$(awk '$2 != "none" { print $1 }' "$WORK/ways" | paste -sd ' ')
}

ways() {
	sandbox
	must acl t-a new open in allow out allow
	must acl t-a new closed
	must acl t-a add closed out allow proto udp dst 10.9.0.1 dport 53
	must acl t-a bind h0 open
	try
	# A header that is torn, not finished, or routes elsewhere is malformed to any policy, and
	# there is no ifb here.
	expect_eq "each way there is leads out while the policy is open" \
		"$(grep -vxe ifb -e tiny-fragment -e source-route -e sum-port <<<"${HERE// /$'\n'}" | paste -sd ' ')" "$LED"
	for way in packet qdisc-bypass tx-ring vlan-tag qinq arp redirect-out redirect-in udp udp6 \
		raw raw6 sum xdp ring; do
		[[ " $LED " == *" $way "* ]] || fail "$way: $(cat "$WORK/reasons")"
	done
	note "not on this kernel: $(awk '$2 == "none" { print $1 }' "$WORK/ways" | paste -sd ' ')"
	must acl t-a bind h0 closed
	try
	expect_match "a source route is tried" '^source-route in$' "$(cat "$WORK/ways")"
	expect_match "a sum is tried over the port that was judged" '^sum-port in$' "$(cat "$WORK/ways")"
	expect_eq "only what it allows while it is closed" "allowed sum" "$LED"
	expect_eq "frames are allowed or dropped" true \
		"$(binding 'out | .frames == .allowed + ([.drops[]] | add) and .frames > 10')"
}

# Who is inside finds no handle on what binds him.
handles() {
	sandbox
	must acl t-a new closed
	must acl t-a bind h0 closed
	expect_eq "he sees no policy" 0 "$(inside "$UTCPCTL" -j acl show | gojq length)"
	expect_eq "and no binding" 0 "$(inside "$UTCPCTL" -j acl bindings | gojq length)"
	expect_rc "he unbinds no port of the host" 3 inside "$UTCPCTL" acl unbind h0
	expect_fail "nor by its number" inside "$UTCPCTL" port del h0
	must inside "$UTCPCTL" acl new closed in allow out allow
	expect_rc "a policy of the same name is his own" 2 inside "$UTCPCTL" acl bind p0 closed
	must inside "$UTCPCTL" port set p0 demux policy
	expect_ok "which binds his own end" inside "$UTCPCTL" acl bind p0 closed
	expect_ok "he flushes his flows" inside "$UTCPCTL" flow flush
	expect_fail "he raises no limit" inside "$UTCPCTL" limit set utcp-acl flows 1000000
	expect_fail "he moves nothing to the host" inside ip link set w0 netns t-a
	must inside ip link set p0 down
	must inside ip link set p0 name q0
	must inside ip link set q0 address 02:00:00:00:00:07 mtu 1400
	must inside ip link set q0 name p0 up
	must inside ip neigh replace 10.9.0.1 lladdr 02:00:00:00:00:99 dev p0
	must inside ip neigh replace fd09::1 lladdr 02:00:00:00:00:99 dev p0
	try
	expect_eq "nothing of that lets anything out" "" "$LED"
	expect_eq "the policy is what it was" '["closed","deny"]' \
		"$(acl t-a -j show | gojq -c '.[0] | [.policy, .out]')"
	expect_eq "the port is bound to it" closed "$(binding '.policy')"
}

# Hooks in his own reach hold against mistakes. What documents say leads round them does.
own_hooks() {
	sandbox
	must inside "$UTCPCTL" acl new closed
	must inside "$UTCPCTL" acl bind-own closed
	try
	expect_eq "nothing but AF_XDP goes round the hooks of the namespace" xdp "$LED"
	must inside "$UTCPCTL" acl unbind-own
}

# link PATH - of the sandbox's, by its path
link() {
	inside ip -j -s link show p0 | gojq -r ".[0].$1"
}

# arrived COMMAND... - how many frames come to the sandbox by that
arrived() {
	local before

	before=$(link stats64.rx.packets)
	"$@" >&2
	echo $(($(link stats64.rx.packets) - before))
}

by_pktgen() {
	local line

	for line in "kpktgend_0 rem_device_all" "kpktgend_0 add_device h0" "h0 count 50" \
		"h0 dst_mac $MAC" "h0 dst 10.9.0.2" "pgctrl start" "kpktgend_0 rem_device_all"; do
		# shellcheck disable=SC2016 # expanded inside
		must ns t-a sh -c 'echo "$2" >/proc/net/pktgen/$1' sh "${line%% *}" "${line#* }"
	done
}

# What the host's own root has beside hooks, and who binds has to know of.
host() {
	kernel_has pktgen nf_tables
	sandbox
	must acl t-a new closed
	must acl t-a bind h0 closed
	try h0
	expect_match "taps see what comes before it is dropped" "packet .*qdisc-bypass" "$LED"
	expect_eq "which it is" 0 "$(binding .out.allowed)"
	MAC=$(link address)
	expect_eq "what the host sends is dropped" 0 "$(arrived ns t-a "$FRAMES" send h0 "$MAC")"
	expect_ok "at its hook" test "$(binding .in.drops.default)" -gt 30
	expect_ok "not so what pktgen sends" test "$(arrived by_pktgen)" -ge 50
	must ip -n t-a link add e0 type veth peer name e1
	must ip -n t-a link set e0 up
	must ip -n t-a link set e1 up
	must tc -n t-a qdisc add dev e1 clsact
	must tc -n t-a filter add dev e1 ingress matchall action mirred egress redirect dev h0
	expect_ok "nor what tc redirects" test "$(arrived ns t-a "$FRAMES" send e0 "$MAC")" -gt 30
	must tc -n t-a qdisc del dev e1 clsact
	# A chain of nft is before us.
	must ns t-a nft -f - <<-'END'
		table netdev t {
			chain in {
				type filter hook ingress device h0 priority 0
				fwd to c0
			}
		}
	END
	try
	expect_match "nor what a chain of nft sends elsewhere" " packet .* raw " "$LED"
	must ns t-a nft delete table netdev t
}

# What an ifb gives back skips ingress hooks, ours and nft's.
by_ifb() {
	kernel_has ifb nf_tables cls_flower
	sandbox
	must acl t-a new closed
	must ns t-a nft -f - <<-END
		table netdev t {
			chain in {
				type filter hook ingress device h0 priority 0
				drop
			}
		}
	END
	expect_ok "nobody is bound: he may have an ifb" ifb
	try
	case " $LED " in
	*" ifb "*) note "by an ifb frames skip the ingress hook of the host on this kernel" ;;
	*) note "on this kernel frames of an ifb do not skip hooks" ;;
	esac
	must ip netns add t-c
	defer ip netns del t-c
	must ip -n t-c link add f0 up type ifb
	expect_ok "that does not keep the host from binding his port" acl t-a bind h0 closed
	expect_fail_with "it is down then, and stays so" "skip the hooks" inside ip link set f0 up
	expect_fail_with "as is that of another namespace" "skip the hooks" ip -n t-c link set f0 up
	must ns t-a nft delete table netdev t
	try
	expect_eq "by it nothing gets out" "" "$LED"
	no_ifb
	must ip -n t-c link del f0
	expect_fail "from then on he gets none" inside ip link add f0 type ifb
	expect_fail "nor has another namespace one" ip -n t-c link add f0 type ifb
	must ip link add f9 type ifb
	must ip link set f9 up
	expect_ok "the initial one may" ip link set f9 down
	must ip link set f9 netns t-c
	expect_fail_with "one that is moved elsewhere stays down" "skip the hooks" \
		ip -n t-c link set f9 up
	must ip -n t-c link del f9
	expect_ok "so may the port's own" ip -n t-a link add f0 type ifb
	must ip -n t-a link del f0
	must acl t-a unbind h0
	expect_ok "nobody is bound: he may have one" inside ip link add f0 type ifb
	must inside ip link del f0
}

# A link that comes and goes while its sandbox sends.
race() {
	kernel_has veth bridge
	load utcp_acl
	ns_add t-a
	ns t-a sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	must ip -n t-a -batch - <<-END
		link add c0 type veth peer name c1
		link add br0 type bridge forward_delay 0 mcast_snooping 0
		link set c0 master br0
		link set c0 up
		link set c1 up
		link set br0 up
	END
	must acl t-a new closed
	expect_ok "sandboxes send as soon as they can" ns t-a "$RACE" open 2 c1 -
	expect_no_match "and are heard" '^0$' "$OUT"
	expect_eq "nothing passes a port from its binding to its end" 0 \
		"$(ns t-a "$RACE" port "$ROUNDS" c1 closed)"
	expect_eq "where it tried" true "$("$UTCPCTL" -n t-a -j acl stats |
		gojq ".out.frames >= 250 * $ROUNDS and .out.allowed == 0")"
}

run_tests \
	ways "ways round the hooks" \
	handles "no handle inside" \
	own_hooks "hooks of a namespace, and its own root" \
	host "hooks, and the host's root" \
	by_ifb "ifb" \
	race "links that come and go"
