#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Peers: two who know nothing of each other but a CellID get keys; and whoever is not
# one of them gets nothing. The frames of others are peerprobe's.
. "$(dirname "$0")/../lib.sh"

PROBE=$(cd "$(dirname "$0")" && pwd)/peerprobe

# peer NS VERB ARGS... - the tool there
peer() {
	local ns=$1

	shift
	"$UTCPCTL" -n "$ns" peer "$@"
}

# peers NS FILTER - what gojq makes of the list of peers
peers() {
	"$UTCPCTL" -n "$1" -j -s peer show | gojq -r "$2"
}

# has NS FILTER - is it true?
has() {
	[ "$(peers "$1" "$2")" = true ]
}

# dropped NS REASON - how many frames were
dropped() {
	"$UTCPCTL" -n "$1" -j peer stats | gojq ".drops.\"$2\" // 0"
}

# drops NS REASON N - at least so many were
drops() {
	[ "$(dropped "$1" "$2")" -ge "$3" ]
}

# own NS - CellID of its default cell
own() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[] | select(.default).id'
}

# public NS - and its public key
public() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[] | select(.default)."public-key"'
}

# mac NS DEV
mac() {
	ip -n "$1" -j link show "$2" | gojq -r '.[0].address'
}

# all NS - each frame was delivered or dropped
all_accounted() {
	"$UTCPCTL" -n "$1" -j peer stats |
		gojq -e '.frames == .delivered + ([.drops[]] | add // 0)' >/dev/null
}

# wire - namespaces t-a and t-b, each with a port on one wire
wire() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	must "$UTCPCTL" -n t-a port add a0
	must "$UTCPCTL" -n t-b port add b0
}

# two [SETTING...] - and a cell each
two() {
	wire
	must "$UTCPCTL" -n t-a cell new "$@"
	must "$UTCPCTL" -n t-b cell new "$@"
	A=$(own t-a)
	B=$(own t-b)
}

# up NS - has its peer keys?
up() {
	has "$1" 'any(.session)'
}

# meet - A finds B
meet() {
	must peer t-a probe "$B"
	wait_for "A has keys" 20 up t-a
	wait_for "B has keys" 20 up t-b
}

# watch NS - from now on its events go to $WORK/events
watch() {
	local ns=$1

	spawn "$WORK/events" "$UTCPCTL" -n "$ns" -j monitor utcp
	_listens() {
		"$UTCPCTL" -n "$ns" limit set utcp sockets $((60000 - RANDOM % 1000)) >/dev/null
		grep -q limits "$WORK/events"
	}
	wait_for "the monitor listens" 20 _listens
}

# told EVENT - has it been?
told() {
	grep -q "\"$1\"" "$WORK/events"
}

# records - from now on what passes B's device goes to $WORK/wire
records() {
	spawn "$WORK/record" ns t-b "$PROBE" record b0 "$WORK/wire" 600
	wait_for "it is recorded" 10 grep -q ready "$WORK/record"
}

finds() {
	two discoverable on
	watch t-a
	meet
	expect_eq "B is where it is, and who it is" "a0 $(mac t-b b0) $B reachable" \
		"$(peers t-a '.[0] | "\(.path.dev) \(.path.mac) \(.id) \(.state)"')"
	expect_eq "and so is A" "b0 $(mac t-a a0) $A reachable" \
		"$(peers t-b '.[0] | "\(.path.dev) \(.path.mac) \(.id) \(.state)"')"
	expect_eq "its public key is known" "$(public t-b)" "$(peers t-a '.[0]."public-key"')"
	expect_eq "no cell has a user by that" 0 "$("$UTCPCTL" -n t-a -j cell show | gojq '.[0].users')"
	_heard() {
		has t-a '.[0].heard != null'
	}
	wait_for "a sign of life comes" 10 _heard
	expect_ok "new keys are asked for" peer t-a probe "$B" rekey on
	_rekeyed() {
		has t-a '.[0].counters.handshakes >= 2'
	}
	wait_for "and made" 10 _rekeyed
	wait_for "which is told" 10 told peer-rekeyed
	expect_eq "in order" "peer-new peer-up peer-rekeyed" \
		"$(gojq -rs '[.[] | select(.peer) | .event] | join(" ")' "$WORK/events")"
	wait_for "each frame is accounted for, at A" 10 all_accounted t-a
	wait_for "and at B" 10 all_accounted t-b
	expect_ok "B is removed" peer t-a del "$B"
	expect_eq "and gone" 0 "$(peers t-a length)"
	wait_for "which is told" 10 told peer-del
	expect_eq "after the end of the session" "peer-rekeyed peer-down peer-del" \
		"$(gojq -rs '[.[] | select(.peer) | .event] | .[2:] | join(" ")' "$WORK/events")"
	_closed() {
		[ "$(peers t-b length)" = 0 ]
	}
	wait_for "B is told, and forgets, too" 10 _closed
	expect_rc "it cannot be removed again" 3 peer t-a del "$B"
}

realms() {
	wire
	must "$UTCPCTL" -n t-a cell genkey "$WORK/one"
	must "$UTCPCTL" -n t-a cell genkey "$WORK/two"
	must "$UTCPCTL" -n t-a cell new realm "$WORK/one"
	must "$UTCPCTL" -n t-b cell new realm "$WORK/two"
	A=$(own t-a)
	B=$(own t-b)
	must peer t-a probe "$B"
	_asked() {
		drops t-b target 3
	}
	wait_for "who-has of another realm says nothing" 10 _asked
	must peer t-a del "$B"
	expect_ok "nor does an initiation, to a known key" peer t-a add "$(public t-b)"
	must peer t-a probe "$B"
	_tried() {
		drops t-b mac1 2
	}
	wait_for "it is dropped by its mac1" 10 _tried
	expect_eq "nothing was answered" 0 "$("$UTCPCTL" -n t-b -j peer stats | gojq .sent)"
	must "$UTCPCTL" -n t-b cell set "$B" realm "$WORK/one"
	wait_for "in one realm they meet" 20 up t-a
	must "$UTCPCTL" -n t-b cell set "$B" realm "$WORK/two"
	_down() {
		[ "$(peers t-b length)" = 0 ] && ! up t-a
	}
	wait_for "when it changes, the session ends" 10 _down
	expect_ok "a cell with sessions can go" "$UTCPCTL" -n t-b cell del "$B"
}

# Without a realm nobody is found who does not want to be; a known key will do.
known_key() {
	two
	must peer t-a probe "$B"
	_asked() {
		drops t-b target 2
	}
	wait_for "who does not want to be found is not" 10 _asked
	expect_eq "nothing was answered" 0 "$("$UTCPCTL" -n t-b -j peer stats | gojq .sent)"
	must peer t-a del "$B"
	expect_ok "whose key is known" peer t-a add "$(public t-b)"
	expect_eq "is shown" "$B true unknown" "$(peers t-a '.[0] | "\(.id) \(.configured) \(.state)"')"
	expect_rc "not twice" 2 peer t-a add "$(public t-b)"
	meet
	expect_rc "no peer of oneself" 2 peer t-a add "$(public t-a)"
	expect_rc "no bad key" 2 peer t-a add AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	expect_rc "who has no right" 5 ns t-a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$UTCPCTL" peer probe "$B"
	expect_ok "may look" ns t-a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$UTCPCTL" peer show
}

# What was recorded is played back, as it was and from elsewhere: nothing changes.
replays() {
	local type before

	two discoverable on
	records
	meet
	must peer t-a probe "$B" rekey on
	_rekeyed() {
		has t-b '.[0].counters.handshakes >= 2'
	}
	wait_for "they have new keys" 20 _rekeyed
	# From here on A is silent: what comes is what is played back.
	must "$UTCPCTL" -n t-a port del a0
	wait_for "what was under way is there" 10 all_accounted t-b
	before=$(peers t-b '.[0] | "\(.counters.handshakes) \(.path.mac) \(.counters."rx-frames")"')
	for type in 1 3 10; do
		ns t-a "$PROBE" play a0 "$WORK/wire" $type >"$WORK/played"
		expect_match "frames of type $type are played back" '^[1-9]' "$(<"$WORK/played")"
		ns t-a "$PROBE" play a0 "$WORK/wire" $type 02:00:00:00:ee:01 >/dev/null
	done
	_dropped() {
		drops t-b replay 1 && drops t-b old 2 && drops t-b answered 1
	}
	wait_for "they are dropped for what they are" 20 _dropped
	expect_eq "nothing has changed" "$before" \
		"$(peers t-b '.[0] | "\(.counters.handshakes) \(.path.mac) \(.counters."rx-frames")"')"
	wait_for "each is accounted for" 10 all_accounted t-b
	# After a removal there is nothing to compare with: a half-open association is all.
	must peer t-b del "$A"
	ns t-a "$PROBE" play a0 "$WORK/wire" 3 >/dev/null
	ns t-a "$PROBE" play a0 "$WORK/wire" 10 >/dev/null
	wait_for "data of former keys are nobody's" 10 drops t-b index 1
	expect_eq "nobody is a peer by that" 0 "$(peers t-b length)"
}

# Each bit of each kind of frame, from another MAC address: nothing comes back there
# but what is promised (a cookie, for an initiation whose mac2 alone was changed).
flips() {
	local type got

	two discoverable on
	records
	meet
	for type in 1 10; do
		got=$(ns t-a "$PROBE" flip a0 "$WORK/wire" $type)
		expect_match "each bit of type $type gets silence" '^[1-9][0-9]* 0$' "$got"
	done
	for type in 2 4; do
		got=$(ns t-b "$PROBE" flip b0 "$WORK/wire" $type)
		expect_match "each bit of type $type gets silence" '^[1-9][0-9]* 0$' "$got"
	done
	got=$(ns t-a "$PROBE" flip a0 "$WORK/wire" 3)
	expect_match "an initiation gets cookies for mac2's 128 at most" \
		'^1376 ([0-9]|[0-9][0-9]|1[01][0-9]|12[0-8])$' "$got"
	_tags() {
		drops t-b tag 40 && drops t-b mac1 1000
	}
	wait_for "they were looked at" 10 _tags
	expect_eq "nobody has moved" "$(mac t-a a0)" "$(peers t-b '.[0].path.mac')"
	wait_for "each is accounted for" 10 all_accounted t-b
	expect_ok "and the session goes on" has t-a '.[0].session'
}

random() {
	local mark

	two discoverable on
	meet
	mark=$(dmesg_mark)
	expect_eq "random frames get silence" 0 \
		"$(ns t-a "$PROBE" random a0 "$(mac t-b b0)" 20000 1)"
	wait_for "each is accounted for" 20 all_accounted t-b
	expect_ok "for many reasons" sh -c \
		"'$UTCPCTL' -n t-b -j peer stats | gojq -e '.drops | length >= 8'"
	must peer t-a probe "$B" rekey on
	_rekeyed() {
		has t-a '.[0].counters.handshakes >= 2'
	}
	wait_for "B still answers" 20 _rekeyed
	expect_quiet "no complaint" "$mark"
}

# B loses its state, and comes again with the same key.
restart() {
	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	must "$UTCPCTL" -n t-a port add a0
	must "$UTCPCTL" -n t-b port add b0
	must "$UTCPCTL" -n t-a cell new discoverable on
	must "$UTCPCTL" -n t-b cell genkey "$WORK/key"
	must "$UTCPCTL" -n t-b cell import "$WORK/key" discoverable on
	A=$(own t-a)
	B=$(own t-b)
	meet
	watch t-a
	# Without its device, no CLOSE gets out.
	must ip -n t-b link set b0 down
	must "$UTCPCTL" -n t-b cell del "$B"
	must "$UTCPCTL" -n t-b cell import "$WORK/key" discoverable on
	must ip -n t-b link set b0 up
	_back() {
		"$UTCPCTL" -n t-a peer probe "$B" >/dev/null 2>&1
		told peer-restarted && up t-a
	}
	wait_for "A notices that B has restarted" 20 _back
	wait_for "and both have keys" 10 up t-b
}

# A gets another MAC address; B follows only when it is asked there.
moves() {
	two discoverable on
	meet
	watch t-b
	must ip -n t-a link set a0 address 02:00:00:00:aa:02
	_moved() {
		"$UTCPCTL" -n t-a peer probe "$B" >/dev/null 2>&1
		has t-b '.[0].path.mac == "02:00:00:00:aa:02"'
	}
	wait_for "B follows to another MAC address" 20 _moved
	wait_for "which is told" 10 told peer-moved
}

# What no tool would ask. See peernl.c.
netlink() {
	load utcp
	ns_add t-a
	must "$UTCPCTL" -n t-a cell new
	expect_tap "odd requests, rights and user namespaces" \
		ns t-a "$(dirname "$PROBE")/peernl"
	expect_eq "no peer is left" 0 "$(peers t-a length)"
}

full() {
	local i

	two discoverable on
	must "$UTCPCTL" -n t-b limit set utcp peers 1
	must peer t-b add "$(public t-a)"
	meet
	must "$UTCPCTL" -n t-a cell new
	i=$("$UTCPCTL" -n t-a -j cell show | gojq -r '.[1].id')
	must peer t-a probe "$B" cell "$i"
	wait_for "there is no room for another" 20 drops t-b room 1
	expect_eq "who is there stays" "$A" "$(peers t-b '.[].id')"
	expect_rc "an own one is refused, too" 2 peer t-b probe "$i"
	expect_match "with the reason" 'as many peers as its limit' "$OUT"
}

# One link has half of the places, for those who come by themselves.
shares() {
	local second third

	two discoverable on
	must "$UTCPCTL" -n t-b limit set utcp peers 4
	meet
	must "$UTCPCTL" -n t-a cell new
	must "$UTCPCTL" -n t-a cell new
	second=$("$UTCPCTL" -n t-a -j cell show | gojq -r '.[1].id')
	third=$("$UTCPCTL" -n t-a -j cell show | gojq -r '.[2].id')
	must peer t-a probe "$B" cell "$second"
	wait_for "another one of the link comes in" 20 has t-b 'length == 2'
	# Who has been idle for ten seconds would make room.
	spawn "$WORK/busy" bash -c "while '$UTCPCTL' -n t-a peer probe $B &&
		'$UTCPCTL' -n t-a peer probe $B cell $second; do sleep 0.5; done"
	must peer t-a probe "$B" cell "$third"
	wait_for "a third one does not" 20 drops t-b room 1
	expect_eq "those who are there stay" 2 "$(peers t-b length)"
	must kill "$SPAWNED"
	must "$UTCPCTL" -n t-a cell set "$third" discoverable on
	expect_ok "whom we want ourselves has a place" peer t-b probe "$third"
	wait_for "and a session" 20 has t-b \
		"map(select(.id == \"$third\" and .session)) | length == 1"
}

ends() {
	local mark

	two discoverable on
	meet
	mark=$(dmesg_mark)
	spawn "$WORK/flood" ns t-a nice -n 5 "$PROBE" random a0 "$(mac t-b b0)" 100000000 2
	_comes() {
		drops t-b version 10
	}
	wait_for "frames come" 20 _comes
	expect_ok "the port goes under load" "$UTCPCTL" -n t-b port del b0
	expect_eq "nobody takes them" 0 "$("$UTCPCTL" -n t-b -j port consumers | gojq length)"
	expect_ok "and comes back" "$UTCPCTL" -n t-b port add b0
	must peer t-a probe "$B"
	expect_ok "the device goes" ip -n t-b link del b0
	expect_ok "the namespace goes" ip netns del t-b
	must ip netns add t-b
	unload utcp
	expect_rc "the module goes with peers in it" 1 loaded utcp
	expect_quiet "no complaint" "$mark"
}

run_tests \
	finds "two find each other, and get new keys" \
	realms "two realms on one wire never talk" \
	known_key "a peer whose public key is known" \
	replays "recorded frames change nothing" \
	flips "no changed bit is taken, or answered" \
	random "random frames" \
	restart "a peer that has lost its state" \
	moves "a peer that moves" \
	netlink "odd requests" \
	full "a full table" \
	shares "the share of a link" \
	ends "port, device, namespace and module go under load"
