# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Kernels built here, from Debian's source: debug (x86, every check on) and uml
# (user-mode Linux, for KUnit).

SOURCE_PACKAGE=linux-source-6.12
SOURCE_SUITE=bookworm-backports
# Goes up when the steps below change what comes out.
BUILD_LAYOUT=1

# source_version - the version of the source package, remembered
source_version() {
	pinned "$SOURCE_PACKAGE" source_version_now
}

source_version_now() {
	local version

	apt_ready "$SOURCE_SUITE"
	version=$(apt_version "$SOURCE_SUITE" "$SOURCE_PACKAGE")
	[ -n "$version" ] || die "$SOURCE_SUITE has no $SOURCE_PACKAGE"
	echo "$version"
}

# source_unpack DIR [TAR-ARGUMENT...] - the source, or the named parts of it
source_unpack() {
	local dir=$1 part

	shift
	apt_ready "$SOURCE_SUITE"
	apt_fetch "$SOURCE_SUITE" "$dir/.package" "$SOURCE_PACKAGE"
	part=$(dpkg-deb --fsys-tarfile "$dir/.package"/*.deb | tar -t | grep '\.tar\.xz$')
	# "|| true": tar stops reading the package once it has the one member.
	{ dpkg-deb --fsys-tarfile "$dir/.package"/*.deb 2>/dev/null || true; } |
		tar -x -O --occurrence=1 "$part" |
		xz -dc -T0 | tar -x -C "$dir" --strip-components=1 "$@"
	rm -r "$dir/.package"
}

# built_args NAME - what make is told besides the configuration. KASAN instruments, of the
# kernel, what touches our memory and has no checks of its own against that it is gone (as
# timers, work, RCU's callbacks and lists have, see debug.config): net/, drivers of
# networks, and the one that makes splats. All of it would take twice as long to build,
# and to run.
built_args() {
	# shellcheck disable=SC2016 # make expands it
	[ "$1" != debug ] ||
		echo 'KASAN_SANITIZE=$(if $(filter net/% drivers/net/% drivers/misc/lkdtm/%,$(obj)/),,n)'
}

source_tree_make() {
	say "unpacking $SOURCE_PACKAGE"
	source_unpack "$1"
}

# wanted_config NAME - the options asked for, without the words around them:
# a better comment is no reason to build anew
wanted_config() {
	local files=("$VM_DIR/configs/base.config" "$VM_DIR/configs/$1.config")

	# User-mode Linux has next to nothing in common with a machine.
	[ "$1" = uml ] && files=("$VM_DIR/configs/uml.config")
	cat "${files[@]}" | grep -hE '^(CONFIG_[A-Z0-9_]+=|# CONFIG_[A-Z0-9_]+ is not set$)'
}

# check_config WANTED GOT - Kconfig drops in silence what it cannot have
check_config() {
	local line option bad=0

	while read -r line; do
		grep -qxF -e "$line" "$2" && continue
		option=${line#\# }
		option=${option%%[ =]*}
		# An option that cannot even be asked for is off as well.
		[ "${line#\#}" != "$line" ] && ! grep -q "^$option=" "$2" && continue
		say "$line: wanted, but the configuration has: $(grep -E "(^| )${option}[ =]" "$2" || echo nothing)"
		bad=1
	done <"$1"
	[ $bad = 0 ] || die 'fix selftests/vm/configs or the dependencies of these options'
}

built() {
	local name=$1 version cc key

	version=$(source_version)
	# The kernel of this source was released with gcc 12.
	cc=gcc-12
	command -v "$cc" >/dev/null || cc=gcc
	need "$cc" make flex bison bc openssl perl
	key=$({ echo "$version $BUILD_LAYOUT"; "$cc" --version | head -n 1
		wanted_config "$name"; built_args "$name"; } | short_hash)
	DIR=$CACHE/kernel/$name-$key
	cached "$DIR" built_make "$name" "$version" "$cc" "$CACHE/work/$name-$key"
}

# built_make NAME VERSION CC OBJ DIR - OBJ outlives an interrupted build, which
# then goes on where it was
built_make() {
	local name=$1 version=$2 cc=$3 obj=$4 dir=$5
	local source=$CACHE/work/linux-$version targets
	local -a make_args more

	mapfile -t more < <(built_args "$name")
	source_hold
	cached "$source" source_tree_make
	mkdir -p "$obj"
	make_args=("CC=$cc" "HOSTCC=$cc" "LOCALVERSION=-utcp-$name"
		   KBUILD_BUILD_USER=utcp KBUILD_BUILD_HOST=utcp
		   KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP=@0 "${more[@]}")
	targets='vmlinux modules'
	if [ "$name" = uml ]; then
		make_args+=(ARCH=um)
		targets='linux modules'
	fi
	obj_make() {
		make -C "$source" O="$obj" "${make_args[@]}" "$@"
	}

	wanted_config "$name" >"$obj/wanted.config"
	KCONFIG_ALLCONFIG=$obj/wanted.config obj_make allnoconfig >"$obj/config.log" 2>&1 ||
		{ cat "$obj/config.log" >&2; die "$name: configuration failed"; }
	check_config "$obj/wanted.config" "$obj/.config"

	say "building $name (log: $obj/build.log)"
	# shellcheck disable=SC2086 # a list
	if ! nice -n 5 make -C "$source" O="$obj" "${make_args[@]}" -j"$(nproc)" \
	     $targets >"$obj/build.log" 2>&1; then
		grep -nE '(error|Error|undefined)' "$obj/build.log" | tail -n 20 >&2
		die "$name: build failed, see $obj/build.log"
	fi

	obj_make -s kernelrelease 2>/dev/null | tail -n 1 >"$dir/release"
	cp "$obj/.config" "$dir/config"
	cp "$obj/System.map" "$dir/System.map"
	if [ "$name" = uml ]; then
		strip -o "$dir/linux" "$obj/linux"
	else
		# Symbols of functions come from kallsyms; these are DWARF and
		# the like.
		strip --strip-debug -o "$dir/vmlinux" "$obj/vmlinux"
	fi
	obj_make INSTALL_MOD_PATH="$dir/root" INSTALL_MOD_STRIP=1 \
		modules_install >"$obj/install.log" 2>&1 ||
		{ cat "$obj/install.log" >&2; die "$name: modules_install failed"; }
	extmod_dir "$name" "$source" "$obj" "$dir" >"$obj/extmod.log" 2>&1 ||
		{ cat "$obj/extmod.log" >&2; die "$name: cannot make the build directory"; }
	if [ "$name" = uml ]; then
		printf '%s\n' "CC=$cc" "HOSTCC=$cc" ARCH=um >"$dir/make-args"
	else
		printf '%s\n' "CC=$cc" "HOSTCC=$cc" >"$dir/make-args"
	fi
	rm -rf "$obj"
}

# extmod_dir NAME SOURCE OBJ DIR - what external modules need to build, and the
# key this kernel trusts
extmod_dir() {
	local name=$1 source=$2 obj=$3 dir=$4 release

	release=$(cat "$dir/release")
	# CC equal to HOSTCC: nothing is to be built anew in there.
	make -C "$source" O="$obj" "${make_args[@]}" run-command \
		KBUILD_RUN_COMMAND="\$(srctree)/scripts/package/install-extmod-build $dir/build"
	cp "$obj/.config" "$dir/build/.config"
	if [ "$name" = uml ]; then
		# The script knows of one architecture; user-mode Linux is two.
		(cd "$source" && find arch/x86 -maxdepth 1 -name 'Makefile*' -print &&
		 find arch/x86/include arch/x86/um -type f -print) |
			tar -C "$source" -c -T - | tar -C "$dir/build" -x
		(cd "$obj" && find arch/x86/include/generated -type f) |
			tar -C "$obj" -c -T - | tar -C "$dir/build" -x
	fi
	if [ -e "$obj/certs/signing_key.pem" ]; then
		mkdir -p "$dir/build/certs"
		cp "$obj"/certs/signing_key.{pem,x509} "$dir/build/certs/"
	fi
	rm -f "$dir/root/lib/modules/$release"/{build,source}
	ln -s ../../../../build "$dir/root/lib/modules/$release/build"
}

# source_hold - this process uses the unpacked source; source_tidy removes it
# once nobody does: 1.6 GB that are quickly made again
source_hold() {
	mkdir -p "$CACHE/lock"
	exec {SOURCE_FD}>"$CACHE/lock/source-tree"
	flock -s "$SOURCE_FD"
}

source_tidy() {
	local tree fd

	compgen -G "$CACHE/work/linux-*" >/dev/null || return 0
	exec {fd}>"$CACHE/lock/source-tree"
	if flock -n "$fd"; then
		for tree in "$CACHE"/work/linux-*; do
			rm -rf --one-file-system "$tree"
		done
	fi
	exec {fd}>&-
}
