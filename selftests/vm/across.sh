#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# across.sh SELFTESTS UTCPCTL KERNEL=MODULES KERNEL=MODULES... - frames between kernels:
# boots them on one Ethernet, runs across/across.sh of the installed selftests in each,
# prints the TAP of all, one behind the other, and then what is to be said of the frames
# on the wire.
set -euo pipefail

if [ $# -lt 4 ]; then
	sed -n '4,7s/^# //p' "$0" >&2
	exit 2
fi
vm=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
out=$tmp/out
rc=0
common=(-p "$tmp/wire.pcap" -t "${LIMIT:-600}" -c 1 -e "TESTS=$(realpath "$1")" -e "UTCPCTL=$(realpath "$2")"
	-e "SLOW=${SLOW:-1}" -e "MANY=${MANY:-}" -e "BYTES=${BYTES:-}")
shift 2
hosts=$#
guests=()
for guest; do
	# shellcheck disable=SC2016 # the guest's variable
	guests+=(-k "${guest%%=*}" -o -e -o "MODULES=$(realpath "${guest#*=}")"
		'exec "$TESTS/across/across.sh"')
done
"$vm/net.sh" "${common[@]}" "${guests[@]}" >"$out" || rc=$?
# As net.sh names them.
sides=({a..p})
for side in "${sides[@]:0:hosts}"; do
	sed -n "s/^$side| //p" "$out"
done

# UTCP: what another machine sees of it.
export HOME=$tmp XDG_CONFIG_HOME=$tmp LC_ALL=C.UTF-8
tshark -n -X lua_script:"$vm/../../userspace/wireshark/utcp.lua" -r "$tmp/wire.pcap" -Y utcp \
	>"$tmp/frames" 2>"$tmp/err" || rc=1
echo "TAP version 13"
echo "1..4"
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
# Each host has sent data to each.
all_talk() {
	local from to

	for ((from = 1; from <= hosts; from++)); do
		for ((to = 1; to <= hosts; to++)); do
			[ "$from" = "$to" ] || grep -qE "02:00:00:00:00:0$from . 02:00:00:00:00:0$to UTCP [0-9]+ data" \
				"$tmp/frames" || {
				echo "# no data from host $from to host $to"
				return 1
			}
		done
	done
}
check "tshark shows discovery, handshake and data" shows
check "data from each kernel to each" all_talk
check "and no frame that it does not know" only_ours
check "nothing of a file can be read" sh -c "! grep -q what-nobody-may-read '$tmp/wire.pcap'"
exit "$rc"
