#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists: what no tool would ask, and how they end. See aclprobe.c.
. "$(dirname "$0")/../lib.sh"

PROBE=$(cd "$(dirname "$0")" && pwd)/aclprobe

probe() {
	load utcp_acl
	ns_add t-a
	expect_tap "in a namespace without policies" ns t-a "$PROBE"
	expect_eq "and none is left" 0 "$("$UTCPCTL" -n t-a -j acl show | gojq length)"
}

# They go with their namespace, and with the module.
ends() {
	local mark

	load utcp_acl
	mark=$(dmesg_mark)
	ns_add t-a
	must ip netns add t-b
	for ns in t-a t-b; do
		must "$UTCPCTL" -n $ns acl new web
		must "$UTCPCTL" -n $ns acl add web out allow proto tcp comment x
	done
	must ip netns del t-b
	unload_all
	expect_rc "the module goes with policies in it" 1 loaded utcp_acl
	load utcp_acl
	expect_eq "and they with it" 0 "$("$UTCPCTL" -n t-a -j acl show | gojq length)"
	expect_quiet "no complaint" "$mark"
}

run_tests \
	probe "odd requests, rights and user namespaces" \
	ends "policies end with their namespace and the module"
