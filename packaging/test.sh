#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh [-l] - the packages and "make install", tried out. Prints TAP; needs
# root.
#   -l	the long form: also an upgrade, "make install" with dkms, that packages of two
#	builds are the same bytes, and kernel headers from the test bed
#
# Works on a copy of the tree. What has to be installed goes into an overlay of
# this machine, in a mount namespace that ends with the test. The overlay shows
# the root file system only: not /usr or /var on file systems of their own.
set -uo pipefail
umask 022

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
long=
while getopts l o; do
	case $o in
	l) long=1 ;;
	*)
		echo "usage: test.sh [-l]" >&2
		exit 2
		;;
	esac
done

echo "TAP version 13"
n=0
failed=0

# check LABEL COMMAND... - one test; what the command says is shown if it fails
check() {
	local label=$1 log

	shift
	n=$((n + 1))
	# In a subshell with -e, and not as the condition of an "if", which
	# would switch -e off.
	log=$(mktemp)
	(set -e; "$@") >"$log" 2>&1 </dev/null
	# shellcheck disable=SC2181 # see above
	if [ $? = 0 ]; then
		echo "ok $n - $label"
	else
		echo "not ok $n - $label"
		tail -n 60 "$log" | sed 's/^/# /'
		failed=$((failed + 1))
	fi
	rm -f "$log"
}

# says TEXT COMMAND... - the command fails, and its message has the text
says() {
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		echo "should have failed: $*"
		return 1
	fi
	grep -qF -e "$text" <<<"$out" || {
		echo "no \"$text\" in: $out"
		return 1
	}
}

# --- the machine -------------------------------------------------------------

# In a user namespace, the files of the machine would belong to nobody.
if [ "$(id -u)" != 0 ]; then
	echo "1..0 # SKIP installing needs root"
	exit 4
fi
for build in /lib/modules/*/build; do
	[ -e "$build/Makefile" ] && break
done
if [ ! -e "$build/Makefile" ]; then
	echo "Bail out! no kernel headers in /lib/modules/*/build (packaging/packages lists what is needed)"
	exit 1
fi
release=$(basename "$(dirname "$build")")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Of this test alone, and none of the caller's.
unset KERNEL KDIR PREFIX DESTDIR LIBDIR KVER SIGN SIGN_KEY SIGN_CERT MAKEFLAGS MFLAGS MAKELEVEL \
	DEB_BUILD_OPTIONS KBUILD_SIGN_PIN
export SOURCE_DATE_EPOCH=1700000000

# copy_tree DIR
copy_tree() {
	mkdir -p "$1"
	tar -C "$top" -c --exclude-vcs --exclude=./build . | tar -C "$1" -x
}

# in_overlay FUNCTION ARGS... - call a function of this script as root of a
# copy of this machine that is thrown away
in_overlay() {
	declare -f >"$work/functions"
	declare -p work tree other release version arch >>"$work/functions"
	mkdir -p "$work/overlay"
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount bash -ec '
		work=$1
		shift
		o=$work/overlay
		mount -t tmpfs tmpfs "$o"
		mkdir "$o/upper" "$o/work" "$o/root"
		mount -t overlay -o "lowerdir=/,upperdir=$o/upper,workdir=$o/work" overlay "$o/root"
		for dir in /proc /dev /sys; do
			mount --rbind "$dir" "$o/root$dir"
		done
		mkdir -p "$o/root$work"
		mount --rbind "$work" "$o/root$work"
		exec chroot "$o/root" bash -euc ". \"\$0\"; \"\$@\"" "$work/functions" "$@"
	' in_overlay "$work" "$@"
}

# The files that have to do with us, of those that installing may touch.
ours() {
	find /boot /etc /lib/modules /usr /var -xdev \
		\( -name '*utcp*' -o -name 'netswitch*' \) | sort
	grep -lsE '/(netswitch|utcp)' /lib/modules/*/modules.dep || true
}

# --- packages ----------------------------------------------------------------

version=$(cat "$top/VERSION")
tree=$work/tree
other=$work/elsewhere/under-another-name
copy_tree "$tree"
[ -z "$long" ] || copy_tree "$other"

make_deb() { make -C "$1" deb; }

files_of() {
	dpkg-deb -c "$tree/build/deb/$1_${version}_$2.deb" | awk '{ print $6 }' | grep -v '/$'
}

# contains PACKAGE ARCH PATTERN... - each pattern, and nothing else
contains() {
	local package=$1 arch=$2 list pattern bad=0

	shift 2
	list=$(files_of "$package" "$arch" | grep -v "^./usr/share/doc/")
	for pattern; do
		grep -qE "^\./$pattern\$" <<<"$list" || {
			echo "$package has no $pattern"
			bad=1
		}
		list=$(grep -vE "^\./$pattern\$" <<<"$list" || true)
	done
	[ -z "$list" ] || {
		echo "$package has also: $list"
		bad=1
	}
	return $bad
}

same_packages() {
	local deb

	for deb in "$tree"/build/deb/*.deb; do
		cmp "$deb" "$other/build/deb/${deb##*/}"
	done
}

clean_root() {
	local entry

	for entry in "$tree"/* "$tree"/.[!.]*; do
		[ "${entry##*/}" = build ] || [ -e "$top/${entry##*/}" ] || {
			echo "left in the tree: $entry"
			return 1
		}
	done
	[ -z "$(find "$tree/build/deb" -mindepth 1 -type d)" ] || {
		echo "left in build/deb: $(find "$tree/build/deb" -mindepth 1 -type d)"
		return 1
	}
}

arch=$(dpkg --print-architecture)
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
lib="usr/lib/$multiarch"

check "make deb" make_deb "$tree"
if [ $failed != 0 ]; then
	echo "Bail out! no packages to test"
	exit 1
fi
check "make deb leaves nothing else in the tree" clean_root
check "utcp-dkms has the modules' sources" contains utcp-dkms all \
	"usr/src/utcp-$version/(Makefile|Kbuild|VERSION|dkms.conf)" \
	"usr/src/utcp-$version/modules/[^ ]*" "usr/src/utcp-$version/uapi/linux/[a-z_]*.h" \
	usr/lib/modules-load.d/utcp.conf
check "utcp-tools has tools, man pages, completion" contains utcp-tools "$arch" \
	usr/sbin/utcpctl usr/bin/utcpcat usr/share/man/man1/utcpcat.1.gz usr/share/utcp/utcp.lua 'usr/share/man/man8/utcpctl[a-z-]*.8.gz' \
	usr/lib/cni/utcp-cni usr/libexec/netavark/utcp usr/share/utcp/cni/utcp.conflist usr/share/man/man8/utcp-cni.8.gz \
	lib/systemd/system/utcp.service lib/udev/rules.d/81-utcp.rules usr/lib/sysusers.d/utcp.conf \
	'usr/lib/systemd/network/10-utcp.(link|network)' usr/lib/NetworkManager/conf.d/utcp.conf \
	usr/share/man/man5/utcp-cells.5.gz usr/share/man/man7/utcp.7.gz \
	'usr/share/bash-completion/completions/utcp(ctl|cat)'
check "libutcp0 has the library" contains libutcp0 "$arch" "$lib/libutcp.so.0" \
	"$lib/libutcp.so.$version"
check "libutcp-dev has headers, pkg-config, static library" contains libutcp-dev "$arch" \
	'usr/include/linux/(netswitch|netswitch_ring|utcp|utcp_socket|utcp_acl|utcp_shaper).h' 'usr/include/utcp/[a-z]*.h' \
	"$lib/libutcp.(a|so)" "$lib/pkgconfig/libutcp.pc"
check "lintian has neither errors nor warnings" \
	lintian --allow-root --fail-on error,warning "$tree"/build/deb/utcp_*.changes
if [ -n "$long" ]; then
	check "make deb in another folder" make_deb "$other"
	check "packages of two builds are the same bytes" same_packages
fi

# try_packages - install, use, remove, in the overlay
try_packages() {
	local before after name

	cd "$work"
	before=$(ours)
	dpkg -i "$tree"/build/deb/{utcp-tools,libutcp0,libutcp-dev}_"$version"_*.deb
	utcpctl help >/dev/null
	utcpcat --help >/dev/null
	CNI_COMMAND=VERSION /usr/lib/cni/utcp-cni </dev/null
	/usr/libexec/netavark/utcp info
	man -w utcpctl
	man -w utcpcat
	man -w utcp-cni
	man -w utcpctl-state
	systemd-analyze verify --man=no /lib/systemd/system/utcp.service
	[ -L /etc/systemd/system/sysinit.target.wants/utcp.service ]
	getent passwd utcp-forward
	# Nothing checks such files but what they are for.
	unshare --net --mount sh -ec 'mount -t sysfs sysfs /sys
		ip link add sbx0123abcd type veth
		udevadm test-builtin net_setup_link /sys/class/net/sbx0123abcd 2>&1' >link.log
	grep 'ID_NET_LINK_FILE=.*/10-utcp.link$' link.log
	grep 'ID_NET_NAME=sbx0123abcd$' link.log
	printf '%s\n' '#include <utcp/utcp.h>' '#include <linux/netswitch.h>' \
		'#include <linux/netswitch_ring.h>' '#include <linux/utcp.h>' '#include <linux/utcp_socket.h>' \
		'#include <linux/utcp_acl.h>' '#include <linux/utcp_shaper.h>' 'int main(void) { return 0; }' >t.c
	# shellcheck disable=SC2046 # a list
	gcc -Wall -Werror t.c -o t $(pkg-config --cflags --libs libutcp)
	./t
	[ "$(pkg-config --modversion libutcp)" = "$version" ]

	dpkg -i "$tree/build/deb/utcp-dkms_${version}_all.deb"
	dkms status "utcp/$version" | grep "$release.*installed"
	for name in netswitch utcp utcp_acl utcp_shaper; do
		[ "$(modinfo -k "$release" -F version $name)" = "$version" ]
		[ -n "$(modinfo -k "$release" -F signer $name)" ]
	done

	grep utcp_acl /usr/lib/modules-load.d/utcp.conf

	# What was saved stays until purge.
	mkdir -p /var/lib/utcp/keys
	echo secret >/var/lib/utcp/keys/utcp.key
	dpkg --remove utcp-tools
	[ -e /var/lib/utcp/keys/utcp.key ]
	dpkg --purge utcp-dkms utcp-tools libutcp-dev libutcp0
	[ ! -e /var/lib/utcp ]
	rm -f t t.c link.log
	after=$(ours)
	diff <(echo "$before") <(echo "$after")
}
check "packages install, DKMS builds and signs, purge leaves nothing" in_overlay try_packages

try_upgrade() {
	local before after

	before=$(ours)
	dpkg -i "$other"/build/deb/{utcp-tools,libutcp0,utcp-dkms}_0.0.1_*.deb
	dkms status utcp | grep "utcp/0.0.1.*$release.*installed"
	dpkg -i "$tree"/build/deb/{utcp-tools,libutcp0,utcp-dkms}_"$version"_*.deb
	dkms status utcp
	[ "$(dkms status utcp | wc -l)" = 1 ]
	[ ! -e /usr/src/utcp-0.0.1 ]
	[ "$(modinfo -k "$release" -F version utcp)" = "$version" ]
	dpkg --remove utcp-dkms utcp-tools libutcp0
	dpkg --purge utcp-dkms utcp-tools libutcp0
	after=$(ours)
	diff <(echo "$before") <(echo "$after")
}
if [ -n "$long" ]; then
	older() {
		echo 0.0.1 >"$other/VERSION"
		make -C "$other" deb
	}
	check "an older version's packages" older
	check "packages upgrade, and are removed" in_overlay try_upgrade
fi

# --- make install ------------------------------------------------------------

roundtrip() {
	local root="$work/with space"

	mkdir "$root"
	make -C "$tree" install DESTDIR="$root"
	[ -x "$root/usr/local/sbin/utcpctl" ]
	[ -x "$root/usr/local/bin/utcpcat" ]
	grep '^ExecStart=/usr/local/sbin/utcpctl state restore$' \
		"$root/usr/local/lib/systemd/system/utcp.service"
	[ -e "$root/usr/local/lib/udev/rules.d/81-utcp.rules" ]
	[ -e "$root/usr/local/lib/modules-load.d/utcp.conf" ]
	[ -e "$root/usr/local/lib/systemd/network/10-utcp.link" ]
	[ -e "$root/etc/NetworkManager/conf.d/utcp.conf" ]
	[ -e "$root/usr/src/utcp-$version/dkms.conf" ]
	# Once more, over it.
	make -C "$tree" install DESTDIR="$root"
	make -C "$tree" uninstall DESTDIR="$root"
	[ -z "$(ls -A "$root")" ] || {
		find "$root"
		return 1
	}
	says "nothing was installed" make -C "$tree" uninstall DESTDIR="$root"
}
check "install and uninstall with DESTDIR leave nothing" roundtrip

# Files of others: before, in between, and in our folders.
strangers() {
	local root=$work/strangers file

	mkdir -p "$root/opt/x/include/linux"
	file=$root/opt/x/include/linux/utcp.h
	echo mine >"$file"
	says "$file" make -C "$tree" install DESTDIR="$root" PREFIX=/opt/x
	[ "$(find "$root" -type f)" = "$file" ]
	rm "$file"
	make -C "$tree" install DESTDIR="$root" PREFIX=/opt/x
	echo mine >"$file"
	touch "$root/usr/src/utcp-$version/modules/mine"
	says "$file" make -C "$tree" install DESTDIR="$root" PREFIX=/opt/x
	make -C "$tree" uninstall DESTDIR="$root" PREFIX=/opt/x
	diff <(find "$root" -type f | sort) \
		<(printf '%s\n' "$file" "$root/usr/src/utcp-$version/modules/mine")
	[ "$(cat "$file")" = mine ]
}
check "files of others are neither written over nor removed" strangers

try_install_dkms() {
	local before after

	cd "$tree"
	before=$(ours)
	make install KVER="$release"
	dkms status "utcp/$version" | grep "$release.*installed"
	modinfo -k "$release" utcp_acl
	utcpctl help >/dev/null
	make uninstall
	after=$(ours)
	diff <(echo "$before") <(echo "$after")
}
[ -z "$long" ] || check "make install with dkms, make uninstall" in_overlay try_install_dkms

try_install() {
	local before after

	cd "$tree"
	before=$(ours)
	says 'KVER=' make install KVER=1.2.3

	# As if dkms were not there.
	rm "$(command -v dkms)"
	make install KVER="$release" >out
	grep 'dkms is not installed' out
	[ -e "/lib/modules/$release/updates/utcp/netswitch.ko" ]
	[ "$(modinfo -k "$release" -F version utcp_shaper)" = "$version" ]
	utcpctl help >/dev/null
	make uninstall
	after=$(ours)
	diff <(echo "$before") <(echo "$after")
}
check "make install without dkms, make uninstall" in_overlay try_install

# --- signed modules ----------------------------------------------------------

keys=$work/keys
mkdir "$keys"
for name in one two; do
	openssl req -new -x509 -nodes -days 30 -subj "/CN=packaging test $name/" -newkey rsa:2048 \
		-keyout "$keys/$name.pem" -out "$keys/$name.crt" 2>/dev/null
done

modules_deb() { make -C "$tree" modules-deb "$@"; }

bad_keys() {
	local kdir=KDIR=$build

	says "SIGN_KEY is not set" modules_deb "$kdir"
	says "SIGN_CERT is not set" modules_deb "$kdir" SIGN_KEY="$keys/one.pem"
	says "SIGN_KEY=/nowhere cannot be read" modules_deb "$kdir" SIGN_KEY=/nowhere \
		SIGN_CERT="$keys/one.crt"
	says "is no private key" modules_deb "$kdir" SIGN_KEY="$keys/one.crt" SIGN_CERT="$keys/one.crt"
	says "is no X.509 certificate" modules_deb "$kdir" SIGN_KEY="$keys/one.pem" \
		SIGN_CERT="$keys/one.pem"
	says "is not the certificate of" modules_deb "$kdir" SIGN_KEY="$keys/one.pem" \
		SIGN_CERT="$keys/two.crt"
	says "SIGN=maybe" modules_deb "$kdir" SIGN=maybe
	says "KDIR=/nowhere" modules_deb KDIR=/nowhere SIGN=no
	[ -z "$(find "$tree/build/deb" -name 'utcp-modules*')" ]
}
check "make modules-deb names what is wrong with the key" bad_keys

signed() {
	modules_deb KDIR="$build" SIGN_KEY="$keys/one.pem" SIGN_CERT="$keys/one.crt"
	dpkg-deb -x "$tree/build/deb/utcp-modules-${release}_${version}_$arch.deb" "$work/signed"
}
check "make modules-deb" signed

# signature_ok MODULE CERTIFICATE - does the kernel's format (scripts/sign-file.c)
# hold a signature of this certificate's key over the module?
signature_ok() {
	local size length

	size=$(stat -c %s "$1")
	[ "$(tail -c 28 "$1")" = '~Module signature appended~' ]
	length=$((16#$(tail -c 32 "$1" | head -c 4 | od -An -v -tx1 | tr -d ' ')))
	head -c $((size - 40 - length)) "$1" >"$work/content"
	tail -c $((40 + length)) "$1" | head -c "$length" >"$work/signature"
	openssl cms -verify -binary -inform DER -in "$work/signature" -content "$work/content" \
		-certfile "$2" -noverify -out /dev/null
}

verify() {
	local modules=$work/signed/lib/modules/$release/updates/utcp name

	for name in netswitch utcp utcp_acl utcp_shaper; do
		[ "$(modinfo -F signer "$modules/$name.ko")" = "packaging test one" ]
		[ "$(modinfo -F sig_hashalgo "$modules/$name.ko")" = \
			"$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"/\1/p' "$build/.config")" ]
		signature_ok "$modules/$name.ko" "$keys/one.crt"
	done
	openssl x509 -in "$work/signed/usr/share/utcp/signing/$release.der" -outform PEM |
		cmp - <(openssl x509 -in "$keys/one.crt")
	# And the test would notice.
	! (set -e; signature_ok "$modules/utcp.ko" "$keys/two.crt") || return 1
	sed 's/AF_UTCP/AF_XXXX/' "$modules/utcp.ko" >"$work/changed.ko"
	! (set -e; signature_ok "$work/changed.ko" "$keys/one.crt") || return 1
}
check "each module is signed with the key, by the kernel's hash" verify

lint() {
	lintian --allow-root --fail-on error,warning \
		"$tree/build/deb/utcp-modules-${release}_${version}_$arch.deb"
}
check "lintian is content with signed modules" lint

signed_again() {
	local deb=utcp-modules-${release}_${version}_$arch.deb

	mv "$tree/build/deb/$deb" "$work/first.deb"
	rm -r "$tree/build/$release"
	modules_deb KDIR="$build" SIGN_KEY="$keys/one.pem" SIGN_CERT="$keys/one.crt"
	cmp "$work/first.deb" "$tree/build/deb/$deb"
}
[ -z "$long" ] || check "modules packaged twice are the same bytes" signed_again

try_signed() {
	local before after deb=utcp-modules-${release}_${version}_$arch.deb

	# The kernel itself need not be on this machine.
	touch "/lib/modules/$release/modules."{order,builtin,builtin.modinfo}
	before=$(ours)
	dpkg --force-depends -i "$tree/build/deb/$deb"
	[ "$(modinfo -k "$release" -F signer utcp)" = "packaging test one" ]
	openssl x509 -in /usr/share/utcp/signing.der -noout -subject
	[ -e "/usr/lib/modules-load.d/utcp-$release.conf" ]
	says "conflict" dpkg -i "$tree/build/deb/utcp-dkms_${version}_all.deb"
	dpkg --purge "${deb%%_*}"
	after=$(ours)
	diff <(echo "$before") <(echo "$after")
}
check "signed modules install, purge leaves nothing" in_overlay try_signed

if [ -n "$long" ]; then
	for kernel in 6.12 7.2; do
		sign_for() {
			local deb

			modules_deb KERNEL="$kernel" SIGN_KEY="$keys/one.pem" SIGN_CERT="$keys/one.crt"
			deb=$(find "$tree/build/deb" -name "utcp-modules-$kernel*.deb")
			rm -rf "$work/signed"
			dpkg-deb -x "$deb" "$work/signed"
			signature_ok "$work"/signed/lib/modules/*/updates/utcp/utcp.ko "$keys/one.crt"
		}
		check "make modules-deb KERNEL=$kernel" sign_for
	done
fi

echo "1..$n"
[ $failed = 0 ]
