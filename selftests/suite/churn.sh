#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules come and go, in any order, under load: see ../lib/churn.c.
#
#	CHURN	how often each module is inserted and removed (default 30)
#	SEED	of the random order (default: a new one, which is printed)
. "$(dirname "$0")/../lib.sh"

rounds=${CHURN:-30}
seed=${SEED:-$((RANDOM << 15 | RANDOM))}

churn() {
	local mark

	mark=$(dmesg_mark)
	note "CHURN=$rounds SEED=$seed"
	expect_ok "churn" "$SELFTESTS/lib/churn" "$MODULES" "$rounds" "$seed"
	printf '%s\n' "$OUT"
	expect_quiet "no complaint" "$mark"
	expect_eq "nothing is left" "" "$(grep -E '^(netswitch|utcp)' /proc/modules)"
}

# Slab objects of namespaces are freed in the background, and the rest of the
# system makes and frees some all the time: only growth by the number of rounds
# counts.
no_growth() {
	_pages() {
		# Unreclaimable memory of the kernel and modules' memory, in pages.
		awk '/^nr_slab_unreclaimable|^nr_kernel_stack/ { n += $2 }
			END { print n }' /proc/vmstat
	}
	local before after tries

	must "$SELFTESTS/lib/churn" "$MODULES" 3 1
	before=$(_pages)
	must "$SELFTESTS/lib/churn" "$MODULES" 20 2
	# More than 20 rounds of anything worth a page, 4 modules each.
	for ((tries = 30 * SLOW; tries > 0; tries--)); do
		after=$(_pages)
		[ $((after - before)) -ge 80 ] || break
		sleep 1
	done
	expect_ok "$before pages before, $after after" test $((after - before)) -lt 80
}

run_tests \
	churn "insmod and rmmod in random order beside namespaces and requests" \
	no_growth "which leaves no memory behind"
