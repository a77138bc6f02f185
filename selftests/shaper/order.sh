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

# Who has the timer of what waits is unplugged, and comes back: somebody else lets it go.
unplugged() {
	local cpu=/sys/devices/system/cpu/cpu1/online before i

	sandboxes
	[ -w $cpu ] || skip_test "processors cannot be unplugged"
	shape add s1 bw-max 1m queue-time 60000
	shape bind h1 in s1
	defer sh -c "echo 1 >$cpu"
	for ((i = 0; i < 4; i++)); do
		spawn "$WORK/send" ns box1 taskset -c 1 "$FLOOD" send 10.9.1.1 5001 200 600000 2
		wait_for "frames wait" 20 waiting
		must sh -c "echo 0 >$cpu"
		before=$(class_value s1 .stats.packets)
		wait_for "they go on without it" 20 went $((before + 50))
		must sh -c "echo 1 >$cpu"
		before=$(class_value s1 .stats.packets)
		wait_for "and with it" 20 went $((before + 50))
		_stop "$SPAWNED" 2>/dev/null
		# Else what waits may be of this sender, and the next one find no such processor.
		wait_for "all go" 20 drained s1
	done
	expect_sums "unplugged"
}

# Two processors spend what each has taken of one group's tokens ahead of its frames: all
# together no more than the group's rate and its burst.
together() {
	local i start ms bytes

	sandboxes
	# at which each takes two frames and more ahead
	shape add up bw-max 20m burst 25000
	for i in 1 2; do
		shape add s$i parent up
		shape bind h$i in s$i
		must ns box$i ping -q -c 1 10.9.$i.1
	done
	spawn "$WORK/send1" ns box1 taskset -c 0 "$FLOOD" send 10.9.1.1 5001 1400 600000 2
	spawn "$WORK/send2" ns box2 taskset -c 1 "$FLOOD" send 10.9.2.1 5001 1400 600000 2
	wait_for "both have more than that" 20 both_wait
	start=${EPOCHREALTIME/./}
	bytes=$(class_value up .stats.bytes)
	sleep 3
	bytes=$(($(class_value up .stats.bytes) - bytes))
	ms=$(((${EPOCHREALTIME/./} - start) / 1000))
	note "$bytes bytes in $ms ms"
	expect_ok "no more than rate and burst" test "$bytes" -le $((ms * 2500 + 62500))
	expect_ok "and no less, but for what a busy machine loses" test "$bytes" -ge $((3000 * 2500 * 7 / 10))
	expect_sums "together"
}

both_wait() {
	[ "$(class_value s1 '.stats["backlog-packets"]')" -gt 2 ] &&
		[ "$(class_value s2 '.stats["backlog-packets"]')" -gt 2 ]
}

# went N - frames
went() {
	[ "$(class_value s1 .stats.packets)" -ge "$1" ]
}

waiting() {
	[ "$(class_value s1 '.stats["backlog-packets"]')" -gt 10 ]
}

run_tests \
	spread "processors that share a device's frames" \
	together "processors that share a group's rate" \
	unplugged "a processor is unplugged under load"
