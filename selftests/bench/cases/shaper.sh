# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="pktgen by queue_xmit, 1472 bytes of UDP in each frame, out of a veth device in one namespace, below a limit of 10 Gbit/s; shaper-N: one of so many classes, of a group with a limit of its own"
unit="per packet"
boot=pktgen
ours="shaper-1/htb,fq,cake,tbf shaper-100/htb,fq,cake,tbf shaper-10000/htb,fq,cake,tbf"
goals="shaper-1<=none+300 shaper-100<=none+300 shaper-10000<=none+330"
reference=none
repeat="*=0.5"

readonly CLASSES="1 100 10000"

cleanup() {
	tc qdisc del dev "$DEV_A" root 2>/dev/null || :
	ip link del "$DEV_A" 2>/dev/null || :
	modules_out
}

# peer NAME QDISC...
peer() {
	local variant=$1

	shift
	if ! load "sch_$variant" || ! tc qdisc add dev "$DEV_A" root handle 1: "$@" 2>/dev/null; then
		absent "$variant" "the kernel has no sch_$variant"
		return
	fi
	if [ "$variant" = htb ]; then
		tc class add dev "$DEV_A" parent 1: classid 1:1 htb rate 10gbit burst 1m cburst 1m
	fi
	result "$variant" "$(pktgen "$DEV_A" "$mac")"
	tc qdisc del dev "$DEV_A" root
}

# classes N: the port's frames belong to one of so many
classes() {
	local i

	echo "shaper add up bw-max 10g"
	echo "shaper add group parent up bw-max 10g"
	for ((i = 1; i <= $1; i++)); do
		echo "shaper add c$i parent group bw-max 10g"
	done
	echo "shaper bind $DEV_A out c$1"
}

our_rows() {
	local n i

	if ! modules_in || ! "$UTCPCTL" shaper help >/dev/null 2>&1; then
		for n in $CLASSES; do
			absent "shaper-$n" "no shaper in $MODULES"
		done
		return
	fi
	"$UTCPCTL" port add "$DEV_A" policy >/dev/null
	result port "$(pktgen "$DEV_A" "$mac")"
	for n in $CLASSES; do
		classes "$n" | "$UTCPCTL" -b - >/dev/null
		result "shaper-$n" "$(pktgen "$DEV_A" "$mac")"
		"$UTCPCTL" shaper unbind "$DEV_A" out >/dev/null
		{
			for ((i = 1; i <= n; i++)); do
				echo "shaper del c$i"
			done
			printf 'shaper del %s\n' group up
		} | "$UTCPCTL" -b - >/dev/null
	done
}

run() {
	local mac PKTGEN_LINES=("pkt_size 1514" "xmit_mode queue_xmit")

	load pktgen veth || fail "the kernel lacks pktgen or veth" || return
	trap cleanup EXIT
	ip link add "$DEV_A" type veth peer name "$DEV_B"
	ip link set "$DEV_A" up
	ip link set "$DEV_B" up
	sleep 2
	mac=$(cat "/sys/class/net/$DEV_B/address")
	result none "$(pktgen "$DEV_A" "$mac")"
	peer htb htb default 1
	peer fq fq
	peer cake cake bandwidth 10gbit
	peer tbf tbf rate 10gbit burst 1m limit 10m
	our_rows
}
