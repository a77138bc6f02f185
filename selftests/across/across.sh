#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings, and sockets of UTCP, of guests with different kernels, one Ethernet between them,
# without an IP address. Runs in all guests at once (vm/across.sh does that): each is a side
# of every test, the first guest side 1. Rings are tested between the first two, and so are
# MANY connections at once, of BYTES in each direction.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../utcp/hosts.sh"

UTCPCAT=${UTCPCAT:-$(dirname "$(command -v "$UTCPCTL")")/utcpcat}
RINGTOOL=$SELFTESTS/netswitch/ringtool
CONNPROBE=$SELFTESTS/utcp/connprobe
# What ringtool takes for silence, in seconds.
export QUIET=$((20 * SLOW))
SELF=${UTCP_NET_SELF-}
HOSTS=${UTCP_NET_COUNT:-2}
OTHER_MAC=02:00:00:00:00:0$((3 - ${SELF:-1}))
# At a time: the segment between the guests holds no more, and loses what comes too fast.
COUNT=8
# One after the other.
PINGS=100
LENS=(60 61 256 1000 1514)
MTU=1500
# Bytes of a file, and what is in each line of it: it must not be seen on the wire.
FILE=1048576
SECRET="what-nobody-may-read"
MANY=${MANY:-50}
BYTES=${BYTES:-4096}

# meet NAME [SECONDS] - go on when the other side is there, too
meet() {
	: >"$UTCP_NET_DIR/$1.$SELF"
	wait_for "the other side comes to $1" "${2:-60}" test -e "$UTCP_NET_DIR/$1.$((3 - SELF))"
}

# meet_all NAME - when all are
meet_all() {
	local i

	: >"$UTCP_NET_DIR/$1.$SELF"
	for ((i = 1; i <= HOSTS; i++)); do
		wait_for "host $i comes to $1" 60 test -e "$UTCP_NET_DIR/$1.$i"
	done
}

port() {
	load netswitch
	must ip link set eth0 mtu $MTU up
	must "$UTCPCTL" port add eth0 demux
}

ready() {
	wait_for "bound" 20 grep -qx ready "$1"
}

# over FILE - the program has printed its result
over() {
	wait_for "$(basename "$1") ends" 60 sh -c "tail -n 1 '$1' | grep -q '^{'"
}

# sends NAME [OPTIONS...] - frames of some lengths, and who verifies them is the other.
# $WITHOUT_COPY: for each length, how many were not copied, and how many later
sends() {
	local name=$1 len

	shift
	WITHOUT_COPY=()
	for len in "${LENS[@]}"; do
		meet "$name-$len-bound"
		expect_ok "$COUNT frames of $len are sent" \
			"$RINGTOOL" "$@" source eth0 4c57 "$OTHER_MAC" $COUNT "$len"
		WITHOUT_COPY+=("$(gojq -r '.stats | "\(.tx_zerocopy):\(.tx_copied)"' <<<"${OUT##*$'\n'}")")
		meet "$name-$len-over"
	done
}

verifies() {
	local name=$1 len

	shift
	for len in "${LENS[@]}"; do
		spawn "$WORK/verify" "$RINGTOOL" "$@" -R verify eth0 4c57 $COUNT
		ready "$WORK/verify"
		meet "$name-$len-bound"
		over "$WORK/verify"
		expect_eq "$COUNT frames of $len arrive as they were" "$COUNT $((COUNT * len)) 0 0" \
			"$(tail -n 1 "$WORK/verify" | gojq -r '"\(.received) \(.bytes) \(.bad) \(.gaps)"')"
		meet "$name-$len-over"
	done
}

# one_way NAME SENDER [OPTIONS...]
one_way() {
	local name=$1 sender=$2

	shift 2
	port
	if [ "$SELF" = "$sender" ]; then
		sends "$name" "$@"
	else
		verifies "$name" "$@"
	fi
}

there() {
	one_way there 1
}

back() {
	one_way back 2
}

tagged() {
	one_way tagged 1 -v 7
}

# Long frames from the pages of the ring, by a card that takes them from there; or one
# that cannot (QEMU's virtio on a segment like this).
without_copy() {
	local long=0

	LENS=(256 2047 2048 4096 9014)
	MTU=9000
	one_way "without-copy-$1" "$1" -z -S 9216
	! grep -q '^scatter-gather: on' < <(ethtool -k eth0) || long=$COUNT
	[ "$SELF" != "$1" ] ||
		expect_eq "of the long ones, $long were not copied" "0:0 0:0 $long:0 $long:0 $long:0" \
			"${WITHOUT_COPY[*]}"
	meet "without-copy-$1-over"
	# The module is held until the card has let go of the last frame.
	must "$UTCPCTL" port del eth0
	wait_for "the module can go" 20 rmmod netswitch
}

without_copy_there() {
	without_copy 1
}

without_copy_back() {
	without_copy 2
}

# answers NAME ECHOER
answers() {
	port
	if [ "$SELF" = "$2" ]; then
		spawn "$WORK/echo" "$RINGTOOL" -R echo eth0 4c57
		ready "$WORK/echo"
		meet "$1-bound"
		meet "$1-over"
		wait_for "as many went as came" 20 sh -c "'$UTCPCTL' -j -s ring show |
			gojq -e '.[0] | .rx.delivered == $PINGS and .tx.sent == $PINGS'"
	else
		meet "$1-bound"
		expect_ok "each of $PINGS frames comes back" \
			"$RINGTOOL" ping eth0 4c57 "$OTHER_MAC" $PINGS 100
		expect_eq "all" "{\"answers\":$PINGS}" "${OUT##*$'\n'}"
		meet "$1-over"
	fi
}

answered_by_first() {
	answers answers-1 1
}

answered_by_second() {
	answers answers-2 2
}

# received FILE - of a sink that is over
received() {
	tail -n 1 "$1" | gojq .received
}

# What a card filters by itself it lets through as long as a ring wants it.
filters() {
	local group=33:33:00:00:00:77 third=02:00:00:00:00:03 name

	port
	if [ "$SELF" = 1 ]; then
		for name in plain promisc; do
			meet "filters-$name-bound"
			expect_ok "to a group" "$RINGTOOL" -r 0 -v 9 source eth0 4c57 $group 2 100
			expect_ok "to a third station" "$RINGTOOL" -r 0 -v 9 source eth0 4c57 $third 3 100
			expect_ok "to the other one" "$RINGTOOL" -r 0 -v 9 source eth0 4c57 "$OTHER_MAC" 4 100
			expect_ok "and with another tag" "$RINGTOOL" -r 0 -v 10 source eth0 4c57 "$OTHER_MAC" 5 100
			meet "filters-$name-sent"
			meet "filters-$name-over"
		done
		return
	fi
	spawn "$WORK/plain" "$RINGTOOL" -q 10 -v 9 -R sink eth0 4c57
	ready "$WORK/plain"
	meet filters-plain-bound
	meet filters-plain-sent
	over "$WORK/plain"
	expect_eq "groups and one's own, of one's own VLAN" 6 "$(received "$WORK/plain")"
	meet filters-plain-over
	spawn "$WORK/promisc" "$RINGTOOL" -q 10 -v 9 -p -R sink eth0 4c57
	ready "$WORK/promisc"
	meet filters-promisc-bound
	meet filters-promisc-sent
	over "$WORK/promisc"
	expect_eq "promiscuous, the third station's, too" 9 "$(received "$WORK/promisc")"
	meet filters-promisc-over
}

# station [KEYFILE] - a port and a cell of UTCP, whose CellID all can read
station() {
	load utcp
	must ip link set eth0 mtu $MTU up
	must ip addr flush dev eth0
	must "$UTCPCTL" port add eth0
	if [ $# = 0 ]; then
		must "$UTCPCTL" cell new discoverable on
	else
		must "$UTCPCTL" cell import "$1" discoverable on
	fi
	"$UTCPCTL" -j cell show | gojq -r '.[0].id' >"$UTCP_NET_DIR/cell.$SELF"
}

# statistics PORT FIELD AT-LEAST - the tool shows what the connection has done
statistics() {
	"$UTCPCTL" -j -s ss show port "$1" |
		gojq -e "any(.[]; .counters.\"$2\" >= $3 and .path.rtt > 0)" >/dev/null
}

# got HOST STATUS - the exchange of files with it has ended with this exit status
got() {
	expect_eq "with host $1 it ends without failure" 0 "$2"
	expect_eq "the file of host $1 arrives" "$(<"$UTCP_NET_DIR/sum.$1")" \
		"$(sha256sum <"$WORK/got.$1")"
	expect_match "by a peer that is known" "$(<"$UTCP_NET_DIR/cell.$1")" \
		"$("$UTCPCTL" -j peer show | gojq -r '.[].id')"
}

# Each two exchange files, by one connection, both ways at once: the first one listens.
files() {
	local other cell pids=()

	station
	yes "$SECRET $SELF $RANDOM" | head -c "$FILE" >"$WORK/file"
	sha256sum <"$WORK/file" >"$UTCP_NET_DIR/sum.$SELF"
	for ((other = SELF + 1; other <= HOSTS; other++)); do
		# It stays open until it was looked at.
		spawn "$WORK/log.$other" sh -c "{ cat '$WORK/file'
			until [ -e '$WORK/seen.$other' ]; do sleep 0.1; done; } |
			'$UTCPCAT' -v -l 700$other >'$WORK/got.$other'"
		pids[other]=$SPAWNED
		wait_for "it listens" 10 grep -q "listens on" "$WORK/log.$other"
	done
	meet_all files-listen
	for ((other = 1; other < SELF; other++)); do
		cell=$(<"$UTCP_NET_DIR/cell.$other")
		spawn "$WORK/log.$other" sh -c \
			"'$UTCPCAT' '$cell' 700$SELF <'$WORK/file' >'$WORK/got.$other'"
		pids[other]=$SPAWNED
	done
	for ((other = SELF + 1; other <= HOSTS; other++)); do
		wait_for "bytes are counted" 60 statistics "700$other" bytes-received $FILE
		: >"$WORK/seen.$other"
	done
	for other in "${!pids[@]}"; do
		wait "${pids[other]}"
		got "$other" $?
	done
	meet_all files-over
}

# the_other - in hex, the CellID of the other of the first two
the_other() {
	hex "$(<"$UTCP_NET_DIR/cell.$((3 - SELF))")"
}

# available - KiB of memory
available() {
	local key kib

	while read -r key kib _; do
		[ "$key" != MemAvailable: ] || echo "$kib"
	done </proc/meminfo
}

# lowest FILE - the least of it, from now on
lowest() {
	local least=999999999 now

	while sleep 0.5; do
		now=$(available)
		[ "$now" -ge "$least" ] || echo "$((least = now))" >"$1"
	done
}

# All are open, and all that is written to them has come, before anything is read.
many() {
	local before seconds=$((60 + MANY / 5)) start
	local probe=(timeout $((seconds * SLOW)) "$CONNPROBE" -a -m "$MANY")

	station
	before=$(available)
	spawn /dev/null lowest "$WORK/lowest"
	ulimit -n $((MANY + 1000))
	meet many-cells
	if [ "$SELF" = 1 ]; then
		spawn "$WORK/many" "${probe[@]}" -S "$(the_other)" - "$BYTES"
		wait_for "it listens" 10 grep -qx listens "$WORK/many"
		meet many-listens
		wait "$SPAWNED"
		expect_eq "and so do those to who has listened" "0 listens" "$? $(<"$WORK/many")"
	else
		meet many-listens
		start=$SECONDS
		expect_ok "all of $BYTES bytes in each of $MANY connections arrive" \
			"${probe[@]}" -C "4711@$(the_other)" - "$BYTES"
		note "$MANY connections of $BYTES bytes each way: $((SECONDS - start)) s"
	fi
	sleep 1
	note "$((before - $(<"$WORK/lowest"))) KiB of memory at most"
	meet many-over "$seconds"
}

# The second guest is killed in the midst of a transfer, and comes back with its key.
killed() {
	local cell start

	station
	meet killed-cells
	cell=$(<"$UTCP_NET_DIR/cell.2")
	meet killed-listens
	spawn "$WORK/conn" "$CONNPROBE" -f "$WORK/half" -C "4711@$(the_other)" - $((1 << 40))
	wait_for "bytes go both ways" 60 test -e "$WORK/half"
	: >"$UTCP_NET_DIR/kill.2"
	wait_for "who was killed is back" 120 test -e "$UTCP_NET_DIR/back.2"
	start=${EPOCHREALTIME/./}
	expect_eq "as the same" "$cell" "$(<"$UTCP_NET_DIR/cell.2")"
	wait_for "the connection with who was there before ends" 10 grep -q . "$WORK/conn"
	note "$(((${EPOCHREALTIME/./} - start) / 1000)) ms after it was back"
	expect_match "because that has restarted" "^client: (send|recv): ECONNRESET$" "$(<"$WORK/conn")"
	meet killed-again
	expect_ok "and a new one is as good as any" "$CONNPROBE" -C "4711@$(the_other)" - 100000
	meet killed-over
}

# Its first life: no test, for its end is nobody's result.
dies() {
	WORK=$(mktemp -d)
	(umask 077 && "$UTCPCTL" cell genkey "$WORK/key")
	cp "$WORK/key" "$UTCP_NET_DIR/key"
	station "$WORK/key"
	meet killed-cells
	spawn "$WORK/conn" "$CONNPROBE" -S "$(the_other)" - $((1 << 40))
	wait_for "it listens" 10 grep -qx listens "$WORK/conn"
	meet killed-listens
	sleep 600
}

# And its second one.
comes_back() {
	(umask 077 && cat "$UTCP_NET_DIR/key" >"$WORK/key")
	station "$WORK/key"
	: >"$UTCP_NET_DIR/back.2"
	spawn "$WORK/conn" "$CONNPROBE" -S "$(the_other)" - 100000
	wait_for "it listens" 10 grep -qx listens "$WORK/conn"
	meet killed-again
	wait "$SPAWNED"
	expect_eq "every byte of a new connection arrives" "0 listens" "$? $(<"$WORK/conn")"
	meet killed-over
}

[ "${UTCP_NET_LIFE:-1}" = 1 ] || run_tests comes_back "a guest that was killed comes back"
tests=(files "files, by UTCP")
[ "$SELF" -gt 2 ] || tests+=(
	there "from the first kernel to the second"
	back "and the other way"
	tagged "with a VLAN tag"
	without_copy_there "long frames, without a copy"
	without_copy_back "and those the other way"
	answered_by_first "frames that come back from the first"
	answered_by_second "and from the second"
	filters "a card's own filters"
	many "many connections at once"
)
[ "$SELF" != 1 ] || tests+=(killed "a guest that is killed")
if [ "$SELF" = 2 ]; then
	(run_tests "${tests[@]}")
	dies
fi
run_tests "${tests[@]}"
