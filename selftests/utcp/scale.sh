#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many: connections with one peer, peers of one cell, and what full tables do. MANY is
# how many connections; a tenth of it is how many peers.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

MANY=${MANY:-1000}
PEERS=$((MANY / 10))

connections() {
	two
	ulimit -n $((2 * MANY + 1000))
	expect_ok "$MANY at once" ns t-a timeout $((300 * SLOW)) \
		"$HERE/connprobe" -m "$MANY" "$NETNS" 100
	must "$UTCPCTL" -n t-b limit set utcp sockets 50
	expect_fail_with "the other end has too many sockets" ENOBUFS conn -m 100 "$NETNS" 100
	must "$UTCPCTL" -n t-b limit set utcp sockets 65536
	expect_ok "and then has not" conn -m 100 "$NETNS" 100
	expect_ok "the module goes" rmmod utcp
}

held() {
	[ -e /proc/sys/vm/unprivileged_userfaultfd ] || skip_test "the kernel has no userfaultfd"
	two
	# Else all of a connect() happens within the call.
	kernel_has sch_netem
	netem t-a a0 delay 20ms
	expect_ok "who waits for a page of his keeps nobody from connecting" ns t-a \
		timeout $((120 * SLOW)) "$HERE/heldprobe" "$NETNS" "99@$(hex "$B")" 600
	expect_ok "the module goes" rmmod utcp
}

so_many() {
	[ "$(peers t-a length)" = "$PEERS" ]
}

# reach COUNT SECONDS - so many peers
reach() {
	two
	must "$UTCPCTL" -n t-b limit set utcp cells $(($1 + 1))
	spawn "$WORK/scale" ip netns exec t-a "$HERE/scaleprobe" "$NETNS" "$1" $(($2 * SLOW))
	PROBE=$SPAWNED
	wait_for "all are reached" $(($2 + 60)) grep -q . "$WORK/scale"
	expect_eq "so many" "ready $1 $1" \
		"$(<"$WORK/scale") $(peers t-a length) $(peers t-b length)"
	[ "$(<"$WORK/scale")" = ready ] || exit
}

many_peers() {
	reach "$PEERS" 240
	must "$UTCPCTL" -n t-a limit set utcp peers "$PEERS"
	wait_for "one more takes the place of one that is idle" 60 \
		"$UTCPCTL" -n t-a peer probe "$B"
	wait_for "and there are as many as before" 10 so_many
	# Else each that comes back would be in the place of the next that is to be asked.
	must "$UTCPCTL" -n t-a peer del "$B"
	must kill -USR1 "$PROBE"
	wait_for "which is reached again, as all are" 120 grep -q again "$WORK/scale"
	note "$(<"$WORK/scale")"
	wait "$PROBE"
	wait_for "and there are as many as before" 10 so_many
	expect_ok "the module goes" rmmod utcp
}

run_tests \
	connections "many connections" \
	held "programs that have locks for long" \
	many_peers "many peers"
