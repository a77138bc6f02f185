#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests before this one have lost: kmemleak is told to forget what was
# there at the start (../run.sh), and asked here. Runs last.
. "$(dirname "$0")/../lib.sh"

leaks=/sys/kernel/debug/kmemleak

if [ ! -w $leaks ]; then
	skip_all "this kernel has no kmemleak"
fi

# An object counts as lost 5 seconds after it was made, and if two scans agree
# about it. A kmemleak that gave up refuses to scan.
scan() {
	sleep 6
	for _ in 1 2; do
		echo scan >$leaks || {
			echo "kmemleak does not scan"
			return
		}
	done
	cat $leaks
}

nothing_lost() {
	local text

	text=$(scan 2>&1)
	# What is about to be freed may look lost; what still is, is.
	[ -z "$text" ] || text=$(scan 2>&1)
	expect_eq "objects that nothing points to" "" "$text"
}

run_tests \
	nothing_lost "nothing was lost"
