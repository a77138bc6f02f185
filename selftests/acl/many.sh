#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists of very many rules.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

# frames - how many the sandbox has sent so far
frames() {
	binding out.frames
}

many() {
	local n=100000 before

	pair
	"$FRAMES" many 0 10 >"$WORK/none"
	"$FRAMES" many $n 10 >"$WORK/many"
	"$FRAMES" many $n 11 >"$WORK/other"
	must acl t-a apply "$WORK/none"
	must bind
	spawn /dev/null ns t-a "$FRAMES" flood p0 "$MAC"
	_come() {
		[ "$(frames)" -gt 0 ]
	}
	wait_for "frames come" 20 _come
	expect_ok "loaded" acl t-a apply "$WORK/many"
	expect_eq "all of them" $((n + 1)) "$(acl t-a -j show | gojq '.[0].rules')"
	# Half of it is a stack; the rules would take forty if they were held.
	expect_eq "and are listed with 16 MiB of memory" $((n + 1)) "$(
		(ulimit -d 16384 && acl t-a -j show cases) | tr , '\n' | grep -c '"handle"'
	)"
	expect_ok "replaced" acl t-a apply "$WORK/other"
	expect_ok "one more" acl t-a add cases out allow proto tcp dst 12.0.0.1 priority 0
	expect_ok "and one less" acl t-a remove cases $((2 * n + 4))
	expect_eq "are one more and one less" $((n + 1)) "$(acl t-a -j show | gojq '.[0].rules')"
	expect_ok "and none" acl t-a apply "$WORK/none"
	before=$(frames)
	_more() {
		[ "$(frames)" -gt "$before" ]
	}
	wait_for "frames still come" 20 _more
	expect_eq "no frame was dropped meanwhile" '{}' "$(binding out.drops)"
}

run_tests \
	many "100,000 rules come and go while frames pass"
