#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Access lists: rules about identities. netswitch_test.ko is the transport that asks and
# tells; frames are written by AF_PACKET inside.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

CELLS=$(cd "$(dirname "$0")" && pwd)/aclcells
DIR=/sys/kernel/debug/netswitch_test

# A sandbox's cell, two outside, and their text.
BOX=000102030405060708090a0b0c0d0e0f
PEER=101112131415161718191a1b1c1d1e1f
OTHER=202122232425262728292a2b2c2d2e2f
BOX_TEXT=cell1qqqsyqcyq5rqwzqfpg9scrgwpuk5pjxl
PEER_TEXT=cell1zqg3yyc5z5tpwxqergd3c8g7ru6v6vf2
OTHER_TEXT=cell1yqsjygeyy5nzw2pf9g4jctfw9u8st4fk

# control COMMAND... - have netswitch_test do something, in t-a
control() {
	# shellcheck disable=SC2016 # expanded inside
	nsenter --net=/run/netns/t-a bash -c \
		'printf "%s\n" "$*" >/sys/kernel/debug/netswitch_test/control' bash "$@" 2>&1 |
		sed 's/.*: //'
}

# asked FROM TO SERVICE [TOKEN] - by who is outside; nothing if it may, else why not
asked() {
	control cells "$INDEX" out "$1" "$2" "$3" "${4:-0}"
}

# asks FROM TO SERVICE [TOKEN] - by who is inside
asks() {
	control cells "$INDEX" in "$1" "$2" "$3" "${4:-0}"
}

token() {
	cat $DIR/token
}

changes() {
	cat $DIR/changes
}

# changed BEFORE - has who asks been told to ask again?
changed() {
	[ "$(changes)" -gt "$1" ]
}

plain() {
	printf %s "$1" | tr -d :
}

box() {
	pair
	must insmod "$MODULES/netswitch/netswitch_test.ko"
	defer rmmod netswitch_test
	INDEX=$(ns t-a cat /sys/class/net/h0/ifindex)
	INSIDE=$(ns t-a cat /sys/class/net/p0/address)
	must acl t-a new box
	must bind box
}

# names - build-host is the peer, for who is in t-a by ip-netns(8)
names() {
	mkdir -p /etc/utcp /etc/netns/t-a/utcp
	defer rm -r /etc/netns/t-a
	if [ ! -e /etc/utcp/cells ]; then
		: >/etc/utcp/cells
		defer rm -f /etc/utcp/cells
	fi
	echo "build-host $PEER_TEXT" >/etc/netns/t-a/utcp/cells
}

NO="Permission denied"

answers() {
	local n

	box
	expect_eq "who would send in vain is told so" "$NO" "$(asked $PEER $BOX 80)"
	must acl t-a add box in allow ethertype utcp
	expect_eq "one way is not enough" "$NO" "$(asked $PEER $BOX 80)"
	must acl t-a add box out allow ethertype utcp
	expect_eq "else there is no opinion without rules about identities" "No data available" \
		"$(asked $PEER $BOX 80)"
	must acl t-a apply - <<<"policy box"
	expect_fail_with "a cell that nobody has named" 'named "build-host" in /etc/utcp/cells' \
		acl t-a add box in allow src build-host dport 80-81
	names
	must ip netns exec t-a "$UTCPCTL" acl add box in allow src build-host dport 80-81
	expect_eq "a cell by its name" $PEER_TEXT "$(acl t-a -j show box | gojq -r '.[0].src')"
	n=$(handle t-a box 0)
	expect_eq "one may come, to its service" "" "$(asked $PEER $BOX 80)"
	expect_eq "and the answer rests on the rule" "$n" "$(token)"
	expect_eq "whichever it will be" "" "$(asked $PEER $BOX 0)"
	expect_eq "not to another" "$NO" "$(asked $PEER $BOX 82)"
	expect_eq "nobody else" "$NO" "$(asked $OTHER $BOX 80)"
	expect_eq "nor out" "$NO" "$(asks $BOX $PEER 80)"
	expect_eq "it may be called, so it may say that it is here" "" "$(asks $BOX 0 0)"
	expect_eq "what was decided is counted" '[2,0,true]' \
		"$("$UTCPCTL" -n t-a -j -s acl show box |
			gojq -c '.[0]|[.packets, .bytes, has("last-hit")]')"
	must acl t-a add box out allow dst $OTHER_TEXT src $BOX_TEXT class 7
	expect_eq "out by a rule that names both" "" "$(asks $BOX $OTHER 9)"
	expect_eq "with its class" 7 "$(cat $DIR/class)"
	expect_eq "not from another cell" "$NO" "$(asks $PEER $OTHER 9)"
	must "$UTCPCTL" -n t-a set new friends cell
	must acl t-a add box in allow proto utcp src-set friends dport 22
	expect_eq "a set without them" "$NO" "$(asked $OTHER $BOX 22)"
	must "$UTCPCTL" -n t-a set add friends $OTHER_TEXT
	expect_eq "and with" "" "$(asked $OTHER $BOX 22)"
	n=$(token)
	must "$UTCPCTL" -n t-a set remove friends $OTHER_TEXT
	expect_eq "who is taken out is refused" "$NO" "$(asked $OTHER $BOX 22)"
	expect_eq "but not what there is" "" "$(asked $OTHER $BOX 22 "$n")"
	must acl t-a set box out allow
	expect_eq "a default that allows is one for identities, too" "" "$(asks $PEER $OTHER 9)"
}

refused() {
	box
	expect_rc "identities are not denied" 2 acl t-a add box in deny src $PEER_TEXT
	expect_match "which is said" "only allow" "$OUT"
	expect_rc "nor marked" 2 acl t-a add box in allow src $PEER_TEXT mark 3
	expect_rc "have no VLAN" 2 acl t-a add box in allow src $PEER_TEXT vlan 3
	expect_rc "no address" 2 acl t-a add box in allow src $PEER_TEXT dst 10.0.0.1
	expect_rc "and no typing errors" 1 acl t-a add box in allow src ${PEER_TEXT%?}q
	must "$UTCPCTL" -n t-a set new nets prefix
	expect_rc "a set of prefixes has no cells" 2 acl t-a add box in allow proto utcp src-set nets
	must "$UTCPCTL" -n t-a set new friends cell
	expect_rc "and one of cells no prefixes" 2 "$UTCPCTL" -n t-a set add friends 10.0.0.1
	expect_rc "which fits no frames" 2 acl t-a add box in allow proto tcp src-set friends
	must "$UTCPCTL" -n t-a set add friends $PEER_TEXT expires 90s
	must acl t-a add box in allow src $PEER_TEXT dport 80 comment web
	must acl t-a add box out allow proto utcp src $BOX_TEXT dst-set friends expires 1h
	acl t-a save >"$WORK/saved"
	expect_match "they are written as they are read" \
		"in allow src $PEER_TEXT proto utcp dport 80 comment \"web\"" "$(<"$WORK/saved")"
	must acl t-a -j save box >"$WORK/json"
	must acl t-a apply "$WORK/json"
	expect_eq "as JSON, too" 2 "$(acl t-a -j show box | gojq '[.[]|select(.proto == "utcp")]|length')"
	expect_ok "what decides is explained" acl t-a test box in src $PEER_TEXT dst $BOX_TEXT dport 80
	expect_match "by the rule" "^allow by .*$PEER_TEXT" "$OUT"
	expect_ok "and why not" acl t-a test box in src $OTHER_TEXT dport 80
	expect_match "it is the cell" "^not src: " "$OUT"
	expect_match "so the default decides" "^deny by the default" "$OUT"
}

# frame TYPE INDEX BYTES - of UTCP
frame() {
	printf "c1%s%04x%08x%0*d" "$1" "$3" "$2" $((2 * ($3 - 8))) 0
}

# send_cells FRAME... - from inside
cells() {
	must ns t-a "$CELLS" p0 "$INSIDE" "$MAC" "$@"
}

frames() {
	local data init from to

	box
	from=$(plain "$INSIDE")
	to=$(plain "$MAC")
	data=$(frame 10 77 40)
	init=$(frame 03 5 172)
	must acl t-a add box out allow dst $PEER_TEXT
	cells "$data" "$init"
	expect_eq "what nobody was told of is dropped" '{"identity":2}' "$(binding .out.drops)"
	expect_eq "nothing is wrong" "" "$(control frames add "$INDEX" in "$from" "$to" 77 0)"
	control frames add "$INDEX" in "$from" "$to" 5 "$init"
	cells "$data" "$init"
	expect_eq "what was passes" 2 "$(binding .out.allowed)"
	cells "$(frame 10 78 40)" "$(frame 03 6 172)" "${init%?}1" 00c1 "$(frame 10 77 4000 | head -c 80)"
	ns t-a "$CELLS" p0 "$MAC" "$MAC" "$data"
	ns t-a "$CELLS" p0 "$INSIDE" "$INSIDE" "$data"
	ns t-a "$CELLS" p0 "$INSIDE" "$MAC" 5 "$data"
	expect_eq "and none with another index, hash, address, VLAN" 2 "$(binding .out.allowed)"
	control frames del "$INDEX" in "$from" "$to" 77 0
	cells "$data"
	expect_eq "nor when it is nobody's any more" 2 "$(binding .out.allowed)"
	ns t-a "$CELLS" h0 "$MAC" "$INSIDE" "$data"
	expect_eq "what goes in passes" 1 "$(binding .in.allowed)"
	one_is_over() {
		cells "$init"
		binding .out.allowed >"$WORK/now"
		[ "$(<"$WORK/now")" = "$(<"$WORK/last")" ] || { cp "$WORK/now" "$WORK/last" && false; }
	}
	echo 0 >"$WORK/last"
	wait_for "one frame is forgotten soon" 12 one_is_over
	control frames add "$INDEX" in "$from" "$to" 77 0
	must acl t-a unbind h0
	must bind box
	cells "$data"
	expect_eq "what was told of goes with the binding" 0 "$(binding .out.allowed)"
	must acl t-a add box out allow ethertype utcp
	must acl t-a remove box "$(handle t-a box 0)"
	cells "$data"
	expect_eq "without rules about identities, those about frames decide" 1 "$(binding .out.allowed)"
}

ends() {
	local n before

	box
	before=$(changes)
	must acl t-a add box in allow src $PEER_TEXT dport 80
	wait_for "the first one has the transport ask again" 10 changed "$before"
	must acl t-a add box in allow src $OTHER_TEXT
	asked $PEER $BOX 80
	n=$(token)
	expect_eq "what goes on may" "" "$(asked $PEER $BOX 80 "$n")"
	before=$(changes)
	must acl t-a remove box "$n"
	wait_for "when the rule goes it has to ask" 10 changed "$before"
	expect_eq "and is refused" "$NO" "$(asked $PEER $BOX 80 "$n")"
	must acl t-a add box in allow src $PEER_TEXT dport 80
	asked $PEER $BOX 80
	n=$(token)
	before=$(changes)
	must acl t-a remove box "$n" --keep
	expect_eq "kept, it goes on" "" "$(asked $PEER $BOX 80 "$n")"
	expect_eq "and rests on the same" "$n" "$(token)"
	expect_eq "new ones do not come" "$NO" "$(asked $PEER $BOX 80)"
	expect_eq "it is told how many are kept" 1 "$(acl t-a -j show | gojq '.[0].kept')"
	asked $OTHER $BOX 1
	n="$n $(token)"
	expect_eq "nobody had to ask" "$before" "$(changes)"
	echo "policy box" >"$WORK/none"
	must acl t-a apply "$WORK/none" --keep
	for t in $n; do
		expect_eq "a load that keeps, keeps all" "" "$(asked $PEER $BOX 80 "$t")"
	done
	must acl t-a apply "$WORK/none"
	for t in $n; do
		expect_eq "and one that does not, none" "$NO" "$(asked $PEER $BOX 80 "$t")"
	done
	must acl t-a add box in allow src $PEER_TEXT expires "$((3 * SLOW))s"
	asked $PEER $BOX 80
	n=$(token)
	before=$(changes)
	gone() {
		[ "$(acl t-a -j show box)" = "[]" ]
	}
	wait_for "a rule comes to its end" 15 gone
	wait_for "and the transport has to ask" 10 changed "$before"
	expect_eq "in vain" "$NO" "$(asked $PEER $BOX 80 "$n")"
	echo "in allow src $PEER_TEXT" >>"$WORK/none"
	must acl t-a apply "$WORK/none" --confirm "$((3 * SLOW))s"
	asked $PEER $BOX 80
	n=$(token)
	before=$(changes)
	wait_for "what was not confirmed goes" 15 gone
	wait_for "which has the transport ask" 10 changed "$before"
	expect_eq "and be refused" "$NO" "$(asked $PEER $BOX 80 "$n")"
}

run_tests \
	answers "who may talk to whom" \
	refused "what rules about identities are, and are not" \
	frames "frames pass that were told of, and no others" \
	ends "what a rule had allowed ends with it, or is kept"
