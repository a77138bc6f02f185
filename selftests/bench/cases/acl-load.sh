# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="rules by the tool, tool and kernel together: load N as a whole, list them as JSON, add and remove one of N (2,000 in a batch); without what the machine idled"
unit="per rule"
boot=transport
ours="load-10000/nft-load-10000 load-100000/nft-load-10000 list-10000/nft-list-10000 list-100000/nft-list-10000 add-100000/nft-add-10000 remove-100000"
goals="load-10000<=0.333*nft-load-10000 load-100000<=0.333*nft-load-10000 list-10000<=0.2*nft-list-10000 list-100000<=0.2*nft-list-10000 add-100000<=20000 remove-100000<=20000"
reference=nft-load-10000
repeat="*=none"

. "$here/acl-rules.sh"

# 100,000 rules of ours are compared with 10,000 of nft's, by the rule. That is to nft's
# advantage: what one costs it grows with their number (1,000: 111,000 instructions, 10,000:
# 289,000, 20,000: 493,000; perf-notes).

readonly EDITS=2000

cleanup() {
	# Mostly it is gone already: this is for a case that has failed.
	nft delete table netdev bench 2>/dev/null || :
	modules_out
	rm -rf "${work:-}"
}

# timed VARIANT UNITS COMMAND...: what each of so many units costs
timed() {
	local variant=$1 n=$2

	shift 2
	cost "$@" >"$work/out" || fail "$variant: $*" || return
	result "$variant" "$(awk -v t="$(<"$work/took")" -v n="$n" 'BEGIN { printf "%.1f", t / n }')"
}

added() {
	local i

	for ((i = 0; i < EDITS; i++)); do
		echo "acl add bench out deny src 10.1.$((i % 256)).7 dst 10.9.$((i / 256)).$((i % 251)) proto udp dport 7"
	done
}

# removed: every fiftieth of the rules that were listed
removed() {
	grep -o '"handle": *[0-9]*' "$work/out" |
		awk -F : -v n="$EDITS" 'NR % 50 == 0 && n-- > 0 { print "acl remove bench", $2 + 0 }'
}

ours() {
	local n

	for n in 10000 100000; do
		acl_policy $n >"$work/rules" &&
			timed load-$n $n "$UTCPCTL" acl apply "$work/rules" &&
			rules_are $n &&
			timed list-$n $n "$UTCPCTL" -j acl show bench || return
	done
	removed >"$work/removed"
	added >"$work/added"
	timed add-100000 "$EDITS" "$UTCPCTL" -b "$work/added" &&
		rules_are $((100000 + EDITS)) &&
		timed remove-100000 "$EDITS" "$UTCPCTL" -b "$work/removed" &&
		rules_are 100000 || return
	"$UTCPCTL" acl del bench >/dev/null
	modules_out
}

peers() {
	local i

	nft_set 10000 "" >"$work/rules"
	timed nft-load-10000 10000 nft -f "$work/rules" || return
	timed nft-list-10000 10000 nft -j list set netdev bench s
	# Each a transaction of its own would copy the whole set: all are one, to its advantage.
	for ((i = 0; i < 200; i++)); do
		echo "add element netdev bench s { 10.1.$i.7/32 . 10.9.0.$i/32 . 7-7 }"
	done >"$work/added"
	timed nft-add-10000 200 nft -f "$work/added"
	nft delete table netdev bench
}

run() {
	local row

	load nf_tables || fail "the kernel lacks nf_tables" || return
	[ "$(nproc)" = 1 ] || fail "of several processors others would be counted, too" || return
	work=$(mktemp -d)
	trap cleanup EXIT
	if modules_in; then
		ours || return
	else
		for row in load-10000 load-100000 list-10000 list-100000 add-100000 remove-100000; do
			absent "$row" "no modules in $MODULES"
		done
	fi
	peers
}
