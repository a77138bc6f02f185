# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="pktgen, 128-byte UDP frames, a veth pair in one namespace; no-port: our modules loaded, no port; ring: a port, and a ring for another EtherType"
unit="per packet"
boot=pktgen
ours="no-port-drop/nft-drop no-port-stack/stack port-stack/nft-accept,stack ring-stack/nft-accept,stack"
goals="ring-stack<=stack+60"
reference=nft-drop
repeat="*=0.1"

cleanup() {
	drop_ring
	nft delete table netdev bench 2>/dev/null || :
	ip link del "$DEV_A" 2>/dev/null || :
	ip link del bench-sink 2>/dev/null || :
	modules_out
}

# measure VARIANT [DEVICE]
measure() {
	local figure

	figure=$(pktgen "${2:-$DEV_A}" "$mac")
	result "$1" "$figure"
}

# The same frames with our modules in memory but no port anywhere must cost what they cost without
# them; the hook itself is the row of a port.
our_rows() {
	if ! modules_in; then
		absent no-port-drop "no modules in $MODULES"
		absent no-port-stack "no modules in $MODULES"
		return
	fi
	measure no-port-stack
	chain drop
	measure no-port-drop
	unchain
	# A tool without this object goes with modules that have no hook to bind.
	if "$UTCPCTL" port help >/dev/null 2>&1; then
		"$UTCPCTL" port add "$DEV_B"
		measure port-stack
		if [ -e /dev/netswitch ]; then
			hold_ring "$DEV_B" 0x4c57
			measure ring-stack
			drop_ring
		fi
		"$UTCPCTL" port del "$DEV_B"
	fi
	modules_out
}

run() {
	local mac

	load pktgen dummy veth nf_tables || fail "the kernel lacks pktgen, dummy, veth or nf_tables" || return
	trap cleanup EXIT
	ip link add bench-sink type dummy
	ip link set bench-sink up
	ip link add "$DEV_A" type veth peer name "$DEV_B"
	ip addr add 10.9.0.1/24 dev "$DEV_B"
	ip link set "$DEV_A" up
	ip link set "$DEV_B" up
	sleep 2
	mac=$(cat "/sys/class/net/$DEV_B/address")
	measure nothing bench-sink
	measure stack
	chain accept
	measure nft-accept
	unchain
	chain drop
	measure nft-drop
	unchain
	our_rows
}
