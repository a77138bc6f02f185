#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes are made and removed as a whole, whatever fails or dies when.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

STEPS="state address policy rate namespace bridge link closed inside cell publish up ready"
UNDONE="ready publish link namespace rate policy address state"

# serving COMMAND... - of a sandbox with a forwarder
serving() {
	"$@" sandbox create t-a --mode host-loopback --service tcp 5432
}

# link - is the host's side of the only link up, and to how many policies is it bound?
link() {
	echo "$(($(cat /sys/class/net/sbx*/flags) & 1)) $("$UTCPCTL" -j acl bindings | gojq length)"
}

fails() {
	local before step

	faulty
	before=$(things)
	for step in $STEPS; do
		expect_rc "$step fails" 2 full env UTCP_FAULT="fail:$step" "$FAULT"
		expect_eq "and nothing is left" "$before" "$(things)"
	done
	expect_rc "forwarder fails" 2 serving env UTCP_FAULT=fail:forwarder "$FAULT"
	expect_eq "and nothing is left" "$before" "$(things)"
	wait_for "nor its process" 10 no_forwarder
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
		case $step in
		link) expect_eq "its link is down" "0 0" "$(link)" ;;
		# Whatever its order: never bound after it is up.
		closed | publish) expect_eq "its link is down, and bound" "0 1" "$(link)" ;;
		up) expect_eq "its link is up, and bound" "1 1" "$(link)" ;;
		# What is complete is no leftover.
		ready) must sandbox delete t-a ;;
		esac
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
	must sandbox delete t-a
	serving env UTCP_FAULT=die:forwarder "$FAULT" >"$WORK/out" 2>&1
	expect_eq "its maker dies at forwarder" 137 $?
	must sandbox gc
	expect_eq "and gc finds all" "$before" "$(things)"
	wait_for "with its process" 10 no_forwarder
	must serving "$UTCPCTL"
	env UTCP_FAULT=die-undone:forwarder "$FAULT" sandbox delete t-a >"$WORK/out" 2>&1
	expect_eq "its remover dies at forwarder" 137 $?
	must sandbox gc
	expect_eq "and gc goes on" "$before" "$(things)"
	must full "$UTCPCTL"
	must ip netns del t-a
	expect_match "one without a namespace is a leftover" "^t-a " "$(sandbox gc)"
	expect_eq "and goes" "$before" "$(things)"
}

# Files that cannot be read: of a sandbox with everything, of others, of their network.
damaged() {
	local before state=/run/utcp/sandboxes

	faulty
	before=$(things)
	must full "$UTCPCTL"
	must sandbox create t-b
	must sandbox create t-c
	: >$state/t-a
	must sed -i 's/"version":1/"version":2/' $state/t-c
	expect_rc "one that is damaged is named" 2 sandbox list
	expect_match "with what is wrong" "t-a is damaged" "$OUT"
	expect_match "and the others are listed" "^t-b none ready" "$OUT"
	expect_match "as another version's is" "^t-c damaged" "$OUT"
	expect_fail_with "which can be asked about" "of version 2" sandbox show t-c
	must ip netns del t-b
	expect_rc "gc says so" 2 sandbox gc
	expect_match "and goes on" "^t-b none" "$OUT"
	expect_rc "its port is nobody else's yet" 4 sandbox create t-b --mode custom --publish 8080:80
	expect_rc "it was made" 1 sandbox release t-c
	expect_ok "it is deleted with its processes" sandbox delete t-a --kill
	expect_ok "the other one as well" sandbox delete t-c
	expect_eq "and nothing is left" "$before" "$(things)"
	must full "$UTCPCTL"
	must sh -c 'echo "{" >/run/utcp/networks/utcp0'
	expect_fail_with "a network that is damaged is named" "networks/utcp0 is damaged" sandbox gc
	expect_ok "who is in it can go" sandbox delete t-a
	expect_eq "and it goes with the last one" "$before" "$(things)"
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
	damaged "files that are damaged keep nobody from the others" \
	together "many at once get addresses of their own"
