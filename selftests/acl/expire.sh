#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rules that go by themselves, and frames that are told of.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

# listen - events of t-a go to $WORK/events
listen() {
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp-acl
	_listens() {
		limit t-a flows $((60000 - RANDOM % 1000)) >/dev/null
		[ -s "$WORK/events" ]
	}
	wait_for "the monitor listens" 20 _listens
}

# told FILTER - how many events there are of a kind
told() {
	gojq -s "map($1) | length" "$WORK/events"
}

expiry() {
	local left h

	pair
	listen
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow ethertype 0x4c57 expires 20s
		out allow ethertype 0x4c59 expires 1h
	END
	must bind box
	h=$(handle t-a box 0)
	must send
	expect_eq "it lets pass what it allows" 1 "$(acl t-a -j show box -s | gojq '.[0].packets')"
	left=$(acl t-a save box | sed -n 's/.*4c57 expires \([0-9]*\)ms$/\1/p')
	expect_eq "it is saved with the time that is left" true \
		"$( ((${left:-0} > 0 && left < 20000)) && echo true)"
	acl t-a save box | sed 's/\(4c57 expires\).*/\1 500ms/' | must acl t-b restore -
	_gone() {
		[ "$(acl "$1" -j show box | gojq length)" = 1 ]
	}
	wait_for "one that was restored goes" 30 _gone t-b
	wait_for "and so does the first" 60 _gone t-a
	expect_match "the other stays" '0x4c59 expires (59m|[0-9]*m?s)' "$(acl t-a save box)"
	_told() {
		[ "$(told "select(.event == \"rule-expire\" and .rule.handle == $h and .rule.packets == 1)")" = 1 ]
	}
	wait_for "which is told with its counters" 20 _told
	must send
	expect_eq "what it allowed is dropped" 1 "$(binding .out.allowed)"
	expect_ok "one more ends before it" acl t-a add box out allow ethertype 0x4c58 expires 100ms
	wait_for "and goes before it" 30 _gone t-a
	expect_rc "a time that is none" 1 acl t-a add box out allow expires soon
	expect_rc "ten years are too long" 2 acl t-a add box out allow expires 3651d
}

logs() {
	pair
	listen
	acl t-a apply - >/dev/null <<-'END'
		policy box log on
		out deny ethertype 0x4c57 log on
		out allow proto gre log on
		out deny proto esp
	END
	must bind box
	expect_match "a policy that tells is saved so" '^policy box .*log on$' "$(acl t-a save box | head -1)"
	must send
	_told() {
		[ "$(told 'select(.event == "log")')" -ge 20 ]
	}
	wait_for "frames are told of" 20 _told
	expect_eq "by a port in a policy" '["h0","box"]' \
		"$(gojq -sc 'map(select(.event == "log") | .log | [.dev, .policy]) | unique[]' "$WORK/events")"
	expect_eq "with the line that is missing" 'out allow dst 10.9.0.1 proto udp dport 1000' \
		"$(gojq -rs 'map(select(.event == "log")) | .[0].log.missing' "$WORK/events")"
	# What there was no budget for comes when there is one again.
	_more() {
		must send
		[ "$(told 'select(.log.missed > 0)')" -gt 0 ]
	}
	wait_for "what was not told of is counted" 30 _more
	_rule() {
		must send
		[ "$(told "select(.log.rule == $(handle t-a box 0) and .log.reason == \"rule\" and .log.ethertype == \"0x4c57\")")" -gt 0 ]
	}
	must acl t-a set box log off
	wait_for "a rule is named" 30 _rule
	_allowed() {
		must send
		[ "$(told 'select(.log.verdict == "allow" and .log.proto == "gre" and (.log | has("missing") | not))')" -gt 0 ]
	}
	wait_for "also one that allows" 30 _allowed
	expect_eq "one without log is silent" 0 "$(told 'select(.log.proto == "esp" and .log.reason == "rule")')"
}

run_tests \
	expiry "a rule goes by itself, and with what was left after it was restored" \
	logs "frames are told of, with the rule or the line that is missing"
