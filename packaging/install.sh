#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install.sh install|uninstall - what "make install" and "make uninstall" do.
#
# Told by the environment: TOP VERSION BUILD MAKE PREFIX LIBDIR DESTDIR KVER.
#
# Everything is laid out in a stage first; its files are then listed, with their
# checksums, in a manifest, and copied. A file that is there already and came
# from elsewhere is never written over, and one that is no longer as it was
# installed is never removed.
set -euo pipefail
shopt -s inherit_errexit
umask 022

say() { printf '  %-7s %s\n' "$1" "$2"; }
die() {
	printf 'make %s: %s\n' "$action" "$*" >&2
	exit 1
}

action=${1:-}
case $action in
install | uninstall) ;;
*)
	echo "usage: install.sh install|uninstall" >&2
	exit 2
	;;
esac

case $PREFIX in
/*) ;;
*) die "PREFIX=$PREFIX is not an absolute path" ;;
esac
[ -z "$DESTDIR" ] || DESTDIR=$(realpath -ms "$DESTDIR")
[ "$DESTDIR" != / ] || DESTDIR=
[ -n "$DESTDIR" ] || [ "$(id -u)" = 0 ] ||
	die "changes this machine: run it as root, or give a DESTDIR="

manifest=$PREFIX/share/utcp/install.manifest
source=/usr/src/utcp-$VERSION

# --- removing ----------------------------------------------------------------

# as_installed KIND VALUE FILE - is the file still the one that was installed?
as_installed() {
	case $1 in
	f) [ -f "$3" ] && [ ! -L "$3" ] && [ "$(sha256sum <"$3")" = "$2  -" ] ;;
	l) [ -L "$3" ] && [ "$(readlink "$3")" = "$2" ] ;;
	*) false ;;
	esac
}

# remove_line KIND VALUE PATH - undo one line of the manifest
remove_line() {
	local file=$DESTDIR$3

	case $1 in
	dkms)
		if ! command -v dkms >/dev/null; then
			say KEEP "/var/lib/dkms/${2%/*}: dkms, which made it, is gone"
		elif [ -n "$(dkms status "$2")" ]; then
			say DKMS "removing $2 for every kernel"
			dkms remove "$2" --all
		fi
		;;
	f | l)
		if as_installed "$1" "$2" "$file"; then
			rm -f "$file"
		elif [ -e "$file" ] || [ -L "$file" ]; then
			say KEEP "$file, which is not what was installed"
		fi
		;;
	manifest)
		rm -f "$file"
		;;
	d)
		# Others may have put something there, or removed it.
		[ ! -d "$file" ] || [ -L "$file" ] ||
			rmdir --ignore-fail-on-non-empty "$file"
		;;
	esac
}

# Last line first: a folder stands before what is in it.
remove() {
	local lines kind value path i releases=()

	mapfile -t lines <"$DESTDIR$manifest"
	for ((i = ${#lines[@]} - 1; i >= 0; i--)); do
		IFS=$'\t' read -r kind value path <<<"${lines[i]}"
		if [ "$kind" = depmod ]; then
			releases+=("$value")
		else
			remove_line "$kind" "$value" "$path"
		fi
	done
	for value in "${releases[@]}"; do
		[ ! -d "/lib/modules/$value" ] || depmod "$value"
	done
	[ -n "$DESTDIR" ] || ldconfig
}

# --- installing --------------------------------------------------------------

# The sources that modules are built from, and nothing that a build left there.
stage_source() {
	local to=$stage$source

	mkdir -p "$to"
	tar -C "$TOP" -c --exclude='*.o' --exclude='*.ko' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='.*.cmd' --exclude=modules.order \
		--exclude=Module.symvers --exclude='*~' --exclude='*.orig' --exclude='*.rej' \
		Makefile Kbuild VERSION LICENSE dkms.conf modules uapi |
		tar -C "$to" -x --no-same-owner
	chmod -R u=rwX,go=rX "$to"
	sed -i "s|^PACKAGE_VERSION=.*|PACKAGE_VERSION=\"$VERSION\"|" "$to/dkms.conf"
	sed -i '/^# "make install" and utcp-dkms put/d' "$to/dkms.conf"
}

# For hosts without dkms: modules of one kernel.
stage_modules() {
	local to=$stage/lib/modules/$KVER/updates/utcp ko

	say MODULES "for $KVER"
	"$MAKE" --no-print-directory -C "$TOP" modules KERNEL= KNAME="$KVER" \
		KDIR="/lib/modules/$KVER/build"
	mkdir -p "$to"
	for ko in "$BUILD/$KVER"/modules/{netswitch/netswitch,utcp/utcp,acl/utcp_acl,shaper/utcp_shaper}.ko; do
		strip -g -o "$to/$(basename "$ko")" "$ko"
	done
}

# write_manifest - list what the stage holds and what is about to be made
write_manifest() {
	local path

	(cd "$stage" && find . -mindepth 1 -type d -printf '/%P\n') | sort |
		while IFS= read -r path; do
			[ -d "$DESTDIR$path" ] || printf 'd\t-\t%s\n' "$path"
		done
	printf 'manifest\t-\t%s\n' "$manifest"
	(cd "$stage" && find . -type f -printf '/%P\n') | sort |
		while IFS= read -r path; do
			printf 'f\t%s\t%s\n' "$(sha256sum <"$stage$path" | cut -d ' ' -f 1)" "$path"
		done
	(cd "$stage" && find . -type l -printf 'l\t%l\t/%P\n') | sort
	case $how in
	dkms) printf 'dkms\tutcp/%s\t-\n' "$VERSION" ;;
	plain) printf 'depmod\t%s\t-\n' "$KVER" ;;
	esac
}

# Which files are there already, and are not what an earlier install put there?
strangers() {
	local -A earlier=()
	local kind value path

	if [ -e "$DESTDIR$manifest" ]; then
		while IFS=$'\t' read -r kind value path; do
			earlier[$path]="$kind $value"
		done <"$DESTDIR$manifest"
	fi
	(cd "$stage" && find . ! -type d -printf '/%P\n') | sort |
		while IFS= read -r path; do
			[ -e "$DESTDIR$path" ] || [ -L "$DESTDIR$path" ] || continue
			read -r kind value <<<"${earlier[$path]:-none}"
			as_installed "$kind" "$value" "$DESTDIR$path" ||
				printf '\t%s\n' "$DESTDIR$path"
		done
}

install() {
	local how=stage files in_the_way

	if [ -z "$DESTDIR" ]; then
		how=plain
		command -v dkms >/dev/null && how=dkms
		[ -e "/lib/modules/$KVER/build/Makefile" ] ||
			die "no kernel headers in /lib/modules/$KVER/build: install linux-headers-$KVER, or name another kernel by KVER="
	fi

	mkdir -p "$BUILD"
	stage=$(mktemp -d "$BUILD/stage.XXXXXX")
	trap 'rm -rf "$stage" "$stage.manifest"' EXIT
	chmod 755 "$stage"
	mkdir -p "$stage$PREFIX/share/utcp"
	"$MAKE" -s --no-print-directory -C "$TOP/userspace" O="$BUILD/user" \
		VERSION="$VERSION" PREFIX="$PREFIX" libdir="$LIBDIR" DESTDIR="$stage" install
	stage_source
	[ $how != plain ] || stage_modules

	in_the_way=$(strangers)
	[ -z "$in_the_way" ] ||
		die $'not from an earlier install, and not to be written over (which package: dpkg -S FILE):\n'"$in_the_way"

	files=$(find "$stage" ! -type d | wc -l)
	if [ -e "$DESTDIR$manifest" ]; then
		say REMOVE "what an earlier install put into ${DESTDIR:-/}"
		remove
	fi
	say INSTALL "$files files into $DESTDIR$PREFIX, $DESTDIR$source"
	# Listed before they are there: an install that was interrupted can be
	# undone as well.
	write_manifest >"$stage.manifest"
	mkdir -p "$(dirname "$DESTDIR$manifest")"
	cp "$stage.manifest" "$DESTDIR$manifest"
	tar -C "$stage" -c . |
		tar -C "$DESTDIR/" -x --no-same-owner --no-overwrite-dir --keep-directory-symlink

	case $how in
	dkms)
		say DKMS "utcp/$VERSION for $KVER, and from now on for each new kernel"
		dkms add "utcp/$VERSION"
		dkms install "utcp/$VERSION" -k "$KVER"
		;;
	plain)
		depmod "$KVER"
		say NOTE "dkms is not installed: these modules are for $KVER only and will not survive a kernel update"
		;;
	esac
	[ -n "$DESTDIR" ] || ldconfig
}

case $action in
install)
	install
	;;
uninstall)
	[ -e "$DESTDIR$manifest" ] ||
		die "nothing was installed with PREFIX=$PREFIX${DESTDIR:+ DESTDIR=$DESTDIR}: there is no $DESTDIR$manifest"
	say REMOVE "what $DESTDIR$manifest lists"
	remove
	;;
esac
