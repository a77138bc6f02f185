#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many connections with one peer, and what a full table does. MANY is how many.
. "$(dirname "$0")/../lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
MANY=${MANY:-1000}

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

run_tests \
	connections "many connections"
