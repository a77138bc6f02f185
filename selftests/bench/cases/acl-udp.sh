# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="UDP, 128 bytes in each datagram, one way from socket to socket; two namespaces, one veth pair, one CPU; acl: the receiver's end is a port whose policy has 10,000 rules, both directions; nft: the same rules at its ingress and egress"
unit="per packet"
boot=transport
ours="acl/udp,nft"
goals="acl<=1.022*udp"
reference=udp
# Who wakes whom is up to the scheduler.
repeat="*=none"

. "$here/acl-rules.sh"

cleanup() {
	link_down
	modules_out
}

# datagrams VARIANT: of what arrives, what one costs. A run is long beside the scheduler's slices.
datagrams() {
	local out

	out=$("$PROGS/udp" -l 128 -m 400 -r 8 -s "$NS_B" -c "$NS_A" -a "$ADDR_B") ||
		fail "$1: no figure" || return
	result "$1" "$(figures 3 2 <<<"$out" | midmean 1)"
}

run() {
	trap cleanup EXIT
	link_up
	datagrams udp
	if ! modules_in; then
		absent acl "no modules in $MODULES"
		return
	fi
	acl_up
	datagrams acl
	acl_down
	modules_out
	nft_up udp || {
		absent nft "nft does not take them"
		return
	}
	datagrams nft
}
