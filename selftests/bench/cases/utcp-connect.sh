# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="connect() to a listener that sleeps; utcp: over a live session; utcp-rtt: 64 bytes there and back on such a connection"
unit="per call"
boot=transport
ours="utcp/tcp"
goals="utcp<=1.1*utcp-rtt"
reference=tcp
repeat="*=0.5"

run() {
	local between=(-s "$NS_B" -c "$NS_A")

	trap 'utcp_down; link_down' EXIT
	link_up
	still_windows
	connects tcp -t tcp -a "$ADDR_B" "${between[@]}"
	if utcp_up; then
		round_trip utcp-rtt -t utcp -a "$UTCP_B" "${between[@]}"
		connects utcp -t utcp -a "$UTCP_B" "${between[@]}"
	else
		absent utcp "no utcp.ko in $MODULES"
	fi
}

# connects ROW XFER-ARGUMENTS...
connects() {
	local row=$1 out

	shift
	out=$("$PROGS/xfer" -q -m connect -n 200 -r 6 "$@")
	result "$row" "$(figures 4 2 <<<"$out" | median 1)"
}
