#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Memory that cannot be had: each allocation in turn fails, of inserting each
# module and of each command, and nothing is half done. See ../lib/failnth.c.
# Needs a kernel with fault injection.
. "$(dirname "$0")/../lib.sh"

debugfs=/sys/kernel/debug

if [ ! -d $debugfs/failslab ] || [ ! -e /proc/self/fail-nth ]; then
	skip_all "this kernel has no fault injection (CONFIG_FAILSLAB, CONFIG_FAULT_INJECTION_DEBUG_FS)"
fi
# Also those that may sleep, which are nearly all; without a trace for each.
for dir in $debugfs/failslab $debugfs/fail_page_alloc; do
	echo N >"$dir"/ignore-gfp-wait
	echo 0 >"$dir"/verbose
done
echo N >$debugfs/fail_page_alloc/ignore-gfp-highmem
echo 0 >$debugfs/fail_page_alloc/min-order

failnth() {
	local mark

	mark=$(dmesg_mark)
	expect_ok "$*" "$SELFTESTS/lib/failnth" "$@"
	printf '%s\n' "$OUT"
	expect_quiet "no complaint" "$mark"
}

insert_netswitch() {
	failnth insert "$(ko netswitch)" netswitch
}

insert_others() {
	local name

	load netswitch
	for name in "${DEPENDANTS[@]}"; do
		failnth insert "$(ko "$name")" "$name"
	done
	expect_rc "no family is left" 3 family utcp
}

# While a namespace exists: its state has to be made, too.
insert_with_namespaces() {
	ns_add t-a
	failnth insert "$(ko netswitch)" netswitch
}

commands() {
	local name

	load_all
	for name in "${ALL_MODULES[@]}"; do
		failnth family "${name//_/-}"
	done
}

run_tests \
	insert_netswitch "netswitch is inserted or not, and can be again" \
	insert_others "and so are the others" \
	insert_with_namespaces "and with a namespace to make state for" \
	commands "commands are done or not, and can be again"
