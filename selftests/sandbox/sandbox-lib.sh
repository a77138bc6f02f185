# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of sandboxes share.

# The tool with steps that fail; built, but not installed.
# shellcheck disable=SC2034 # for the tests
FAULT=$(dirname "$UTCPCTL")/test/utcpctl-fault

sandbox() {
	"$UTCPCTL" sandbox "$@"
}

# addr4 SANDBOX, addr6 SANDBOX - its addresses
addr4() {
	"$UTCPCTL" -j sandbox show "$1" | gojq -r '.[0].addr[0] | split("/")[0]'
}

addr6() {
	"$UTCPCTL" -j sandbox show "$1" | gojq -r '.[0].addr[1] | split("/")[0]'
}

# reach SANDBOX ADDRESS... - does a ping from there come back?
reach() {
	local box=$1

	shift
	ns "$box" ping -q -c 1 -W "$SLOW" "$@"
}

# remove_all - all sandboxes, whatever is left of them
remove_all() {
	local file

	for file in /run/utcp/pool/@*; do
		[ ! -L "$file" ] || sandbox pool set size 0 bridge "${file##*/@}"
	done
	for file in /run/utcp/sandboxes/*; do
		[ ! -e "$file" ] || sandbox delete "${file##*/}"
	done
	sandbox gc
}

# begin [MODULE...] - with these modules; what is made is removed in the end
begin() {
	# Tunnels that other tests have loaded would be in each namespace.
	must sysctl -qw net.core.fb_tunnels_only_for_init_net=1
	defer sysctl -qw net.core.fb_tunnels_only_for_init_net=0
	kernel_has veth bridge nf_tables
	[ $# -eq 0 ] || load "$@"
	keep_hooks
	defer remove_all
}

# faulty - with all modules, and a tool whose steps fail
faulty() {
	[ -x "$FAULT" ] || skip_test "there is no $FAULT"
	begin utcp utcp_acl utcp_shaper
}

# full COMMAND... - of a sandbox that has everything
full() {
	"$@" sandbox create t-a --mode custom --rate 50m --cell --publish 8080:80 \
		--allow out proto tcp dport 443
}

# no_forwarder - has each process of mode host-loopback ended?
no_forwarder() {
	! pgrep -x utcp-forward
}

# outside - another host, 192.0.2.2, that knows nothing of sandboxes' addresses
outside() {
	ns_add t-out
	must ip link add t-up type veth peer name up0 netns t-out
	defer ip link del t-up
	must ip link set t-up up
	must ip -n t-out link set up0 up
	must ip addr add 192.0.2.1/24 dev t-up
	must ip -n t-out addr add 192.0.2.2/24 dev up0
}

# things - all that sandboxes have and other tools see, a line each
things() {
	local -a there

	shopt -s nullglob
	there=(/sys/class/net/* /run/netns/* /run/utcp/*/* /run/utcp/*/.[!.]*)
	shopt -u nullglob
	printf '%s\n' "${there[@]}"
	"$UTCPCTL" -b - <<-'END'
		acl show
		acl bindings
		shaper show
		port show
	END
	nft list tables
}
