#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many: connections with one peer, peers of one cell, and what full tables do. MANY is
# how many connections; a tenth of it is how many peers.
. "$(dirname "$0")/../lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
MANY=${MANY:-1000}
PEERS=$((MANY / 10))

host() {
	must "$UTCPCTL" -n "$1" port add "$2"
	must "$UTCPCTL" -n "$1" cell new discoverable on
}

two() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	host t-a a0
	host t-b b0
	NETNS=/run/netns/t-b
}

peers() {
	"$UTCPCTL" -n "$1" -j peer show | gojq length
}

connections() {
	two
	ulimit -n $((2 * MANY + 1000))
	expect_ok "$MANY at once" ns t-a timeout $((300 * SLOW)) \
		"$HERE/connprobe" -m "$MANY" "$NETNS" 100
	must "$UTCPCTL" -n t-b limit set utcp sockets 50
	expect_fail_with "the other end has too many sockets" ENOBUFS \
		ns t-a timeout $((60 * SLOW)) "$HERE/connprobe" -m 100 "$NETNS" 100
	must "$UTCPCTL" -n t-b limit set utcp sockets 65536
	expect_ok "and then has not" ns t-a timeout $((60 * SLOW)) \
		"$HERE/connprobe" -m 100 "$NETNS" 100
	expect_ok "the module goes" rmmod utcp
}

many_peers() {
	two
	must "$UTCPCTL" -n t-b limit set utcp cells $((PEERS + 1))
	spawn "$WORK/scale" ip netns exec t-a "$HERE/scaleprobe" "$NETNS" "$PEERS"
	PROBE=$SPAWNED
	wait_for "all are reached" 300 grep -q . "$WORK/scale"
	expect_eq "so many" "ready $PEERS $PEERS" \
		"$(<"$WORK/scale") $(peers t-a) $(peers t-b)"
	must "$UTCPCTL" -n t-a limit set utcp peers "$PEERS"
	OTHER=$("$UTCPCTL" -n t-b -j cell show | gojq -r '.[] | select(.default).id')
	wait_for "one more takes the place of one that is idle" 60 \
		"$UTCPCTL" -n t-a peer probe "$OTHER"
	wait_for "and there are as many as before" 10 so_many
	must kill -USR1 "$PROBE"
	wait_for "which is reached again, as all are" 120 grep -q again "$WORK/scale"
	wait "$PROBE"
	wait_for "and there are as many as before" 10 so_many
	expect_ok "the module goes" rmmod utcp
}

so_many() {
	[ "$(peers t-a)" = "$PEERS" ]
}

run_tests \
	connections "many connections" \
	many_peers "many peers"
