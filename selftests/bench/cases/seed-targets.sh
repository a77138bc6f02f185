# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # guest.sh reads the variables, and sets $here
title="what the seed documents promise: more than 10 Gbit/s with all access lists; TCP with GSO, both ends on one CPU, one end a port whose policy has 10,000 rules, both directions. At 3 GHz and one instruction a cycle, 10 Gbit/s are 2.4 instructions a byte"
unit="per byte"
boot=transport
ours="acl/tcp"
goals="acl<=0.83"
reference=tcp
repeat="*=none"

. "$here/acl-rules.sh"

cleanup() {
	link_down
	modules_out
}

run() {
	trap cleanup EXIT
	link_up
	gso on
	stream tcp 512 -t tcp -a "$ADDR_B" -s "$NS_B" -c "$NS_A"
	if ! modules_in; then
		absent acl "no modules in $MODULES"
		return
	fi
	acl_up
	stream acl 512 -t tcp -a "$ADDR_B" -s "$NS_B" -c "$NS_A"
	acl_down
}
