# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="one frame over a veth pair, one back, between two processes that sleep until it is there; the woken client preempts"
unit="per round trip"
boot=rings
ours=""
for size in 64 1500; do
	ours+="ring-$size/v2-$size,recvmsg-$size,xdp-generic-$size ring-poll-$size/v2-$size "
done
goals="ring-64<=0.8*v2-64"
reference=""
repeat="*=0.1"

cleanup() {
	near_link_down
	modules_out
}

run() {
	local figure size

	trap cleanup EXIT
	near_link_up
	for size in 64 1500; do
		frames "v2-$size" -m rtt -n 2048 -l "$size" -r v2 -t sendto
		frames "recvmsg-$size" -m rtt -n 2048 -l "$size" -r recvmsg -t sendto
		frames "xdp-generic-$size" -m rtt -n 2048 -l "$size" -r xdp-generic -t xdp-generic
	done
	if ! rings_in "$DEV_A" "$DEV_B"; then
		absent ring "no rings in $MODULES"
		return
	fi
	for size in 64 1500; do
		frames "ring-$size" -m rtt -n 2048 -l "$size" -r ring -t ring
		frames "ring-poll-$size" -m rtt -n 2048 -l "$size" -r ring-poll -t ring-poll
	done
}
