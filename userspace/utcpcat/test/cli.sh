#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real utcpcat, without modules: its command line, what it tells, its manual and
# completion. Prints TAP. With modules it is tried by selftests/utcp/utcpcat.sh.
#
#   UTCPCAT=FILE O=DIR cli.sh
set -u

: "${UTCPCAT:?the program to test}"
: "${O:?the build folder}"

cell=cell10swk7cjj8pfrvc8ka8xevck6mcqrmc8w
. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

# expect CODE REGEX ARGS... - of all that it says
expect() {
	local want=$1 regex=$2 out code

	shift 2
	out=$("$UTCPCAT" "$@" 2>&1 </dev/null)
	code=$?
	[ "$code" = "$want" ] && [[ $out =~ $regex ]]
	report $? "exit $want: utcpcat $*" "exit: $code, want: $regex, got: $out"
}

expect 0 '^Usage: utcpcat' --help
expect 0 '^utcpcat [0-9.]+$' -V
expect 1 '^utcpcat: which cell, and which port of it\?$'
expect 1 'which cell, and which port' "$cell"
expect 1 'which port\?' -l
expect 1 'what is "x"\?' "$cell" 7 x
expect 1 'what is "8"\?' -l 7 8
expect 1 'unknown option "-Z"; try utcpcat --help' -Z
expect 1 'unknown option "--nonsense"' --nonsense
expect 1 'option "-s" needs a value' -s
expect 1 '"cell1x" is no CellID: ' cell1x 7
expect 1 '"a/b" is neither a CellID nor a name' a/b 7
expect 1 '"-s-" is neither a CellID' -s -s- "$cell" 7
expect 1 'PORT: 0 is not within 1 to 65535' "$cell" 0
expect 1 'PORT: 65536 is not within 1 to 65535' "$cell" 65536
expect 1 'PORT: 65536 is not within 0 to 65535' -l 65536
expect 1 'PORT: "http" is not a number' "$cell" http
expect 1 '--port: 0 is not' -p 0 "$cell" 7
expect 1 '--wait: 0 is not' -w 0 "$cell" 7
expect 1 '--most: 0 is not' -m 0 -l -t unix:x 7
expect 1 'either --seqpacket or --dgram' -q -u "$cell" 7
expect 1 'either --forward or --listen' -l -f unix:x 7
expect 1 '--to is for --listen only' -t unix:x "$cell" 7
expect 1 '--keep is for --listen only' -k "$cell" 7
expect 1 '--port is for' -l -p 5 7
expect 1 'either --exec or forwarding' -l -e true -t unix:x 7
expect 1 'datagrams are neither' -u -f unix:x "$cell" 7
expect 1 'datagrams are neither' -u -e true "$cell" 7
expect 1 'TCP has no messages' -q -f tcp:127.0.0.1:1 "$cell" 7
expect 1 'TCP has no messages' -q -l -t tcp:127.0.0.1:1 7
expect 1 '--most is for' -m 5 "$cell" 7
expect 1 'who listens waits for ever' -l -w 5 7
expect 1 '--to is given twice' -l -t unix:x -t unix:y 7
expect 1 'tcp:HOST:PORT or unix:PATH is expected' -l -t 80 7
expect 1 'tcp:HOST:PORT or tcp:\[IP6\]:PORT is expected' -l -t tcp:80 7
expect 1 'tcp:HOST:PORT or tcp:\[IP6\]:PORT is expected' -l -t tcp:::1:80 7
expect 1 'tcp:HOST:PORT or tcp:\[IP6\]:PORT is expected' -l -t 'tcp:[::1]80' 7
expect 1 '"0" is no port' -l -t tcp:127.0.0.1:0 7
expect 1 '"65536" is no port' -f tcp:127.0.0.1:65536 "$cell" 7
expect 1 '"" is no port' -f tcp:127.0.0.1: "$cell" 7
expect 1 'has no path' -l -t unix: 7
expect 1 'at most 107 bytes' -l -t "unix:$(printf '%0108d' 0)" 7
expect 3 'tcp:nowhere.invalid:80' -l -t tcp:nowhere.invalid:80 7
expect 3 'no cell is named "no-such-cell"' no-such-cell 7
"$UTCPCAT" --help >/dev/full 2>"$tmp/err"
[ $? = 2 ] && grep -q 'cannot write the output' "$tmp/err"
report $? 'a full disk is an error' "$(cat "$tmp/err")"

if [ ! -d /sys/module/utcp ]; then
	expect 3 '^utcpcat: module utcp is not loaded$' "$cell" 7
	expect 3 '^utcpcat: module utcp is not loaded$' -l 7
	expect 3 '^utcpcat: module utcp is not loaded$' -l -t unix:x 7
fi

# --- manual and completion: the options are those of --help ---
mapfile -t options < <("$UTCPCAT" --help | sed -n 's/^  -\(.\), --\([a-z]*\).*/\1 \2/p')
[ ${#options[@]} -ge 14 ]
report $? 'help lists the options' "${#options[@]}"
missing=
for option in "${options[@]}"; do
	grep -qE "^\.BR? \\\\-${option% *} ?.*\\\\-\\\\-${option#* }" "$O/man/utcpcat.1" ||
		missing+=" $option"
done
report "$([ -z "$missing" ]; echo $?)" 'the manual has them all' "$missing"

# completed WORDS... - what is offered for the last word
completed() {
	PATH=$(dirname "$UTCPCAT"):$PATH bash -c '
		. "$1"
		shift
		COMP_WORDS=(utcpcat "$@")
		COMP_CWORD=$#
		_utcpcat utcpcat
		echo "${COMPREPLY[*]}"' - "$(dirname "$0")/../utcpcat.bash" "$@"
}
report "$([ "$(completed --se)" = --seqpacket ]; echo $?)" 'completion: an option' "$(completed --se)"
report "$([ "$(completed -l -)" = "$(printf -- '%s\n' "${options[@]}" |
	sed 's/\(.\) \(.*\)/-\1 --\2/' | paste -sd ' ')" ]; echo $?)" 'completion: all options' "$(completed -l -)"
report "$([ "$(completed -f u)" = unix: ]; echo $?)" 'completion: where' "$(completed -f u)"
report "$([ -z "$(completed -p '')" ]; echo $?)" 'completion: nothing for a port' "$(completed -p '')"

reported
