#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest.sh -m MODULES -x PROGRAMS [-u UTCPCTL] CASE...
#
# Runs benchmark cases on the kernel it finds itself on (in a guest, or natively) and prints what
# they measured, one line each, for report.py:
#
#	META key value				about the machine
#	CASE name				a case begins
#	ABOUT name key value			what the case says of itself
#	RESULT name variant value unit		one figure
#	ABSENT name variant reason		a row that cannot be measured here
#	FAILED name				the case broke off
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
MODULES='' PROGS='' UTCPCTL=''
while getopts m:x:u: option; do
	case $option in
	m) MODULES=$OPTARG ;;
	x) PROGS=$OPTARG ;;
	u) UTCPCTL=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
export MODULES PROGS UTCPCTL

cpu_field() {
	sed -n "s/^$1[[:space:]]*: //p" /proc/cpuinfo | head -n 1
}

printf 'META kernel %s\n' "$(uname -r)"
printf 'META version %s\n' "$(uname -v)"
printf 'META cpu %s\n' "$(cpu_field 'model name')"
printf 'META flags %s\n' "$(cpu_field flags)"
printf 'META cpus %s\n' "$(nproc)"
printf 'META clocksource %s\n' "$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"

# Work left over from booting shares the CPU for a while; sleeping is free under this clock.
sleep 10

rc=0
for name; do
	if ! [ -e "$here/cases/$name.sh" ]; then
		printf 'guest.sh: no case named %s\n' "$name" >&2
		exit 2
	fi
	# A subshell of its own, not in a condition: set -e must hold in it.
	set +e
	(
		set -euo pipefail
		# shellcheck source-path=SCRIPTDIR source=lib.sh
		. "$here/lib.sh"
		# shellcheck source=/dev/null
		. "$here/cases/$name.sh"
		printf 'CASE %s\n' "$name"
		# shellcheck disable=SC2154 # the case has set them
		{
			printf 'ABOUT %s title %s\n' "$name" "$title"
			printf 'ABOUT %s unit %s\n' "$name" "$unit"
			printf 'ABOUT %s ours %s\n' "$name" "$ours"
			printf 'ABOUT %s goals %s\n' "$name" "${goals:-}"
			printf 'ABOUT %s reference %s\n' "$name" "$reference"
			printf 'ABOUT %s repeat %s\n' "$name" "$repeat"
		}
		run
	)
	case_rc=$?
	set -e
	if ((case_rc)); then
		printf 'FAILED %s\n' "$name"
		rc=1
	fi
done
exit $rc
