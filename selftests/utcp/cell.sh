#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Cells, with the tool: making, importing, listing and removing them, who owns them,
# what a full table does, and what is told of them.
. "$(dirname "$0")/../lib.sh"

# cell NS VERB ARGS... - the tool there
cell() {
	local ns=$1

	shift
	"$UTCPCTL" -n "$ns" cell "$@"
}

# cells NS FILTER - what gojq makes of the list of cells
cells() {
	"$UTCPCTL" -n "$1" -j cell show | gojq -r "$2"
}

# The first of the vectors of the specification: key file and CellID.
vector_key() {
	rm -f "$1"
	(umask 077 && echo 'MMCCmFdySdhHb1yEYAtxyrhwfK7+bNgNqVnfmhdCJkw=' >"$1")
}
VECTOR_ID=cell10swk7cjj8pfrvc8ka8xevck6mcqrmc8w
VECTOR_PUBLIC='7NwzlqPSoEMX7kiRLNCmZLdv0KrfTmmCufRRcCnR/Gk='

life() {
	local first second

	load utcp
	ns_add t-a t-b
	expect_eq "none at first" 0 "$(cells t-a length)"
	expect_ok "one is made, with a comment of old letters" cell t-a new comment $'b\xfcro'
	expect_eq "which is shown as far as it goes" 'b?ro' "$(cells t-a '.[0].comment')"
	must cell t-a del "$(cells t-a '.[0].id')"
	expect_ok "one is made" cell t-a new comment 'the first'
	first=$(cells t-a '.[0].id')
	expect_match "its CellID" '^cell1[a-z0-9]{32}$' "$first"
	expect_eq "it is the default, and root's alone" \
		'true 0 0 owner false false 0 the first' \
		"$(cells t-a '.[0] | "\(.default) \(.owner) \(.group) \(.mode | join(",")) \(.realm) \(.discoverable) \(.users) \(.comment)"')"
	expect_ok "another" cell t-a new mode shared
	second=$(cells t-a '.[1].id')
	expect_eq "is not the default, and for all" 'false owner,group,other' \
		"$(cells t-a '.[1] | "\(.default) \(.mode | join(","))"')"
	expect_ok "it is made the default" cell t-a set "$second" default on
	expect_eq "and the only one" 'false true' "$(cells t-a 'map(.default) | join(" ")')"
	expect_ok "it is removed" cell t-a del "$second"
	expect_eq "there is no default then" false "$(cells t-a '.[0].default')"
	expect_rc "it cannot be shown" 3 cell t-a show "$second"
	expect_rc "or removed again" 3 cell t-a del "$second"
	expect_match "which is said" 'no such cell' "$OUT"
	expect_ok "a third" cell t-a new
	expect_eq "becomes the default" 'false true' "$(cells t-a 'map(.default) | join(" ")')"
	expect_ok "a fourth that is not to be it" cell t-b new default off
	expect_eq "is it not" false "$(cells t-b '.[0].default')"
	expect_rc "one of the other namespace is not here" 3 cell t-b show "$first"
}

import() {
	load utcp
	ns_add t-a t-b
	vector_key "$WORK/key"
	expect_ok "a key file" cell t-a import "$WORK/key"
	expect_eq "gives the CellID and public key of the specification" \
		"$VECTOR_ID $VECTOR_PUBLIC" "$(cells t-a '.[0] | "\(.id) \(."public-key")"')"
	expect_rc "not twice" 2 cell t-a import "$WORK/key"
	expect_match "which is said" 'has this cell already' "$OUT"
	expect_ok "but in another namespace" cell t-b import - <"$WORK/key"
	expect_ok "a key is made" cell t-a genkey "$WORK/new"
	expect_eq "in a file that is private" 600 "$(stat -c %a "$WORK/new")"
	expect_rc "not over one that is there" 2 cell t-a genkey "$WORK/new"
	expect_ok "and imported, with a realm" cell t-a import "$WORK/new" realm "$WORK/new"
	expect_eq "it has one, and is to be found" 'true true' \
		"$(cells t-a '.[1] | "\(.realm) \(.discoverable)"')"
	expect_ok "the realm is taken away" cell t-a set "$(cells t-a '.[1].id')" realm none
	expect_eq "it is not to be found then" 'false false' \
		"$(cells t-a '.[1] | "\(.realm) \(.discoverable)"')"
	chmod 640 "$WORK/key"
	expect_rc "a file that others may read" 5 cell t-b import "$WORK/key"
	expect_match "is refused with the reason" 'group or others have access' "$OUT"
	expect_eq "nothing was made" 1 "$(cells t-b length)"
}

owner() {
	local id

	load utcp
	ns_add t-a
	expect_ok "for a user" cell t-a new owner nobody group 12 mode owner,group
	id=$(cells t-a '.[0].id')
	expect_eq "by name and number" '65534 12 owner,group' \
		"$(cells t-a '.[0] | "\(.owner) \(.group) \(.mode | join(","))"')"
	expect_rc "no such user" 1 cell t-a set "$id" owner no-such-user
	expect_rc "no such setting" 1 cell t-a set "$id" colour blue
	expect_rc "all or nothing" 2 cell t-a set "$id" mode none owner 4294967295
	expect_match "with the setting that was wrong" '^utcpctl: owner: no such user' "$OUT"
	expect_eq "nothing has changed" 'owner,group' "$(cells t-a '.[0].mode | join(",")')"
	expect_rc "who has no right" 5 ns t-a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$UTCPCTL" cell set "$id" mode shared
	expect_match "is told" CAP_NET_ADMIN "$OUT"
	expect_ok "but may look" ns t-a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$UTCPCTL" cell show "$id"
}

names() {
	local id

	load utcp
	ns_add t-a
	must mkdir -p /etc/netns/t-a/utcp /etc/utcp
	defer rm -rf /etc/netns/t-a
	must cell t-a new
	id=$(cells t-a '.[0].id')
	printf '# names\nbob %s\n' "$id" >/etc/netns/t-a/utcp/cells
	# ip-netns binds a file of a namespace over one that is there.
	if [ ! -e /etc/utcp/cells ]; then
		: >/etc/utcp/cells
		defer rm -f /etc/utcp/cells
	fi
	expect_ok "by its name" ns t-a "$UTCPCTL" cell set bob comment 'it is bob'
	expect_eq "it is the one" 'it is bob' "$(cells t-a '.[0].comment')"
	expect_rc "a name that is not there" 3 ns t-a "$UTCPCTL" cell show alice
	expect_match "is said with the file" 'named "alice" in /etc/utcp/cells' "$OUT"
	expect_rc "a CellID with a typing error" 1 cell t-a show "${id%?}b"
	expect_match "is none" 'no CellID: ' "$OUT"
	echo 'mallory' >>/etc/netns/t-a/utcp/cells
	expect_rc "a file with an error" 2 ns t-a "$UTCPCTL" cell show bob
	expect_match "is said with the line" '/etc/utcp/cells:3: the CellID is missing' "$OUT"
}

limits() {
	load utcp
	ns_add t-a
	must "$UTCPCTL" -n t-a limit set utcp cells 2
	expect_ok "one" cell t-a new
	expect_ok "two, and it is full" cell t-a new
	expect_rc "three" 2 cell t-a new
	expect_match "are too many" 'as many cells as its limit' "$OUT"
	expect_eq "both are still there" 2 "$(cells t-a length)"
	must "$UTCPCTL" -n t-a limit set utcp cells 1
	expect_eq "lowering removes nothing" 2 "$(cells t-a length)"
	expect_ok "one goes" cell t-a del "$(cells t-a '.[0].id')"
	expect_rc "which makes no room yet" 2 cell t-a new
	expect_ok "the other goes" cell t-a del "$(cells t-a '.[0].id')"
	expect_ok "this does" cell t-a new
}

# seen FILE N - so many events are in it
seen() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# hex - standard input as one line of hexadecimal digits
hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# secret KEYFILE FILE... - is the key in there, in any clothes?
secret() {
	local key digits file

	key=$(<"$1")
	digits=$(base64 -d "$1" | hex)
	shift
	for file; do
		! grep -qF "$key" "$file" && ! grep -qiF "$digits" "$file" &&
			! grep -qF "$digits" < <(hex <"$file") || return 0
	done
	return 1
}

events() {
	local id

	load utcp
	ns_add t-a
	vector_key "$WORK/key"
	must cell t-a genkey "$WORK/realm"
	spawn "$WORK/events" "$UTCPCTL" -n t-a -j monitor utcp
	# It listens when it hears of something.
	_listens() {
		"$UTCPCTL" -n t-a limit set utcp peers $((4000 - RANDOM % 1000)) >/dev/null
		seen "$WORK/events" 1
	}
	wait_for "the monitor listens" 20 _listens
	must cell t-a import "$WORK/key" realm "$WORK/realm"
	id=$VECTOR_ID
	must cell t-a new default on
	must cell t-a set "$id" comment x
	must cell t-a set "$id" comment x
	must cell t-a set "$id" realm "$WORK/key"
	must cell t-a del "$id"
	_told() {
		grep -q cell-del "$WORK/events"
	}
	wait_for "all is told" 20 _told
	# The second of the same comment is no change.
	# shellcheck disable=SC2016 # the variable is gojq's
	expect_eq "once each, in order" \
		"cell-new 1, cell-change 1, cell-new 2, cell-change 1, cell-change 1, cell-del 1" \
		"$(gojq -rs --arg id "$id" '[.[] | select(.cell) |
			"\(.event) \(if .cell.id == $id then 1 else 2 end)"] | join(", ")' "$WORK/events")"
	expect_eq "which is the default then" "true, false, true, false, false, false" \
		"$(gojq -rs '[.[] | select(.cell) | .cell.default] | join(", ")' "$WORK/events")"
	"$UTCPCTL" -n t-a -j cell show >"$WORK/list"
	"$UTCPCTL" -n t-a cell import "$WORK/key" >"$WORK/again" 2>&1
	"$UTCPCTL" -n t-a -j cell import "$WORK/key" >"$WORK/refused" 2>&1
	dmesg >"$WORK/dmesg"
	expect_ok "the search finds what is there" secret "$WORK/key" "$WORK/key"
	expect_rc "the private key is nowhere" 1 secret "$WORK/key" \
		"$WORK/events" "$WORK/list" "$WORK/again" "$WORK/refused" "$WORK/dmesg"
	expect_rc "nor is the realm" 1 secret "$WORK/realm" \
		"$WORK/events" "$WORK/list" "$WORK/again" "$WORK/refused" "$WORK/dmesg"
}

run_tests \
	life "cells are made, made the default, and removed" \
	import "keys are imported from files" \
	owner "a cell has an owner, and changes need a right" \
	names "a cell is found by its name" \
	limits "a full table refuses" \
	events "changes are told, secrets are not"
