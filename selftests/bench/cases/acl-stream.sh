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
	"$UTCPCTL" -n "$NS_B" port add "$DEV_B" policy >/dev/null
	{
		echo "policy bench"
		acl_rules 10000 utcpctl
		printf '%s allow proto tcp\n%s allow ethertype arp\n' out out in in
	} | "$UTCPCTL" -n "$NS_B" acl apply - >/dev/null
	"$UTCPCTL" -n "$NS_B" acl bind "$DEV_B" bench >/dev/null
	both acl
	"$UTCPCTL" -n "$NS_B" acl unbind "$DEV_B" >/dev/null
	"$UTCPCTL" -n "$NS_B" port del "$DEV_B" >/dev/null
	modules_out
	{
		printf 'table netdev bench {\nset s {\ntypeof ip saddr . ip daddr . tcp dport\nflags interval\nelements = {\n'
		acl_rules 10000 nft
		printf '}\n}\n'
		for hook in ingress egress; do
			printf 'chain %s {\ntype filter hook %s device "%s" priority 0\nip saddr . ip daddr . tcp dport @s drop\n}\n' \
				$hook $hook "$DEV_B"
		done
		echo "}"
	} | ip netns exec "$NS_B" nft -f - || {
		absent nft "nft does not take them"
		absent nft-nogso "nft does not take them"
		return
	}
	both nft
}
