# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the benchmark cases share.  Sourced by guest.sh; a case never runs by itself.
#
# guest.sh sets $name (of the case), $MODULES, $PROGS and $UTCPCTL; the case itself sets $unit.
# shellcheck disable=SC2154
#
# A case reports with:
#	result VARIANT VALUE [UNIT]	one figure; UNIT is the case's unit when left out
#	absent VARIANT REASON		why a row cannot be measured here

# Ends of the link: two namespaces, their devices and addresses.
readonly NS_A=bench-a NS_B=bench-b DEV_A=bench-va DEV_B=bench-vb
readonly ADDR_A=192.0.2.1 ADDR_B=192.0.2.2
readonly WG_A=198.51.100.1 WG_B=198.51.100.2

# How much of what; of streams and pktgen, the first run is thrown away.
readonly RTT_BYTES=64 RTT_COUNT=500 RTT_RUNS=4 RTT_CONNECTIONS=7
readonly WRITE_BYTES=65536 STREAM_RUNS=4 STREAM_RUNS_PLAIN=12
readonly PKTGEN_COUNT=150000 PKTGEN_RUNS=4
readonly FRAMES_COUNT=8192 FRAMES_RUNS=6

result() {
	printf 'RESULT %s %s %s %s\n' "$name" "$1" "$2" "${3:-$unit}"
}

absent() {
	local variant=$1

	shift
	printf 'ABSENT %s %s %s\n' "$name" "$variant" "$*"
}

fail() {
	printf '%s: %s\n' "$name" "$*" >&2
	return 1
}

# load MODULE...: succeeds when the kernel has each of them, built in or as a module.
load() {
	local module

	for module; do
		modprobe -q "$module" || return 1
	done
}

# median DIGITS: of the numbers on stdin, one a line
median() {
	sort -n | awk -v digits="$1" '{ v[NR] = $1 } END {
		if (!NR)
			exit 1
		printf "%.*f\n", digits, (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2
	}'
}

# midmean DIGITS: the mean of what is left of the numbers on stdin without the lowest and the highest
# quarter.  A run holds a whole number of the kernel's own rounds (a grace period of RCU takes some
# 50 000 instructions), and how many is a matter of phase, which a boot keeps; a median would take
# one of two values by chance, where this one takes what lies between.
midmean() {
	sort -n | awk -v digits="$1" '{ v[NR] = $1 } END {
		if (!NR)
			exit 1
		cut = int(NR / 4)
		for (i = cut + 1; i <= NR - cut; i++)
			sum += v[i]
		printf "%.*f\n", digits, sum / (NR - 2 * cut)
	}'
}

# cost COMMAND...: writes to $work/took for how many nanoseconds anything has run meanwhile
cost() {
	"$PROGS/cost" "$work/took" "$@"
}

# used: bytes that the kernel has for itself
used() {
	sleep 5
	awk '/^(Slab|VmallocUsed|Percpu):/ { n += $2 } END { print n * 1024 }' /proc/meminfo
}

# --- the link between two namespaces

link_up() {
	local mtu=${1:-1500}

	load veth || fail "the kernel has no veth" || return
	ip netns add "$NS_A"
	ip netns add "$NS_B"
	ip link add "$DEV_A" netns "$NS_A" mtu "$mtu" type veth peer name "$DEV_B" netns "$NS_B" mtu "$mtu"
	ip -n "$NS_A" addr add "$ADDR_A/24" dev "$DEV_A"
	ip -n "$NS_B" addr add "$ADDR_B/24" dev "$DEV_B"
	ip -n "$NS_A" link set lo up
	ip -n "$NS_B" link set lo up
	ip -n "$NS_A" link set "$DEV_A" up
	ip -n "$NS_B" link set "$DEV_B" up
	known_for_ever "$NS_A" "$DEV_A" "$ADDR_B" "$(mac_of "$NS_B" "$DEV_B")"
	known_for_ever "$NS_B" "$DEV_B" "$ADDR_A" "$(mac_of "$NS_A" "$DEV_A")"
	# Duplicate address detection and the like end within two seconds.
	sleep 2
}

mac_of() {
	ip netns exec "$1" cat "/sys/class/net/$2/address"
}

# known_for_ever NETNS DEVICE ADDRESS MAC: a neighbour that stays reachable.  To one that counts as
# reachable a packet goes with a copied header, to one that has not been confirmed lately with one
# that is written for it: 85 instructions more each way.
known_for_ever() {
	ip -n "$1" neigh replace "$3" lladdr "$4" dev "$2" nud permanent
}

link_down() {
	local ns

	for ns in "$NS_A" "$NS_B"; do
		if [ -e "/run/netns/$ns" ]; then
			ip netns del "$ns"
		fi
	done
	# Namespaces die in the background, after RCU has been waited for.
	sleep 3
}

# near_link_up: the link with both ends in one namespace, and nothing on it but what is measured
near_link_up() {
	local dev

	load veth nf_tables || fail "the kernel lacks veth or nf_tables" || return
	ip link add "$DEV_A" type veth peer name "$DEV_B"
	# It would look for routers for minutes, and AF_XDP gets whatever comes.
	load ipv6 || :
	for dev in "$DEV_A" "$DEV_B"; do
		if [ -e "/proc/sys/net/ipv6/conf/$dev" ]; then
			sysctl -qw "net/ipv6/conf/$dev/disable_ipv6=1"
		fi
		ip link set "$dev" up
	done
	sleep 2
}

# urgent_for_ever: processes of SCHED_FIFO may use all of the CPU.  Two that take turns would
# otherwise be stopped for 50 ms of each second, which idle then.
urgent_for_ever() {
	RT_RUNTIME=$(sysctl -n kernel.sched_rt_runtime_us)
	sysctl -qw kernel.sched_rt_runtime_us=-1
}

urgent_as_before() {
	[ -z "${RT_RUNTIME:-}" ] || sysctl -qw "kernel.sched_rt_runtime_us=$RT_RUNTIME"
}

near_link_down() {
	unchain 2>/dev/null || :
	ip link del "$DEV_A" 2>/dev/null || :
}

# chain POLICY: an nft chain without a rule at the ingress hook of the receiving device
chain() {
	printf 'table netdev bench {\nchain c {\ntype filter hook ingress device "%s" priority 0\npolicy %s\n}\n}\n' \
		"$DEV_B" "$1" | nft -f -
}

unchain() {
	nft delete table netdev bench
}

# Receive windows that stay as they are.  As the kernel tunes them (some time in a connection's first
# second, when a window full of data has passed), reading begins to ask for a new window each time,
# and a round trip takes steps of 85 instructions.
still_windows() {
	local ns

	for ns in "$NS_A" "$NS_B"; do
		ip netns exec "$ns" sysctl -qw net.ipv4.tcp_moderate_rcvbuf=0
	done
}

# gso on|off [DEVICE-IN-A DEVICE-IN-B]: off makes every packet of a stream pass by itself
gso() {
	local how=$1

	ip netns exec "$NS_A" ethtool -K "${2:-$DEV_A}" tso "$how" gso "$how" gro "$how" >/dev/null
	ip netns exec "$NS_B" ethtool -K "${3:-$DEV_B}" tso "$how" gso "$how" gro "$how" >/dev/null
}

sent_bytes() {
	ip netns exec "$NS_A" cat "/sys/class/net/$DEV_A/statistics/tx_bytes"
}

# --- peers

have_tls() {
	load tls || return
	# By name, so that it does not depend on the kernel being able to call modprobe.
	modprobe -aq gcm aesni_intel ghash_clmulni_intel chacha20poly1305 chacha_x86_64 poly1305_x86_64 || :
}

# The drivers that won, of those that are loaded.
crypto_drivers() {
	awk -v RS= -F '\n' '{
		delete field
		for (i = 1; i <= NF; i++) {
			split($i, part, / *: /)
			field[part[1]] = part[2]
		}
		if (!(field["name"] in best) || field["priority"] + 0 > best[field["name"]]) {
			best[field["name"]] = field["priority"] + 0
			driver[field["name"]] = field["driver"]
		}
	} END {
		split("gcm(aes) rfc7539(chacha20,poly1305)", wanted, " ")
		for (i = 1; i in wanted; i++)
			if (wanted[i] in driver)
				printf "META crypto %s is %s\n", wanted[i], driver[wanted[i]]
	}' /proc/crypto
}

have_wireguard() {
	command -v wg >/dev/null && load wireguard
}

# wireguard_up [MTU]: a tunnel between the two namespaces
wireguard_up() {
	local dir

	dir=$(mktemp -d)
	(umask 077 && wg genkey >"$dir/a" && wg genkey >"$dir/b")
	ip -n "$NS_A" link add wg0 type wireguard
	ip -n "$NS_B" link add wg0 type wireguard
	ip netns exec "$NS_A" wg set wg0 private-key "$dir/a" listen-port 51820 \
		peer "$(wg pubkey <"$dir/b")" allowed-ips "$WG_B/32" endpoint "$ADDR_B:51820"
	ip netns exec "$NS_B" wg set wg0 private-key "$dir/b" listen-port 51820 \
		peer "$(wg pubkey <"$dir/a")" allowed-ips "$WG_A/32" endpoint "$ADDR_A:51820"
	rm -r "$dir"
	ip -n "$NS_A" addr add "$WG_A/24" dev wg0
	ip -n "$NS_B" addr add "$WG_B/24" dev wg0
	# 80 bytes go to the tunnel's own headers (IPv6 outside at worst), as wg-quick(8) reckons.
	ip -n "$NS_A" link set wg0 mtu "$((${1:-1500} - 80))" up
	ip -n "$NS_B" link set wg0 mtu "$((${1:-1500} - 80))" up
}

have_tipc() {
	load tipc sch_ingress cls_u32 act_pedit
}

# TIPC nodes in two namespaces of one kernel find out that they are, and then hand each other
# packets past the device.  Each finds it out from word 13 of the other's discovery messages (user
# 13, so the first byte is 0x5a or 0x5b); a word that is not theirs keeps them on the wire.
tipc_up() {
	tipc_side "$NS_A" "$DEV_A" 0x0badcafe
	tipc_side "$NS_B" "$DEV_B" 0x0badbeef
	wait_for "the TIPC link" tipc_linked
}

tipc_side() {
	tc -n "$1" qdisc add dev "$2" clsact
	tc -n "$1" filter add dev "$2" egress protocol 0x88ca u32 match u8 0x5a 0xfe at 0 \
		action pedit munge offset 52 u32 set "$3"
	ip netns exec "$1" tipc bearer enable media eth device "$2"
}

tipc_linked() {
	ip netns exec "$NS_A" tipc link list | grep -q "$DEV_B: up"
}

# tipc_on_wire BEFORE BYTES: the device has carried BYTES since it stood at BEFORE
tipc_on_wire() {
	[ "$(($(sent_bytes) - $1))" -ge "$2" ] || fail "TIPC went past the device, not over it"
}

wait_for() {
	local what=$1 i

	shift
	for ((i = 0; i < 200; i++)); do
		if "$@"; then
			return 0
		fi
		sleep 0.1
	done
	fail "$what did not come up within 20 s"
}

# --- measuring

# figures FIELD FIRST: of RUN lines on stdin from number FIRST on; 3 elapsed or 4 busy, each per unit,
# of which the last word says how many
figures() {
	awk -v field="$1" -v first="$2" '/^RUN / && $2 >= first { printf "%.6f\n", $field / $NF }'
}

# round_trip VARIANT XFER-ARGUMENTS...
# Now and then one connection stays apart from all others, or something rare falls into a run.  So
# each of several connections is measured at the same age, in its last run, and the median counts.
round_trip() {
	local variant=$1 i out all=''

	shift
	for ((i = 0; i < RTT_CONNECTIONS; i++)); do
		out=$("$PROGS/xfer" -q -m rtt -l "$RTT_BYTES" -n "$RTT_COUNT" -r "$RTT_RUNS" "$@")
		all+=$out$'\n'
	done
	result "$variant" "$(figures 3 "$RTT_RUNS" <<<"$all" | median 1)"
}

# stream VARIANT WRITES XFER-ARGUMENTS...
# Every run has a connection of its own, because windows grow for as long as one lasts, and the
# cost of a byte with them.  The first run is thrown away: it starts slowly, the others find the
# path's metrics.  The middle of the rest counts.  What takes the emulator little time, since nothing
# is encrypted, has more runs.
stream() {
	local variant=$1 writes=$2 runs=$STREAM_RUNS i out all=''

	((writes < 512)) || runs=$STREAM_RUNS_PLAIN
	shift 2
	for ((i = 1; i <= runs; i++)); do
		out=$("$PROGS/xfer" -m stream -l "$WRITE_BYTES" -n "$writes" -r 1 "$@")
		all+=${out/RUN 1/RUN $i}$'\n'
	done
	result "$variant" "$(figures 3 2 <<<"$all" | midmean 4)"
	result "$variant" "$(figures 4 2 <<<"$all" | midmean 4)" "$unit, busy"
}

# frames VARIANT RINGS-ARGUMENTS...
# Raw frames between two processes, or within one.  The first run warms up; the median of the others
# counts, and stands in $figure afterwards.
frames() {
	local variant=$1 out

	shift
	out=$("$PROGS/rings" -d "$DEV_A" -p "$DEV_B" -n "$FRAMES_COUNT" -R "$FRAMES_RUNS" "$@") ||
		fail "$variant: no figure" || return
	figure=$(awk '/^RUN / && $2 > 1 { printf "%.6f\n", $3 / $4 }' <<<"$out" | median 1)
	result "$variant" "$figure"
}

# hold_ring DEVICE TYPE: a process that owns an EtherType and does not look at its frames, until
# drop_ring
hold_ring() {
	local line

	exec {HOLDER_FD}< <(exec "$PROGS/rings" -m hold -d "$DEV_A" -p "$1" -y "$2")
	HOLDER=$!
	read -r line <&"$HOLDER_FD" || fail "no ring for $2 on $1" || return
	[ "$line" = HELD ]
}

drop_ring() {
	[ -n "${HOLDER:-}" ] || return 0
	kill "$HOLDER" 2>/dev/null || :
	# The descriptor closes when the process is gone; it says no more.
	cat <&"$HOLDER_FD" >/dev/null
	exec {HOLDER_FD}<&-
	HOLDER=''
}

# What a case tells pktgen besides.
PKTGEN_LINES=()

# pktgen DEVICE DESTINATION-MAC: prints what one packet costs; the first run warms up
pktgen() {
	local i out all=''

	for ((i = 0; i < PKTGEN_RUNS; i++)); do
		out=$(pktgen_run "$1" "$2") || return
		if ((i > 0)); then
			all+=$out$'\n'
		fi
	done
	midmean 1 <<<"${all%$'\n'}"
}

pktgen_run() {
	local line

	echo rem_device_all >/proc/net/pktgen/kpktgend_0
	echo "add_device $1" >/proc/net/pktgen/kpktgend_0
	for line in "count ${PKTGEN_FRAMES:-$PKTGEN_COUNT}" "pkt_size 128" "clone_skb 0" "delay 0" "dst_mac $2" \
		"flag IPSRC_RND" "src_min 10.1.0.1" "src_max 10.1.3.255" "dst 10.9.0.1" \
		"flag UDPDST_RND" "udp_dst_min 1000" "udp_dst_max 2000" "${PKTGEN_LINES[@]}"; do
		echo "$line" >"/proc/net/pktgen/$1" || fail "pktgen refused: $line" || return
	done
	echo start >/proc/net/pktgen/pgctrl
	# "Result: OK: 210735(c210300+d434) usec": c is what pktgen did not spend waiting.
	awk -v n="${PKTGEN_FRAMES:-$PKTGEN_COUNT}" '/Result: OK/ && match($0, /c[0-9]+/) {
		printf "%.6f\n", substr($0, RSTART + 1, RLENGTH - 1) * 1000 / n
		ok = 1
	} END { exit !ok }' "/proc/net/pktgen/$1" ||
		fail "pktgen on $1: $(grep -A 1 Result "/proc/net/pktgen/$1")" || return
	echo rem_device_all >/proc/net/pktgen/kpktgend_0
}

# All streams, at one MTU: what cases/stream.sh and cases/stream-9000.sh run.  Ciphers take most of
# the emulator's time, so the encrypted ones are short.
streams() {
	local mtu=$1 between=(-s "$NS_B" -c "$NS_A") before cipher

	link_up "$mtu"
	stream unix 1024 -t unix
	stream tcp 1024 -t tcp -a "$ADDR_B" "${between[@]}"
	gso off
	stream tcp-nogso 1024 -t tcp -a "$ADDR_B" "${between[@]}"
	for cipher in aes128 chacha; do
		if have_tls; then
			gso on
			stream "ktls-$cipher" 160 -t tcp -k "$cipher" -a "$ADDR_B" "${between[@]}"
			gso off
			stream "ktls-$cipher-nogso" 160 -t tcp -k "$cipher" -a "$ADDR_B" "${between[@]}"
		else
			absent "ktls-$cipher" "the kernel has no tls module"
		fi
	done
	crypto_drivers
	gso on
	if have_wireguard; then
		wireguard_up "$mtu"
		stream wireguard 160 -t tcp -a "$WG_B" "${between[@]}"
		gso off
		gso off wg0 wg0
		stream wireguard-nogso 160 -t tcp -a "$WG_B" "${between[@]}"
	else
		absent wireguard "no wg tool, or no wireguard module"
	fi
	if utcp_up; then
		stream utcp 160 -t utcp -a "$UTCP_B" "${between[@]}"
		stream utcp-local 1024 -t utcp -a "$UTCP_B" -s "$NS_B" -c "$NS_B"
		aead_alone "$mtu"
		utcp_down
	else
		absent utcp "no utcp.ko in $MODULES"
	fi
	if have_tipc; then
		tipc_up
		before=$(sent_bytes)
		stream tipc 512 -t tipc "${between[@]}"
		tipc_on_wire "$before" "$((WRITE_BYTES * 512 * STREAM_RUNS))"
	else
		absent tipc "the kernel has no tipc, cls_u32 or act_pedit module"
	fi
}

# --- our modules

# In the order that they depend on each other.
readonly OUR_MODULES="netswitch/netswitch.ko utcp/utcp.ko acl/utcp_acl.ko shaper/utcp_shaper.ko"

# needs_in FILE...: what these modules need of the kernel's own, which insmod leaves to its caller
needs_in() {
	local dep needs=()

	for dep in $(modinfo -F depends "$@" | tr , ' '); do
		[ "$dep" = netswitch ] || needs+=("$dep")
	done
	((${#needs[@]} == 0)) || modprobe -a "${needs[@]}"
}

# modules_in [FILE...]: inserts these from $MODULES, or all four; false when they are not there
modules_in() {
	local file files=()

	# shellcheck disable=SC2086 # a list
	[ $# -gt 0 ] || set -- $OUR_MODULES
	for file; do
		[ -e "$MODULES/$file" ] || return 1
		files+=("$MODULES/$file")
	done
	needs_in "${files[@]}"
	for file in "${files[@]}"; do
		insmod "$file"
	done
}

# rules_are N: the one policy has so many; a step that failed would have cost nothing
rules_are() {
	local n

	n=$("$UTCPCTL" -j acl show | gojq '.[0].rules')
	[ "$n" = "$1" ] || fail "the policy has $n rules, not $1"
}

# rings_in DEVICE...: the base module, and these devices its ports; false when it has no rings
rings_in() {
	local dev

	[ -e "$MODULES/netswitch/netswitch.ko" ] || return 1
	insmod "$MODULES/netswitch/netswitch.ko"
	if ! [ -e /dev/netswitch ]; then
		modules_out
		return 1
	fi
	for dev; do
		"$UTCPCTL" port add "$dev"
	done
}

# utcp_up: the link's devices are ports, each namespace has a cell that can be found; false when the
# modules are not there.  $UTCP_B is the CellID at the far end.
utcp_up() {
	local ns dev

	[ -e "$MODULES/utcp/utcp.ko" ] || return 1
	needs_in "$MODULES"/netswitch/netswitch.ko "$MODULES"/utcp/utcp.ko
	insmod "$MODULES/netswitch/netswitch.ko"
	insmod "$MODULES/utcp/utcp.ko"
	for ns in "$NS_A" "$NS_B"; do
		dev=$DEV_A
		[ "$ns" = "$NS_A" ] || dev=$DEV_B
		"$UTCPCTL" -n "$ns" port add "$dev"
		"$UTCPCTL" -n "$ns" cell new discoverable on >/dev/null
	done
	UTCP_B=$("$UTCPCTL" -n "$NS_B" -j cell show | gojq -r '.[] | select(.default).id')
}

# utcp_down: what closed sockets had is gone before the modules are
utcp_down() {
	if [ -e /sys/module/utcp ]; then
		sleep 3
		modules_out
	fi
}

# crypto_rows ROW...: what utcp_bench.ko says of these, in thousandths of a unit; false when it is not
# there
crypto_rows() {
	local file=$MODULES/utcp/utcp_bench.ko line row

	[ -e "$file" ] || return 1
	needs_in "$file"
	dmesg -C
	insmod "$file"
	rmmod utcp_bench
	while read -r line; do
		crypto_cost[${line% *}]=${line#* }
	done < <(dmesg --notime | sed -n 's/^utcp_bench: //p')
	for row; do
		[ -n "${crypto_cost[$row]:-}" ] || fail "utcp_bench.ko says nothing of $row" || return
	done
}

# aead_alone MTU: both ends' cryptography for a byte in frames of about this size
aead_alone() {
	local -A crypto_cost=()
	local size=1400

	[ "$1" = 1500 ] || size=8900
	if crypto_rows "seal-$size" "open-$size"; then
		result aead "$(awk -v c="${crypto_cost[seal-$size]}" -v d="${crypto_cost[open-$size]}" \
			-v n="$size" 'BEGIN { printf "%.3f\n", (c + d) / 1000 / n }')"
	else
		absent aead "no utcp_bench.ko in $MODULES"
	fi
}

modules_out() {
	local file list=()

	for file in $OUR_MODULES; do
		file=$(basename "$file" .ko)
		if [ -e "/sys/module/$file" ]; then
			list=("$file" "${list[@]}")
		fi
	done
	if ((${#list[@]})); then
		rmmod "${list[@]}"
	fi
}
