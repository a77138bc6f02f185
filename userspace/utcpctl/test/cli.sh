#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real utcpctl, without modules: exit codes, messages, JSON, batches, help,
# man pages and completion. Prints TAP. With modules it is tried by selftests/.
#
#   UTCPCTL=FILE O=DIR cli.sh
set -u

: "${UTCPCTL:?the tool to test}"
: "${O:?the build folder}"

. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

touch "$tmp/out" "$tmp/err"
code=0

# said - what the tool said last
said() {
	sed 's/^/out: /' "$tmp/out"
	sed 's/^/err: /' "$tmp/err"
	echo "exit: $code"
}

# run ARGS...: run the tool; its output is in $tmp/out, $tmp/err and $code
run() {
	"$UTCPCTL" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
}

# expect CODE OUT ERR ARGS...: OUT and ERR are regular expressions for the whole
# of an output, in one line; empty means that there is none
expect() {
	local want=$1 out=$2 err=$3 ok=0
	shift 3
	run "$@"
	[ "$code" = "$want" ] || ok=1
	[[ $(tr '\n' '~' <"$tmp/out") =~ ^($out)$ ]] || ok=1
	[[ $(tr '\n' '~' <"$tmp/err") =~ ^($err)$ ]] || ok=1
	report $ok "exit $want: utcpctl $*" "$(said)"
}

# expect_json FILTER DESCRIPTION FILE: jq's filter is true of every value
expect_json() {
	gojq -es "length > 0 and all(.[]; $1)" "$3" >/dev/null 2>&1
	report $? "$2" "$(said)"
}

# batch TEXT: write a batch
batch() {
	printf '%s\n' "$@" >"$tmp/batch"
}

if "$UTCPCTL" -j version | gojq -e '[.modules[] | .loaded] | any' >/dev/null; then
	echo '1..0 # SKIP modules are loaded; selftests/ try the tool with them'
	exit 0
fi

# --- usage: to standard error, 1 ---
expect 1 '' 'utcpctl: what object.*'
expect 1 '' 'utcpctl: unknown object "nonsense"; there are: acl, cell, flow, grant, help, .*' nonsense
expect 1 '' 'utcpctl: a device, or a sandbox, not both~' flow list h0 --sandbox x
expect 1 '' 'utcpctl: --sandbox has one value, once~' flow flush --sandbox
expect 1 '' 'utcpctl: a device, or a sandbox, not both~' acl trace h0 sandbox x
expect 1 '' 'utcpctl: unknown option "-x".*' -x
expect 1 '' 'utcpctl: unknown option "--nonsense".*' --nonsense
expect 1 '' 'utcpctl: option "-n" needs a value~' -n
expect 1 '' 'utcpctl: "maybe" is not one of.*' --color=maybe version
expect 1 '' 'utcpctl: verb "s" is ambiguous: show, set~' limit s
expect 1 '' 'utcpctl: .*is not a number.*' limit set utcp cells 5x
expect 1 '' 'utcpctl: .*is not a number: too large~' limit set utcp cells 4294967296
expect 1 '' 'utcpctl: --force is for a batch only~' --force version
expect 1 '' 'utcpctl: either a batch or a command.*' -b - version
expect 1 '' '\{"error":\{"code":"usage","errno":null,.*"option":"nonsense"\}\}~' -j nonsense
expect 1 '' '\{"error".*' -json limit set utcp
expect 1 '' '.*network namespace~' -n /dev/null status

expect 1 '' 'utcpctl: .*no --netns~' -n /proc/self/ns/net state save
expect 1 '' 'utcpctl: .*dev, netns~' state attach nonsense x
expect 1 '' 'utcpctl: .*NAME.*' state forget dev

# --- help: to standard output, 0 ---
expect 0 'Usage: utcpctl .*Objects:.*Options:.*' '' help
expect 0 'Usage: utcpctl .*' '' --help
expect 0 'Usage: utcpctl .*' '' -h
expect 0 'Usage: utcpctl limit show.*limit set FAMILY.*' '' limit help
expect 0 'Usage: utcpctl limit set FAMILY.*ring-memory.*' '' limit set help
expect 0 'Usage: utcpctl limit set FAMILY.*' '' help limit set
expect 0 'Usage: utcpctl status~.*' '' statu help
expect 0 'utcpctl [0-9.]+, libutcp [0-9.]+~' '' -V

# --- without modules: 3 ---
expect 0 'utcpctl .*netswitch not loaded~.*' '' version
expect 3 '.*something is missing~' '' status
expect 3 '' 'utcpctl: module utcp is not loaded~' limit show utcp
expect 3 '' 'utcpctl: module netswitch is not loaded~' limit
expect 3 '' 'utcpctl: module utcp_acl is not loaded~' limit set utcp-acl rules 5
expect 3 '' 'utcpctl: none of the modules is loaded~' monitor
expect 3 '' 'utcpctl: module utcp is not loaded~' monitor utcp
expect 3 '' '.*"no-such-namespace": No such file or directory~' -n no-such-namespace status
expect 3 '' 'utcpctl: cannot open the batch .*No such file.*' -b "$tmp/none"

run -j status
expect_json '.works == false and (.modules | length) == 4 and
	all(.modules[]; .problems | length > 0)' 'status is JSON' "$tmp/out"
run -p status
expect_json '.kernel.release | length > 0' 'status is JSON with indentation' "$tmp/out"
run -j version
expect_json '.tool == .library' 'version is JSON' "$tmp/out"
run -j limit show utcp
expect_json '.error.code == "no-module" and .error.errno == 2 and
	(.error | has("attribute") and has("option"))' 'an error is JSON' "$tmp/err"

# --- output that cannot be written ---
"$UTCPCTL" help >/dev/full 2>"$tmp/err"
code=$?
: >"$tmp/out"
[ $code = 2 ] && grep -q 'cannot write the output: No space left' "$tmp/err"
report $? 'a full disk is an error' "$(said)"
{
	"$UTCPCTL" help 2>"$tmp/err"
	echo $? >"$tmp/code"
} | true
code=$(cat "$tmp/code")
[ "$code" = 0 ] && [ ! -s "$tmp/err" ]
report $? 'a reader that goes away is none' "$(said)"

# --- colours ---
run -c status
grep -q $'\033\\[' "$tmp/out"
report $? 'colours with -c' "$(said)"
run status
! grep -q $'\033' "$tmp/out"
report $? 'no colours in a file' "$(said)"
run -c -j status
! grep -q $'\033' "$tmp/out"
report $? 'no colours in JSON' "$(said)"
# script(1) runs a command on a terminal
terminal() {
	script -qec "$1" /dev/null </dev/null >"$tmp/out" 2>"$tmp/err"
	code=$?
}
if command -v script >/dev/null; then
	TERM=xterm terminal "$UTCPCTL status"
	grep -q $'\033\\[' "$tmp/out"
	report $? 'colours on a terminal' "$(said)"
	NO_COLOR=1 TERM=xterm terminal "$UTCPCTL status"
	! grep -q $'\033\\[3' "$tmp/out"
	report $? 'no colours with NO_COLOR' "$(said)"
	NO_COLOR=1 TERM=xterm terminal "$UTCPCTL -color=always status"
	grep -q $'\033\\[3' "$tmp/out"
	report $? 'but with -color=always' "$(said)"
fi

# --- batches ---
batch 'help' '' '# a remark' '  version # and another' "'version'" '"version"'
expect 0 'Usage.*' '' -b "$tmp/batch"
batch 'version' 'nonsense' 'version'
expect 1 'utcpctl [^~]*~netswitch[^~]*~utcp [^~]*~utcp_acl[^~]*~utcp_shaper[^~]*~' \
	"utcpctl: $tmp/batch:2: unknown object \"nonsense\".*" -batch "$tmp/batch"
expect 1 '(utcpctl [^~]*~netswitch.*){2}' "utcpctl: $tmp/batch:2: [^~]*~" \
	-b "$tmp/batch" -force
batch 'limit show utcp' 'nonsense'
expect 3 '' "utcpctl: $tmp/batch:1: [^~]*~utcpctl: $tmp/batch:2: [^~]*~" --force -b "$tmp/batch"
expect 3 '' '.*"file":"[^"]*batch","line":1\}\}~' -j -b "$tmp/batch"
batch "limit \\" "  show \\" utcp x
expect 3 '' "utcpctl: $tmp/batch:1: module utcp is not loaded~" -b "$tmp/batch"
expect 3 '' "utcpctl: $tmp/batch:1: [^~]*~utcpctl: $tmp/batch:4: [^~]*~" -f -b "$tmp/batch"
batch 'version' "'open"
expect 1 '.*' "utcpctl: $tmp/batch:2: .*closing ' is missing~" -b "$tmp/batch"
batch '-j version'
expect 1 '' "utcpctl: $tmp/batch:1: no options in a batch.*" -b "$tmp/batch"
batch '-b other'
expect 1 '' "utcpctl: $tmp/batch:1: no options in a batch.*" -b "$tmp/batch"
batch 'monitor'
expect 1 '' "utcpctl: $tmp/batch:1: .*not in a batch~" -b "$tmp/batch"
printf 'ver\0sion\n' >"$tmp/batch"
expect 1 '' "utcpctl: $tmp/batch:1: .*NUL.*" -b "$tmp/batch"
printf 'version' >"$tmp/batch"
expect 0 'utcpctl .*' '' -b "$tmp/batch"
expect 0 '' '' -b -
expect 2 '' "utcpctl: $tmp:1: cannot read the batch: Is a directory~" -b "$tmp"
batch 'version' 'version'
run -j -b "$tmp/batch"
expect_json '.tool' 'a batch prints one JSON value a command' "$tmp/out"
"$UTCPCTL" -b - <"$tmp/batch" >"$tmp/out" 2>"$tmp/err"
code=$?
[ "$(grep -c '^utcpctl' "$tmp/out")" = 2 ]
report $? 'a batch from standard input' "$(said)"

# --- permission ---
if [ "$(id -u)" = 0 ]; then
	printf 'version\n' >"$tmp/batch"
	chmod 600 "$tmp/batch"
	chmod 711 "$tmp"
	# the tool may lie where others may not look
	cp "$UTCPCTL" "$O/libutcp.so.0" "$tmp/"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/utcpctl" \
		-b "$tmp/batch" >"$tmp/out" 2>"$tmp/err"
	code=$?
	[ $code = 5 ] && grep -q 'Permission denied' "$tmp/err"
	report $? 'exit 5: a batch that may not be read' "$(said)"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/utcpctl" \
		version >"$tmp/out" 2>"$tmp/err"
	code=$?
	report $code 'version needs no privilege' "$(said)"

	if ip netns add "utcp-cli-$$" 2>/dev/null; then
		expect 0 'utcpctl .*' '' -n "utcp-cli-$$" version
		expect 0 'utcpctl .*' '' -n "/run/netns/utcp-cli-$$" version
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$tmp/utcpctl" -n "utcp-cli-$$" version \
			>"$tmp/out" 2>"$tmp/err"
		code=$?
		[ $code = 5 ]
		report $? 'exit 5: a namespace that may not be entered' "$(said)"
		ip netns del "utcp-cli-$$"
	fi
fi

# --- man pages ---
for page in "$O"/man/*.8; do
	{ mandoc -T lint -W warning "$page" || :; } >"$tmp/out" 2>&1
	man --warnings -E UTF-8 -l -Tutf8 "$page" 2>"$tmp/err" >/dev/null
	code=0
	[ ! -s "$tmp/out" ] && [ ! -s "$tmp/err" ]
	report $? "man page ${page##*/}" "$(said)"
done
: >"$tmp/template"
printf '@nonsense\n' >"$tmp/template"
expect 1 '' 'utcpctl: .*template:1: what is "@nonsense"\?~' help --man "$tmp/template"

# --- cells: what is wrong before any module is asked ---
key=7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk=
expect 0 '' '' cell genkey "$tmp/made.key"
[ "$(stat -c %a "$tmp/made.key")" = 600 ]
report $? "its file is private" "$(said)"
expect 2 '' 'utcpctl: .*made.key: File exists~' cell genkey "$tmp/made.key"
(umask 077 && echo "$key" >"$tmp/open.key")
chmod 604 "$tmp/open.key"
expect 5 '' 'utcpctl: .*open.key: group or others have access to it \(mode 0604\).*' \
	cell import "$tmp/open.key"
(umask 077 && echo "${key%?}" >"$tmp/short.key")
expect 2 '' 'utcpctl: .*short.key:1: no key in base64: it is too short or too long~' \
	cell import "$tmp/short.key"
expect 3 '' 'utcpctl: .*no.key: No such file or directory~' cell import "$tmp/no.key"
run -j cell import "$tmp/short.key"
expect_json '.error | .code == "system" and .errno == null' "a bad key file in JSON" "$tmp/err"
expect 1 '' 'utcpctl: "cell1x" is no CellID: it is too short or too long~' cell show cell1x
expect 1 '' 'utcpctl: "a/b" is neither a CellID nor a name~' cell del a/b
expect 1 '' 'utcpctl: mode: "root": owner, group and other .*' cell new mode root
expect 1 '' 'utcpctl: mode: "owner,": owner, group and other .*' cell new mode owner,
expect 1 '' 'utcpctl: default: "yes": on or off is expected~' cell new default yes
expect 1 '' 'utcpctl: owner: "no-such-user": there is no such user~' cell new owner no-such-user
expect 1 '' 'utcpctl: VALUE is missing behind "mode"~' cell new mode
expect 1 '' 'utcpctl: SETTING is missing~' cell set bob
expect 1 '' 'utcpctl: "mode" is given twice~' cell new mode none mode none

# --- sandboxes: what is said before anything is made ---
expect 1 '' 'utcpctl: NAME is missing~' sandbox create
expect 1 '' 'utcpctl: a name of a sandbox is 1 to 27 letters.*' sandbox create ../a
expect 1 '' 'utcpctl: a name of a sandbox is 1 to 27 letters.*' sandbox create aaaaaaaaaaaaaaaaaaaaaaaaaaaa
expect 1 '' 'utcpctl: "open" is not one of none, bridged, custom, host-loopback~' sandbox create a --mode open
expect 1 '' 'utcpctl: --mode is given twice~' sandbox create a --mode none --mode none
expect 1 '' 'utcpctl: a value is missing behind --mode~' sandbox create a --mode --cell
expect 1 '' 'utcpctl: "now" is too much behind --cell~' sandbox create a --cell now
expect 1 '' 'utcpctl: unknown option "--nonsense"; there are: --mode, .*' sandbox create a --nonsense
expect 1 '' 'utcpctl: "5x" is not a rate: .*' sandbox create a --rate 5x
expect 1 '' 'utcpctl: a rate of 0 would be none.*' sandbox create a --mode bridged --rate 0
expect 1 '' 'utcpctl: a sandbox of this mode has no link~' sandbox create a --rate 5m
expect 1 '' 'utcpctl: only a sandbox of mode custom has rules~' sandbox create a --mode bridged --allow out
expect 1 '' 'utcpctl: "up" is no direction: in or out~' sandbox create a --mode custom --allow up
expect 1 '' 'utcpctl: a rule has no word "to"~' sandbox create a --mode custom --allow out to 10.0.0.1
expect 1 '' 'utcpctl: a value is missing behind "dst"~' sandbox create a --mode custom --allow out dst
expect 1 '' 'utcpctl: dst: "x": .*' sandbox create a --mode custom --allow out dst x
for port in 80 :80 80: 0:80 80:0 65536:80 80:80:80 80:80/icmp 80:80/; do
	expect 1 '' 'utcpctl: ".*" is not .*' sandbox create a --mode bridged --publish "$port"
done
expect 1 '' 'utcpctl: port 80 of the host is given twice~' \
	sandbox create a --mode bridged --publish 80:1 --publish 80:2
for net in 10.0.0.0 10.0.0.0/33 10.0.0/24 fd00::/129 /24; do
	expect 1 '' 'utcpctl: ".*" is not ADDRESS/BITS~' sandbox create a --mode bridged --subnet "$net"
done
expect 1 '' 'utcpctl: a sandbox of mode host-loopback has a service at least~' \
	sandbox create a --mode host-loopback
expect 1 '' 'utcpctl: only a sandbox of mode host-loopback has services~' \
	sandbox create a --service tcp 80
expect 1 '' 'utcpctl: "udp" is not tcp, .*' sandbox create a --mode host-loopback --service udp 80
expect 1 '' 'utcpctl: "0" is not a port~' sandbox create a --mode host-loopback --service tcp 0
expect 1 '' 'utcpctl: port 80 is given twice~' \
	sandbox create a --mode host-loopback --service tcp 80 --service tcp 80
expect 1 '' 'utcpctl: a sandbox of this mode has no link~' \
	sandbox create a --mode host-loopback --service tcp 80 --rate 5m
expect 1 '' 'utcpctl: IPv4 has one subnet~' sandbox create a --mode bridged --subnet 10.0.0.0/8 10.0.0.0/8
expect 1 '' 'utcpctl: "a/b" is no name of a bridge~' sandbox create a --mode bridged --bridge a/b
expect 1 '' 'utcpctl: --rate is that of both directions.*' \
	sandbox create a --mode bridged --rate 5m --rate-in 5m
expect 1 '' 'utcpctl: what is to change.~' sandbox set a
expect 1 '' 'utcpctl: --rate-in is given twice~' sandbox set a --rate 5m --rate-in 5m
expect 1 '' 'utcpctl: a rate of 0 would be none; say that~' sandbox set a --rate 0
expect 1 '' 'utcpctl: --mode has one value~' sandbox set a --mode
expect 1 '' 'utcpctl: the mode of a sandbox that lives is .*' sandbox set a --mode none
expect 3 '' 'utcpctl: there is no sandbox "no-such".*' sandbox set no-such --rate none
expect 1 '' 'utcpctl: VALUE is missing behind "dst"~' \
	sandbox allow a out dst
expect 1 '' 'utcpctl: unknown direction "up".*' sandbox deny a up
expect 3 '' 'utcpctl: there is no sandbox "no-such".*' sandbox stats no-such
expect 1 '' 'utcpctl: a link is adopted by its device, or by its namespace~' sandbox adopt a
expect 1 '' 'utcpctl: --netns and --pid both say.*' sandbox adopt a --netns b --pid 1
expect 1 '' 'utcpctl: "0" is not the number of a process~' sandbox adopt a --pid 0
expect 1 '' 'utcpctl: --addr is nothing without --mac~' sandbox adopt a --dev b --addr 10.0.0.1
expect 1 '' 'utcpctl: "x": .*' sandbox adopt a --dev b --mac x
expect 1 '' 'utcpctl: a policy that others have.*' sandbox adopt a --dev b --policy p --allow in
expect 1 '' 'utcpctl: only a sandbox of mode custom has a policy of others~' \
	sandbox create a --mode bridged --policy p
expect 1 '' 'utcpctl: sandboxes belong to the namespace .*' -n /proc/self/ns/net sandbox list
expect 1 '' 'utcpctl: COMMAND is missing~' sandbox run a --mode none --
expect 1 '' 'utcpctl: COMMAND is missing~' sandbox exec a
expect 3 '' 'utcpctl: there is no sandbox "no-such".*' sandbox exec no-such true
expect 3 '' 'utcpctl: there is no sandbox "no-such".*' sandbox show no-such
batch 'sandbox exec a true'
expect 1 '' 'utcpctl: .*not in a batch~' -b "$tmp/batch"

# --- completion ---
expect 1 '' '.*no completion for "zsh".*' help --completion zsh
# complete WORDS...: what is offered for the last of them
complete_words() {
	bash -c '. "$1"; shift
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _utcpctl
		echo "${COMPREPLY[*]}"' bash "$O/completion/utcpctl" "$@" \
		>"$tmp/out" 2>"$tmp/err"
	code=$?
}
# expect_completion OFFER WORDS...
expect_completion() {
	local offer=$1
	shift
	complete_words "$@"
	[ "$(cat "$tmp/out")" = "$offer" ] && [ ! -s "$tmp/err" ]
	report $? "completion of $*" "$(said)"
}
expect_completion 'limit' utcpctl l
expect_completion 'show set help' utcpctl limit ''
expect_completion 'show set' utcpctl -j limit s
expect_completion 'netswitch' utcpctl -n box limit show n
expect_completion 'netswitch utcp utcp-acl utcp-shaper' utcpctl limit set ''
expect_completion 'rings ring-memory' utcpctl limit set netswitch ri
expect_completion '' utcpctl limit set netswitch rings ''
expect_completion 'ports' utcpctl limit set netswitch rings 5 p
expect_completion 'utcp-acl utcp-shaper' utcpctl monitor netswitch utcp-
expect_completion '--json' utcpctl --js
expect_completion 'limit' utcpctl help l
expect_completion 'lo' utcpctl port show lo
expect_completion 'policy' utcpctl port add lo po
expect_completion 'lo' utcpctl ring show lo
expect_completion 'demux policy' utcpctl port add lo policy ''
expect_completion 'lo' utcpctl grant add lo
expect_completion 'user group mac' utcpctl grant add lo 0x4c57 ''
expect_completion '' utcpctl grant add lo 0x4c57 user ''
expect_completion 'mac' utcpctl grant add lo 0x4c57 user root m
expect_completion 'default discoverable' utcpctl cell new owner root d
expect_completion '' utcpctl cell new owner ''
expect_completion 'realm' utcpctl cell set any mode shared r
expect_completion 'mode' utcpctl cell import any m
expect_completion '--mode' utcpctl sandbox create a --m
expect_completion '--cell' utcpctl sandbox create a --mode bridged --c
expect_completion '--rate --rate-in --rate-out' utcpctl sandbox run a --ra

reported
