#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists: random packets through the module, over random rules that change meanwhile,
# are decided as the model of the unit tests says.
#
#	LONG	how many packets, in all (default: 6000)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

STORM=$(cd "$(dirname "$0")" && pwd)/aclstorm
LONG=${LONG:-6000}
if [ "$LONG" -gt 20000 ]; then
	SIZES="1 8 9 40 300 1000 3000 40 300 1000"
else
	SIZES="8 40 300"
fi

# decided - the rules that are there, and how many packets each has decided about
decided() {
	acl t-a -j show storm -s | gojq -r 'sort_by(.comment | tonumber)[] | "\(.comment) \(.packets)"'
}

# frames - that were decided about
frames() {
	binding out.frames
}

storm() {
	local sizes packets size before seed=0 sent=0

	pair
	acl t-a new storm >/dev/null
	must bind storm
	read -ra sizes <<<"$SIZES"
	packets=$((LONG / 3 / ${#sizes[@]}))
	for size in "${sizes[@]}"; do
		((seed += 1))
		"$STORM" rules $seed "$size" >"$WORK/rules"
		expect_ok "$size rules" acl t-a apply "$WORK/rules"
		must ns t-a "$STORM" send $seed "$size" $packets 0 p0
		acl t-a -j show storm | gojq -r \
			'.[] | select((.comment | tonumber) % 7 == 0) | "acl remove storm \(.handle)"' >"$WORK/gone"
		spawn "$WORK/sent" ns t-a "$STORM" send $seed "$size" $packets 1 p0
		((sent += packets))
		_come() {
			[ "$(frames)" -gt "$sent" ]
		}
		wait_for "more come" 20 _come
		before=$(frames)
		must "$UTCPCTL" -n t-a --batch "$WORK/gone"
		expect_ok "while rules go" test "$(frames)" -gt "$before"
		((sent += packets))
		_all() {
			[ "$(frames)" = "$sent" ]
		}
		wait_for "all have come" 60 _all
		must ns t-a "$STORM" send $seed "$size" $packets 2 p0
		((sent += packets))
		"$STORM" expect $seed "$size" $packets >"$WORK/expected"
		expect_eq "decide as the model says" "" "$(paste -d ' ' "$WORK/expected" <(decided) |
			awk '$1 != $4 || $5 < $2 || $5 > $3')"
		# Of a single rule, which goes, half are not.
		[ "$size" -gt 1 ] || continue
		# shellcheck disable=SC2016 # what awk expands
		expect_ok "most of it for certain" awk '{ least += $2; most += $3 }
			END { exit !(least > 0 && least > 0.8 * most) }' "$WORK/expected"
	done
	expect_eq "all packets were decided about" $sent "$(binding out.frames)"
	expect_eq "none was malformed" null "$(binding out.drops.malformed)"
	expect_ok "most of them by a rule" test "$(binding out.drops.rule)" -gt $((sent / 2))
}

run_tests \
	storm "random packets over random rules, against the model"
