#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh - what the suite does, on stock kernels in guests. "make demo".
#
#   KERNEL=NAME    instead of 6.1
#   KERNEL2=NAME   instead of 6.12: who receives a file from the other
#   SCENES=NAME…   only these: modules, wire, counted
#
# Called without arguments it builds and boots; in the guests it is called again, with the
# name of a function.
# What a scene says is checked as it is shown: what is not so ends the demo, with 1.
set -Eeuo pipefail
trap 'echo "demo.sh: line $LINENO: exit status $?" >&2' ERR

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
kernel=${KERNEL:-6.1}
kernel2=${KERNEL2:-6.12}
# Of the file that goes from one kernel to the other.
size=$((64 << 20))
line="This line is not for everybody."

say() {
	printf '\n\033[1m%s\033[0m\n' "$*"
}

die() {
	echo "demo.sh: $*" >&2
	[ -z "${UTCP_NET_DIR-}" ] || : >"$UTCP_NET_DIR/failed"
	exit 1
}

# typed TEXT - what the user would type
typed() {
	printf '\n$ %s\n' "$*"
}

# run COMMAND... - or a pipeline, in one word
run() {
	if [ $# -gt 1 ]; then
		"$@"
	else
		eval "$1"
	fi
}

show() {
	typed "$*"
	run "$@" || die "exit status $?: $*"
}

# refused STATUS COMMAND... - show what must not succeed
refused() {
	local want=$1 rc=0

	shift
	typed "$*"
	run "$@" || rc=$?
	[ "$rc" = "$want" ] || die "exit status $rc, not $want: $*"
}

# says REGEX COMMAND... - show it, and have it say so
says() {
	local regex=$1 out

	shift
	typed "$*"
	out=$(run "$@") || die "exit status $?: $*"
	printf '%s\n' "$out"
	grep -qE -- "$regex" <<<"$out" || die "does not say '$regex': $*"
}

# until_so WHAT SECONDS COMMAND... - wait for it
until_so() {
	local what=$1 end=$((SECONDS + $2))

	shift 2
	until run "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || die "waited in vain: $what"
		[ ! -e "${UTCP_NET_DIR-}/failed" ] || die "the other guest has failed"
		sleep 0.1
	done
}

# load KERNEL MODULE... - and what utcp needs of the kernel's own cryptography
load() {
	local m=build/$1/modules module

	shift
	# shellcheck disable=SC2046 # a list of names
	show modprobe -a $(modinfo -F depends "$m/utcp/utcp.ko" | tr , '\n' | grep -v '^netswitch$')
	for module; do
		show insmod "$m/$module.ko"
	done
}

# cell_of [OPTION...] - the default cell of a namespace
cell_of() {
	utcpctl "$@" -j cell show | gojq -re '.[] | select(.default).id'
}

build() {
	local log=$tmp/log

	say "Building the modules for Debian's stock kernels $kernel and $kernel2, and the tools"
	if ! { make --no-print-directory modules KERNEL="$kernel" &&
		make --no-print-directory modules KERNEL="$kernel2" &&
		make --no-print-directory user membrane &&
		make --no-print-directory -C selftests/bench O="$top/build/bench" "$top/build/bench/cost" &&
		mkdir -p build/demo &&
		cc -std=gnu11 -D_GNU_SOURCE -O2 -Iuapi -o build/demo/matrix selftests/sandbox/matrix*.c
	} >"$log" 2>&1; then
		cat "$log" >&2
		die "the build failed"
	fi
}

modules() {
	say "Booting $kernel in a guest. Nothing of this touches your own kernel."
	selftests/vm/run.sh -k "$kernel" -c 1 -- tools/demo.sh in_modules
}

counted() {
	say "Another guest with $kernel: its clock counts instructions, one is one nanosecond"
	MATRIX=$top/build/demo/matrix exec selftests/vm/run.sh -k "$kernel" --icount -e MATRIX -- \
		tools/demo.sh in_counted
}

# ended PID FILE - show what went on beside the other scenes
ended() {
	local rc=0

	beside=
	wait "$1" || rc=$?
	cat "$2"
	[ "$rc" = 0 ] || die "the guest that counts instructions has failed: $rc"
}

wire() {
	say "$((size >> 20)) MiB from $kernel to $kernel2, by CellID: two guests on one Ethernet, without IP"
	selftests/vm/net.sh -t 1200 -p "$tmp/wire.pcap" -c 1 \
		-n sender -k "$kernel" "tools/demo.sh in_sender" \
		-n receiver -k "$kernel2" "tools/demo.sh in_receiver"
	say "What tcpdump sees in the middle"
	cd "$tmp"
	show tcpdump -n -e -c 5 -r wire.pcap
	says '^[0-9]{4,} packets' tcpdump --count -r wire.pcap ether proto 0x88b5
	says '^0 packets' tcpdump --count -r wire.pcap not ether proto 0x88b5
	refused 1 "grep -c '$line' wire.pcap"
	cd "$top"
}

# --- two kernels on one Ethernet ----------------------------------------------

# meet NAME - go on when the other guest is there, too
meet() {
	: >"$UTCP_NET_DIR/$1.$UTCP_NET_SELF"
	until_so "the other guest comes to $1" 300 test -e "$UTCP_NET_DIR/$1.$((3 - UTCP_NET_SELF))"
}

# host KERNEL - a cell, and a port on the wire. There is no IP here, not even of lo.
host() {
	PATH=$top/build/user:$PATH
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip addr flush dev lo
	show uname -r
	load "$1" netswitch/netswitch utcp/utcp
	show ip link set eth0 up
	show utcpctl port add eth0
	show utcpctl cell new discoverable on comment "$HOSTNAME"
	says '^0$' "ip -o addr show | wc -l"
	cell_of >"$UTCP_NET_DIR/cell.$UTCP_NET_SELF"
}

in_receiver() {
	local dir cat

	host "$kernel2"
	dir=$(mktemp -d)
	typed "utcpcat -l 7000 </dev/null >file &"
	utcpcat -l 7000 </dev/null >"$dir/file" &
	cat=$!
	until_so "it listens" 60 "utcpctl ss show state listen | grep :7000"
	meet listens
	until_so "something comes" 600 test -s "$dir/file"
	says "rtt .* cwnd " utcpctl ss show port 7000 -s
	meet shown
	wait $cat
	meet sent
	typed "sha256sum <file"
	sha256sum <"$dir/file" | tee "$UTCP_NET_DIR/sum.2"
	says "$(<"$UTCP_NET_DIR/cell.1")" utcpctl peer show
	cmp "$UTCP_NET_DIR"/sum.[12] || die "that is another file"
	echo "which is what was sent"
}

in_sender() {
	local dir cat cell

	host "$kernel"
	dir=$(mktemp -d)
	yes "$line" | head -c "$size" >"$dir/file" || true
	[ "$(stat -c %s "$dir/file")" = "$size" ]
	meet listens
	cell=$(<"$UTCP_NET_DIR/cell.2")
	typed "{ cat file; sleep-until-both-ends-were-shown; } | utcpcat $cell 7000 &"
	{
		cat "$dir/file"
		until_so "both ends were shown" 900 test -e "$dir/shown"
	} | utcpcat "$cell" 7000 >"$dir/nothing" &
	cat=$!
	until_so "it is under way" 600 \
		"utcpctl -j -s ss show | gojq -e 'any(.[]; .counters.\"bytes-acked\" > $size / 4)'"
	says "rtt .* cwnd " utcpctl ss show peer-port 7000 -s
	meet shown
	: >"$dir/shown"
	wait $cat
	typed "sha256sum <file"
	sha256sum <"$dir/file" | tee "$UTCP_NET_DIR/sum.1"
	meet sent
}

# --- one guest, with sandboxes --------------------------------------------------

# start_membrane - until it serves; sets $membrane and $log
start_membrane() {
	log=$(mktemp)
	typed "membrane --ip4 10.42.0.80/24 veth42 &"
	membrane --ip4 10.42.0.80/24 veth42 >"$log" 2>&1 &
	membrane=$!
	until_so "membrane serves" 60 grep -qx serving "$log"
}

# sandbox N - with one end of a veth pair; the host's is a port
sandbox() {
	ip netns add "build-$1"
	ip link add "veth$1" type veth peer name eth0 netns "build-$1"
	ip addr add "10.$1.0.1/24" dev "veth$1"
	ip link set "veth$1" up
	ip -n "build-$1" addr add "10.$1.0.2/24" dev eth0
	ip -n "build-$1" link set eth0 up
}

# closed - the scenes of the access list
closed() {
	say "An access list: the sandbox is closed, then opened for one address"
	show utcpctl acl new box comment "build 42"
	show utcpctl acl bind veth42 box
	refused 1 ip netns exec build-42 ping -q -c 1 -W 1 10.42.0.1
	show utcpctl acl add box out allow ethertype arp
	show utcpctl acl add box in allow ethertype arp
	show utcpctl acl add box out allow dst 10.42.0.1 proto icmp icmp 8
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	echo
	echo "The answers needed no rule; what was allowed is remembered, with its rule:"
	says icmp utcpctl flow list
	show utcpctl acl show box -s
	show utcpctl acl bindings -s
	echo
	echo "Why something would not go on:"
	says "^deny by the default" utcpctl acl test box out dst 10.42.0.1 proto tcp dport 443
	echo
	echo "A rule that goes by itself:"
	show utcpctl acl add box out allow dst 10.42.0.1 proto tcp dport 443 expires 2s
	says expires utcpctl acl show box
	until_so "the rule expires" 20 "! utcpctl acl show box | grep expires"
	says "^deny by the default" utcpctl acl test box out dst 10.42.0.1 proto tcp dport 443
	echo
	echo "And a change that nobody confirmed, since it has shut him out:"
	show "echo policy box | utcpctl acl apply - --confirm 5s"
	refused 1 ip netns exec build-42 ping -q -c 1 -W 1 10.42.0.1
	until_so "the change is undone" 20 "! utcpctl acl show | grep confirm"
	show utcpctl acl show box
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
}

# identity - the same sandbox is opened for one cell
identity() {
	local host other box cat

	say "Cells: who a host or a sandbox is for UTCP; the private key never leaves the kernel"
	show utcpctl cell new comment "this host"
	show utcpctl cell new comment "somebody else here"
	show utcpctl -n build-42 cell new discoverable on comment "build 42"
	show utcpctl -n build-42 port add eth0
	show utcpctl cell show
	host=$(cell_of)
	other=$(utcpctl -j cell show | gojq -re '.[] | select(.default | not).id')
	box=$(cell_of -n build-42)

	say "The sandbox has a service, and is opened for one identity"
	typed "ip netns exec build-42 utcpcat -l -k -e 'echo hello, \$UTCPCAT_PEER' 80 &"
	# shellcheck disable=SC2016 # utcpcat's shell
	ip netns exec build-42 utcpcat -l -k -e 'echo hello, $UTCPCAT_PEER' 80 &
	cat=$!
	until_so "it listens" 60 "utcpctl -n build-42 ss show state listen | grep :80"
	refused 5 "utcpcat $box 80 </dev/null"
	show utcpctl acl add box in allow src "$host" dport 80
	says "^hello, $host\$" "utcpcat $box 80 </dev/null"
	echo
	echo "Not for another one, nor for another service:"
	refused 5 "utcpcat -s $other $box 80 </dev/null"
	refused 5 "utcpcat $box 81 </dev/null"
	says "^allow by" utcpctl acl test box in src "$host" dst "$box" dport 80
	says "^deny by the default" utcpctl acl test box in src "$other" dst "$box" dport 80
	kill $cat
	{ wait $cat || true; } 2>/dev/null
}

in_modules() {
	local examples=$top/build/user/examples echo membrane log

	PATH=$top/build/user:$PATH
	say "A stock kernel: $(uname -r). Before the modules are loaded:"
	refused 3 utcpctl status

	say "Four modules, and what they need of the kernel's own cryptography"
	load "$kernel" netswitch/netswitch utcp/utcp acl/utcp_acl shaper/utcp_shaper
	show "lsmod | grep -E '^(Module|netswitch|utcp)'"
	show utcpctl status

	say "A sandbox with one end of a veth pair; the host's end becomes a port"
	modprobe veth
	sandbox 42
	show utcpctl port add veth42 demux policy
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	echo
	echo "Every frame is accounted for:"
	show utcpctl port show -s

	closed
	identity
	show utcpctl acl unbind veth42

	say "EtherTypes that belong to processes: one in the sandbox, one on the host, no IP between them"
	typed "$examples/ring-echo veth42 4c57 &"
	"$examples/ring-echo" veth42 4c57 &
	echo=$!
	until_so "it has its ring" 60 "utcpctl -j ring show | grep 4c57"
	show ip netns exec build-42 "$examples/ring-ping" eth0 4c57 \
		"$(cat /sys/class/net/veth42/address)" 3
	echo
	echo "Nobody else gets the frames of that type, until its owner is killed:"
	refused 1 "$examples/ring-echo" veth42 4c57
	show utcpctl ring show -s
	kill -KILL $echo
	{ wait $echo || true; } 2>/dev/null
	says '^0$' "utcpctl ring show | wc -l"

	say "An IP stack in a process: lwIP owns ARP, IPv4 and IPv6 of the port, as 10.42.0.80"
	start_membrane
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.80
	show ip netns exec build-42 curl -s http://10.42.0.80/
	echo
	echo "The process that parsed all that has no right at all:"
	show grep -E '^(Uid|Cap|NoNewPrivs|Seccomp:)' "/proc/$(pgrep -P "$membrane")/status"
	echo
	echo "It dies, and nothing else does: the host's own stack has its packets back."
	show pkill -SEGV -P "$membrane"
	{ wait "$membrane" || true; } 2>/dev/null
	tail -n 1 "$log"
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	echo
	echo "And it comes again:"
	start_membrane
	show ip netns exec build-42 curl -s http://10.42.0.80/status
	show utcpctl ring show
	kill "$membrane"
	wait "$membrane"
	rm -f "$log"

	say "Limits: the host sets a sandbox's; the root of an unprivileged one may only lower its own"
	show utcpctl -n build-42 limit set netswitch ports 1
	show unshare --user --map-root-user --net utcpctl limit set netswitch ports 2 rings 4
	refused 5 unshare --user --map-root-user --net utcpctl limit set netswitch ports 2000
	rmmod utcp_shaper utcp_acl utcp netswitch
}

# rates - one floods, and the other does not notice. What it says of time is so by the
# instruction clock alone: an emulated guest may be too slow for 50 Mbit/s.
rates() {
	local dir flood server download i

	say "Rates: two sandboxes share 50 Mbit/s, both ways of both together. One floods."
	show utcpctl shaper add uplink bw-max 50m
	for i in 42 43; do
		sandbox $i
		show utcpctl port add veth$i policy
		show utcpctl shaper add s$i parent uplink
		show utcpctl shaper bind veth$i in s$i
		show utcpctl shaper bind veth$i out s$i
	done

	# To an address that nobody has: it is dropped behind the port.
	ip -n build-42 route add 192.0.2.1 via 10.42.0.1
	typed "ip netns exec build-42 dd if=/dev/zero bs=1400 >/dev/udp/192.0.2.1/9 &"
	ip netns exec build-42 bash -c 'exec dd if=/dev/zero bs=1400 >/dev/udp/192.0.2.1/9' 2>/dev/null &
	flood=$!
	dir=$(mktemp -d)
	truncate -s 1G "$dir/gigabyte"
	python3 -m http.server --bind 10.43.0.1 --directory "$dir" 8000 >/dev/null 2>&1 &
	server=$!
	until_so "the server serves" 60 ip netns exec build-43 curl -s http://10.43.0.1:8000/
	typed "ip netns exec build-43 curl http://10.43.0.1:8000/gigabyte &"
	ip netns exec build-43 curl -s -m 5 -o /dev/null -w '%{speed_download}' \
		http://10.43.0.1:8000/gigabyte >"$dir/speed" &
	download=$!
	sleep 1
	show timeout --preserve-status -s INT 2.5 utcpctl shaper top
	utcpctl -j -s shaper show >"$dir/classes"
	typed "ip netns exec build-43 ping -q -c 10 -i 0.1 10.43.0.1"
	ip netns exec build-43 ping -q -c 10 -i 0.1 10.43.0.1 | tee "$dir/ping"
	# 28: when it was told to end.
	wait $download || [ $? = 28 ]
	echo
	echo "build-43 has downloaded $(awk '{ printf "%.1f", $1 * 8 / 1e6 }' "$dir/speed") Mbit/s of data. And nothing is lost uncounted:"
	show utcpctl shaper show s42 -s
	kill $flood $server
	{ wait $flood $server || true; } 2>/dev/null

	gojq -e 'any(.[]; .class == "s42" and .waiting and (.stats.drops | add) > 100)' \
		"$dir/classes" >/dev/null || die "that was no flood"
	gojq -e 'any(.[]; .class == "uplink" and (.stats."rate-1s" - 50e6 | fabs) < 1e6)' \
		"$dir/classes" >/dev/null || die "that is not 50 Mbit/s"
	gojq -e 'all(.[].stats; .frames == .packets + ."backlog-packets" + (.drops | add // 0))' \
		"$dir/classes" >/dev/null || die "frames are missing"
	# Of its 25 Mbit/s TCP's and IP's headers have 4 %, and answers go the other way.
	awk '{ exit !($1 * 8 / 1e6 > 22) }' "$dir/speed" || die "that is not its half"
	awk -F/ '/^rtt/ { ok = $5 < 10 } END { exit !ok }' "$dir/ping" || die "that is no low ping"
}

# born - all of the above in one act
born() {
	local host box server gateway

	say "A sandbox in one act: namespace, link, address, policy, rate, identity. It is born closed."
	show utcpctl sandbox create build-7 --mode custom --rate 50m --cell
	show utcpctl sandbox list
	gateway=$(utcpctl -j sandbox show build-7 | gojq -re '.[0].gateway[0]')
	box=$(utcpctl -j sandbox show build-7 | gojq -re '.[0].cell')
	refused 1 utcpctl sandbox exec build-7 ping -q -c 1 -W 1 "$gateway"
	echo
	echo "Opened by address:"
	show utcpctl sandbox allow build-7 out proto icmp dst "$gateway"
	show utcpctl sandbox exec build-7 ping -q -c 3 -i 0.1 "$gateway"
	echo
	echo "And by identity, for who has this host's:"
	show utcpctl port add utcp0
	show utcpctl cell new comment "this host"
	show utcpctl -n build-7 cell set "$box" discoverable on
	host=$(cell_of)
	typed "utcpctl sandbox exec build-7 utcpcat -l -k -e 'echo hello, \$UTCPCAT_PEER' 80 &"
	# shellcheck disable=SC2016 # utcpcat's shell
	utcpctl sandbox exec build-7 utcpcat -l -k -e 'echo hello, $UTCPCAT_PEER' 80 &
	server=$!
	until_so "it listens" 60 "utcpctl -n build-7 ss show state listen | grep :80"
	# The frames are dropped on the way, by the bridge's port: nobody is there to be asked.
	refused 3 "utcpcat $box 80 </dev/null"
	show utcpctl sandbox allow build-7 in src "$host" dport 80
	# Whoever was not found is asked for again after a while.
	until_so "the sandbox is found" 60 "utcpcat $box 80 </dev/null"
	says "^hello, $host\$" "utcpcat $box 80 </dev/null"
	kill $server
	{ wait $server || true; } 2>/dev/null
	show utcpctl sandbox delete build-7
	utcpctl cell del "$host"
}

# isolation - the table, of what the selftest has it of; the guest is thrown away
isolation() (
	must() {
		[ "$1 $2" != "sandbox create" ] || printf '$ utcpctl %s\n' "$*"
		"$@" >/dev/null || die "exit status $?: $*"
	}
	defer() { :; }
	ns() {
		ip netns exec "$@"
	}
	ns_add() {
		ip netns add "$1"
		ip -n "$1" link set lo up
	}
	UTCPCTL=$(command -v utcpctl)
	. selftests/sandbox/sandbox-lib.sh
	. selftests/sandbox/matrix-lib.sh

	say "Two sandboxes of each mode; open are custom ones with a rule for all. A host is behind this one."
	sysctl -qw net.core.fb_tunnels_only_for_init_net=1
	far
	boxes
	cells
	tmp=$(mktemp -d)
	ends >"$tmp/ends"
	expected >"$tmp/expected"
	echo
	echo "Who reaches whom, by what: everything is tried, and seen by whoever gets it."
	"$MATRIX" -s "$tmp/ends" "$tmp/expected" "$METADATA4" "$METADATA6" 60 || die "that is not as it must be"
	remove_all >/dev/null
)

# costs - by pieces of "make bench", which repeats and compares
costs() (
	declare -A figure
	TIMES=3 SPACES=8
	PROGS=$top/build/bench
	UTCPCTL=$(command -v utcpctl)
	. selftests/bench/lib.sh
	. selftests/bench/cases/sandbox.sh
	result() {
		figure[$1]=$2
	}
	by_sh() {
		cost sh -e "$work/$1" "$2" >"$work/out" 2>&1
	}

	say "What it all costs"
	work=$(mktemp -d)
	ip link add bench-br type bridge
	ip link set bench-br up
	# The first find no room in the slabs.
	memory_of bare bare_gone
	memory_of bare bare_gone
	figure[bare-memory]=$each
	# By a program, whose start counts as that of utcpctl does.
	for what in bare bare_gone; do
		{ declare -f "$what" && echo "$what \"\$1\""; } >"$work/$what"
	done
	mean bare by_sh bare
	mean bare-gone by_sh bare_gone
	ip link del bench-br
	create 0
	memory_of create delete
	memory_of create delete
	figure[memory]=$each
	mean create create
	mean delete delete
	delete 0
	cat <<-END
		Here and now, in instructions of programs and kernel together; "make bench" repeats and
		compares. Time says nothing in an emulated guest.

		                                 utcpctl sandbox     namespace, veth, addresses by sh, ip
		making one                     $(printf '%17d %24d' "${figure[create]}" "${figure[bare]}")
		removing it                    $(printf '%17d %24d' "${figure[delete]}" "${figure[bare-gone]}")
		memory of the kernel, bytes    $(printf '%17d %24d' "${figure[memory]}" "${figure[bare-memory]}")

		The former is closed by a policy, shaped and has its addresses for itself, the latter is not.
		Memory of the modules themselves, which are all that is added to the kernel:
	END
	awk '/^(netswitch|utcp|utcp_acl|utcp_shaper) / { printf "  %-12s %6d KiB\n", $1, $2 / 1024 }' /proc/modules
	if [ "${figure[create]}" -le 0 ] || [ "${figure[memory]}" -le 0 ]; then
		die "that is no figure"
	fi
)

in_counted() {
	PATH=$top/build/user:$PATH
	load "$kernel" netswitch/netswitch utcp/utcp acl/utcp_acl shaper/utcp_shaper
	modprobe -a veth bridge nf_tables nft_fib_inet
	rates
	born
	isolation
	costs
	rmmod utcp_shaper utcp_acl utcp netswitch
}

case ${1-} in
in_*) "$1" ;;
*)
	tmp=$(mktemp -d)
	beside=
	trap '[ -z "$beside" ] || kill "$beside"; rm -rf "$tmp"' EXIT
	build
	scenes=" ${SCENES:-modules wire counted} "
	if [[ $scenes == *" counted "* ]]; then
		counted >"$tmp/counted" 2>&1 &
		beside=$!
	fi
	[[ $scenes != *" modules "* ]] || modules
	[[ $scenes != *" wire "* ]] || wire
	[ -z "$beside" ] || ended "$beside" "$tmp/counted"
	say "That was all in guests, which are gone. Next: sudo make test"
	;;
esac
