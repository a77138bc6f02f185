# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="a process sends batches of 64 frames into a veth pair, nft drops them at its other end; the frames lie where they are sent from"
unit="per frame"
boot=rings
ours=""
for size in 64 256 1500; do
	ours+="ring-$size/xdp-generic-$size,sendto-$size,sendmmsg-$size,txring-$size "
done
goals="ring-64<=2900/xdp-generic-64 ring-1500<=3400/xdp-generic-1500"
reference=""
repeat="*=0.1"

cleanup() {
	near_link_down
	modules_out
}

run() {
	local figure size method

	trap cleanup EXIT
	near_link_up
	chain drop
	for size in 64 256 1500; do
		for method in sendto sendmmsg txring xdp-generic; do
			frames "$method-$size" -m tx -l "$size" -t "$method"
		done
	done
	if ! rings_in "$DEV_A"; then
		absent ring "no rings in $MODULES"
		return
	fi
	for size in 64 256 1500; do
		frames "ring-$size" -m tx -l "$size" -t ring
	done
}
