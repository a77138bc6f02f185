#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sockets between cells of one namespace. See sockprobe.c.
. "$(dirname "$0")/../lib.sh"

PROBE=$(cd "$(dirname "$0")" && pwd)/sockprobe

semantics() {
	load utcp
	ns_add t-a
	must ip -n t-a link set lo up
	must "$UTCPCTL" -n t-a cell new
	expect_ok "as TCP and AF_UNIX, call by call" ns t-a timeout 100 "$PROBE"
	grep -v "^ok" <<<"$OUT" | sed "s/^/# /"
}

run_tests \
	semantics "what programs see"
