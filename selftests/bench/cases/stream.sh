# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="64 KB writes one way; two namespaces, one veth pair, MTU 1500, one CPU"
unit="per byte"
boot=transport
ours=""
reference=tcp-nogso
# What waits for timers or shares the CPU with work queues spreads more.
repeat="unix=0.5 tcp*=0.5 tipc=0.5 *=none"

run() {
	trap link_down EXIT
	streams 1500
}
