# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the shell tests share. A test program looks like this:
#
#	. "$(dirname "$0")/../lib.sh"
#
#	answers() {
#		load netswitch
#		expect_ok "the family is there" family netswitch
#	}
#
#	run_tests \
#		answers "netswitch answers when it is loaded"
#
# Each function is one result. It runs in a subshell of its own: it begins with
# none of the suite's modules loaded, and whatever it deferred, loaded or started
# is undone at its end, however it ends. It passes if it made at least one check
# and none failed. A failed check is told and the function goes on; a failed step
# that is no check ("must") ends it.
#
# From the environment:
#	MODULES		directory of the modules (build/KERNEL/modules; without it those that
#			are installed)
#	UTCPCTL		the tool (default: utcpctl in $PATH)
#	SLOW		factor for all limits on waiting (default 1; debug kernels: 4)

# No errexit: it is silently off wherever a test's function is part of a condition.
set -u -o pipefail

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
export SELFTESTS
SLOW=${SLOW:-1}
UTCPCTL=${UTCPCTL:-utcpctl}
export LC_ALL=C

# In the order in which they can be loaded.
ALL_MODULES=(netswitch utcp utcp_acl utcp_shaper)
# shellcheck disable=SC2034 # for the tests
DEPENDANTS=(utcp utcp_acl utcp_shaper)

if [ ! -r "$SELFTESTS/kselftest/ktap_helpers.sh" ]; then
	echo "$0: needs the kernel's kselftest beside it: run it from an installed tree (make -C selftests install)" >&2
	exit 1
fi
# shellcheck source=/dev/null # the kernel's own, installed with the tests
. "$SELFTESTS/kselftest/ktap_helpers.sh"

# --- results -----------------------------------------------------------------

# Checks leave a letter each in $WORK/checks: a file, because they may be made in
# pipes and background processes.
WORK=

note() {
	printf '# %s\n' "$*"
}

_pass() {
	printf . >>"$WORK/checks"
}

# fail LABEL [DETAIL...] - a check that failed; details are shown line by line
fail() {
	local line

	printf F >>"$WORK/checks"
	note "FAIL $1"
	shift
	for line; do
		printf '%s\n' "$line" | head -n 40 | sed 's/^/#      /'
	done
}

# must COMMAND... - a step without which the rest of the test makes no sense
must() {
	local out

	if ! out=$("$@" 2>&1); then
		fail "could not: $*" "$out"
		exit 1
	fi
}

# skip_test REASON - this test cannot be made here
skip_test() {
	printf '%s' "$*" >"$WORK/skip"
	exit "$KSFT_SKIP"
}

# skip_all REASON - the whole program cannot
skip_all() {
	ktap_print_header
	ktap_skip_all "$*"
	exit "$KSFT_SKIP"
}

_run() {
	OUT=$("$@" 2>&1)
	RC=$?
}

# After expect_ok and its kin: output and exit status of the command.
OUT=
RC=0

# expect_ok LABEL COMMAND...
expect_ok() {
	local label=$1

	shift
	_run "$@"
	if [ "$RC" = 0 ]; then
		_pass
	else
		fail "$label" "$* gave $RC:" "$OUT"
	fi
}

# expect_tap LABEL COMMAND... - a program that prints TAP itself. Only what failed is
# shown, and as comments: not its plan, which its failures would not fulfil.
expect_tap() {
	local out

	_run "${@:2}"
	if [ "$RC" = 0 ]; then
		_pass
	else
		out=$(grep -E '^(not ok|#)' <<<"$OUT")
		fail "$1" "${*:2} gave $RC:" "${out:-$OUT}"
	fi
}

# expect_fail LABEL COMMAND... - exits with a status, not by a signal
expect_fail() {
	local label=$1

	shift
	_run "$@"
	if [ "$RC" = 0 ]; then
		fail "$label" "$* succeeded:" "$OUT"
	elif [ "$RC" -ge 126 ]; then
		fail "$label" "$* did not even run, or was killed ($RC):" "$OUT"
	else
		_pass
	fi
}

# expect_rc LABEL STATUS COMMAND...
expect_rc() {
	local label=$1 want=$2

	shift 2
	_run "$@"
	if [ "$RC" = "$want" ]; then
		_pass
	else
		fail "$label" "$* gave $RC, not $want:" "$OUT"
	fi
}

# expect_fail_with LABEL REGEX COMMAND... - fails, and says something like REGEX
expect_fail_with() {
	local label=$1 regex=$2

	shift 2
	_run "$@"
	if [ "$RC" = 0 ]; then
		fail "$label" "$* succeeded:" "$OUT"
	else
		expect_match "$label" "$regex" "$OUT"
	fi
}

# A line of TEXT that matches. Done by the shell itself: starting a program takes
# long in an emulated guest.
_line_like() {
	local line

	while IFS= read -r line; do
		[[ ! $line =~ $1 ]] || return 0
	done <<<"$2"
	return 1
}

# expect_match LABEL REGEX TEXT - one line at least is like that
expect_match() {
	if _line_like "$2" "$3"; then
		_pass
	else
		fail "$1" "nothing like \"$2\" in:" "$3"
	fi
}

# expect_no_match LABEL REGEX TEXT - no line is
expect_no_match() {
	if _line_like "$2" "$3"; then
		fail "$1" "\"$2\" is in:" "$3"
	else
		_pass
	fi
}

# expect_eq LABEL WANT GOT
expect_eq() {
	if [ "$2" = "$3" ]; then
		_pass
	else
		fail "$1" "want: $2" "got:  $3"
	fi
}

# wait_for LABEL SECONDS COMMAND... - until COMMAND succeeds; a check
wait_for() {
	local label=$1 seconds=$(($2 * SLOW)) end

	shift 2
	end=$((SECONDS + seconds))
	until _run "$@" && [ "$RC" = 0 ]; do
		if [ "$SECONDS" -ge "$end" ]; then
			fail "$label" "not within $seconds s: $*" "$OUT"
			return 1
		fi
		sleep 0.1
	done
	_pass
}

# --- undoing -----------------------------------------------------------------

_DEFERRED=()

# defer COMMAND... - run at the end of this test, last first
defer() {
	local line

	printf -v line '%q ' "$@"
	_DEFERRED+=("$line")
}

_cleanup() {
	local i

	trap '' INT TERM
	for ((i = ${#_DEFERRED[@]} - 1; i >= 0; i--)); do
		eval "${_DEFERRED[i]}" >/dev/null 2>&1
	done
	_DEFERRED=()
	unload_all
}

# What was spawned may be a function: a shell with the program as its child, which
# would go on, and keep the runner waiting for the end of its output.
_stop() {
	local children

	children=$(pgrep -P "$1")
	# shellcheck disable=SC2086 # a list
	kill "$1" $children
	wait "$1"
}

# spawn FILE COMMAND... - in the background, output to FILE; ends with the test.
# $SPAWNED is its process id.
spawn() {
	local file=$1

	shift
	"$@" >"$file" 2>&1 &
	SPAWNED=$!
	defer _stop "$SPAWNED"
}

# run_tests FUNCTION DESCRIPTION [FUNCTION DESCRIPTION...]
run_tests() {
	local function what rc checks

	if [ "$(id -u)" != 0 ]; then
		echo "$0: needs root" >&2
		exit "$KSFT_FAIL"
	fi
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	ktap_print_header
	ktap_set_plan $(($# / 2))
	[ -z "${MODULES:-}" ] || load_needs || note "what our modules need could not be loaded"
	while [ $# -gt 1 ]; do
		function=$1
		what=$2
		shift 2
		rm -f "$WORK/skip"
		: >"$WORK/checks"
		unload_all
		(
			trap _cleanup EXIT
			trap 'exit 130' INT
			trap 'exit 143' TERM
			"$function"
			exit 0
		)
		rc=$?
		checks=$(<"$WORK/checks")
		if [ "$rc" = "$KSFT_SKIP" ] && [ -s "$WORK/skip" ] && [[ $checks != *F* ]]; then
			note "skipped: $(<"$WORK/skip")"
			ktap_test_skip "$what"
			continue
		fi
		[ -n "$checks" ] || note "FAIL nothing was checked"
		[ "$rc" = 0 ] || note "FAIL ended with $rc"
		if [ "$rc" = 0 ] && [ -n "$checks" ] && [[ $checks != *F* ]]; then
			ktap_test_pass "$what"
		else
			ktap_test_fail "$what"
		fi
	done
	if [ "$KTAP_CNT_SKIP" -gt 0 ] && [ "$KTAP_CNT_SKIP" = "$KSFT_NUM_TESTS" ]; then
		ktap_print_totals
		exit "$KSFT_SKIP"
	fi
	ktap_finished
}

# --- modules -----------------------------------------------------------------

# ko NAME - path of a module
ko() {
	local dir=${MODULES:-}

	if [ -z "$dir" ]; then
		echo "MODULES is not set: the directory with netswitch/netswitch.ko and the others" >&2
		return 1
	fi
	case $1 in
	netswitch) echo "$dir/netswitch/netswitch.ko" ;;
	utcp) echo "$dir/utcp/utcp.ko" ;;
	utcp_acl) echo "$dir/acl/utcp_acl.ko" ;;
	utcp_shaper) echo "$dir/shaper/utcp_shaper.ko" ;;
	*)
		echo "no such module: $1" >&2
		return 1
		;;
	esac
}

# family_of MODULE - the name of its netlink family
family_of() {
	echo "${1//_/-}"
}

loaded() {
	[ -d "/sys/module/$1" ]
}

# needs - which of the kernel's own modules ours depend on; none where the kernel
# has all of them built in
needs() {
	local name files=() deps dep

	for name in "${ALL_MODULES[@]}"; do
		files+=("$(ko "$name")") || return
	done
	deps=$(modinfo -F depends "${files[@]}") || return
	for dep in ${deps//,/ }; do
		[[ " ${ALL_MODULES[*]} " == *" $dep "* ]] || echo "$dep"
	done | sort -u
}

# load_needs - load those. insmod leaves it to its caller, and modprobe finds only
# what is installed. They stay.
load_needs() {
	local list

	list=$(needs) || return
	# shellcheck disable=SC2086 # a list of names
	[ -z "$list" ] || modprobe -a $list
}

# insert NAME - insmod without anything around it, or modprobe what is installed
insert() {
	local path

	if [ -z "${MODULES:-}" ]; then
		modprobe "$1"
		return
	fi
	path=$(ko "$1") && insmod "$path"
}

# Keeps hooks in use from before a test's traffic until after it. The kernel patches
# its receive path when the first hook comes and the last one goes; emulated
# processors may run the breakpoint that stands there meanwhile after it is gone
# (seen with QEMU 7.2, two processors: "Oops: int3"), which no real one does.
keep_hooks() {
	kernel_has nf_tables
	must nft -f - <<-'END'
		table netdev keep-hooks {
			chain in { type filter hook ingress device lo priority 0; }
			chain out { type filter hook egress device lo priority 0; }
		}
	END
	defer nft delete table netdev keep-hooks
}

# load NAME... - in this order, netswitch first by itself
load() {
	local name

	for name in netswitch "$@"; do
		loaded "$name" || must insert "$name"
	done
}

load_all() {
	load "${ALL_MODULES[@]}"
}

# load_older NAME... - the same, as modules of 0.0.1: it is netswitch that says the version of all
load_older() {
	local version

	version=$("$SELFTESTS/lib/nlctl" version)
	[ "${#version}" = 5 ] || skip_test "the version is not as long as 0.0.1"
	LC_ALL=C sed "s/${version//./\\.}/0.0.1/g" "$(ko netswitch)" >"$WORK/old.ko"
	must insmod "$WORK/old.ko"
	load "$@"
}

# unload NAME...
unload() {
	local name

	for name; do
		must rmmod "$name"
	done
}

# unload_all - whatever is loaded, dependants first. A request that is just being
# answered holds its module for a moment, so it is tried a little longer.
unload_all() {
	local i tries name

	for ((i = ${#ALL_MODULES[@]} - 1; i >= 0; i--)); do
		name=${ALL_MODULES[i]}
		for ((tries = 50 * SLOW; tries > 0; tries--)); do
			loaded "$name" || break
			rmmod "$name" 2>/dev/null || sleep 0.1
		done
		! loaded "$name" || note "cannot remove $name"
	done
}

# install_modules [NAME...] - have modprobe, and nothing else, find the suite's
# modules, as after "make install", and what these need and these others of the
# kernel's own. In memory, and to the end of the test.
install_modules() {
	local name release word file dir=$WORK/modules

	release=$(uname -r)
	must mkdir -p "$dir/$release/updates/dkms"
	# Lines "insmod FILE", or "builtin NAME".
	needs | xargs -r modprobe --show-depends -a >"$WORK/needs"
	while read -r word file; do
		[ "$word" != insmod ] || must cp "$file" "$dir/$release/"
	done <"$WORK/needs"
	for name; do
		must cp "$(modinfo -F filename "$name")" "$dir/$release/"
	done
	for name in "${ALL_MODULES[@]}"; do
		must cp "$(ko "$name")" "$dir/$release/updates/dkms/"
	done
	must cp "/lib/modules/$release/modules.builtin" "/lib/modules/$release/modules.order" \
		"$dir/$release/"
	must mount --bind "$dir" /lib/modules
	defer umount /lib/modules
	must depmod -a
}

# family NAME - is there such a generic netlink family, and does it answer?
family() {
	"$SELFTESTS/lib/nlctl" "$1" get
}

# --- the kernel's messages -----------------------------------------------------

# dmesg_mark - print a mark that dmesg_since can find
dmesg_mark() {
	local mark

	mark="test-mark-$$-$RANDOM-${EPOCHREALTIME/./}"
	echo "$mark" >/dev/kmsg
	echo "$mark"
}

# dmesg_since MARK
dmesg_since() {
	dmesg --notime | sed "0,/$1/d"
}

# splats - which of the messages on standard input are the kernel's report of a
# bug; by the list that the runner of the guests goes by
splats() {
	perl -e '
		open(my $list, "<", $ARGV[0]) or die "$ARGV[0]: $!\n";
		my @patterns = grep { !/^#/ && /\S/ } map { s/\n//r } <$list>;
		@patterns or die "$ARGV[0] is empty\n";
		my $any = join "|", map { "(?:$_)" } @patterns;
		while (<STDIN>) { print if /$any/ }' "${SPLATS:-$SELFTESTS/splats}"
}

# expect_quiet LABEL MARK - no such report since the mark
expect_quiet() {
	expect_eq "$1" "" "$(dmesg_since "$2" | splats 2>&1)"
}

# --- network namespaces --------------------------------------------------------

# ns_add NAME... - namespaces that end with the test
ns_add() {
	local name

	for name; do
		must ip netns add "$name"
		defer ip netns del "$name"
		must ip -n "$name" link set lo up
	done
}

# ns NAME COMMAND... - run there
ns() {
	local name=$1

	shift
	ip netns exec "$name" "$@"
}

# kernel_has MODULE... - load what the kernel itself brings; skip without it
kernel_has() {
	local name

	for name; do
		modprobe -q "$name" || skip_test "this kernel has no $name"
	done
}

# veth NS1 DEV1 NS2 DEV2 - a pair, both ends up
veth() {
	must ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
	must ip -n "$1" link set "$2" up
	must ip -n "$3" link set "$4" up
}

# addr NS DEV ADDRESS/BITS - usable at once, also for IPv6
addr() {
	local nodad=

	[[ $3 != *:* ]] || nodad=nodad
	must ip -n "$1" addr add "$3" dev "$2" ${nodad:+"$nodad"}
}

# bridge_add NS NAME DEV... - a bridge with these ports, up
bridge_add() {
	local ns=$1 name=$2 dev

	shift 2
	must ip -n "$ns" link add "$name" type bridge forward_delay 0
	for dev; do
		must ip -n "$ns" link set "$dev" master "$name"
	done
	must ip -n "$ns" link set "$name" up
}

# netem NS DEV ARGS... - delay, loss, reordering, ... of what leaves by DEV
netem() {
	local ns=$1 dev=$2

	shift 2
	must tc -n "$ns" qdisc replace dev "$dev" root netem "$@"
}

# --- whole programs -------------------------------------------------------------

# probe_family MODULE - the results of this program are those of nlprobe
probe_family() {
	local mark out

	WORK=$(mktemp -d)
	trap 'unload_all; rm -rf "$WORK"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	unload_all
	mark=$(dmesg_mark)
	if ! out=$(load_needs 2>&1) || ! out=$(insert netswitch 2>&1) ||
	   { [ "$1" != netswitch ] && ! out=$(insert "$1" 2>&1); }; then
		echo "Bail out! cannot load $1: $out"
		exit "$KSFT_FAIL"
	fi
	"$SELFTESTS/lib/nlprobe" "$(family_of "$1")" || RC=$?
	out=$(dmesg_since "$mark" | splats 2>&1)
	[ -n "$out" ] || exit "$RC"
	echo "Bail out! the kernel complained: $out"
	exit "$KSFT_FAIL"
}
