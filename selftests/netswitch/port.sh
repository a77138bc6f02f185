#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Ports: making and removing them, and following their devices.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"

life() {
	topology
	expect_ok "a device becomes a port" utcp host port add h0
	expect_port "for demux, by itself" h0 '.flags|join(" ")' demux
	expect_port "its name" h0 .name h0
	expect_port "its index" h0 .ifindex "$(ifindex host h0)"
	expect_port "its address" h0 .mac "$HOST_MAC"
	expect_port "its MTU" h0 .mtu 1500
	expect_port "its state" h0 .up true
	expect_rc "not twice" 2 utcp host port add h0
	expect_match "and it says why" "a port already" "$OUT"
	expect_eq "ports of the namespace" h0 "$(utcp host -j port show | gojq -r 'map(.name)|join(" ")')"
	expect_eq "none in the other" 0 "$(utcp peer -j port show | gojq length)"
	expect_ok "other flags" utcp host port set h0 policy demux
	expect_port "are shown" h0 '.flags|join(" ")' "demux policy"
	expect_ok "no flags" utcp host port set h0
	expect_port "are shown, too" h0 '.flags|length' 0
	expect_ok "it is removed" utcp host port del h0
	expect_rc "and is none any more" 3 utcp host port show h0
	expect_match "which is said" "not a port" "$OUT"
	expect_rc "not twice" 3 utcp host port del h0
	expect_ok "and can be one again" utcp host port add h0 policy
}

refusals() {
	topology
	expect_rc "no such device" 3 utcp host port add nodev
	expect_match "names the option" nodev "$OUT"
	expect_rc "a name that is too long" 2 utcp host port add sixteen-letters-
	expect_rc "an unknown flag" 1 utcp host port add h0 fast
	kernel_has tun
	must ip -n host tuntap add t0 mode tun
	expect_rc "no Ethernet" 2 utcp host port add t0
	expect_match "is said" "not an Ethernet device" "$OUT"
	expect_rc "no privilege" 5 nsenter --net=/run/netns/host \
		setpriv --reuid=65534 --regid=65534 --clear-groups "$UTCPCTL" port add h0
	expect_match "is said, too" CAP_NET_ADMIN "$OUT"
	must utcp host port add h0
	expect_ok "anybody may look" nsenter --net=/run/netns/host \
		setpriv --reuid=65534 --regid=65534 --clear-groups "$UTCPCTL" port show h0
	expect_rc "but not remove" 5 nsenter --net=/run/netns/host \
		setpriv --reuid=65534 --regid=65534 --clear-groups "$UTCPCTL" port del h0
	expect_port "it still is a port" h0 .name h0
}

kinds() {
	local dev

	topology
	kernel_has dummy bonding 8021q bridge tun
	must ip -n host link add name dummy0 type dummy
	must ip -n host link add name br0 type bridge
	must ip -n host link add name bond1 type bond
	must ip -n host link add link h0 name h0.5 type vlan id 5
	must ip -n host tuntap add tap0 mode tap
	for dev in h0 dummy0 br0 bond1 h0.5 tap0 lo; do
		expect_ok "$dev becomes a port" utcp host port add "$dev" demux policy
	done
	expect_eq "all are shown" 7 "$(utcp host -j port show | gojq length)"
	must ip -n host link set dummy0 master br0
	expect_ok "a port in a bridge is removed" utcp host port del br0
}

limit() {
	local i

	topology
	kernel_has dummy
	must utcp host limit set netswitch ports 3
	for i in 1 2 3 4; do
		must ip -n host link add name "d$i" type dummy
	done
	for i in 1 2 3; do
		must utcp host port add "d$i"
	done
	expect_rc "one too many" 2 utcp host port add d4
	expect_match "is said" "as many ports as its limit" "$OUT"
	must utcp host limit set netswitch ports 1
	expect_eq "lowering takes none away" 3 "$(utcp host -j port show | gojq length)"
	must utcp host port del d1
	expect_rc "still too many" 2 utcp host port add d4
	must utcp host port del d2
	must utcp host port del d3
	expect_ok "there is room again" utcp host port add d4
	# Its root is not that of the host, who may raise what he likes.
	expect_eq "a namespace that a sandbox's root makes has no more" 1 \
		"$(ns host unshare -Ur unshare -n "$UTCPCTL" -j limit show netswitch |
			gojq '.[0].limits.ports')"
	expect_eq "one of the host's root has the default" 1024 \
		"$(ns host unshare -n "$UTCPCTL" -j limit show netswitch |
			gojq '.[0].limits.ports')"
}

# seen EVENT PATH WANT - it is among the events
seen() {
	gojq -se --arg e "$1" --arg w "$3" "any(.[]; .event == \$e and (.port$2|tostring) == \$w)" "$WORK/events"
}

follows() {
	topology
	spawn "$WORK/events" utcp host -j monitor netswitch
	# The monitor is there when an event arrives: limits make one each time.
	wait_for "the monitor listens" 20 sh -c "
		'$UTCPCTL' -n host limit set netswitch rings \$((\$(date +%N | sed 's/^0*//') % 200 + 1)) >/dev/null
		grep -q limits '$WORK/events'"
	must utcp host port add h0
	wait_for "made" 10 seen port-add .name h0
	must ip -n host link set h0 mtu 1400
	wait_for "MTU" 10 seen port-change .mtu 1400
	must ip -n host link set h0 down
	wait_for "down" 10 seen port-change .up false
	must ip -n host link set h0 name h1
	wait_for "another name" 10 seen port-change .name h1
	must ip -n host link set h1 address 02:00:00:00:00:07
	wait_for "another address" 10 seen port-change .mac 02:00:00:00:00:07
	must ip -n host link set h1 up
	wait_for "up" 10 seen port-change .up true
	expect_port "and so it is shown" h1 '|"\(.name) \(.mac) \(.mtu) \(.up)"' \
		"h1 02:00:00:00:00:07 1400 true"
	must ip -n host link set h1 netns peer
	wait_for "gone to another namespace" 10 seen port-del .name h1
	expect_eq "it is no port here" 0 "$(utcp host -j port show | gojq length)"
	expect_eq "nor there" 0 "$(utcp peer -j port show | gojq length)"
	must utcp peer port add h1
	must ip -n peer link del h1
	expect_eq "a device that dies takes its port along" 0 "$(utcp peer -j port show | gojq length)"
}

namespace_dies() {
	local mark

	topology
	mark=$(dmesg_mark)
	must utcp host port add h0 demux policy
	must utcp host port add lo
	must ip netns del host
	wait_for "its pair is gone" 20 sh -c '! ip -n peer link show p0'
	expect_ok "the module can go" rmmod netswitch
	expect_quiet "nothing is said" "$mark"
}

passes() {
	local pings=20

	topology
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	must utcp host port add h0 demux policy
	expect_ok "IPv4 goes through a port" ns peer ping -q -c "$pings" -i 0.01 10.9.0.1
	expect_eq "and is counted" true "$(port_value host h0 "|.in.pass >= $pings and .out.pass >= $pings")"
	expect_sum "counters" h0
}

# What goes out passes no hook, unless there is policy.
out_hook() {
	local mark before i

	topology
	mark=$(dmesg_mark)
	must utcp host port add h0 demux
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 5 100
	expect_port "without policy nothing is counted" h0 .out.frames 0
	must utcp host port set h0 demux policy
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 7 100
	expect_port "with it what goes out is" h0 '.out|"\(.frames) \(.pass)"' "7 7"
	must utcp host port set h0 demux
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 5 100
	expect_port "and is no more when it was taken away" h0 .out.frames 7
	must utcp host port set h0 policy
	must ns host "$FRAME" send h0 "$PEER_MAC" 88b5 2 100
	expect_port "on it goes from there" h0 .out.frames 9
	test_module
	must control host stage load acl
	spawn "$WORK/flood" nice -n 19 sh -c "while :; do ip netns exec host '$FRAME' send h0 '$PEER_MAC' 88b5 1000000 64; done"
	for ((i = 0; i < (3 + SLOW) / SLOW; i++)); do
		must control host stage set acl "$(ifindex host h0)" drop 88b5 0
		before=$(port_value host h0 '.out.drops.acl // 0')
		wait_for "what goes out is refused ($i)" 10 sh -c "
			'$UTCPCTL' -n host -j -s port show h0 | gojq -e '.[0].out.drops.acl > $before'"
		must utcp host port set h0 demux
		expect_sum "while frames go ($i)" h0
		must utcp host port set h0 demux policy
	done
	must utcp host port del h0
	expect_quiet "nothing is said" "$mark"
}

under_traffic() {
	local i mark

	topology
	addr host h0 10.9.0.1/24
	addr peer p0 10.9.0.2/24
	mark=$(dmesg_mark)
	spawn "$WORK/flood" ns peer nice -n 19 "$FRAME" send p0 "$HOST_MAC" 88b5 1000000 64
	for i in 1 2 3 4 5 6 7 8; do
		must utcp host port add h0 demux policy
		must utcp host port set h0 demux
		must utcp host port del h0
	done
	must utcp host port add h0 demux policy
	expect_ok "the module goes with a port in use" rmmod netswitch
	expect_ok "and comes back" insert netswitch
	must utcp host port add h0 demux policy
	expect_ok "so does the device" ip -n host link del h0
	expect_quiet "nothing is said" "$mark"
}

dumps() {
	local i n

	topology
	kernel_has dummy
	for i in $(seq 60); do
		echo "link add name d$i type dummy"
	done >"$WORK/batch"
	must ip -n host -batch "$WORK/batch"
	for i in $(seq 60); do
		echo "port add d$i"
	done >"$WORK/ports"
	must utcp host -b "$WORK/ports"
	expect_eq "a long list, over several messages" 60 \
		"$(utcp host -j port show | gojq 'map(.name)|unique|length')"
	spawn "$WORK/changes" sh -c "while :; do '$UTCPCTL' -n host port del d1; '$UTCPCTL' -n host port add d1; done"
	for i in $(seq 20); do
		n=$(utcp host -j port show | gojq length)
		expect_ok "a list that changes meanwhile has 59 or 60, not ${n:-nothing}" \
			test "${n:-0}" -eq 59 -o "${n:-0}" -eq 60
	done
}

run_tests \
	life "a port is made, shown, changed and removed" \
	refusals "what is refused, and how" \
	kinds "all kinds of Ethernet devices" \
	limit "as many ports as the limit says" \
	follows "a port follows its device, and tells" \
	namespace_dies "ports die with their namespace" \
	passes "a port lets IPv4 pass" \
	out_hook "the hook on the way out comes and goes with policy" \
	under_traffic "ports, module and device come and go under traffic" \
	dumps "long and changing lists"
