#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# MANY sandboxes (20; "make soak": 1000) are made, used and removed by four at once, in
# random order, some of them from a pool; some of the four are killed in the middle of it; half
# of them, and again. SEED repeats a run's order.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

MANY=${MANY:-20}
SEED=${SEED:-$RANDOM}
WORKERS=4
# what each of the four makes in a half
EACH=$(((MANY / 2 + WORKERS - 1) / WORKERS))

# memory - KiB that the kernel has for itself
memory() {
	local key value rest n=0

	while read -r key value rest; do
		case $key in
		SUnreclaim: | Percpu:) n=$((n + value)) ;;
		esac
	done </proc/meminfo
	echo "$n"
}

# perhaps_killed ARGS... - of utcpctl sandbox; 1 if it was killed, 2 if it failed. While
# others have the lock it is tried again.
perhaps_killed() {
	local after out rc end=$((SECONDS + 20 * SLOW))

	while :; do
		if ((RANDOM % 6 == 0)); then
			printf -v after '0.%02d' $((RANDOM % 25 + 5))
			out=$(timeout -s KILL "$after" "$UTCPCTL" sandbox "$@" 2>&1)
		else
			out=$(sandbox "$@" 2>&1)
		fi
		rc=$?
		((rc != 4 || SECONDS >= end)) && break
	done
	case $rc in
	0) return 0 ;;
	137)
		echo "killed"
		return 1
		;;
	esac
	echo "failed: $*: $rc: $out"
	return 2
}

# make NAME PORT - of a random mode; what is made and reaches others is used
make() {
	local name=$1 options=()

	case $((RANDOM % 4)) in
	0) ;;
	1) options=(--mode host-loopback --service tcp 5432) ;;
	2) options=(--mode bridged --cell) ;;
	3) options=(--mode custom --rate 50m --publish "$2:80" --allow out proto icmp) ;;
	esac
	perhaps_killed create "$name" "${options[@]}" || return 0
	echo "made"
	[ "${options[1]-}" != bridged ] || reach "$name" 10.181.0.1 >"$WORK/$name" ||
		echo "failed: $name reaches nobody: $(<"$WORK/$name")"
}

# refill - what was taken from the pool
refill() {
	perhaps_killed pool fill
	case $? in
	0 | 1) return ;;
	esac
	echo "no pool"
}

# worker N - makes its part, and removes it
worker() {
	local made=0 alive=() i port=$(($1 % WORKERS * 1000 + 20000))

	RANDOM=$((SEED + $1))
	while [ $made -lt $EACH ] || [ ${#alive[@]} -gt 0 ]; do
		if [ $made -lt $EACH ] &&
			{ [ ${#alive[@]} = 0 ] || ((RANDOM % 2)); }; then
			((RANDOM % 4)) || refill
			make "t-$1-$made" $((port + made))
			alive+=("t-$1-$made")
			made=$((made + 1))
		else
			i=$((RANDOM % ${#alive[@]}))
			perhaps_killed delete "${alive[i]}"
			case $? in
			1) continue ;;
			2)
				echo "worker $1 gives up"
				return
				;;
			esac
			unset "alive[i]"
			alive=("${alive[@]}")
		fi
	done
}

# unique - no two have an address
unique() {
	"$UTCPCTL" -j sandbox list | gojq -e '[.[].addr[]?] | length == (unique | length)'
}

# half N - one half, and nothing of it is left
half() {
	local i pids=()

	must sandbox pool set size 4
	for ((i = 0; i < WORKERS; i++)); do
		worker $((WORKERS * $1 + i)) >"$WORK/worker-$1-$i" 2>&1 &
		pids+=($!)
	done
	while kill -0 "${pids[@]}" 2>/dev/null; do
		expect_ok "no address is there twice" unique
		sleep 2
	done
	wait "${pids[@]}"
	expect_eq "each was made or removed, or its maker killed" "" \
		"$(grep -hv '^\(made\|killed\)$' "$WORK/worker-$1"-*)"
	note "$(cat "$WORK/worker-$1"-* | grep -c made) made, $(cat "$WORK/worker-$1"-* | grep -c killed) times killed"
	must sandbox pool set size 0
	sandbox gc >"$WORK/gc"
	expect_eq "nothing is left" "$before" "$(things)"
}

together() {
	local before had i most

	begin utcp utcp_acl utcp_shaper
	note "MANY=$MANY SEED=$SEED"
	# The first have caches filled, and leave what is there once: of each mode, and as many
	# at once as there may be later.
	for ((i = 1; i <= 2 * WORKERS; i += 4)); do
		must sandbox create "t-first-$i"
		must sandbox create "t-first-$((i + 1))" --mode host-loopback --service tcp 5432
		must sandbox create "t-first-$((i + 2))" --mode bridged --cell
		must sandbox create "t-first-$((i + 3))" --mode custom --rate 50m \
			--publish "$((19000 + i)):80" --allow out proto icmp
	done
	for ((i--; i >= 1; i--)); do
		must sandbox delete "t-first-$i"
	done
	before=$(things)
	half 1
	# What caches keep of as many at once as there were.
	sleep 5
	had=$(memory)
	half 2
	most=$((had + 1024 + MANY / 2))
	little() {
		echo "$(memory) KiB of $most"
		[ "$(memory)" -le "$most" ]
	}
	wait_for "nor memory" 60 little
	expect_ok "nor anything of the modules" rmmod utcp_shaper utcp_acl utcp netswitch
}

run_tests \
	together "many come and go, and nothing of them is left"
