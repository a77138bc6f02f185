# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # run.sh sets what this uses
#
# run.sh --vng: virtme-ng makes the machine and its root file system, the rest
# (channels, limit, bug reports) is as without it.  Where KVM works this is as
# quick as the own boot; under emulation it takes over a minute, most of it
# udev's.

# Debian 12 has none; the one of trixie runs with Debian 12's Python.
VNG_SUITE=trixie
VNG_PACKAGES='virtme-ng python3-requests python3-urllib3 python3-certifi
python3-idna python3-chardet python3-charset-normalizer python3-argcomplete
python3-six python3-pkg-resources'

vng_make() {
	local deb

	say "fetching virtme-ng from $VNG_SUITE"
	apt_ready "$VNG_SUITE"
	# shellcheck disable=SC2086 # a list
	apt_fetch "$VNG_SUITE" "$1/debs" $VNG_PACKAGES
	for deb in "$1"/debs/*.deb; do
		dpkg-deb --extract "$deb" "$1"
	done
	rm -r "$1/debs"
}

# vng - sets machine, the arguments before QEMU's own
vng() {
	local tree dirs d image applet

	need /usr/bin/python3 file udevadm
	tree=$cache/vng/$VNG_SUITE-$(echo "$VNG_PACKAGES" | short_hash)
	cached "$tree" vng_make

	# virtme-ng looks for modules above the image.
	for image in "$kernel_dir/root/boot/vmlinuz-$release" \
		     "$kernel_dir/root/lib/modules/$release/vmlinuz" \
		     "$kernel_dir/root/boot/vmlinux"; do
		[ ! -e "$image" ] || break
	done
	if [ ! -e "$image" ]; then
		mkdir -p "${image%/*}"
		ln -f "$kernel_dir/vmlinux" "$image"
	fi

	# The guest sees the job through the root file system.
	cp "$job"/tree/job/* "$VM_DIR/init" "$job/"
	mkdir "$job/bin"
	cp "$(command -v busybox)" "$job/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$job/bin/$applet"
	done

	machine=(env "PYTHONPATH=$tree/usr/lib/python3/dist-packages"
		 /usr/bin/python3 "$tree/usr/bin/virtme-run" --show-boot-console
		 --kimg "$image" --mods auto --memory "${memory}M" --cpus "$cpus")
	if [ "$accel" = auto ]; then
		accel=tcg
		! kvm_works || accel=kvm
	fi
	[ "$accel" = kvm ] || machine+=(--disable-kvm)
	# Writable in memory, like everything without virtme-ng.
	dirs="/etc /home /lib /opt /root /srv /tmp /usr /var $PROJECT"
	for d in $dirs; do
		[ ! -d "$d" ] || machine+=(--overlay-rwdir "$d")
	done
	for d in "${rw[@]}"; do
		machine+=(--rwdir "$(realpath "$d")")
	done
	# shellcheck disable=SC2048 # words
	for d in oops=panic nokaslr mitigations=off no_timer_check quiet random.trust_cpu=on ${append[*]}; do
		machine+=(--kopt "$d")
	done
	machine+=(--script-sh "exec $job/bin/sh $job/init vng $job" --qemu-opts)
}
