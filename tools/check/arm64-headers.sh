#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# arm64-headers.sh - have kernel headers for arm64 in the cache, print their directory
#
# They are those of the 6.12 that the test bed has for amd64: Debian's package for
# arm64 holds only what depends on the processor, and the build tools beside the amd64
# headers run on this machine.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source-path=SCRIPTDIR/../.. source=selftests/vm/lib.sh
. "$(dirname "$0")/../../selftests/vm/lib.sh"

# The apt configuration of the suite, for the other architecture.
apt_arm64() {
	local conf=$CACHE/apt/$suite.arm64

	mkdir -p "$conf/lists/partial" "$conf/cache/archives/partial"
	sed "s/arch=amd64/arch=arm64/" "$CACHE/apt/$suite/sources.list" >"$conf/sources.list"
	sed -e "s,$CACHE/apt/$suite/,$conf/,; s/amd64/arm64/g" \
		-e "s,$CACHE/apt/$suite\",$conf\"," "$CACHE/apt/$suite/apt.conf" >"$conf/apt.conf"
	apt_private apt-get "$suite.arm64" -qq update >&2
}

# The suite that the amd64 headers came from.
find_suite() {
	local candidate

	for candidate in bookworm-backports bookworm-security bookworm trixie-backports trixie; do
		apt_ready "$candidate"
		if [ "$(apt_version "$candidate" "linux-headers-$release")" = "$version" ]; then
			echo "$candidate"
			return
		fi
	done
	die "no suite has linux-headers-$release $version any more (UTCP_UPDATE=1 looks for newer kernels)"
}

make_headers() {
	local dir=$1 suite headers name=linux-headers-${release%-amd64}-arm64 link

	suite=$(find_suite)
	with_lock "apt-$suite.arm64" apt_arm64
	say "fetching $name from $suite"
	(cd "$dir" && apt_private apt-get "$suite.arm64" -qq download "$name:arm64=$version" >&2)
	dpkg-deb --extract "$dir"/*.deb "$dir/root"
	rm "$dir"/*.deb
	headers=$dir/root/usr/src/$name
	sed -i "s,/usr/src/,$kernel/root/usr/src/," "$headers/Makefile"
	for link in scripts tools; do
		ln -sfn "$kernel/build/$link" "$headers/$link"
	done
	ln -s "root/usr/src/$name" "$dir/build"
}

kernel=$("$VM_DIR/kernel.sh" 6.12)
release=$(cat "$kernel/release")
# The directory is named RELEASE-VERSION-LAYOUT.
version=${kernel##*/"$release"-}
version=${version%-*}
dir=$CACHE/kernel-arm64/${kernel##*/}
cached "$dir" make_headers
realpath "$dir/build"
