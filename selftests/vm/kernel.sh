#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh [-bu] NAME... - have these kernels in the cache, print one directory
# each.  What is in such a directory: see README.rst.
#
# NAME is a version of a stock Debian kernel (6.1, 6.12, 7.2, or exactly
# 6.12.107 or 6.12.107+deb13), or one that is built here from Debian's source: debug, uml.
#   -b	only to boot them: without the compiler that modules need
#   -u	look for newer packages first

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"
. "$VM_DIR/toolchain.sh"
. "$VM_DIR/build.sh"

# Where stock kernels are looked for; the first suite that has the version
# wins.  Backports come first because their 6.12 is the one of this source.
SUITES='bookworm-backports bookworm-security bookworm sid trixie-backports trixie'
# Goes up when the layout of an entry changes.
LAYOUT=1

usage() {
	sed -n '4,10s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

# ---------------------------------------------------------------------------
# Stock kernels

# stock_find VERSION - print "SUITE RELEASE PACKAGE-VERSION"
stock_find() {
	local suite release version
	local name=${1//./\\.}
	local match="^linux-headers-${name//+/\\+}([.+][0-9a-z.+]*)?(-[0-9]+)?-amd64\$"

	for suite in $SUITES; do
		apt_ready "$suite"
		# Old images outlive their headers in the archive, and without
		# headers a kernel is of no use here.
		for release in $(apt_private apt-cache "$suite" pkgnames linux-headers- |
				 grep -E "$match" | sed 's/^linux-headers-//' | sort -rV); do
			version=$(apt_version "$suite" "linux-image-$release")
			[ -n "$version" ] || continue
			echo "$suite $release $version"
			return
		done
	done
	die "no suite has a kernel $1 with headers (looked in: $SUITES)"
}

# stock_packages SUITE RELEASE - the packages that make up this kernel
stock_packages() {
	apt_private apt-cache "$1" depends --recurse --no-recommends --no-suggests \
		--no-conflicts --no-breaks --no-replaces --no-enhances \
		"linux-image-$2" "linux-headers-$2" |
		grep -E '^linux-(image|binary|modules|base|headers|kbuild)-[0-9]' |
		grep -v -e '-unsigned$' | sort -u
}

# stock_make SUITE RELEASE DIR
stock_make() {
	local suite=$1 release=$2 dir=$3
	local packages deb headers f

	packages=$(stock_packages "$suite" "$release")
	say "fetching $release from $suite"
	# shellcheck disable=SC2086 # a list
	apt_fetch "$suite" "$dir/debs" $packages
	mkdir "$dir/root"
	for deb in "$dir"/debs/*.deb; do
		dpkg-deb --extract "$deb" "$dir/root"
	done
	rm -r "$dir/debs"

	# Newer packages know no /lib of their own.
	[ -e "$dir/root/lib" ] || ln -s usr/lib "$dir/root/lib"
	for f in "$dir/root/boot/vmlinuz-$release" "$dir/root/lib/modules/$release/vmlinuz"; do
		[ -e "$f" ] && ln "$f" "$dir/vmlinuz" && break
	done
	for f in "$dir/root/boot" "$dir/root/lib/modules/$release"; do
		[ -e "$f/config-$release" ] && cp "$f/config-$release" "$dir/config"
		[ -e "$f/config" ] && cp "$f/config" "$dir/config"
	done
	for f in vmlinuz config; do
		[ -e "$dir/$f" ] || die "$release: no $f in: $packages"
	done
	rm -rf "$dir/root/usr/share/doc" "$dir/root/usr/share/lintian" \
		"$dir/root/usr/share/bug"
	depmod -b "$dir/root" "$release"
	printf '%s\n' "$release" >"$dir/release"

	# The headers refer to one another by absolute paths.
	headers=usr/src/linux-headers-$release
	grep -rlI --include=Makefile --include=.kernelvariables /usr/src/ \
		"$dir/root/$headers" | xargs -r sed -i "s|/usr/src/|${dir%.tmp}/root/usr/src/|g"
	ln -s "root/$headers" "$dir/build"
	rm -f "$dir/root/lib/modules/$release"/{build,source}
	ln -s "../../../$headers" "$dir/root/lib/modules/$release/build"
	# What emulation boots fastest: no decompression by the guest.
	extract_vmlinux "$dir/vmlinuz" >"$dir/vmlinux"
	[ "$(head -c 4 "$dir/vmlinux")" = $'\x7fELF' ] ||
		die "$release: cannot extract vmlinux"
}

# stock_compiler KERNELVARIABLES CONFIG - the gcc the headers call
stock_compiler() {
	{ grep -ohE 'gcc-[0-9]+' "$1" ||
	  sed -nE 's/^CONFIG_CC_VERSION_TEXT=.*(gcc-[0-9]+).*/\1/p' "$2"; } |
		sort -u | grep -m 1 . || die "$1: names no compiler"
}

# extract_vmlinux BZIMAGE - the ELF file inside, found by the fields of the boot
# protocol (Documentation/arch/x86/boot.rst) rather than by magic numbers
extract_vmlinux() {
	local sectors offset length

	field() {
		od -A n -t "u$3" -j $(($2)) -N "$3" "$1" | tr -d ' '
	}
	sectors=$(field "$1" 0x1f1 1)
	offset=$(((sectors + 1) * 512 + $(field "$1" 0x248 4)))
	length=$(field "$1" 0x24c 4)
	payload() {
		dd if="$1" bs=64K iflag=skip_bytes,count_bytes \
			skip="$offset" count="$2" status=none
	}
	# The build appends the size, four bytes, except to gzip's own.
	case $(payload "$1" 4 | od -A n -t x1 | tr -d ' ') in
	1f8b*) payload "$1" "$length" | gzip -dc ;;
	fd377a58) payload "$1" $((length - 4)) | xz -dc ;;
	28b52ffd) payload "$1" $((length - 4)) | zstd -dcq ;;
	*) die "$1: compressed with something else than gzip, xz or zstd" ;;
	esac
}

stock() {
	local found suite release version compiler

	found=$(pinned "kernel-$1" stock_find "$1")
	read -r suite release version <<<"$found"
	DIR=$CACHE/kernel/$release-$version-$LAYOUT
	# The index is needed only when there is something to fetch.
	[ -d "$DIR" ] || apt_ready "$suite"
	cached "$DIR" stock_make "$suite" "$release"
	[ -z "$boot_only" ] || return 0
	# Which compiler can be had depends on the machine, not on the kernel.
	compiler=$(stock_compiler "$DIR/build/.kernelvariables" "$DIR/config")
	if host_builds "$compiler" "$DIR/build"; then
		return
	fi
	toolchain_for "$suite" "$compiler"
	[ "$(readlink "$DIR/toolchain")" = "$TOOLCHAIN" ] ||
		ln -sfn "$TOOLCHAIN" "$DIR/toolchain"
}

# ---------------------------------------------------------------------------

boot_only=
while getopts bu o; do
	case $o in
	b) boot_only=1 ;;
	u) export UTCP_UPDATE=1 ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage
need apt-get dpkg-deb depmod flock sha256sum xz zstd
umask 022

if [ -n "${UTCP_UPDATE:-}" ]; then
	for suite in $SUITES; do
		apt_update "$suite"
	done
fi
for name; do
	case $name in
	debug | uml) built "$name" ;;
	[0-9]*.[0-9]*) stock "$name" ;;
	*) die "$name: no such kernel (a Debian version such as 6.1, or debug, uml)" ;;
	esac
	printf '%s\n' "$DIR"
done
source_tidy
