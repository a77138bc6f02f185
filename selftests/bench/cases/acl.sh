# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="pktgen, 128-byte UDP frames, a veth pair in one namespace, whose receiving end has access lists; one: of one flow; acl-N, nft-N: one million flows, N rules of which none matches"
unit="per packet"
boot=pktgen
ours="acl-flow/nft-linear-one acl-cache/nft-linear-one acl-10/nft-linear acl-1000/nft-1000 acl-10000/nft-10000 acl-100000/nft-10000"
goals="acl-flow<=one+180 acl-cache<=one+180 acl-10<=stack+300 acl-1000<=stack+500 acl-10000<=stack+700 acl-100000<=stack+1000"
reference=stack
repeat="*=none"

. "$here/acl-rules.sh"

readonly ONE=("src_min 10.1.0.1" "src_max 10.1.0.1" "udp_dst_min 1000" "udp_dst_max 1000")

cleanup() {
	nft delete table netdev bench 2>/dev/null || :
	ip link del "$DEV_A" 2>/dev/null || :
	modules_out
}

measure() {
	local figure

	figure=$(pktgen "$DEV_A" "$mac")
	result "$1" "$figure"
}

# one VARIANT: frames of one flow
one() {
	PKTGEN_LINES=("${ONE[@]}")
	measure "$1"
	PKTGEN_LINES=()
}

hook() {
	echo "type filter hook ingress device \"$DEV_B\" priority 0"
}

# linear: ten rules one by one, as a chain of nft
linear() {
	printf 'table netdev bench {\nchain c {\n%s\n' "$(hook)"
	acl_rules 10 nft | sed -E 's/^,?(.*) \. (.*) \. (.*)$/ip saddr \1 ip daddr \2 udp dport \3 drop/'
	printf '}\n}\n'
}

peers() {
	local n

	linear | nft -f -
	one nft-linear-one
	measure nft-linear
	unchain
	# A hundred thousand instructions each: fewer frames tell as much.
	PKTGEN_FRAMES=15000
	for n in 1000 10000; do
		nft_set $n "$(hook)" | nft -f - || {
			absent nft-$n "nft does not take them"
			continue
		}
		measure nft-$n
		unchain
	done
}

ours() {
	local n

	if ! modules_in; then
		for n in flow cache 10 1000 10000 100000; do
			absent acl-$n "no modules in $MODULES"
		done
		return
	fi
	"$UTCPCTL" port add "$DEV_B" policy >/dev/null
	acl_policy 10 | "$UTCPCTL" acl apply - >/dev/null
	"$UTCPCTL" acl bind "$DEV_B" bench >/dev/null
	one acl-cache
	measure acl-10
	{
		acl_policy 10 | sed 's/out allow/out deny/'
		echo "out allow proto udp dport 1000"
	} | "$UTCPCTL" acl apply - >/dev/null
	one acl-flow
	for n in 1000 10000 100000; do
		acl_policy $n | "$UTCPCTL" acl apply - >/dev/null
		measure acl-$n
	done
	"$UTCPCTL" acl unbind "$DEV_B" >/dev/null
	"$UTCPCTL" acl del bench >/dev/null
	modules_out
}

run() {
	local mac

	load pktgen veth nf_tables || fail "the kernel lacks pktgen, veth or nf_tables" || return
	trap cleanup EXIT
	ip link add "$DEV_A" type veth peer name "$DEV_B"
	ip addr add 10.9.0.1/24 dev "$DEV_B"
	ip link set "$DEV_A" up
	ip link set "$DEV_B" up
	sleep 2
	mac=$(cat "/sys/class/net/$DEV_B/address")
	one one
	measure stack
	ours
	peers
}
