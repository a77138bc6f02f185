# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="UDP, 1472 bytes in each datagram, two namespaces, one veth pair, at a limit of 200 Mbit/s; all that the CPU is busy with (sender, timers, receiver) for each that arrives; -N: of so many flows; TCP at 1 Gbit/s, for each 1448 bytes"
unit="per packet"
boot=transport
ours="shaper-1/fq-1,htb-1,cake-1 shaper-100/fq-100,htb-100,cake-100 shaper-tcp/htb-tcp,tbf-tcp"
goals="shaper-1<=14500 shaper-100<=14000 shaper-tcp<=1600"
reference=htb-1
# Who wakes whom is up to the scheduler.
repeat="*=none"

readonly RATE=200 FLOWS="1 100"

cleanup() {
	link_down
	modules_out
}

# limited VARIANT FLOWS [ARGUMENT...]: what a datagram costs, and how much of the rate there was
limited() {
	local variant=$1 n=$2 out

	shift 2
	out=$("$PROGS/udp" -s "$NS_B" -c "$NS_A" -a "$ADDR_B" -n "$n" "$@") ||
		fail "$variant: no figure" || return
	result "$variant" "$(awk '$2 > 1 { printf "%.6f\n", $4 / $5 }' <<<"$out" | median 1)"
	result "$variant" "$(awk -v rate=$RATE '$2 > 1 { time += $3; n += $5 } END {
		printf "%.2f", n * 1514 * 8 * 1000 / time / rate * 100 }' <<<"$out")" "% of the rate"
}

# tcp VARIANT: one stream, and how much of 1 Gbit/s there was, by frames of 1514 bytes
tcp() {
	local out

	out=$("$PROGS/xfer" -m stream -l 65536 -n 2048 -r 3 -t tcp -s "$NS_B" -c "$NS_A" -a "$ADDR_B") ||
		fail "$1: no figure" || return
	result "$1" "$(awk '$2 > 1 { printf "%.6f\n", $4 / $5 * 1448 }' <<<"$out" | median 1)"
	result "$1" "$(awk '$2 > 1 { time += $3; bytes += $5 } END {
		printf "%.2f", bytes / 1448 * 1514 * 8 / time * 100 }' <<<"$out")" "% of the rate"
}

# limit OBJECT ARGUMENT...: tc in the sender's namespace
limit() {
	tc -n "$NS_A" "$1" add dev "$DEV_A" "${@:2}"
}

unlimit() {
	tc -n "$NS_A" qdisc del dev "$DEV_A" root
}

# have VARIANT...: is there the qdisc? If not, these rows cannot be had
have() {
	local variant

	load "sch_${1%%-*}" && return
	for variant; do
		absent "$variant" "the kernel has no sch_${1%%-*}"
	done
	return 1
}


peers() {
	local n

	for n in $FLOWS; do
		if have "fq-$n"; then
			limit qdisc root fq
			limited "fq-$n" "$n" -p "$((RATE * 125000 / n))"
			unlimit
		fi
		if have "htb-$n"; then
			limit qdisc root handle 1: htb default 1
			limit class parent 1: classid 1:1 htb rate "${RATE}mbit"
			limited "htb-$n" "$n"
			unlimit
		fi
		if have "cake-$n"; then
			limit qdisc root cake bandwidth "${RATE}mbit"
			limited "cake-$n" "$n"
			unlimit
		fi
	done
	if have htb-tcp; then
		limit qdisc root handle 1: htb default 1
		limit class parent 1: classid 1:1 htb rate 1gbit
		tcp htb-tcp
		unlimit
	fi
	if have tbf-tcp; then
		limit qdisc root tbf rate 1gbit burst 625000 latency 100ms
		tcp tbf-tcp
		unlimit
	fi
}

# shape ARGUMENT...: the tool, in the sender's namespace
shape() {
	"$UTCPCTL" -n "$NS_A" shaper "$@" >/dev/null
}

our_rows() {
	local n

	if ! modules_in || ! "$UTCPCTL" shaper help >/dev/null 2>&1; then
		for n in 1 100 tcp; do
			absent "shaper-$n" "no shaper in $MODULES"
		done
		return
	fi
	"$UTCPCTL" -n "$NS_A" port add "$DEV_A" policy >/dev/null
	shape add up bw-max "${RATE}m"
	shape add s1 parent up
	shape bind "$DEV_A" out s1
	for n in $FLOWS; do
		limited "shaper-$n" "$n"
	done
	shape set up bw-max 1g
	tcp shaper-tcp
}

run() {
	trap cleanup EXIT
	link_up
	our_rows
	peers
}
