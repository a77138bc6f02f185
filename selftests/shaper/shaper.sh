#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The shaper at work. How exact rates are is rate.sh's to tell, by the instruction
# clock; here they are looked at from the side that holds with any clock: no more
# than the rate and the burst.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

# flood_in BOX MS [FLOWS [LEN]] - the box floods the host
flood_in() {
	must ns "box$1" "$FLOOD" send "10.9.$1.1" "500$1" "${4:-1000}" "$2" "${3:-1}"
}

# no_more FILE MBIT MS - what came was no more than the rate lets through in that time,
# with a burst of 5 ms
no_more() {
	local bytes most=$((($3 + 5) * $2 * 125 + 1514))

	bytes=$(received "$1" bytes)
	expect_ok "no more than $2 Mbit/s ($bytes of $most bytes)" test "$bytes" -le "$most"
}

classes() {
	sandboxes
	shape add up bw-max 1g
	shape add group parent up bw-max 100m bw-min 40m
	shape add s1 parent group id 77 weight 3 priority 2 burst 2000 queue-bytes 65536 \
		queue-time 100 overhead 24
	expect_eq "all of it is shown" "s1 77 group 0 0 2000 2 3 65536 100 24 0 0" "$(utcp host -j shaper show s1 |
		gojq -r '.[0]|[.class, .id, .parent, ."bw-min", ."bw-max", .burst, .priority, .weight,
		."queue-bytes", ."queue-time", .overhead, .children, .bindings]|join(" ")')"
	expect_fail_with "no second one of a name" "this name" utcp host shaper add s1
	expect_fail_with "nor of an id" "this id" utcp host shaper add s2 id 77
	expect_fail_with "no parent that is none" "no such class" utcp host shaper add s2 parent none
	expect_fail_with "no more guaranteed than there is" "guaranteed more" \
		utcp host shaper add s2 parent up bw-min 970m
	expect_fail_with "bw-min is not above bw-max" "above bw-max" \
		utcp host shaper add s2 bw-min 2m bw-max 1m
	expect_fail_with "a class with children stays" "has children" utcp host shaper del group
	expect_fail_with "and is not bound" "has children" utcp host shaper bind h1 in group
	shape bind h1 in s1 mark
	expect_fail_with "a direction is bound once" "bound already" utcp host shaper bind h1 in s1
	expect_fail_with "a class that is bound stays" "is bound" utcp host shaper del s1
	expect_fail_with "and has no children" "is bound" utcp host shaper add s3 parent s1
	expect_eq "the binding is shown" "h1 in s1 true false false" "$(utcp host -j shaper bindings h1 |
		gojq -r '.[0]|[.port, .direction, .class, .mark, .priority, .["net-shaper"]]|join(" ")')"
	expect_fail_with "the sandbox sees no class" "no such class" utcp box1 shaper set s1 bw-max 1g
	shape set s1 bw-max 20m
	expect_eq "a change changes nothing else" "20000000 3" \
		"$(utcp host -j shaper show s1 | gojq -r '.[0]|"\(."bw-max") \(.weight)"')"
	must utcp host limit set utcp-shaper classes 3
	expect_fail_with "no more classes than the limit" "as its limit" utcp host shaper add s4
	shape unbind h1 in
	shape del s1
	expect_eq "what is gone is gone" "group up" \
		"$(utcp host -j shaper show | gojq -r '[.[].class]|sort|join(" ")')"
	must utcp host limit set utcp-shaper classes 16384
	shape add leaf
	must utcp host port set h1 demux
	expect_fail_with "no policy, no binding" "does not carry policy" utcp host shaper bind h1 out leaf
}

hostile() {
	local rc=0

	sandboxes
	ns host "$(dirname "$0")/shaperprobe" h1 >"$WORK/probe" || rc=$?
	grep -v "^# ok" "$WORK/probe" || :
	expect_eq "requests that utcpctl would not send" 0 "$rc"
}

directions() {
	sandboxes
	shape add slow bw-max 8m
	shape bind h1 in slow
	spawn "$WORK/in" ns host "$FLOOD" recv 5001 1000 4
	waits_for_flow "$WORK/in"
	flood_in 1 1200 4
	no_more "$WORK/in" 8 1000
	expect_eq "in order" 0 "$(received "$WORK/in" overtook)"
	expect_sums "in"
	expect_ok "the sender was held back by its socket" \
		test "$(class_value slow '.stats.drops.full // 0')" -eq 0
	shape unbind h1 in
	shape bind h1 out slow
	spawn "$WORK/out" ns box1 "$FLOOD" recv 5001 1000 1
	waits_for_flow "$WORK/out"
	must ns host "$FLOOD" send 10.9.1.2 5001 1000 1200 1
	no_more "$WORK/out" 8 1000
	expect_eq "in order" 0 "$(received "$WORK/out" overtook)"
	expect_sums "out"
}

super_frames() {
	local packets bytes

	sandboxes
	shape add s1 bw-max 10m
	shape bind h1 in s1
	spawn "$WORK/cut" ns host "$FLOOD" sink 5001
	waits_for_flow "$WORK/cut"
	must ns box1 "$FLOOD" stream 10.9.1.1 5001 1000
	wait_for "the connection ends" 30 grep -q bytes "$WORK/cut"
	expect_ok "TCP has no more than 10 Mbit/s" test "$(received "$WORK/cut" bytes)" -le \
		$((($(received "$WORK/cut" ms) + 5) * 1250 + 65536))
	expect_sums "frames that were cut"
	expect_eq "none could not be cut" 0 "$(class_value s1 '.stats.drops.cut // 0')"
	packets=$(class_value s1 .stats.packets)
	bytes=$(class_value s1 .stats.bytes)
	expect_ok "all were cut ($bytes bytes in $packets frames)" test "$bytes" -le $((packets * 1514))
	shape set s1 bw-max 1g
	spawn "$WORK/whole" ns host "$FLOOD" sink 5001
	waits_for_flow "$WORK/whole"
	must ns box1 "$FLOOD" stream 10.9.1.1 5001 300
	wait_for "the connection ends" 30 grep -q bytes "$WORK/whole"
	packets=$(($(class_value s1 .stats.packets) - packets))
	bytes=$(($(class_value s1 .stats.bytes) - bytes))
	expect_ok "some stay whole ($bytes bytes in $packets frames)" test "$bytes" -gt $((packets * 1514))
	expect_sums "frames that stayed whole"
	nothing_waits "at the end"
}

# What waits is bounded in bytes and in time, and what goes for it is counted so.
bounds() {
	sandboxes
	shape add s1 bw-max 64k queue-bytes 8192 queue-time 60000
	shape bind h1 in s1
	flood_in 1 100 8
	expect_ok "more than queue-bytes: full" test "$(class_value s1 '.stats.drops.full // 0')" -gt 10
	expect_ok "no more wait" test "$(class_value s1 '.stats["backlog-bytes"]')" -le 8192
	expect_eq "none was late" 0 "$(class_value s1 '.stats.drops.late // 0')"
	shape unbind h1 in
	shape add s2 bw-max 1m queue-time 30
	shape bind h1 in s2
	flood_in 1 100 8
	wait_for "it drains" 20 drained s2
	expect_ok "longer than queue-time: late" test "$(class_value s2 '.stats.drops.late // 0')" -gt 10
	# The next one to go is past its queue, and waits for its bucket: another 12 ms, and what
	# a busy machine adds. Unbounded it would be a second.
	expect_ok "none waited for much longer" test "$(class_value s2 '.stats["sojourn-p99"]')" -le 120000
	expect_eq "that was not full" 0 "$(class_value s2 '.stats.drops.full // 0')"
	expect_sums "bounds"
}

# told_by 0|1 - eight connections, without ECN or with it, fill a fresh class
told_by() {
	local box

	for box in host box1; do
		must ns $box sysctl -qw net.ipv4.tcp_ecn="$1"
	done
	shape add "ecn$1" bw-max 4m
	shape bind h1 in "ecn$1"
	spawn "$WORK/ecn$1" ns host "$FLOOD" sink 5001
	waits_for_flow "$WORK/ecn$1"
	must ns box1 "$FLOOD" stream 10.9.1.1 5001 1500 8
	wait_for "it drains" 60 drained "ecn$1"
	shape unbind h1 in
	MARKS=$(class_value "ecn$1" .stats.marks)
	DROPS=$(class_value "ecn$1" '.stats.drops.codel // 0')
	note "$MARKS marks, $DROPS drops by CoDel"
	_stop "$SPAWNED" 2>/dev/null
}

# Who heeds ECN is told by it that the queue has become long; who does not is told by drops.
by_ecn() {
	sandboxes
	told_by 0
	expect_ok "without ECN by drops" test "$DROPS" -gt 0 -a "$MARKS" -eq 0
	told_by 1
	# But for what a sender may not have marked (RFC 3168, 6.1.1 and 6.1.5): the beginning and
	# end of each connection, and what it repeats, which a busy machine has it do more.
	expect_ok "with it by marks" test "$MARKS" -gt 8 -a $((4 * DROPS)) -le "$MARKS"
	expect_sums "ecn"
}

# with_xdp - h1 has a generic XDP program until $XDP is stopped
with_xdp() {
	spawn "$WORK/xdp" ip netns exec host "$(dirname "$0")/xdp" h1
	XDP=$SPAWNED
	wait_for "the program is there" 20 grep -q ready "$WORK/xdp"
}

# What waits would go through a generic XDP program twice: one or the other.
by_xdp() {
	sandboxes
	slow_class
	with_xdp
	expect_fail_with "no class where there is one" "has a generic XDP program" \
		utcp host shaper bind h1 in s1
	expect_ok "but for what the device sends" utcp host shaper bind h1 out s1
	shape unbind h1 out
	_stop "$XDP" 2>/dev/null
	wait_for "it is gone" 20 utcp host shaper bind h1 in s1
	with_xdp
	flood_in 1 100 8
	expect_ok "if it comes later, who would wait is dropped" \
		test "$(class_value s1 '.stats.drops.xdp // 0')" -gt 10
	drained s1 || fail "and does not wait"
	_stop "$XDP" 2>/dev/null
	wait_for "who comes after it waits" 20 floods_until_busy
	expect_sums "xdp"
}

floods_until_busy() {
	flood_in 1 20 8
	busy_now
}

# floods_get STATEMENTS... - what the first box floods the host with gets a mark, or a
# priority, before the shaper sees it
floods_get() {
	kernel_has nf_tables
	must ns host nft -f - <<-END
		table netdev t
		delete table netdev t
		table netdev t {
			chain in { type filter hook ingress device h1 priority 0; udp dport 5001 $* ; }
		}
	END
}

by_mark() {
	sandboxes
	shape add s1 bw-max 100m
	shape add other id 9 bw-max 100m
	shape bind h1 in s1 mark
	floods_get meta mark set 9
	flood_in 1 50
	expect_ok "a mark that is a class's id" test "$(class_value other .stats.frames)" -gt 0
	must ns box1 ping -q -c 3 -i 0.01 10.9.1.1
	expect_ok "and none" test "$(class_value s1 .stats.frames)" -ge 3
	shape del other
	flood_in 1 50
	expect_ok "a mark that is nobody's" test "$(class_value s1 .stats.frames)" -gt 10
	expect_sums "by mark"
}

by_priority() {
	local before

	sandboxes
	shape add s1 bw-max 100m
	expect_ok "the kernel chooses ids that are priorities" test "$(class_value s1 .id)" -gt 15
	shape add other id 99 bw-max 100m
	shape add third id 98 bw-max 100m
	shape bind h1 in s1 mark priority
	floods_get meta priority set 0:63
	flood_in 1 50
	expect_ok "a priority that is a class's id" test "$(class_value other .stats.frames)" -gt 0
	must ns box1 ping -q -c 3 -i 0.01 10.9.1.1
	expect_ok "and none" test "$(class_value s1 .stats.frames)" -ge 3
	before=$(class_value other .stats.frames)
	floods_get meta priority set 0:63 meta mark set 98
	flood_in 1 50
	expect_ok "a mark counts first" test "$(class_value third .stats.frames)" -gt 0
	expect_eq "and not the priority then" "$before" "$(class_value other .stats.frames)"
	shape del third
	flood_in 1 50
	expect_ok "but not if it is nobody's" test "$(class_value other .stats.frames)" -gt "$before"
	shape del other
	before=$(class_value s1 .stats.frames)
	flood_in 1 50
	expect_ok "a priority that is nobody's" test "$(class_value s1 .stats.frames)" -gt $((before + 10))
	# The kernel makes it from the TOS, also of what it forwards.
	shape add low id 6 bw-max 100m
	shape bind h1 out s1 priority
	must ns host ping -q -c 3 -i 0.01 -Q 0x10 10.9.1.2
	expect_eq "one that anybody may set means no class" 0 "$(class_value low .stats.frames)"
	expect_sums "by priority"
}

# by_acl - the class that an access list names, for what it allows
by_acl() {
	sandboxes
	[ -r "$(ko utcp_acl)" ] || skip_test "there is no utcp_acl"
	load utcp_acl
	shape add s1 bw-max 100m
	shape add other id 9 bw-max 100m
	shape bind h1 in s1
	must utcp host acl new box
	must utcp host acl add box out allow proto udp dport 5001 class 9
	must utcp host acl add box out allow proto udp dport 5002
	must utcp host acl add box out allow ethertype arp
	must utcp host acl add box in allow ethertype arp
	must utcp host acl bind h1 box
	flood_in 1 50
	expect_ok "a rule with a class" test "$(class_value other .stats.frames)" -gt 10
	expect_ok "takes all of its frames" test "$(class_value s1 .stats.frames)" -le 4
	must ns box1 "$FLOOD" send 10.9.1.1 5002 1000 50 1
	expect_ok "a rule without one" test "$(class_value s1 .stats.frames)" -gt 10
	shape del other
	flood_in 1 50
	expect_ok "a class that is nobody's: the binding's" test "$(class_value s1 .stats.frames)" -gt 20
	expect_sums "by rule"
}

# What the root of a sandbox may do inside changes nothing outside.
inside() {
	sandboxes
	kernel_has nf_tables
	shape add s1 bw-max 4m
	shape add other id 99 bw-max 1g
	shape bind h1 in s1 mark priority
	# a policy of its own, which can but narrow
	must utcp box1 port add p0 policy
	must utcp box1 shaper add mine id 99 bw-max 1g
	must utcp box1 shaper bind p0 out mine
	# and marks and priorities
	must ns box1 nft -f - <<-'END'
		table inet t {
			chain out { type filter hook output priority 0; meta mark set 99; meta priority set 0:63 ; }
		}
	END
	spawn "$WORK/inside" ns host "$FLOOD" recv 5001 1000 4
	waits_for_flow "$WORK/inside"
	flood_in 1 1200 4
	no_more "$WORK/inside" 4 1000
	expect_ok "its own class is there, and its frames went through" \
		test "$(utcp box1 -j -s shaper show mine | gojq '.[0].stats.frames')" -gt 10
	expect_eq "its marks and priorities mean nothing here" 0 "$(class_value other .stats.frames)"
	expect_fail_with "it cannot change the class" "no such class" utcp box1 shaper set s1 bw-max 1g
	expect_fail_with "nor unbind it" "no such device" utcp box1 shaper unbind h1 in
	expect_sums "inside"
}

# Each frame of a super-frame of a tunnel will have the tunnel's headers, too.
tunnel() {
	local payload bytes i

	sandboxes
	kernel_has ip_gre
	shape add s1 bw-max 400m
	shape bind h1 in s1
	for i in 1 2; do
		must ip -n "$([ $i = 1 ] && echo host || echo box1)" link add gre9 type gre \
			local 10.9.1.$i remote 10.9.1.$((3 - i))
		must ip -n "$([ $i = 1 ] && echo host || echo box1)" addr add 10.8.0.$i/24 dev gre9
		must ip -n "$([ $i = 1 ] && echo host || echo box1)" link set gre9 up
	done
	spawn "$WORK/sink" ns host "$FLOOD" sink 5001
	waits_for_flow "$WORK/sink"
	must ns box1 "$FLOOD" stream 10.8.0.1 5001 300
	payload=$(received "$WORK/sink" bytes)
	bytes=$(class_value s1 .stats.bytes)
	# Ethernet, IPv4 and GRE around IPv4 and TCP with timestamps around 1,424 bytes
	expect_ok "all their headers count ($bytes bytes for $payload)" test \
		$((bytes * 1424 * 1000)) -ge $((payload * 1514 * 995)) -a \
		$((bytes * 100)) -le $((payload * 115))
	expect_sums "tunnel"
}

let_go() {
	sandboxes
	slow_class
	shape bind h1 in s1
	shape bind h1 out s1
	busy
	must ip -n host link set h1 down
	flushed "the device goes down"
	must ip -n host link set h1 up
	wait_for "frames wait again" 20 busy_now
	shape unbind h1 in
	flushed "the direction is unbound"
	shape bind h1 in s1
	wait_for "frames wait again" 20 busy_now
	must utcp host port set h1 demux
	flushed "the port loses its policy"
	expect_eq "and its bindings" 0 "$(utcp host -j shaper bindings | gojq length)"
	must utcp host port set h1 policy
	shape bind h1 in s1
	wait_for "frames wait again" 20 busy_now
	shape set s1 bw-max 128k
	expect_ok "a new rate leaves them there" busy_now
	must ip -n host link set h1 netns box2
	flushed "the device moves"
	nothing_waits "at the end"
}

# A device ends while its frames wait.
unregistered() {
	sandboxes
	slow_class
	shape bind h1 in s1
	busy
	must ip -n host link del h1
	flushed "the device ends"
	expect_eq "and so do its bindings" 0 "$(utcp host -j shaper bindings | gojq length)"
	nothing_waits "the device ends"
	expect_ok "the class is free to go" utcp host shaper del s1
}

# A class that a mark names goes while frames wait in it; those that come have the port's.
deleted() {
	local gone before

	sandboxes
	shape add up
	shape add s1 parent up bw-max 1m
	shape add other parent up id 99 bw-max 64k queue-time 60000
	shape bind h1 in s1 mark
	floods_get meta mark set 99
	spawn "$WORK/busy" ns box1 nice -n 5 "$FLOOD" send 10.9.1.1 5001 500 600000 8
	wait_for "frames wait" 20 waits_in other
	before=$(class_value s1 .stats.frames)
	gone=$(utcp host -j -s shaper del other | gojq '.stats.drops.flushed // 0')
	expect_ok "those that waited are dropped ($gone), as flushed" test "$gone" -gt 10
	expect_eq "the class above keeps the numbers" "$gone" "$(class_value up '.stats.drops.flushed')"
	wait_for "what comes has the port's class" 20 more_of s1 "$before"
	expect_sums "deleted"
	shape unbind h1 in
	nothing_waits "in the end"
	must utcp host shaper del s1
	expect_eq "and of all of them" true "$(utcp host -j -s shaper show up |
		gojq '.[0].stats|.frames == .packets + ([.drops[]]|add) and .drops.flushed > '"$gone")"
}

# waits_in CLASS - more than ten frames
waits_in() {
	[ "$(class_value "$1" '.stats["backlog-packets"]')" -gt 10 ]
}

# more_of CLASS FRAMES - more than that have come
more_of() {
	[ "$(class_value "$1" .stats.frames)" -gt "$2" ]
}

# What is on its way when the device goes down does not arrive, and is no packet.
down() {
	local i

	sandboxes
	shape add s1 bw-max 5m
	shape bind h1 in s1
	for i in 1 2 3; do
		spawn "$WORK/busy$i" ns box1 nice -n 5 "$FLOOD" send 10.9.1.1 5001 100 600000 8
		wait_for "frames wait" 20 busy_now
		must ip -n host link set h1 down
		must ip -n host link set h1 up
	done
	must ip -n host link set h1 down
	expect_eq "class and port count the same ones as flushed" \
		"$(port_value host h1 '.in.drops.flushed')" "$(class_value s1 .stats.drops.flushed)"
	expect_sums "down"
}

ends() {
	local mark

	sandboxes
	mark=$(dmesg_mark)
	slow_class
	shape bind h1 in s1
	busy
	must ip netns del host
	expect_ok "the module goes" rmmod utcp_shaper
	load utcp_shaper
	expect_quiet "nothing is said" "$mark"
}

unloaded() {
	local mark

	sandboxes
	mark=$(dmesg_mark)
	slow_class
	shape bind h1 in s1
	busy
	expect_ok "the module goes under load" rmmod utcp_shaper
	expect_eq "frames go on" 0 "$(port_value host h1 .in.held)"
	load utcp_shaper
	expect_quiet "nothing is said" "$mark"
}

# sends CLASS... - each of them has a rate, as the last tick saw it
sends() {
	local class

	for class; do
		[ "$(class_value "$class" '.stats["rate-1s"]')" -gt 0 ] || return
	done
}

# MANY of them, 1,000 unless said; "make soak" has ten thousand
many() {
	local n=${MANY:-1000}

	sandboxes
	slow_class
	shape bind h1 in s1
	busy
	{
		echo "shaper add many bw-max 1g"
		for ((i = 0; i < n; i++)); do echo "shaper add c$i parent many bw-max 1m"; done
	} >"$WORK/add"
	sed -n 's/shaper add \(c[0-9]*\) .*/shaper del \1/p' "$WORK/add" >"$WORK/del"
	expect_ok "$n classes are made under load" utcp host -b "$WORK/add"
	expect_eq "they are there" "$((n + 2))" "$(utcp host -j shaper show | gojq length)"
	shape unbind h1 in
	shape bind h1 in "c$((n - 1))"
	wait_for "the last of them has a rate, and their parent" 20 sends "c$((n - 1))" many
	shape unbind h1 in
	shape bind h1 in s1
	expect_ok "and removed" utcp host -b "$WORK/del"
	expect_eq "they are gone" 2 "$(utcp host -j shaper show | gojq length)"
	expect_sums "many"
}

memory() {
	sandboxes
	must utcp host limit set utcp-shaper queued 64
	slow_class
	shape bind h1 in s1
	flood_in 1 200 8
	expect_ok "the limit of memory drops" test "$(class_value s1 .stats.drops.memory)" -gt 0
	expect_ok "and holds" test "$(class_value s1 '.stats["backlog-bytes"]')" -le 65536
	shape add s2 bw-max 64k queue-time 60000
	shape bind h2 in s2
	flood_in 2 50 1
	expect_ok "whoever has filled it, others have some" \
		test "$(class_value s2 '.stats["backlog-packets"]')" -ge 3
	expect_sums "memory"
}

events() {
	sandboxes
	spawn "$WORK/events" "$UTCPCTL" -n host -j monitor utcp-shaper
	# it is there when it tells of a class that is made over and over
	wait_for "the monitor is there" 20 sh -c "'$UTCPCTL' -n host shaper add x >&2
		'$UTCPCTL' -n host shaper del x >&2; grep -q class-add '$WORK/events'"
	slow_class
	shape bind h1 in s1
	busy
	wait_for "frames wait for long" 20 grep -q '"event":"class-change".*"waiting":true' "$WORK/events"
	shape unbind h1 in
	wait_for "and no more" 20 grep -q '"event":"class-change".*"waiting":false' "$WORK/events"
	shape del s1
	wait_for "all is told" 20 grep -q '"event":"class-del".*"class":"s1"' "$WORK/events"
	for e in class-add binding-add binding-del; do
		expect_ok "$e is told" grep -q "\"event\":\"$e\".*\"s1\"" "$WORK/events"
	done
}

top() {
	local text

	sandboxes
	shape add slow bw-max 64k
	shape add group bw-max 2m
	shape add fast parent group bw-max 1m
	shape add idle bw-max 1m
	shape bind h1 in fast
	shape bind h2 in slow
	spawn "$WORK/f1" ns box1 nice -n 5 "$FLOOD" send 10.9.1.1 5001 1000 600000 8
	spawn "$WORK/f2" ns box2 nice -n 5 "$FLOOD" send 10.9.2.1 5002 500 600000 8
	wait_for "they send" 20 sends fast slow group
	text=$("$UTCPCTL" -n host shaper top | head -n 4)
	expect_eq "the fastest first" "2 slow idle" "$(awk '
		NR <= 2 { first += $1 == "fast" || $1 == "group" }
		NR > 2 { rest = rest " " $1 }
		END { print first rest }' <<<"$text")"
	# A guest that the host leaves no time may be slower.
	expect_match "a bar of what it has of its rate" "^fast +\[#{1,20} *\] .* of 1m .* waiting .* p99 .* drops" "$text"
	expect_match "none for who sends nothing" "^idle +\[ {20}\] +0 of 1m " "$text"
	expect_eq "as JSON, round by round" "4 4" \
		"$("$UTCPCTL" -n host -j shaper top | head -n 2 | gojq length | xargs)"
}

run_tests \
	classes "classes and bindings" \
	hostile "hostile requests" \
	directions "a rate, in and out" \
	super_frames "super-frames are cut, or not" \
	bounds "what waits is bounded in bytes and time" \
	by_ecn "marks for who heeds them" \
	by_xdp "no frame goes through an XDP program twice" \
	by_mark "the class by the mark" \
	by_priority "the class by the priority" \
	by_acl "the class by a rule of an access list" \
	inside "the root of a sandbox cannot loosen it" \
	tunnel "super-frames of a tunnel" \
	let_go "what waits is let go when it must be" \
	unregistered "a device ends under load" \
	deleted "a class ends under load" \
	down "a device goes down under load" \
	ends "the namespace ends under load" \
	unloaded "the module ends under load" \
	many "many classes come and go under load" \
	memory "waiting frames are bounded by memory" \
	events "events" \
	top "top"
