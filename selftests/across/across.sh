#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings, and sockets of UTCP, of two guests with different kernels, one Ethernet
# between them, without an IP address. Runs in both guests at once (across.sh KERNEL KERNEL does that): each is a side of every
# test, the first guest side 1.
. "$(dirname "$0")/../lib.sh"

UTCPCAT=${UTCPCAT:-$(dirname "$(command -v "$UTCPCTL")")/utcpcat}
RINGTOOL=$SELFTESTS/netswitch/ringtool
# What ringtool takes for silence, in seconds.
export QUIET=$((20 * SLOW))
SELF=${UTCP_NET_SELF-}
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

# meet NAME - go on when the other side is there, too
meet() {
	: >"$UTCP_NET_DIR/$1.$SELF"
	wait_for "the other side comes to $1" 60 test -e "$UTCP_NET_DIR/$1.$((3 - SELF))"
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

# statistics FIELD AT-LEAST - the tool shows what the connection has done
statistics() {
	"$UTCPCTL" -j -s ss show port 7000 |
		gojq -e ".[0] | .counters.\"$1\" >= $2 and .path.rtt > 0" >/dev/null
}

# Each sends the other a file, by one connection, both ways at once.
files() {
	local other=$((3 - SELF)) cell

	load utcp
	must ip link set eth0 mtu $MTU up
	must ip addr flush dev eth0
	must "$UTCPCTL" port add eth0
	must "$UTCPCTL" cell new discoverable on
	"$UTCPCTL" -j cell show | gojq -r '.[0].id' >"$WORK/cell"
	cp "$WORK/cell" "$UTCP_NET_DIR/cell.$SELF"
	yes "$SECRET $SELF $RANDOM" | head -c "$FILE" >"$WORK/file"
	sha256sum <"$WORK/file" >"$UTCP_NET_DIR/sum.$SELF"
	if [ "$SELF" = 1 ]; then
		# It stays open until it was looked at.
		spawn "$WORK/log" sh -c "{ cat '$WORK/file'
			until [ -e '$WORK/seen' ]; do sleep 0.1; done; } |
			'$UTCPCAT' -v -l 7000 >'$WORK/got'"
		wait_for "it listens" 10 grep -q "listens on" "$WORK/log"
		meet files-listen
		wait_for "bytes are counted" 60 statistics bytes-received $FILE
		: >"$WORK/seen"
	else
		meet files-listen
		cell=$(<"$UTCP_NET_DIR/cell.1")
		spawn "$WORK/log" sh -c "'$UTCPCAT' '$cell' 7000 <'$WORK/file' >'$WORK/got'"
	fi
	wait "$SPAWNED"
	expect_eq "it ends without failure" "0" $?
	expect_eq "the file of the other arrives" "$(<"$UTCP_NET_DIR/sum.$other")" "$(sha256sum <"$WORK/got")"
	expect_eq "by a peer that is known" "$(<"$UTCP_NET_DIR/cell.$other")" \
		"$("$UTCPCTL" -j peer show | gojq -r '.[0].id')"
	meet files-over
}

run_tests \
	there "from the first kernel to the second" \
	back "and the other way" \
	tagged "with a VLAN tag" \
	without_copy_there "long frames, without a copy" \
	without_copy_back "and those the other way" \
	answered_by_first "frames that come back from the first" \
	answered_by_second "and from the second" \
	filters "a card's own filters" \
	files "files, by UTCP"
