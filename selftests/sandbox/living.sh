#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes that live are changed.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

# classes - names and rates of all classes
classes() {
	"$UTCPCTL" -j shaper show | gojq -r '[.[] | "\(.class)=\(."bw-max")"] | sort | join(" ")'
}

# of SANDBOX FILTER - what is in its numbers
of() {
	"$UTCPCTL" -j sandbox stats "$1" | gojq -r "$2"
}

rates() {
	local before

	begin utcp_acl utcp_shaper
	before=$(things)
	must sandbox create t-a --mode bridged
	expect_ok "it gets a rate" sandbox set t-a --rate 50m
	expect_eq "each way" "t-a.in=50000000 t-a.out=50000000" "$(classes)"
	expect_eq "that its link has" "in:t-a.out out:t-a.in" \
		"$("$UTCPCTL" -j shaper bindings | gojq -r '[.[] | .direction + ":" + .class] | sort | join(" ")')"
	expect_ok "another one" sandbox set t-a --rate-out 2m
	expect_eq "one way" "t-a.in=50000000 t-a.out=2000000" "$(classes)"
	expect_match "as is shown" "rate-in 50m rate-out 2m" "$(sandbox show t-a)"
	expect_ok "or none" sandbox set t-a --rate-in none
	expect_eq "one way, too" "t-a.out=2000000" "$(classes)"
	expect_ok "none at all" sandbox set t-a --rate none
	expect_eq "leaves no class" "" "$(classes)"
	expect_ok "and all works" reach t-a 10.181.0.1
	must "$UTCPCTL" limit set utcp-shaper classes 1
	defer "$UTCPCTL" limit set utcp-shaper classes 1024
	expect_rc "if there is no room for two" 2 sandbox set t-a --rate 50m
	expect_eq "there is none" "" "$(classes)"
	expect_no_match "and none is shown" "rate" "$(sandbox show t-a)"
	must sandbox set t-a --rate-in 1m
	expect_rc "what it had" 2 sandbox set t-a --rate 2m
	expect_eq "it keeps" "t-a.in=1000000" "$(classes)"
	must sandbox delete t-a
	expect_eq "and nothing is left" "$before" "$(things)"
	must sandbox create t-n
	expect_rc "without a link there is no rate" 1 sandbox set t-n --rate 1m
	expect_rc "nor are there numbers" 1 sandbox stats t-n
	expect_rc "of none neither" 3 sandbox set t-x --rate 1m
}

rules() {
	begin utcp_acl
	outside
	must sandbox create t-a --mode custom
	ping_it() {
		reach t-a -e 77 192.0.2.2
	}
	allow_it() {
		sandbox "$1" t-a out proto icmp dst 192.0.2.2
	}
	expect_fail "it is closed" ping_it
	expect_ok "something is allowed" allow_it allow
	expect_ok "and passes" ping_it
	expect_eq "by a flow that is listed by its name" '["icmp"]' \
		"$("$UTCPCTL" -j flow list --sandbox t-a | gojq -c 'map(.proto) | unique')"
	expect_ok "and can be forgotten" "$UTCPCTL" flow flush --sandbox t-a
	expect_eq "alone" 0 "$("$UTCPCTL" -j flow list --sandbox t-a | gojq length)"
	expect_rc "of none there are none" 3 "$UTCPCTL" flow list --sandbox t-x
	spawn "$WORK/frames" "$UTCPCTL" -j acl trace any sandbox t-a proto icmp
	_traced() {
		ping_it
		grep -q '"icmp"' "$WORK/frames"
	}
	wait_for "its frames are followed by its name" 20 _traced
	expect_eq "which is told with them" '["t-a"]' \
		"$(gojq -s -c 'map(.sandbox) | unique' "$WORK/frames")"
	must "$UTCPCTL" acl set t-a log on
	spawn "$WORK/events" "$UTCPCTL" -j monitor utcp-acl
	_logged() {
		reach t-a -e 78 192.0.2.3
		grep -q '"log".*192\.0\.2\.3' "$WORK/events"
	}
	wait_for "what is dropped is told of" 20 _logged
	expect_match "with its name and the rule that is missing" '^t-a out allow dst 192.0.2.3 proto icmp' \
		"$(gojq -r 'select(.event == "log").log | select(.dst == "192.0.2.3") | "\(.sandbox) \(.missing)"' \
			"$WORK/events" | head -1)"
	expect_ok "twice" allow_it allow
	expect_eq "is once" 1 "$("$UTCPCTL" -j acl show t-a | gojq length)"
	expect_ok "it is taken back" allow_it deny
	expect_fail "and what it had allowed ends" ping_it
	expect_rc "which is done once" 3 allow_it deny
	must sandbox allow t-a out proto icmp dst 192.0.2.2 comment x expires 1h
	must sandbox allow t-a out proto icmp dst 192.0.2.2 comment y
	expect_ok "comment and end do not matter" allow_it deny
	expect_fail "whoever else has allowed it" ping_it
	expect_eq "none is left" 0 "$("$UTCPCTL" -j acl show t-a | gojq length)"
	must sandbox allow t-a out proto icmp dst 192.0.2.2
	must ping_it
	must "$UTCPCTL" acl remove t-a "$("$UTCPCTL" -j acl show t-a | gojq '.[0].handle')"
	expect_rc "if none is there" 3 allow_it deny
	expect_fail "nothing of it goes on" ping_it
	expect_ok "it is opened" sandbox set t-a --mode bridged
	expect_ok "to all" ping_it
	expect_rc "then there is nothing to allow" 1 allow_it allow
	expect_ok "it is closed again" sandbox set t-a --mode custom
	expect_fail "at once" ping_it
	expect_rc "other modes it cannot have" 1 sandbox set t-a --mode none
	expect_rc "nor what is no rule" 1 sandbox allow t-a out proto nonsense
	expect_rc "the kernel has its say" 2 sandbox allow t-a out dport 80
}

# dies POINT ARGUMENTS... - who changes t-a dies there
dies() {
	UTCP_FAULT=die:$1 "$FAULT" sandbox set t-a "${@:2}" >"$WORK/out" 2>&1
	expect_eq "who sets ${*:2} dies at $1" 137 $?
}

dying() {
	[ -x "$FAULT" ] || skip_test "there is no $FAULT"
	begin utcp_acl utcp_shaper
	must sandbox create t-a --mode bridged
	reaches() {
		reach t-a 10.181.0.1
	}
	dies set --mode custom --rate 50m
	expect_ok "it is as open as before" reaches
	expect_match "and shown so" "^t-a bridged " "$(sandbox show t-a)"
	expect_rc "that it has not its rates is seen" 2 sandbox check t-a
	expect_ok "they are set" sandbox set t-a --rate 50m
	expect_eq "and there" "t-a.in=50000000 t-a.out=50000000" "$(classes)"
	expect_ok "as is shown" sandbox check t-a
	dies applied --mode custom
	expect_fail "closed before it was said" reaches
	expect_fail_with "that is seen" "otherwise than mode bridged" sandbox check t-a
	expect_ok "the mode that it is shown with is set" sandbox set t-a --mode bridged
	expect_ok "and so it is" reaches
	expect_ok "as it should be" sandbox check t-a
	dies applied --mode custom --rate none
	expect_ok "all is done again" sandbox set t-a --mode custom --rate none
	expect_fail "closed" reaches
	expect_eq "without a class" "" "$(classes)"
	expect_ok "as it should be" sandbox check t-a
	UTCP_FAULT=fail:applied expect_rc "what fails" 2 "$FAULT" sandbox set t-a --mode bridged --rate 1m
	expect_fail "leaves it closed" reaches
	expect_eq "without a class" "" "$(classes)"
	expect_ok "as it should be" sandbox check t-a
}

# Classes that have a name of ours, or our link, and are not ours.
foreign() {
	local dev

	begin utcp_acl utcp_shaper
	must sandbox create t-a --mode bridged
	dev=$("$UTCPCTL" -j sandbox show t-a | gojq -r '.[0].dev')
	must "$UTCPCTL" shaper add t-a.out bw-max 9m
	expect_rc "a class of somebody else is not taken" 2 sandbox set t-a --rate 1m
	expect_eq "nor changed" "t-a.out=9000000" "$(classes)"
	expect_no_match "nor shown" "rate" "$(sandbox show t-a)"
	expect_ok "nor removed" sandbox set t-a --rate none
	expect_eq "but left" "t-a.out=9000000" "$(classes)"
	expect_ok "the other way is free" sandbox set t-a --rate-in 1m
	must "$UTCPCTL" shaper del t-a.out
	must "$UTCPCTL" shaper add t-b bw-max 9m
	must "$UTCPCTL" shaper bind "$dev" in t-b
	expect_rc "a link that has one of somebody else" 4 sandbox set t-a --rate-out 1m
	expect_no_match "is not shown with another" "rate-out" "$(sandbox show t-a)"
	expect_ok "and is as it should be" sandbox check t-a
	must "$UTCPCTL" shaper unbind "$dev" in
	must "$UTCPCTL" shaper del t-b
	# put in the place of its own
	must "$UTCPCTL" acl unbind "$dev"
	must "$UTCPCTL" acl del t-a
	must "$UTCPCTL" acl new t-a owner me
	defer "$UTCPCTL" acl del t-a
	must "$UTCPCTL" shaper unbind "$dev" out
	must "$UTCPCTL" shaper add t-b parent t-a.in
	defer "$UTCPCTL" shaper del t-a.in
	defer "$UTCPCTL" shaper del t-b
	expect_ok "it is deleted" sandbox delete t-a
	expect_ok "but not a policy of its name" "$UTCPCTL" acl show t-a
	expect_match "nor a class that others are in" "t-a.in=" "$(classes)"
}

# Flows of UDP go where the port leads, not where it has led.
published() {
	local box=$WORK/box host=$WORK/host

	kernel_has nf_conntrack_netlink
	begin utcp_acl utcp_shaper
	outside
	# hears FILE - does somebody hear it, from here on?
	hears() {
		rm -f "$1"
		sleep 0.5
		[ -s "$1" ]
	}
	say='import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("192.0.2.2", 4000))
while True:
	s.sendto(b"hello", ("192.0.2.1", 5300))
	time.sleep(0.1)'
	hear='import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", int(sys.argv[1])))
while True:
	s.recv(100)
	open(sys.argv[2], "a").write("x")'
	must nft add table inet t-ct
	defer nft delete table inet t-ct
	must nft add chain inet t-ct in '{ type filter hook input priority 0; }'
	must nft add rule inet t-ct in ct state established accept
	spawn "$WORK/log" python3 -c "$hear" 5300 "$host"
	spawn "$WORK/log" ns t-out python3 -c "$say"
	wait_for "the host hears it" 30 hears "$host"
	must sandbox create t-a --mode bridged --publish 5300:53/udp
	spawn "$WORK/log" ns t-a python3 -c "$hear" 53 "$box"
	wait_for "published, the sandbox does, by the same flow" 30 hears "$box"
	expect_fail "and the host no more" hears "$host"
	must sandbox delete t-a
	wait_for "then the host does again" 30 hears "$host"
}

checked() {
	promtool check metrics <"$1"
}

numbers() {
	begin utcp utcp_acl utcp_shaper
	outside
	must sandbox create t-a --mode custom --rate-out 50m --allow out proto icmp dst 192.0.2.2
	must reach t-a 192.0.2.2
	reach t-a 192.0.2.3
	expect_eq "what was dropped is counted" true "$(of t-a '.out.policy.drops.default > 0')"
	expect_eq "what was not" true "$(of t-a '.out.policy.allowed > 0 and .in.packets > 0 and .out.bytes > 0')"
	expect_eq "flows are" 1 "$(of t-a .flows)"
	expect_eq "its class is" "t-a.out true" "$(of t-a '.out.class | "\(.name) \(.packets > 0)"')"
	expect_eq "which it has one way" null "$(of t-a .in.class)"
	expect_match "people read it, too" "^t-a flows 1" "$(sandbox stats t-a)"
	"$UTCPCTL" metrics >"$WORK/metrics"
	expect_match "and Prometheus: the sandbox" \
		'^utcp_sandbox_info\{sandbox="t-a",mode="custom",phase="ready",port="sbx[0-9a-f]*"\} 1$' "$(cat "$WORK/metrics")"
	expect_match "its drops" \
		'^utcp_acl_drops_total\{port="sbx[0-9a-f]*",policy="t-a",direction="out",reason="default"\} [1-9]' "$(cat "$WORK/metrics")"
	expect_match "its rate" '^utcp_class_limit_bytes_per_second\{class="t-a.out"\} 6250000$' "$(cat "$WORK/metrics")"
	expect_match "frames of UTCP" '^utcp_frames_received_total [0-9]' "$(cat "$WORK/metrics")"
	expect_match "drops of rings" '^utcp_rings_rx_drops\{reason="full"\} 0$' "$(cat "$WORK/metrics")"
	expect_eq "no number is there twice" "" "$(grep -v '^#' "$WORK/metrics" | sed 's/ [0-9-]*$//' | sort | uniq -d)"
	expect_eq "nor without a type" "" "$(awk '$2 == "TYPE" { is[$3] = 1 }
		!/^#/ { sub(/[{ ].*/, ""); if (!($0 in is)) print }' "$WORK/metrics")"
	must sh -c 'echo x >/run/utcp/sandboxes/t-x'
	defer rm -f /run/utcp/sandboxes/t-x
	expect_fail_with "a file that is damaged is told" "t-x is damaged" "$UTCPCTL" metrics
	expect_match "and hides nothing else" "^utcp_class_limit_bytes_per_second" "$OUT"
	must rm /run/utcp/sandboxes/t-x
	if command -v promtool >"$WORK/out"; then
		expect_ok "which has nothing to say about it" checked "$WORK/metrics"
	fi
}

# legacy ARGS... - the older iptables, where kernel and host have it
legacy() {
	iptables-legacy "$@" >"$WORK/legacy" 2>&1
}

whole() {
	local chain='' dev

	begin utcp_acl utcp_shaper
	must sandbox create t-a --mode custom --rate 50m --publish 8080:80
	dev=$("$UTCPCTL" -j sandbox show t-a | gojq -r '.[0].dev')
	expect_ok "what is whole is" sandbox check t-a
	must nft add table inet t-fw
	defer nft delete table inet t-fw
	must nft add chain inet t-fw fw '{ type filter hook forward priority 0; policy drop; }'
	expect_match "what may be in its way is named" "chain fw of table inet t-fw" "$(sandbox check t-a)"
	must sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=1
	defer sysctl -qw net.ipv4.conf.all.rp_filter=0
	if legacy -P FORWARD DROP; then
		defer modprobe -rq iptable_filter
		chain="chain FORWARD of iptables-legacy"
	fi
	expect_match "as are settings, and other programs' chains" \
		"ip_forward is 0.*all\.rp_filter is 1.*$chain" "$(sandbox check t-a | tr '\n' ' ')"
	must sysctl -qw net.ipv4.ip_forward=1
	[ -z "$chain" ] || must legacy -P FORWARD ACCEPT
	expect_no_match "while they are" "ip_forward is|FORWARD" "$(sandbox check t-a)"
	must "$UTCPCTL" shaper set t-a.in bw-max 1m
	expect_rc "another rate is seen" 2 sandbox check t-a
	must "$UTCPCTL" shaper set t-a.in bw-max 50m
	expect_ok "and that it is right again" sandbox check t-a
	must nft delete table inet utcp-net-utcp0
	expect_fail_with "a network that is not masqueraded is" "its network is not masqueraded" sandbox check t-a
	must sandbox create t-b --mode bridged
	expect_ok "and that the next sandbox has mended it" sandbox check t-a
	must nft delete table inet utcp-sandbox-t-a
	expect_fail_with "a port that is not published is" "not published" sandbox check t-a
	must "$UTCPCTL" acl unbind "$dev"
	expect_fail_with "a link that nothing is bound to" "not bound to its policy" sandbox check t-a
	must ip link set "$dev" down
	expect_fail_with "a link that is down" "down on the host's side" sandbox check t-a
	must ip -n t-a addr flush dev eth0
	expect_fail_with "an address that is gone" "not its addresses" sandbox check t-a
	must sandbox create t-n
	expect_eq "what has no link has nothing in its way" "t-n whole" "$(sandbox check t-n)"
	expect_rc "of none there is nothing to say" 3 sandbox check t-x
}

# A sandbox whose namespace goes says so once, with what it has counted.
death() {
	begin utcp_acl
	outside
	must sandbox create t-a --mode custom --allow out proto icmp dst 192.0.2.2
	must reach t-a 192.0.2.2
	reach t-a 192.0.2.3
	spawn "$WORK/events" "$UTCPCTL" -j monitor utcp-acl
	listens() {
		"$UTCPCTL" limit set utcp-acl flows $((60000 - RANDOM % 1000)) >"$WORK/out"
		[ -s "$WORK/events" ]
	}
	wait_for "somebody listens" 20 listens
	defer "$UTCPCTL" limit set utcp-acl flows 65536
	must ip netns del t-a
	told() {
		grep -q bind-del "$WORK/events"
	}
	wait_for "that its namespace is gone is told" 20 told
	must sandbox gc
	ended() {
		grep -q policy-del "$WORK/events"
	}
	wait_for "and gc removes the rest" 20 ended
	expect_eq "once, with its last numbers" "t-a true" "$(gojq -rs 'map(select(.event == "bind-del") | .binding) |
		map("\(.policy) \(.out.drops.default > 0 and .out.allowed > 0 and .in.allowed > 0)") | join(", ")' "$WORK/events")"
}

run_tests \
	whole "what is missing of one is seen" \
	death "what a namespace that dies had is told" \
	dying "who dies while he changes one leaves nothing that is not seen" \
	published "flows follow a published port when it comes and goes" \
	foreign "what is somebody else's stays" \
	rates "rates are changed, all or nothing" \
	rules "what is allowed is changed, and counts at once" \
	numbers "its numbers are shown"
