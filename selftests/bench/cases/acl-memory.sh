# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="memory, from slabs, vmalloc and per CPU, with one of these: a rule of N; a namespace with one bound port that idles, above one of a kernel without modules (bytes, not instructions)"
unit="bytes"
boot=acl-memory
ours="rule-10000/nft-10000 rule-100000/nft-10000 bound/none"
goals="rule-100000<=200 bound<=16384"
reference=nft-10000
repeat="*=none"

. "$here/acl-rules.sh"

readonly SPACES=40

cleanup() {
	local ns

	# Mostly it is gone already: this is for a case that has failed.
	nft delete table netdev bench 2>/dev/null || :
	for ns in /run/netns/bench-*; do
		[ ! -e "$ns" ] || ip netns del "$(basename "$ns")"
	done
	modules_out
}

# spaces [COMMAND]: namespaces with a device each, for which COMMAND is run, and what one of them
# has
spaces() {
	local i before

	before=$(used)
	for ((i = 0; i < SPACES; i++)); do
		ip netns add "bench-$i"
		ip -n "bench-$i" link add dum0 type dummy
		[ $# = 0 ] || "$@" "bench-$i" || return
	done
	echo $((($(used) - before) / SPACES))
	for ((i = 0; i < SPACES; i++)); do
		ip netns del "bench-$i"
	done
}

bind_one() {
	"$UTCPCTL" -n "$1" port add dum0 policy >/dev/null &&
		printf 'policy bench\nout allow proto udp dport 53\n' | "$UTCPCTL" -n "$1" acl apply - >/dev/null &&
		"$UTCPCTL" -n "$1" acl bind dum0 bench >/dev/null
}

# rules ROW N COMMAND...: what one of N rules has that COMMAND loads from its input
rules() {
	local row=$1 n=$2 before

	shift 2
	before=$(used)
	"$@" >/dev/null || fail "$row: $*" || return
	result "$row" $((($(used) - before) / n))
}

ours() {
	local n bound

	# The base module and this one, since each of the four has something of a namespace.
	modules_in netswitch/netswitch.ko acl/utcp_acl.ko || return
	bound=$(spaces bind_one) || fail "a port could not be bound" || return
	result bound $((bound - $1))
	for n in 10000 100000; do
		acl_policy $n | rules rule-$n $n "$UTCPCTL" acl apply - && rules_are $n || return
		"$UTCPCTL" acl del bench >/dev/null
	done
	modules_out
}

run() {
	local row bare

	load nf_tables dummy || fail "the kernel lacks nf_tables or dummy" || return
	trap cleanup EXIT
	# The first of them find no room in the slabs.
	spaces >/dev/null
	bare=$(spaces)
	if [ -e "$MODULES/acl/utcp_acl.ko" ]; then
		ours "$bare" || return
	else
		for row in bound rule-10000 rule-100000; do
			absent "$row" "no modules in $MODULES"
		done
	fi
	nft_set 10000 "" | rules nft-10000 10000 nft -f - || return
	nft delete table netdev bench
}
