#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections on which nothing is said for long. By the instruction clock, for which a
# long time costs nothing if nothing is done in it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

[ "${ICOUNT:-}" ] || skip_all "needs the instruction clock: ICOUNT=1 in a guest of run.sh --icount"

TRACE=/sys/kernel/tracing

# worker_runs COMMAND... - how often the peers' workers run while it does
worker_runs() {
	must sh -c ": >$TRACE/trace"
	must sh -c "echo 1 >$TRACE/events/workqueue/workqueue_execute_start/enable"
	"$@"
	must sh -c "echo 0 >$TRACE/events/workqueue/workqueue_execute_start/enable"
	RUNS=$(grep -c 'function peer_work' "$TRACE/trace")
}

connect() {
	spawn "$WORK/conn" ip netns exec t-a "$HERE/connprobe" -W -f "$WORK/half" "$NETNS" 1
	CONN=$SPAWNED
	wait_for "it is under way" 30 test -e "$WORK/half"
}

# A session without connections is dropped after ten minutes; with one it is not.
idle() {
	two
	[ -d "$TRACE/events" ] || must mount -t tracefs tracefs "$TRACE"
	worker_runs connect
	note "the workers have run $RUNS times until there was a connection"
	expect_eq "they are seen" yes "$([ "$RUNS" -gt 0 ] && echo yes)"
	sleep 660
	worker_runs sleep 10
	note "the workers have run $RUNS times in ten seconds, after eleven minutes of silence"
	expect_eq "they rest" yes "$([ "$RUNS" -le 20 ] && echo yes)"
	expect_ok "the connection is there" kill -0 "$CONN"
	expect_eq "and its session" 1 "$(peers t-a length)"
}

gone() {
	! kill -0 "$CONN" 2>/dev/null
}

# Keys that nobody uses are not renewed, and then a program is killed. The other end's has
# nothing to send.
reset_without_keys() {
	local server

	two
	spawn "$WORK/server" ip netns exec t-b "$HERE/connprobe" -W -S "$(hex "$A")" - 1
	server=$SPAWNED
	wait_for "B listens" 10 grep -q listens "$WORK/server"
	spawn "$WORK/conn" ip netns exec t-a "$HERE/connprobe" -W -1 -f "$WORK/half" \
		-C "4711@$(hex "$B")" - 1
	CONN=$SPAWNED
	wait_for "it is under way" 30 test -e "$WORK/half"
	sleep 240
	expect_ok "the connection is there" kill -0 "$CONN"
	kill "$server"
	wait "$server"
	wait_for "who waits hears of it" 30 gone
	expect_match "by a reset" ECONNRESET "$(<"$WORK/conn")"
}

run_tests \
	idle "a session whose connections are silent" \
	reset_without_keys "a reset without keys"
