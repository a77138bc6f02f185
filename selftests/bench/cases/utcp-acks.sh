# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="packets that go back while a stream passes: clean path, steady state, MTU 1500 (a count, not instructions)"
unit="per 100 packets"
boot=transport
ours="utcp"
goals="utcp<=7/tcp-nogso"
reference=""
repeat="*=none"

run() {
	local between=(-s "$NS_B" -c "$NS_A")

	trap 'utcp_down; link_down' EXIT
	link_up
	gso off
	answers tcp-nogso -t tcp -a "$ADDR_B" "${between[@]}"
	if utcp_up; then
		answers utcp -t utcp -a "$UTCP_B" "${between[@]}"
	else
		absent utcp "no utcp.ko in $MODULES"
	fi
}

packets_of() {
	ip netns exec "$1" cat "/sys/class/net/$2/statistics/tx_packets"
}

# answers ROW XFER-ARGUMENTS...: the first stream warms up
answers() {
	local row=$1 there back

	shift
	"$PROGS/xfer" -m stream -l "$WRITE_BYTES" -n 160 -r 1 "$@" >/dev/null
	there=$(packets_of "$NS_A" "$DEV_A")
	back=$(packets_of "$NS_B" "$DEV_B")
	"$PROGS/xfer" -m stream -l "$WRITE_BYTES" -n 160 -r 1 "$@" >/dev/null
	there=$(($(packets_of "$NS_A" "$DEV_A") - there))
	back=$(($(packets_of "$NS_B" "$DEV_B") - back))
	result "$row" "$(awk -v b="$back" -v t="$there" 'BEGIN { printf "%.2f\n", 100 * b / t }')"
}
