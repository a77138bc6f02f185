#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The dissector in tshark: what it prints of a capture that the reference model has
# written (selftests/utcp/vectors/capture.py). Prints TAP.
#
#   dissect.sh [--write]    --write: take what it prints for what it is to print
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
count=0
failed=0

if ! command -v tshark >/dev/null; then
	echo '1..0 # SKIP there is no tshark'
	exit 0
fi
# Its own preferences, and none of the user's plugins.
export HOME=$tmp XDG_CONFIG_HOME=$tmp LC_ALL=C.UTF-8
text2pcap -q "$here/capture.txt" "$tmp/capture.pcap" 2>"$tmp/err" || {
	sed 's/^/# /' "$tmp/err"
	echo 'Bail out! text2pcap failed'
	exit 1
}

# dissect ARGS... - what tshark prints; its complaints are in $tmp/err
dissect() {
	tshark -X lua_script:"$here/../utcp.lua" -r "$tmp/capture.pcap" "$@" 2>"$tmp/err"
}

# expect OK DESCRIPTION [TEXT]
expect() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
		return
	fi
	echo "not ok $count - $2"
	printf '%s\n' "${3-}" | head -n 40 | sed 's/^/#   /'
	failed=$((failed + 1))
}

# printed NAME DESCRIPTION ARGS... - is it that which NAME has?
printed() {
	local name=$here/$1 what=$2

	shift 2
	# Without what is Wireshark's own, and differs from version to version.
	dissect "$@" | sed -E '/^(Frame [0-9]+:|Ethernet II,)/d' >"$tmp/out"
	! grep -qi 'lua' "$tmp/out" "$tmp/err"
	expect $? "$what: no error of Lua" "$(cat "$tmp/err")"
	[ -z "$write" ] || { echo '# SPDX-License-Identifier: GPL-2.0-only' | cat - "$tmp/out" >"$name"; }
	grep -v '^#' "$name" | diff - "$tmp/out" >"$tmp/diff"
	expect $? "$what" "$(cat "$tmp/diff")"
}

write=${1-}
printed handshake.expected "the handshake" -O utcp -Y 'utcp.type < 0x10'
printed sealed.expected "data without keys" -Y 'utcp.type == 0x10'
printed opened.expected "data with keys" -o "utcp.keylog:$here/keys.txt" -O utcp \
	-Y 'utcp.type == 0x10 && frame.number != 19'
printed columns.expected "the list of frames" -o "utcp.keylog:$here/keys.txt"
echo "1..$count"
[ "$failed" = 0 ]
