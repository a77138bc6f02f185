# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Rules for the cases about access lists: pairs of prefixes of several lengths and ranges
# of ports, of which each lookup has to try what there may be, and which no packet of
# pktgen meets.

# acl_rules N FORM - N rules, as lines of "acl apply" (utcpctl), or as elements of a set of
# nft (nft); of these no two overlap, of which there are 10,000 at most
acl_rules() {
	awk -v n="$1" -v form="$2" 'BEGIN {
		srand(20261126)
		split("16 20 24 28 32", lens, " ")
		for (i = 0; i < n; i++) {
			port = 3000 + 6 * (i % 10000)
			src = prefix(10, 1, int(rand() * 256), int(rand() * 256), lens[1 + int(rand() * 5)])
			dst = prefix(10, 9, int(rand() * 256), int(rand() * 256), lens[1 + int(rand() * 5)])
			if (form == "nft")
				printf "%s%s . %s . %d-%d\n", i ? "," : "", src, dst, port, port + 5
			else
				printf "out deny src %s dst %s proto udp dport %d-%d\n", src, dst, port, port + 5
		}
	}
	function prefix(a, b, c, d, len) {
		if (len <= 16)
			c = d = 0
		else if (len <= 24) {
			c -= c % 2 ^ (24 - len)
			d = 0
		} else
			d -= d % 2 ^ (32 - len)
		return a "." b "." c "." d "/" len
	}'
}

# acl_policy N - a policy of so many of them, which allows the rest and remembers nothing
acl_policy() {
	echo "policy bench in allow out allow"
	acl_rules "$1" utcpctl
}

# nft_set N HOOK-LINE - the same for nft
nft_set() {
	printf 'table netdev bench {\nset s {\ntypeof ip saddr . ip daddr . udp dport\nflags interval\nelements = {\n'
	acl_rules "$1" nft
	printf '}\n}\nchain c {\n%s\nip saddr . ip daddr . udp dport @s drop\n}\n}\n' "$2"
}

# acl_up - the link's end in B is a port whose policy has 10,000 rules, and lets through and
# remembers what sockets send
acl_up() {
	"$UTCPCTL" -n "$NS_B" port add "$DEV_B" policy >/dev/null
	{
		echo "policy bench"
		acl_rules 10000 utcpctl
		printf '%s allow proto tcp\n%s allow proto udp\n%s allow ethertype arp\n' \
			out out out in in in
	} | "$UTCPCTL" -n "$NS_B" acl apply - >/dev/null
	"$UTCPCTL" -n "$NS_B" acl bind "$DEV_B" bench >/dev/null
}

acl_down() {
	"$UTCPCTL" -n "$NS_B" acl unbind "$DEV_B" >/dev/null
	"$UTCPCTL" -n "$NS_B" port del "$DEV_B" >/dev/null
}

# nft_up PROTO - the same rules, as a set about that protocol, at both hooks of that end
nft_up() {
	{
		printf 'table netdev bench {\nset s {\ntypeof ip saddr . ip daddr . %s dport\nflags interval\nelements = {\n' "$1"
		acl_rules 10000 nft
		printf '}\n}\n'
		for hook in ingress egress; do
			printf 'chain %s {\ntype filter hook %s device "%s" priority 0\nip saddr . ip daddr . %s dport @s drop\n}\n' \
				$hook $hook "$DEV_B" "$1"
		done
		echo "}"
	} | ip netns exec "$NS_B" nft -f -
}
