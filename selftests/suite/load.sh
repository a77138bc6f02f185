#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and removing: the order, what is refused, and every combination.
. "$(dirname "$0")/../lib.sh"

nlctl=$SELFTESTS/lib/nlctl
version=$("$nlctl" version)

in_order() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		expect_rc "no family of $name before" 3 family "${name//_/-}"
		expect_ok "insmod $name" insert "$name"
		expect_ok "$name answers" family "${name//_/-}"
		expect_eq "/sys/module/$name/version" "$version" \
			"$(<"/sys/module/$name/version")"
		expect_eq "modinfo's version of $name" "$version" \
			"$(modinfo -F version "$(ko "$name")" 2>&1)"
	done
	for name in utcp_shaper utcp_acl utcp netswitch; do
		expect_ok "rmmod $name" rmmod "$name"
		expect_rc "no family of $name after" 3 family "${name//_/-}"
	done
}

# Any order of dependants will do.
other_order() {
	local name

	load utcp_shaper utcp utcp_acl
	for name in "${ALL_MODULES[@]}"; do
		expect_ok "$name answers" family "${name//_/-}"
	done
	expect_ok "rmmod utcp" rmmod utcp
	expect_ok "rmmod utcp_shaper" rmmod utcp_shaper
	expect_ok "utcp_acl still answers" family utcp-acl
	expect_ok "rmmod utcp_acl" rmmod utcp_acl
}

needs_netswitch() {
	local name mark

	for name in "${DEPENDANTS[@]}"; do
		mark=$(dmesg_mark)
		expect_fail_with "insmod $name alone" "Unknown symbol" insert "$name"
		expect_match "the log says why" "$name: Unknown symbol netswitch_" \
			"$(dmesg_since "$mark")"
		expect_fail "$name is not there" loaded "$name"
		expect_rc "nor is its family" 3 family "${name//_/-}"
		expect_match "modinfo names what $name depends on" '(^|,)netswitch(,|$)' \
			"$(modinfo -F depends "$(ko "$name")")"
	done
	for name in netswitch utcp_acl utcp_shaper; do
		expect_no_match "and $name needs nothing else of us" '(^|,)utcp' \
			"$(modinfo -F depends "$(ko "$name")")"
	done
	expect_ok "modinfo reads netswitch" modinfo -F depends "$(ko netswitch)"
	expect_eq "it depends on nothing" "" "$OUT"
}

netswitch_held() {
	local name

	for name in "${DEPENDANTS[@]}"; do
		load "$name"
		expect_fail_with "rmmod netswitch under $name" "in use" rmmod netswitch
		expect_ok "netswitch still answers" family netswitch
		expect_ok "$name still answers" family "${name//_/-}"
		expect_ok "rmmod $name" rmmod "$name"
		expect_ok "then rmmod netswitch" rmmod netswitch
	done
}

twice() {
	local name

	load_all
	for name in "${ALL_MODULES[@]}"; do
		expect_fail_with "insmod $name again" "File exists" insert "$name"
		expect_ok "$name still answers" family "${name//_/-}"
	done
}

subsets() {
	local set name i

	for ((set = 0; set < 8; set++)); do
		load netswitch
		for i in 0 1 2; do
			name=${DEPENDANTS[i]}
			((set >> i & 1)) && load "$name"
		done
		expect_ok "subset $set: netswitch answers" family netswitch
		for i in 0 1 2; do
			name=${DEPENDANTS[i]}
			if ((set >> i & 1)); then
				expect_ok "subset $set: $name answers" family "${name//_/-}"
			else
				expect_rc "subset $set: no family of $name" 3 family "${name//_/-}"
			fi
		done
		unload_all
		expect_fail "subset $set is gone" loaded netswitch
	done
}

# What was set is gone with the module, and what listened hears nothing odd.
anew() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		load "$name"
	done
	must "$nlctl" netswitch set ports=7
	must "$nlctl" utcp-acl set rules=7
	spawn "$WORK/events" "$nlctl" utcp-acl monitor 1
	wait_for "the listener listens" 20 grep -q ready "$WORK/events"
	expect_ok "rmmod utcp_acl under a listener" rmmod utcp_acl
	unload_all
	load_all
	expect_match "netswitch has its defaults" '^ports 1024$' \
		"$("$nlctl" netswitch get)"
	expect_match "utcp_acl has its defaults" '^rules 262144$' \
		"$("$nlctl" utcp-acl get)"
	expect_eq "the listener heard nothing" ready "$(<"$WORK/events")"
}

no_parameters() {
	local name mark=

	for name in "${ALL_MODULES[@]}"; do
		load netswitch
		loaded "$name" && unload "$name"
		mark=$(dmesg_mark)
		insmod "$(ko "$name")" no_such_parameter=1 >/dev/null 2>&1
		expect_match "the log names the unknown parameter" \
			"$name: unknown parameter 'no_such_parameter'" "$(dmesg_since "$mark")"
		unload_all
	done
}

licence() {
	local name

	for name in "${ALL_MODULES[@]}"; do
		expect_eq "licence of $name" GPL "$(modinfo -F license "$(ko "$name")")"
		expect_match "description of $name" . "$(modinfo -F description "$(ko "$name")")"
	done
}

quiet() {
	local mark

	mark=$(dmesg_mark)
	load_all
	unload_all
	expect_quiet "loading and removing" "$mark"
	expect_no_match "nothing but the taint is said" \
		'netswitch|utcp' "$(dmesg_since "$mark" |
			grep -vE 'taint|signature|module verification|Loading of (unsigned|module)')"
}

run_tests \
	in_order "modules load in order, answer, and leave nothing behind" \
	other_order "dependants load and leave in any order" \
	needs_netswitch "dependants are refused without netswitch" \
	netswitch_held "netswitch cannot be removed from under its dependants" \
	twice "a module cannot be loaded twice" \
	subsets "every subset with netswitch loads and answers" \
	anew "a module loaded again has its defaults" \
	no_parameters "an unknown parameter is named in the log" \
	licence "licence and description are there" \
	quiet "loading says nothing of its own"
