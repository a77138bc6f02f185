# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="memory of a class that nothing waits in, one of 10,000 in a group, from slabs and the pages of per-CPU memory (bytes, not instructions; on one CPU)"
unit="bytes per class"
boot=shaper-memory
ours="class/none"
goals="class<=1280"
reference=""
repeat="*=none"

readonly CLASSES=10000

# Slabs and per-CPU memory, in KiB
kib() {
	sleep 3
	awk '/^(Slab|Percpu):/ { sum += $2 } END { print sum }' /proc/meminfo
}

run() {
	local before after i

	trap modules_out EXIT
	if ! modules_in || ! "$UTCPCTL" shaper help >/dev/null 2>&1; then
		absent class "no shaper in $MODULES"
		return
	fi
	"$UTCPCTL" shaper add group bw-max 10g >/dev/null
	before=$(kib)
	for ((i = 0; i < CLASSES; i++)); do
		echo "shaper add c$i parent group bw-max 10m"
	done | "$UTCPCTL" -b - >/dev/null
	after=$(kib)
	result class "$(((after - before) * 1024 / CLASSES))"
}
