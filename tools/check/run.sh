#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make check: everything that can be found out about the tree without booting it.
#
#   tools/check/run.sh [-lq] [-j JOBS] [CHECK…]
#
#   -l  list the checks
#   -q  quick: clang's analyzer follows fewer paths, in a quarter of the time (its mode
#       "shallow"), and nothing is built for arm64
#
# Each file of checks/ is one check, named after it. A check is run with the top
# of the tree as its working directory, prints what it finds one offence a line,
# and fails if it found any. Output is TAP: one line a check, in the order in which
# they end; the offences of a failed check stand before its line. Whole logs are
# kept in build/check/NAME.log. Exit status: 0 all passed, 1 some failed, 2 usage.
set -euo pipefail

check_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$check_dir/../.." && pwd)
jobs=2
quick=
limit=1800	# seconds that one check may take
shown=120	# lines of a failed check that are printed

usage() {
	echo "usage: ${0##*/} [-lq] [-j JOBS] [CHECK...]" >&2
	exit 2
}

# The slow checks first, so that none of them is left to run alone at the end; last those
# that use the objects of the first, w1, and would have to wait for them.
all_checks() {
	local first='w1 clang-tidy checkpatch shellcheck abi' last='arm64 sparse compat' name
	local others=''

	[ -z "$quick" ] || last=${last#arm64 }
	for name in "$check_dir"/checks/*.sh; do
		name=${name##*/}
		name=${name%.sh}
		[[ " $first $last arm64 " = *" $name "* ]] || others+=" $name"
	done
	for name in $first $others $last; do
		echo "$name"
	done
}

list() {
	local name

	all_checks | while read -r name; do
		printf '%-14s %s\n' "$name" \
			"$(sed -n 's/^# Check: *//p' "$check_dir/checks/$name.sh")"
	done
}

while getopts lqj: opt; do
	case $opt in
	l)
		list
		exit 0
		;;
	q) quick=1 ;;
	j)
		jobs=$OPTARG
		[[ $jobs =~ ^[1-9][0-9]*$ ]] || {
			echo "${0##*/}: -j wants a number, not \"$jobs\"" >&2
			exit 2
		}
		;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))

if [ $# -gt 0 ]; then
	names=("$@")
	for name in "${names[@]}"; do
		[ -e "$check_dir/checks/$name.sh" ] || {
			echo "${0##*/}: no check \"$name\"; -l lists them" >&2
			exit 2
		}
	done
else
	mapfile -t names < <(all_checks)
fi

# Under sudo the tree belongs to somebody else, and git would refuse to look at it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$tree
[ "$(git -C "$tree" rev-parse --show-toplevel 2>/dev/null)" = "$(realpath "$tree")" ] || {
	echo "${0##*/}: $tree is not the top of a git tree: the checks look at what git would commit" >&2
	exit 2
}

export CHECK_DIR=$check_dir CHECK_JOBS=$jobs CHECK_QUICK=$quick LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MFLAGS
logs=$tree/build/check
mkdir -p "$logs"
tmp=$(mktemp -d)
declare -A name_of=() started=()

# Whoever interrupts the run wants no check to go on in the background.
cleanup() {
	local pid

	for pid in "${!name_of[@]}"; do
		kill -- "-$pid" 2>/dev/null || :
	done
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$tree"

# What has to be fetched once is fetched before the clocks start: kernels to build for
# and the kernel's own tools. Silent when the cache has it.
needs=$(for name in "${names[@]}"; do
	sed -n 's/^# Needs: *//p' "$check_dir/checks/$name.sh"
done | sort -u)
if [[ $needs = *source* ]]; then
	selftests/vm/source.sh >/dev/null || exit 1
fi
if [[ $needs = *kernels* ]]; then
	read -ra kernels <<<"${CHECK_KERNELS:-6.1 6.12 7.2}"
	selftests/vm/kernel.sh "${kernels[@]}" >/dev/null || exit 1
fi
if [[ $needs = *arm64* ]]; then
	tools/check/arm64-headers.sh >/dev/null || exit 1
fi

number=0 passed=0 failed=0 skipped=0

# report NAME STATUS SECONDS
report() {
	local name=$1 status=$2 seconds=$3 log=$logs/$1.log lines reason

	# Only now, so that two runs at a time do not write into one file.
	mv "$tmp/$name.log" "$log"
	number=$((number + 1))
	grep '^# ' "$log" | sed "s/^# /# $name: /" || :
	case $status in
	0)
		passed=$((passed + 1))
		echo "ok $number - $name"
		;;
	4)
		skipped=$((skipped + 1))
		reason=$(grep -v '^# ' "$log" | tail -n 1)
		echo "ok $number - $name # SKIP ${reason:-no reason given}"
		;;
	*)
		failed=$((failed + 1))
		[ "$status" != 124 ] || echo "the check did not end within $limit s" >>"$log"
		lines=$(grep -vc '^# ' "$log" || :)
		[ "$lines" -gt 0 ] || echo "exit status $status without a word" >>"$log"
		grep -v '^# ' "$log" | head -n "$shown" | sed 's/^/#   /' || :
		[ "$lines" -le "$shown" ] ||
			echo "#   ... and $((lines - shown)) lines more in build/check/$name.log"
		echo "not ok $number - $name"
		;;
	esac
	echo "# $name took $seconds s"
}

wait_one() {
	local pid status=0

	wait -n -p pid "${!name_of[@]}" || status=$?
	report "${name_of[$pid]}" "$status" $((SECONDS - started[$pid]))
	unset "name_of[$pid]"
}

echo "TAP version 13"
echo "1..${#names[@]}"
for name in "${names[@]}"; do
	[ "${#name_of[@]}" -lt "$jobs" ] || wait_one
	mkdir "$tmp/$name"
	# timeout makes the check the leader of a process group: kill -- -PID ends it whole.
	CHECK=$name CHECK_TMP=$tmp/$name timeout -k 10 "$limit" \
		bash "$check_dir/checks/$name.sh" >"$tmp/$name.log" 2>&1 </dev/null &
	name_of[$!]=$name
	started[$!]=$SECONDS
done
while [ "${#name_of[@]}" -gt 0 ]; do
	wait_one
done

echo "# check: $passed passed, $failed failed, $skipped skipped, in $SECONDS s"
[ "$failed" = 0 ]
