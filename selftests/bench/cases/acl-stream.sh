# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="TCP, 64 KB writes one way; two namespaces, one veth pair, MTU 1500, one CPU; acl: one end is a port whose policy has 10,000 rules, both directions; nft: the same rules at its ingress and egress"
unit="per byte"
boot=transport
ours="acl/tcp,nft acl-nogso/tcp-nogso,nft-nogso"
goals="acl<=1.008*tcp acl-nogso<=1.05*tcp-nogso"
reference=tcp-nogso
repeat="*=none"

. "$here/acl-rules.sh"

cleanup() {
	link_down
	modules_out
}

# both VARIANT: with and without GSO
both() {
	gso on
	stream "$1" 512 -t tcp -a "$ADDR_B" -s "$NS_B" -c "$NS_A"
	gso off
	stream "$1-nogso" 512 -t tcp -a "$ADDR_B" -s "$NS_B" -c "$NS_A"
}

run() {
	trap cleanup EXIT
	link_up
	both tcp
	if ! modules_in; then
		absent acl "no modules in $MODULES"
		absent acl-nogso "no modules in $MODULES"
		return
	fi
	acl_up
	both acl
	acl_down
	modules_out
	nft_up tcp || {
		absent nft "nft does not take them"
		absent nft-nogso "nft does not take them"
		return
	}
	both nft
}
