#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The helpers themselves: a check that cannot fail shows nothing, and networks
# that are not what a test asked for show something else.
. "$(dirname "$0")/../lib.sh"

# program BODY - run it as a test program of its own; its KTAP is in $OUT
program() {
	mkdir -p "$WORK/inner/folder"
	ln -sfn "$SELFTESTS/kselftest" "$WORK/inner/kselftest"
	echo '^helpers: no splat at all' >"$WORK/inner/splats"
	cp "$SELFTESTS/lib.sh" "$WORK/inner/"
	printf '. "%s/inner/lib.sh"\n%s\n' "$WORK" "$1" >"$WORK/inner/folder/test.sh"
	_run bash "$WORK/inner/folder/test.sh"
}

# many RESULT DESCRIPTION BODY [DESCRIPTION BODY...] - tests with these bodies,
# each of which has this result
many() {
	local result=$1 text='' list='' n=0 what=()

	shift
	while [ $# -gt 1 ]; do
		n=$((n + 1))
		what+=("$1")
		text+="t$n() { $2
		}
		"
		list+=" t$n t$n"
		shift 2
	done
	program "$text run_tests $list"
	for ((; n > 0; n--)); do
		expect_match "${what[n - 1]}" "^$result $n t$n *\$" "$OUT"
	done
}

# shellcheck disable=SC2016 # expanded in the inner program
checks_fail() {
	many "not ok" \
		"no check at all" ':' \
		"expect_ok" 'expect_ok x false' \
		"expect_ok of nothing" 'expect_ok x /no/such/program' \
		"expect_fail" 'expect_fail x true' \
		"expect_fail of nothing" 'expect_fail x /no/such/program' \
		"expect_fail of a crash" 'expect_fail x bash -c "kill -SEGV \$\$"' \
		"expect_rc" 'expect_rc x 3 false' \
		"expect_fail_with, other words" 'expect_fail_with x good sh -c "echo bad; exit 1"' \
		"expect_fail_with, success" 'expect_fail_with x good echo good' \
		"expect_match" 'expect_match x a b' \
		"expect_no_match" 'expect_no_match x a a' \
		"expect_eq" 'expect_eq x a b' \
		"wait_for" 'SLOW=1; wait_for x 1 false' \
		"must" 'expect_ok x true; must false' \
		"a failure before a success" 'expect_ok x false; expect_ok y true' \
		"a failure in a pipe" 'expect_ok x true; true | expect_ok y false' \
		"exit 0 after a failure" 'expect_ok x false; exit 0' \
		"exit with a status" 'expect_ok x true; exit 3' \
		"skipping after a failure" 'expect_ok x false; skip_test because' \
		"exit 4 without a reason" 'expect_ok x true; exit 4' \
		"a splat" 'm=$(dmesg_mark); echo "helpers: no splat at all" >/dev/kmsg; expect_quiet x $m' \
		"no list of splats" 'SPLATS=/dev/null; expect_quiet x $(dmesg_mark)'
	expect_eq "exit status" 1 "$RC"
	expect_match "a failure names its check" '^# FAIL y' "$OUT"
}

# shellcheck disable=SC2016
checks_pass() {
	many "ok" \
		"expect_ok" 'expect_ok x true' \
		"expect_fail" 'expect_fail x false' \
		"expect_rc" 'expect_rc x 1 false' \
		"expect_fail_with" 'expect_fail_with x go+d sh -c "echo good; exit 1"' \
		"expect_match" 'expect_match x "^b" "$(printf "a\nb")"' \
		"expect_no_match" 'expect_no_match x "^c" "$(printf "a\nb")"' \
		"wait_for" 'touch $WORK/w; (sleep 0.3; rm $WORK/w) & wait_for x 10 test ! -e $WORK/w' \
		"an old splat" 'echo "helpers: no splat at all" >/dev/kmsg; expect_quiet x $(dmesg_mark)'
	expect_eq "exit status" 0 "$RC"
}

skips() {
	program 'one() { skip_test "no moon"; }; run_tests one one'
	expect_eq "all skipped: exit status" 4 "$RC"
	expect_match "its reason" '^# skipped: no moon$' "$OUT"
	expect_match "its result" '^ok 1 one # SKIP' "$OUT"
	program 'skip_all "no moon"'
	expect_eq "the whole program: exit status" 4 "$RC"
	expect_match "its reason" '^1\.\.0 # SKIP no moon$' "$OUT"
}

undone() {
	program "one() { defer touch $WORK/a; defer mv $WORK/a $WORK/b; expect_ok x true; }
		run_tests one one"
	expect_fail "last deferred first: mv before touch" test -e "$WORK/b"
	expect_ok "deferred after a test that passed" test -e "$WORK/a"
	program "one() { defer touch $WORK/c; must false; }; run_tests one one"
	expect_ok "deferred after a test that failed" test -e "$WORK/c"
	program "one() { spawn $WORK/out sleep 1000; echo \$SPAWNED >$WORK/pid; expect_ok x true; }
		run_tests one one"
	expect_fail "the spawned process is gone" kill -0 "$(<"$WORK/pid")"
	expect_ok "it was one" test -s "$WORK/pid"
	program "long() { sleep 1000.5; }; one() { spawn $WORK/out long; expect_ok x true; }
		run_tests one one"
	expect_fail "so is the program of a spawned function" pgrep -f "sleep 1000[.]5"
	program "one() { load_all; expect_ok x true; }; run_tests one one"
	expect_eq "a test that loads passes" 0 "$RC"
	expect_fail "its modules are gone" loaded netswitch
	program "one() { ns_add helper-ns; expect_ok x ns helper-ns true; }
		run_tests one one"
	expect_eq "a test with a namespace passes" 0 "$RC"
	expect_no_match "its namespace is gone" helper-ns "$(ip netns list)"
}

veth_pairs() {
	kernel_has veth
	ns_add helper-a helper-b
	veth helper-a eth0 helper-b eth0
	addr helper-a eth0 10.0.0.1/24
	addr helper-b eth0 10.0.0.2/24
	addr helper-a eth0 fd00::1/64
	addr helper-b eth0 fd00::2/64
	expect_ok "IPv4 through the pair" ns helper-a ping -c 1 -W 5 10.0.0.2
	expect_ok "IPv6 through the pair" ns helper-a ping -c 1 -W 5 fd00::2
	must ip -n helper-b link set eth0 down
	expect_fail "and not when it is down" ns helper-a ping -c 1 -W 1 10.0.0.2
}

bridges() {
	kernel_has veth bridge
	ns_add helper-a helper-b helper-br
	veth helper-a eth0 helper-br port-a
	veth helper-b eth0 helper-br port-b
	bridge_add helper-br br0 port-a port-b
	addr helper-a eth0 10.0.0.1/24
	addr helper-b eth0 10.0.0.2/24
	wait_for "frames pass the bridge" 10 ns helper-a ping -c 1 -W 1 10.0.0.2
	must ip -n helper-br link set port-b nomaster
	expect_fail "and not without its port" ns helper-a ping -c 1 -W 1 10.0.0.2
}

netem_delays() {
	local ms=

	kernel_has veth sch_netem
	ns_add helper-a helper-b
	veth helper-a eth0 helper-b eth0
	addr helper-a eth0 10.0.0.1/24
	addr helper-b eth0 10.0.0.2/24
	netem helper-a eth0 delay 200ms
	must ns helper-a ping -c 1 -W 10 10.0.0.2
	_run ns helper-a ping -c 1 -W 10 10.0.0.2
	[[ $OUT =~ time=([0-9]+) ]] && ms=${BASH_REMATCH[1]}
	expect_ok "200 ms at least, not ${ms:-none}" test "${ms:-0}" -ge 200
	netem helper-a eth0 loss 100%
	expect_fail "all lost" ns helper-a ping -c 1 -W 1 10.0.0.2
}

run_tests \
	checks_fail "a check that fails makes its test fail" \
	checks_pass "a check that holds makes its test pass" \
	skips "skipping has a reason and exit status 4" \
	undone "what a test deferred, started and loaded is undone" \
	veth_pairs "a veth pair carries IPv4 and IPv6" \
	bridges "a bridge forwards between its ports" \
	netem_delays "netem delays and loses"
