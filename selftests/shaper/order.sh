#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Frames of a flow keep their order where they race: the device spreads what it
# receives over processors (RPS), one sends, and another lets go what waits.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

[ "$(nproc)" -ge 2 ] || skip_all "needs two processors"

# What waits is let go, and there is no limit any more: what comes next passes, but
# not what went before it.
spread() {
	local i

	sandboxes
	must ns host sh -c "echo 2 >/sys/class/net/h1/queues/rx-0/rps_cpus"
	shape add s1 bw-max 1m queue-time 60000
	shape bind h1 in s1
	# Else what waits for the address is sent by whom the answer finds, beside its sender.
	must ns box1 ping -q -c 1 10.9.1.1
	spawn "$WORK/recv" ns host "$FLOOD" recv 5001 0 2
	waits_for_flow "$WORK/recv"
	spawn "$WORK/send" ns box1 taskset -c 0 "$FLOOD" send 10.9.1.1 5001 200 600000 2
	for ((i = 0; i < 15; i++)); do
		shape set s1 bw-max 1m
		wait_for "frames wait" 20 waiting
		shape set s1 bw-max 10g
		wait_for "and do not" 20 drained s1
	done
	_stop "$SPAWNED" 2>/dev/null
	expect_eq "in order" 0 "$(received "$WORK/recv" overtook)"
	note "the first that was late: $(received "$WORK/recv" first)"
	expect_ok "there were frames" test "$(received "$WORK/recv" datagrams)" -gt 1000
	expect_sums "spread"
}

waiting() {
	[ "$(class_value s1 '.stats["backlog-packets"]')" -gt 10 ]
}

run_tests \
	spread "processors that share a device's frames"
