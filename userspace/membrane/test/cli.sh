#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real membrane's command line, without modules. Prints TAP. With modules it is
# tried by selftests/netswitch/membrane.sh.
#
#   MEMBRANE=FILE cli.sh
set -u

: "${MEMBRANE:?the program to test}"

count=0
failed=0

# expect CODE REGEX ARGS... - of all that it says
expect() {
	local want=$1 regex=$2 out code

	shift 2
	out=$("$MEMBRANE" "$@" 2>&1 </dev/null)
	code=$?
	count=$((count + 1))
	if [ "$code" = "$want" ] && [[ $out =~ $regex ]]; then
		echo "ok $count - exit $want: membrane $*"
		return
	fi
	echo "not ok $count - exit $want: membrane $*"
	printf '%s\n' "exit: $code" "want: $regex" "$out" | sed 's/^/#   /'
	failed=$((failed + 1))
}

expect 0 '^usage: membrane' --help
expect 1 'which device' -4 10.0.0.2/24
expect 1 'more than one device' -4 10.0.0.2/24 a b
expect 1 'no name of a device' -4 10.0.0.2/24 ''
expect 1 'no name of a device' -4 10.0.0.2/24 a234567890123456
expect 1 'an address is needed' lo
expect 1 '--help' --no-such-option lo
expect 1 '"10.0.0.2" is not ADDRESS/BITS' -4 10.0.0.2 lo
expect 1 '"10.0.0.256" is not an IPv4 address' -4 10.0.0.256/24 lo
expect 1 '"x" is not a number' -4 10.0.0.2/x lo
expect 1 '31 is not within 1 to 30' -4 10.0.0.2/31 lo
expect 1 '127.0.0.2 cannot be' -4 127.0.0.2/8 lo
expect 1 '224.0.0.2 cannot be' -4 224.0.0.2/8 lo
expect 1 'not a station' -4 10.0.0.0/24 lo
expect 1 'not a station' -4 10.0.0.255/24 lo
expect 1 'not in the network' -4 10.0.0.2/24 -g 10.0.1.1 lo
expect 1 'not in the network' -6 fd00::2 -g 10.0.1.1 lo
expect 1 '"fd00::2/64" is not an IPv6 address' -6 fd00::2/64 lo
expect 1 'global address' -6 fe80::1 lo
expect 1 'global address' -6 ff02::1 lo
expect 1 'global address' -6 ::1 lo
expect 1 '0 is not within' -4 10.0.0.2/24 -p 0 lo
expect 1 '65536 is not within' -4 10.0.0.2/24 -p 65536 lo
expect 1 '0 is not within' -4 10.0.0.2/24 -t 0 lo
expect 1 '0 is not within' -4 10.0.0.2/24 -u 0 lo
expect 1 '0 is not within' -4 10.0.0.2/24 -G 0 lo
expect 1 '"-1" is not a number' -4 10.0.0.2/24 -u -1 lo
[ -e /dev/netswitch ] || expect 3 'netswitch' -4 10.0.0.2/24 lo

echo "1..$count"
[ $failed = 0 ]
