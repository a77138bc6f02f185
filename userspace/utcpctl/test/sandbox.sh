#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real utcpctl and sandboxes of mode none, which need no module, in namespaces of the
# test's own. Prints TAP. All other modes are tried by selftests/sandbox/.
#
#   UTCPCTL=FILE sandbox.sh
# shellcheck disable=SC2016 # for the shell inside
set -u

: "${UTCPCTL:?the tool to test}"

. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

# inside WANT DESCRIPTION SCRIPT - what a script says where /run and all names are its own,
# and /sys is, which a program in a sandbox gets anew
inside() {
	local out

	out=$(timeout -k 1 60 "${unshare[@]}" --kill-child --mount-proc bash -c \
		'mount -t tmpfs none /run || exit; utcpctl=$0; '"$3" "$UTCPCTL" 2>&1)
	[ "$out" = "$1" ]
	report $? "$2" "$out"
}

unshare=(unshare -mpfn)
# In a namespace of users there are no sandboxes.
if [ "$(id -u)" != 0 ] || ! "${unshare[@]}" --mount-proc mount -t tmpfs none /run 2>/dev/null; then
	echo '1..0 # SKIP no namespaces, or not root'
	exit 0
fi

inside $'here\n7' "a program runs, its exit code is told, and nothing is left" \
	'$utcpctl sandbox run c --mode none -- sh -c "echo here; exit 7"; echo $?
	$utcpctl sandbox list; ls /run/netns'
inside $'here\n7' "also if whom it was started by ignores SIGCHLD" \
	'timeout -k 1 10 env --ignore-signal=CHLD \
		$utcpctl sandbox run c --mode none -- sh -c "echo here; exit 7"; echo $?
	$utcpctl sandbox list; ls /run/netns'
inside $'utcpctl: its namespace: cannot make "/run/netns/c": File exists\n2\nc' \
	"a name that somebody else is about to use is left alone" \
	'mkdir /run/netns; touch /run/netns/c
	$utcpctl sandbox create c --mode none; echo $?; $utcpctl sandbox list; ls /run/netns'
inside $'utcpctl: writing it down: cannot write "/run/utcp/sandboxes/d": No space left on device\n2\n0' \
	"where there is no room left nothing is made, and all is removed" \
	'mount -o remount,size=64k /run && $utcpctl sandbox create c --mode none >/dev/null
	dd if=/dev/zero of=/run/full bs=4k 2>/dev/null
	$utcpctl sandbox create d --mode none; echo $?; $utcpctl sandbox delete c >/dev/null; echo $?
	$utcpctl sandbox list; ls /run/netns'

inside $'0\n0\n1' "a forwarder does not take another namespace of the name for its own" \
	'$utcpctl sandbox create b --mode host-loopback --service tcp 5432 >/dev/null; echo $?
	pid=$(pgrep -x utcp-forward) && kill -STOP "$pid"
	umount /run/netns/b && rm /run/netns/b && ip netns add b; echo $?; kill -CONT "$pid"
	for ((i = 0; i < 100; i++)); do pgrep -x utcp-forward >/dev/null || break; sleep 0.1; done
	pgrep -x utcp-forward >/dev/null; echo $?'

reported
