#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kmake.sh NAME ARGS... - run "make -C KDIR ARGS" for kernel NAME, with the
# compiler and tools that kernel wants: the host's, or those of a chroot in
# which this tree, the cache, the caller's directory and M= have their usual
# paths.

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"

if [ $# -lt 1 ]; then
	sed -n '4,7s/^# //p' "$0" >&2
	exit 2
fi
name=$1
shift
dir=$("$VM_DIR/kernel.sh" "$name")
args=(-C "$dir/build/")
if [ -e "$dir/make-args" ]; then
	mapfile -t -O "${#args[@]}" args <"$dir/make-args"
fi
args+=("$@")
# What make told us about itself is not for this make: its variables would
# override those of the kernel's.
unset MAKEFLAGS MFLAGS MAKELEVEL

if [ ! -e "$dir/toolchain" ]; then
	exec make "${args[@]}"
fi

chroot=$(readlink -f "$dir/toolchain")
binds=("$PROJECT" "$CACHE" "$PWD")
for arg; do
	case $arg in
	M=/* | MO=/* | O=/*) binds+=("${arg#*=}") ;;
	esac
done
# A mount namespace of its own: nothing to clean up, whatever happens.
unshare=(unshare --mount)
[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
# shellcheck disable=SC2016 # for the inner shell
exec "${unshare[@]}" bash -ec '
	root=$1 cwd=$2 n=$3
	shift 3
	for dir in /proc /dev /tmp "${@:1:n}"; do
		mkdir -p "$root$dir"
		mount --rbind "$dir" "$root$dir"
	done
	shift "$n"
	exec chroot "$root" /bin/sh -c "cd \"\$0\" && exec make \"\$@\"" "$cwd" "$@"
' kmake "$chroot" "$PWD" "${#binds[@]}" "${binds[@]}" "${args[@]}"
