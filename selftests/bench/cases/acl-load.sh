# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="rules by the tool: load N as a whole, list them as JSON, add and remove one of N (200 in a batch); tool and kernel together"
unit="per rule"
boot=transport
ours="load-10000/nft-load-10000 load-100000/nft-load-10000 list-10000/nft-list-10000 list-100000/nft-list-10000 edit-100000/nft-edit-10000"
goals="edit-100000<=20000"
reference=nft-load-10000
repeat="*=none"

. "$here/acl-rules.sh"

cleanup() {
	nft delete table netdev bench 2>/dev/null || :
	modules_out
	rm -rf "$work"
}

# timed VARIANT UNITS COMMAND...: what each of so many units costs
timed() {
	local variant=$1 n=$2 begin end

	shift 2
	begin=${EPOCHREALTIME/./}
	"$@" >"$work/out" || fail "$variant: $*" || return
	end=${EPOCHREALTIME/./}
	result "$variant" "$(awk -v t=$((end - begin)) -v n="$n" 'BEGIN { printf "%.1f", t * 1000 / n }')"
}

# used: bytes of the kernel's memory for objects and pages
used() {
	awk '/^(Slab|VmallocUsed|Percpu):/ { n += $2 } END { print n * 1024 }' /proc/meminfo
}

edits() {
	local i

	for ((i = 0; i < 200; i++)); do
		echo "acl add bench out deny src 10.1.$i.7 dst 10.9.0.$i proto udp dport 7"
	done
}

ours() {
	local n before

	modules_in || return
	for n in 10000 100000; do
		acl_policy $n >"$work/rules"
		before=$(used)
		timed load-$n $n "$UTCPCTL" acl apply "$work/rules"
		result "load-$n" "$((($(used) - before) / n))" "bytes a rule"
		timed list-$n $n "$UTCPCTL" -j acl show bench
	done
	edits >"$work/edits"
	timed edit-100000 200 "$UTCPCTL" -b "$work/edits"
	"$UTCPCTL" acl del bench >/dev/null
	modules_out
}

peers() {
	local i before

	nft_set 10000 "" >"$work/rules"
	before=$(used)
	timed nft-load-10000 10000 nft -f "$work/rules" || return
	result nft-load-10000 "$((($(used) - before) / 10000))" "bytes a rule"
	timed nft-list-10000 10000 nft -j list set netdev bench s
	for ((i = 0; i < 200; i++)); do
		echo "add element netdev bench s { 10.1.$i.7/32 . 10.9.0.$i/32 . 7-7 }"
	done >"$work/edits"
	timed nft-edit-10000 200 nft -f "$work/edits"
	nft delete table netdev bench
}

run() {
	local work row

	load nf_tables || fail "the kernel lacks nf_tables" || return
	work=$(mktemp -d)
	trap cleanup EXIT
	if ! ours; then
		for row in load-10000 load-100000 list-10000 list-100000 edit-100000; do
			absent "$row" "no modules in $MODULES"
		done
	fi
	peers
}
