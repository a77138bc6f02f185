# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="64 bytes there, 64 bytes back; two namespaces, one veth pair, one CPU; the woken client preempts"
unit="per round trip"
boot=transport
ours="utcp/tcp,tipc,ktls-chacha,ktls-aes128,wireguard utcp-local/unix"
goals="utcp<=36000/ktls-chacha utcp-local<=16500/unix"
reference=tcp
repeat="*=0.1"

run() {
	local between=(-s "$NS_B" -c "$NS_A") before cipher

	trap 'utcp_down; link_down' EXIT
	link_up
	still_windows
	round_trip unix -t unix
	round_trip tcp -t tcp -a "$ADDR_B" "${between[@]}"
	gso off
	round_trip tcp-nogso -t tcp -a "$ADDR_B" "${between[@]}"
	for cipher in aes128 chacha; do
		if have_tls; then
			gso on
			round_trip "ktls-$cipher" -t tcp -k "$cipher" -a "$ADDR_B" "${between[@]}"
			gso off
			round_trip "ktls-$cipher-nogso" -t tcp -k "$cipher" -a "$ADDR_B" "${between[@]}"
		else
			absent "ktls-$cipher" "the kernel has no tls module"
		fi
	done
	crypto_drivers
	gso on
	if have_wireguard; then
		wireguard_up
		round_trip wireguard -t tcp -a "$WG_B" "${between[@]}"
	else
		absent wireguard "no wg tool, or no wireguard module"
	fi
	if utcp_up; then
		round_trip utcp -t utcp -a "$UTCP_B" "${between[@]}"
		round_trip utcp-local -t utcp -a "$UTCP_B" -s "$NS_B" -c "$NS_B"
		utcp_down
	else
		absent utcp "no utcp.ko in $MODULES"
	fi
	if have_tipc; then
		tipc_up
		before=$(sent_bytes)
		round_trip tipc -t tipc "${between[@]}"
		tipc_on_wire "$before" "$((RTT_BYTES * RTT_COUNT * RTT_RUNS * RTT_CONNECTIONS))"
	else
		absent tipc "the kernel has no tipc, cls_u32 or act_pedit module"
	fi
}
