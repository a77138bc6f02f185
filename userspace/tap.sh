# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the programs share that print TAP: $tmp, which goes at the end, and the
# counts of what was reported.

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
count=0
failed=0

# report OK DESCRIPTION [TEXT]
report() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
		return
	fi
	echo "not ok $count - $2"
	printf '%s\n' "${3-}" | sed 's/^/#   /'
	failed=$((failed + 1))
}

# reported - the plan, and whether all went well
reported() {
	echo "1..$count"
	[ "$failed" = 0 ]
}
