#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Floods of initiations and data frames that are good for nothing, beside a stream that
# goes on. See floodprobe.c.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

# How long each of them lasts, in ms, and frames a second.
MS=${LONG:-$([ "${ICOUNT:-}" ] && echo 500 || echo 300)}
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

# floods RATE - each of them beside the stream; $SAID is how it went
floods() {
	local line

	expect_ok "each byte of the stream is right" ns t-a timeout \
		$(((60 + MS * 7 / 1000) * SLOW)) "$HERE/floodprobe" "$NETNS" a0 "$(public t-b)" \
		"$(ip -n t-b -j link show b0 | gojq -r '.[0].address')" "$MS" "$1"
	SAID=$OUT
	while read -r line; do
		note "$1 a second: $line"
	done <<<"$SAID"
}

# came KIND - bytes of the stream beside a flood of it
came() {
	awk -v kind="$1" '$1 == kind { print $2 }' <<<"$SAID"
}

# sent KIND - its frames
sent() {
	awk -v kind="$1" '$1 == kind { print $3 }' <<<"$SAID"
}

# By the instruction clock: time in an emulated guest proves nothing.
shares() {
	local rate kind share

	# While a guest with this clock is idle, its time runs ahead of the disk's.
	spawn "$WORK/busy" nice -n 19 sh -c 'while :; do :; done'
	two
	kernel_has nf_tables
	must ns t-b nft add table netdev t
	must ns t-b nft "add chain netdev t in { type filter hook ingress device b0 priority 0; }"
	must ns t-b nft add rule netdev t in ether type 0x88b6 drop
	for rate in 10000 30000; do
		floods $rate
		for kind in forged known replayed data; do
			expect_ok "$rate a second, $kind: as many" \
				test $(($(sent "$kind") * 100)) -ge $(($(sent other) * 95))
			share=$((100 * $(came "$kind") / $(came other)))
			expect_ok "$rate a second, $kind: $share % of what dropped frames leave, at least 80" \
				test $share -ge 80
		done
		# The next ones need an initiation to play back.
		must "$UTCPCTL" -n t-a peer del "$B"
	done
}

bounded() {
	local before after

	two
	before=$(slab)
	floods $RATE
	after=$(slab)
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

if [ "${ICOUNT:-}" ]; then
	run_tests shares "floods leave a stream what it would have beside frames that are dropped"
else
	run_tests bounded "a stream goes on beside floods, whose memory is bounded"
fi
