#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How exact rates are, from the first frame of a fresh limit on; at more rates and for
# longer in accuracy.sh. By the instruction clock: time in an emulated guest proves nothing.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/topology.sh"

[ "${ICOUNT:-}" ] || skip_all "needs the instruction clock: ICOUNT=1 in a guest of run.sh --icount"

MS=3000

busy_sandboxes() {
	keep_busy
	sandboxes
}

# exact LABEL KBIT DIRECTION FLOWS LEN PERMILLE - so near to the rate, or to one frame
exact() {
	local from=box1 to=host address=10.9.1.1 bytes want=$((MS * $2 / 8)) most rate

	most=$((want * $6 / 1000))
	[ "$most" -gt 1514 ] || most=1514
	# what is counted begins with a frame and may end with one
	most=$((most + $5 + 42))
	[ "$3" = in ] || from=host to=box1 address=10.9.1.2
	shape add fresh bw-max "$2k"
	shape bind h1 "$3" fresh
	spawn "$WORK/$1" ns $to "$FLOOD" recv 5001 "$MS" "$4"
	waits_for_flow "$WORK/$1"
	idly must ns $from "$FLOOD" send $address 5001 "$5" $((MS + 200)) "$4"
	rate=$(class_value fresh '.stats["rate-1s"]')
	expect_ok "$2 kbit/s $3: the class says so ($rate)" \
		test $((rate > $2 * 1000 ? rate - $2 * 1000 : $2 * 1000 - rate)) -le $(($2 * 15))
	bytes=$(received "$WORK/$1" bytes)
	note "$1: $bytes of $want bytes"
	expect_ok "$2 kbit/s $3, $4 flows of $5 bytes, to $most bytes: $bytes of $want" \
		test $((bytes > want ? bytes - want : want - bytes)) -le "$most"
	expect_eq "in order" 0 "$(received "$WORK/$1" overtook)"
	expect_sums "$1"
	shape unbind h1 "$3"
	shape del fresh
}

rates() {
	busy_sandboxes
	exact slow-in 10000 in 1 1472 20
	exact slow-out 10000 out 16 200 20
	exact fast-in 200000 in 1 1472 20
}

# What is longer than a bucket is deep goes by debt, and the rate holds.
jumbo() {
	busy_sandboxes
	must ip -n host link set h1 mtu 9000
	must ip -n box1 link set p0 mtu 9000
	exact jumbo 10000 in 1 8972 5
}

first_moment() {
	local bytes

	busy_sandboxes
	MS=100
	shape add fresh bw-max 10m
	shape bind h1 in fresh
	spawn "$WORK/first" ns host "$FLOOD" recv 5001 100 1
	waits_for_flow "$WORK/first"
	idly must ns box1 "$FLOOD" send 10.9.1.1 5001 1000 200 1
	bytes=$(received "$WORK/first" bytes)
	expect_ok "the first 100 ms after idling, to 3 %: $bytes of 125000 bytes" \
		test "$bytes" -ge 121250 -a "$bytes" -le 128750
}

group() {
	local a b

	busy_sandboxes
	shape add up bw-max 16m
	shape add s1 parent up
	shape add s2 parent up
	shape bind h1 in s1
	shape bind h2 in s2
	spawn "$WORK/1" ns host "$FLOOD" recv 5001 1000 1
	spawn "$WORK/2" ns host "$FLOOD" recv 5002 1000 100
	waits_for_flow "$WORK/1"
	waits_for_flow "$WORK/2"
	spawn "$WORK/f" ns box2 "$FLOOD" send 10.9.2.1 5002 100 1300 100
	idly must ns box1 "$FLOOD" send 10.9.1.1 5001 1472 1300 1
	a=$(received "$WORK/1" bytes)
	b=$(received "$WORK/2" bytes)
	expect_ok "one flow and a hundred flows of short frames share alike ($a, $b)" \
		test $((a > b ? (a - b) * 20 : (b - a) * 20)) -le $((a + b))
	expect_sums "group"
	wait_for "it drains" 20 drained up
	spawn "$WORK/3" ns host "$FLOOD" recv 5001 500 1
	waits_for_flow "$WORK/3"
	idly must ns box1 "$FLOOD" send 10.9.1.1 5001 1472 700 1
	a=$(received "$WORK/3" bytes)
	expect_ok "one alone has all ($a of 1000000)" test $((a > 1000000 ? a - 1000000 : 1000000 - a)) -le 20000
}

# flows FILE - how many datagrams a receiver had of each
flows() {
	wait_for "the receiver ends" 60 grep -q bytes "$1"
	sed -n 's/.*flows //p' "$1"
}

# by_flow PORT N - frames from the N ports behind this one belong to the classes whose
# ids those are
by_flow() {
	local i map=

	kernel_has nf_tables
	for ((i = $1 + 1; i <= $1 + $2; i++)); do
		map+=${map:+, }"$i : $i"
	done
	must ns host nft -f - <<-END
		table netdev t {
			chain in {
				type filter hook ingress device h1 priority 0;
				meta mark set udp sport map { $map };
			}
		}
	END
}

# share MS SETTINGS... - a group of 20 Mbit/s with a member of each settings ("weight 2"), all
# flooded; prints what each had
share() {
	local ms=$1 i=0 settings

	shift
	busy_sandboxes
	by_flow 5001 $#
	shape add up bw-max 20m
	shape add rest
	shape bind h1 in rest mark
	for settings; do
		i=$((i + 1))
		# shellcheck disable=SC2086 # words
		shape add "m$i" parent up id $((5001 + i)) queue-bytes 65536 $settings
	done
	spawn "$WORK/share" ns host "$FLOOD" recv 5001 "$ms" $#
	waits_for_flow "$WORK/share"
	idly must ns box1 "$FLOOD" send 10.9.1.1 5001 1000 $((ms + 200)) $#
	expect_sums "share"
}

# have PERCENT... - each member of the group has had so much of what all have, within 2
have() {
	local got i=0 sum=0 percent

	read -ra got <<<"$(flows "$WORK/share")"
	expect_eq "all have been there" $# "${#got[@]}"
	for percent in "${got[@]}"; do
		sum=$((sum + percent))
	done
	for percent; do
		expect_ok "member $((i + 1)) has $percent %: ${got[*]}" test $((got[i] * 100)) \
			-ge $((sum * (percent - 2))) -a $((got[i] * 100)) -le $((sum * (percent + 2)))
		i=$((i + 1))
	done
}

# Jain's index is (sum x)^2 / (n sum x^2).
equal() {
	local got x sum=0 squares=0

	share 1000 {,,,,,,,,,}weight\ 1
	read -ra got <<<"$(flows "$WORK/share")"
	for x in "${got[@]}"; do
		sum=$((sum + x))
		squares=$((squares + x * x))
	done
	expect_eq "ten of them" 10 "${#got[@]}"
	expect_ok "Jain's index is at least 0.99: ${got[*]}" \
		test $((sum * sum * 100)) -ge $((99 * 10 * squares)) -a "$sum" -gt 0
}

weights() {
	local got i sum=0

	share 1000 "weight 1" "weight 2" "weight 3" "weight 4"
	read -ra got <<<"$(flows "$WORK/share")"
	for i in 0 1 2 3; do
		sum=$((sum + got[i]))
	done
	for i in 0 1 2 3; do
		expect_ok "member $((i + 1)) is within 2 % of its weight: ${got[*]}" \
			test $((got[i] * 1000)) -ge $((sum * (i + 1) * 98)) -a \
			$((got[i] * 1000)) -le $((sum * (i + 1) * 102))
	done
}

# What one is guaranteed it has although others want more, and no more than its share beyond.
guaranteed() {
	share 400 "bw-min 12m" "weight 1" "weight 1"
	have 60 20 20
}

# Who has the lower number has all but what others are guaranteed.
preferred() {
	share 400 "priority 1" "priority 4 bw-min 4m" "priority 4"
	have 80 20 0
}

# rtts LABEL FROM TO ADDRESS - the 99th percentile (us) of round trips, in $P99
rtts() {
	spawn "$WORK/echo" ns "$3" "$FLOOD" echo 7000
	local echo=$SPAWNED

	waits_for_flow "$WORK/echo"
	idly must sh -c "ip netns exec $2 '$FLOOD' rtt $4 7000 1000 5 >'$WORK/rtt'"
	note "$1: $(<"$WORK/rtt")"
	P99=$(received "$WORK/rtt" p99)
	_stop "$echo" 2>/dev/null
}

# A neighbour in a group of 10 Mbit/s, and one that floods it with short frames.
neighbour() {
	local before

	busy_sandboxes
	shape add up bw-max 10m
	shape add s1 parent up
	shape add s2 parent up
	shape bind h1 in s1
	shape bind h2 in s2
	rtts "alone" box2 host 10.9.2.1
	before=$P99
	spawn "$WORK/f" ns box1 "$FLOOD" send 10.9.1.1 5001 22 600000 1000
	wait_for "it floods" 20 sh -c "'$UTCPCTL' -n host -j -s shaper show s1 |
		gojq -e '.[0].stats[\"backlog-packets\"] > 500'"
	rtts "beside 1,000 flows of 64 bytes" box2 host 10.9.2.1
	expect_ok "p99 moves by no more than 2 ms ($before to $P99 us)" test $((P99 - before)) -le 2000
	expect_sums "neighbour"
}

# beside LABEL - round trips from the host to the box beside one TCP flow that fills the
# same way
beside() {
	spawn "$WORK/sink" ns box1 "$FLOOD" sink 5001
	waits_for_flow "$WORK/sink"
	spawn "$WORK/tcp" ns host "$FLOOD" stream 10.9.1.2 5001 600000
	local tcp=$SPAWNED

	idly must sh -c "ip netns exec host '$FLOOD' rtt 10.9.1.2 7001 500 100 >/dev/null"
	rtts "$1" host box1 10.9.1.2
	_stop "$tcp" 2>/dev/null
}

# A ping beside one TCP flow at 10 Mbit/s: not slower than with fq_codel, nor than with cake.
ping_beside_tcp() {
	local ours

	busy_sandboxes
	kernel_has sch_htb
	kernel_has sch_fq_codel
	shape add s1 bw-max 10m
	shape bind h1 out s1
	beside "utcp_shaper"
	ours=$P99
	shape unbind h1 out
	must tc -n host qdisc add dev h1 root handle 1: htb default 1
	must tc -n host class add dev h1 parent 1: classid 1:1 htb rate 10mbit
	must tc -n host qdisc add dev h1 parent 1:1 fq_codel
	beside "htb and fq_codel"
	expect_ok "no slower than with fq_codel: p99 $ours and $P99 us" test "$ours" -le "$P99"
	must tc -n host qdisc del dev h1 root
	kernel_has sch_cake
	must tc -n host qdisc add dev h1 root cake bandwidth 10mbit
	beside "cake"
	expect_ok "nor than with cake: p99 $ours and $P99 us" test "$ours" -le "$P99"
}

# set_traced KBIT MS - sets the rate of s1, and watches for so long when frames of IPv4 leave by
# h1: it has others of its own.
# $FIRST: when the first one did, in us after the kernel had set it; $LATER: how many did from
# a millisecond on
set_traced() {
	must sh -c "echo >'$TRACING/trace'"
	shape set s1 bw-max "$1k"
	idly sleep "0.$(printf %03d "$2")"
	read -r FIRST LATER <<<"$(awk -v us="${2}000" '
		{ match($0, / [0-9]+\.[0-9]+: /); at = substr($0, RSTART, RLENGTH - 2) * 1000000 - set }
		/^ *utcpctl-.*sys_sendto ->/ { set += at; first = us; later = 0 }
		set && /net_dev_start_xmit:.* protocol=0x0800/ && at < us { first = at < first ? at : first; later += at > 1000 }
		END { printf "%d %d\n", first, later }' "$TRACING/trace")"
	note "$1 kbit/s: the first frame after $FIRST us, $LATER from 1 to $2 ms"
}

# A rate that changes holds within a millisecond, and neither loses nor moves a frame: what
# would have waited for 190 ms each goes on at once, and what goes on stops at once.
changes() {
	local sender i

	busy_sandboxes
	TRACING=/sys/kernel/tracing
	mountpoint -q $TRACING || must mount -t tracefs tracefs $TRACING
	# Who asks for an address at 64 kbit/s may wait for longer than a neighbour's queue lasts.
	must ns host ping -q -c 1 10.9.1.2
	shape add s1 bw-max 64k queue-time 60000
	shape bind h1 out s1
	spawn "$WORK/changes" ns box1 "$FLOOD" recv 5001 0 4
	waits_for_flow "$WORK/changes"
	# More than what the sockets of four take would fill the queue.
	spawn "$WORK/flood" ns host "$FLOOD" send 10.9.1.2 5001 1472 600000 4
	sender=$SPAWNED
	wait_for "frames wait" 20 busy_now
	defer sh -c "echo 0 >$TRACING/events/enable; echo 0 >$TRACING/events/net/net_dev_start_xmit/filter"
	must sh -c "echo 'name == \"h1\"' >$TRACING/events/net/net_dev_start_xmit/filter"
	must sh -c "echo 1 >$TRACING/events/net/net_dev_start_xmit/enable"
	must sh -c "echo 1 >$TRACING/events/syscalls/sys_exit_sendto/enable"
	for i in 1 2 3; do
		set_traced 100000 21
		expect_ok "a higher rate holds at once (after $FIRST us)" test "$FIRST" -le 1000
		# 165, and no more beyond that than is saved up
		expect_ok "and is all of it ($LATER frames in 20 ms)" test "$LATER" -ge 160 -a "$LATER" -le 185
		set_traced 64 150
		# the one that a bucket has when its rate has just been set
		expect_ok "so does a lower one ($LATER frames in 149 ms)" test "$LATER" -le 1
	done
	_stop "$sender" 2>/dev/null
	shape set s1 bw-max 100m
	wait_for "it drains" 20 drained s1
	expect_eq "in order" 0 "$(received "$WORK/changes" overtook)"
	expect_eq "nothing is lost but what senders are told by" 0 \
		"$(class_value s1 '.stats.drops|del(.codel)|add // 0')"
	expect_eq "and all else has come" "$(class_value s1 '.stats.drops.codel // 0')" \
		"$(received "$WORK/changes" lost)"
	expect_sums "changes"
}

# What a class says of itself, of a second in which it had all of its group and is guaranteed
# a part of it.
numbers() {
	local bytes borrowed throttled p50 p99 one ten

	busy_sandboxes
	shape add up bw-max 10m
	shape add s1 parent up bw-min 4m
	shape bind h1 in s1
	spawn "$WORK/numbers" ns host "$FLOOD" recv 5001 1000 1
	waits_for_flow "$WORK/numbers"
	idly must ns box1 "$FLOOD" send 10.9.1.1 5001 1472 1500 1
	read -r bytes borrowed throttled p50 p99 one ten <<<"$(utcp host -j -s shaper show s1 | gojq -r '.[0].stats|
		[.bytes, .borrowed, .throttled, ."sojourn-p50", ."sojourn-p99", ."rate-1s", ."rate-10s"]|join(" ")')"
	expect_ok "six tenths of it are borrowed ($borrowed of $bytes)" \
		test $((borrowed * 100)) -ge $((bytes * 57)) -a $((borrowed * 100)) -le $((bytes * 63))
	expect_ok "frames waited for as long as they were sent ($throttled us)" \
		test "$throttled" -ge 1400000 -a "$throttled" -le 1600000
	expect_ok "half of them no longer than 99 of a hundred ($p50, $p99 us)" \
		test "$p50" -ge 1000 -a "$p99" -ge "$p50" -a "$p99" -le 250000
	expect_ok "the rates of one second and of ten ($one, $ten)" \
		test "$one" -le 10500000 -a "$ten" -gt 0 -a "$ten" -le 10500000
}

# told LABEL KBIT - what a connection of utcp has of a class from now on, at first and
# all in all
told() {
	local file bytes first p99 want=$((MS * $2 / 8)) window=$((100 * $2 / 8))

	file=$(mktemp "$WORK/tap.XXXXXX")
	spawn "$file" ns box2 "$TAP" p0 "$MS"
	waits_for_flow "$file"
	bytes=$(idly received "$file" bytes)
	first=$(received "$file" first)
	expect_ok "$1: to 1 %: $bytes of $want bytes" \
		test $((bytes > want ? bytes - want : want - bytes)) -le $((want / 100))
	expect_ok "$1: the first 100 ms, to 3 %: $first of $window bytes" \
		test $((first > window ? first - window : window - first)) -le $((window * 3 / 100))
	expect_eq "$1: nothing is dropped" 0 "$(class_value s1 '.stats.drops|add // 0')"
	p99=$(class_value s1 '.stats["sojourn-p99"]')
	expect_ok "$1: nothing waits for long (p99 $p99 us)" test "$p99" -lt 10000
	note "$1: $bytes of $want bytes, p99 $p99 us"
}

# Who speaks utcp is told how fast frames go on, and sends no faster.
paces() {
	local bytes

	keep_busy
	bridged
	speak_utcp
	MS=1000
	shape add s1 bw-max 10m
	shape bind h1 in s1
	utcp_flow 100000
	told "10 Mbit/s" 10000
	shape set s1 bw-max 4m
	told "4 Mbit/s" 4000
	shape set s1 bw-max 20m overhead 100
	told "20 Mbit/s, with 100 bytes a frame" 18760
	expect_sums "paces"
	shape unbind h1 in
	spawn "$WORK/free" ns box2 "$TAP" p0 300
	waits_for_flow "$WORK/free"
	bytes=$(received "$WORK/free" bytes)
	expect_ok "without a class: more than twice as fast ($bytes bytes in 300 ms)" \
		test "$bytes" -gt 1500000
}

run_tests \
	rates "10 and 200 Mbit/s" \
	jumbo "frames longer than a bucket is deep" \
	first_moment "the first moment" \
	group "members of a group share" \
	equal "ten members of a group have the same" \
	weights "members of a group have what their weights say" \
	guaranteed "a member of a group has what it is guaranteed" \
	preferred "a member of a group goes before others" \
	neighbour "who floods does not move a neighbour's latency" \
	ping_beside_tcp "a ping beside a TCP flow" \
	changes "a rate that changes" \
	numbers "what a class says of itself" \
	paces "a connection of utcp sends as fast as its class lets it"
