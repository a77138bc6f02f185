#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists: nft, given the same random rules, decides about the same random frames as
# utcp_acl does, and by the same rules.
#
#	LONG	how many frames, in all (default: 1500)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

AGREE=$(cd "$(dirname "$0")" && pwd)/aclnft
LONG=${LONG:-1500}
if [ "$LONG" -gt 20000 ]; then
	SIZES="1 8 9 40 300 1000 40 300 100 1000"
else
	SIZES="8 40 300"
fi

# by_acl, by_nft - about how many frames each rule has decided, sorted by its comment
by_acl() {
	acl t-a -j show same -s |
		gojq -r '.[] | select(.comment != "marker") | "\(.comment) \(.packets)"' | sort
}

by_nft() {
	ns t-a nft list table netdev same |
		sed -n 's/.*counter packets \([0-9]*\) .*comment "\([0-9]*\)".*/\2 \1/p' | sort
}

# compare SEED SIZE PACKETS - exit status 1 if there was a difference
compare() {
	ns t-a taskset -c 0 "$AGREE" compare "$1" "$2" "$3" p0 h0 p1 h1
}

agree() {
	local sizes packets size seed=0 passed busiest

	pair
	must ip -n t-a link add h1 type veth peer name p1
	must ip -n t-a link set h1 up
	must ip -n t-a link set p1 up
	# nft has rules alone: here nothing is remembered either.
	must limit t-a flows 0
	acl t-a new same >/dev/null
	must bind same
	read -ra sizes <<<"$SIZES"
	packets=$((LONG / ${#sizes[@]}))
	for size in "${sizes[@]}"; do
		((seed += 1))
		"$AGREE" rules $seed "$size" >"$WORK/rules"
		"$AGREE" nft $seed "$size" h1 >"$WORK/nft"
		expect_ok "$size rules" acl t-a apply "$WORK/rules"
		expect_ok "which nft takes as well" ns t-a nft -f "$WORK/nft"
		expect_ok "say the same of each frame" compare $seed "$size" $packets
		passed=$(awk 'END { print $2 }' <<<"$OUT")
		expect_ok "some of which pass ($passed), and some do not" \
			test "$passed" -gt $((packets / 50)) -a "$passed" -lt $((packets - packets / 50))
		expect_eq "by the same rules" "$(by_nft)" "$(by_acl)"
		must ns t-a nft delete table netdev same
	done
	expect_ok "many rules have decided" test "$(by_acl | grep -vc ' 0$')" -gt 20
	# That a difference would be seen: the rule that has decided most often is another.
	busiest=$(by_acl | sort -n -k 2 | awk 'END { print $1 }')
	must ns t-a nft -f "$WORK/nft"
	sed -E "/ comment $busiest\$/ { s/^out allow/out Deny/; s/^out deny/out allow/; s/Deny/deny/ }" \
		"$WORK/rules" >"$WORK/changed"
	expect_ok "but one that is the contrary" acl t-a apply "$WORK/changed"
	expect_rc "is seen" 1 compare $seed "$size" $packets
	expect_eq "in all frames that it decides about" "" \
		"$(grep "the model" <<<"$OUT" | grep -v "by rule $busiest$")"
}

run_tests \
	agree "random frames are decided as nft decides, given the same random rules"
