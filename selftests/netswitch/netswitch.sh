# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of netswitch share: a host and a peer with a veth pair, the
# port's counters, and netswitch_test.ko.

FRAME=$(dirname "$0")/frame

# host and peer: namespaces, h0 and p0 the pair between them
topology() {
	kernel_has veth
	keep_hooks
	load netswitch
	ns_add host peer
	# No neighbour discovery: what is counted is what a test sends.
	ns host sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ns peer sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	veth host h0 peer p0
	# shellcheck disable=SC2034 # for the tests
	HOST_MAC=$(ns host cat /sys/class/net/h0/address)
	# shellcheck disable=SC2034
	PEER_MAC=$(ns peer cat /sys/class/net/p0/address)
}

# utcp NS ARGS... - the tool there
utcp() {
	local ns=$1

	shift
	"$UTCPCTL" -n "$ns" "$@"
}

# port_value NS DEV PATH - a value of the port by its jq path
port_value() {
	utcp "$1" -j -s port show "$2" | gojq -r ".[0]$3"
}

# expect_port LABEL DEV PATH WANT - of a port of the host
expect_port() {
	expect_eq "$1" "$4" "$(port_value host "$2" "$3")"
}

# expect_sum LABEL DEV - the counters of both directions add up
expect_sum() {
	expect_eq "$1: in and out add up" "true true" "$(utcp host -j -s port show "$2" | gojq -r '.[0]|
		[.in, .out]|map(.frames == .pass + .held + (.consumed // 0) + ([.drops[]]|add // 0))|join(" ")')"
}

# test_module - load it; goes with the test
test_module() {
	must insmod "$MODULES/netswitch/netswitch_test.ko"
	defer rmmod netswitch_test
}

# control NS COMMAND... - have netswitch_test do something
control() {
	local ns=$1

	shift
	# bash, because it says why a write failed
	# shellcheck disable=SC2016 # expanded inside
	nsenter --net="/run/netns/$ns" bash -c \
		'printf "%s\n" "$*" >/sys/kernel/debug/netswitch_test/control' bash "$@"
}

ifindex() {
	ns "$1" cat "/sys/class/net/$2/ifindex"
}

# frames_to_host DST TYPE COUNT LEN [VID] - from the peer
frames_to_host() {
	local dst=$1

	shift
	must ns peer "$FRAME" send p0 "$dst" "$@"
}
