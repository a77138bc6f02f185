#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: owners that do what they must not.
#
#	MUTATIONS	random values written over the shared memory (default: 100000)
#	SEED		of these
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

MUTATIONS=${MUTATIONS:-100000}
SEED=${SEED:-$RANDOM}

# nothing_left MARK - as if there never was a ring
nothing_left() {
	wait_for "no ring is left" 10 no_ring host
	expect_eq "and no consumer" 0 "$(utcp host -j port consumers h0 | gojq length)"
	expect_sum "counters" h0
	expect_quiet "the kernel does not complain" "$1"
	wait_for "the module can go" 10 rmmod netswitch
}

words() {
	local mark echo

	mark=$(dmesg_mark)
	ring_port
	# As long as the other one may take, on the slowest machine.
	start "$WORK/good" "${IN_HOST[@]}" "$RINGTOOL" -R -q $((SLOW * (1200 + MUTATIONS / 5000))) \
		echo h0 4c58
	echo=$SPAWNED
	spawn "$WORK/flood" nice -n 19 sh -c "while :; do ip netns exec peer '$FRAME' send p0 '$HOST_MAC' 4c57 1000000 100; done"
	wait_for "frames come" 20 has_come 1000
	note "seed $SEED"
	spawn "$WORK/bad" "${IN_HOST[@]}" "$HOSTILE" words h0 4c57 "$PEER_MAC" "$MUTATIONS" "$SEED"
	wait_for "it begins" 20 grep -qx ready "$WORK/bad"
	expect_eq "meanwhile another ring answers" 20 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 4c58 20)"
	wait_for "it ends" $((600 + MUTATIONS / 5000)) is_over "$WORK/bad" || return
	wait_for "it has gone" 10 sh -c "[ \$('$UTCPCTL' -n host -j ring show | gojq length) = 1 ]"
	note "$(tail -n 1 "$WORK/bad")"
	expect_no_match "the counters are right" "^wrong" "$(cat "$WORK/bad")"
	expect_result "frames came" "$WORK/bad" '.rx > 0' true
	expect_result "and were taken for sending" "$WORK/bad" '.tx > 0' true
	expect_eq "another ring still answers" 20 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 4c58 20)"
	must kill "$echo"
	nothing_left "$mark"
}

heads() {
	local mark where

	mark=$(dmesg_mark)
	ring_port
	kernel_has nf_tables
	# At the way out, and where it comes in: only type and source that were bound.
	for where in "host egress h0" "peer ingress p0"; do
		# shellcheck disable=SC2086 # three words
		set -- $where
		ns "$1" nft -f - <<-END
			table netdev t {
				chain c {
					type filter hook $2 device $3 priority 0;
					ether type 0x4c57 ether saddr $HOST_MAC counter
					ether saddr != $HOST_MAC ether type { 0x4c57, 0x4c58 } counter comment "source"
					ether type 0x4c58 counter comment "type"
				}
			}
		END
	done
	expect_ok "headers change while they are sent" \
		ns host "$HOSTILE" heads h0 4c57 "$PEER_MAC" 20000 4c58
	note "$OUT"
	printf '%s\n' "$OUT" >"$WORK/heads"
	expect_result "some went out" "$WORK/heads" '.sent > 0' true
	for where in "host" "peer"; do
		OUT=$(ns $where nft list table netdev t)
		expect_match "none of another type at the $where" 'counter packets 0 .*"type"' "$OUT"
		expect_match "nor of another source" 'counter packets 0 .*"source"' "$OUT"
		expect_match "but all the others" "counter packets $(result "$WORK/heads" .sent) " "$OUT"
	done
	nothing_left "$mark"
}

requests() {
	local mark

	mark=$(dmesg_mark)
	ring_port
	note "seed $SEED"
	expect_ok "random requests" ns host "$HOSTILE" binds h0 2000 "$SEED"
	nothing_left "$mark"
}

maps() {
	local mark

	mark=$(dmesg_mark)
	ring_port
	expect_ok "mappings, and the order of ends" ns host "$HOSTILE" maps h0 4c57
	nothing_left "$mark"
}

run_tests \
	words "random words over a whole ring" \
	heads "headers that change after the kick" \
	requests "random requests" \
	maps "mappings"
