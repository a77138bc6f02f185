#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# root.sh SUITE [PACKAGE...] - have a small Debian of that suite (trixie, sid, …),
# with these packages, too, in the cache, for run.sh --root; print its directory.

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"
. "$VM_DIR/toolchain.sh"

# What tests need of a root file system.
PACKAGES=bash,kmod,iproute2,iputils-ping,procps,util-linux,perl,python3-minimal,ethtool,nftables,libjansson4,libnl-3-200

[ $# -gt 0 ] || { sed -n '4,5s/^# //p' "$0" >&2 && exit 2; }
[[ $1 =~ ^[a-z][a-z-]*$ ]] || die "$1: not the name of a suite"
need apt-get mmdebstrap flock
umask 022

root_make() {
	say "making a Debian $suite"
	debootstrap_into "$suite" "$1" "$PACKAGES"
}

suite=$1
shift
for name; do
	[[ $name =~ ^[a-z0-9][a-z0-9.+-]*$ ]] || die "$name: not the name of a package"
	PACKAGES+=,$name
done
root=$CACHE/root/$suite-$(echo "$PACKAGES" | short_hash)
cached "$root" root_make
printf '%s\n' "$root"
