# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="two processors that send at once, by pktgen, each through a class of its own of one group with a limit of 10 Gbit/s, below it: how long the slower of both takes for a frame, its waiting for locks included, over what one alone takes; 1.25 is 1.6 times as many frames. Processors are emulated at the same time, without the clock that counts; a plugin of the emulator reads how long this machine's processors have run each, and counts what it executes. none, noqueue: two devices, and one, without any limit"
unit="times what one alone takes"
boot=shaper-cpus
cpus=2
ours="shaper/htb"
goals="shaper<=1.25"
reference=htb
# What waits for a lock waits for as long as the other one has it, or is not run.
repeat="*=none"

readonly FRAMES=40000 RUNS=5

# The link of the first processor is $DEV_A's, that of the second this one's.
readonly FAR=bench-vc FAR_PEER=bench-vd

cleanup() {
	tc qdisc del dev "$DEV_A" root 2>/dev/null || :
	ip link del "$DEV_A" 2>/dev/null || :
	ip link del "$FAR" 2>/dev/null || :
	modules_out
}

# sends THREAD DEVICE: what pktgen has this processor do
sends() {
	local dev=${2%@*} mac line peer

	peer=$DEV_B
	[ "$dev" = "$DEV_A" ] || peer=$FAR_PEER
	mac=$(cat "/sys/class/net/$peer/address")
	echo "add_device $2" >"/proc/net/pktgen/kpktgend_$1"
	for line in "count $FRAMES" "clone_skb 0" "pkt_size 1514" "delay 0" "dst 192.0.2.2" \
		"src_min 192.0.2.1" "src_max 192.0.2.1" "dst_mac $mac" "xmit_mode queue_xmit" \
		"skb_priority $((0x10011 + $1))"; do
		echo "$line" >"/proc/net/pktgen/$2" || fail "pktgen refused: $line" || return
	done
}

# counted DEVICE...: by so many processors; prints what the busiest one takes for a frame, in
# nanoseconds and in instructions, and how many of this machine's were at work
counted() {
	local i n=$#

	for ((i = 0; i < n; i++)); do
		echo rem_device_all >/proc/net/pktgen/kpktgend_$i
		sends $i "$1" || return
		shift
	done
	"$PROGS/between" /proc/net/pktgen/pgctrl start || return
	awk -v frames=$FRAMES '
		FNR == 1 { wall = $2 - wall; next }
		{ executed[$2] = $3 - executed[$2]; ns[$2] = $4 - ns[$2] }
		END {
			for (cpu in executed) {
				most = executed[cpu] > most ? executed[cpu] : most
				slowest = ns[cpu] > slowest ? ns[cpu] : slowest
				all += ns[cpu]
			}
			printf "%.1f %.1f %.2f\n", slowest / frames, most / frames, all / wall
		}' "$COUNTS.0" "$COUNTS.1"
	for ((i = 0; i < n; i++)); do
		echo rem_device_all >/proc/net/pktgen/kpktgend_$i
	done
}

# row NAME DEVICE DEVICE: the median over several times, one and two in turn
row() {
	local i one two times='' executed='' at_work=''

	counted "$2" "$3" >/dev/null || return # warms up
	for ((i = 0; i < RUNS; i++)); do
		read -ra one <<<"$(counted "$2")"
		read -ra two <<<"$(counted "$2" "$3")"
		[ "${#one[@]} ${#two[@]}" = "3 3" ] || return
		times+=$(ratio "${two[0]}" "${one[0]}")$'\n'
		executed+=$(ratio "${two[1]}" "${one[1]}")$'\n'
		at_work+=${two[2]}$'\n'
		printf '# %s: one %s, two %s\n' "$1" "${one[*]}" "${two[*]}" >&2
	done
	result "$1" "$(median 3 <<<"${times%$'\n'}")"
	result "$1" "$(median 3 <<<"${executed%$'\n'}")" "times the instructions of one alone"
	result "$1" "$(median 2 <<<"${at_work%$'\n'}")" "processors of this machine's at work"
}

# ratio A B
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'
}

our_row() {
	if ! modules_in || ! "$UTCPCTL" shaper help >/dev/null 2>&1; then
		absent shaper "no shaper in $MODULES"
		return
	fi
	"$UTCPCTL" -b - >/dev/null <<-END
		port add $DEV_A policy
		port add $FAR policy
		shaper add group bw-max 10g
		shaper add c1 parent group bw-max 10g
		shaper add c2 parent group bw-max 10g
		shaper bind $DEV_A out c1
		shaper bind $FAR out c2
	END
	row shaper "$DEV_A" "$FAR"
	modules_out
}

htb_row() {
	if ! load sch_htb; then
		absent htb "the kernel has no sch_htb"
		return
	fi
	tc -batch - <<-END
		qdisc add dev $DEV_A root handle 1: htb
		class add dev $DEV_A parent 1: classid 1:1 htb rate 10gbit burst 1m cburst 1m
		class add dev $DEV_A parent 1:1 classid 1:11 htb rate 10gbit burst 1m cburst 1m
		class add dev $DEV_A parent 1:1 classid 1:12 htb rate 10gbit burst 1m cburst 1m
	END
	row htb "$DEV_A@0" "$DEV_A@1"
	tc qdisc del dev "$DEV_A" root
}

run() {
	load pktgen veth || fail "the kernel lacks pktgen or veth" || return
	if [ -z "${COUNTS:-}" ]; then
		absent shaper "counted by a plugin of the emulator only"
		return
	fi
	trap cleanup EXIT
	ip link add "$DEV_A" up type veth peer name "$DEV_B"
	ip link add "$FAR" up type veth peer name "$FAR_PEER"
	ip link set "$DEV_B" up
	ip link set "$FAR_PEER" up
	sleep 2
	row none "$DEV_A" "$FAR"
	our_row
	row noqueue "$DEV_A@0" "$DEV_A@1"
	htb_row
}
