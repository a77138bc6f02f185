#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections that go on for LONG seconds, both directions at once, and both ends compare
# every byte: streams and messages, over a wire and inside a namespace. Beside them others
# come and go, keys are renewed, and the wire loses, reorders, repeats and changes frames,
# and is down for a moment.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

LONG=${LONG:-4}

# probe NAME ARGS... - in the background, on a port of its own
PIDS=()
probe() {
	local name=$1

	shift
	spawn "$WORK/$name" ns t-a timeout $((LONG + 300 * SLOW)) "$HERE/connprobe" \
		-p $((5000 + ${#PIDS[@]})) "$@"
	PIDS+=("$SPAWNED")
}

# short_ones NETNS - one short connection after the other
short_ones() {
	while [ "$SECONDS" -lt "$END" ]; do
		ns t-a "$HERE/connprobe" -p 4999 -n 20 "$1" 5000 || return
		echo "20 more"
	done
}

# disturb - one thing after the other, until it is time
disturb() {
	local NEVER

	exec {NEVER}<> <(:)
	local i=0 harms=("loss 1%" "delay 1ms 500us reorder 25%" "duplicate 5%" "corrupt 1%" "delay 100us")

	while [ "$SECONDS" -lt "$END" ]; do
		# shellcheck disable=SC2086 # words
		netem t-a a0 ${harms[i % 5]} limit 10000
		# shellcheck disable=SC2086 # words
		netem t-b b0 ${harms[(i + 2) % 5]} limit 10000
		sleep $((LONG < 60 ? 1 : 10))
		"$UTCPCTL" -n t-a peer probe "$B" rekey on >/dev/null
		if ((++i % 7 == 6)); then
			# One program: to start another may take seconds here.
			must ip -n t-b -batch - < <(echo "link set b0 down"
				read -rt 0.5 -u "$NEVER"
				echo "link set b0 up")
		fi
	done
}

# came_through NAME PID - it has said nothing but how much there was
came_through() {
	wait "$2"
	expect_eq "$1" 0 $?
	expect_match "$1 says how much there was" '^[0-9]+ bytes, [0-9]+ back$' "$(<"$WORK/$1")"
	note "$1: $(<"$WORK/$1")"
}

goes_on() {
	local names=(stream messages stream_here messages_here slow) i mark ns short

	two
	kernel_has sch_netem
	mark=$(dmesg_mark)
	END=$((SECONDS + LONG))
	probe stream -L "$LONG" "$NETNS"
	probe messages -L "$LONG" -q "$NETNS"
	probe stream_here -L "$LONG" /run/netns/t-a
	probe messages_here -L "$LONG" -q /run/netns/t-a
	probe slow -L "$LONG" -s "$NETNS"
	spawn "$WORK/short" short_ones "$NETNS"
	short=$SPAWNED
	disturb
	netem t-a a0 delay 1us
	netem t-b b0 delay 1us
	for i in "${!names[@]}"; do
		came_through "${names[i]}" "${PIDS[i]}"
	done
	wait "$short"
	expect_eq "short ones" "0 " "$? $(grep -v "20 more" "$WORK/short")"
	note "short connections: $((20 * $(grep -c "20 more" "$WORK/short")))"
	note "handshakes: $(peers t-a '.[0].counters.handshakes')"
	for ns in t-a t-b; do
		expect_eq "no socket is left in $ns" "sockets 0" \
			"$(ns $ns head -1 /proc/net/utcp_stat)"
		wait_for "each frame is accounted for in $ns" 20 all_accounted $ns
		expect_eq "nothing malformed came to $ns" 0 \
			"$("$UTCPCTL" -n $ns -j peer stats | gojq '.drops.chunk // 0')"
	done
	# Which also asks whether all of their memory is back.
	unload_all
	expect_quiet "no complaint" "$mark"
}

run_tests \
	goes_on "connections go on, and all that arrives is right"
