# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="memory of what idles, from slabs: a connection with its socket and file; a session, without any (bytes, not instructions)"
unit="bytes per end"
boot=utcp-memory
ours="utcp/tcp,unix utcp-session/none"
goals="utcp<=4096/tcp utcp-session<=16384"
reference=tcp
repeat="*=none"

readonly CELLS=50

run() {
	local between=(-s "$NS_B" -c "$NS_A")

	trap 'utcp_down; link_down' EXIT
	link_up
	idlers unix -t unix
	idlers tcp -t tcp -a "$ADDR_B" "${between[@]}"
	if utcp_up; then
		"$PROGS/xfer" -m rtt -n 1 -r 1 -t utcp -a "$UTCP_B" "${between[@]}" >/dev/null
		idlers utcp -t utcp -a "$UTCP_B" "${between[@]}"
		sessions
	else
		absent utcp "no utcp.ko in $MODULES"
	fi
}

# idlers ROW XFER-ARGUMENTS...
idlers() {
	local row=$1 out

	shift
	out=$("$PROGS/xfer" -m memory -n 1000 -r 1 "$@")
	result "$row" "$(figures 3 1 <<<"$out" | median 0)"
}

slab_kib() {
	sleep 3
	awk '/^Slab:/ { print $2 }' /proc/meminfo
}

# Each cell of one namespace has a session with the cell of the other.
sessions() {
	local cell before after i

	for ((i = 0; i < CELLS; i++)); do
		"$UTCPCTL" -n "$NS_A" cell new >/dev/null
	done
	before=$(slab_kib)
	while read -r cell; do
		"$PROGS/xfer" -m rtt -n 1 -r 1 -t utcp -a "$UTCP_B" -f "$cell" -s "$NS_B" -c "$NS_A" >/dev/null
	done < <("$UTCPCTL" -n "$NS_A" -j cell show | gojq -r '.[] | select(.default | not).id')
	after=$(slab_kib)
	result utcp-session "$(((after - before) * 1024 / CELLS / 2))"
}
