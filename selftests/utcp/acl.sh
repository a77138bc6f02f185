#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections and access lists: what becomes of what a rule had allowed, when it goes.
#
#	UTCPCAT		the program (default: beside $UTCPCTL)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/hosts.sh"

UTCPCAT=${UTCPCAT:-$(dirname "$(command -v "$UTCPCTL")")/utcpcat}
declare -A FD CALLER CALLED

# acl NS ARGS... - the tool there
acl() {
	local ns=$1

	shift
	"$UTCPCTL" -n "$ns" acl "$@"
}

# rule NS TEXT... - one is added to the policy "box"; $HANDLE
rule() {
	local ns=$1

	shift
	must acl "$ns" add box "$@"
	HANDLE=$("$UTCPCTL" -n "$ns" -j acl show box | gojq 'map(.handle) | max')
}

# bridged - A and B on a bridge
bridged() {
	load utcp_acl
	two_at_bridge
}

# boxed NS DEV - and at this port everything is denied: h0 of the bridge has A in a sandbox
boxed() {
	bridged
	must "$UTCPCTL" -n "$1" port add "$2" policy
	must acl "$1" new box
	must acl "$1" bind "$2" box
}

# call NAME FROM TO CELL PORT - a connection that stays
call() {
	local name=$1 fd

	rm -f "$WORK/$name.in"
	must mkfifo "$WORK/$name.in"
	exec {fd}<>"$WORK/$name.in"
	FD[$name]=$fd
	[ -p "$WORK/never" ] || must mkfifo "$WORK/never"
	ip netns exec "$3" "$UTCPCAT" -v -l "$5" \
		<>"$WORK/never" >"$WORK/$name" 2>"$WORK/$name.err" &
	CALLED[$name]=$!
	defer _stop $!
	wait_for "$name: somebody listens" 10 grep -qs "listens on" "$WORK/$name.err"
	ip netns exec "$2" "$UTCPCAT" "$4" "$5" <&"$fd" >/dev/null 2>"$WORK/$name.call" &
	CALLER[$name]=$!
	defer _stop $!
	says "$name" begun
}

# says NAME WORD - the word gets to the other end
says() {
	echo "$2" >&"${FD[$1]}"
	wait_for "$1: $2" 20 grep -qsx "$2" "$WORK/$1"
}

# ended NAME - by the policy, as both ends say
ended() {
	wait_for "$1 ends for who has called" 20 grep -qs "Permission denied" "$WORK/$1.call"
	wait_for "$1 ends for who was called" 20 grep -qs "Permission denied" "$WORK/$1.err"
}

# Without rules about cells those about frames count.
frames() {
	bridged
	must "$UTCPCTL" -n t-h port add h0 policy
	must acl t-h new box in allow out allow
	must acl t-h bind h0 box
	call first t-a t-b "$B" 7001
	rule t-h out deny ethertype 0x88b5
	ended first
	expect_fail_with "nor does a new one begin" EACCES conn -c "7001@$(hex "$B")"
	must acl t-h remove box "$HANDLE"
	call second t-a t-b "$B" 7002
	must acl t-h set box in deny
	ended second
	must acl t-h set box in allow
	call third t-a t-b "$B" 7003
	rule t-h in deny expires 2s
	ended third
	wait_for "a rule that ends is heeded" 30 ns t-a timeout $((60 * SLOW)) \
		"$HERE/connprobe" "$NETNS" 1000
}

# no_session - neither end has one
no_session() {
	[ "$(peers t-a 'any(.session)') $(peers t-b 'any(.session)')" = "false false" ]
}

kept() {
	local out in third

	boxed t-h h0
	rule t-h out allow proto utcp dst "$B" dport 7001
	out=$HANDLE
	rule t-h in allow proto utcp src "$B" dport 7002
	in=$HANDLE
	call out t-a t-b "$B" 7001
	call in t-b t-a "$A" 7002
	must acl t-h remove box "$out" --keep
	says out rule-gone
	must acl t-h remove box "$in" --keep
	says in rule-gone
	expect_fail_with "new ones do not come" EACCES conn -c "7001@$(hex "$B")"
	expect_fail_with "in either direction" EACCES ns t-b "$HERE/connprobe" -c "7002@$(hex "$A")"

	# A connection that is not kept ends: so all have been asked about.
	rule t-h out allow proto utcp dst "$B" dport 7003
	third=$HANDLE
	call third t-a t-b "$B" 7003
	must acl t-h remove box "$third"
	ended third
	says out another-gone
	says in another-gone
	# B, whose port asks nobody, begins; A answers.
	must "$UTCPCTL" -n t-b peer probe "$A" rekey on
	_rekeyed() {
		[ "$(peers t-a '.[0].counters.handshakes >= 2')" = true ]
	}
	wait_for "there are new keys" 20 _rekeyed
	says out new-keys
	says in new-keys
	echo "policy box" >"$WORK/none"
	must acl t-h apply "$WORK/none" --keep
	rule t-h out allow proto utcp dst "$B" dport 7004
	third=$HANDLE
	call fourth t-a t-b "$B" 7004
	must acl t-h remove box "$third"
	ended fourth
	says out loaded
	says in loaded
	must acl t-h apply "$WORK/none"
	ended out
	ended in
	wait_for "and there is no session" 20 no_session
}

not_kept() {
	boxed t-h h0
	rule t-h out allow proto utcp dst "$B" dport 7001
	call out t-a t-b "$B" 7001
	must acl t-h remove box "$HANDLE"
	ended out
	wait_for "and there is no session" 20 no_session
}

last_of_kept() {
	boxed t-h h0
	rule t-h out allow proto utcp dst "$B" dport 7001
	call out t-a t-b "$B" 7001
	must acl t-h remove box "$HANDLE" --keep
	says out rule-gone
	must kill "${CALLER[out]}" "${CALLED[out]}"
	wait_for "with the last one that was kept the session goes" 20 no_session
}

late() {
	bridged
	call out t-a t-b "$B" 7001
	must "$UTCPCTL" -n t-h port add h0 policy
	must acl t-h new box
	rule t-h out allow proto utcp dst "$A"
	must acl t-h bind h0 box
	ended out
	wait_for "and there is no session" 20 no_session
}

inside() {
	local first

	boxed t-a lo
	rule t-a in allow proto utcp src "$A" dport 7001
	first=$HANDLE
	rule t-a in allow proto utcp src "$A" dport 7002
	call self t-a t-a "$A" 7001
	call other t-a t-a "$A" 7002
	must acl t-a remove box "$first" --keep
	must acl t-a remove box "$HANDLE"
	ended other
	says self rule-gone
	expect_fail_with "new ones do not come" EACCES conn -c "7001@$(hex "$A")"
	echo "policy box" >"$WORK/none"
	must acl t-a apply "$WORK/none"
	ended self
}

# Who was not found is not looked for in the second after that, but for this.
found_again() {
	local b16

	boxed t-h h1
	spawn "$WORK/listens" ip netns exec t-b "$UTCPCAT" -v -l -k 7001
	wait_for "somebody listens" 10 grep -qs "listens on" "$WORK/listens"
	b16=$(hex "$B")
	expect_fail_with "whose list refuses is not found" EHOSTUNREACH conn -c "7001@$b16"
	must acl t-h add box in allow proto utcp src "$A" dport 7001
	expect_ok "and is at once when it does not" conn -c "7001@$b16"
}

run_tests \
	kept "connections that are kept live on, through further changes" \
	not_kept "and those that are not, end" \
	last_of_kept "a session lives no longer than what was kept" \
	frames "rules about frames" \
	late "a list that comes late ends what it refuses, at both ends" \
	inside "connections inside a namespace" \
	found_again "a list that allows is heeded at once"
