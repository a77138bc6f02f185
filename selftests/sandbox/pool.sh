#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes that wait in pools become others, each once.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

# What is done for a member, and what for who takes it.
MADE="state address namespace bridge link closed inside ready"
TAKEN="state address policy rate namespace bridge closed cell publish up ready"

# members - the names of those that wait
members() {
	local file

	for file in /run/utcp/pool/utcp0/*; do
		[ ! -L "$file" ] || echo "${file##*/}"
	done
}

# pooled N - is there that number?
pooled() {
	[ "$(members | grep -c .)" = "$1" ]
}

dev_of() {
	gojq -r .dev "/run/utcp/sandboxes/$1"
}

takes() {
	local before member devs a

	begin utcp utcp_acl utcp_shaper
	before=$(things)
	expect_ok "a pool of two" sandbox pool set size 2
	expect_eq "is full at once" "utcp0 size 2 ready 2" "$(sandbox pool)"
	expect_eq "its sandboxes are none yet" "" "$(sandbox list)"
	expect_eq "nor leftovers" "" "$(sandbox gc)"
	member=$(members | head -n 1)
	devs=$(for a in $(members); do dev_of "$a"; done)
	expect_match "their links are down" "state DOWN" "$(ip link show "$(dev_of "$member")")"
	expect_fail "so that nothing passes" reach "$member" 10.181.0.1
	expect_rc "nobody enters them" 4 sandbox exec "$member" true
	expect_rc "nor has their names" 2 sandbox create "$member"
	# As "flush ruleset" does.
	must nft delete table inet utcp-net-utcp0
	expect_ok "one is taken" full "$UTCPCTL"
	expect_ok "of the two" pooled 1
	expect_match "with its link" "^$(dev_of t-a)\$" "$devs"
	expect_eq "and its namespace" "t-a $(members)" "$(ip netns list | cut -d ' ' -f 1 | sort -r | xargs)"
	expect_match "and a network that is masqueraded again" "^table inet utcp-net-utcp0\$" "$(nft list tables)"
	expect_rc "all of it is there" 0 sandbox check t-a
	expect_match "as of any other" '"whole":true' "$("$UTCPCTL" -j sandbox check t-a)"
	expect_fail "it is closed" reach t-a 10.181.0.1
	must sandbox allow t-a out proto icmp
	expect_ok "but for what is allowed" reach t-a 10.181.0.1
	expect_ok "and is entered" sandbox exec t-a true
	expect_ok "a bridged one takes the other" sandbox create t-b --mode bridged
	expect_ok "which was the last" pooled 0
	expect_ok "it reaches others" reach t-b 10.181.0.1
	a=$(addr6 t-b)
	expect_ok "by IPv6, too" reach t-b "${a%:*}:1"
	expect_ok "without a pool one is made" sandbox create t-c --mode bridged
	expect_ok "that works as well" reach t-c 10.181.0.1
	expect_eq "filled" "utcp0 size 2 ready 2" "$(sandbox pool fill)"
	expect_ok "others have no use for it" sandbox create t-d
	expect_ok "nor has one that asks for a subnet" \
		sandbox create t-e --mode bridged --subnet 10.181.0.0/16
	expect_ok "it stays as it is" pooled 2
	expect_eq "gc leaves it alone" "" "$(sandbox gc)"
	must remove_all
	expect_eq "nothing is left" "$before" "$(things)"
}

sizes() {
	local before

	begin utcp_acl utcp_shaper
	before=$(things)
	expect_eq "there are none" "" "$(sandbox pool)"
	expect_rc "a size has its limit" 1 sandbox pool set size 257
	expect_match "which is said" '257: .* 256 ' "$OUT"
	expect_rc "it is a number" 1 sandbox pool set size many
	expect_match "which that is not" '"many" is not a number' "$OUT"
	expect_rc "not below nothing" 1 sandbox pool set size -1
	expect_match "which that is" '"-1" is not a number' "$OUT"
	expect_rc "of what size?" 1 sandbox pool set
	expect_rc "a size is for set" 1 sandbox pool fill size 3
	expect_rc "a bridge has a name" 1 sandbox pool set size 3 bridge ../x
	expect_match "which that is none of" '"\.\./x" is no name of a bridge' "$OUT"
	expect_eq "nothing of that left anything" "$before" "$(things)"
	expect_ok "of another bridge" sandbox pool set size 1 bridge utcp7
	expect_ok "it goes to the sandboxes of that" sandbox create t-a --mode bridged
	expect_eq "alone" "utcp7 size 1 ready 1" "$(sandbox pool)"
	must sandbox create t-b --mode bridged --bridge utcp7
	expect_eq "and to those it goes" "utcp7 size 1 ready 0" "$(sandbox pool show)"
	must sandbox delete t-b
	expect_ok "three" sandbox pool set size 3
	expect_ok "become one" sandbox pool set size 1
	expect_ok "and are" pooled 1
	expect_ok "one may be removed by name" sandbox delete "$(members)"
	expect_ok "then there is none" pooled 0
	must sandbox pool fill
	must ip netns del "$(members)"
	expect_ok "one without a namespace" sandbox create t-c --mode bridged
	expect_ok "is taken by nobody" reach t-c 10.181.0.1
	expect_match "but found by gc" "^pool-.* pooled " "$(sandbox gc)"
	must sandbox pool set size 0
	must sandbox pool set size 0 bridge utcp7
	must remove_all
	expect_eq "nothing is left" "$before" "$(things)"
}

# Four takers at once.
together() {
	local i pids=() addrs

	begin utcp_acl utcp_shaper
	must sandbox pool set size 4
	for i in 1 2 3 4; do
		sandbox create "t-$i" --mode custom --rate 5m >"$WORK/out-$i" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	expect_eq "each has one" 4 "$(sandbox list | grep -c ' ready ')"
	expect_ok "of the pool" pooled 0
	addrs=$("$UTCPCTL" -j sandbox list | gojq -r '.[] | .dev, .addr[]' | sort)
	expect_eq "of its own" "$(sort -u <<<"$addrs")" "$addrs"
}

fails() {
	local before step

	faulty
	before=$(things)
	for step in $TAKEN; do
		must sandbox pool set size 1
		expect_rc "$step fails" 2 full env UTCP_FAULT="fail:$step" "$FAULT"
		expect_ok "it takes the one with it" pooled 0
		must sandbox pool set size 0
		expect_eq "and nothing is left" "$before" "$(things)"
	done
	for step in $MADE; do
		expect_rc "$step of a member fails" 2 env UTCP_FAULT="fail:$step" "$FAULT" sandbox pool set size 1
		expect_ok "there is none then" pooled 0
		must sandbox pool set size 0
		expect_eq "nor anything of it" "$before" "$(things)"
	done
}

dies() {
	local before step

	faulty
	before=$(things)
	for step in $TAKEN; do
		must sandbox pool set size 1
		full env UTCP_FAULT="die:$step" "$FAULT" >"$WORK/out" 2>&1
		expect_eq "its taker dies at $step" 137 $?
		expect_ok "nobody else gets it" pooled 0
		# What is complete is no leftover.
		[ "$step" = ready ] && must sandbox delete t-a
		must sandbox gc
		must sandbox pool set size 0
		expect_eq "and gc finds all" "$before" "$(things)"
	done
	for step in $MADE; do
		env UTCP_FAULT="die:$step" "$FAULT" sandbox pool set size 1 >"$WORK/out" 2>&1
		expect_eq "the maker of a member dies at $step" 137 $?
		must sandbox gc
		must sandbox pool set size 0
		expect_eq "and gc finds all of that" "$before" "$(things)"
	done
}

run_tests \
	takes "a sandbox of the pool is one like any other" \
	sizes "a pool has the size that it is to have" \
	together "no two get the same" \
	fails "a step that fails leaves nothing" \
	dies "a taker or maker that dies leaves what gc finds"
