#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: a whole IP stack in a process that owns a port's ARP, IPv4 and IPv6.
#
#	MEMBRANE	the program (default: beside $UTCPCTL)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

MEMBRANE=${MEMBRANE:-$(dirname "$(command -v "$UTCPCTL")")/membrane}
[ -x "$MEMBRANE" ] || {
	echo "$0: no $MEMBRANE: make membrane" >&2
	exit 1
}

# The stack's addresses, and the kernel's on the same device.
STACK4=10.9.0.2 STACK6=fd09::2 KERNEL4=10.9.0.1
PAGE_BYTES=1048576

# A host whose kernel has an address, too, and a peer.
hosts() {
	topology
	ns peer sysctl -qw net.ipv6.conf.p0.disable_ipv6=0
	addr host h0 $KERNEL4/24
	addr peer p0 10.9.0.3/24
	addr peer p0 fd09::3/64
	must mkdir -p "$WORK/root"
	echo "what the page says" >"$WORK/root/index.html"
	must dd if=/dev/urandom of="$WORK/root/large" bs=$PAGE_BYTES count=1
	must dd if=/dev/urandom of="$WORK/root/middle" bs=200000 count=1
	chmod -R a+rX "$WORK"
}

# serve ARGS... - until it serves; $SPAWNED is the parent, $STACK the stack's process
serve() {
	# what the last one said is not what this one says
	rm -f "$WORK/membrane"
	spawn "$WORK/membrane" "${IN_HOST[@]}" "$MEMBRANE" --ip4 $STACK4/24 --ip6 $STACK6 \
		--root "$WORK/root" --add-port "$@" h0
	serving 1
}

serving() {
	if ! wait_for "it serves" 20 times_said "$1" serving; then
		note "$(cat "$WORK/membrane")"
		exit 1
	fi
	STACK=$(sed -n 's/^the stack is process //p' "$WORK/membrane" | tail -n 1)
}

# times_said COUNT LINE - it has said that line so often
times_said() {
	[ "$(grep -cx "$2" "$WORK/membrane" 2>&1)" = "$1" ]
}

# get PATH [ARGS...] - from the peer
get() {
	local path=$1

	shift
	ns peer curl -sS --max-time $((20 * SLOW)) "$@" "http://$STACK4$path"
}

# expect_code LABEL CODE PATH [ARGS...] - HTTP's
expect_code() {
	local label=$1 want=$2

	shift 2
	expect_eq "$label" "$want" "$(get "$@" -o /dev/null -w '%{http_code}')"
}

# raw_http TEXT - what is answered, to the connection's end
raw_http() {
	# shellcheck disable=SC2016 # expanded inside
	ns peer timeout $((60 * SLOW)) bash -c '
		exec 3<>/dev/tcp/'$STACK4'/80 && printf "$0" >&3 && cat <&3' "$1"
}

# expect_page LABEL [ADDRESS]
expect_page() {
	expect_eq "$1" "what the page says" \
		"$(ns peer curl -sS --max-time $((20 * SLOW)) "http://${2:-$STACK4}/")"
}

# pings NS ADDRESS [COUNT] - all are answered
pings() {
	ns "$1" ping -q -c "${3:-1}" -i 0.1 -W $((5 * SLOW)) "$2"
}

# Each ring's sums, and nothing lost on the way to lwIP.
expect_sums() {
	expect_eq "$1: each ring's counters add up" true "$(rings host |
		gojq 'length >= 3 and ([.[]|.rx, .tx]|all(.frames == (.delivered // .sent) + ([.drops[]?]|add // 0)))')"
	expect_eq "$1: so do the stack's" true "$(get /status |
		gojq '.received == .zero_copy + .copied_kept + .copied_full + .busy + .no_memory + ([.drops[]]|add)')"
}

serves() {
	hosts
	serve
	expect_ok "ping by IPv4" pings peer $STACK4 3
	expect_ok "ping by IPv6" pings peer $STACK6 3
	expect_ok "a ping in pieces" ns peer ping -q -c 1 -s 4000 -W $((5 * SLOW)) $STACK4
	expect_eq "which were copied" 3 "$(get /status | gojq .copied_kept)"
	expect_ok "and by IPv6" ns peer ping -q -c 1 -s 4000 -W $((5 * SLOW)) $STACK6
	expect_page "the page"
	expect_page "by IPv6" "[$STACK6]"
	expect_eq "a large one" "$(sha256sum <"$WORK/root/large")" "$(get /large | sha256sum)"
	expect_eq "four at once" "$(sha256sum <"$WORK/root/middle")" \
		"$(ns peer bash -c "for i in 1 2 3 4; do
			curl -sS --max-time $((40 * SLOW)) http://$STACK4/middle | sha256sum &
		done; wait" | sort -u)"
	expect_sums "in the end"
	expect_match "the device listens to the groups of its addresses" \
		"33:33:ff:00:00:02" "$(ip -n host maddr show dev h0)"
	expect_rc "another one is told who has them" 4 \
		"${IN_HOST[@]}" "$MEMBRANE" --ip4 $STACK4/24 h0
	expect_match "by number" "held by process $SPAWNED\$" "$OUT"
}

http() {
	local half

	hosts
	serve --timeout $((5 * SLOW))
	# looked at in the end: it takes its time
	spawn "$WORK/half" raw_http 'GET / HTTP/1.1\r\n'
	half=$SPAWNED
	expect_code "a page" 200 /large
	expect_code "its head" 200 /large --head
	expect_match "with its length" "^Content-Length: $PAGE_BYTES" "$(get /large --head)"
	expect_code "no page" 404 /nothing
	expect_code "no way out" 404 /../../etc/passwd --path-as-is
	expect_code "no method for this" 405 / -X DELETE
	expect_code "a body, which is not read" 405 / -H Expect: -F "large=@$WORK/root/large"
	expect_code "no method at all" 501 / -X BREW
	expect_code "nothing may be sent along" 413 / -X GET -d x
	expect_match "not HTTP" '^HTTP/1.1 400 ' "$(raw_http 'hello\r\n\r\n')"
	expect_match "too long a line" '^HTTP/1.1 414 ' "$(raw_http "GET /$(printf '%05000d' 0)")"
	expect_match "too many headers" '^HTTP/1.1 431 ' \
		"$(raw_http "GET / HTTP/1.1\r\nX: $(printf '%05000d' 0)")"
	expect_eq "two requests, one after the other" "200 200" "$(raw_http \
		'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' |
		sed -n 's/^HTTP.1.1 \([0-9]*\) .*/\1/p' | paste -sd' ')"
	wait_for "half a request is not waited for" 30 sh -c "
		ip netns exec peer curl -sS http://$STACK4/status | gojq -e '.expired == 1'"
	wait_for "and its sender is told" 10 sh -c "! kill -0 $half 2>&1"
	expect_eq "errors were counted" 9 "$(get /status | gojq .bad_requests)"
	expect_sums "in the end"
}

confined() {
	local status

	hosts
	serve --uid 4711 --gid 4712
	expect_page "it serves"
	# of each of its threads
	status=$(sort -u /proc/"$STACK"/task/*/status)
	expect_eq "threads" 3 "$(find /proc/"$STACK"/task -mindepth 1 -maxdepth 1 | wc -l)"
	expect_eq "user and group" "Gid:	4712	4712	4712	4712|Uid:	4711	4711	4711	4711" \
		"$(grep -E '^[UG]id:' <<<"$status" | paste -sd'|')"
	expect_match "no other groups" '^Groups:[[:blank:]]*$' "$(grep ^Groups: <<<"$status")"
	expect_eq "capabilities" \
		"CapAmb:0000000000000000|CapBnd:0000000000000000|CapEff:0000000000000000|CapInh:0000000000000000|CapPrm:0000000000000000" \
		"$(grep ^Cap <<<"$status" | tr -d '\t' | paste -sd'|')"
	expect_eq "no way to new ones" "NoNewPrivs:	1" "$(grep ^NoNewPrivs: <<<"$status")"
	expect_eq "system calls are filtered" "Seccomp:	2" "$(grep ^Seccomp: <<<"$status")"
	expect_match "no core file" '^Max core file size +0 +0 ' "$(cat /proc/"$STACK"/limits)"
	expect_eq "open files: rings, and what waits for them" \
		"/dev/netswitch|/dev/netswitch|/dev/netswitch|anon_inode:[eventpoll]" \
		"$(for f in /proc/"$STACK"/fd/*; do
			[ "${f##*/}" -le 2 ] || readlink "$f"
		done | sort | paste -sd'|')"
	expect_eq "the one who asks for it owns none" 0 \
		"$(find /proc/"$SPAWNED"/fd -lname /dev/netswitch | wc -l)"
	# It is not told from outside, but from within it is the same.
	must kill "$SPAWNED"
	wait_for "it ends when it is told to" 10 times_said 1 "the stack was stopped"
	expect_ok "without a trace" no_ring host
}

# Everything but the stack goes on, and it comes again.
killed() {
	local parent third echo got

	hosts
	ns_add third
	veth host h1 third t0
	addr host h1 10.9.1.1/24
	addr third t0 10.9.1.2/24
	serve
	parent=$SPAWNED
	start "$WORK/echo" "${IN_HOST[@]}" "$RINGTOOL" -R -q 600 echo h0 4c57
	echo=$SPAWNED
	spawn "$WORK/third" ip netns exec third ping -i 0.2 10.9.1.1
	third=$SPAWNED
	# Who reads the page stops in its midst, until told; there is no room for the rest in
	# the peer's kernel, nor in the pipe.
	ns peer sysctl -qw net.ipv4.tcp_rmem="4096 16384 16384"
	spawn "$WORK/got" ns peer bash -c "set -o pipefail
		curl -sS http://$STACK4/large | { head -c 4096
			until [ -e '$WORK/go' ]; do sleep 0.2; done; cat; }"
	got=$SPAWNED
	wait_for "a page is on its way" 20 test -s "$WORK/got"
	expect_fail "the host's own address has no stack meanwhile" \
		ns peer ping -q -c 1 -W 1 $KERNEL4
	must kill -SEGV "$STACK"
	wait_for "who started it tells" 10 times_said 1 "the stack was killed by signal 11 (SIGSEGV)"
	wait "$parent"
	expect_eq "and ends with" 2 $?
	wait_for "only the other ring is left" 10 sh -c "[ \"\$('$UTCPCTL' -n host -j ring show | gojq -r 'map(.ethertype)|join(\" \")')\" = 0x4c57 ]"
	expect_ok "the host's own stack has its packets again" pings peer $KERNEL4
	expect_eq "the other ring goes on" 20 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 4c57 20)"
	serve
	expect_page "a new one serves"
	# What had come by then is read now; the window is told, and the new one knows nothing.
	must touch "$WORK/go"
	wait_for "the page's reader hears of it" 30 sh -c "! kill -0 $got 2>&1"
	wait "$got"
	expect_eq "and its connection was reset" 56 $?
	expect_ok "of the page a part has come" \
		test "$(stat -c %s "$WORK/got")" -lt $((PAGE_BYTES / 2))
	expect_eq "the other ring goes on" 20 "$(ns peer "$FRAME" ping p0 "$HOST_MAC" 4c57 20)"
	expect_sums "in the end"
	must kill -INT "$third"
	wait_for "another namespace" 10 grep -q 'packets transmitted' "$WORK/third"
	expect_match "has not lost a packet" ' 0% packet loss' "$(cat "$WORK/third")"
	must kill "$SPAWNED"
	must kill "$echo"
	wait_for "no ring is left" 10 no_ring host
	expect_sum "the port's counters" h0
	wait_for "the module can go" 10 rmmod netswitch
}

restarted() {
	local parent first

	hosts
	serve --restart
	parent=$SPAWNED
	first=$STACK
	must kill -SEGV "$STACK"
	serving 2
	# At once: one that has lived for 10 s is started again without a longer wait.
	must kill -KILL "$STACK"
	expect_fail "it was another process" test "$first" = "$STACK"
	serving 3
	expect_eq "later each time" "100 200" \
		"$(sed -n 's/^it is started again in \([0-9]*\) ms$/\1/p' "$WORK/membrane" | paste -sd' ')"
	expect_page "it is back again"
	must kill -KILL "$parent"
	wait_for "without its parent it ends" 10 no_ring host
	expect_ok "and the host has its packets" pings peer $KERNEL4
}

port_goes() {
	hosts
	expect_rc "a device that is no port" 3 "${IN_HOST[@]}" "$MEMBRANE" --ip4 $STACK4/24 h0
	expect_rc "no device" 3 "${IN_HOST[@]}" "$MEMBRANE" --ip4 $STACK4/24 nothing
	expect_rc "no right" 5 "${IN_HOST[@]}" setpriv --bounding-set=-net_admin \
		"$MEMBRANE" --ip4 $STACK4/24 --add-port h0
	expect_rc "no such pages" 2 "${IN_HOST[@]}" "$MEMBRANE" --ip4 $STACK4/24 --add-port \
		--root "$WORK/nothing" h0
	expect_ok "no ring is left" no_ring host
	serve --restart
	must utcp host port del h0
	wait_for "it notices" 10 grep -q "^membrane: h0: the port is gone" "$WORK/membrane"
	wait_for "and is not started again" 10 times_said 1 "the stack exited with 3"
}

# drops - of the stack's filter, in one line
drops() {
	get /status | gojq -c .drops
}

# hex4 HEAD - an IPv4 packet's header from version to fragment offset; then UDP, from
# the peer to $2, the stack if not given
hex4() {
	printf '%s' "$1" 40110000 0a090003 "${2:-0a090002}" 0007005000080000
}

hostile() {
	local before h p to6=fd090000000000000000000000000002 from6=fd090000000000000000000000000003

	hosts
	# What is counted is what is sent here.
	ns peer sysctl -qw net.ipv6.conf.p0.disable_ipv6=1
	serve
	h=${HOST_MAC//:/}
	p=${PEER_MAC//:/}
	wait_for "it serves" 10 get /
	expect_eq "nothing was dropped" 0 "$(drops | gojq add)"
	must ns peer "$FRAME" hex p0 \
		"$h${p}0800" "$h${p}080045" "$h${p}08004500001c" \
		"$h${p}0800$(hex4 4500001d00010000)" "$h${p}0800$(hex4 4500ffff00010000)" \
		"$h${p}86dd60000000" "$h${p}86dd6000000000091140$from6${to6}0007005000080000" \
		"$h${p}0806000108000604000100" \
		"$h${p}0800$(hex4 6500001c00010000)" "$h${p}0800$(hex4 4400001c00010000)" \
		"$h${p}0800$(hex4 4500001300010000)" "$h${p}0800$(hex4 4f00001c00010000)" \
		"$h${p}86dd4000000000081140$from6${to6}0007005000080000" \
		"$h${p}0806000608000604000100000000000000000000000000000000000000000000" \
		"$h${p}0800$(hex4 4500001c00010000 0a090001)" "$h${p}0800$(hex4 4500001c00010000 08080808)" \
		"$h${p}0800$(hex4 4500001c00010000 e0000001)" \
		"$h${p}86dd6000000000081140$from6${to6%2}30007005000080000" \
		"01005e000001${p}0800$(hex4 4500001c00010000 e0000001)" \
		"333300000002${p}86dd6000000000081140$from6${to6}0007005000080000" \
		"${h}0300000000010800$(hex4 4500001c00010000)"
	wait_for "they are all dropped, and counted" 20 sh -c "
		ip netns exec peer curl -sS http://$STACK4/status | gojq -e '[.drops[]]|add >= 21'"
	expect_eq "by reason" \
		'{"address":4,"header":6,"short":8,"source":1,"station":2,"type":0,"unfinished":0}' "$(drops)"
	# What only lwIP can tell: checksums, lengths and options inside (the checksums
	# of these are right), fragments that overlap or are never whole.
	must ns peer "$FRAME" hex p0 "$h${p}0800$(hex4 4500001c0001ffff)" \
		"$h${p}08004500002800010000400666b90a0900030a090002123400500000000100000000f002ffffe9460000" \
		"$h${p}08004500002800010000400666b90a0900030a0900021234005000000001000000000002ffffd9470000" \
		"$h${p}08004500002000010000400666c10a0900030a090002123400500000000100000000" \
		"$h${p}08004500001c00010000401166ba0a0900030a09000200070050ffff0000" \
		"$h${p}08004500001800010000400166ce0a0900030a0900020800f7ff" \
		"$h${p}08004600002000010000400165c60a0900030a090002ffffffff0800f7ff00000000" \
		"$h${p}08004500001c00071fff401146b50a0900030a0900020000000000000000" \
		"$h${p}08004500002400082000401146ab0a0900030a09000200000000000000000000000000000000" \
		"$h${p}08004500002400082001401146aa0a0900030a09000200000000000000000000000000000000" \
		"$h${p}08004500002c00010000400666b50a0900030a0900021234005000000001000000006002ffff718f0000020005b4" \
		"$h${p}86dd6000000000083aff$from6${to6}8700000000000000" \
		"$h${p}86dd6000000000080040$from6${to6}00ff000000000000" \
		"$h${p}86dd6000000000082c40$from6${to6}2c00fff900000001"
	expect_page "it is well"
	before=$(drops)
	must ns peer "$FRAME" hex p0 "020000000077${p}0800$(hex4 4500001c00010000)"
	expect_eq "frames to another station do not even come" "$before" "$(drops)"
	expect_sums "in the end"
	expect_eq "it is the same process" "$STACK" \
		"$(sed -n 's/^the stack is process //p' "$WORK/membrane")"
}

# Segments that lwIP has to keep, because the first is missing: a rule swallows it, on its
# way in, so that its sender knows nothing of that.
kept_back() {
	local i

	hosts
	kernel_has nf_tables
	serve --timeout $((120 * SLOW))
	expect_page "it serves"
	# Small segments, all at once, before the first is sent again, and no larger ones
	# made of them later.
	ns peer sysctl -qw net.ipv4.tcp_retrans_collapse=0 net.ipv4.tcp_no_metrics_save=1
	must ip -n peer route change 10.9.0.0/24 dev p0 src 10.9.0.3 mtu lock 576 initcwnd 300 \
		rto_min 2s
	must ns host nft -f - <<-END
		table netdev t {
			chain c {
				type filter hook ingress device h0 priority 0;
				ip length 51 counter drop
			}
		}
	END
	for i in 1 2 3; do
		# shellcheck disable=SC2016 # expanded inside
		spawn "$WORK/client$i" ns peer timeout $((120 * SLOW)) bash -c '
			rest=$(printf %060000d 0)
			exec 3<>/dev/tcp/'$STACK4'/80
			printf "GET / HTTP/" >&3
			printf %s "$rest" >&3
			cat <&3'
	done
	wait_for "frames are copied, as too many are kept back" 20 sh -c "
		ip netns exec peer curl -sS http://$STACK4/status | gojq -e '.copied_full > 0'"
	wait_for "and lwIP is told to give them up" 20 sh -c "
		ip netns exec peer curl -sS http://$STACK4/status | gojq -e '.reclaims > 0'"
	expect_ok "it answers" pings peer $STACK4 3
	expect_page "and serves"
	note "$(get /status)"
	must ns host nft delete table netdev t
	for i in 1 2 3; do
		wait_for "without the rule client $i is answered" 60 \
			grep -aq '^HTTP/1.1 414 URI Too Long' "$WORK/client$i"
	done
	expect_sums "in the end"
}

run_tests \
	serves "it serves" \
	http "HTTP" \
	confined "its process has no rights" \
	killed "it is killed" \
	restarted "it is started again" \
	port_goes "when there is no port" \
	hostile "frames that should not be" \
	kept_back "frames that the stack keeps"
