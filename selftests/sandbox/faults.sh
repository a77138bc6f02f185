#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes are made and removed as a whole, whatever fails or dies when.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

STEPS="state address policy rate namespace bridge link closed inside cell publish up ready"
UNDONE="publish link namespace rate policy address state"

# full COMMAND... - of a sandbox that has everything
full() {
	"$@" sandbox create t-a --mode custom --rate 50m --cell --publish 8080:80 \
		--allow out proto tcp dport 443
}

faulty() {
	[ -x "$FAULT" ] || skip_test "there is no $FAULT"
	begin utcp utcp_acl utcp_shaper
}

fails() {
	local before step

	faulty
	before=$(things)
	for step in $STEPS; do
		expect_rc "$step fails" 2 full env UTCP_FAULT="fail:$step" "$FAULT"
		expect_eq "and nothing is left" "$before" "$(things)"
	done
	expect_ok "in the end it is made" full "$UTCPCTL"
	must sandbox delete t-a
	expect_eq "and goes without a trace" "$before" "$(things)"
}

dies() {
	local before step

	faulty
	before=$(things)
	for step in $STEPS; do
		full env UTCP_FAULT="die:$step" "$FAULT" >"$WORK/out" 2>&1
		expect_eq "its maker dies at $step" 137 $?
		# What is complete is no leftover.
		[ "$step" = ready ] && must sandbox delete t-a
		must sandbox gc
		expect_eq "and gc finds all" "$before" "$(things)"
	done
	full env UTCP_FAULT=die:publish "$FAULT" >"$WORK/out" 2>&1
	expect_ok "what a dead maker has published others may" sandbox create t-b --mode custom --publish 8080:80
	must sandbox delete t-b
	expect_eq "and it goes" "$before" "$(things)"
	full env UTCP_FAULT=die:link "$FAULT" >"$WORK/out" 2>&1
	expect_ok "what a dead maker left makes room" full "$UTCPCTL"
	for step in $UNDONE; do
		env UTCP_FAULT="die-undone:$step" "$FAULT" sandbox delete t-a >"$WORK/out" 2>&1
		expect_eq "its remover dies at $step" 137 $?
		must sandbox gc
		expect_eq "and gc goes on" "$before" "$(things)"
		must full "$UTCPCTL"
	done
	must ip netns del t-a
	expect_match "one without a namespace is a leftover" "^t-a " "$(sandbox gc)"
	expect_eq "and goes" "$before" "$(things)"
}

# Four at once, of which some are killed.
together() {
	local before i pids=() addrs

	faulty
	before=$(things)
	maker() {
		local n

		for n in 1 2 3 4; do
			if [ "$n" = 3 ]; then
				UTCP_FAULT=die:inside "$FAULT" sandbox create "t-$1-$n" --mode bridged
			else
				sandbox create "t-$1-$n" --mode bridged
			fi
		done
	}
	for i in 1 2 3 4; do
		maker "$i" >>"$WORK/made" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	addrs=$("$UTCPCTL" -j sandbox list | gojq -r '.[] | .addr[]?' | sort)
	expect_eq "all that was to be made is" 12 "$(sandbox list | grep -c ' ready ')"
	expect_eq "no address was given twice" "$addrs" "$(sort -u <<<"$addrs")"
	expect_eq "each dead maker left one" 4 "$(sandbox gc | grep -c creating)"
	remove_all
	expect_eq "and all go" "$before" "$(things)"
}

run_tests \
	fails "a step that fails leaves nothing" \
	dies "a maker or remover that dies leaves what gc finds" \
	together "many at once get addresses of their own"
