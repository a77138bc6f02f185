#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections between hosts, here two namespaces and a wire. connprobe writes both ways
# and compares every byte; sockprobe compares call by call with TCP and AF_UNIX.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

TRACE=/sys/kernel/tracing

streams() {
	two
	expect_ok "8 MiB both ways" conn "$NETNS" $((8 << 20))
	expect_ok "and by messages" conn -q "$NETNS" $((4 << 20))
	expect_ok "a hundred connections, one after the other" conn -n 100 "$NETNS" 1000
	expect_ok "nonblocking" conn -b "$NETNS" 1000
	expect_ok "four hundred at a time" conn -m 400 "$NETNS" 100
	expect_ok "a queue that is full makes it slow" conn -B 0 -m 3 "$NETNS" 100
	wait_for "each frame is accounted for, at A" 10 all_accounted t-a
	wait_for "and at B" 10 all_accounted t-b
	expect_eq "all that goes by frames" true \
		"$(peers t-a '.[0].counters | ."tx-frames" > 10000 and ."rx-frames" > 10000')"
	expect_eq "no frame broke the protocol" "0 0" \
		"$("$UTCPCTL" -n t-a -j peer stats | gojq '.drops.chunk // 0') $("$UTCPCTL" -n t-b -j peer stats | gojq '.drops.chunk // 0')"
}

jumbo() {
	two
	must ip -n t-a link set a0 mtu 9000
	must ip -n t-b link set b0 mtu 9000
	expect_ok "8 MiB both ways, in long frames" conn "$NETNS" $((8 << 20))
	# less passes now than the devices say
	must ip -n t-b link set b0 mtu 2000
	expect_ok "the other end takes less" conn "$NETNS" $((1 << 20))
}

bad_wire() {
	two
	kernel_has sch_netem
	netem t-a a0 loss 10% delay 1ms limit 10000
	netem t-b b0 loss 10% delay 1ms limit 10000
	expect_ok "a tenth is lost" conn "$NETNS" $((2 << 20))
	netem t-a a0 loss 30% limit 10000
	netem t-b b0 loss 30% limit 10000
	expect_ok "nearly a third is" conn "$NETNS" $((256 << 10))
	netem t-a a0 delay 2ms 1ms reorder 75% duplicate 10% limit 10000
	netem t-b b0 delay 2ms 1ms reorder 75% duplicate 10% limit 10000
	expect_ok "out of order, and twice" conn "$NETNS" $((2 << 20))
	netem t-a a0 loss 5% delay 20ms 5ms reorder 50% duplicate 5% corrupt 5% limit 10000
	netem t-b b0 loss 5% delay 20ms 5ms reorder 50% duplicate 5% corrupt 5% limit 10000
	expect_ok "all at once" conn "$NETNS" $((256 << 10))
	expect_ok "and by messages" conn -q "$NETNS" $((256 << 10))
	wait_for "each frame is accounted for, at A" 10 all_accounted t-a
	wait_for "and at B" 10 all_accounted t-b
}

refusals() {
	two
	expect_fail_with "nobody listens" ECONNREFUSED conn -c "99@$(hex "$B")"
	expect_fail_with "nor for who does not wait" ECONNREFUSED conn -b -c "99@$(hex "$B")"
	expect_fail_with "nobody has the CellID" EHOSTUNREACH \
		conn -t 1000 -c "99@00112233445566778899aabbccddeeff"
	expect_fail_with "a port needs rights" EACCES ns t-a \
		setpriv --reuid 65534 --clear-groups "$HERE/connprobe" -c "99@$(hex "$B")"
	kernel_has sch_netem
	netem t-a a0 loss 100%
	expect_fail_with "nobody answers" ETIMEDOUT conn -t 1000 -c "99@$(hex "$B")"
}

goes_on() {
	two
	under_way -s "$NETNS" $((6 << 20))
	expect_ok "new keys are asked for" "$UTCPCTL" -n t-a peer probe "$B" rekey on
	expect_ok "by both" "$UTCPCTL" -n t-b peer probe "$A" rekey on
	ends "keys change in midstream"
	expect_eq "there are new ones" true "$(peers t-a '.[0].counters.handshakes >= 2')"
	under_way -s "$NETNS" $((6 << 20))
	must ip -n t-b link set b0 down
	must ip -n t-b link set b0 up
	ends "the device goes down and comes up"
	under_way -s "$NETNS" $((6 << 20))
	must ip -n t-a link set a0 down
	sleep 1
	must ip -n t-a link set a0 up
	ends "the own one does, for a second"
	under_way -s "$NETNS" $((6 << 20))
	must ip -n t-b link set b0 address 02:00:00:00:00:77
	ends "the peer moves to another address"
}

# tracepoint NAME... - these of utcp, from now on
tracepoint() {
	local name

	[ -d "$TRACE/events" ] || must mount -t tracefs tracefs "$TRACE"
	for name; do
		must sh -c "echo 1 >$TRACE/events/utcp/$name/enable"
		defer sh -c "echo 0 >$TRACE/events/utcp/$name/enable"
	done
	must sh -c ": >$TRACE/trace"
}

# traced NAME REGEX - one of them was seen
traced() {
	grep -q " $1: .*$2" "$TRACE/trace"
}

tracepoints() {
	local what

	two
	tracepoint utcp_neigh utcp_session utcp_sock utcp_drop
	expect_ok "a connection" conn "$NETNS" 1000
	expect_fail_with "and one that is refused" ECONNREFUSED conn -c "99@$(hex "$B")"
	for what in listens connects connected called shut closed; do
		expect_ok "a socket $what" traced utcp_sock "event=$what "
	done
	expect_ok "port, peer and cell are told" traced utcp_sock \
		"peer=$(hex "$B") peer_port=99 event=connects"
	expect_ok "and why it died" traced utcp_sock "peer_port=99 event=died .*error=111"
	expect_ok "a session begins" traced utcp_session "peer=$(hex "$B") event=up "
	for what in "0 to=1" "1 to=2" "2 to=3"; do
		expect_ok "a peer is looked for and found" traced utcp_neigh \
			"peer=$(hex "$B") from=$what"
	done
	must "$UTCPCTL" -n t-a peer del "$B"
	expect_ok "and ends" traced utcp_session "peer=$(hex "$B") event=closed "
	expect_ok "and is nowhere" traced utcp_neigh "peer=$(hex "$B") from=3 to=0"
	expect_match "a frame that is not right is sent" '^0$' \
		"$(ns t-a "$HERE/peerprobe" random a0 "$(ip -n t-b -j link show b0 | gojq -r '.[0].address')" 100 1)"
	wait_for "and dropped" 10 traced utcp_drop "len=.*reason="
}

resets() {
	two
	under_way -W "$NETNS" 1
	expect_ok "B removes its peer" "$UTCPCTL" -n t-b peer del "$A"
	wait "$CONN"
	expect_match "who hears of it at once" ECONNRESET "$(<"$WORK/conn")"
	under_way -W "$NETNS" 1
	expect_ok "A removes it" "$UTCPCTL" -n t-a peer del "$B"
	wait "$CONN"
	expect_match "is told, too" ECONNRESET "$(<"$WORK/conn")"
	under_way -W "$NETNS" 1
	expect_rc "a cell is not removed while a socket has it" 4 \
		"$UTCPCTL" -n t-b cell del "$B"
	kill "$CONN"
	wait "$CONN"
	kernel_has sch_netem
	# A slow writer, so that there is something to acknowledge.
	under_way -s "$NETNS" $((64 << 20))
	# A looks whether B is there. Within a second, and half a one for an emulated machine's
	# programs.
	finds_out "who sends" 2 1500
	under_way -W -w "$NETNS" 1
	# A waits as long again as it has waited.
	finds_out "who may not send" 5 3000
	under_way -s -u 1500 "$NETNS" $((64 << 20))
	netem t-b b0 loss 100%
	wait "$CONN"
	expect_match "who hears nothing for the user timeout ends it" ETIMEDOUT "$(<"$WORK/conn")"
}

# finds_out WHO SECONDS MS - B forgets A while it cannot say so, which is for so many seconds;
# in so much time after that A knows
finds_out() {
	local start ms

	netem t-b b0 loss 100%
	expect_ok "$1: B forgets A, who does not hear of it" "$UTCPCTL" -n t-b peer del "$A"
	sleep "$2"
	must tc -n t-b qdisc del dev b0 root
	start=${EPOCHREALTIME/./}
	wait "$CONN"
	ms=$(((${EPOCHREALTIME/./} - start) / 1000))
	expect_match "$1 finds out" ECONNRESET "$(<"$WORK/conn")"
	note "$ms ms after B could answer"
	expect_ok "in time" test "$ms" -le $(($3 * SLOW))
}

# counted NS COUNT - so many sockets
counted() {
	[ "$(ns "$1" head -1 /proc/net/utcp_stat)" = "sockets $2" ]
}

# What a program has written and closed takes memory, though there is no socket.
orphans() {
	local server

	two
	spawn "$WORK/server" ip netns exec t-b "$HERE/connprobe" -W -S "$(hex "$A")" - 1
	server=$SPAWNED
	wait_for "B listens" 10 grep -q listens "$WORK/server"
	under_way -W -w -C "4711@$(hex "$B")" - 1
	kill "$CONN"
	wait "$CONN"
	expect_ok "closed, and not arrived: it counts" counted t-a 1
	must "$UTCPCTL" -n t-a limit set utcp sockets 1
	expect_fail_with "against the limit" ENFILE conn -c "99@$(hex "$B")"
	kill "$server"
	wait "$server"
	wait_for "it ends, and counts no more" 20 counted t-a 0
	expect_fail_with "there is room again" ECONNREFUSED conn -c "99@$(hex "$B")"
}

# Messages that were begun go on beyond the bound of all buffers, but not for ever.
begun_messages() {
	two
	kernel_has sch_netem
	netem t-a a0 rate 4mbit limit 10000
	spawn "$WORK/conn" ip netns exec t-a timeout $((60 * SLOW)) "$HERE/connprobe" \
		-q -M -o -a -m 8 -f "$WORK/written" "$NETNS" $((1 << 20))
	CONN=$SPAWNED
	wait_for "eight messages of 1 MiB are written" 20 test -e "$WORK/written"
	wait_for "and have begun" 20 sent_more 50
	must sh -c "echo 512 >/sys/module/utcp/parameters/buffers_kib"
	wait "$CONN"
	expect_match "some end without memory" ENOBUFS "$(<"$WORK/conn")"
	must sh -c "echo 65536 >/sys/module/utcp/parameters/buffers_kib"
	expect_ok "there is some again" conn -q "$NETNS" 100000
}

# waiting - how many bytes B's programs have not read
waiting() {
	"$UTCPCTL" -n t-b -j ss show state established | gojq 'map(."rcv-queue") | add // 0'
}

waiting_more() {
	[ "$(waiting)" -gt "$1" ]
}

stands_still() {
	local before

	before=$(waiting)
	sleep 1
	[ "$before" = "$(waiting)" ]
}

# Beyond its limit a namespace's connections get on one piece at a time, and others do not
# notice.
memory_of_one() {
	local most=$((256 << 10)) each=4096 n=24 cpus held i

	two
	cpus=$(nproc)
	must "$UTCPCTL" -n t-b limit set utcp buffer-memory $((most >> 10))k
	for ((i = 1; i <= n; i++)); do
		spawn "$WORK/fill$i" ip netns exec t-a timeout $((100 * SLOW)) "$HERE/connprobe" \
			-W -w -p $((100 + i)) "$NETNS" 1
	done
	wait_for "B holds what it may" 30 waiting_more $((most / 2))
	wait_for "and no more comes" 60 stands_still
	held=$(waiting)
	note "$held bytes in $n connections"
	# And what each processor does not tell of.
	expect_ok "no more than its bound, and a piece of each" \
		[ "$held" -le $((most + n * each + cpus * 65536)) ]
	expect_ok "who reads gets all" ns t-b timeout $((60 * SLOW)) "$HERE/connprobe" \
		-p 99 "$NETNS" 500000
	must ip -n t-a link set lo up
	expect_tap "others do not notice" ns t-a "$HERE/sockcheck" takes 65536
	must "$UTCPCTL" -n t-b limit set utcp buffer-memory 64m
	wait_for "what waited comes when there is more" 100 waiting_more $((n * 50000))
}

# sent_more COUNT - A has sent so many frames
sent_more() {
	[ "$(peers t-a '.[0].counters."tx-frames"')" -ge "$1" ]
}

keep_alive() {
	local sent

	two
	under_way -W "$NETNS" 1
	IDLE=$CONN
	mv "$WORK/conn" "$WORK/idle"
	under_way -W -k "$NETNS" 1
	sent=$(peers t-a '.[0].counters."tx-frames"')
	wait_for "it asks again and again" 20 sent_more $((sent + 5))
	expect_ok "what is answered goes on" kill -0 "$CONN"
	must ip -n t-b link set b0 down
	wait "$CONN"
	expect_match "what is not answered ends" ETIMEDOUT "$(<"$WORK/conn")"
	expect_ok "who did not ask for it goes on" kill -0 "$IDLE"
	kill "$IDLE"
}

closed_window() {
	local sent

	two
	under_way -W -w -u $((2000 * SLOW)) "$NETNS" 1
	sent=$(peers t-a '.[0].counters."tx-frames"')
	wait_for "who may not send asks for signs of life" 20 sent_more $((sent + 5))
	expect_ok "another connection" conn -k "$NETNS" 1000
	expect_ok "whose peer answers, and does not read, goes on" kill -0 "$CONN"
	must ip -n t-b link set b0 down
	wait "$CONN"
	expect_match "whose peer is silent for the user timeout does not" ETIMEDOUT "$(<"$WORK/conn")"
}

teardown() {
	two
	under_way -s "$NETNS" $((64 << 20))
	expect_fail "the module stays while there are sockets" rmmod utcp
	must ip -n t-b link del b0
	kill "$CONN"
	wait "$CONN"
	wait_for "the module goes when they have gone" 10 rmmod utcp
}

# Programs hold on to a namespace that has no name any more.
namespace_dies() {
	two
	under_way -s "$NETNS" $((64 << 20))
	must ip netns del t-b
	sleep 1
	expect_ok "a connection goes on" kill -0 "$CONN"
	kill "$CONN"
	wait "$CONN"
	wait_for "with the last program the namespace goes" 20 sh -c "! ip -n t-a link show a0"
	must ip netns add t-b
	wait_for "and the module can go" 10 rmmod utcp
}

# jump SECONDS COMMAND... - while the clock is wrong by so much. Not for longer: the shell
# itself goes by it.
jump() {
	local by=$1 rc

	shift
	date -s "@$(($(date +%s) + by))" >/dev/null || return
	"$@"
	rc=$?
	date -s "@$(($(date +%s) - by))" >/dev/null && return $rc
}

# renewed NS PEER - A and B make new keys, since NS calls the other
renewed() {
	local i n

	n=$(peers t-a '.[0].counters.handshakes')
	"$UTCPCTL" -n "$1" peer probe "$2" rekey on || return
	for ((i = 0; i < 100 * SLOW; i++)); do
		[ "$(peers t-a '.[0].counters.handshakes')" = "$n" ] || return 0
		sleep 0.1
	done
	return 1
}

clock() {
	two
	under_way -s "$NETNS" $((8 << 20))
	expect_ok "keys are renewed a day ahead" jump 86400 renewed t-a "$B"
	expect_ok "and when the clock is right again" renewed t-a "$B"
	expect_ok "and a day behind" jump -86400 renewed t-a "$B"
	ends "the connection knows nothing of it"
	# A knows when B has called last. B forgets A, who does not hear of it.
	expect_ok "B makes new keys" renewed t-b "$A"
	kernel_has sch_netem
	netem t-b b0 loss 100%
	must "$UTCPCTL" -n t-b peer del "$A"
	must tc -n t-b qdisc del dev b0 root
	expect_ok "B calls again, after a restart, and its clock is wrong" \
		jump -86400 ns t-b timeout $((30 * SLOW)) "$HERE/connprobe" /run/netns/t-a 1000
}

semantics() {
	two
	expect_tap "as TCP and AF_UNIX, call by call" \
		ns t-a timeout $((100 * SLOW)) "$HERE/sockprobe" "$NETNS"
}

run_tests \
	streams "bytes and messages arrive" \
	jumbo "long frames" \
	bad_wire "over a bad wire" \
	refusals "connections that are refused" \
	goes_on "connections outlive keys, links and addresses" \
	tracepoints "what is traced" \
	resets "the end of a session" \
	orphans "connections that were closed" \
	memory_of_one "memory of a namespace" \
	begun_messages "messages that do not end" \
	keep_alive "a peer that is silent" \
	closed_window "a peer that does not read" \
	teardown "everything is taken away" \
	namespace_dies "a namespace that is deleted" \
	clock "a clock that jumps" \
	semantics "what programs see"
