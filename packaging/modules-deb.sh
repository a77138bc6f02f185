#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modules-deb.sh - build/deb/utcp-modules-RELEASE_VERSION_ARCH.deb: the modules
# for one kernel, signed, for hosts without a compiler.
#
# Told by the environment: TOP VERSION BUILD MAKE, KERNEL or KDIR and KNAME, and
#   SIGN_KEY	private key: a PEM file, or a pkcs11: URI. KBUILD_SIGN_PIN holds
#		the passphrase, if there is one.
#   SIGN_CERT	its certificate, PEM or DER
#   SIGN=no	do not sign
set -euo pipefail
shopt -s inherit_errexit
umask 022

say() { printf '  %-7s %s\n' "$1" "$2"; }
die() {
	printf 'make modules-deb: %s\n' "$*" >&2
	exit 1
}

# --- what was asked for ------------------------------------------------------

case ${SIGN:-yes} in
no)
	[ -z "$SIGN_KEY$SIGN_CERT" ] || die "SIGN=no, but SIGN_KEY or SIGN_CERT is given: which of them is meant?"
	;;
yes)
	[ -n "$SIGN_KEY" ] || die "SIGN_KEY is not set: it names the private key (PEM) to sign with; SIGN=no builds unsigned modules, which Secure Boot refuses"
	[ -n "$SIGN_CERT" ] || die "SIGN_CERT is not set: it names the certificate of SIGN_KEY=$SIGN_KEY"
	[ -r "$SIGN_CERT" ] || die "SIGN_CERT=$SIGN_CERT cannot be read"
	;;
*) die "SIGN=$SIGN: yes or no" ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sign=
case ${SIGN:-yes}:$SIGN_KEY in
no:*) ;;
*:pkcs11:*)
	[ -z "$KERNEL" ] || die "SIGN_KEY=$SIGN_KEY: a key on a token needs KDIR=, not KERNEL=$KERNEL, whose tools may run where the token is not seen"
	sign=token
	;;
*)
	[ -r "$SIGN_KEY" ] || die "SIGN_KEY=$SIGN_KEY cannot be read"
	sign="file"
	;;
esac
if [ -n "$sign" ]; then
	openssl x509 -in "$SIGN_CERT" -outform DER -out "$work/signing.der" 2>"$work/log" ||
		die "SIGN_CERT=$SIGN_CERT is no X.509 certificate: $(head -n 1 "$work/log")"
fi
if [ "$sign" = file ]; then
	key=$(KBUILD_SIGN_PIN=${KBUILD_SIGN_PIN:-} openssl pkey -in "$SIGN_KEY" -passin env:KBUILD_SIGN_PIN -pubout \
		2>"$work/log") ||
		die "SIGN_KEY=$SIGN_KEY is no private key, or KBUILD_SIGN_PIN does not open it: $(head -n 1 "$work/log")"
	[ "$key" = "$(openssl x509 -in "$work/signing.der" -noout -pubkey)" ] ||
		die "SIGN_CERT=$SIGN_CERT is not the certificate of SIGN_KEY=$SIGN_KEY"
fi

# --- building ----------------------------------------------------------------

# kmake ARGS... - make with that kernel's build directory and tools
if [ -n "$KERNEL" ]; then
	dir=$("$TOP/selftests/vm/kernel.sh" "$KERNEL")
	release=$(cat "$dir/release")
	config=$dir/config
	kmake() { "$TOP/selftests/vm/kmake.sh" "$KERNEL" "$@"; }
else
	# Not from include/config/kernel.release: Debian's says 6.1.192 for
	# 6.1.0-56-amd64.
	release=$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' "$KDIR/include/generated/utsrelease.h" 2>/dev/null) ||
		die "no kernel headers in KDIR=$KDIR: install linux-headers of the wanted kernel, or name it by KERNEL="
	config=$KDIR/include/config/auto.conf
	kmake() { env -u MAKEFLAGS -u MFLAGS make -C "$KDIR" "$@"; }
fi
if grep -q '^CONFIG_X86_64=y' "$config"; then
	arch=amd64
elif grep -q '^CONFIG_ARM64=y' "$config"; then
	arch=arm64
else
	die "$release is a kernel for neither amd64 nor arm64"
fi
package=utcp-modules-$(tr '[:upper:]_' '[:lower:]-' <<<"$release")
deb=$BUILD/deb/${package}_${VERSION}_$arch.deb

# The kernel's make passes variables on through the environment as well.
"$MAKE" --no-print-directory -C "$TOP" modules KERNEL="$KERNEL" KDIR="$KDIR" KNAME="$KNAME"

say DEB "${deb#"$TOP/"}${sign:+, signed by $(openssl x509 -in "$work/signing.der" -noout -subject -nameopt multiline | sed -n 's/^ *commonName *= //p')}"
# Beneath build/, which the kernel's tools see wherever they run.
mkdir -p "$BUILD/deb"
root=$(mktemp -d "$BUILD/deb/$package.XXXXXX")
trap 'rm -rf "$work" "$root"' EXIT
chmod 755 "$root"
modules=$root/lib/modules/$release/updates/utcp
doc=$root/usr/share/doc/$package
mkdir -p "$modules" "$doc" "$root/DEBIAN"
# A file of its own: packages for several kernels may be installed together.
install -D -m 644 "$TOP/userspace/systemd/utcp.modules-load.conf" \
	"$root/usr/lib/modules-load.d/utcp-$release.conf"

if [ -n "$sign" ]; then
	mkdir -p "$root/usr/share/utcp/signing"
	certificate=$root/usr/share/utcp/signing/$release.der
	cp "$work/signing.der" "$certificate"
fi
for module in netswitch/netswitch utcp/utcp acl/utcp_acl shaper/utcp_shaper; do
	ko=$modules/$(basename "$module").ko
	cp "$BUILD/$KNAME/modules/$module.ko" "$ko"
	case $sign in
	'') kmake -s -f "$TOP/packaging/sign.mk" KO="$ko" ;;
	token) kmake -s -f "$TOP/packaging/sign.mk" KO="$ko" KEY="$SIGN_KEY" CERT="$certificate" ;;
	file)
		# By way of standard input: the key is never copied, and need
		# not be visible where the kernel's tools run.
		kmake -s -f "$TOP/packaging/sign.mk" KO="$ko" KEY=/proc/self/fd/0 \
			CERT="$certificate" <"$SIGN_KEY"
		;;
	esac
	chmod 644 "$ko"
	[ -z "$sign" ] || [ -n "$(modinfo -F signer "$ko")" ] ||
		die "$ko has no signature after signing"
done

# --- packing -----------------------------------------------------------------

# shellcheck source=debian.sh
. "$TOP/packaging/debian.sh"

debian_changelog "$package" >"$work/changelog"
gzip -9n <"$work/changelog" >"$doc/changelog.gz"
cp "$TOP/packaging/debian/copyright" "$doc/copyright"

cat >"$root/DEBIAN/control" <<CONTROL
Package: $package
Source: utcp
Version: $VERSION
Architecture: $arch
Maintainer: $DEBIAN_MAINTAINER
Installed-Size: $(du -k -s --apparent-size "$root" | cut -f 1)
Depends: linux-image-$release | linux-image-$release-unsigned, kmod
Conflicts: utcp-dkms
Provides: utcp-modules
Section: kernel
Priority: optional
Description: network modules for sandboxes - built for Linux $release
 Modules netswitch, utcp, utcp_acl and utcp_shaper, for the kernel of release
 $release and no other.$([ -z "$sign" ] || printf ' They are %s' "signed with the key whose
 certificate is in /usr/share/utcp/signing.der; under Secure Boot, that
 certificate is to be enrolled once with mokutil.")
 .
 On hosts with a compiler, utcp-dkms builds them for each kernel instead.
CONTROL

# script NAME - a maintainer script from standard input
script() {
	sed "s/@RELEASE@/$release/g" >"$root/DEBIAN/$1"
	chmod 755 "$root/DEBIAN/$1"
}

# Packages for several kernels may be installed together, hence an alternative
# for the one name under which the certificate is looked for.
if [ -n "$sign" ]; then
	script postinst <<-'EOF'
		#!/bin/sh
		set -e
		if [ "$1" = configure ]; then
			depmod @RELEASE@
			update-alternatives --install /usr/share/utcp/signing.der \
				utcp-signing.der /usr/share/utcp/signing/@RELEASE@.der 50
		fi
	EOF
	script prerm <<-'EOF'
		#!/bin/sh
		set -e
		if [ "$1" = remove ]; then
			update-alternatives --remove utcp-signing.der \
				/usr/share/utcp/signing/@RELEASE@.der
		fi
	EOF
else
	script postinst <<-'EOF'
		#!/bin/sh
		set -e
		if [ "$1" = configure ]; then
			depmod @RELEASE@
		fi
	EOF
fi
# modules.order is the kernel's: without it, the kernel is gone too.
script postrm <<-'EOF'
	#!/bin/sh
	set -e
	if [ "$1" = remove ] && [ -e /lib/modules/@RELEASE@/modules.order ]; then
		depmod @RELEASE@
	fi
EOF
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort |
	xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"

dpkg-deb --root-owner-group -Zxz --build "$root" "$deb" >"$work/log" ||
	{ cat "$work/log" >&2; die "dpkg-deb failed"; }
