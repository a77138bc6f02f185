#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# across.sh KERNEL KERNEL SELFTESTS MODULES-OF-1 MODULES-OF-2 UTCPCTL - frames
# between two kernels: boots both on one Ethernet, runs across/across.sh of the
# installed selftests in each, prints the TAP of both, one behind the other.
set -euo pipefail

if [ $# != 6 ]; then
	sed -n '4,6s/^# //p' "$0" >&2
	exit 2
fi
vm=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp)
trap 'rm -f "$out"' EXIT
rc=0
# shellcheck disable=SC2016 # the guest's variable
command='exec "$TESTS/across/across.sh"'
"$vm/net.sh" -t 600 -e "TESTS=$(realpath "$3")" -e "UTCPCTL=$(realpath "$6")" -e "SLOW=${SLOW:-1}" \
	-k "$1" -o -e -o "MODULES=$(realpath "$4")" "$command" \
	-k "$2" -o -e -o "MODULES=$(realpath "$5")" "$command" >"$out" || rc=$?
for side in a b; do
	sed -n "s/^$side| //p" "$out"
done
exit "$rc"
