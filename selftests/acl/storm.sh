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

storm() {
	local sizes packets size seed=0 sent=0

	pair
	acl t-a new storm >/dev/null
	must bind storm
	read -ra sizes <<<"$SIZES"
	packets=$((LONG / 2 / ${#sizes[@]}))
	for size in "${sizes[@]}"; do
		((seed += 1))
		"$STORM" rules $seed "$size" >"$WORK/rules"
		expect_ok "$size rules" acl t-a apply "$WORK/rules"
		must ns t-a "$STORM" send $seed "$size" $packets 0 p0
		acl t-a -j show storm | gojq -r \
			'.[] | select((.comment | tonumber) % 7 == 0) | "acl remove storm \(.handle)"' >"$WORK/gone"
		must "$UTCPCTL" -n t-a --batch "$WORK/gone"
		must ns t-a "$STORM" send $seed "$size" $packets 1 p0
		((sent += 2 * packets))
		expect_eq "decide as the model says" "$("$STORM" expect $seed "$size" $packets)" "$(decided)"
	done
	expect_eq "all packets were decided about" $sent "$(binding out.frames)"
	expect_eq "none was malformed" null "$(binding out.drops.malformed)"
	expect_ok "most of them by a rule" test "$(binding out.drops.rule)" -gt $((sent / 2))
}

run_tests \
	storm "random packets over random rules, against the model"
