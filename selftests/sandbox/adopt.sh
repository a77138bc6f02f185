#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Links that somebody else has made are closed and shaped, and left as they were.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

# container - a namespace with a link, as others make it
container() {
	ns_add t-in
	must ip link add t-veth type veth peer name eth0 netns t-in
	defer ip link del t-veth
	must ip link set t-veth up
	must ip -n t-in link set eth0 up
	must ip addr add 192.0.2.1/24 dev t-veth
	must ip -n t-in addr add 192.0.2.2/24 dev eth0
}

# comes_in, goes_out - pings, to it and from it
comes_in() {
	ping -q -c 1 -W "$SLOW" 192.0.2.2
}

goes_out() {
	reach t-in "$@" 192.0.2.1
}

adopted() {
	local before

	begin utcp_acl utcp_shaper
	container
	wait_for "the link is there" 10 comes_in
	before=$(things)
	expect_ok "it is adopted" sandbox adopt t-a --netns t-in --rate 10m \
		--allow in proto icmp dst 192.0.2.2
	expect_match "as is shown" "^t-a adopted ready addr 192.0.2.2/32 dev t-veth " "$(sandbox show t-a)"
	expect_ok "what is allowed passes" comes_in
	expect_fail "what is not does not" goes_out
	expect_ok "until it is allowed" sandbox allow t-a out proto icmp
	expect_ok "then it does" goes_out
	must ip -n t-in addr add 192.0.2.9/24 dev eth0
	expect_fail "but from no other address" goes_out -I 192.0.2.9
	expect_eq "it has its rate" "t-a.in t-a.out" \
		"$("$UTCPCTL" -j sandbox stats t-a | gojq -r '"\(.in.class.name) \(.out.class.name)"')"
	expect_ok "which may change" sandbox set t-a --rate-in none
	expect_rc "its mode does not" 1 sandbox set t-a --mode bridged
	expect_ok "programs run in it" sandbox exec t-a true
	expect_rc "nobody else adopts it" 4 sandbox adopt t-b --dev t-veth
	expect_rc "nor one of that name" 2 sandbox adopt t-a --dev t-veth
	expect_rc "it is not deleted" 1 sandbox delete t-a
	expect_eq "it is no leftover" "" "$(sandbox gc)"
	expect_ok "it is released" sandbox release t-a
	expect_eq "and nothing is left" "$before" "$(things)"
	expect_ok "all passes as before" goes_out -I 192.0.2.9
	expect_rc "which is done once" 0 sandbox release t-a
	expect_ok "without a rule" sandbox adopt t-a --dev t-veth
	expect_fail "nothing passes" comes_in
	must ip link del t-veth
	expect_match "one whose link is gone is a leftover" "^t-a adopted" "$(sandbox gc)"
}

found() {
	begin utcp_acl
	container
	must "$UTCPCTL" acl new t-p in allow out allow
	defer "$UTCPCTL" acl del t-p
	spawn "$WORK/out" ns t-in sleep 1000
	pid_of() {
		pgrep -f '^sleep 1000'
	}
	wait_for "a process is inside" 10 pid_of
	expect_ok "by a process, with a policy of others" \
		sandbox adopt t-a --pid "$(pid_of)" --policy t-p
	expect_ok "it is found" comes_in
	expect_rc "the policy is theirs" 1 sandbox allow t-a in
	expect_ok "programs run in it" sandbox exec t-a ip link show eth0
	must ip -n t-in addr add 192.0.2.9/24 dev eth0
	expect_fail "it is who it was" goes_out -I 192.0.2.9
	must sandbox release t-a
	expect_ok "and stays" "$UTCPCTL" acl show t-p
	expect_ok "by its device" sandbox adopt t-a --dev t-veth --policy t-p
	expect_ok "it is anybody" goes_out -I 192.0.2.9
	must sandbox release t-a
	expect_ok "unless it is said" sandbox adopt t-a --dev t-veth --policy t-p \
		--mac "$(ip netns exec t-in cat /sys/class/net/eth0/address)" --addr 192.0.2.9
	expect_ok "who it is" goes_out -I 192.0.2.9
	expect_fail "and is not" goes_out -I 192.0.2.2
	must sandbox release t-a
	expect_rc "there may be no such policy" 3 sandbox adopt t-a --dev t-veth --policy t-x
	expect_rc "the host's own namespace" 1 sandbox adopt t-a --pid $$ --policy t-p
	expect_rc "no such device" 3 sandbox adopt t-a --dev t-x
	expect_rc "no such namespace" 3 sandbox adopt t-a --netns t-x
	expect_rc "no such link" 2 sandbox adopt t-a --netns t-in --ifname lo
	expect_rc "no link at all" 1 sandbox adopt t-a
	ns_add t-other
	must sandbox adopt t-a --netns t-in --policy t-p
	# another one under its name
	must mount --bind /run/netns/t-other /run/netns/t-in
	expect_fail_with "what has its path by now" "its namespace is gone" sandbox exec t-a true
	expect_fail_with "is not taken for it" "its namespace is gone" sandbox check t-a
	must umount /run/netns/t-in
	expect_ok "it is found again" sandbox exec t-a true
	# inodes are given again: as if it had been another's
	must sed -i 's/"netns-cookie":/&9/' /run/utcp/sandboxes/t-a
	expect_fail_with "one of the same inode is another" "its namespace is gone" sandbox exec t-a true
	must sed -i 's/"netns-cookie":9/"netns-cookie":/' /run/utcp/sandboxes/t-a
	expect_ok "and the same is the same" sandbox exec t-a true
	must sandbox release t-a
	must ip -n t-in addr flush dev eth0
	expect_rc "no address" 2 sandbox adopt t-a --netns t-in --policy t-p
	expect_match "which is said" "no address yet" "$OUT"
	must ip link add t-v2 type veth peer name eth1 netns t-in
	expect_rc "or two links" 2 sandbox adopt t-a --netns t-in
	expect_match "of which one is to be said" "say which" "$OUT"
	expect_eq "nothing is left of all that" "" "$(sandbox list)"
	expect_rc "made and adopted are two things" 0 sandbox create t-a
	expect_rc "one is not released" 1 sandbox release t-a
}

failing() {
	local before step

	[ -x "$FAULT" ] || skip_test "there is no $FAULT"
	begin utcp_acl utcp_shaper
	container
	before=$(things)
	adopt() {
		"$@" sandbox adopt t-a --netns t-in --rate 10m --publish 8080:80
	}
	for step in state policy rate closed publish ready; do
		expect_rc "$step fails" 2 adopt env UTCP_FAULT="fail:$step" "$FAULT"
		expect_eq "and nothing is left" "$before" "$(things)"
	done
	adopt env UTCP_FAULT=die:publish "$FAULT" >"$WORK/out" 2>&1
	expect_eq "its adopter dies" 137 $?
	must sandbox gc
	expect_eq "and gc finds all" "$before" "$(things)"
}

# What the file says of it is lost.
lost() {
	local before

	begin utcp_acl utcp_shaper
	container
	before=$(things)
	must sandbox adopt t-in --netns t-in --rate 10m
	: >/run/utcp/sandboxes/t-in
	expect_rc "it is not deleted" 1 sandbox delete t-in
	expect_fail "and stays closed" comes_in
	expect_ok "it is released" sandbox release t-in
	expect_eq "and nothing is left, nor missing" "$before" "$(things)"
	wait_for "all passes as before" 10 comes_in
}

run_tests \
	adopted "a link that was adopted is closed, and left as it was" \
	lost "one whose file is damaged is released" \
	found "it is found in three ways" \
	failing "all or nothing, whatever fails or dies"
