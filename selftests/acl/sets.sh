#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sets that rules name.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

STEPS=$(cd "$(dirname "$0")" && pwd)/aclflow

# set_ NS [-j] ARGS... - the tool there
set_() {
	local ns=$1 json=

	shift
	if [ "$1" = -j ]; then
		json=-j
		shift
	fi
	"$UTCPCTL" -n "$ns" ${json:+"$json"} set "$@"
}

# steps TABLE - all of them are as they should be
steps() {
	expect_tap "$1" ns t-a "$STEPS" "$1"
}

names() {
	load utcp_acl
	ns_add t-a t-b
	expect_ok "a set" set_ t-a new nets prefix max 2
	expect_rc "not twice" 2 set_ t-a new nets prefix
	expect_ok "elements" set_ t-a add nets 10.0.0.0/8
	expect_ok "of both families" set_ t-a add nets fd00::/16 expires 1h
	expect_rc "a full set refuses" 2 set_ t-a add nets 10.1.0.0/16
	expect_match "and says so" 'as many elements as it may' "$OUT"
	expect_ok "but one that is there can get another end" set_ t-a add nets 10.0.0.0/8 expires 2h
	expect_rc "no port" 2 set_ t-a add nets 10.0.0.1:80
	expect_rc "no bits behind the prefix" 1 set_ t-a add nets 10.0.0.1/8
	expect_rc "an element that is not there" 3 set_ t-a remove nets 11.0.0.0/8
	must set_ t-a new eps address-port
	must set_ t-a add eps 10.9.0.1:53
	must set_ t-a add eps '[fd00::1]:443'
	expect_rc "no prefix" 2 set_ t-a add eps 10.0.0.1
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow proto udp dst-set eps
		in allow src-set nets dst-set eps
	END
	expect_rc "a set that is named stays" 4 set_ t-a del nets
	expect_match "and says so" 'rules name the set' "$OUT"
	expect_rc "one that is not there" 3 acl t-a add box out allow dst-set nothing
	expect_eq "rules count" '{"eps":2,"nets":1}' "$(set_ t-a -j show | gojq -c 'map({(.set): .users}) | add')"
	acl t-a save >"$WORK/saved"
	acl t-a -j save | must acl t-b restore -
	_same() {
		diff <(acl t-a save | sort | sed 's/expires .*//') <(acl t-b save | sort | sed 's/expires .*//')
	}
	expect_ok "files have them" _same
	must acl t-b restore "$WORK/saved"
	expect_ok "and twice is once" _same
	acl t-a apply - <<<"policy box" >/dev/null
	expect_ok "one that no rule names goes" set_ t-a del nets
	must limit t-a elems 2
	expect_rc "a namespace refuses more elements than its limit" 2 set_ t-a add eps 10.9.0.2:53
	expect_match "and says so" 'as many elements as its limit' "$OUT"
	expect_ok "but not what is there" set_ t-a add eps 10.9.0.1:53 expires 1h
	must set_ t-a remove eps 10.9.0.1:53
	expect_ok "what has gone makes room" set_ t-a add eps 10.9.0.2:53
	must limit t-a rules 1
	expect_fail "a file with a policy that is refused" acl t-a apply - <<-'END'
		set fresh type prefix
		element 10.0.0.0/8
		policy more
		out allow dst-set fresh
		out allow proto udp
	END
	expect_eq "leaves no set behind" eps "$(set_ t-a -j show | gojq -r '.[].set')"
	must limit t-a sets 1
	expect_rc "a full table refuses" 2 set_ t-a new more prefix
}

frames() {
	pair
	must set_ t-a new eps address-port
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow proto udp dst-set eps
	END
	must bind box
	steps closed
	must set_ t-a add eps 10.9.0.1:53
	steps flushed
	must set_ t-a remove eps 10.9.0.1:53
	steps kept
	must set_ t-a add eps 10.9.0.1:53 expires 300ms
	_ended() {
		[ "$(set_ t-a -j show | gojq '.[0].elements')" = 0 ]
	}
	wait_for "an element goes" 30 _ended
	steps kept
	must "$UTCPCTL" -n t-a flow flush
	steps closed
}

# As many elements as there may be, one message each. That this can be 65,536 is for the
# unit tests.
many() {
	pair
	must set_ t-a new eps address-port max 4096
	acl t-a apply - >/dev/null <<-'END'
		policy box
		out allow proto udp dst-set eps
	END
	must bind box
	expect_ok "elements" ns t-a "$STEPS" fill
	expect_eq "are there" 4096 "$(set_ t-a -j show eps | gojq length)"
	expect_rc "no more" 2 set_ t-a add eps 10.9.0.1:53
	must set_ t-a remove eps 11.0.0.7:53
	must set_ t-a add eps 10.9.0.1:53
	steps flushed
}

run_tests \
	names "sets and elements come and go, and rules hold them" \
	frames "an element counts at once and cuts no flow" \
	many "a full set"
