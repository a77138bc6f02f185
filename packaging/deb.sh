#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deb.sh - Debian packages of this tree, into build/deb.
#
# Told by the environment: TOP VERSION BUILD JOBS. Works on a copy, so that
# neither the tree nor its build/ takes part.
set -euo pipefail
shopt -s inherit_errexit
umask 022

# shellcheck source=debian.sh
. "$TOP/packaging/debian.sh"

say() { printf '  %-7s %s\n' "$1" "$2"; }

out=$BUILD/deb
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
src=$work/utcp-$VERSION
mkdir "$src"

say DEB "utcp-dkms utcp-tools libutcp0 libutcp-dev, version $VERSION, into ${out#"$TOP/"}"
tar -C "$TOP" -c --exclude-vcs --exclude=./build --exclude='*.o' --exclude='*.ko' \
	--exclude='*.mod' --exclude='*.mod.c' --exclude='.*.cmd' --exclude=__pycache__ . |
	tar -C "$src" -x --no-same-owner
chmod -R u=rwX,go=rX "$src"
cp -r "$TOP/packaging/debian" "$src/debian"
debian_changelog utcp >"$src/debian/changelog"

# What make told about itself and this tree is not for the copy's make.
if ! (cd "$src" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:+$DEB_BUILD_OPTIONS }parallel=$JOBS" \
	dpkg-buildpackage -b -us -uc) >"$work/log" 2>&1; then
	cat "$work/log" >&2
	echo "make deb: dpkg-buildpackage failed" >&2
	exit 1
fi
cp "$work/log" "$out/utcp_$VERSION.log"
for f in "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo; do
	mv "$f" "$out/"
	case $f in
	*.deb) say '' "${out#"$TOP/"}/${f##*/}" ;;
	esac
done
