# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="frames over a veth pair to a process of its own, which sleeps until one is there (SCHED_FIFO); coalesced: until 256 are, or 10 ms have passed"
unit="per frame"
boot=rings
ours=""
for size in 64 1500; do
	ours+="ring-$size/v2-$size,recvmsg-$size,recvmmsg-$size,xdp-generic-$size,xdp-native-$size "
	ours+="ring-coalesced-$size/v3-$size ring-poll-$size/v2-$size "
done
goals="ring-64<=10500/v2-64 ring-coalesced-64<=4600/v3-64"
reference=""
repeat="*=0.1"

cleanup() {
	near_link_down
	modules_out
	urgent_as_before
}

run() {
	local figure size method

	trap cleanup EXIT
	near_link_up
	urgent_for_ever
	for size in 64 1500; do
		for method in recvmsg recvmmsg v2 xdp-generic xdp-native; do
			frames "$method-$size" -m wake -l "$size" -r "$method" -e
		done
		frames "v3-$size" -m wake -l "$size" -r v3
	done
	if ! rings_in "$DEV_B"; then
		absent ring "no rings in $MODULES"
		return
	fi
	for size in 64 1500; do
		frames "ring-$size" -m wake -l "$size" -r ring -e
		frames "ring-coalesced-$size" -m wake -l "$size" -r ring -w 256 -u 10000
		frames "ring-poll-$size" -m wake -l "$size" -r ring-poll -e
	done
}
