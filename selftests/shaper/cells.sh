#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Classes by CellID: a rule of an access list about a cell names the class of what a
# sandbox says to it. Who says so is utcp, which asks the host's ports on the way.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"
. "$(dirname "$0")/../utcp/hosts.sh"

BYTES=100000

# Three sandboxes, t-a, t-b and t-c, at ports h0, h1 and h2 of a host's bridge.
three() {
	local ns i=0

	[ -x "$CONNPROBE" ] || skip_test "there is no connprobe"
	[ -r "$(ko utcp)" ] || skip_test "there is no utcp"
	[ -r "$(ko utcp_acl)" ] || skip_test "there is no utcp_acl"
	kernel_has veth bridge
	keep_hooks
	load utcp
	load utcp_acl
	load utcp_shaper
	ns_add host t-a t-b t-c
	for ns in t-a t-b t-c; do
		veth $ns p0 host h$i
		host $ns p0
		i=$((i + 1))
	done
	bridge_add host br0 h0 h1 h2
	for ns in h0 h1 h2; do
		must utcp host port add $ns policy
	done
}

# sent CLASS - bytes
sent() {
	class_value "$1" .stats.bytes
}

# talk NS - A to one of the others
talk() {
	ns t-a timeout $((60 * SLOW)) "$CONNPROBE" "/run/netns/$1" $BYTES
}

# by_class_of_b NS - does what A says to it go by that class?
by_class_of_b() {
	local before

	before=$(sent to-b)
	talk "$1" && [ $(($(sent to-b) - before)) -gt "$BYTES" ]
}

by_cell() {
	local before began c

	three
	c=$(own t-c)
	utcp host acl apply - >/dev/null <<-END
		policy a
		out allow dst $(own t-b) class 7
		out allow dst $c
		policy others
		in allow src $(own t-a) class 8
	END
	must utcp host acl bind h0 a
	must utcp host acl bind h1 others
	must utcp host acl bind h2 others
	shape add up bw-max 100m
	shape add rest parent up
	shape add to-b parent up id 7 bw-max 1m
	shape add to-a parent up id 8
	shape bind h0 in rest
	shape bind h1 in rest
	began=$(date +%s%3N)
	expect_ok "A talks with B" talk t-b
	expect_ok "by the class that the rule about B's cell names" test "$(sent to-b)" -gt $BYTES
	# what it saves up, and the burst, are no more than a tenth of it
	expect_ok "at its rate" test $(($(date +%s%3N) - began)) -ge $((BYTES * 72 / 10000))
	# None at all is asked by the instruction clock (rate.sh): here a frame is late where
	# the host had no time for the guest.
	expect_ok "which it was told: hardly anything is dropped" \
		test "$(class_value to-b '.stats.drops|add // 0')" -le 2
	expect_ok "and what B says by that of its own port's rule" test "$(sent to-a)" -gt $BYTES
	expect_ok "by no other" test "$(sent rest)" -lt $((BYTES / 10))
	before=$(sent to-b)
	expect_ok "A talks with C" talk t-c
	expect_ok "about whose cell no class is said: by the port's" test "$(sent rest)" -gt $BYTES
	expect_ok "not by B's" test $(($(sent to-b) - before)) -lt $((BYTES / 5))
	utcp host acl apply - >/dev/null <<-END
		policy a
		out allow dst $(own t-b)
		out allow dst $c class 7
		policy others
		in allow src $(own t-a) class 8
	END
	wait_for "a rule that changes holds for what goes on" 20 by_class_of_b t-c
	before=$(sent to-b)
	expect_ok "and B has none any more" talk t-b
	expect_ok "of its own" test $(($(sent to-b) - before)) -lt $((BYTES / 5))
	expect_sums "by cell"
}

run_tests \
	by_cell "a rule about a cell names the class"
