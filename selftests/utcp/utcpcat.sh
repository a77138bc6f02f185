#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# utcpcat, and stock programs over it: two namespaces on a wire, without an IP address
# on it. See utcpcat(1).
#
#	UTCPCAT		the program (default: beside $UTCPCTL)
. "$(dirname "$0")/../lib.sh"

UTCPCAT=${UTCPCAT:-$(dirname "$(command -v "$UTCPCTL")")/utcpcat}

# own NS - CellID of its default cell
own() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r '.[] | select(.default).id'
}

two() {
	local ns

	load utcp
	ns_add t-a t-b
	veth t-a a0 t-b b0
	for ns in t-a t-b; do
		must ip -n "$ns" addr flush dev "${ns#t-}0"
		must "$UTCPCTL" -n "$ns" port add "${ns#t-}0"
		must "$UTCPCTL" -n "$ns" cell new discoverable on
	done
	B=$(own t-b)
}

# a ARGS..., b ARGS... - utcpcat there
a() {
	ns t-a timeout $((60 * SLOW)) "$UTCPCAT" "$@"
}

b() {
	ns t-b timeout $((60 * SLOW)) "$UTCPCAT" "$@"
}

# at_b NAME ARGS... - it listens there, in the background; input from $IN, output to
# $WORK/NAME, messages to $WORK/NAME.err
at_b() {
	background t-b "$@"
}

at_a() {
	background t-a "$@"
}

background() {
	local ns=$1 name=$2

	shift 2
	ip netns exec "$ns" "$UTCPCAT" -v "$@" <"${IN:-/dev/null}" >"$WORK/$name" 2>"$WORK/$name.err" &
	SPAWNED=$!
	defer _stop "$SPAWNED"
	wait_for "$name listens" 10 grep -qs "listens on" "$WORK/$name.err"
}

# ended LABEL PID - by itself, and without failure
ended() {
	wait "$2"
	expect_eq "$1" 0 $?
}

# sums FILE... - one line for all
sums() {
	sha256sum "$@" | cut -c 1-16 | paste -sd ' '
}

files() {
	local to from

	two
	head -c 3000000 /dev/urandom >"$WORK/one"
	head -c 2000001 /dev/urandom >"$WORK/two"
	IN=$WORK/two at_b got-one -l 7000
	to=$SPAWNED
	a "$B" 7000 <"$WORK/one" >"$WORK/got-two"
	expect_eq "it ends without failure" 0 $?
	ended "and so does who listened" "$to"
	expect_eq "both files arrive" "$(sums "$WORK/one" "$WORK/two")" \
		"$(sums "$WORK/got-one" "$WORK/got-two")"
	at_b messages -q -l 7001
	to=$SPAWNED
	# by pipes, which take and give what they have
	# shellcheck disable=SC2002 # a pipe is the point
	from=$(cat "$WORK/one" | a -q "$B" 7001 | wc -c)
	ended "messages" "$to"
	expect_eq "nothing came back" 0 "$from"
	expect_eq "they arrive" "$(sums "$WORK/one")" "$(sums "$WORK/messages")"
	IN=$WORK/two at_b none -l 7002
	to=$SPAWNED
	a "$B" 7002 </dev/null | head -c 1000 | cmp - <(head -c 1000 "$WORK/two")
	expect_eq "a reader that goes away is no failure" "0 0 0" "${PIPESTATUS[*]}"
	wait "$to"
	expect_eq "but who sends is told" "2 1" \
		"$? $(grep -c 'Broken pipe' "$WORK/none.err")"
}

half_close() {
	local to

	two
	head -c 100000 /dev/urandom >"$WORK/file"
	# It answers when the input has ended, not before.
	at_b none -l -e sha256sum 7000
	to=$SPAWNED
	expect_eq "an answer to the end" "$(sha256sum <"$WORK/file")" "$(a "$B" 7000 <"$WORK/file")"
	ended "the command" "$to"
	# What comes ends first, and input goes on.
	at_b got -l 7001
	to=$SPAWNED
	expect_eq "output ends when the other end has said all" "" \
		"$({ cat "$WORK/file"; wait_for "all is there" 10 cmp "$WORK/file" "$WORK/got" >&2
		echo more; } | a "$B" 7001)"
	ended "and input later" "$to"
	expect_eq "all of it" "$(cat "$WORK/file" - <<<more | sums)" "$(sums "$WORK/got")"
	# As ssh has it: input and output are one socket.
	at_b none -l -e cat 7002
	expect_eq "input and output that are one socket" "hello" \
		"$(# shellcheck disable=SC2016 # Perl's variables
		ip netns exec t-a perl -e 'use Socket;
			socketpair(my $own, my $its, AF_UNIX, SOCK_STREAM, 0) or die;
			if (!fork) {
				open(STDIN, "<&", $its) && open(STDOUT, ">&", $its) or die;
				close $own; exec @ARGV;
			}
			close $its; syswrite($own, "hello"); shutdown($own, 1);
			print while read($own, $_, 1000);' "$UTCPCAT" "$B" 7002)"
}

listens_on() {
	local i held

	two
	at_b all -l -k 7000
	for i in one two three; do
		expect_ok "$i" a "$B" 7000 <<<"$i"
	done
	expect_eq "one after the other" "one two three" "$(paste -sd ' ' "$WORK/all")"
	# shellcheck disable=SC2016 # the command's variable
	at_b none -l -k -m 2 -e 'echo "$UTCPCAT_PEER"; cat' 7001
	# Held open by their input.
	mkfifo "$WORK/fifo"
	for i in 1 2; do
		spawn "$WORK/held$i" sh -c \
			"exec ip netns exec t-a '$UTCPCAT' '$B' 7001 <>'$WORK/fifo'"
		held=$SPAWNED
	done
	for i in 1 2; do
		wait_for "each has a command of its own, which knows who it is" 10 \
			grep -qx "$(own t-a)" "$WORK/held$i"
	done
	spawn "$WORK/third" ip netns exec t-a "$UTCPCAT" "$B" 7001 </dev/null
	wait_for "a third one waits" 10 sh -c \
		"'$UTCPCTL' -n t-b -j ss show state listen port 7001 | gojq -e '.[0].\"rcv-queue\" == 1'"
	kill "$held"
	wait_for "until one has ended" 10 grep -qx "$(own t-a)" "$WORK/third"
	at_b got -u -l -k 7002
	# datagrams stay within a namespace
	expect_ok "datagrams" b -u "$B" 7002 <<<"first"
	expect_ok "of several" b -u "$B" 7002 <<<"second"
	expect_eq "come" "first second" "$(paste -sd ' ' "$WORK/got")"
	IN=$WORK/answer
	echo answer >"$WORK/answer"
	at_b asked -u -l 7003
	expect_eq "and are answered" answer "$(b -u "$B" 7003 <<<"ask")"
	expect_eq "by who was asked" ask "$(<"$WORK/asked")"
}

# http NS - an HTTP server on its loopback
http() {
	mkdir "$WORK/www"
	head -c 1000000 /dev/urandom >"$WORK/www/file"
	spawn "$WORK/httpd" ip netns exec "$1" busybox httpd -f -p 127.0.0.1:80 -h "$WORK/www"
	HTTPD=$SPAWNED
	wait_for "the server is there" 10 ns "$1" curl -s http://127.0.0.1/file -o /dev/null
}

forwards() {
	local i url=http://127.0.0.1:8080/file

	two
	http t-b
	at_b none -l -t tcp:127.0.0.1:80 80
	at_a tcp -f tcp:127.0.0.1:8080 "$B" 80
	at_a unix -f "unix:$WORK/socket" "$B" 80
	expect_eq "nobody else may use the Unix socket" 600 "$(stat -c %a "$WORK/socket")"
	for i in 1 2 3 4; do
		printf 'url = "%s"\noutput = "%s"\n' $url "$WORK/got$i"
	done >"$WORK/urls"
	expect_ok "an HTTP server and curl" ns t-a curl -sS -Z -K "$WORK/urls"
	ns t-a curl -sS --unix-socket "$WORK/socket" -o "$WORK/got5" http://x/file
	expect_eq "what they got" "$(sums "$WORK"/www/file{,,,,})" "$(sums "$WORK"/got[1-5])"
	expect_match "it went over the wire" "bytes [0-9]{7}" \
		"$(ip -n t-a -s link show a0 | awk '/RX:/ { getline; print "bytes " $1 }')"
	expect_no_match "without an address" "inet" "$(ip -n t-a addr show a0)"
	kill "$HTTPD"
	wait "$HTTPD"
	expect_fail "a server that is not there is no empty answer" ns t-a curl -s $url
	expect_match "and is told" "tcp:127.0.0.1:80: Connection refused" "$(<"$WORK/none.err")"
	kill "$SPAWNED"
	ended "a signal ends it" "$SPAWNED"
	expect_fail "and takes the Unix socket away" test -e "$WORK/socket"
	: >"$WORK/socket"
	expect_rc "which it does not write over" 4 a -f "unix:$WORK/socket" "$B" 80
}

# sshd of B on its loopback, ssh and sftp of A through utcpcat: as in utcpcat(1)
secure_shell() {
	two
	must ssh-keygen -q -t ed25519 -N "" -f "$WORK/host"
	must ssh-keygen -q -t ed25519 -N "" -f "$WORK/key"
	cat >"$WORK/sshd_config" <<-CONFIG
		ListenAddress 127.0.0.1
		HostKey $WORK/host
		AuthorizedKeysFile $WORK/key.pub
		StrictModes no
		UsePAM no
		PidFile none
		Subsystem sftp internal-sftp
	CONFIG
	cat >"$WORK/ssh_config" <<-CONFIG
		Host cell1*
		    ProxyCommand $UTCPCAT %h 22
		    User root
		    IdentityFile $WORK/key
		    UserKnownHostsFile $WORK/known
		    StrictHostKeyChecking yes
	CONFIG
	echo "$B $(<"$WORK/host.pub")" >"$WORK/known"
	head -c 300000 /dev/urandom >"$WORK/file"
	must mkdir -p /run/sshd
	spawn "$WORK/sshd" ip netns exec t-b /usr/sbin/sshd -D -e -f "$WORK/sshd_config"
	wait_for "sshd listens" 20 grep -q "Server listening" "$WORK/sshd"
	at_b none -l -t tcp:127.0.0.1:22 22
	expect_eq "a command there, its input and output" "$(sums "$WORK/file")" \
		"$(ns t-a timeout $((60 * SLOW)) ssh -F "$WORK/ssh_config" "$B" cat <"$WORK/file" | sums)"
	printf '%s\n' "put $WORK/file $WORK/there" "get $WORK/there $WORK/back" >"$WORK/batch"
	expect_ok "sftp" ns t-a timeout $((60 * SLOW)) sftp -q -F "$WORK/ssh_config" -b "$WORK/batch" "$B"
	expect_eq "there and back" "$(sums "$WORK/file" "$WORK/file")" "$(sums "$WORK/there" "$WORK/back")"
}

messages() {
	two
	at_b none -q -l -k -e cat 7000
	at_a unix -q -f "unix:$WORK/seqpacket" "$B" 7000
	expect_eq "boundaries are kept" "1 1000 70000" \
		"$(# shellcheck disable=SC2016 # Perl's variables
		ns t-a perl -e 'use Socket;
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die;
			connect($s, pack_sockaddr_un($ARGV[0])) or die "$!";
			for (1, 1000, 70000) {
				send($s, "x" x $_, 0) == $_ or die "$!";
				recv($s, my $got, 200000, 0) // die "$!";
				push(@n, length $got);
			}
			print "@n"' "$WORK/seqpacket" 2>&1)"
}

names() {
	two
	must mkdir -p /etc/utcp /etc/netns/t-a/utcp
	defer rm -r /etc/netns/t-a
	echo "bob $B # a name" >/etc/netns/t-a/utcp/cells
	at_b got -l 7000
	expect_ok "a name" a bob 7000 <<<"to bob"
	expect_eq "stands for the cell" "to bob" "$(<"$WORK/got")"
	expect_rc "another does not" 3 a alice 7000 </dev/null
	expect_match "and is told" '^utcpcat: no cell is named "alice" in /etc/utcp/cells$' "$OUT"
	echo "bob $(own t-a)" >>/etc/netns/t-a/utcp/cells
	expect_rc "a file with two minds" 2 a bob 7000 </dev/null
	expect_match "is none" ':2: ' "$OUT"
}

refused() {
	local nobody=cell1qqgjyv6y24n80zye42aueh0wluahemw6

	two
	expect_rc "nobody listens" 2 a "$B" 7000 </dev/null
	expect_eq "which is told" "utcpcat: $B 7000: Connection refused" "$OUT"
	at_b none -l 7001
	expect_rc "another type" 2 a -q "$B" 7001 </dev/null
	expect_rc "the port is in use" 4 b -l 7001 </dev/null
	expect_match "which is told" "port 7001: Address already in use" "$OUT"
	nobody=$(ns t-a "$UTCPCTL" cell new | grep -o 'cell1[a-z0-9]*' | head -n 1)
	must "$UTCPCTL" -n t-a cell del "$nobody"
	expect_rc "nobody has the CellID" 3 a -w 1 "$nobody" 7000 </dev/null
	expect_match "which is told" "$nobody 7000: No route to host" "$OUT"
	expect_rc "an own cell that is not there" 3 a -s "$nobody" "$B" 7001 </dev/null
	expect_match "is told as such" "the own cell is not in this network namespace" "$OUT"
	expect_rc "a port needs rights" 5 ns t-b setpriv --reuid 65534 --clear-groups "$UTCPCAT" -l 80
	kernel_has sch_netem
	netem t-b b0 loss 100%
	expect_rc "a peer that was known does not answer" 4 a -w 1 "$B" 7001 </dev/null
	ns_add t-c
	expect_rc "no cell at all" 3 ns t-c "$UTCPCAT" "$B" 7001 </dev/null
	expect_match "is told" "no default cell" "$OUT"
}

run_tests \
	files "files, in both directions at once" \
	half_close "each direction ends by itself" \
	listens_on "more than one connection" \
	forwards "stock programs: HTTP" \
	secure_shell "stock programs: ssh and sftp" \
	messages "messages are forwarded as they are" \
	names "names of cells" \
	refused "what is told, and with which exit status"
