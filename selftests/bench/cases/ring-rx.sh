# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="a process sends 64 frames over a veth pair and reads them at its other end, nobody is woken; -above: less what a frame costs that nft drops there"
unit="per frame"
boot=rings
ours=""
for size in 64 256 1500; do
	for kind in "$size" "$size-above"; do
		ours+="ring-$kind/v3-$kind,v2-$kind,recvmmsg-$kind,recvmsg-$kind,xdp-generic-$kind,xdp-native-$kind "
	done
	ours+="ring-full-$size/nft-drop-$size port-stack-$size/stack-$size "
done
goals="ring-64-above<=200/v3-64-above ring-1500-above<=380/v3-1500-above"
reference=""
repeat="*-above=1 *=0.1"

cleanup() {
	drop_ring
	near_link_down
	modules_out
}

# above METHOD SIZE: of what was measured last
above() {
	result "$1-$2-above" "$(awk -v a="$figure" -v b="${drop[$2]}" 'BEGIN { printf "%.1f\n", a - b }')"
}

run() {
	local -A drop
	local figure size method batch

	trap cleanup EXIT
	near_link_up
	for size in 64 256 1500; do
		frames "stack-$size" -m rx -l "$size"
		chain drop
		frames "nft-drop-$size" -m rx -l "$size"
		unchain
		drop[$size]=$figure
		for method in recvmsg recvmmsg v2 v3 xdp-generic xdp-native; do
			batch=64
			# It gives frames in blocks of 128 KiB, so there must be many to be read.
			[ "$method" != v3 ] || batch=4096
			frames "$method-$size" -m rx -l "$size" -r "$method" -b "$batch"
			above "$method" "$size"
		done
	done
	if ! rings_in "$DEV_B"; then
		absent ring "no rings in $MODULES"
		return
	fi
	for size in 64 256 1500; do
		frames "ring-$size" -m rx -l "$size" -r ring
		above ring "$size"
		# Others' frames, while there is a ring.
		hold_ring "$DEV_B" 0x4c57
		frames "port-stack-$size" -m rx -l "$size"
		drop_ring
		# Frames for a ring that has no room: what our hook's own drop costs.
		hold_ring "$DEV_B" 0x88b5
		frames "ring-full-$size" -m rx -l "$size"
		drop_ring
	done
}
