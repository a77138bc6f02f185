# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Compilers for kernels the host cannot build modules for: Debian refuses no
# one its gcc of the day, and modpost and objtool are linked to its glibc.

# Newer headers come with a vmlinux, for which modules get type information
# (BTF), by pahole.
TOOLCHAIN_PACKAGES=make,bc,libc6-dev,libelf-dev,kmod,pahole,xz-utils,zstd,perl-base

# host_builds COMPILER KDIR - can this machine build modules for KDIR?
host_builds() {
	local tool

	command -v "$1" >/dev/null || return 1
	for tool in scripts/mod/modpost tools/objtool/objtool; do
		[ -e "$2/$tool" ] || continue
		ldd "$2/$tool" 2>&1 | grep -q 'not found' && return 1
	done
	return 0
}

# toolchain_for SUITE COMPILER - a chroot of the suite's release that has the
# compiler; sets TOOLCHAIN
toolchain_for() {
	local base=$1

	base=${base%-backports}
	base=${base%-security}
	TOOLCHAIN=$CACHE/toolchain/$base-$2-$(echo "$TOOLCHAIN_PACKAGES" | short_hash)
	cached "$TOOLCHAIN" toolchain_make "$base" "$2"
}

toolchain_make() {
	local base=$1 compiler=$2 dir=$3

	need mmdebstrap
	say "making a chroot of $base with $compiler"
	debootstrap_into "$base" "$dir" "$compiler,$TOOLCHAIN_PACKAGES"
}

# debootstrap_into SUITE DIR PACKAGES - a small Debian in DIR
debootstrap_into() {
	local suite=$1 dir=$2 packages=$3 keyring uri

	uri=$(archive_uri main)
	keyring=$(apt_keyring)
	# mmdebstrap wants to make the directory itself, and keeps its root's
	# mode; it needs no root where user namespaces are allowed.
	rmdir "$dir"
	if ! mmdebstrap --variant=apt --include="$packages" --keyring="$keyring" \
	     --aptopt='Acquire::Check-Valid-Until "false"' \
	     --aptopt='Acquire::Languages "none"' \
	     --dpkgopt='path-exclude=/usr/share/doc/*' \
	     --dpkgopt='path-exclude=/usr/share/man/*' \
	     --dpkgopt='path-exclude=/usr/share/locale/*' \
	     "$suite" "$dir" "$uri" >"$dir.log" 2>&1; then
		cat "$dir.log" >&2
		die "mmdebstrap $suite failed"
	fi
	rm -f "$dir.log"
	rm -rf "$dir"/var/lib/apt/lists/* "$dir"/var/cache/apt/*
	# mmdebstrap leaves 0755; be sure that modes of the cache do not decide.
	chmod 755 "$dir"
}
