#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh test|test-debug|kunit|soak - what "make" of these names runs
#
#   TESTS=NAME...     only these collections of selftests (netswitch, suite, …)
#   KERNELS=NAME...   other kernels than 6.1 and 6.12
#   VM=vng            guests are booted by virtme-ng; KUnit runs in the debug kernel
#
# Each step writes TAP to build/test/STEP.tap and is told with the time that it
# took; the text of a step that fails is shown. Ends with one line of counts.
set -uo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top" || exit 1
vm=selftests/vm
results=build/test
jobs=$(nproc)
steps=()

collections=${TESTS:-netswitch utcp acl shaper sandbox suite}
vng=()
case ${VM:-} in
'' | qemu) ;;
vng) vng=(--vng) ;;
*)
	echo "test.sh: VM=$VM: there are qemu and vng" >&2
	exit 1
	;;
esac

# step NAME WHAT COMMAND... - one file of results
step() {
	steps+=("$results/$1.tap")
	run_step "$@"
}

# step_beside NAME WHAT COMMAND... - at the same time as what follows, until "wait"
step_beside() {
	steps+=("$results/$1.tap")
	run_step "$@" &
}

run_step() {
	local name=$1 what=$2 file start rc

	shift 2
	file=$results/$name.tap
	start=$SECONDS
	printf '  %-18s %s\n' "$name" "$what"
	"$@" </dev/null >"$file" 2>&1
	rc=$?
	printf '\n# exit %s\n' "$rc" >>"$file"
	if perl tools/tap-summary.pl "$file" >"$results/$name.summary"; then
		printf '  %-18s %s (%d s)\n' '' "$(tail -n 1 "$results/$name.summary")" $((SECONDS - start))
	else
		sed "s/^/    /" "$file"
		printf '  %-18s FAILED: %s (%d s)\n' "$name" "$(tail -n 1 "$results/$name.summary")" \
			$((SECONDS - start))
	fi
}

modules() {
	make --no-print-directory modules KERNEL="$1" W=1 WERROR=1
}

# The log of what only prepares is shown if it fails, and is no result.
prepare() {
	local log

	log=$(mktemp)
	if ! "$@" >"$log" 2>&1; then
		cat "$log"
		echo "Bail out! failed: $*"
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

unit_tests() {
	prepare make --no-print-directory -C userspace -j"$jobs" \
		O="$top/build/user" VERSION="$(<VERSION)" all membrane test-programs || return
	CMOCKA_MESSAGE_OUTPUT=TAP make --no-print-directory -C userspace \
		O="$top/build/user" VERSION="$(<VERSION)" test
}

# kunit_in KERNEL - each suite in a document of its own
kunit_in() {
	prepare modules "$1" || return
	if [ "$1" = uml ]; then
		"$vm/run.sh" -k uml -- selftests/kunit.sh "$top/build/uml/modules"
	else
		"$vm/run.sh" -k "$1" -c 1 "${vng[@]}" -- selftests/kunit.sh "$top/build/$1/modules"
	fi
}

kunit() {
	if [ "${VM:-}" ]; then
		step kunit-debug "KUnit in the debug kernel" kunit_in debug
	else
		step kunit-uml "KUnit in user-mode Linux" kunit_in uml
	fi
}

install_selftests() {
	make -C selftests -j"$jobs" install \
		KSFT="$("$vm/source.sh")/tools/testing/selftests" \
		INSTALL_PATH="$top/build/selftests"
}

# ready KERNEL... - build what guests with these kernels need; once, before guests
# that run side by side
ready() {
	local kernel

	for kernel; do
		prepare modules "$kernel" || return
	done
	prepare make --no-print-directory user membrane && prepare install_selftests
}

# What is about processors, or races: such tests get two. All others get one, since
# emulation makes a guest's processors wait for each other: port.sh takes 1.5 times as
# much of the host's time with two, and 2.5 times while the host is busy.
smp="netswitch:stages.sh netswitch:ringrx.sh netswitch:ringwait.sh netswitch:ringlife.sh
	netswitch:ringhostile.sh suite:churn.sh shaper:order.sh"

# What needs the instruction clock.
counted="shaper:rate.sh shaper:accuracy.sh utcp:data.sh utcp:silent.sh"

# What is about programs, for which one stock kernel is as good as another: on 6.1 alone.
once="suite:helpers.sh sandbox:podman.sh"

# on_one_cpu KERNEL COLLECTION... - their tests but for those above
on_one_cpu() {
	local collection not="$smp $counted"

	[ "$1" = 6.1 ] || not+=" $once"
	shift
	for collection; do
		grep "^$collection:" build/selftests/kselftest-list.txt
	done | grep -vxF "$(tr -s ' \t' '\n' <<<"$not")"
}

# selftests KERNEL LIMIT [OPTION... --] [COLLECTION[:TEST]...] - in one guest
selftests() {
	local kernel=$1 limit=$2 options=() what

	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	what=("$@")
	[ $# -gt 0 ] || read -ra what <<<"$collections"
	"$vm/run.sh" -k "$kernel" -t "$limit" "${vng[@]}" "${options[@]}" \
		-e MODULES="$top/build/$kernel/modules" -e UTCPCTL="$top/build/user/utcpctl" \
		-e SLOW="${SLOW:-1}" -e CHURN="${CHURN:-}" -e FUZZ="${FUZZ:-}" \
		-e ROUNDS="${ROUNDS:-}" -e MUTATIONS="${MUTATIONS:-}" -e MANY="${MANY:-}" -e LONG="${LONG:-}" \
		-e TIMEOUT="${TIMEOUT:-}" \
		-- selftests/run.sh build/selftests "${what[@]}"
}

# across KERNEL... - frames between them
across() {
	local kernel guests=()

	for kernel; do
		guests+=("$kernel=build/$kernel/modules")
	done
	"$vm/across.sh" build/selftests build/user/utcpctl "${guests[@]}"
}

# One result: all of it was built, without a warning.
built() {
	echo "1..1"
	ready "$@" && echo "ok 1 - built for $*"
}

run_test() {
	local kernel part
	# A guest with one processor waits for its clock for a third of its time: two for each
	# kernel, about as long as each other, keep two processors of the host busy.
	local lower="netswitch sandbox suite" upper="utcp acl shaper"
	# Of insmod and rmmod; the debug kernel does more, and soak many.
	local -x CHURN=${CHURN:-10}

	if [ -z "${TESTS:-}" ]; then
		step check "static checks" tools/check/run.sh
		step unit "libutcp, utcpctl and utcpcat" unit_tests
		kunit
	fi
	# shellcheck disable=SC2086 # a list of names
	step build "modules, tool and selftests" built ${KERNELS:-6.1 6.12} 7.2
	if [ "${TESTS:-}" ]; then
		for kernel in ${KERNELS:-6.1 6.12}; do
			step "selftests-$kernel" "selftests on stock $kernel" selftests "$kernel" 3300 --
		done
	else
		for kernel in ${KERNELS:-6.1 6.12}; do
			# shellcheck disable=SC2046,SC2086 # lists of names
			for part in "$lower" "$upper"; do
				step_beside "${part%% *}-$kernel" "$part on stock $kernel" \
					selftests "$kernel" 3300 -c 1 -- $(on_one_cpu "$kernel" $part)
			done
		done
		wait
		for kernel in ${KERNELS:-6.1 6.12}; do
			# shellcheck disable=SC2086 # a list of names
			step "smp-$kernel" "selftests on stock $kernel, two processors" \
				selftests "$kernel" 1800 -- $smp
		done
	fi
	if [ -z "${TESTS:-}${KERNELS:-}" ]; then
		step across "frames between 6.1, 6.12 and 7.2" across 6.1 6.12 7.2
	fi
	if [ -z "${TESTS:-}" ]; then
		# They build a tree of their own; what runs meanwhile has one processor, and no
		# clock that could be late.
		step_beside packages "packages and installing" packaging/test.sh
		step counted-6.1 "rates of the shaper, bad wires and floods of utcp, by the instruction clock" \
			selftests 6.1 900 --icount -e ICOUNT=1 -- shaper:rate.sh utcp:data.sh utcp:flood.sh
		step signed-6.1 "a kernel that wants signed modules" \
			selftests 6.1 300 -c 1 -a module.sig_enforce=1 -- sig:sig.sh
		# One processor: with two emulated ones 7.2 was seen to die while it boots, in
		# sched_clock_cpu(), whose code is patched then; nothing of ours is loaded yet.
		step load-7.2 "the modules on 7.2" selftests 7.2 600 -c 1 -- suite:load.sh
		wait
	fi
}

run_debug() {
	# Much of the rings, the stack on them, datagrams, the shaper under load, 100,000 rules
	# and the tool's own tests are left to "make soak", for want of time. What floods a port
	# has two processors: with one, the flood is too slow there.
	local one="netswitch:netlink.sh netswitch:port.sh netswitch:demux.sh netswitch:stages.sh
		netswitch:ringhostile.sh"
	local other="utcp:netlink.sh utcp:cell.sh utcp:cellnl.sh utcp:peer.sh utcp:socket.sh utcp:conn.sh
		acl:netlink.sh acl:aclnl.sh acl:acl.sh acl:flow.sh acl:identity.sh
		shaper:netlink.sh shaper:brief.sh"
	local all="suite:load.sh suite:netns.sh suite:fuzz.sh"
	local races="netswitch:ringlife.sh suite:churn.sh"

	export SLOW=6 CHURN=${CHURN:-20} FUZZ=${FUZZ:-500}

	step build-debug "modules, tool and selftests" built debug
	# Each guest is asked at its end what was lost in it.
	if [ "${TESTS:-}" ]; then
		# shellcheck disable=SC2086 # a list of names
		step selftests-debug "selftests on the debug kernel" \
			selftests debug 3000 -- $collections debug:kmemleak.sh
	else
		# Two rows, each about as long as the other.
		# shellcheck disable=SC2086 # lists of names
		{
			run_step netswitch-debug "netswitch on the debug kernel" \
				selftests debug 3000 -- $one debug:kmemleak.sh
			run_step smp-debug "races on the debug kernel" \
				selftests debug 3000 -- $races debug:kmemleak.sh
			run_step suite-debug "all modules on the debug kernel" \
				selftests debug 3000 -c 1 -- $all debug:kmemleak.sh
			run_step kunit-debug "KUnit in the debug kernel" kunit_in debug
		} &
		# shellcheck disable=SC2086 # lists of names
		run_step others-debug "the other modules on the debug kernel" \
			selftests debug 3000 -c 1 -- $other debug:kmemleak.sh
		wait
		steps+=("$results"/{netswitch,others,suite,smp,kunit}-debug.tap)
	fi
}

# One result: each scene did what it says.
demo() {
	echo "1..1"
	tools/demo.sh 2>&1 | sed 's/^/# /' && echo "ok 1 - the demo"
}

run_soak() {
	local kernel

	run_test
	step acl-soak "the classifier against its model, 10 million packets" \
		build/user/test/acl_soak 10000000
	ready 6.1 6.12 7.2 debug
	for kernel in 6.1 6.12; do
		TIMEOUT=3500 CHURN=200 step "churn-$kernel" "200 rounds of insmod and rmmod on $kernel" \
			selftests "$kernel" 3600 -- suite:churn.sh
	done
	SLOW=4 TIMEOUT=14000 CHURN=200 step churn-debug "the same on the debug kernel" \
		selftests debug 14400 -- suite:churn.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 ROUNDS=1000 MUTATIONS=10000000 \
		step owners-debug "1000 owners killed, 10 million words written over" \
		selftests debug 14400 -- netswitch:ringlife.sh netswitch:ringhostile.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 step rings-debug "what else there is of rings, and failing memory" \
		selftests debug 14400 -- netswitch:ring.sh netswitch:ringzc.sh netswitch:ringwait.sh netswitch:ringrx.sh netswitch:ringtx.sh \
		netswitch:rights.sh netswitch:ringmac.sh netswitch:membrane.sh debug:faults.sh debug:kmemleak.sh
	for kernel in 6.1 6.12; do
		TIMEOUT=3500 MANY=10000 step "conns-$kernel" \
			"ten thousand connections, a thousand peers on $kernel" \
			selftests "$kernel" 3600 -c 1 -- utcp:scale.sh
	done
	TIMEOUT=14000 MUTATIONS=1000000 step hostile-6.1 "a million frames that are not right on 6.1" \
		selftests 6.1 14400 -c 1 -- utcp:hostile.sh
	SLOW=4 TIMEOUT=14000 MUTATIONS=1000000 step hostile-debug "the same on the debug kernel" \
		selftests debug 14400 -c 1 -- utcp:hostile.sh debug:kmemleak.sh
	TIMEOUT=100000 LONG=67108864 step data-6.1 "64 MiB over each bad wire, by the instruction clock" \
		selftests 6.1 14400 --icount -e ICOUNT=1 -- utcp:data.sh utcp:silent.sh
	for kernel in 6.1 6.12; do
		TIMEOUT=3500 MANY=10000 step "many-$kernel" "ten thousand classes under load on $kernel" \
			selftests "$kernel" 3600 -c 1 -- shaper:shaper.sh
	done
	for kernel in 6.1 6.12; do
		TIMEOUT=3500 ROUNDS=200 step "acl-$kernel" \
			"100,000 rules, floods, and 200 namespaces that race, two processors on $kernel" \
			selftests "$kernel" 3600 -- acl:many.sh acl:flow.sh acl:ns.sh acl:ways.sh
		TIMEOUT=3500 LONG=100000 step "acl-storm-$kernel" \
			"100,000 packets through the module, against the model, on $kernel" \
			selftests "$kernel" 3600 -c 1 -- acl:storm.sh
	done
	TIMEOUT=3500 MANY=1000 step sandboxes-6.1 "a thousand sandboxes by four at once, some killed" \
		selftests 6.1 3600 -- sandbox:many.sh
	TIMEOUT=3500 LONG=10000 step rates-6.1 "rates of the shaper, at length" \
		selftests 6.1 3600 --icount -e ICOUNT=1 -- shaper:accuracy.sh
	SLOW=4 TIMEOUT=14000 MANY=10000 step load-debug "the shaper under load, and 100,000 rules" \
		selftests debug 14400 -- shaper:shaper.sh acl:many.sh acl:reject.sh acl:expire.sh acl:sets.sh \
		acl:basics.sh acl:confirm.sh acl:ns.sh acl:ways.sh acl:trace.sh \
		debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 step utcp-debug "what else there is of utcp, and sandboxes" \
		selftests debug 14400 -- utcp:policy.sh utcp:dgram.sh utcp:acl.sh utcp:scale.sh utcp:keylog.sh utcp:utcpcat.sh \
		sandbox suite:autoload.sh suite:utcpctl.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 FUZZ=2000000 step fuzz-debug "two million mutated requests to each family" \
		selftests debug 14400 -c 1 -- suite:fuzz.sh debug:kmemleak.sh
	UTCP_CARD=e1000 step across-e1000 "frames between 6.1 and 6.12 by cards that need no copy" \
		across 6.1 6.12
	step across-7.2 "rings of 6.1 and 7.2" across 6.1 7.2
	step demo "the demo" demo
	step vm "the test bed itself" "$vm/selftest.sh"
	step check-selftest "the checks themselves" tools/check/selftest.sh
	step packages-long "packages, at length" packaging/test.sh -l
	VM=vng
	vng=(--vng)
	step vng "netswitch in a guest of virtme-ng" selftests 6.1 1200 -- netswitch:port.sh
}

mkdir -p "$results"
case ${1-} in
test) run_test ;;
test-debug) run_debug ;;
kunit) kunit ;;
soak) run_soak ;;
*)
	echo "usage: test.sh test|test-debug|kunit|soak" >&2
	exit 1
	;;
esac
echo
perl tools/tap-summary.pl "${steps[@]}"
