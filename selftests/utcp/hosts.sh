# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of connections share: two hosts, here two namespaces, on a wire, and
# connprobe between them.

HERE=$(cd "$(dirname "$0")" && pwd)

# conn ARGS... - from A to B
conn() {
	ns t-a timeout $((60 * SLOW)) "$HERE/connprobe" "$@"
}

# own NS - CellID of its default cell
own() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[] | select(.default).id'
}

# peers NS FILTER - what gojq makes of the list of peers
peers() {
	"$UTCPCTL" -n "$1" -j -s peer show | gojq -r "$2"
}

# host NS DEV [SETTING...] - a cell, and a port on the wire
host() {
	local ns=$1 dev=$2

	shift 2
	must "$UTCPCTL" -n "$ns" port add "$dev"
	must "$UTCPCTL" -n "$ns" cell new discoverable on "$@"
}

# shellcheck disable=SC2034 # NETNS, A and B are for the tests
two() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	host t-a a0
	host t-b b0
	NETNS=/run/netns/t-b
	A=$(own t-a)
	B=$(own t-b)
}

# two_at_bridge - each at a port of a bridge in t-h: h0 is A's, h1 is B's
# shellcheck disable=SC2034 # NETNS, A and B are for the tests
two_at_bridge() {
	load utcp
	kernel_has bridge
	ns_add t-h t-a t-b
	ns t-h sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	veth t-a a0 t-h h0
	veth t-b b0 t-h h1
	bridge_add t-h br0 h0 h1
	host t-a a0
	host t-b b0
	NETNS=/run/netns/t-b
	A=$(own t-a)
	B=$(own t-b)
}

# test_module - by which a test is a policy
test_module() {
	must insmod "$MODULES/utcp/utcp_policy_test.ko"
	defer rmmod utcp_policy_test
}

# policy NS DEV COMMAND [ARGS...] - have the policy of a port do something
policy() {
	local ns=$1 dev=$2 verb=$3 index

	shift 3
	index=$(ip -n "$ns" -j link show "$dev" | gojq '.[0].ifindex')
	# bash, because it says why a write failed
	# shellcheck disable=SC2016 # expanded inside
	nsenter --net="/run/netns/$ns" bash -c \
		'printf "%s\n" "$*" >/sys/kernel/debug/utcp_policy_test/control' \
		bash "$verb" "$index" "$@"
}

# all_accounted NS - each frame was delivered or dropped
all_accounted() {
	"$UTCPCTL" -n "$1" -j peer stats |
		gojq -e '.frames == .delivered + ([.drops[]] | add // 0)' >/dev/null
}

# hex CELLID - its 16 bytes
hex() {
	local chars=qpzry9x8gf2tvdw0s3jn54khce6mua7l data=${1#cell1} i bits=0 n=0 out="" rest

	for ((i = 0; i < 26; i++)); do
		rest=${chars%%"${data:i:1}"*}
		bits=$(((bits << 5 | ${#rest}) & 0xffff))
		n=$((n + 5))
		if [ "$n" -ge 8 ]; then
			n=$((n - 8))
			printf -v out '%s%02x' "$out" $((bits >> n & 255))
		fi
	done
	echo "$out"
}

# under_way ARGS... - a slow transfer, which has begun
under_way() {
	rm -f "$WORK/half"
	spawn "$WORK/conn" ip netns exec t-a timeout $((60 * SLOW)) "$HERE/connprobe" \
		-f "$WORK/half" "$@"
	CONN=$SPAWNED
	wait_for "it is under way" 30 test -e "$WORK/half"
}

# ends LABEL - and what is under way is right to the end
ends() {
	wait "$CONN"
	expect_eq "$1" "0 " "$? $(<"$WORK/conn")"
}
