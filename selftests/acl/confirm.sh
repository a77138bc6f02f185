#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Loads that go back by themselves unless they are confirmed.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/acl-lib.sh"

confirm() {
	local h

	pair
	acl t-a apply - >/dev/null <<-'END'
		policy cases in allow out deny comment "as it was"
		out allow ethertype 0x4c57
	END
	must bind
	h=$(handle t-a cases 0)
	acl t-a save cases >"$WORK/old"
	printf 'policy cases\nin deny\n' >"$WORK/new"
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp-acl
	_listens() {
		limit t-a flows $((60000 - RANDOM % 1000)) >/dev/null
		[ -s "$WORK/events" ]
	}
	wait_for "the monitor listens" 20 _listens
	must send
	expect_eq "it allows one" 1 "$(binding .out.allowed)"
	expect_ok "a load that closes it" acl t-a apply "$WORK/new" --confirm $((8 * SLOW))s
	must send
	expect_eq "and is in force" 1 "$(binding .out.allowed)"
	expect_eq "waits" true "$(acl t-a -j show | gojq ".[0].confirm > 0 and .[0].confirm <= 8000 * $SLOW")"
	expect_rc "other changes" 4 acl t-a add cases out allow
	expect_match "are refused" 'waits to be confirmed' "$OUT"
	expect_rc "so are settings" 4 acl t-a set cases in allow
	expect_rc "and loads" 4 acl t-a apply "$WORK/new"
	_back() {
		diff <(acl t-a save cases) "$WORK/old"
	}
	wait_for "it goes back" 60 _back
	expect_eq "to the same rules" "$h" "$(handle t-a cases 0)"
	must send
	expect_eq "that decide again" 2 "$(acl t-a -j show cases -s | gojq '.[0].packets')"
	_told() {
		grep -q policy-rollback "$WORK/events"
	}
	wait_for "which is told" 20 _told
	expect_ok "once more" acl t-a apply "$WORK/new" --confirm $((5 * SLOW))s
	expect_ok "confirmed" acl t-a confirm cases
	expect_rc "not twice" 3 acl t-a confirm cases
	expect_ok "other changes are made again" acl t-a add cases out deny expires 3s
	_expired() {
		[ "$(acl t-a -j show cases | gojq length)" = 1 ]
	}
	wait_for "time passes" 60 _expired
	expect_eq "it stays" 'policy cases in deny out deny in deny' "$(acl t-a save cases | xargs)"
	sed -i 's/cases/others/' "$WORK/new"
	expect_rc "a new policy has nothing to go back to" 3 acl t-a apply "$WORK/new" --confirm 2s
	must ip -n t-a link del h0
	must acl t-a apply "$WORK/old" --confirm 1h
	expect_ok "one that waits can be removed" acl t-a del cases
}

run_tests \
	confirm "a load that is not confirmed goes back"
