#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Following live frames, with what has decided about each.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

# follow FILE COMMAND ARGS... - have a trace write there; COMMAND sends what it shows, and
# is done until it does
follow() {
	local file=$1 command=$2

	shift 2
	spawn "$file" "$UTCPCTL" -n t-a -j acl trace "$@"
	_begun() {
		"$command"
		[ -s "$file" ]
	}
	wait_for "a trace begins" 20 _begun
}

odd() {
	ns t-a "$FRAMES" odd p0 "$MAC" >/dev/null
}

tuples() {
	ns t-a "$FRAMES" tuples p0 "$MAC"
}

# frames JQ FILE - of a trace, that are not malformed
frames() {
	gojq -s -c "[.[]|select(.by != \"headers\")]|$1" "$2"
}

# counted - how many frames each rule has decided, as it counts them
counted() {
	"$UTCPCTL" -n t-a -j -s acl show cases |
		gojq -c '[.[]|select(.packets > 0)|[.handle, .packets]]|sort'
}

all() {
	local before now

	pair
	"$FRAMES" rules | acl t-a apply - >/dev/null
	must bind
	follow "$WORK/all" odd h0 rate 4000
	before=$(binding .out.frames)
	must send
	now=$(binding .out.frames)
	_told() {
		[ "$(frames length "$WORK/all")" = $((now - before)) ]
	}
	wait_for "each frame is told of" 20 _told
	expect_eq "with the rule that has decided" "$(counted)" \
		"$(frames 'map(select(.by == "rule"))|group_by(.rule)|map([.[0].rule, length])|sort' "$WORK/all")"
	expect_eq "what is dropped with its reason" true \
		"$(frames 'map(.verdict == "allow" or .reason != null)|all' "$WORK/all")"
	expect_eq "and the rule that is missing" true \
		"$(frames 'map(select(.by == "default")|.missing|startswith("out allow "))|length > 0 and all' "$WORK/all")"
	expect_eq "and what cannot be read as that" '["deny","malformed",null]' \
		"$(gojq -s -c 'map(select(.by == "headers"))[0]|[.verdict, .reason, .missing]' "$WORK/all")"
}

chosen() {
	pair
	must acl t-a new box
	must bind box
	follow "$WORK/few" tuples h0 direction out verdict deny proto udp dport 53 rate 5
	odd
	must send
	must tuples
	_more() {
		[ "$(gojq -s length "$WORK/few")" -ge 6 ] || ! tuples
	}
	wait_for "more than at once come in time" 20 _more
	expect_eq "frames that were meant, and no others" '[["deny","udp","53","default"]]' \
		"$(gojq -s -c 'map([.verdict, .proto, .dport, .by])|unique' "$WORK/few")"
	expect_eq "not more than the rate" true \
		"$(gojq -s 'length < 300 and length >= 5' "$WORK/few")"
	expect_eq "of those that were not, how many" true \
		"$(gojq -s 'map(.missed // 0)|add > 1000' "$WORK/few")"
	expect_rc "a set says nothing of frames" 2 acl t-a trace h0 src-set x
	expect_match "which is told" "frames cannot be chosen by this" "$OUT"
	expect_rc "nor is there a trace of what is not bound" 3 acl t-a trace lo
	expect_rc "or so fast" 2 acl t-a trace h0 rate 5000
	must acl t-a set box log on
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp-acl
	must acl t-a bind h0 box mac 02:00:00:00:00:77
	_spoofed() {
		tuples
		grep -q '"log"' "$WORK/events"
	}
	wait_for "an event comes of what is dropped for other reasons" 20 _spoofed
	expect_eq "which no rule would let go on" '["h0","spoof",null]' \
		"$(gojq -s -c 'map(select(.event == "log"))[-1].log|[.dev, .reason, .missing]' "$WORK/events")"
}

run_tests \
	all "each frame is told of with what has decided" \
	chosen "those that were chosen, as often as was said"
