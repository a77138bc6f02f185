#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Streams over wires that are bad in each way, both directions at once. connprobe
# compares every byte that comes, so there is no need of a sum. LONG is how many bytes
# each direction has under one fault; of all at once, with a long delay, it is a
# sixty-fourth of that. By the instruction clock, for which a long time costs nothing if
# nothing is done in it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

[ "${ICOUNT:-}" ] || skip_all "needs the instruction clock: ICOUNT=1 in a guest of run.sh --icount"

BYTES=${LONG:-$((1 << 19))}
# Seconds that one transfer may take.
LIMIT=$((60 + BYTES * 60 / (1 << 20)))

# wired - two hosts, of which each knows the other
wired() {
	# While a guest with this clock is idle, its time runs ahead of the disk's.
	spawn "$WORK/busy" nice -n 19 sh -c 'while :; do :; done'
	BUSY=$SPAWNED
	two
	kernel_has sch_netem
	# It is in memory from here on.
	must ns t-a "$HERE/connprobe" "$NETNS" 1
}

# both ARGS... - the same in both directions
both() {
	netem t-a a0 "$@" limit 10000
	netem t-b b0 "$@" limit 10000
}

# carries LABEL BYTES - that many, both ways, and no frame breaks the protocol
carries() {
	local ms

	kill -STOP "$BUSY"
	expect_ok "$1" ns t-a timeout "$LIMIT" "$HERE/connprobe" -T "$NETNS" "$2"
	kill -CONT "$BUSY"
	ms=${OUT% ms}
	note "$1: $2 bytes each way in $ms ms, $(($2 * 8 / ms)) kbit/s"
	wait_for "$1: each frame is accounted for, at A" 20 all_accounted t-a
	wait_for "$1: and at B" 20 all_accounted t-b
	expect_eq "$1: nothing malformed came" "0 0" \
		"$("$UTCPCTL" -n t-a -j peer stats | gojq '.drops.chunk // 0') $("$UTCPCTL" -n t-b -j peer stats | gojq '.drops.chunk // 0')"
}

loss() {
	local percent

	wired
	for percent in 1 10 30; do
		both loss "$percent%"
		carries "$percent % lost" "$BYTES"
	done
}

order() {
	wired
	both delay 500us 300us reorder 50%
	carries "out of order" "$BYTES"
	both duplicate 30%
	carries "twice" "$BYTES"
	both corrupt 5%
	carries "changed" "$BYTES"
}

# netem's faults come one by one before the delay; a frame may have several.
everything() {
	wired
	both delay 200ms 20ms loss 2% reorder 25% duplicate 5% corrupt 2%
	carries "all at once, 200 ms" $((BYTES / 64 > 65536 ? BYTES / 64 : 65536))
}

# rate_is FROM TO - A is told that so many bytes a second get through
rate_is() {
	local now

	now=$("$UTCPCTL" -n t-a -j ss show state established |
		gojq '[.[].path."delivery-rate"] | max // 0')
	[ "$now" -ge "$1" ] && [ "$now" -le "$2" ]
}

told() {
	wired
	netem t-a a0 delay 5ms rate 8mbit limit 100
	under_way "$NETNS" $((4 << 20))
	wait_for "what gets through a narrow wire is told" 20 rate_is 850000 1010000
	ends "and all does"
}

run_tests \
	loss "frames are lost" \
	order "frames change their order, come twice, or are not what they were" \
	everything "all at once, and far away" \
	told "what is told of a path"
