#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# net.sh [RUN-OPTIONS] { [-n NAME] [-k KERNEL] [-o RUN-OPTION]... COMMAND }...
# - boot several guests on one virtual Ethernet, run a shell command in each
#
# Options before the first -n or -k go to every guest's run.sh.  Every guest has
# an eth0 (down, MAC 02:00:00:00:00:01, :02, … in order) on one segment; frames
# go to all the others.  Lines are printed as "NAME| line".  In the guest,
# UTCP_NET_SELF is the own number (1, 2, …), UTCP_NET_COUNT how many there are,
# UTCP_NET_DIR a directory that all of them may write to, for meeting points.
# When a file kill.N appears there, guest N is killed, and boots again, with another
# UTCP_NET_LIFE than 1.
# The exit status is the worst of the guests'.
#
#   net.sh -t 120 -k 6.1 'cmd a' -k 6.12 'cmd b'
#   -n NAME     of the guest that follows (a, b, c, …)
#   -k KERNEL   its kernel, as for kernel.sh (that of the guest before)
#   -o OPTION   for its run.sh; once for each word
#   -p FILE     write all frames there, as pcap

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"
export DIE_STATUS=125

usage() {
	sed -n '4,/^$/s/^# \{0,1\}//p' "$0" >&2
	exit 125
}

common=() pcap='' names=() kernels=() commands=() options=()
while [ $# -gt 0 ]; do
	case $1 in
	-k | -n | -o) break ;;
	-p) pcap=${2?} && shift 2 ;;
	-c | -m | -t | -a | -e | --cpus | --memory | --limit | --append | --env | --accel | \
	--root | --rw | --load | --expect-splat)
		common+=("$1" "${2?}") && shift 2 ;;
	--kmemleak | -v | --verbose) common+=("$1") && shift ;;
	*) break ;;
	esac
done
name='' kernel=6.1 own=()
while [ $# -gt 0 ]; do
	case $1 in
	-n) name=${2?} && shift 2 ;;
	-k) kernel=${2?} && shift 2 ;;
	-o) own+=("${2?}") && shift 2 ;;
	-*) say "$1: no such option here" && usage ;;
	*)
		i=${#commands[@]}
		letters=abcdefghijklmnop
		names+=("${name:-${letters:i:1}}")
		kernels+=("$kernel")
		commands+=("$1")
		# Without any, printf would print one that is empty.
		options+=("$([ ${#own[@]} = 0 ] || printf '%q ' "${own[@]}")")
		name='' own=()
		shift
		;;
	esac
done
case ${#commands[@]} in
[2-9] | 1[0-6]) ;;
*) usage ;;
esac

# All kernels first: a guest should not wait for another's download.
"$VM_DIR/kernel.sh" "${kernels[@]}" >/dev/null

# Names of sockets have to be short.
dir=$(mktemp -d /tmp/utcp-net.XXXXXX)
pids=()
# shellcheck disable=SC2317 # the trap calls it
finish() {
	local pid

	# Each runner ends its own guest.
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	wait
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir "$dir/meet"

perl "$VM_DIR/hub.pl" "$dir" "${#commands[@]}" "$pcap" &
pids+=($!)
hub=$!
until [ -S "$dir/hub" ]; do
	kill -0 "$hub" 2>/dev/null || die 'the hub did not start'
	sleep 0.05
done

# run_guest NUMBER LIFE
run_guest() {
	local i=$1
	local -a own

	eval "own=(${options[i]})"
	exec "$VM_DIR/run.sh" --prefix "${names[i]}| " "${common[@]}" -k "${kernels[i]}" \
		--link "$(printf '02:00:00:00:00:%02x,%s,%s' $((i + 1)) "$dir/$i" "$dir/hub")" \
		--rw "$dir/meet" -e "UTCP_NET_DIR=$dir/meet" \
		-e "UTCP_NET_SELF=$((i + 1))" -e "UTCP_NET_COUNT=${#commands[@]}" -e "UTCP_NET_LIFE=$2" \
		"${own[@]}" -- bash -c "${commands[i]}"
}

guest() {
	local i=$1 life=1 rc runner='' order=$dir/meet/kill.$(($1 + 1))

	trap '[ -z "$runner" ] || { kill "$runner" && wait "$runner"; } 2>/dev/null; exit 143' TERM
	while :; do
		run_guest "$i" "$life" &
		runner=$!
		until [ -e "$order" ] || ! kill -0 "$runner" 2>/dev/null; do
			sleep 0.2
		done
		# It may have ended by itself meanwhile, which wait says.
		[ ! -e "$order" ] || kill "$runner" 2>/dev/null || true
		rc=0
		wait "$runner" || rc=$?
		[ -e "$order" ] || exit "$rc"
		rm "$order"
		life=$((life + 1))
	done
}

guests=()
for i in "${!commands[@]}"; do
	guest "$i" </dev/null &
	guests+=($!)
	pids+=($!)
done

worst=0
for i in "${!guests[@]}"; do
	rc=0
	wait "${guests[i]}" || rc=$?
	[ $rc = 0 ] || say "${names[i]}: exit status $rc"
	[ $rc -le $worst ] || worst=$rc
done
kill "$hub"
pids=()
wait
exit $worst
