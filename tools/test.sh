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

# What runs side by side: not more than $room at once, each counted by its weight. A
# guest with one processor waits for its clock for a third of its time: three for two
# processors keep them busy. With four, tests were late that tell the time.
room=$((jobs + jobs / 2))
running=0
declare -A weight_of=()

# beside WEIGHT NAME WHAT COMMAND... - a step at the same time as what follows, as soon as
# there is room for it
beside() {
	local weight=$1 pid

	shift
	[ "$weight" -le "$room" ] || weight=$room
	while [ $((running + weight)) -gt "$room" ]; do
		wait -n -p pid
		running=$((running - weight_of[$pid]))
	done
	steps+=("$results/$1.tap")
	run_step "$@" &
	weight_of[$!]=$weight
	running=$((running + weight))
}

# together - until all of them have ended
together() {
	wait
	running=0
}

run_step() {
	local name=$1 what=$2 file start rc cost
	local TIMEFORMAT='%0U+%0S'

	shift 2
	file=$results/$name.tap
	start=$SECONDS
	printf '  %-18s %s\n' "$name" "$what"
	# Both its time and what it cost: rows wait for each other.
	{ time "$@" </dev/null >"$file" 2>&1; rc=$?; } 2>"$results/$name.cost"
	cost="$((SECONDS - start)) s, $(($(tail -n 1 "$results/$name.cost"))) of a processor"
	printf '\n# exit %s\n' "$rc" >>"$file"
	if perl tools/tap-summary.pl "$file" >"$results/$name.summary"; then
		printf '  %-18s %s (%s)\n' '' "$(tail -n 1 "$results/$name.summary")" "$cost"
	else
		sed "s/^/    /" "$file"
		printf '  %-18s FAILED: %s (%s)\n' "$name" "$(tail -n 1 "$results/$name.summary")" "$cost"
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

# In user-mode Linux it takes a second, and minutes to build that: "make test" leaves KUnit
# to "make test-debug", which has the same suites under the sanitizers.
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

# What is about programs, or about our own tables and state machines: one stock kernel
# is as good for it as the other. Half of it runs on 6.1, half on 6.12; what touches the
# kernel's own interfaces runs on both, and "make soak" has all on both.
on_6_1="netswitch:rights.sh netswitch:ringmac.sh netswitch:membrane.sh netswitch:ringtx.sh
	netswitch:ringwait.sh
	utcp:cell.sh utcp:keylog.sh utcp:scale.sh utcp:hostile.sh utcp:peer.sh utcp:dgram.sh
	acl:expire.sh acl:sets.sh acl:many.sh acl:storm.sh acl:agree.sh shaper:cells.sh
	sandbox:faults.sh sandbox:podman.sh sandbox:pool.sh sandbox:matrix.sh
	suite:helpers.sh suite:state.sh"
on_6_12="netswitch:ringzc.sh netswitch:ringrx.sh
	utcp:cellnl.sh utcp:utcpcat.sh utcp:acl.sh utcp:flood.sh utcp:policy.sh utcp:conn.sh
	acl:reject.sh acl:basics.sh acl:confirm.sh acl:identity.sh acl:trace.sh shaper:shaper.sh
	sandbox:living.sh sandbox:adopt.sh sandbox:cni.sh sandbox:netavark.sh sandbox:many.sh
	suite:autoload.sh suite:utcpctl.sh"

# What neither of these two has.
on_7_2="shaper:hardware.sh"

# without NOT... - of the tests that standard input names
without() {
	grep -vxF "$(tr -s ' \t' '\n' <<<"$*")"
}

# elsewhere KERNEL - what another kernel has
elsewhere() {
	case $1 in
	6.1) echo "$on_6_12" ;;
	6.12) echo "$on_6_1" ;;
	esac
}

# on_one_cpu KERNEL COLLECTION... - their tests but for those above
on_one_cpu() {
	local collection not

	not="$smp $counted $on_7_2 $(elsewhere "$1")"
	shift
	for collection; do
		grep "^$collection:" build/selftests/kselftest-list.txt
	done | without "$not"
}

# on_two_cpus KERNEL
on_two_cpus() {
	tr -s ' \t' '\n' <<<"$smp" | without "$(elsewhere "$1")"
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
	# Of insmod and rmmod; the debug kernel does more, and soak many.
	local -x CHURN=${CHURN:-10}

	# shellcheck disable=SC2086 # a list of names
	step build "modules, tool and selftests" built ${KERNELS:-6.1 6.12} 7.2
	if [ -z "${TESTS:-}" ]; then
		# The longest first. One of them at a time: guests leave that much.
		beside 1 check "static checks" tools/check/run.sh -q -j 1
	fi
	if [ "${TESTS:-}" ]; then
		for kernel in ${KERNELS:-6.1 6.12}; do
			step "selftests-$kernel" "selftests on stock $kernel" selftests "$kernel" 3300 --
		done
	else
		# The longest first.
		for part in "sandbox suite" utcp netswitch "acl shaper"; do
			for kernel in ${KERNELS:-6.1 6.12}; do
				# shellcheck disable=SC2046,SC2086 # lists of names
				beside 1 "${part%% *}-$kernel" "$part on stock $kernel" \
					selftests "$kernel" 3300 -c 1 -- $(on_one_cpu "$kernel" $part)
			done
		done
	fi
	if [ -z "${TESTS:-}" ]; then
		beside 1 unit "libutcp, utcpctl and utcpcat" unit_tests
		beside 1 counted-6.1 "rates of the shaper, bad wires and floods of utcp, by the instruction clock" \
			selftests 6.1 1800 --icount -e ICOUNT=1 -- shaper:rate.sh utcp:data.sh utcp:flood.sh
		# One processor: with two emulated ones 7.2 was seen to die while it boots, in
		# sched_clock_cpu(), whose code is patched then; nothing of ours is loaded yet.
		beside 1 load-7.2 "the modules on 7.2" \
			selftests 7.2 600 -c 1 -- suite:load.sh "$on_7_2"
		beside 1 signed-6.1 "a kernel that wants signed modules" \
			selftests 6.1 600 -c 1 -a module.sig_enforce=1 -- sig:sig.sh
		# They build a tree of their own.
		beside 2 packages "packages and installing" packaging/test.sh
		# Two processors wait for each other where the host has none to spare.
		for kernel in ${KERNELS:-6.1 6.12}; do
			# shellcheck disable=SC2046 # a list of names
			beside 3 "smp-$kernel" "selftests on stock $kernel, two processors" \
				selftests "$kernel" 1800 -- $(on_two_cpus "$kernel")
		done
	fi
	together
	if [ -z "${TESTS:-}${KERNELS:-}" ]; then
		step across "frames between 6.1, 6.12 and 7.2" across 6.1 6.12 7.2
	fi
}

run_debug() {
	# A program takes several times as long to begin there as on a stock kernel: here is what
	# asks the most of each module in ten minutes.
	# The rest is in "make soak", rest-debug before all.
	local utcp="utcp:socket.sh utcp:netlink.sh acl:aclnl.sh acl:acl.sh suite:fuzz.sh"
	local requests="netswitch:netlink.sh acl:netlink.sh shaper:netlink.sh shaper:brief.sh
		utcp:cell.sh"

	export SLOW=6 CHURN=${CHURN:-10} FUZZ=${FUZZ:-200}

	step build-debug "modules, tool and selftests" built debug
	# Each guest is asked at its end what was lost in it.
	if [ "${TESTS:-}" ]; then
		# shellcheck disable=SC2086 # a list of names
		step selftests-debug "selftests on the debug kernel" \
			selftests debug 3000 -- $collections debug:kmemleak.sh
	else
		# The longest first.
		# shellcheck disable=SC2086 # a list of names
		beside 1 utcp-debug "sockets, rules and requests on the debug kernel" \
			selftests debug 3000 -c 1 -- $utcp debug:kmemleak.sh
		beside 1 modules-debug "modules that come and go on the debug kernel" \
			selftests debug 3000 -- suite:churn.sh debug:kmemleak.sh
		# shellcheck disable=SC2086 # a list of names
		beside 1 requests-debug "requests and frames on the debug kernel" \
			selftests debug 3000 -c 1 -- $requests debug:kmemleak.sh
		beside 1 kunit-debug "KUnit in the debug kernel" kunit_in debug
		together
	fi
}

# The packages in a Debian 13.
debian() {
	prepare make --no-print-directory deb && prepare install_selftests || return
	"$vm/debian.sh" build/selftests build/deb
}

# One result: each scene did what it says.
demo() {
	echo "1..1"
	tools/demo.sh 2>&1 | sed 's/^/# /' && echo "ok 1 - the demo"
}

run_soak() {
	local kernel

	run_test
	kunit
	step acl-soak "the classifier against its model, 10 million packets" \
		build/user/test/acl_soak 10000000
	ready 6.1 6.12 7.2 debug
	# shellcheck disable=SC2086 # a list of names
	step rest-6.1 "what make test has on 6.12 alone, on 6.1" selftests 6.1 3600 -c 1 -- $on_6_12
	# shellcheck disable=SC2086 # a list of names
	step rest-6.12 "what make test has on 6.1 alone, on 6.12" selftests 6.12 3600 -c 1 -- $on_6_1
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
		TIMEOUT=3500 LONG=50000 step "acl-agree-$kernel" \
			"50,000 frames and random rules, as nft decides, on $kernel" \
			selftests "$kernel" 3600 -c 1 -- acl:agree.sh
	done
	TIMEOUT=3500 MANY=1000 step sandboxes-6.1 "a thousand sandboxes by four at once, some killed" \
		selftests 6.1 3600 -- sandbox:many.sh
	TIMEOUT=3500 LONG=10000 step rates-6.1 "rates of the shaper, at length" \
		selftests 6.1 3600 --icount -e ICOUNT=1 -- shaper:accuracy.sh
	# What floods a port has two processors: with one, the flood is too slow there.
	SLOW=6 TIMEOUT=14000 CHURN=20 FUZZ=500 step rest-debug "what make test-debug has no time for" \
		selftests debug 14400 -- netswitch:port.sh netswitch:demux.sh netswitch:stages.sh \
		utcp:cellnl.sh utcp:peer.sh utcp:conn.sh acl:flow.sh acl:identity.sh \
		suite:load.sh suite:netns.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 MANY=10000 step load-debug "the shaper under load, and 100,000 rules" \
		selftests debug 14400 -- shaper:shaper.sh acl:many.sh acl:reject.sh acl:expire.sh acl:sets.sh \
		acl:basics.sh acl:confirm.sh acl:ns.sh acl:ways.sh acl:trace.sh \
		debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 step utcp-debug "what else there is of utcp, and sandboxes" \
		selftests debug 14400 -- utcp:policy.sh utcp:dgram.sh utcp:acl.sh utcp:scale.sh utcp:keylog.sh utcp:utcpcat.sh \
		sandbox suite:autoload.sh suite:utcpctl.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 LONG=3600 step soak-utcp-debug "connections for an hour, both ends checking" \
		selftests debug 14400 -- utcp:soak.sh debug:kmemleak.sh
	SLOW=4 TIMEOUT=14000 FUZZ=2000000 step fuzz-debug "two million mutated requests to each family" \
		selftests debug 14400 -c 1 -- suite:fuzz.sh debug:kmemleak.sh
	UTCP_CARD=e1000 step across-e1000 "frames between 6.1 and 6.12 by cards that need no copy" \
		across 6.1 6.12
	step across-7.2 "rings of 6.1 and 7.2" across 6.1 7.2
	LIMIT=7200 MANY=10000 BYTES=4096 step across-many \
		"ten thousand connections at once between guests of 1 GiB" across 6.1 6.12
	step demo "the demo" demo
	step vm "the test bed itself" "$vm/selftest.sh"
	step check "static checks, the analyzer at its usual depth" tools/check/run.sh
	step check-selftest "the checks themselves" tools/check/selftest.sh
	step packages-long "packages, at length" packaging/test.sh -l
	step debian-13 "packages in Debian 13, with its own kernel and Podman 5" debian
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
