#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# selftest.sh [-l] - does the runner do what README.rst says?  TAP on standard
# output; -l adds what takes minutes (7.2, leaks, virtme-ng).

set -uo pipefail
cd "$(dirname "$0")" || exit 1
VM=$PWD
long=''
[ "${1:-}" != -l ] || long=1

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

# check WORDS CONDITION... - one line of TAP; a failure shows what was printed
check() {
	local words=$1

	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $words"
		return
	fi
	echo "not ok $n - $words"
	failed=$((failed + 1))
	{
		echo "failed: $*"
		echo "status $rc"
		tail -n 40 "$tmp/out" "$tmp/err"
	} | sed 's/^/# /'
}

# guest ARGS... - run.sh; sets rc, $tmp/out, $tmp/err
guest() {
	rc=0
	./run.sh -t 300 "$@" >"$tmp/out" 2>"$tmp/err" || rc=$?
}

is() { [ "$1" = "$2" ]; }
has() { grep -qE -e "$2" "$1"; }
lacks() { ! has "$@"; }
untouched() { [ -e README.rst ] && [ -e /etc/hostname ] && [ ! -e "$tmp/outside" ] && [ ! -e /etc/utcp-selftest ]; }
gone() { ! pgrep -f "$1" >/dev/null; }

# --- output and status ------------------------------------------------------

head -c 300000 /dev/urandom >"$tmp/random"
# shellcheck disable=SC2016 # for the guest
guest -e 'WORDS=a  b' -- bash -c '
	sleep 1000 & cat "$1"; setpriv --reuid=65534 sh -c "echo err >/dev/stderr"; [ "$PWD" = "$2" ] && [ "$WORDS" = "a  b" ] &&
	[ "$3" = "it'\''s \"quoted\"" ] && [ "$(id -u)" = 0 ] || exit 1
	head -c 64 /dev/random >/dev/null || exit 2
	modprobe veth && ip link add type veth && ip link add type dummy || exit 3
	setpriv --reuid=65534 --clear-groups unshare -Urn true || exit 4
	exit 7' - "$tmp/random" "$VM" "it's \"quoted\""
check 'exit status, arguments, environment, directory, random numbers, modules, namespaces, a process left behind' is $rc 7
check 'standard output is exactly what the command wrote' cmp "$tmp/out" "$tmp/random"
check 'standard error is apart from it' is "$(cat "$tmp/err")" err

mkdir "$tmp/shared"
# shellcheck disable=SC2016
guest -k 6.12 --rw "$tmp/shared" -- sh -c '
	echo no >"$1/shared/file" && echo no >"$1/outside"
	rm -f "$2/README.rst" /etc/hostname; mount -o remount,rw /ro 2>/dev/null
	echo no >/etc/utcp-selftest; ls "$2/README.rst" /etc/utcp-selftest; true' \
	- "$tmp" "$VM"
check 'another kernel, success' is $rc 0
check 'what the guest does to the files of the host stays in the guest' \
	untouched
check 'except in a shared directory' is "$(cat "$tmp/shared/file")" no

# --- bugs of the kernel -----------------------------------------------------

guest -- sh -c 'echo before; echo c >/proc/sysrq-trigger; sleep 60'
check 'a panic is status 126' is $rc 126
check 'and is shown' has "$tmp/err" 'Kernel panic - not syncing: sysrq triggered crash'
check 'after the output so far' is "$(cat "$tmp/out")" before

guest -- sh -c 'echo "<4>WARNING: CPU: 0 PID: 1 at invented" >/dev/kmsg'
check 'a warning makes a success a failure' is $rc 126
check 'and is shown' has "$tmp/err" 'WARNING: CPU: 0 PID: 1 at invented'

guest --expect-splat 'at invented' --expect-splat 'never' -- \
	sh -c 'dmesg -n 1; echo "<4>WARNING: CPU: 0 PID: 1 at invented" >/dev/kmsg; exit 5'
check 'a report that was expected and did not come is a failure' is $rc 126
check 'and named' has "$tmp/err" 'did not report what was expected: never'
check 'the one that came is none' lacks "$tmp/err" 'reported'

guest --expect-splat 'at invented' -- \
	sh -c 'dmesg -n 1; echo "<4>WARNING: CPU: 0 PID: 1 at invented" >/dev/kmsg; exit 5'
check 'a report that was expected leaves the status alone' is $rc 5

# shellcheck disable=SC2016
guest -k debug --expect-splat 'BUG: KASAN: slab-out-of-bounds' \
	--expect-splat 'refcount_t: ' -a kasan_multi_shot -- sh -c '
	modprobe lkdtm && cd /sys/kernel/debug/provoke-crash || exit 1
	for i in WARNING REFCOUNT_DEC_ZERO SLAB_LINEAR_OVERFLOW; do
		echo $i >DIRECT
	done'
check 'the debug kernel reports, and one report was not expected' is $rc 126
check 'which is shown' has "$tmp/err" 'WARNING: .* lkdtm_WARNING'
check 'to the end of its trace' has "$tmp/err" 'end trace'
check 'while the others are not' lacks "$tmp/err" 'KASAN|refcount_t'

# --- ends ---------------------------------------------------------------------

guest -t 20 -l "$tmp/limit.log" -- sh -c 'echo started; sleep 1000'
check 'a command that overruns is status 124' is $rc 124
check 'and its guest is gone' gone "$tmp/limit.log"
check 'the log stays' test -e "$tmp/limit.log"

./run.sh -l "$tmp/term.log" -- sh -c 'echo up; sleep 1000' >"$tmp/out" 2>"$tmp/err" &
runner=$!
for ((i = 0; i < 1200; i++)); do
	has "$tmp/out" up && break
	sleep 0.1
done
kill "$runner"
rc=0
wait "$runner" || rc=$?
check 'SIGTERM to the runner ends the guest' is $rc 143
check 'which is gone' gone "$tmp/term.log"

guest -- sh -c 'poweroff -f -n 2>/dev/null || busybox poweroff -f'
check 'a command that switches the machine off gives no result' is $rc 125

# --- wrong use ----------------------------------------------------------------

guest -k 5.99 -- true
check 'an unknown kernel is refused' is $rc 125
check 'by name' has "$tmp/err" '5\.99'
guest --rw /nonexistent -- true
check 'a missing directory is refused by name' has "$tmp/err" '/nonexistent'
guest -c x -- true
check 'a number that is none is refused by name' has "$tmp/err" '^run.sh: --cpus: x'

# --- several guests, other roots, counted instructions --------------------------

rc=0
# shellcheck disable=SC2016
./net.sh -t 300 -p "$tmp/frames" -k 6.1 -n one '
	ip link set eth0 up
	for i in $(seq 200); do
		ping -q -c 3 -W 1 fe80::ff:fe00:2%eth0 && touch "$UTCP_NET_DIR/done" && exit
		sleep 0.2
	done; exit 1' -k 6.12 -n two '
	ip link set eth0 up; cat /sys/class/net/eth0/address
	for i in $(seq 600); do
		[ -e "$UTCP_NET_DIR/done" ] && exit 6
		sleep 0.2
	done; exit 1' >"$tmp/out" 2>"$tmp/err" </dev/null || rc=$?
check 'two kernels reach one another, the worst status counts' is $rc 6
check 'lines carry the name, cards their address' has "$tmp/out" '^two\| 02:00:00:00:00:02$'
check 'packets got through' has "$tmp/out" '^one\| .* 3 received'
check 'and were recorded' test "$(stat -c %s "$tmp/frames")" -gt 500

root=$(./root.sh trixie)
guest --root "$root" -- sh -c "cat /etc/debian_version; ls $VM/init"
check 'another root file system, with this tree in its place' \
	is "$rc $(sed 's/\..*//' "$tmp/out" | xargs)" "0 13 $VM/init"

# The first rounds still meet pages that are not there.
# shellcheck disable=SC2016
loop='sleep 5; for k in 1 2 3 4; do
	a=${EPOCHREALTIME/./}; for ((i = 0; i < 5000; i++)); do :; done
	b=${EPOCHREALTIME/./}; done; echo $((b - a)); grep -c -w -e erms -e fsrm /proc/cpuinfo'
guest --icount -- bash -c "$loop"
read -r -d '' first flags <"$tmp/out"
guest --icount -- bash -c "$loop"
read -r -d '' second flags <"$tmp/out"
check "two boots count the same instructions to 0.05 % ($first, $second)" \
	test "$(((first - second) ** 2 * 4000000))" -le "$((first * first))"
check 'copies count by instructions, not bytes' is "$flags" 0

guest -k uml -- sh -c 'uname -r; echo err >&2; exit 9'
check 'user-mode Linux runs commands too' is "$rc $(cat "$tmp/out")" "9 $(cat "$(./kernel.sh uml)/release")"

if [ -n "$long" ]; then
	mkdir "$tmp/module"
	cat >"$tmp/module/leak.c" <<-'C'
		#include <linux/module.h>
		#include <linux/slab.h>
		static int __init leak_init(void)
		{
			pr_info("%d\n", !kmalloc(4711, GFP_KERNEL));
			return 0;
		}
		static void __exit leak_exit(void) { }
		module_init(leak_init);
		module_exit(leak_exit);
		MODULE_DESCRIPTION("loses memory");
		MODULE_LICENSE("GPL");
	C
	echo 'obj-m := leak.o' >"$tmp/module/Kbuild"
	for kernel in debug 7.2 uml; do
		rc=0
		./kmake.sh $kernel "M=$tmp/module" clean modules >"$tmp/out" 2>"$tmp/err" || rc=$?
		check "a module builds for $kernel" is $rc 0
		[ $kernel = debug ] && leaks=(--kmemleak) || leaks=()
		guest -k $kernel "${leaks[@]}" -- insmod "$tmp/module/leak.ko"
		if [ $kernel = debug ]; then
			check 'and a leak is found' is $rc 126
			check 'and shown' has "$tmp/err" 'leak_init|size 8192'
		else
			check "and loads in $kernel" is $rc 0
		fi
	done
	guest --vng -- sh -c 'uname -r; echo err >&2; exit 9'
	check 'virtme-ng passes the status' is $rc 9
	check 'and the output' is "$(cat "$tmp/out")" "$(cat "$(./kernel.sh 6.1)/release")"
	guest --vng -- sh -c 'echo "<4>WARNING: CPU: 0 PID: 1 at invented" >/dev/kmsg'
	check 'and reports' is $rc 126
fi
echo "1..$n"
[ $failed = 0 ]
