#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rings: who may bind which, and what is refused.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/netswitch.sh"
. "$(dirname "$0")/rings.sh"

SPOOF=2
TAKE=4

binds() {
	ring_port
	expect_eq "no other request before the bind" \
		"info=ENOTCONN stats=ENOTCONN kick=ENOTCONN mmap=refused readable=0" \
		"$(raw unbound | sed 's/ *$//')"
	expect_bind "a ring is bound" h0 4c57
	expect_ok "no ring is left when its owner ends" no_ring host
	expect_bind "and it can be bound again" h0 4c57
	expect_bind "only for receiving" h0 4c57 tx_slots=0
	expect_bind "only for sending" h0 4c57 rx_slots=0
	expect_bind "the least of all" h0 4c57 rx_slots=2 tx_slots=2 slot_size=128 ethertype=0x600
	expect_bind "the largest type and VLAN" h0 4c57 ethertype=0xffff vid=4094
	must utcp host limit set netswitch ring-memory 256m
	expect_bind "the longest slots" h0 4c57 slot_size=66560
	expect_bind "the most slots" h0 4c57 rx_slots=65536 tx_slots=0 slot_size=128
	expect_rc "a descriptor is bound once" 3 raw twice h0 4c57
	expect_match "which is said" "^EBUSY .* [a-z]" "$OUT"
	expect_ok "even if the first time was refused" "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		'$RINGRAW' -d 9 bind h0 4c57 slot_size=1
		'$RINGRAW' -d 9 bind h0 4c57"
}

info() {
	ring_port
	start "$WORK/hold" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000 vid=5 rx_slots=32 tx_slots=8 \
		slot_size=512 flags=1
	expect_eq "one ring is shown" 1 "$(rings host | gojq length)"
	expect_eq "of this port, too" 1 "$(rings host h0 | gojq length)"
	expect_eq "its type" 0x4c57 "$(ring_value .ethertype)"
	expect_eq "its VLAN" 5 "$(ring_value .vid)"
	expect_eq "its slots" "32 8 512" "$(ring_value '|"\(."rx-slots") \(."tx-slots") \(."slot-size")"')"
	expect_eq "its owner" "$SPAWNED" "$(ring_value .pid)"
	expect_eq "and whose that is" 0 "$(ring_value .uid)"
	expect_eq "its option" promisc "$(ring_value '.flags|join(" ")')"
	expect_eq "not shared" exclusive "$(ring_value .fanout)"
	expect_eq "its port" "h0 $INDEX" "$(ring_value '|"\(.port) \(.ifindex)"')"
	expect_ok "anybody may look" nsenter --net=/run/netns/host \
		setpriv --reuid=65534 --regid=65534 --clear-groups "$UTCPCTL" -s ring show
	expect_eq "in the other namespace there is none" 0 "$(rings peer | gojq length)"
	expect_match "it is a consumer of its port" 4c57 "$(utcp host port consumers h0)"
	expect_match "how frames come" "copy" "$(ring_value '."rx-mode"')"
	expect_match "and go" "copy" "$(ring_value '."tx-mode"')"
	must utcp host port add lo
	expect_eq "no ring of another port" 0 "$(rings host lo | gojq length)"
	if [ -x "$RINGTOOL" ]; then
		expect_ok "INFO" "${IN_HOST[@]}" "$RINGTOOL" -r 64 -t 16 -S 1024 info h0 4c58
		expect_eq "tells the same" "64 16 1024 $INDEX $HOST_MAC" \
			"$(gojq -r '"\(.rx_slots) \(.tx_slots) \(.slot_size) \(.ifindex) \(.mac)"' <<<"$OUT")"
	fi
}

ranges() {
	ring_port
	expect_refused "a type that is a length" EINVAL 'type' h0 5ff
	expect_refused "a type that is too large" EINVAL 'type' h0 10000
	expect_refused "a VLAN that is too large" EINVAL 'vid|vlan' h0 4c57 vid=4095
	expect_refused "an unknown flag" EINVAL flag h0 4c57 flags=0x40000000
	expect_refused "the highest flag" EINVAL flag h0 4c57 flags=0x80000000
	expect_refused "to send without copies, but no ring for it" EINVAL tx_slots h0 4c57 flags=32 tx_slots=0
	expect_refused "one slot for receiving" EINVAL 'rx.?slots' h0 4c57 rx_slots=1
	expect_refused "no power of two" EINVAL 'rx.?slots' h0 4c57 rx_slots=100
	expect_refused "too many for receiving" EINVAL 'rx.?slots' h0 4c57 rx_slots=131072
	expect_refused "one slot for sending" EINVAL 'tx.?slots' h0 4c57 tx_slots=1
	expect_refused "no power of two for sending" EINVAL 'tx.?slots' h0 4c57 tx_slots=3
	expect_refused "too many for sending" EINVAL 'tx.?slots' h0 4c57 tx_slots=131072
	expect_refused "neither direction" EINVAL slots h0 4c57 rx_slots=0 tx_slots=0
	expect_refused "a share that nobody gets" EINVAL fanout h0 4c57 rx_slots=0 fanout=1
	expect_refused "slots that are too short" EINVAL 'slot.?size' h0 4c57 slot_size=64
	expect_refused "slots that are too long" EINVAL 'slot.?size' h0 4c57 slot_size=66624
	expect_refused "slots of an odd size" EINVAL 'slot.?size' h0 4c57 slot_size=1500
	expect_refused "a wake-up without a time" EINVAL wake h0 4c57 rx_wake_frames=8
	expect_refused "a time that is too long" EINVAL wake h0 4c57 rx_wake_frames=8 rx_wake_usecs=1000001
	expect_refused "an unknown fan-out" EINVAL 'fan.?out' h0 4c57 fanout=5
	expect_refused "the first reserved word" EINVAL reserved h0 4c57 reserved0=1
	expect_refused "the last reserved word" EINVAL reserved h0 4c57 reserved2=1
	expect_refused "the last reserved byte" EINVAL reserved h0 4c57 pad=1
	expect_bind "a time that is not used" h0 4c57 rx_wake_usecs=1000
	expect_bind "the longest time" h0 4c57 rx_wake_frames=8 rx_wake_usecs=1000000
	expect_bind "what comes out may be anything before" h0 4c57 holder=77
	expect_ok "nothing was left behind" no_ring host
}

no_such() {
	ring_port
	expect_refused "no such device" ENODEV . h0 4c57 ifindex=9999
	expect_refused "no device at all" 'E(NODEV|INVAL)' . h0 4c57 ifindex=0
	expect_refused "no port" ENOENT port lo 4c57
	must utcp host port set h0 policy
	expect_refused "a port without demux" EOPNOTSUPP demul h0 4c57
	must utcp host port set h0 policy demux
	expect_bind "with it" h0 4c57
	must utcp host port del h0
	expect_refused "no port any more" ENOENT port h0 4c57
}

busy() {
	ring_port
	start "$WORK/hold" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000
	expect_rc "the second owner is refused" 3 raw bind h0 4c57
	expect_match "and told whom to ask" "^EBUSY holder=$SPAWNED .*$SPAWNED" "$OUT"
	expect_rc "whose number it may not see" 3 "${IN_HOST[@]}" unshare --pid --fork --mount-proc \
		"$RINGRAW" bind h0 4c57
	expect_match "then it is 0" "^EBUSY holder=0 " "$OUT"
	expect_bind "another VLAN is free" h0 4c57 vid=7
	expect_bind "another type, too" h0 4c58
	must kill -KILL "$SPAWNED"
	wait_for "free when the owner is killed" 10 raw bind h0 4c57
	start "$WORK/inner" "${IN_HOST[@]}" unshare --pid --fork --mount-proc "$RINGRAW" recv h0 4c57 1 1000
	expect_rc "an owner in a pid namespace" 3 raw bind h0 4c57
	expect_eq "has a number outside" ringraw \
		"$(holder=${OUT#*holder=} && cat "/proc/${holder%% *}/comm")"
	test_module
	must control host consumer add "$INDEX" 88b5 0 take
	expect_rc "the kernel's own consumer" 3 raw bind h0 88b5
	expect_match "has no process" "^EBUSY holder=0 " "$OUT"
}

rights() {
	local type

	ring_port
	expect_rc "without CAP_NET_RAW" 3 "${IN_HOST[@]}" \
		setpriv --bounding-set=-net_raw --inh-caps=-net_raw "$RINGRAW" bind h0 4c57
	expect_match "is refused" "^EPERM .*CAP_NET_RAW" "$OUT"
	for type in 800 806 86dd; do
		expect_refused "0x$type is the stack's" EPERM take h0 "$type"
		expect_bind "unless it is taken" h0 "$type" flags=$TAKE
	done
	expect_bind "a type that is free may be taken, too" h0 4c57 flags=$TAKE
	raw_only() {
		"${IN_HOST[@]}" setpriv --bounding-set=-all,+net_raw --inh-caps=-all "$RINGRAW" bind "$@"
	}
	expect_ok "with CAP_NET_RAW alone" raw_only h0 4c57
	expect_ok "promiscuous, too" raw_only h0 4c57 flags=1
	expect_rc "not to take" 3 raw_only h0 800 flags=$TAKE
	expect_match "which needs more" "^EPERM .*CAP_NET_ADMIN" "$OUT"
	expect_rc "not to spoof" 3 raw_only h0 4c57 flags=$SPOOF
	expect_match "which needs more, too" "^EPERM .*CAP_NET_ADMIN" "$OUT"
	expect_bind "with it" h0 4c57 flags=$SPOOF
	expect_eq "the device is root's" "600 0" "$(stat -c '%a %u' /dev/netswitch)"
	expect_fail "and nobody else opens it" "${IN_HOST[@]}" \
		setpriv --reuid=65534 --regid=65534 --clear-groups "$RINGRAW" bind h0 4c57
}

user_namespaces() {
	ring_port
	expect_rc "a descriptor from outside a user namespace" 3 "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec unshare --user --map-root-user '$RINGRAW' -d 9 bind h0 4c57"
	expect_match "cannot be bound inside" "^EPERM " "$OUT"
	expect_ok "one of its own can" unshare --user --map-root-user --net bash -c "
		'$UTCPCTL' port add lo && '$RINGRAW' bind lo 4c57 && '$RINGRAW' bind lo 800 flags=6"
	expect_ok "a ring belongs to where it was opened" bash -c "
		exec 9<>/dev/netswitch
		! ip netns exec host '$RINGRAW' -d 9 bind h0 4c57 ifindex=$INDEX"
	must utcp peer port add p0
	expect_ok "and not to who binds it" "${IN_PEER[@]}" bash -c "
		exec 9<>/dev/netswitch
		nsenter --net=/run/netns/host '$RINGRAW' -d 9 bind lo 4c57 ifindex=$(ifindex peer p0)"
}

limits() {
	ring_port
	must utcp host limit set netswitch rings 2
	start "$WORK/a" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000
	start "$WORK/b" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c58 1 1000
	expect_refused "one ring too many" ENOSPC ring h0 4c59
	must utcp host limit set netswitch rings 0
	expect_eq "lowering takes none away" 2 "$(rings host | gojq length)"
	must kill "$SPAWNED"
	wait_for "one goes" 10 sh -c "[ \$('$UTCPCTL' -n host -j ring show | gojq length) = 1 ]"
	expect_refused "still too many" ENOSPC ring h0 4c58
	must utcp host limit set netswitch rings 2
	expect_bind "room again" h0 4c58
}

memory() {
	local size

	ring_port
	# What a ring takes is what it maps.
	expect_ok "INFO" "${IN_HOST[@]}" "$RINGTOOL" -r 64 -t 64 -S 2048 info h0 4c57
	size=$(gojq .map_size <<<"$OUT")
	expect_ok "it is more than its slots" test "$size" -gt $((128 * 2048))
	size=$(((size + 1023) / 1024))
	must utcp host limit set netswitch ring-memory $((size - 1))k
	expect_refused "not as much memory" ENOSPC memory h0 4c57 rx_slots=64 tx_slots=64
	must utcp host limit set netswitch ring-memory "${size}k"
	start "$WORK/a" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000 rx_slots=64 tx_slots=64
	expect_refused "all is taken" ENOSPC memory h0 4c58 rx_slots=2 tx_slots=0 slot_size=128
	expect_ok "but not of the other namespace" "${IN_PEER[@]}" bash -c "
		'$UTCPCTL' port add p0 && '$RINGRAW' bind p0 4c57"
	must kill "$SPAWNED"
	wait_for "it is given back" 10 raw bind h0 4c58 rx_slots=64 tx_slots=64
}

memlock() {
	local who=("${IN_HOST[@]}" prlimit --memlock=65536 setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock)

	ring_port
	expect_rc "more than RLIMIT_MEMLOCK" 3 "${who[@]}" "$RINGRAW" bind h0 4c57 rx_slots=256 tx_slots=256
	expect_match "is refused" "^EDQUOT .*MEMLOCK" "$OUT"
	expect_ok "less is not" "${who[@]}" "$RINGRAW" bind h0 4c57 rx_slots=8 tx_slots=8 slot_size=128
	expect_ok "again: it was given back" "${who[@]}" "$RINGRAW" bind h0 4c57 rx_slots=8 tx_slots=8 slot_size=128
	expect_rc "many small ones are as much" 3 "${who[@]}" "$RINGRAW" many h0 4c57 30 fanout=3 \
		rx_slots=8 tx_slots=8 slot_size=128
	expect_match "and refused" "^[0-9]+ EDQUOT " "$OUT"
	expect_ok "CAP_IPC_LOCK is beyond that" "${IN_HOST[@]}" prlimit --memlock=65536 \
		"$RINGRAW" bind h0 4c57 rx_slots=256 tx_slots=256
	expect_ok "no ring is left" no_ring host
}

shared() {
	ring_port
	must utcp host limit set netswitch rings 100
	start "$WORK/a" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c57 1 1000 fanout=1 rx_slots=2 tx_slots=2
	expect_bind "a second ring by hash" h0 4c57 fanout=1
	expect_rc "an exclusive one" 3 raw bind h0 4c57
	expect_match "is refused" "^EBUSY holder=$SPAWNED " "$OUT"
	expect_rc "another fan-out" 3 raw bind h0 4c57 fanout=3
	expect_match "is refused" "^E[A-Z]+ .*[a-z]" "$OUT"
	expect_rc "promiscuous" 3 raw bind h0 4c57 fanout=1 flags=1
	expect_match "is refused, too" "^E[A-Z]+ .*[a-z]" "$OUT"
	expect_rc "another user" 3 "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_raw \
			--ambient-caps=+net_raw '$RINGRAW' -d 9 bind h0 4c57 fanout=1"
	expect_match "is refused as well" "^E[A-Z]+ .*[a-z]" "$OUT"
	expect_ok "who may bind for himself" "${IN_HOST[@]}" bash -c "
		exec 9<>/dev/netswitch
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_raw \
			--ambient-caps=+net_raw prlimit --memlock=8388608 '$RINGRAW' -d 9 bind h0 4c58 fanout=1"
	expect_rc "63 more and one" 3 raw many h0 4c57 64 fanout=1 rx_slots=2 tx_slots=2
	expect_match "64 share, and no more" "^63 ENOSPC .*[a-z]" "$OUT"
}

passed_on() {
	ring_port
	spawn "$WORK/nobody" "${IN_HOST[@]}" "$RINGRAW" pass h0 4c57 \
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		--no-new-privs "$RINGRAW" passed 9 3 30000
	wait_for "a bound descriptor is passed on" 20 sh -c "! '$UTCPCTL' -n host -j ring show | grep -qx '\[\]'"
	frames_to_host "$HOST_MAC" 4c57 3 100
	finish "$WORK/nobody"
	expect_result "who has no right at all receives by it" "$WORK/nobody" .received 3
	wait_for "with him it ends" 10 no_ring host
}

# seen EVENT FILTER - it is among the events
seen() {
	gojq -se --arg e "$1" "any(.[]; .event == \$e and (.ring|$2))" "$WORK/events"
}

# monitored - $WORK/events has the host's events from now on
monitored() {
	spawn "$WORK/events" utcp host -j monitor netswitch
	wait_for "the monitor listens" 20 sh -c "
		'$UTCPCTL' -n host limit set netswitch rings \$((\$(date +%N | sed 's/^0*//') % 50 + 10)) >/dev/null
		grep -q limits '$WORK/events'"
}

events() {
	ring_port
	monitored
	expect_bind "a ring comes and goes" h0 4c57
	wait_for "its coming is told" 10 seen ring-add '.ethertype == "0x4c57"'
	wait_for "its going, too" 10 seen ring-del '.ethertype == "0x4c57"'
	start "$WORK/hold" "${IN_HOST[@]}" "$RINGRAW" recv h0 4c58 1 1000 rx_slots=2 pile=1000000
	frames_to_host "$HOST_MAC" 4c58 2 100
	wait_for "a ring is full" 10 has_come 2
	expect_fail "which is no overflow" seen ring-change .overflow
	frames_to_host "$HOST_MAC" 4c58 2 100
	wait_for "an overflow is told" 10 seen ring-change '.ethertype == "0x4c58" and .overflow'
	wait_for "and its end" 10 seen ring-change '.overflow == false'
	expect_eq "once" "true false" "$(gojq -sr '[.[]|select(.event == "ring-change").ring.overflow|tostring]|join(" ")' \
		"$WORK/events")"
	must kill -KILL "$SPAWNED"
	wait_for "the owner's death is told, with counters" 10 seen ring-del \
		'.ethertype == "0x4c58" and .rx.frames == 4 and .rx.drops.full == 2'
}

run_tests \
	binds "rings are bound" \
	info "and shown" \
	ranges "values out of range are refused, and named" \
	no_such "where there is nothing to bind" \
	busy "what somebody else has" \
	rights "capabilities" \
	user_namespaces "user and network namespaces" \
	limits "as many rings as the limit says" \
	memory "as much memory as the limit says" \
	memlock "RLIMIT_MEMLOCK" \
	shared "who may share" \
	passed_on "a descriptor is passed to somebody without rights" \
	events "events"
