#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh DIR COLLECTION[:TEST]... - in the guest: run collections of tests, installed
# in DIR, or single ones, by the kernel's own runner, in this order.
#
# TIMEOUT, if set, is how many seconds each may take, in place of its own settings.
# Prints their KTAP. The environment is that of lib.sh. Exit status: 0 if the
# runner ran all of them; whether they passed, the reader of the KTAP finds out,
# as with the kernel's own tests.
set -euo pipefail

if [ $# -lt 2 ]; then
	sed -n '4,5s/^# //p' "$0" >&2
	exit 2
fi
dir=$1
shift
if [ "$(id -u)" != 0 ]; then
	echo "${0##*/}: needs root" >&2
	exit 1
fi

# What was lost before is nobody's here: collection debug asks at the end.
leaks=/sys/kernel/debug/kmemleak
if [ -w $leaks ]; then
	echo scan=off >$leaks
	echo clear >$leaks
fi

for collection; do
	start=$SECONDS
	# Through a pipe: the runner opens /dev/stdout again, which a terminal
	# or a guest's port may not let it.
	what=-c
	[[ $collection != *:* ]] || what=-t
	"$dir/run_kselftest.sh" ${TIMEOUT:+--override-timeout "$TIMEOUT"} $what "$collection" 2>&1 | cat
	echo "# $collection took $((SECONDS - start)) s"
done
