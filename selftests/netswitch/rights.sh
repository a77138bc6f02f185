#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: grants, by which somebody without privilege may bind them, and EtherTypes
# that a module has reserved.
#
#	ROUNDS	how often the table of grants is filled and torn down (default: 5)
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

ROUNDS=${ROUNDS:-5}
TAKE=4
USER=4711
GROUP=4712

# Without any right. Its device is descriptor 9, which root has opened in the host.
drop=(setpriv --clear-groups --inh-caps=-all --bounding-set=-all)
WHO=(--reuid="$USER" --regid="$USER")

# own ARGS... - as ringraw does, by user $USER or whom $WHO says
own() {
	# shellcheck disable=SC2016 # expanded inside
	"${IN_HOST[@]}" bash -c 'exec 9<>/dev/netswitch "$@"' bash \
		"${drop[@]}" "${WHO[@]}" "$RINGRAW" -d 9 "$@"
}

expect_own() {
	local label=$1

	shift
	expect_ok "$label" own bind "$@"
}

# expect_not LABEL REGEX ARGS...
expect_not() {
	local label=$1 regex=$2

	shift 2
	expect_rc "$label" 3 own bind "$@"
	expect_match "$label: why" "^EPERM holder=0 .*$regex" "$OUT"
}

grant() {
	utcp host grant "$@"
}

grants() {
	utcp host -j grant show "$@"
}

life() {
	ring_port
	must utcp host port add lo
	expect_eq "there are none" 0 "$(grants | gojq length)"
	expect_ok "a user" grant add h0 0x4c57 user $USER
	expect_ok "root, by name" grant add h0 0x4c57 user root
	expect_ok "a group" grant add h0 0x4c57 group $GROUP
	expect_ok "an address" grant add h0 0x4c57 user $USER mac 02:00:00:00:00:aa
	expect_ok "another port, by a decimal type" grant add lo 19543 user $USER
	expect_eq "all are shown" "[\"h0\",\"0x4c57\",$USER,null,null]
[\"h0\",\"0x4c57\",0,null,null]
[\"h0\",\"0x4c57\",null,$GROUP,null]
[\"h0\",\"0x4c57\",$USER,null,\"02:00:00:00:00:aa\"]" \
		"$(grants h0 | gojq -c '.[]|[.port, .ethertype, .uid, .gid, .mac]')"
	expect_eq "with the user's name" root "$(grants h0 | gojq -r '.[1].user')"
	expect_eq "those of all ports" 5 "$(grants | gojq length)"
	expect_eq "none in the other namespace" 0 "$(utcp peer -j grant show | gojq length)"
	expect_rc "not twice" 2 grant add h0 0x4c57 user $USER
	expect_match "and it says why" "granted already" "$OUT"
	expect_ok "one is taken back" grant del h0 0x4c57 user $USER
	expect_rc "and is none any more" 3 grant del h0 0x4c57 user $USER
	expect_match "which is said" "no such grant" "$OUT"
	expect_eq "the others stay" 3 "$(grants h0 | gojq length)"
	must utcp host port del h0
	expect_eq "with the port they go" 1 "$(grants | gojq length)"
	must utcp host port add h0
	expect_eq "and do not come back" 0 "$(grants h0 | gojq length)"
	must utcp host port del lo
	refusals
}

# What cannot be granted, and by whom.
refusals() {
	local nobody=(nsenter --net=/run/netns/host "${drop[@]}" "${WHO[@]}")

	expect_rc "no such device" 3 grant add nodev 0x4c57 user $USER
	expect_rc "no port" 3 grant add lo 0x4c57 user $USER
	expect_match "is said" "not a port" "$OUT"
	expect_rc "no privilege" 5 "${nobody[@]}" "$UTCPCTL" grant add h0 0x4c57 user $USER
	expect_match "is said, too" CAP_NET_ADMIN "$OUT"
	must grant add h0 0x4c57 user $USER
	expect_rc "not to take back either" 5 "${nobody[@]}" "$UTCPCTL" grant del h0 0x4c57 user $USER
	expect_ok "anybody may look" "${nobody[@]}" "$UTCPCTL" grant show h0
	expect_rc "the stack's own type" 2 grant add h0 0x0800 user $USER
	expect_match "is not for granting" "only CAP_NET_ADMIN" "$OUT"
	expect_rc "the address of a group" 2 grant add h0 0x4c57 user $USER mac 03:00:00:00:00:01
	expect_rc "no address" 2 grant add h0 0x4c57 user $USER mac 00:00:00:00:00:00
	expect_rc "no user of that number" 2 grant add h0 0x4c57 user 4294967295
	expect_match "is said" "no such user" "$OUT"
	expect_eq "nothing was granted by any of these" 1 "$(grants | gojq length)"
	expect_rc "a user without a number" 1 grant add h0 0x4c57 user no-such-user
	expect_match "is said" 'no user "no-such-user"' "$OUT"
}

# What a grant is enough for, and what not.
enough() {
	ring_port
	expect_not "without a grant" "CAP_NET_RAW.*grant" h0 4c57
	must grant add h0 0x4c57 user $USER
	expect_own "with one" h0 4c57
	expect_own "shared by flow, too" h0 4c57 fanout=1
	expect_not "another type" "grant" h0 4c58
	must utcp host port add lo
	expect_not "another port" "grant" lo 4c57
	expect_not "promiscuous" "PROMISC needs CAP_NET_RAW" h0 4c57 flags=1
	expect_not "any source address" "SPOOF needs CAP_NET_ADMIN" h0 4c57 flags=2
	expect_not "a VLAN" "VLAN 5 needs CAP_NET_RAW" h0 4c57 vid=5
	expect_not "the stack's type" "grant" h0 800 flags=$TAKE
	expect_not "an address of one's own" "grant" h0 4c57 fanout=4 mac=02:00:00:00:00:aa
	expect_rc "values are still looked at" 3 own bind h0 4c57 slot_size=1
	expect_match "as for anybody" "^EINVAL " "$OUT"
	expect_rc "and the device's file is root's" 2 "${IN_HOST[@]}" \
		"${drop[@]}" "${WHO[@]}" "$RINGRAW" bind h0 4c57
	must chmod 666 /dev/netswitch
	expect_ok "unless its mode is changed" "${IN_HOST[@]}" \
		"${drop[@]}" "${WHO[@]}" "$RINGRAW" bind h0 4c57
	expect_rc "which is no right to bind" 3 "${IN_HOST[@]}" \
		"${drop[@]}" --reuid=1 --regid=1 "$RINGRAW" bind h0 4c57
	expect_rc "nor one over another namespace" 3 "${IN_PEER[@]}" \
		"${drop[@]}" "${WHO[@]}" "$RINGRAW" bind p0 4c57
	whose
}

# It is the effective user and group of who binds.
whose() {
	must grant add h0 0x4c58 group $GROUP
	WHO=(--ruid="$USER" --euid=1 --regid=1)
	expect_not "the real user does not count" grant h0 4c57
	WHO=(--ruid=1 --euid="$USER" --regid=1)
	expect_own "the effective one does" h0 4c57
	WHO=(--reuid=1 --regid="$USER")
	expect_not "a group with the user's number is none" grant h0 4c57
	WHO=(--reuid="$GROUP" --regid=1)
	expect_not "nor the other way round" grant h0 4c58
	WHO=(--reuid=1 --rgid="$GROUP" --egid=1)
	expect_not "the real group does not count" grant h0 4c58
	WHO=(--reuid=1 --rgid=1 --egid="$GROUP")
	expect_own "the effective one does" h0 4c58
	drop=(setpriv --inh-caps=-all --bounding-set=-all)
	WHO=(--reuid=1 --regid=1 --groups="$GROUP")
	expect_own "so does a supplementary one" h0 4c58
	expect_ok "who opened the device does not count" "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		! setpriv --reuid=1 --regid=1 --clear-groups '$RINGRAW' -d 9 bind h0 4c57"
}

# seen EVENT FILTER
seen() {
	gojq -se --arg e "$1" "any(.[]; .event == \$e and (.grant|$2))" "$WORK/events"
}

events() {
	ring_port
	spawn "$WORK/events" utcp host -j monitor netswitch
	wait_for "the monitor listens" 20 sh -c "
		'$UTCPCTL' -n host limit set netswitch rings \$((\$(date +%N | sed 's/^0*//') % 50 + 10)) >/dev/null
		grep -q limits '$WORK/events'"
	must grant add h0 0x4c57 user $USER mac 02:00:00:00:00:aa
	wait_for "a grant is told" 10 seen grant-add \
		".port == \"h0\" and .uid == $USER and .mac == \"02:00:00:00:00:aa\""
	must grant del h0 0x4c57 user $USER mac 02:00:00:00:00:aa
	wait_for "that it is taken back, too" 10 seen grant-del ".uid == $USER"
	must grant add h0 0x4c58 group $GROUP
	must grant add h0 0x4c57 user $USER
	start "$WORK/ring" "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec ${drop[*]} ${WHO[*]} '$RINGRAW' -d 9 recv h0 4c57 4 20000"
	expect_eq "who binds by one is shown" $USER "$(ring_value .uid)"
	frames_to_host "$HOST_MAC" 4c57 2 100
	wait_for "frames come" 10 has_come 2
	must grant del h0 0x4c57 user $USER
	frames_to_host "$HOST_MAC" 4c57 2 100
	finish "$WORK/ring"
	expect_result "a ring goes on without its grant" "$WORK/ring" .received 4
	expect_not "the next one is refused" grant h0 4c57
	must utcp host port del h0
	wait_for "a grant goes with its port" 10 seen grant-del \
		".gid == $GROUP and .ethertype == \"0x4c58\""
	expect_eq "in order" "grant-add grant-del grant-add grant-add grant-del grant-del port-del" \
		"$(gojq -sr '[.[]|select(.event|test("grant|port")).event]|join(" ")' "$WORK/events")"
}

# A table that is filled beyond its limit while the ports go under it.
under_load() {
	local i mark

	mark=$(dmesg_mark)
	ring_port
	must utcp host limit set netswitch grants 32
	for ((i = 0; i < 40; i++)); do
		echo "grant add h0 0x4c57 user $((4700 + i))"
	done >"$WORK/add"
	sed 's/ add / del /' "$WORK/add" >"$WORK/del"
	printf 'port del h0\nport add h0\n' >"$WORK/port"
	expect_match "one too many is refused" "as many grants as its limit" \
		"$("$UTCPCTL" -n host -f -b "$WORK/add" 2>&1)"
	expect_eq "as many as the limit" 32 "$(grants | gojq length)"
	must utcp host port add lo
	expect_rc "on another port there is no room either" 2 grant add lo 0x4c57 user 1
	must utcp host limit set netswitch grants 30
	expect_eq "lowering takes none away" 32 "$(grants | gojq length)"
	must grant del h0 0x4c57 user 4700
	must grant del h0 0x4c57 user 4701
	expect_rc "still too many" 2 grant add h0 0x4c57 user 4700
	must utcp host limit set netswitch grants 32
	expect_ok "there is room again" grant add lo 0x4c57 user 4700
	must utcp host port del lo
	for i in add del port; do
		spawn "$WORK/$i.out" sh -c "
			i=0
			while [ \$i -lt $ROUNDS ]; do
				'$UTCPCTL' -n host -f -b '$WORK/$i'
				i=\$((i + 1))
			done 2>&1 | grep -c limit
			echo over"
	done
	while ! grep -qx over "$WORK/add.out"; do
		own bind h0 4c57 >/dev/null
		"$UTCPCTL" -n host grant show >/dev/null
	done
	for i in del port; do
		wait_for "$i ends" 60 grep -qx over "$WORK/$i.out"
	done
	utcp host port del h0 >/dev/null 2>&1
	expect_eq "none is left without a port" 0 "$(grants | gojq length)"
	must utcp host port add h0
	"$UTCPCTL" -n host -f -b "$WORK/add" >/dev/null 2>&1
	expect_eq "and the limit has counted right" 32 "$(grants | gojq length)"
	expect_own "who was granted may" h0 4c57
	expect_quiet "nothing is said" "$mark"
	must ip netns del host
	wait_for "the module can go" 30 rmmod netswitch
}

user_namespaces() {
	local inside=(unshare --user --map-root-user --net)

	ring_port
	expect_ok "root of a sandbox grants there" "${inside[@]}" bash -c "
		'$UTCPCTL' port add lo && '$UTCPCTL' grant add lo 0x4c57 user 0 &&
			[ \$('$UTCPCTL' -j grant show | gojq '.[0].uid') = 0 ]"
	expect_fail_with "only to those that it has" "no such user" "${inside[@]}" bash -c "
		'$UTCPCTL' port add lo >/dev/null && '$UTCPCTL' grant add lo 0x4c57 user 1"
	expect_fail_with "and to groups that it has" "no such group" "${inside[@]}" bash -c "
		'$UTCPCTL' port add lo >/dev/null && '$UTCPCTL' grant add lo 0x4c57 group 1"
	expect_rc "it has no right outside" 5 nsenter --net=/run/netns/host \
		unshare --user --map-root-user "$UTCPCTL" grant add h0 0x4c57 user 0
	must grant add h0 0x4c57 user $USER
	expect_eq "what has no number there is shown as nobody" 65534 \
		"$(nsenter --net=/run/netns/host unshare --user --map-root-user "$UTCPCTL" -j grant show | gojq '.[0].uid')"
	must grant add h0 0x4c58 user 0
	expect_fail_with "but a right of his own counts where it is from" "needs CAP_NET_RAW over the namespace" \
		"${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec unshare --user --map-root-user '$RINGRAW' -d 9 bind h0 4c59"
	expect_ok "a grant is for the user, wherever he is root" "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec unshare --user --map-root-user '$RINGRAW' -d 9 bind h0 4c58"
}

reserved() {
	ring_port
	start "$WORK/before" "${IN_HOST[@]}" "$RINGRAW" recv h0 88b5 1 1000 vid=7
	must grant add h0 0x88b5 user $USER
	expect_bind "without utcp 0x88b5 is free" h0 88b5
	expect_own "and can be granted" h0 88b5
	must insert utcp
	defer rmmod utcp
	expect_refused "with it, it is utcp's" EPERM "88b5 is utcp's.*TAKE" h0 88b5
	expect_not "a grant is not enough then" "utcp's" h0 88b5
	expect_not "nor to take it" "TAKE needs CAP_NET_ADMIN" h0 88b5 flags=$TAKE
	expect_rc "a new one is refused" 2 grant add h0 0x88b5 user 1
	expect_refused "so is one for a VLAN" EPERM "88b5 is utcp's.*TAKE" h0 88b5 vid=8
	expect_bind "unless it is taken" h0 88b5 vid=8 flags=$TAKE
	expect_refused "without a VLAN utcp is there itself" EBUSY "utcp of the kernel has it" \
		h0 88b5 flags=$TAKE
	expect_bind "another type is free" h0 88b6
	expect_eq "who had it before has it still" "$SPAWNED" "$(ring_value .pid)"
	must rmmod utcp
	expect_bind "and all is as before" h0 88b5
	expect_own "for who was granted, too" h0 88b5
}

probe() {
	ring_port
	expect_ok "odd requests" ns host "$(dirname "$0")/grantprobe" h0
	printf '%s\n' "$OUT"
}

run_tests \
	life "grants are made, shown, taken back and refused" \
	enough "what a grant is enough for, and for whom" \
	events "events, and the ring of a grant that is taken back" \
	under_load "as many grants as the limit says, while ports come and go" \
	user_namespaces "user namespaces" \
	reserved "a type that a module has reserved" \
	probe "requests that are not what utcpctl would send"
