#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: systemd takes the units and the user that packages bring
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need systemd-analyze systemd-sysusers

# With a program that is there.
mkdir -p "$CHECK_TMP/bin"
ln -sf /bin/true "$CHECK_TMP/bin/utcpctl"
sed "s,@sbindir@,$CHECK_TMP/bin," userspace/systemd/utcp.service.in >"$CHECK_TMP/utcp.service"
{ SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$CHECK_TMP/utcp.service" 2>&1 || :; } |
	sed 's,^,userspace/systemd/utcp.service.in:1: ,' | bad_lines

mkdir -p "$CHECK_TMP/root/etc"
{ systemd-sysusers --root="$CHECK_TMP/root" "$PWD/userspace/systemd/utcp.sysusers.conf" 2>&1 || :; } |
	grep -v '^Creating ' | sed 's,^,userspace/systemd/utcp.sysusers.conf:1: ,' | bad_lines || :
grep -q '^utcp-forward:' "$CHECK_TMP/root/etc/passwd" ||
	bad "userspace/systemd/utcp.sysusers.conf:1: it makes no user utcp-forward"
