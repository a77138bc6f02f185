#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tool against modules: what it shows is what is there, what it sets is set,
# and what the kernel refuses it says, with the word it is about.
. "$(dirname "$0")/../lib.sh"

nlctl=$SELFTESTS/lib/nlctl
version=$("$nlctl" version)

# query FILTER - of the last command's output, which has to be JSON
query() {
	gojq -r "$1" <<<"$OUT" 2>&1
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"
}

versions() {
	expect_ok "version without modules" "$UTCPCTL" version
	expect_match "the tool's" "^utcpctl $version, libutcp $version\$" "$OUT"
	expect_match "netswitch is not loaded" '^netswitch not loaded$' "$OUT"
	load_all
	expect_ok "version with modules" "$UTCPCTL" -j version
	expect_eq "of the tool" "$version" "$(query .tool)"
	expect_eq "of the modules" "$version $version $version $version" \
		"$(query '[.modules[].version] | join(" ")')"
	expect_eq "contract numbers" "1 1 1 1" "$(query '[.modules[].abi] | join(" ")')"
}

status() {
	local name i

	load_all
	expect_rc "status, all loaded" 0 "$UTCPCTL" status
	expect_match "says so" '^everything works$' "$OUT"
	expect_rc "as JSON" 0 "$UTCPCTL" -j status
	expect_eq "it works" true "$(query .works)"
	expect_eq "the kernel" "$(uname -r)" "$(query .kernel.release)"
	expect_eq "the modules" "netswitch loaded utcp loaded utcp_acl loaded utcp_shaper loaded" \
		"$(query '[.modules[] | .module, .state] | join(" ")')"
	expect_eq "no problem" 0 "$(query '[.modules[].problems[]] | length')"
	for i in 3 2 1; do
		name=${ALL_MODULES[i]}
		unload "$name"
		expect_rc "status without $name" 3 "$UTCPCTL" -j status
		expect_eq "it does not work" false "$(query .works)"
		expect_eq "$name is missing" not-installed "$(query ".modules[$i].state")"
		expect_match "which is told" "module $name is not installed" \
			"$(query ".modules[$i].problems[].message")"
		insert "$name"
	done
}

# Installed, and not loaded.
status_installed() {
	install_modules
	expect_rc "status" 3 "$UTCPCTL" status
	expect_match "says what to do" '^ *try: modprobe netswitch$' "$OUT"
	expect_ok "which is done" modprobe netswitch
	expect_rc "status" 3 "$UTCPCTL" -j status
	expect_eq "netswitch is there" loaded "$(query '.modules[0].state')"
	expect_eq "utcp is not" not-loaded "$(query '.modules[1].state')"
	expect_eq "its file" "/lib/modules/$(uname -r)/updates/dkms/utcp.ko" \
		"$(query '.modules[1].file')"
	expect_eq "what to do" "modprobe utcp" "$(query '.modules[1].problems[0].hint')"
}

limits_shown() {
	local family name value

	load_all
	expect_ok "limit show" "$UTCPCTL" -j limit show
	for family in netswitch utcp utcp-acl utcp-shaper; do
		while read -r name value; do
			expect_eq "$family $name" "$value" \
				"$(query ".[] | select(.family == \"$family\") | .limits.\"$name\"")"
		done < <("$nlctl" "$family" get)
	done
	expect_ok "limit show of one" "$UTCPCTL" -j limit show utcp-acl
	expect_eq "is that one" utcp-acl "$(query '.[].family')"
	expect_ok "as text" "$UTCPCTL" limit show utcp
	expect_match "has its limits" 'cells 64\b' "$OUT"
	expect_ok "pretty" "$UTCPCTL" -p limit show utcp
	expect_eq "is JSON, too" 64 "$(query '.[0].limits.cells')"
}

limits_set() {
	load_all
	expect_ok "limit set" "$UTCPCTL" -j limit set utcp cells 10 peers 20
	expect_eq "shows what is in force" "10 20" "$(query '.limits | "\(.cells) \(.peers)"')"
	expect_match "is set" '^cells 10$' "$(family utcp)"
	expect_match "both are" '^peers 20$' "$(family utcp)"
	expect_ok "cut short" "$UTCPCTL" lim se utcp-s q 128
	expect_match "is set, too" '^queued 128$' "$(family utcp-shaper)"
	expect_ok "more again" "$UTCPCTL" limit set utcp cells 11
	expect_match "is set, three" '^cells 11$' "$(family utcp)"
}

refused() {
	load_all
	expect_rc "out of range" 2 "$UTCPCTL" limit set utcp peers 7 cells 4097
	expect_match "is said of that word" 'cells' "$OUT"
	expect_no_match "and of no other" 'peers' "$OUT"
	expect_match "nothing was set" '^peers 4096$' "$(family utcp)"
	expect_rc "as JSON" 2 "$UTCPCTL" -j limit set utcp cells 4097
	expect_eq "its errno" 34 "$(query .error.errno)"
	expect_eq "its attribute" limits.cells "$(query .error.attribute)"
	expect_eq "its option" cells "$(query .error.option)"
	expect_rc "by nobody" 5 as_nobody "$UTCPCTL" limit set utcp cells 5
	expect_match "the kernel's words" \
		"changing limits needs CAP_NET_ADMIN over the network namespace" "$OUT"
	expect_rc "in a sandbox: lower" 0 as_nobody unshare -rn "$UTCPCTL" limit set utcp cells 5
	expect_rc "in a sandbox: raise" 5 as_nobody unshare -rn "$UTCPCTL" limit set utcp cells 65
	expect_match "the kernel's words" \
		"raising a limit needs CAP_NET_ADMIN in the initial user namespace" "$OUT"
	expect_match "with the word" cells "$OUT"
	expect_match "nothing was set" '^cells 64$' "$(family utcp)"
}

exit_codes() {
	load netswitch
	expect_rc "0: done" 0 "$UTCPCTL" limit show netswitch
	expect_rc "1: no such object" 1 "$UTCPCTL" nonsense
	expect_match "is named" nonsense "$OUT"
	expect_rc "1: no such family" 1 "$UTCPCTL" limit show nonsense
	expect_rc "1: no such limit" 1 "$UTCPCTL" limit set netswitch nonsense 5
	expect_rc "1: no number" 1 "$UTCPCTL" limit set netswitch ports many
	expect_rc "1: no value" 1 "$UTCPCTL" limit set netswitch ports
	expect_rc "1: ambiguous" 1 "$UTCPCTL" limit set netswitch r 5
	expect_rc "1: unknown option" 1 "$UTCPCTL" --nonsense version
	expect_rc "2: refused" 2 "$UTCPCTL" limit set netswitch ports 65536
	expect_rc "3: module not loaded" 3 "$UTCPCTL" limit show utcp
	expect_match "is named" utcp "$OUT"
	expect_rc "3: no such namespace" 3 "$UTCPCTL" -n nonsense limit show
	expect_match "is named" nonsense "$OUT"
	expect_rc "5: no permission" 5 as_nobody "$UTCPCTL" limit set netswitch ports 5
	# shellcheck disable=SC2016 # for the inner shell
	expect_rc "2: a full disk" 2 bash -c '"$0" limit show >/dev/full' "$UTCPCTL"
}

in_namespace() {
	load_all
	ns_add t-a
	expect_ok "set there" "$UTCPCTL" -n t-a limit set utcp cells 9
	expect_match "it is set there" '^cells 9$' "$(ns t-a "$nlctl" utcp get)"
	expect_match "and not here" '^cells 64$' "$(family utcp)"
	expect_ok "shown from here" "$UTCPCTL" -j -n t-a limit show utcp
	expect_eq "as it is there" 9 "$(query '.[0].limits.cells')"
	expect_ok "by path" "$UTCPCTL" -j -n /run/netns/t-a limit show utcp
	expect_eq "the same" 9 "$(query '.[0].limits.cells')"
}

batches() {
	load_all
	printf '%s\n' '# a comment' 'limit set utcp cells 7' '' \
		'limit set netswitch ports 8 # another' 'limit show utcp' >"$WORK/good"
	expect_ok "a batch" "$UTCPCTL" -b "$WORK/good"
	expect_match "its first command" '^cells 7$' "$(family utcp)"
	expect_match "its second" '^ports 8$' "$(family netswitch)"
	printf '%s\n' 'limit set utcp cells 6' 'limit set utcp cells 5000' \
		'limit set utcp cells 5' >"$WORK/bad"
	expect_rc "a batch with a refused line" 2 "$UTCPCTL" -b "$WORK/bad"
	expect_match "names the line" 'bad:2' "$OUT"
	expect_match "stops there" '^cells 6$' "$(family utcp)"
	expect_rc "with --force" 2 "$UTCPCTL" -f -b "$WORK/bad"
	expect_match "goes on" '^cells 5$' "$(family utcp)"
	# shellcheck disable=SC2016 # for the inner shell
	expect_ok "from standard input" bash -c 'echo limit set utcp cells 4 | "$0" -b -' "$UTCPCTL"
	expect_match "does the same" '^cells 4$' "$(family utcp)"
}

# events COUNT - are so many lines there?
events() {
	[ "$(wc -l <"$WORK/events")" -ge "$1" ]
}

# The monitor tells modules that come and go, and says nothing when it is ready:
# what it is sent until its first event shows that.
monitors() {
	load netswitch
	spawn "$WORK/events" "$UTCPCTL" -j monitor
	_poke() {
		"$nlctl" netswitch set "ports=$((RANDOM % 1000))" && events 1
	}
	wait_for "the monitor listens" 30 _poke
	must "$nlctl" netswitch set ports=1001 rings=77
	_seen() {
		grep -q '"rings":77' "$WORK/events"
	}
	wait_for "a change is told" 20 _seen
	OUT=$(grep '"rings":77' "$WORK/events")
	expect_eq "its kind" "limits netswitch" "$(query '"\(.event) \(.family)"')"
	expect_eq "its values" "1001 77" "$(query '.limits | "\(.ports) \(.rings)"')"
	load utcp
	_seen() {
		grep -q '"loaded".*"utcp"' "$WORK/events"
	}
	wait_for "a module that comes is told" 20 _seen
	must "$nlctl" utcp set cells=3
	_seen() {
		grep -q '"cells":3' "$WORK/events"
	}
	wait_for "and its changes" 20 _seen
	unload utcp
	_seen() {
		grep -q '"unloaded".*"utcp"' "$WORK/events"
	}
	wait_for "a module that goes is told" 20 _seen
	expect_ok "every line is JSON" gojq -e . "$WORK/events"
	kill "$SPAWNED"
	wait "$SPAWNED"
	expect_eq "it ends well when told to" 0 "$?"
	expect_rc "nobody may not listen" 5 as_nobody timeout 20 "$UTCPCTL" monitor
}

# What a user types gives help, at every level.
helps() {
	local object

	for object in help limit monitor status version; do
		expect_ok "$object help" "$UTCPCTL" "$object" help
		expect_match "it is one" '^Usage: utcpctl' "$OUT"
	done
}

run_tests \
	versions "versions of tool and modules" \
	status "status tells each missing module" \
	status_installed "status tells how to load what is installed" \
	limits_shown "limits are shown as they are" \
	limits_set "limits are set" \
	refused "what the kernel refuses is told with its reason and its word" \
	exit_codes "exit codes" \
	in_namespace "-n works in that namespace" \
	batches "batches" \
	monitors "monitor" \
	helps "help"
