#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Nobody gets a module loaded by asking for what it would offer.
. "$(dirname "$0")/../lib.sh"

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"
}

# A kernel that cannot load anything by itself would pass each of these tests. So
# it is seen to load a module for which there is an alias.
control() {
	install_modules
	must cp "$MODULES/netswitch/netswitch_test.ko" "/lib/modules/$(uname -r)/"
	must depmod -a
	must mkdir -p /run/modprobe.d
	must sh -c 'echo "alias rtnl-link-control netswitch_test" >/run/modprobe.d/control.conf'
	defer rm /run/modprobe.d/control.conf
	expect_fail "control: there is no such kind of link" \
		unshare -n ip link add x type control
	expect_ok "control: but the kernel has loaded what the alias says" loaded netswitch_test
	must rmmod netswitch_test netswitch
}

none_loaded() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		expect_fail "$1: $name is not loaded" loaded "$name"
	done
}

no_alias() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		expect_ok "modinfo reads $name" modinfo -F alias "$(ko "$name")"
		expect_eq "aliases of $name" "" "$OUT"
	done
}

look_up() {
	local name

	control
	for name in "${ALL_MODULES[@]}"; do
		expect_rc "nobody's look-up of $name" 3 \
			as_nobody "$SELFTESTS/lib/nlctl" "$(family_of "$name")" get
		expect_rc "root's look-up of $name" 3 \
			"$SELFTESTS/lib/nlctl" "$(family_of "$name")" get
	done
	none_loaded "by family"
	# What a user of a control would see: modprobe does find them.
	expect_ok "modprobe by root" modprobe utcp_acl
	expect_ok "it took netswitch along" loaded netswitch
}

sockets() {
	control
	# Each one that the kernel does not have makes it run modprobe.
	# shellcheck disable=SC2016 # perl's
	expect_ok "nobody asks for a socket of every family" \
		as_nobody perl -e 'socket(my $s, $_, 2, 0) for 0 .. 64'
	none_loaded "by socket"
}

devices() {
	control
	for kind in netswitch utcp utcp_acl utcp-acl utcp_shaper utcp-shaper; do
		expect_fail "link type $kind" unshare -n ip link add x type "$kind"
		expect_fail "qdisc $kind" unshare -n tc qdisc add dev lo root "$kind"
	done
	none_loaded "by link or qdisc"
}

run_tests \
	no_alias "the modules have no alias" \
	look_up "looking up a family loads nothing" \
	sockets "opening sockets loads nothing" \
	devices "asking for links and qdiscs loads nothing"
