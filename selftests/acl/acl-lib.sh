# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of access lists share.

# shellcheck disable=SC2034 # for the tests
FRAMES=$(cd "$(dirname "$0")" && pwd)/aclframes

# acl NS [-j] ARGS... - the tool there
acl() {
	local ns=$1 json=

	shift
	if [ "$1" = -j ]; then
		json=-j
		shift
	fi
	"$UTCPCTL" -n "$ns" ${json:+"$json"} acl "$@"
}

limit() {
	"$UTCPCTL" -n "$1" limit set utcp-acl "$2" "$3"
}

# handle NS POLICY N - number of the rule that is asked so late
handle() {
	acl "$1" -j show "$2" | gojq ".[$3].handle"
}

# pair - t-a with a veth pair, of which h0 is a port with policy, and t-b; $MAC is
# that of h0
pair() {
	kernel_has veth nf_tables
	keep_hooks
	load utcp_acl
	ns_add t-a t-b
	ns t-a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	ns t-b sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	must ip -n t-a link add h0 type veth peer name p0
	must ip -n t-a link set h0 up
	must ip -n t-a link set p0 up
	must "$UTCPCTL" -n t-a port add h0 policy
	MAC=$(ns t-a cat /sys/class/net/h0/address)
}

# bind [POLICY] - h0 to it
bind() {
	acl t-a bind h0 "${1:-cases}"
}

# send - the frames of all cases, from the sandbox
send() {
	ns t-a "$FRAMES" send p0 "$MAC"
}

# binding PATH - of h0, by its path
binding() {
	acl t-a -j bindings -s | gojq -rc ".[0] | ${1/#out/.out}"
}
