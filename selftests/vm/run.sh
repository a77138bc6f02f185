#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [OPTIONS] [--] COMMAND [ARGS...] - run a command under another kernel
#
# The command sees this machine's files (changes stay in the guest's memory),
# runs in the caller's directory as root, and its output and exit status are
# those of run.sh, except:
#   124 the time limit passed     125 the guest gave no result
#   126 the kernel reported a bug (shown, whatever the command returned)
#
#   -k, --kernel NAME     kernel as for kernel.sh (6.1)
#   -c, --cpus N          processors (2)
#   -m, --memory MIB      memory (1024; debug kernel: 2048)
#   -t, --limit SECONDS   time limit for boot and command (600)
#   -a, --append WORDS    more kernel parameters; may be repeated
#   -e, --env NAME[=VAL]  set a variable for the command; UTCP_* are passed anyway
#   -i, --interactive     a terminal in the guest (COMMAND: a shell)
#   -l, --log FILE        keep the kernel's log there
#   -v, --verbose         show the kernel's log while it runs
#   --accel kvm|tcg|auto  (auto: KVM where it really boots this kernel)
#   --icount              one instruction, one nanosecond; one processor, TCG
#   --plugin FILE,ARGS    a plugin of the emulator (TCG)
#   --root DIR            another root file system (see root.sh); this tree, the
#                         cache and the caller's directory keep their places; if it
#                         has modules of this kernel, it is they that are loaded
#   --rw DIR              a directory the guest may change; may be repeated
#   --load MODULE         load a module before the start; may be repeated
#   --kmemleak            look for leaks at the end (debug kernel)
#   --expect-splat REGEX  the kernel has to report a bug that matches; may be
#                         repeated; other reports are still failures
#   --prefix TEXT         put this before each line
#   --link MAC,FROM,TO    an Ethernet card on a pair of datagram sockets (net.sh),
#                         virtio's, or with UTCP_CARD=e1000 one that takes frames
#                         in pieces
#   --vng                 let virtme-ng boot the guest: slower without KVM

set -euo pipefail
shopt -s inherit_errexit
. "$(dirname "$0")/lib.sh"
export DIE_STATUS=125

usage() {
	sed -n '4,/^$/s/^# \{0,1\}//p' "$0"
}

args=$(getopt -n run.sh -s bash -o +k:c:m:t:a:e:il:vh -l kernel:,cpus:,memory:,limit: \
	-l append:,env:,interactive,log:,verbose,accel:,icount,plugin:,root:,rw:,load: \
	-l kmemleak,expect-splat:,prefix:,link:,vng,help -- "$@") || exit 125
eval "set -- $args"

kernel=6.1 cpus=2 memory='' limit=600 accel=${UTCP_ACCEL:-auto} icount='' plugin='' root=/
interactive='' log='' verbose='' prefix='' kmemleak='' vng=''
append=() env=() rw=() load=() expect=() links=()
while [ "$1" != -- ]; do
	case $1 in
	-k | --kernel) kernel=$2 && shift ;;
	-c | --cpus) cpus=$2 && shift ;;
	-m | --memory) memory=$2 && shift ;;
	-t | --limit) limit=$2 && shift ;;
	-a | --append) append+=("$2") && shift ;;
	-e | --env) env+=("$2") && shift ;;
	-i | --interactive) interactive=1 ;;
	-l | --log) log=$2 && shift ;;
	-v | --verbose) verbose=1 ;;
	--accel) accel=$2 && shift ;;
	--icount) icount=1 ;;
	--plugin) plugin=$2 && shift ;;
	--root) root=$2 && shift ;;
	--rw) rw+=("$2") && shift ;;
	--load) load+=("$2") && shift ;;
	--kmemleak) kmemleak=1 ;;
	--expect-splat) expect+=("$2") && shift ;;
	--prefix) prefix=$2 && shift ;;
	--link) links+=("$2") && shift ;;
	--vng) vng=1 ;;
	-h | --help) usage && exit 0 ;;
	esac
	shift
done
shift

# number NAME VALUE MINIMUM - a decimal number that is large enough
number() {
	if ! [[ $2 =~ ^[0-9]{1,7}$ ]] || [ "$2" -lt "$3" ]; then
		die "$1: $2: not a number of at least $3"
	fi
}

number --cpus "$cpus" 1
number --limit "$limit" 1
[ -n "$memory" ] || { memory=1024 && [ "$kernel" != debug ] || memory=2048; }
number --memory "$memory" 64
case $accel in kvm | tcg | auto) ;; *) die "--accel: $accel: not kvm, tcg or auto" ;; esac
if [ "$kernel" = uml ]; then
	[ -z "$icount$interactive$kmemleak$plugin$vng${links[*]}" ] ||
		die 'uml knows no --icount, --interactive, --kmemleak, --link, --plugin, --vng'
fi
[ $# -gt 0 ] || [ -n "$interactive" ] || { usage >&2 && exit 125; }
[ $# -gt 0 ] || set -- bash -i
need busybox cpio perl setpriv modprobe flock
[ "$kernel" = uml ] || need qemu-system-x86_64

kernel_dir=$("$VM_DIR/kernel.sh" -b "$kernel")
release=$(cat "$kernel_dir/release")
cache=$(realpath "$CACHE")

[ -z "$plugin" ] || accel=tcg
if [ -n "$vng" ]; then
	for option in icount kmemleak plugin interactive; do
		[ -z "${!option}" ] || die "--$option does not go with --vng"
	done
	[ "$root${links[*]}${load[*]}" = / ] || die '--root, --link and --load do not go with --vng'
fi

# ---------------------------------------------------------------------------
# The initramfs: busybox and what this kernel needs to reach its root

initramfs_make() {
	local tmp=$1 n=100 module

	mkdir -p "$tmp/tree"/{bin,dev,proc,sys,root,modules}
	cp "$(command -v busybox)" "$tmp/tree/bin/busybox"
	for applet in $(busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$tmp/tree/bin/$applet"
	done
	cp "$VM_DIR/init" "$tmp/tree/init"
	chmod 755 "$tmp/tree/init"
	# Built-in modules print "builtin"; insmod needs the order kept.
	[ "$kernel" = uml ] || modprobe -d "$kernel_dir/root" -S "$release" --show-depends -a \
		virtio_pci virtio_console 9p 9pnet_virtio overlay |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$tmp/list"
	[ -e "$tmp/list" ] || : >"$tmp/list"
	while read -r module; do
		n=$((n + 1))
		case $module in
		*.xz) xz -dc "$module" >"$tmp/tree/modules/$n.ko" ;;
		*.zst) zstd -dcq "$module" >"$tmp/tree/modules/$n.ko" ;;
		*) cp "$module" "$tmp/tree/modules/$n.ko" ;;
		esac
	done <"$tmp/list"
	# Not compressed: under emulation that is what takes the time.
	(cd "$tmp/tree" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet) \
		>"$tmp/initramfs"
	rm -r "$tmp/tree" "$tmp/list"
}

initramfs=$cache/initramfs/$({ echo "$kernel_dir"; cat "$VM_DIR/init" "$(command -v busybox)"
	declare -f initramfs_make; } | short_hash)
cached "$initramfs" initramfs_make

# ---------------------------------------------------------------------------
# The job: a second archive, unpacked over the first

# virtme-ng's guests have a /tmp of their own.
job=$(mktemp -d "$([ -n "$vng" ] && echo "$cache" || echo "${TMPDIR:-/tmp}")/utcp-vm.XXXXXX")
trap 'rm -rf "$job"' EXIT
mkdir -p "$job/tree/job" "$cache/log"
if [ -z "$log" ]; then
	log=$cache/log/$kernel-$$.log
	find "$cache/log" -name '*.log' -mtime +7 -delete
fi

fsdevs=() paths=()
# share TAG DIR ro|rw - let QEMU serve a directory
share() {
	[[ $2 != *[[:space:],\'\"]* ]] || die "$2: a directory to share may have no spaces, commas or quotes in its name"
	local readonly=''

	[ "$3" = rw ] || readonly=,readonly=on
	paths+=("path_$1='$2'")
	fsdevs+=(-fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap$readonly"
		 -device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}

[ -d "$root" ] || die "--root: $root: no such directory"
root=$(realpath "$root")
share root "$root" ro
layers=()
modules=$(realpath "$kernel_dir/root/lib/modules")
if [ "$root" != / ]; then
	[ ! -e "$root/lib/modules/$release" ] || modules=
	[ -x "$root/bin/bash" ] || die "--root: $root: has no bin/bash"
	for d in "$PROJECT" "$cache" "$PWD"; do
		# Not what is inside a directory that is there already.
		for l in "${layers[@]}"; do
			case $d/ in "${l#*:}"/*) continue 2 ;; esac
		done
		share "layer${#layers[@]}" "$d" ro
		layers+=("layer${#layers[@]}:$d")
	done
fi
shares=()
for d in "${rw[@]}"; do
	[ -d "$d" ] || die "--rw: $d: no such directory"
	d=$(realpath "$d")
	share "rw${#shares[@]}" "$d" rw
	shares+=("rw${#shares[@]}:$d")
done
case ${UTCP_CARD:-virtio} in
virtio) card=virtio-net-pci driver=virtio_net ;;
e1000) card=e1000 driver=e1000 ;;
*) die "UTCP_CARD=$UTCP_CARD: there are virtio and e1000" ;;
esac
[ ${#links[@]} = 0 ] || load=("$driver" "${load[@]}")

cat >"$job/tree/job/env" <<EOT
layers='${layers[*]}'
shares='${shares[*]}'
modules='$modules'
hostname='utcp-${kernel//[^0-9a-z]/-}'
load='${load[*]//[^0-9A-Za-z_-]/}'
interactive='$interactive'
kmemleak='$kmemleak'
term='${TERM//[^0-9A-Za-z_-]/}'
uml='$([ "$kernel" != uml ] || echo 1)'
vng='$vng'
$(printf '%s\n' "${paths[@]}")
EOT

# command_file - what the guest's bash reads
command_file() {
	local name

	for name in $(compgen -v | grep '^UTCP_'); do
		printf 'export %s=%q\n' "$name" "${!name}"
	done
	printf 'export UTCP_CACHE=%q UTCP_KERNEL=%q UTCP_KERNEL_DIR=%q\n' "$cache" "$kernel" "$kernel_dir"
	for name in "${env[@]}"; do
		[[ $name =~ ^[A-Za-z_][A-Za-z_0-9]*(=|$) ]] || die "--env: $name: not NAME or NAME=VALUE"
		if [[ $name == *=* ]]; then
			printf 'export %s=%q\n' "${name%%=*}" "${name#*=}"
		elif [ -n "${!name+set}" ]; then
			printf 'export %s=%q\n' "$name" "${!name}"
		fi
	done
	printf 'cd %q || exit 125\n' "$PWD"
	printf 'exec'
	printf ' %q' "$@"
	echo
}
command_file "$@" >"$job/tree/job/command"

(cd "$job/tree" && printf '%s\n' job job/env job/command |
	cpio -o -H newc -R 0:0 --quiet) >"$job/archive"
cat "$initramfs/initramfs" "$job/archive" >"$job/initramfs"

# ---------------------------------------------------------------------------
# The machine

# kvm_works - does KVM boot this kernel?  /dev/kvm may be there and yet hang or
# abort, so try, once for each pair of kernels and QEMU.
kvm_works() {
	local answer

	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	answer=$cache/kvm/$({ uname -srv; qemu-system-x86_64 --version
		echo "$kernel_dir"; } | short_hash)
	if [ ! -e "$answer" ]; then
		mkdir -p "$cache/kvm"
		say "trying KVM with $kernel"
		if "$0" -k "$kernel" --accel kvm -t 20 -- true >"$answer.log" 2>&1 </dev/null; then
			echo yes >"$answer.$$"
		else
			say 'KVM does not run it, using emulation'
			echo no >"$answer.$$"
		fi
		mv "$answer.$$" "$answer"
	fi
	[ "$(cat "$answer")" = yes ]
}

# tsc_khz - what tsc.c says of this machine, asked once each time that it has booted
tsc_khz() {
	local answer program

	answer=$cache/tsc/$(cat /proc/sys/kernel/random/boot_id)
	if [ ! -s "$answer" ]; then
		mkdir -p "$cache/tsc"
		program=$(mktemp "$cache/tsc/program.XXXXXX")
		"${CC:-cc}" -O2 -o "$program" "$VM_DIR/tsc.c" && "$program" >"$answer.$$" &&
			mv "$answer.$$" "$answer"
		rm -f "$program"
	fi
	cat "$answer"
}

qemu() {
	local link mac from to n=0 words model

	machine=(qemu-system-x86_64 -machine q35 -nodefaults -no-user-config -display none -no-reboot -m "$memory")
	# A busy host may stop an emulated machine while the kernel tries its timer, which
	# then "doesn't work": a panic.
	words="console=ttyS0 quiet panic=-1 oops=panic nokaslr mitigations=off no_timer_check"
	words+=" random.trust_cpu=on audit=0"
	# The emulator keeps what it has translated by virtual addresses: where each program
	# lies elsewhere, all of libc is translated again for each process that starts, which
	# is half of what a guest full of small programs costs.
	words+=" norandmaps"
	if [ -n "$icount" ]; then
		# Copies by rep movsb would count one instruction for each byte.
		machine+=(-accel tcg -icount "shift=0,sleep=off" -smp 1
			  -cpu "max,-erms,-fsrm" -seed 1
			  -rtc "base=2026-01-01T00:00:00,clock=vm")
	else
		if [ "$accel" = auto ]; then
			accel=tcg
			if kvm_works; then
				accel=kvm
			fi
		fi
		machine+=(-smp "$cpus")
		case $accel in
		kvm) machine+=(-accel kvm -cpu host) ;;
		tcg)
			# A page table of five levels is walked for nothing. The emulator's
			# counter of cycles is the same on all processors; without a word
			# for it the kernel takes it for unstable, and reads the time from
			# an emulated device, which costs a fifth of all. Copies by rep movsb
			# are emulated byte by byte, and memory that is cleared when it is
			# allocated, and again by who allocated it, is a third of starting a
			# program; without, what relies on it by mistake is found.
			model=max,-la57,-erms,-fsrm
			# Two processors that do cmpxchg16b at the same time were seen to be left
			# with a pointer for flags, and the guest died of the trap flag in it. A
			# kernel that debugs its slabs has no use for it.
			[ "$cpus" = 1 ] || [ "$kernel" = debug ] || model+=,-cx16
			machine+=(-accel "tcg,thread=multi" -cpu "$model")
			words+=" tsc=reliable tsc_early_khz=$(tsc_khz) init_on_alloc=0"
			;;
		esac
		machine+=(-object "rng-random,id=rng,filename=/dev/urandom" -device "virtio-rng-pci,rng=rng")
	fi
	[ -z "$plugin" ] || machine+=(-plugin "$plugin")
	for link in "${links[@]}"; do
		IFS=, read -r mac from to <<<"$link"
		[ -n "$to" ] || die "--link: $link: not MAC,FROM,TO"
		machine+=(-netdev "dgram,id=net$n,local.type=unix,local.path=$from,remote.type=unix,remote.path=$to"
			  -device "$card,netdev=net$n,mac=$mac,romfile=")
		n=$((n + 1))
	done
	machine+=(-kernel "$kernel_dir/vmlinux" -initrd "$job/initramfs" -append "$words ${append[*]}"
		  "${fsdevs[@]}")
}

user_mode_linux() {
	# On a panic it exits by itself.
	machine=("$kernel_dir/linux" "mem=${memory}M" "initrd=$job/initramfs"
		 noreboot con=null console=tty0 quiet oops=panic)
	# shellcheck disable=SC2206 # words
	machine+=(${append[*]})
}

machine=()
if [ "$kernel" = uml ]; then
	user_mode_linux
elif [ -n "$vng" ]; then
	. "$VM_DIR/vng.sh"
	vng
else
	qemu
fi
options=(--limit "$limit" --prefix "$prefix" --log "$log" --splats "$VM_DIR/splats" --cleanup "$job")
for e in "${expect[@]}"; do
	options+=(--expect "$e")
done
[ -z "$interactive" ] || options+=(--interactive)
[ -z "$verbose" ] || options+=(--verbose)
[ "$kernel" != uml ] || options+=(--uml)
[ -z "$vng" ] || options+=(--vng)
trap - EXIT
exec perl "$VM_DIR/supervise.pl" "${options[@]}" -- "${machine[@]}"
