#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Policies: the ports on the way are asked who may talk to whom, and let nothing pass
# that they were not told about. The policy is utcp_policy_test.ko's.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

PROBE=$HERE/peerprobe
PORT=4711 # connprobe's

# flows - how many frames all policies were told about
flows() {
	cat /sys/kernel/debug/utcp_policy_test/flows
}

# has_flows N
has_flows() {
	[ "$(flows)" = "$1" ]
}

# policed - two hosts, and the module; CellIDs in hexadecimal, too
policed() {
	two
	test_module
	A16=$(hex "$A")
	B16=$(hex "$B")
}

# stats NS FILTER - of its frames
stats() {
	"$UTCPCTL" -n "$1" -j peer stats | gojq -r "$2"
}

# dropped NS DEV N - at least so many frames were dropped that came out of a sandbox
dropped() {
	"$UTCPCTL" -n "$1" -j -s port show "$2" | gojq -e "(.[0].in.drops.acl // 0) >= $3" >/dev/null
}

own_port() {
	policed
	must "$UTCPCTL" -n t-a port set a0 demux policy
	must policy t-a a0 bind out
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp
	expect_fail_with "nobody may be called" EACCES conn -c "$PORT@$B16"
	expect_fail_with "nor asked for" "does not allow it" "$UTCPCTL" -n t-a peer probe "$B"
	expect_eq "nothing was sent" 0 "$(stats t-a .sent)"
	must policy t-a a0 allow "$A16" "$B16" $PORT
	expect_ok "who is allowed can be" conn "$NETNS" 100000
	expect_fail_with "at this service" EACCES conn -c "99@$B16"
	expect_fail_with "whether or not one waits" EACCES conn -b -c "99@$B16"
	expect_eq "B has no part in it" "0 0" "$(stats t-b '"\(.refused) \(.drops.policy // 0)"')"
	expect_match "it is counted" '^[4-9] [2-9]$' \
		"$(stats t-a .refused) $(peers t-a '.[0].counters.refused')"
	_told() {
		grep -q '"peer-refused"' "$WORK/events"
	}
	wait_for "and told" 10 _told
	wait_for "each frame is accounted for" 10 all_accounted t-a
	must policy t-a a0 room 0
	must "$UTCPCTL" -n t-a peer del "$B"
	expect_fail_with "a port without room lets nothing out" EHOSTUNREACH \
		conn -t 500 -c "$PORT@$B16"
	must policy t-a a0 room 100
	expect_ok "and one that has room again does" conn "$NETNS" 100000
}

other_port() {
	policed
	must "$UTCPCTL" -n t-b port set b0 demux policy
	must policy t-b b0 bind out
	expect_fail_with "B finds nobody" EACCES ns t-b "$HERE/connprobe" -c "$PORT@$A16"
	# The port at the other end of the wire is asked, too.
	expect_fail_with "nobody calls B" EACCES conn -c "$PORT@$B16"
	must policy t-b b0 allow "$A16" "$B16" $PORT
	expect_ok "who is allowed does" conn "$NETNS" 100000
	expect_fail_with "at this service" EACCES conn -c "99@$B16"
	expect_fail_with "B does not call A" EACCES ns t-b "$HERE/connprobe" -c "$PORT@$A16"
}

# sandboxes - A and B, each at a port of a bridge with a policy
sandboxes() {
	load utcp
	test_module
	two_at_bridge
	A16=$(hex "$A")
	B16=$(hex "$B")
	must "$UTCPCTL" -n t-h port add h0 policy
	must "$UTCPCTL" -n t-h port add h1 policy
}

middle() {
	sandboxes
	must policy t-h h0 bind in "$A16" "$B16" 0
	must policy t-h h1 bind in "$A16" "$B16" $PORT
	expect_ok "two sandboxes talk that may" conn "$NETNS" 100000
	expect_ok "by messages" conn -q "$NETNS" 100000
	expect_eq "the port was told, and dropped nothing" true \
		"$("$UTCPCTL" -n t-h -j -s port show h0 | gojq '.[0].in | (.drops.acl // 0) == 0 and .frames > 50')"
	# A's port lets all services out, B's just one in.
	expect_fail_with "B's port refuses a service" EACCES conn -c "99@$B16"
	expect_eq "at B, who resets" 1 "$(stats t-b .refused)"
	expect_fail_with "B does not begin" EACCES ns t-b "$HERE/connprobe" -c "$PORT@$A16"
	must "$UTCPCTL" -n t-a peer probe "$B" rekey on
	_rekeyed() {
		[ "$(peers t-b '.[0].counters.handshakes >= 2')" = true ]
	}
	wait_for "new keys pass" 20 _rekeyed
	must policy t-h h1 deny "$A16" "$B16" $PORT
	_gone() {
		[ "$(peers t-b length) $(peers t-a '.[0].session // false')" = "0 false" ]
	}
	wait_for "not allowed any more: no session" 10 _gone
	expect_fail_with "B's side is silent then" "EHOSTUNREACH|ETIMEDOUT" conn -t 800 -c "$PORT@$B16"
	expect_eq "and counts why" true "$(stats t-b '.drops.policy >= 1')"
	wait_for "each frame is accounted for, at B" 10 all_accounted t-b
}

# quiet NS - no frame comes for a moment; how many have
quiet() {
	local last=-1 now

	now=$(stats "$1" .frames)
	while [ "$now" != "$last" ]; do
		sleep 0.3
		last=$now
		now=$(stats "$1" .frames)
	done
	echo "$now"
}

# What a root inside writes by AF_PACKET, who is not asked about anything.
forged() {
	local foreign before

	sandboxes
	must "$UTCPCTL" -n t-a cell new
	foreign=$("$UTCPCTL" -n t-a -j cell show | gojq -r '.[1].id')
	spawn "$WORK/record" ip netns exec t-a "$PROBE" record a0 "$WORK/wire" 600
	wait_for "it is recorded" 10 grep -q ready "$WORK/record"
	# As long as there are no policies, a foreign key has a session.
	must "$UTCPCTL" -n t-a peer probe "$B" cell "$foreign"
	_up() {
		[ "$(peers t-b 'any(.session)')" = true ]
	}
	wait_for "a foreign key meets B" 20 _up
	must kill "$SPAWNED"
	must policy t-h h0 bind in "$A16" "$B16" 0
	_down() {
		[ "$(peers t-a 'any(.session)')" = false ]
	}
	wait_for "a port allows it no more: it ends" 10 _down
	# For a moment it lets through what says so.
	wait_for "the port knows none of its frames any more" 10 has_flows 0
	expect_ok "another one is allowed" conn "$NETNS" 1000
	before=$(quiet t-b)
	for type in 1 3 10; do
		expect_ok "frames of type $type are written" \
			ns t-a "$PROBE" play a0 "$WORK/wire" $type
	done
	wait_for "the port drops them" 10 dropped t-h h0 3
	ns t-a "$PROBE" random a0 "$(ip -n t-b -j link show b0 | gojq -r '.[0].address')" \
		1000 1 >/dev/null
	wait_for "and those that are made up" 10 dropped t-h h0 900
	expect_eq "nothing gets out" "$before" "$(quiet t-b)"
	expect_ok "who is allowed is not disturbed" conn "$NETNS" 1000
}

taken_back() {
	policed
	must "$UTCPCTL" -n t-a port set a0 demux policy
	must policy t-a a0 bind out "$A16" "$B16" $PORT
	must policy t-a a0 allow "$A16" "$B16" 99
	under_way -s "$NETNS" $((64 << 20))
	must policy t-a a0 deny "$A16" "$B16" $PORT
	wait "$CONN"
	expect_match "one service is taken back: the caller hears of it" "client.*EACCES" "$(<"$WORK/conn")"
	_server() {
		grep -q "server.*EACCES" "$WORK/conn"
	}
	wait_for "and who was called" 10 _server
	expect_eq "the session stays for the other" "true true" \
		"$(peers t-a '.[0].session') $(peers t-b '.[0].session')"
	must policy t-a a0 allow "$A16" "$B16" $PORT
	under_way -s "$NETNS" $((64 << 20))
	must policy t-a a0 deny "$A16" "$B16" 99
	must policy t-a a0 deny "$A16" "$B16" $PORT
	wait "$CONN"
	expect_match "all are: the session ends, for the caller" "client.*EACCES" "$(<"$WORK/conn")"
	wait_for "and for who was called" 10 _server
	wait_for "B has no peer any more" 10 sh -c "[ \$('$UTCPCTL' -n t-b -j peer show | gojq length) = 0 ]"
	wait_for "and the port knows no frames" 10 has_flows 0
}

# asks - how often the ports were asked
asks() {
	cat /sys/kernel/debug/utcp_policy_test/asks
}

# has_sessions N - A has them
has_sessions() {
	[ "$(peers t-a 'map(select(.session)) | length')" = "$1" ]
}

# What ends is asked about alone, whoever else is met over the same device.
kept_alone() {
	local others=16 before cell i

	policed
	must "$UTCPCTL" -n t-b limit set utcp cells $((others + 1))
	for ((i = 0; i < others; i++)); do
		echo "cell new discoverable on"
	done >"$WORK/batch"
	must "$UTCPCTL" -n t-b -b "$WORK/batch"
	must "$UTCPCTL" -n t-a port set a0 demux policy
	must policy t-a a0 bind out "$A16" "*" $PORT
	for cell in $("$UTCPCTL" -n t-b -j cell show | gojq -r '.[1:][].id'); do
		echo "peer probe $cell"
	done >"$WORK/batch"
	must "$UTCPCTL" -n t-a -b "$WORK/batch"
	under_way -W "$NETNS" 1
	wait_for "there are many sessions" 30 has_sessions $((others + 1))
	# Only the others are still allowed by a rule of their own.
	for cell in $("$UTCPCTL" -n t-b -j cell show | gojq -r '.[1:][].id'); do
		must policy t-a a0 allow "$A16" "$(hex "$cell")" 99
	done
	must policy t-a a0 keep "$A16" "*" $PORT
	expect_fail_with "a new one does not come" EACCES conn -c "$PORT@$B16"
	before=$(asks)
	expect_fail_with "one that nobody has kept ends" ECONNREFUSED conn -c "99@$(hex "$cell")"
	must kill "$CONN"
	wait_for "so does the one that was, and its session" 20 has_sessions $others
	note "$(($(asks) - before)) questions"
	expect_eq "nobody else was asked about" 1 "$(($(asks) - before < others))"
}

comes_and_goes() {
	policed
	under_way -s "$NETNS" $((12 << 20))
	must "$UTCPCTL" -n t-a port set a0 demux policy
	must policy t-a a0 bind out "$A16" "$B16" $PORT
	expect_fail_with "a policy that comes is in force" EACCES conn -c "99@$B16"
	_known() {
		[ "$(flows)" -ge 1 ]
	}
	wait_for "and is told of what is there" 10 _known
	must ip -n t-a link set a0 address 02:00:00:00:aa:03
	must "$UTCPCTL" -n t-a port del a0
	must "$UTCPCTL" -n t-a port add a0 demux policy
	must policy t-a a0 bind out "$A16" "$B16" $PORT
	ends "through all that the transfer goes on"
	under_way -s "$NETNS" $((4 << 20))
	must rmmod utcp_policy_test
	ends "the module goes: nobody refuses"
	must insmod "$MODULES/utcp/utcp_policy_test.ko"
	expect_ok "and everybody may be called" conn "$NETNS" 1000
}

inside() {
	policed
	NETNS=/run/netns/t-a
	must "$UTCPCTL" -n t-a port add lo policy
	must policy t-a lo bind out
	expect_fail_with "not even oneself" EACCES conn "$NETNS" 1000
	expect_fail_with "by datagrams neither" EACCES conn -d -c "7@$A16"
	must policy t-a lo allow "$A16" "$A16" $PORT
	expect_ok "but at a service" conn "$NETNS" 100000
	under_way -W "$NETNS" 1
	must policy t-a lo deny "$A16" "$A16" $PORT
	wait "$CONN"
	expect_match "it is taken back" EACCES "$(<"$WORK/conn")"
	must policy t-a lo allow '*' '*' 7
	expect_ok "datagrams, too" conn -d -c "7@$A16"
	expect_eq "refusals are counted" true "$(stats t-a '.refused >= 3')"
}

run_tests \
	own_port "the policy of one's own port" \
	other_port "that of the other end" \
	middle "sandboxes, each behind a port with a policy" \
	forged "frames that a root inside writes himself" \
	taken_back "a permission is taken back" \
	kept_alone "a session lives no longer than what was kept, and alone is asked about" \
	comes_and_goes "policies come and go" \
	inside "connections inside a namespace"
