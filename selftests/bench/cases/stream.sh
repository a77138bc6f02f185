# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="64 KB writes one way; two namespaces, one veth pair, MTU 1500, one CPU"
unit="per byte"
boot=transport
ours="utcp/tcp-nogso,tipc,ktls-chacha-nogso,ktls-chacha,wireguard utcp-local/unix"
goals="utcp<=aead+4.5 utcp-local<=0.65/unix"
reference=tcp-nogso
# What waits for timers or shares the CPU with work queues spreads more; so does TIPC, from
# boot to boot (perf-notes.md).
repeat="unix=0.5 tcp*=0.5 tipc=2.5 *=none"

run() {
	trap 'utcp_down; link_down' EXIT
	streams 1500
}
