#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# across.sh KERNEL KERNEL SELFTESTS MODULES-OF-1 MODULES-OF-2 UTCPCTL - frames
# between two kernels: boots both on one Ethernet, runs across/across.sh of the
# installed selftests in each, prints the TAP of both, one behind the other, and then
# what is to be said of the frames on the wire.
set -euo pipefail

if [ $# != 6 ]; then
	sed -n '4,6s/^# //p' "$0" >&2
	exit 2
fi
vm=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
out=$tmp/out
rc=0
# shellcheck disable=SC2016 # the guest's variable
command='exec "$TESTS/across/across.sh"'
"$vm/net.sh" -p "$tmp/wire.pcap" -t 600 -e "TESTS=$(realpath "$3")" -e "UTCPCTL=$(realpath "$6")" -e "SLOW=${SLOW:-1}" \
	-k "$1" -o -e -o "MODULES=$(realpath "$4")" "$command" \
	-k "$2" -o -e -o "MODULES=$(realpath "$5")" "$command" >"$out" || rc=$?
for side in a b; do
	sed -n "s/^$side| //p" "$out"
done

# UTCP: what another machine sees of it.
export HOME=$tmp XDG_CONFIG_HOME=$tmp LC_ALL=C.UTF-8
tshark -X lua_script:"$vm/../../userspace/wireshark/utcp.lua" -r "$tmp/wire.pcap" -Y utcp \
	>"$tmp/frames" 2>"$tmp/err" || rc=1
echo "TAP version 13"
echo "1..3"
n=0
# check DESCRIPTION COMMAND...
check() {
	local what=$1 ok=ok

	shift
	n=$((n + 1))
	"$@" || { ok="not ok" && rc=1; }
	echo "$ok $n - $what"
}
shows() {
	local kind

	for kind in who-has i-have initiation response data; do
		grep -q "UTCP [0-9]* $kind" "$tmp/frames" || {
			echo "# no $kind among $(wc -l <"$tmp/frames") frames"
			sed 's/^/# /' "$tmp/err"
			return 1
		}
	done
}
# Version and type, the first of what is behind the EtherType.
only_ours() {
	! grep -vE ' UTCP [0-9]+ (who-has|i-have|initiation|response|cookie reply|data)' "$tmp/frames"
}
check "tshark shows discovery, handshake and data" shows
check "and no frame that it does not know" only_ours
check "nothing of a file can be read" sh -c "! grep -q what-nobody-may-read '$tmp/wire.pcap'"
exit "$rc"
