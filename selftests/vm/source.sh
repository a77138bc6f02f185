#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# source.sh - have those parts of Debian's kernel source in the cache that the
# checks and tests use as tools, print the directory.

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"
. "$VM_DIR/build.sh"

PARTS=(
	'.clang-format'
	'COPYING'
	'LICENSES'
	'Makefile'
	'MAINTAINERS'
	'scripts'
	'Documentation/netlink'
	'Documentation/sphinx'
	'samples/pktgen'
	'samples/bpf'
	'tools/build'
	'tools/include'
	'tools/lib/bpf'
	'tools/lib/subcmd'
	'tools/net/ynl'
	'tools/scripts'
	'tools/testing/kunit'
	'tools/testing/selftests'
	'include/uapi'
)

source_parts_make() {
	say "unpacking parts of $SOURCE_PACKAGE"
	source_unpack "$1" "${PARTS[@]/#/$SOURCE_PACKAGE/}"
}

need apt-get dpkg-deb flock xz
umask 022
version=$(source_version)
key=$(printf '%s\n' "$version" "${PARTS[@]}" | short_hash)
cached "$CACHE/source/$key" source_parts_make
printf '%s\n' "$CACHE/source/$key"
