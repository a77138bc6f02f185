# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="a process sends batches of 64 frames to a dummy device, which drops them, with and without a copy; the frames lie where they are sent from"
unit="per frame"
boot=rings
ours=""
for size in 256 1514 2048 4096 9014; do
	ours+="zerocopy-$size/copy-$size "
done
reference=""
repeat="*=0.1"
DUMMY=bench-zc

cleanup() {
	ip link del "$DUMMY" 2>/dev/null || :
	near_link_down
	modules_out
}

run() {
	local size

	trap cleanup EXIT
	load dummy || fail "the kernel has no dummy" || return
	near_link_up
	ip link add "$DUMMY" mtu 9000 type dummy
	sysctl -qw "net/ipv6/conf/$DUMMY/disable_ipv6=1" || :
	ip link set "$DUMMY" up
	if ! rings_in "$DUMMY"; then
		absent zerocopy "no rings in $MODULES"
		return
	fi
	for size in 256 1514 2048 4096 9014; do
		frames "copy-$size" -d "$DUMMY" -p "$DUMMY" -m tx -l "$size" -t ring
		frames "zerocopy-$size" -d "$DUMMY" -p "$DUMMY" -m tx -l "$size" -t ring-zc
	done
}
