#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sandboxes as users meet them.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"

# links NAME - the devices that it has; what else is there is the bonding module's
links() {
	sandbox exec "$1" sh -c 'cd /sys/class/net && echo */'
}

none() {
	begin
	expect_ok "it is made without any module" sandbox create t-none
	expect_eq "with a loopback and no link" lo/ "$(links t-none)"
	expect_ok "which works" reach t-none 127.0.0.1
	expect_rc "its name is taken" 2 sandbox create t-none
	expect_rc "commands give their exit code" 7 sandbox exec t-none sh -c 'exit 7'
	must mkdir -p /etc/netns/t-none
	defer rm -rf /etc/netns/t-none
	echo of-its-own >/etc/netns/t-none/hostname
	expect_eq "which see files of their own" of-its-own "$(sandbox exec t-none cat /etc/hostname)"
	expect_rc "there may be no such command" 127 sandbox exec t-none nonsense
	expect_rc "options need a link" 1 sandbox create t-x --rate 5m
	# With a /run of its own, as rootless containers have it.
	# shellcheck disable=SC2016 # the inner shell's
	expect_rc "root of a user namespace makes none" 5 unshare --user --map-root-user --mount \
		--net sh -c 'mount -t tmpfs none /run && "$0" sandbox create t-x' "$UTCPCTL"
	expect_match "which is said plainly" "rootless containers are not supported" "$OUT"
	expect_rc "it is removed" 0 sandbox delete t-none
	expect_eq "and its namespace" "" "$(ip netns list)"
	expect_rc "which may come again" 0 sandbox delete t-none
	expect_rc "then there is none" 3 sandbox show t-none
	expect_rc "nor anything in it" 3 sandbox exec t-none true
	must ip netns add t-none
	defer ip netns del t-none
	expect_rc "a namespace of somebody else" 2 sandbox create t-none
	expect_ok "is left alone" ip netns exec t-none true
	expect_rc "and is no sandbox" 3 sandbox exec t-none true
}

run() {
	begin
	expect_rc "it gives the command's exit code" 9 sandbox run t-run sh -c 'exit 9'
	expect_rc "or its signal" 137 sandbox run t-run -- sh -c 'kill -9 $$'
	expect_rc "or that there is none" 127 sandbox run t-run nonsense
	expect_eq "and leaves nothing" "" "$(sandbox list)"
	spawn "$WORK/out" sandbox run t-run sleep 1000
	wait_for "while it runs" 10 sandbox exec t-run true
	must kill "$(pgrep -P "$SPAWNED" -f 'sandbox run')"
	wait_for "SIGTERM is the command's" 10 gone t-run
	spawn "$WORK/out" sandbox run t-run sleep 1001
	wait_for "another one" 10 sandbox exec t-run true
	expect_eq "is no leftover while it runs" "" "$(sandbox gc)"
	must kill -9 "$(pgrep -P "$SPAWNED" -f 'sandbox run')"
	wait_for "its command ends with it" 10 no_process 'sleep 1001'
	expect_match "and is one then" "^t-run " "$(sandbox gc)"
	expect_eq "as gc saw" "" "$(sandbox list)"
	spawn "$WORK/out" sandbox run t-run sleep 1001
	wait_for "one more" 10 sandbox exec t-run true
	expect_fail_with "whose name is taken while it runs" "a sandbox of that name" sandbox run t-run true
	must kill -9 "$(pgrep -P "$SPAWNED" -f 'sandbox run')"
	wait_for "it has ended, too" 10 no_process 'sleep 1001'
	expect_ok "and is in nobody's way" sandbox run t-run true
	expect_eq "who leaves nothing" "" "$(sandbox list)"
}

# inside NAME - how many processes are there, as ip(8) sees them
inside() {
	ip netns pids "$1" | wc -l
}

start() {
	local pid

	begin
	must sandbox create t-start
	expect_ok "a program is started" sandbox start t-start --log "$WORK/log" -- \
		sh -c 'echo here; cat; ip link show eth0 2>&1; exec sleep 1002'
	expect_match "its process is named" "^t-start pid [0-9]*$" "$OUT"
	pid=${OUT##* }
	wait_for "it has no input, and goes on" 10 grep -qa "^sleep" "/proc/$pid/cmdline"
	expect_match "what it prints is kept" "^here.*eth0" "$(tr '\n' ' ' <"$WORK/log")"
	expect_eq "for its owner alone" 600 "$(stat -c %a "$WORK/log")"
	expect_eq "it leads a session" "$pid" "$(ps -o sid= -p "$pid" | tr -d ' ')"
	expect_eq "in the sandbox" "$pid" "$(ip netns pids t-start)"
	expect_rc "a program may be missing" 127 sandbox start t-start nonsense
	expect_match "which is said" "nonsense" "$OUT"
	expect_rc "or not be one" 126 sandbox start t-start /etc
	expect_rc "or the sandbox be missing" 3 sandbox start t-none true
	expect_rc "or the log's directory" 3 sandbox start t-start --log "$WORK/no/log" -- true
	expect_match "by its name" "$WORK/no/log" "$OUT"

	must sandbox start t-start -- sh -c 'trap "" TERM; while :; do sleep 0.1; done'
	expect_rc "time to end is bounded" 1 sandbox delete t-start --kill 601
	expect_rc "and a number" 1 sandbox delete t-start --kill x
	expect_match "who is wrong is named" '"x"' "$OUT"
	expect_eq "and nobody has ended" 2 "$(pgrep -c -f 'sleep 1002|trap "" TERM')"
	expect_ok "with --kill they end, and the sandbox" sandbox delete t-start --kill 1
	expect_fail "who obeys" test -e "/proc/$pid"
	expect_eq "and who does not" "" "$(pgrep -f 'trap "" TERM')"
	expect_rc "nothing to end is no failure" 0 sandbox delete t-start --kill

	# Of a process whose first thread has ended /proc/PID/ns leads nowhere.
	must sandbox create t-start
	expect_ok "a program of two threads" sandbox start t-start -- python3 -c '
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(1004,)).start()
ctypes.CDLL(None).pthread_exit(None)'
	pid=${OUT##* }
	wait_for "its first thread ends" 10 grep -q "^State:.Z" "/proc/$pid/status"
	expect_ok "its others are there" test -e "/proc/$pid/task"
	expect_ok "they end with the sandbox, too" sandbox delete t-start --kill 1
	expect_fail "and the process" test -e "/proc/$pid"

	must sandbox create t-start
	must sandbox start t-start sleep 1003
	expect_ok "without it" sandbox delete t-start
	expect_ok "they go on" pgrep -f '^sleep 1003'
	must pkill -f '^sleep 1003'

	# Whatever lies at the name: never all of the host's.
	must sandbox create t-start
	must umount /run/netns/t-start
	must mount --bind /proc/self/ns/net /run/netns/t-start
	expect_fail_with "the host's namespace at its name" "host's own namespace" \
		sandbox delete t-start --kill 0
	must umount /run/netns/t-start
	rm -f /run/netns/t-start
	must sandbox gc
}

gone() {
	[ ! -e "/run/utcp/sandboxes/$1" ]
}

no_process() {
	! pgrep -f "^$1"
}

closed() {
	begin
	load
	expect_rc "without utcp_acl there is no link" 3 sandbox create t-a --mode bridged
	expect_match "and that is said" "utcp_acl" "$OUT"
	load utcp_acl
	expect_rc "without utcp_shaper no rate" 3 sandbox create t-a --mode bridged --rate 5m
	expect_match "which is said, too" "utcp_shaper" "$OUT"
	expect_rc "without utcp no cell" 3 sandbox create t-a --mode bridged --cell
	expect_eq "and nothing is left" "" "$(sandbox list)"
	expect_fail "not even the bridge" test -e /sys/class/net/utcp0
}

# Modules that may not know all that is promised.
older() {
	begin
	must ip netns add t-in
	defer ip netns del t-in
	must ip link add t-veth type veth peer name eth0 netns t-in
	must ip -n t-in addr add 192.0.2.2/24 dev eth0
	must ip -n t-in link set eth0 up
	load_older utcp utcp_acl utcp_shaper
	old() {
		expect_rc "$1" 3 sandbox "${@:2}"
		expect_match "which is said" "netswitch 0\.0\.1 is older than this tool" "$OUT"
	}
	old "with older modules there is no link" create t-a --mode bridged
	old "none that is adopted" adopt t-b --netns t-in
	old "no cell" create t-a --cell
	old "and nobody waits" pool set size 1
	must sandbox pool set size 0
	expect_ok "without a module it is made" sandbox create t-a
	must sandbox delete t-a
	expect_eq "nothing is left" "" "$(sandbox list)"
}

bridged() {
	local a b a6 was

	begin utcp_acl utcp_shaper
	outside
	expect_ok "one is made" sandbox create t-a --mode bridged --rate 100m
	expect_ok "another" sandbox create t-b --mode bridged --publish 8080:80
	expect_eq "MAC addresses are set ones, which udev leaves alone" 3 \
		"$(sort -u /sys/class/net/{utcp0,sbx*}/addr_assign_type)"
	a=$(addr4 t-a)
	b=$(addr4 t-b)
	a6=$(addr6 t-a)
	expect_ok "they reach each other by IPv4" reach t-a "$b"
	expect_ok "and by IPv6" reach t-b "$a6"
	expect_ok "they reach the host" reach t-a 10.181.0.1
	expect_ok "and others, by the host's address" reach t-a 192.0.2.2
	expect_ok "the host reaches them" ping -q -c 1 -W "$SLOW" "$a"
	expect_ok "by IPv6, too" ping -q -c 1 -W "$SLOW" "$a6"

	must ns t-a ip addr add 10.181.9.9/16 dev eth0
	expect_fail "one has no address but its own" reach t-a -I 10.181.9.9 "$b"
	was=$("$UTCPCTL" -j acl bindings t-a -s | gojq '.[0].out.drops.spoof')
	expect_eq "what tries is counted" true "$( ((was > 0)) && echo true)"
	must ns t-a ip link set eth0 address 02:00:00:00:00:77
	expect_fail "nor another MAC address" reach t-a "$b"

	spawn "$WORK/web" ns t-b busybox nc -ll -p 80 -e /bin/echo hello
	wait_for "from outside a published port" 10 ask t-out 192.0.2.1 8080
	expect_eq "leads into it" hello "$OUT"
	wait_for "from the host as well" 10 ask_here 192.0.2.1 8080
	expect_fail "but not by the host's loopback" ask_here 127.0.0.1 8080
	expect_rc "no other can have it" 4 sandbox create t-c --mode bridged --publish 8080:81

	expect_eq "each direction has its class" \
		"in:t-a.out out:t-a.in" \
		"$("$UTCPCTL" -j shaper bindings | gojq -r '[.[] | .direction + ":" + .class] | join(" ")')"
	must sandbox delete t-a
	expect_eq "which go with it" "[]" "$("$UTCPCTL" -j shaper show)"
	must sandbox delete t-b
	expect_fail "and the bridge with the last one" test -e /sys/class/net/utcp0
	expect_no_match "and its rules" "utcp-" "$(nft list tables)"
	expect_fail "and the published port" ask_here 192.0.2.1 8080
}

# ask NS ADDRESS PORT - what is said there
ask() {
	ns "$1" timeout 2 busybox nc "$2" "$3" </dev/null
}

ask_here() {
	timeout 2 busybox nc "$1" "$2" </dev/null
}

custom() {
	local a b

	begin utcp utcp_acl
	outside
	must sandbox create t-b --mode bridged --cell
	b=$(addr4 t-b)
	expect_ok "it is made with what it may do" sandbox create t-a --mode custom \
		--allow out proto icmp dst 192.0.2.2 icmp 8 --publish 8080:80
	a=$(addr4 t-a)
	expect_ok "what is allowed passes" reach t-a 192.0.2.2
	expect_fail "not to a neighbour" reach t-a "$b"
	expect_fail "not to the host" reach t-a 10.181.0.1
	expect_fail "not by IPv6" reach t-a "$(addr6 t-b)"
	expect_fail "nobody begins with it" reach t-b "$a"
	expect_fail "the host neither" ping -q -c 1 -W "$SLOW" "$a"
	spawn "$WORK/web" ns t-a busybox nc -ll -p 80 -e /bin/echo hello
	wait_for "but for what it publishes" 10 ask t-out 192.0.2.1 8080
	expect_ok "more is allowed later" "$UTCPCTL" acl add t-a out allow proto icmp dst "$b"
	expect_ok "and passes then" reach t-a "$b"
	must "$UTCPCTL" set new t-hosts prefix
	must "$UTCPCTL" set add t-hosts 192.0.2.0/24
	must sandbox create t-s --mode custom --allow out proto icmp dst-set t-hosts
	expect_ok "what is in a set is allowed, too" reach t-s 192.0.2.2
	expect_fail "and nothing else" reach t-s "$b"
	must sandbox delete t-s
	must "$UTCPCTL" set del t-hosts
	expect_rc "rules are for custom" 1 sandbox create t-c --mode bridged --allow out
	expect_rc "and have words" 1 sandbox create t-c --mode custom --allow out foo 1
	expect_rc "their order is the kernel's matter" 2 sandbox create t-c --mode custom \
		--allow out dport 80
	expect_fail "of which nothing is left" sandbox show t-c
	must "$UTCPCTL" acl new t-c
	defer "$UTCPCTL" acl del t-c
	expect_rc "a policy of somebody else" 2 sandbox create t-c --mode custom
	expect_ok "is left alone" "$UTCPCTL" acl show t-c
}

cells() {
	local a b

	begin utcp utcp_acl
	must sandbox create t-b --mode bridged --cell
	b=$("$UTCPCTL" -j sandbox show t-b | gojq -r '.[0].cell')
	must sandbox create t-a --mode custom --cell --allow out dst "$b"
	must sandbox create t-c --mode custom --cell
	a=$("$UTCPCTL" -j sandbox show t-a | gojq -r '.[0].cell')
	expect_match "its cell is that of its namespace" "^$a " "$("$UTCPCTL" -n t-a cell show)"
	must "$UTCPCTL" -n t-b cell set "$b" discoverable on
	expect_fail_with "who is not allowed is told so" "does not allow it" \
		"$UTCPCTL" -n t-c peer probe "$b"
	must "$UTCPCTL" -n t-a peer probe "$b"
	wait_for "peers are reached where that is allowed" 20 session t-a "$b"
	expect_fail "and has no session" session t-c "$b"
}

# session SANDBOX CELL - has it keys with the cell?
session() {
	"$UTCPCTL" -j -n "$1" peer show "$2" | gojq -e '.[0].session'
}

foreign() {
	begin utcp_acl
	must ip link add utcp0 type bridge
	defer ip link del utcp0
	expect_rc "a bridge of somebody else" 2 sandbox create t-a --mode bridged
	expect_match "is left alone" "not made for sandboxes" "$OUT"
	expect_ok "it stays" test -e /sys/class/net/utcp0
	expect_ok "there may be another" sandbox create t-a --mode bridged --bridge t-br \
		--subnet 10.77.0.0/24 fd77::/64
	expect_eq "with subnets of its own" "10.77.0.2/24 fd77::2/64" \
		"$("$UTCPCTL" -j sandbox show t-a | gojq -r '.[0].addr | join(" ")')"
	expect_rc "which do not change" 4 sandbox create t-b --mode bridged --bridge t-br \
		--subnet 10.78.0.0/24
	expect_rc "some are none" 1 sandbox create t-b --mode bridged --bridge t-x \
		--subnet 10.78.0.1/24
	expect_rc "no namespace but ours" 1 "$UTCPCTL" -n t-a sandbox list
}

services() {
	begin
	spawn "$WORK/service" busybox nc -ll -p 5432 -e /bin/cat
	spawn "$WORK/other" busybox nc -ll -p 5433 -e /bin/cat
	expect_ok "it is made without any module" sandbox create t-a --mode host-loopback \
		--service tcp 5432 --service tcp 5434
	# What the service sends ends with what it was sent.
	echo_by() {
		expect_eq "$1" hello "$(echo hello | ns t-a timeout 5 busybox nc "$2" "$3")"
	}
	wait_for "somebody listens" 10 ask_here 127.0.0.1 5432
	echo_by "a named service is reached" 127.0.0.1 5432
	echo_by "by ::1, too" ::1 5432
	expect_fail "one that is not named is not" ask t-a 127.0.0.1 5433
	expect_eq "one that is not there ends" "" "$(ask t-a 127.0.0.1 5434)"
	expect_eq "there is no link" lo/ "$(links t-a)"
	must sandbox create t-b
	expect_fail "another sandbox reaches nothing" ask t-b 127.0.0.1 5432
	expect_eq "its process has no right" "65534 0000000000000000" \
		"$(awk '/^Uid/ { u = $2 } /^CapEff/ { print u, $2 }' "/proc/$(pgrep -x utcp-forward)/status")"
	must sandbox delete t-a
	expect_ok "and ends with it" no_forwarder
	must cp /etc/passwd "$WORK/passwd"
	echo "utcp-forward:x:987:986::/:/usr/sbin/nologin" >>"$WORK/passwd"
	must mount --bind "$WORK/passwd" /etc/passwd
	defer umount /etc/passwd
	few() {
		(ulimit -n 64 && sandbox create t-f --mode host-loopback --service tcp 5432)
	}
	expect_ok "with few open files, too" few
	must sandbox delete t-f
	must sandbox create t-a --mode host-loopback --service tcp 5432
	expect_match "it is a user of its own where there is one" '^Uid:.987.987.987.987$' \
		"$(cat "/proc/$(pgrep -x utcp-forward)/status")"
	must ip netns del t-a
	wait_for "or with its namespace" 10 no_forwarder
	if [ -x "$FAULT" ]; then
		UTCP_FAULT=die:forwarder "$FAULT" sandbox create t-c --mode host-loopback \
			--service tcp 5432 >"$WORK/died" 2>&1
		expect_eq "one whose maker died is there" 1 "$(pgrep -xc utcp-forward)"
		expect_match "and found by gc" "^t-c " "$(sandbox gc)"
		wait_for "and ends" 10 no_forwarder
	fi
}

run_tests \
	none "mode none has a loopback and nothing else" \
	services "mode host-loopback reaches named services and nothing else" \
	start "start leaves programs, which delete can end" \
	run "run removes what it made, however it ends" \
	closed "without its modules a sandbox is not made" \
	older "nor with older ones" \
	bridged "mode bridged reaches all, and is who it is" \
	custom "mode custom is closed but for its rules" \
	cells "a sandbox has a cell of its own" \
	foreign "what is not ours is left alone"
