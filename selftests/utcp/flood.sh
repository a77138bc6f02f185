#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Floods of initiations and data frames that are good for nothing, beside a stream that
# goes on. See floodprobe.c.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

# How long each of them lasts, in ms, and frames a second.
MS=${LONG:-300}
RATE=5000
# KiB. The buffers of the stream itself may be among what is there at the end.
MOST=16384

# slab - KiB of small objects of the kernel that it cannot take back
slab() {
	awk '$1 == "SUnreclaim:" { print $2 }' /proc/meminfo
}

# public NS - the public key of its cell, in hex
public() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[0]."public-key"' | base64 -d |
		od -An -v -tx1 | tr -d ' \n'
}

# rekeyed - A and B have new keys
rekeyed() {
	[ "$(peers t-a '.[0].counters.handshakes')" -gt "$HANDSHAKES" ]
}

# dropped REASON - by B
dropped() {
	"$UTCPCTL" -n t-b -j peer stats | gojq ".drops.\"$1\" // 0"
}

bounded() {
	local before after line

	two
	before=$(slab)
	expect_ok "each byte of the stream is right" ns t-a timeout \
		$(((60 + MS * 6 / 1000) * SLOW)) "$HERE/floodprobe" "$NETNS" a0 "$(public t-b)" \
		"$(ip -n t-b -j link show b0 | gojq -r '.[0].address')" "$MS" "$RATE"
	after=$(slab)
	while read -r line; do
		note "$line"
	done <<<"$OUT"
	wait_for "each frame is accounted for" 20 all_accounted t-b
	expect_eq "random initiations fit no cell" true \
		"$([ "$(dropped mac1)" -gt 10 ] && echo true)"
	expect_eq "who knows the key gets cookies, or makes work within the budget" true \
		"$([ $(($(dropped mac2) + $(dropped handshake) + $(dropped budget))) -gt 10 ] && echo true)"
	expect_eq "old frames are replays" true \
		"$([ "$(dropped replay)" -gt 10 ] && echo true)"
	expect_eq "nobody has become a peer by that" "1 1" \
		"$(peers t-a length) $(peers t-b length)"
	expect_eq "nor are more than three associations half open" true \
		"$(peers t-b '.[0]."half-open" // 0 | . <= 3')"
	expect_eq "what it cost of memory is bounded" true \
		"$([ $((after - before)) -lt "$MOST" ] && echo true || echo "$before $after")"
	HANDSHAKES=$(peers t-a '.[0].counters.handshakes')
	must "$UTCPCTL" -n t-a peer probe "$B" rekey on
	wait_for "and new keys can be made" 20 rekeyed
}

run_tests \
	bounded "a stream goes on beside floods, whose memory is bounded"
