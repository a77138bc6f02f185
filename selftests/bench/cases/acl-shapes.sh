# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="rule sets of ClassBench's shapes (acl, fw, ipc; make -C userspace acl-bench), at the receiving end of a veth pair in one namespace; each frame meets a rule drawn from the set, none is in a cache, the rule denies it; stack: the same frames without rules; bare: as far as a hook; nft: the same rules one by one"
unit="per frame"
boot=acl-shapes
ours="acl-1000/nft-acl-1000 fw-1000/nft-fw-1000 ipc-1000/nft-ipc-1000 acl-10000/bare fw-10000/bare ipc-10000/bare acl-100000/bare fw-100000/bare ipc-100000/bare"
goals="acl-1000<=bare+500 fw-1000<=bare+500 ipc-1000<=bare+500 acl-10000<=bare+700 fw-10000<=bare+700 ipc-10000<=bare+700 acl-100000<=bare+1000 fw-100000<=bare+1000 ipc-100000<=bare+1000"
reference=bare
repeat="nft-*=1 *=0.3"

# What passes goes on to IP, which throws it away at once, as it is for another machine; what
# a rule denies does not. How much that is tell two chains of nft without a rule, of which
# one lets all pass, and one nothing; "bare" is "stack" without it. Rows "pass" and "deny"
# are of a policy without a rule.
#
# nft has rules of these shapes only one by one: its sets take no element that another one
# contains. 1,000 are enough to tell what one costs, and a few frames.

readonly FRAMES=30000 RUNS=4 NFT_FRAMES=1500 NFT_RUNS=2

cleanup() {
	near_link_down
	modules_out
}

# shape VARIANT SHAPE RULES [FRAMES RUNS]: frames that meet rules of such a set; the first
# run warms up. $figure is what one costs.
shape() {
	local out

	out=$("$PROGS/aclshapes" send "$2" "$3" "$DEV_A" "${4:-$FRAMES}" "${5:-$RUNS}") ||
		fail "$1: no figure" || return
	figure=$(figures 3 2 <<<"$out" | midmean 1)
	result "$1" "$figure"
}

# denied: frames that a rule has denied so far
denied() {
	"$UTCPCTL" -j acl bindings -s | gojq '.[0].out.drops.rule // 0'
}

ours() {
	local of n before

	if ! modules_in; then
		for of in acl fw ipc; do
			for n in 1000 10000 100000; do
				absent "$of-$n" "no modules in $MODULES"
			done
		done
		return
	fi
	"$UTCPCTL" port add "$DEV_B" policy >/dev/null
	"$UTCPCTL" acl new bench in allow out allow >/dev/null
	"$UTCPCTL" acl bind "$DEV_B" bench >/dev/null
	shape pass acl 1000 || return
	"$UTCPCTL" acl set bench out deny >/dev/null
	shape deny acl 1000 || return
	for of in acl fw ipc; do
		for n in 1000 10000 100000; do
			"$PROGS/aclshapes" rules "$of" $n | "$UTCPCTL" acl apply - >/dev/null
			rules_are $n || return
			before=$(denied)
			shape "$of-$n" "$of" $n || return
			# All of them, or the row is of something else.
			[ "$(denied)" = $((before + FRAMES * RUNS)) ] ||
				fail "$of-$n: rules have denied $(($(denied) - before)) frames" || return
		done
	done
	"$UTCPCTL" acl unbind "$DEV_B" >/dev/null
	"$UTCPCTL" acl del bench >/dev/null
	modules_out
}

run() {
	local of figure stack

	trap cleanup EXIT
	near_link_up
	# Of whichever shape: they do not differ by an instruction.
	shape stack acl 1000 || return
	stack=$figure
	chain accept
	shape nft-pass acl 1000 || return
	unchain
	stack=$(awk -v a="$stack" -v b="$figure" 'BEGIN { print a - b }')
	chain drop
	shape nft-deny acl 1000 || return
	unchain
	result bare "$(awk -v a="$stack" -v b="$figure" 'BEGIN { print a + b }')"
	ours || return
	for of in acl fw ipc; do
		"$PROGS/aclshapes" nft "$of" 1000 "$DEV_B" | nft -f - || {
			absent "nft-$of-1000" "nft does not take them"
			continue
		}
		shape "nft-$of-1000" "$of" 1000 "$NFT_FRAMES" "$NFT_RUNS" || return
		unchain
	done
}
