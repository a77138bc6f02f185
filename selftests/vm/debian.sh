#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# debian.sh SELFTESTS DEBS - the packages of DEBS in a Debian 13: installs them with apt,
# so that DKMS builds the modules for its own kernel, boots that, and has containers of its
# Podman 5 use them, until they are purged. Prints TAP; needs root.
set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"

[ $# = 2 ] || { sed -n '4,6s/^# //p' "$0" >&2 && exit 2; }
[ "$(id -u)" = 0 ] || die "needs root"
selftests=$(realpath "$1")
debs=$(realpath "$2")

if [ -z "${UTCP_DEBIAN_NS:-}" ]; then
	# What is mounted below is of this script alone.
	UTCP_DEBIAN_NS=1 exec unshare --mount "$0" "$selftests" "$debs"
fi
unset UTCP_DEBIAN_NS

# Podman, DKMS, and what our packages need: they are installed without the network.
root=$("$VM_DIR/root.sh" trixie podman netavark crun conmon dkms linux-image-amd64 \
	linux-headers-amd64 openssl nftables gojq busybox-static)
release=$(basename "$root"/lib/modules/*)
version=$(<"$PROJECT/VERSION")

tmp=$(mktemp -d)
trap 'umount -lR "$tmp" && rmdir "$tmp"' EXIT
mount -t tmpfs tmpfs "$tmp"
mkdir "$tmp"/{upper,work,root}
mount -t overlay -o "lowerdir=$root,upperdir=$tmp/upper,workdir=$tmp/work" overlay "$tmp/root"

# kernel_in, kernel_out - what apt and DKMS need of this machine's kernel. Taken away lazily:
# a terminal that apt had may still be in use.
kernel_in() {
	local dir

	for dir in proc dev sys; do
		mount --rbind --make-rslave "/$dir" "$tmp/root/$dir"
	done
}
kernel_out() {
	local dir

	for dir in proc dev sys; do
		umount -lR "$tmp/root/$dir"
	done
}

# inside COMMAND... - as root of that Debian; what it says is shown if it fails
inside() {
	chroot "$tmp/root" env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@" </dev/null >"$tmp/log" 2>&1 && return
	cat "$tmp/log"
	echo "Bail out! failed in a Debian with $release: $*"
	exit 1
}

# files - names, modes, owners and targets of all files that packages could leave, but for
# what apt, dpkg and ldconfig themselves write whatever they do
files() {
	inside find /boot /etc /opt /srv /usr /var -xdev \( -path /var/log -o -path /var/cache/apt -o \
		-path /var/cache/ldconfig -o -path /var/lib/apt -o -path '/var/lib/dpkg/*-old' \) -prune -o \
		-printf '%p %y %m %U:%G %l\n'
	LC_ALL=C sort "$tmp/log"
}

kernel_in
# DKMS makes the machine's key when it is first needed: it is of no package.
inside dkms generate_mok
files >"$tmp/before"

say "installing into a Debian with $release"
mkdir "$tmp/root/run/debs"
for name in utcp-dkms utcp-tools libutcp0; do
	cp "$debs/${name}_${version}"_*.deb "$tmp/root/run/debs/"
done
inside sh -c 'exec apt-get install -qy /run/debs/*.deb'
rm -r "$tmp/root/run/debs"
kernel_out

# Not purged in the guest: of an emulated machine depmod takes minutes.
rc=0
"$VM_DIR/run.sh" -k "${release%-amd64}" -m 2048 -t "${LIMIT:-3000}" --root "$tmp/root" -e INSTALLED=1 \
	-e SLOW="${SLOW:-1}" -- "$VM_DIR/../run.sh" "$selftests" debian:installed.sh sandbox:podman.sh || rc=$?

say "purging"
kernel_in
files >"$tmp/installed"
inside apt-get purge -qy utcp-dkms utcp-tools libutcp0
files >"$tmp/after"
printf 'TAP version 13\n1..2\n'
if cmp -s "$tmp/before" "$tmp/installed"; then
	echo "not ok 1 - the packages have files" && rc=1
else
	echo "ok 1 - the packages have files"
fi
if diff "$tmp/before" "$tmp/after" | sed 's/^/# /'; then
	echo "ok 2 - purged, they leave nothing, and take nothing along"
else
	echo "not ok 2 - purged, they leave nothing, and take nothing along" && rc=1
fi
exit "$rc"
