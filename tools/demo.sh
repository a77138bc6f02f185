#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# demo.sh - what the suite does, on a stock kernel in a guest. "make demo".
#
# Called without arguments it builds and boots; in the guest it is called again
# with the word "guest".
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
kernel=${KERNEL:-6.1}

say() {
	printf '\n\033[1m%s\033[0m\n' "$*"
}

show() {
	printf '\n$ %s\n' "$*"
	"$@"
}

build() {
	log=$(mktemp)
	trap 'rm -f "$log"' EXIT
	say "Building the modules for Debian's stock kernel $kernel, and the tool"
	if ! { make --no-print-directory modules KERNEL="$kernel" &&
		make --no-print-directory user membrane; } >"$log" 2>&1; then
		cat "$log" >&2
		echo "demo.sh: the build failed" >&2
		exit 1
	fi
	say "Booting it in a guest. Nothing of this touches your own kernel."
	selftests/vm/run.sh -k "$kernel" -- tools/demo.sh guest
	say "That was all in the guest, which is gone. Next: sudo make test"
}

# start_membrane - until it serves; sets $membrane and $log
start_membrane() {
	log=$(mktemp)
	printf '\n$ %s\n' "membrane --ip4 10.42.0.80/24 veth42 &"
	membrane --ip4 10.42.0.80/24 veth42 >"$log" 2>&1 &
	membrane=$!
	until grep -qx serving "$log"; do sleep 0.1; done
}

# rates - the scene of the shaper: one floods, and the other does not notice
rates() {
	local dir flood server download i

	say "Rates: two sandboxes share 50 Mbit/s, both ways of both together"
	ip netns add build-43
	ip link add veth43 type veth peer name eth0 netns build-43
	ip addr add 10.43.0.1/24 dev veth43
	ip link set veth43 up
	ip -n build-43 addr add 10.43.0.2/24 dev eth0
	ip -n build-43 link set eth0 up
	show utcpctl port add veth43 policy
	show utcpctl shaper add uplink bw-max 50m
	for i in 42 43; do
		show utcpctl shaper add "s$i" parent uplink
		show utcpctl shaper bind "veth$i" in "s$i"
		show utcpctl shaper bind "veth$i" out "s$i"
	done

	# To an address that nobody has: it is dropped behind the port.
	ip -n build-42 route add 192.0.2.1 via 10.42.0.1
	printf '\n$ %s\n' "ip netns exec build-42 dd if=/dev/zero bs=1400 >/dev/udp/192.0.2.1/9 &"
	ip netns exec build-42 bash -c 'exec dd if=/dev/zero bs=1400 >/dev/udp/192.0.2.1/9' 2>/dev/null &
	flood=$!
	dir=$(mktemp -d)
	truncate -s 1G "$dir/gigabyte"
	python3 -m http.server --bind 10.43.0.1 --directory "$dir" 8000 >/dev/null 2>&1 &
	server=$!
	until ip netns exec build-43 curl -s http://10.43.0.1:8000/ >/dev/null; do sleep 0.1; done
	printf '\n$ %s\n' "ip netns exec build-43 curl http://10.43.0.1:8000/gigabyte &"
	ip netns exec build-43 curl -s -m 8 -o /dev/null -w '%{speed_download}' \
		http://10.43.0.1:8000/gigabyte >"$dir/speed" &
	download=$!
	sleep 2
	show timeout -s INT 3 utcpctl shaper top || true
	show ip netns exec build-43 ping -q -c 20 -i 0.1 10.43.0.1
	wait $download || true
	echo
	echo "build-43 has downloaded $(awk '{ printf "%.1f", $1 * 8 / 1e6 }' "$dir/speed") Mbit/s of data. And nothing is lost uncounted:"
	show utcpctl shaper show s42 -s
	kill $flood $server
	{ wait $flood $server || true; } 2>/dev/null
	rm -r "$dir"
	for i in 42 43; do
		utcpctl shaper unbind "veth$i" in >/dev/null
		utcpctl shaper unbind "veth$i" out >/dev/null
	done
}

guest() {
	local m=build/$kernel/modules examples=$top/build/user/examples echo membrane log

	PATH=$top/build/user:$PATH
	say "A stock kernel: $(uname -r). Before the modules are loaded:"
	show utcpctl status || true

	say "Four modules, and what they need of the kernel's own cryptography"
	# shellcheck disable=SC2046 # a list of names
	show modprobe -a $(modinfo -F depends "$m/utcp/utcp.ko" | tr , '\n' | grep -v '^netswitch$')
	show insmod "$m/netswitch/netswitch.ko"
	show insmod "$m/utcp/utcp.ko"
	show insmod "$m/acl/utcp_acl.ko"
	show insmod "$m/shaper/utcp_shaper.ko"
	show lsmod | grep -E '^(Module|netswitch|utcp)|\$'
	show utcpctl status

	say "A sandbox with one end of a veth pair; the host's end becomes a port"
	modprobe veth
	ip netns add build-42
	ip link add veth42 type veth peer name eth0 netns build-42
	ip addr add 10.42.0.1/24 dev veth42
	ip link set veth42 up
	ip -n build-42 addr add 10.42.0.2/24 dev eth0
	ip -n build-42 link set eth0 up
	show utcpctl port add veth42 demux policy
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	echo
	echo "Every frame is accounted for:"
	show utcpctl port show -s

	say "An access list: the sandbox is closed, then opened for one address"
	show utcpctl acl new box comment "build 42"
	show utcpctl acl bind veth42 box
	show ip netns exec build-42 ping -q -c 1 -W 1 10.42.0.1 || true
	show utcpctl acl add box out allow ethertype arp
	show utcpctl acl add box in allow ethertype arp
	show utcpctl acl add box out allow dst 10.42.0.1 proto icmp icmp 8
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	echo
	echo "The answers needed no rule; what was allowed is remembered, with its rule:"
	show utcpctl flow list
	show utcpctl acl show box -s
	show utcpctl acl bindings -s
	echo
	echo "Why something would not go on:"
	show utcpctl acl test box out dst 10.42.0.1 proto tcp dport 443
	echo
	echo "A rule that goes by itself:"
	show utcpctl acl add box out allow dst 10.42.0.1 proto tcp dport 443 expires 2s
	until ! utcpctl acl show box | grep -q expires; do sleep 0.1; done
	show utcpctl acl show box
	echo
	echo "And a change that nobody confirmed, since it has shut him out:"
	echo "policy box" | show utcpctl acl apply - --confirm 2s
	until ! utcpctl acl show | grep -q confirm; do sleep 0.1; done
	show utcpctl acl show box
	show ip netns exec build-42 ping -q -c 3 -i 0.1 10.42.0.1
	show utcpctl acl unbind veth42

	rates

	say "EtherTypes that belong to processes: one in the sandbox, one on the host, no IP between them"
	show utcpctl -n build-42 port add eth0
	printf '\n$ %s\n' "$examples/ring-echo veth42 4c57 &"
	"$examples/ring-echo" veth42 4c57 &
	echo=$!
	until utcpctl -j ring show | grep -q 4c57; do sleep 0.1; done
	show ip netns exec build-42 "$examples/ring-ping" eth0 4c57 \
		"$(cat /sys/class/net/veth42/address)" 3
	echo
	echo "Nobody else gets the frames of that type, until its owner is killed:"
	show "$examples/ring-echo" veth42 4c57 || true
	show utcpctl ring show -s
	kill -KILL $echo
	{ wait $echo || true; } 2>/dev/null
	show utcpctl ring show
	echo "(none)"

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

	say "Cells: who a host or a sandbox is for UTCP; the private key never leaves the kernel"
	show utcpctl cell new comment "this host"
	show utcpctl -n build-42 cell new comment "build 42"
	show utcpctl cell show

	say "Limits: the host sets a sandbox's; the root of an unprivileged one may only lower its own"
	show utcpctl -n build-42 limit set netswitch ports 1
	show unshare --user --map-root-user --net utcpctl limit set netswitch ports 2 rings 4
	show unshare --user --map-root-user --net utcpctl limit set netswitch ports 2000 || true
	rmmod utcp_shaper utcp_acl utcp netswitch
}

if [ "${1-}" = guest ]; then
	guest
else
	build
fi
