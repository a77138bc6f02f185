#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh - run benchmarks and print what they cost.  README.rst describes it; --help is short.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
report=(python3 "$here/report.py")

KERNEL=${KERNEL:-6.1}
BENCH=${BENCH:-}
ACCEL=${BENCH_ACCEL:-icount}
OUT=$top/build/bench
HISTORY=${BENCH_HISTORY:-$here/history.jsonl}
# A guest that is busy for this long is not measuring any more.
LIMIT=${BENCH_LIMIT:-1200}

usage() {
	cat <<-'EOF'
	usage: bench.sh [OPTION]...
	  -b, --bench NAME[,NAME]   only these benchmarks (BENCH=)
	  -k, --kernel NAME         kernel of the test bed, default 6.1 (KERNEL=)
	  -j, --json                JSON instead of a table (BENCH_JSON=1)
	  -l, --list                name the benchmarks
	      --check               exit 1 when a peer is out of its published range
	      --repeat N            N times over; exit 1 when runs differ too much
	      --diff REV            compare this tree with REV's modules and tools
	      --record              add the figures to the history file (BENCH_RECORD=1)
	      --markdown [FILE]     write the goals into FILE (README.md), between its markers
	                            (BENCH_README=1: into README.md; wants all benchmarks)
	MANY=N: as many sandboxes there already, where that is asked (300).
	BENCH_ACCEL=kvm|native: on hardware that can measure time, nanoseconds instead.
	EOF
}

die() {
	printf 'bench.sh: %s\n' "$*" >&2
	exit 2
}

parsed=$(getopt -n bench.sh -o b:k:jlh \
	-l bench:,kernel:,json,list,check,repeat:,diff:,record,markdown::,help -- "$@") || {
	usage >&2
	exit 2
}
eval set -- "$parsed"
form=table check='' repeat=1 diff='' record=${BENCH_RECORD:-} markdown=''
[ "${BENCH_JSON:-}" != 1 ] || form=json
while [ "$1" != -- ]; do
	case $1 in
	-b | --bench) BENCH=$2; shift ;;
	-k | --kernel) KERNEL=$2; shift ;;
	-j | --json) form=json ;;
	-l | --list) form=list ;;
	--check) check=1 ;;
	--repeat) repeat=$2; shift ;;
	--diff) diff=$2; shift ;;
	--record) record=1 ;;
	--markdown) markdown=${2:-$top/README.md}; shift ;;
	-h | --help) usage; exit ;;
	esac
	shift
done
shift
if [ "${BENCH_README:-}" = 1 ]; then
	[ -z "$BENCH" ] || die "BENCH_README=1: the table is of all benchmarks, not only of $BENCH"
	markdown=$top/README.md
fi
[ $# = 0 ] || die "$1: not expected"
[[ $repeat =~ ^[1-9][0-9]?$ ]] || die "--repeat $repeat: not a number from 1 to 99"
case $ACCEL in
icount | kvm | native) ;;
*) die "BENCH_ACCEL=$ACCEL: not icount, kvm or native" ;;
esac
[ -z "$check" ] || [ "$KERNEL/$ACCEL" = 6.1/icount ] ||
	die "--check: the published figures are instructions on 6.1; nothing to hold $KERNEL/$ACCEL against"
[ -z "$diff" ] || git -C "$top" rev-parse -q --verify "$diff^{commit}" >/dev/null ||
	die "--diff $diff: no such revision"

# --- which benchmarks

# What a case file says of itself, without running it.
about() {
	(
		# shellcheck source=/dev/null
		. "$here/cases/$1.sh"
		printf '%s' "${!2:-}"
	)
}

all=()
for file in "$here"/cases/*.sh; do
	all+=("$(basename "$file" .sh)")
done
cases=("${all[@]}")
if [ -n "$BENCH" ]; then
	IFS=, read -ra cases <<<"$BENCH"
	for name in "${cases[@]}"; do
		[ -e "$here/cases/$name.sh" ] ||
			die "no benchmark named '$name'; there are: ${all[*]}"
	done
fi
if [ "$form" = list ]; then
	for name in "${cases[@]}"; do
		printf '%-14s %s\n' "$name" "$(about "$name" title)"
	done
	exit
fi

# --- building

# With this tree's library, which build_tree has made.
build_programs() {
	make -s -C "$here" O="$OUT" >&2
}

# build_tree TREE: our modules and tools, whose place modules_of and tool_of tell
build_tree() {
	local tree=$1 kernel=("KERNEL=$KERNEL")

	[ "$ACCEL" != native ] || kernel=()
	# Not as part of the make that may have called this script.
	printf '  BUILD   modules and tools in %s\n' "$tree" >&2
	if ! env -u MAKEFLAGS -u MAKELEVEL -u KERNEL -u KDIR \
		make -s -C "$tree" "${kernel[@]}" modules user >"$OUT/build.log" 2>&1; then
		cat "$OUT/build.log" >&2
		die "cannot build the modules or the tools in $tree"
	fi
}

modules_of() {
	if [ "$ACCEL" = native ]; then
		printf '%s/build/%s/modules' "$1" "$(uname -r)"
	else
		printf '%s/build/%s/modules' "$1" "$KERNEL"
	fi
}

# --- running

host_facts() {
	local rev

	rev=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null) || rev=unknown
	if ! git -C "$1" diff --quiet HEAD -- modules uapi userspace selftests/bench 2>/dev/null; then
		rev+=-dirty
	fi
	printf 'META rev %s\n' "$rev"
	printf 'META date %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
	printf 'META tools %s\n' "$(dpkg-query -W -f '${Package} ${Version}, ' iproute2 nftables wireguard-tools 2>/dev/null | sed 's/, $//')"
	printf 'META accel %s\n' "$ACCEL"
	if [ "$ACCEL" != native ]; then
		printf 'META qemu %s\n' "$(qemu-system-x86_64 --version | head -n 1)"
	fi
}

# boot TREE CASE...: one guest for all of them, with TREE's modules and tools
boot() {
	local tree=$1 cpus counts=$OUT/counts
	local guest=("$here/guest.sh" -m "$(modules_of "$1")" -u "$1/build/user/utcpctl" -x "$OUT")
	# What the published figures were measured with: mitigations add to every kernel entry
	# what another machine need not pay, and addresses must not move between boots.
	local run=("$top/selftests/vm/run.sh" -k "$KERNEL" -m 3072 -t "$LIMIT"
		-a "mitigations=off nokaslr tsc=reliable")

	shift
	[ -z "${MANY:-}" ] || run+=(-e MANY="$MANY")
	cpus=$(about "$1" cpus)
	run+=(-c "${cpus:-1}")
	case ${cpus:+counted-}$ACCEL in
	counted-icount)
		# That clock has one processor. A plugin counts what each of several executes.
		rm -rf "$counts"
		mkdir -p "$counts"
		"${run[@]}" --plugin "$OUT/count.so,to=$counts/mark" --rw "$counts" \
			-e "COUNTS=$counts/mark" -- "${guest[@]}" "$@"
		return
		;;
	esac
	case $ACCEL in
	icount) "${run[@]}" --icount -- "${guest[@]}" "$@" ;;
	kvm) "${run[@]}" --accel kvm -- "${guest[@]}" "$@" ;;
	native)
		[ "$(id -u)" = 0 ] || die "BENCH_ACCEL=native needs root"
		unshare --net --mount -- "${guest[@]}" "$@"
		;;
	esac
}

# measure TREE LOG: all cases; those that name the same boot share one, so that they compare
measure() {
	local tree=$1 log=$2 name group rc=0
	local -A members=()
	local order=()

	for name in "${cases[@]}"; do
		group=$(about "$name" boot)
		[ -n "${members[$group]:-}" ] || order+=("$group")
		members[$group]+="$name "
	done
	host_facts "$tree" >"$log"
	for group in "${order[@]}"; do
		read -ra names <<<"${members[$group]}"
		printf '  BENCH   %s on %s (%s)\n' "${names[*]}" "$KERNEL" "$ACCEL" >&2
		if ! boot "$tree" "${names[@]}" >>"$log"; then
			printf 'bench.sh: a case of "%s" failed\n' "${names[*]}" >&2
			rc=1
		fi
	done
	return $rc
}

# --- what was asked for

mkdir -p "$OUT"
exec {lock}>"$OUT/lock"
flock -n "$lock" || die "another bench runs in $OUT"

if [ -n "$diff" ]; then
	tree=$(mktemp -d "$OUT/diff.XXXXXX")
	# shellcheck disable=SC2317 # the trap calls it
	drop_tree() {
		git -C "$top" worktree remove --force "$tree" 2>/dev/null || rm -rf "$tree"
		git -C "$top" worktree prune
	}
	trap drop_tree EXIT
	git -C "$top" worktree add -q --detach "$tree" "$diff"
	build_tree "$tree"
	build_tree "$top"
	build_programs
	rc=0
	measure "$tree" "$OUT/diff-old.log" || rc=1
	measure "$top" "$OUT/diff-new.log" || rc=1
	"${report[@]}" diff "$OUT/diff-old.log" "$OUT/diff-new.log"
	exit $rc
fi

build_tree "$top"
build_programs
rc=0
logs=()
for ((i = 1; i <= repeat; i++)); do
	logs+=("$OUT/run-$i.log")
	measure "$top" "$OUT/run-$i.log" || rc=1
done

options=()
[ "$KERNEL/$ACCEL" != 6.1/icount ] || options=(--published "$here/published.tsv")
"${report[@]}" "$form" "${options[@]}" "${logs[0]}"
if [ "$rc" = 0 ]; then
	[ -z "$record" ] || "${report[@]}" record "${logs[0]}" "$HISTORY"
	[ -z "$markdown" ] || "${report[@]}" markdown "${logs[0]}" "$markdown"
fi
if [ "$repeat" -gt 1 ]; then
	"${report[@]}" repeat "${logs[@]}" || rc=1
fi
if [ -n "$check" ]; then
	"${report[@]}" check "${options[@]}" "${logs[0]}" || rc=1
fi
exit $rc
