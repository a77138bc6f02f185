#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The real utcpctl and links that must not be open, where there is no module to bind them:
# they are closed. In namespaces of the test's own. Prints TAP. With modules it is tried by
# selftests/suite/state.sh.
#
#   UTCPCTL=FILE state.sh
# shellcheck disable=SC2016,SC2154 # for the shell inside
set -u

: "${UTCPCTL:?the tool to test}"

. "$(dirname "${BASH_SOURCE[0]}")/../../tap.sh"

# For the shell inside, which has /run, /var/lib and a link v0 of its own.
here() {
	mount -t tmpfs none /run && mount -t tmpfs none /var/lib && mkdir -m 700 /var/lib/utcp || exit
	ip link add v0 type veth peer name v1 && ip link set v0 up
}

# put FILE TEXT - a file of the state
put() {
	(umask 077 && printf '%s\n' "$2" >"/var/lib/utcp/$1")
}

# state VERSION STATE - what was saved: compact JSON with its keys in order, and its sum, the FNV-1a of it
state() {
	local hash=$((0xcbf29ce484222325)) i c

	for ((i = 0; i < ${#2}; i++)); do
		printf -v c %d "'${2:i:1}"
		hash=$(((hash ^ c) * 0x100000001b3))
	done
	printf '{"utcp-state":%d,"sum":"%016x","state":%s}' "$1" "$hash" "$2"
}

# tried ARGS... - the exit code of "state ARGS", and what has become of the link
tried() {
	"$utcpctl" state "$@" >/run/out 2>&1
	echo "$1 $?"
	link
}

link() {
	local is=open

	[[ $(ip link show v0) =~ [\<,]UP[\>,] ]] || is=down
	nft list tables | grep -qx 'table netdev utcp-closed-v0' && is+=,dropping
	[ ! -L /run/utcp/closed/v0 ] || is+=,was-$(readlink /run/utcp/closed/v0)
	[ ! -e /run/utcp/waiting/v0 ] || is+=,waiting
	echo "v0 $is"
}

# saved - that v0 is held by a policy
saved() {
	put state.json "$(state 1 '{"links":{"v0":{"flags":["policy"],"policy":"web"}}}')"
}

# lock - have the lock that others want
lock() {
	mkdir /run/utcp && exec 9>/run/utcp/lock && flock 9
}

functions=$(declare -f here put state tried link saved lock)

# inside WANT DESCRIPTION SCRIPT - what a script says there
inside() {
	local out

	out=$(timeout -k 1 120 "${unshare[@]}" --kill-child --mount-proc bash -c \
		"utcpctl=\$0; $functions; here; $3" "$UTCPCTL" 2>&1)
	[ "$out" = "$1" ]
	report $? "$2" "$out"
}

unshare=(unshare -mpfn)
if [ "$(id -u)" != 0 ] || ! "${unshare[@]}" --mount-proc bash -c "$(declare -f here); here
	nft add table netdev t && nft add chain netdev t c '{ type filter hook egress device v0 priority 0; }'" 2>/dev/null; then
	echo '1..0 # SKIP no namespaces, veth or nftables, or not root'
	exit 0
fi
if "$UTCPCTL" -j version | gojq -e '[.modules[] | .loaded] | any' >/dev/null; then
	echo '1..0 # SKIP modules are loaded; selftests/ try the tool with them'
	exit 0
fi

inside $'attach 2\nv0 down,dropping,was-up,waiting' \
	"a link that cannot be bound is closed, and still waited for" \
	'saved; tried attach dev v0'
inside $'restore 3\nv0 down,dropping,was-up' "nothing can be restored: it is closed" \
	'saved; tried restore'
inside $'restore 3\nv0 down,dropping,was-down' "one that is down is, too" \
	'ip link set v0 down; saved; tried restore'

inside $'attach 2\nv0 down,dropping,was-up\nfailed: link v0: another process has "/run/utcp/lock"' \
	"it is closed while others have the lock" \
	'lock; saved; tried attach dev v0; grep -m 1 ^failed /run/out'
inside $'restore 3\nv0 down,dropping,was-up' "at once" \
	'lock; saved; SECONDS=0; tried restore; [ $SECONDS -lt 5 ] || echo late'
inside $'restore\n; link v0: another process has "/run/utcp/lock"' "one that is not there and cannot be marked is told" \
	'lock; ip link del v0; saved;
	echo restore; $utcpctl state restore 2>&1 | grep -o "; link v0: .*"'

# A state that must not be believed, and the list of links that is there for that.
inside $'restore 2\nv0 down,dropping,was-up' "one that a changed state names is closed" \
	'put state.json "$(state 1 "{\"links\":{\"v0\":{\"policy\":\"web\"}}}" | sed s/web/wet/)"; tried restore'
inside $'restore 2\nv0 down,dropping,was-up' "and one that the list names" \
	'put state.json "$(state 1 "{\"links\":{}}" | sed s/links/linkz/)"; put links v0; tried restore'
inside $'attach 2\nv0 down,dropping,was-up' "if all of it has another form, too" \
	'put state.json "[]"; put links v0; tried attach dev v0'
inside $'restore 2\nv0 down,dropping,was-up' "if it is newer" \
	'put state.json "$(state 2 "{\"links\":{\"v0\":{\"flags\":[]}}}")"; put links v0; tried restore'
inside $'restore 5\nv0 down,dropping,was-up' "if others may read both" \
	'saved; put links v0; chmod 644 /var/lib/utcp/*; tried restore'
inside $'restore 5\nv0 open\nothers than its user may write to "/var/lib/utcp/links"' "a list that others may write is not believed" \
	'saved; put links v0; chmod 666 /var/lib/utcp/*; tried restore
	grep -o "others than its user may write to [^ :]*" /run/out'
inside $'restore 2\nv0 open' "of links that no file names none is closed" \
	'put state.json "$(state 1 {})x"; put links v2; tried restore'

reported
