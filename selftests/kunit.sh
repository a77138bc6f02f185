#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit.sh MODULES - run in a guest whose kernel has KUnit: insert every
# *_kunit.ko of the tree of modules, and print each suite's results. A module
# without a suite, or a suite without a case, is a failure.
modules=$1
results=/sys/kernel/debug/kunit

bail() {
	echo "Bail out! $*"
	exit 1
}

[ -d /sys/kernel/debug/kunit ] || mount -t debugfs none /sys/kernel/debug
[ -d $results ] || bail "this kernel has no KUnit"
insmod "$modules/netswitch/netswitch.ko" || bail "netswitch.ko does not load"

found=
for ko in "$modules"/*/*_kunit.ko; do
	insmod "$ko" || bail "$ko does not load"
	new=
	for suite in "$results"/*; do
		case " $found " in *" ${suite##*/} "*) continue ;; esac
		[ -d "$suite" ] || continue
		new="$new ${suite##*/}"
		# Its cases are indented by four blanks, its own result by none.
		echo "TAP version 13"
		echo "1..1"
		sed -e '/^K\{0,1\}TAP version/d' -e '/^1\.\./d' -e 's/^ok [0-9]*/ok 1/' \
			-e 's/^not ok [0-9]*/not ok 1/' "$suite/results"
		grep -qE '^ +(not )?ok ' "$suite/results" || bail "${suite##*/} has no case"
	done
	[ "$new" ] || bail "$ko has no suite"
	found="$found $new"
done
[ "$found" ] || bail "no suites in $modules"
