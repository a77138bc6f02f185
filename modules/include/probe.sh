#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# probe.sh SOURCES WORK OUTPUT KMAKE...
#
# Compiles each file of SOURCES for the kernel that "KMAKE... M=DIR" builds for,
# with that kernel's own flags, in the folder WORK, and writes to OUTPUT a
# "#define HAVE_<NAME>" for each that compiles. control_good must compile and
# control_bad must not, or the result means nothing and this fails.
set -eu

sources=$1 work=$2 output=$3
shift 3

# Folder and output are named to the kernel's make by their absolute paths.
rm -rf "$work"
mkdir -p "$work"
cp "$sources"/*.c "$work"
: >"$work/Kbuild"
objects=
for c in "$work"/*.c; do
	name=$(basename "$c" .c)
	objects="$objects $name.o"
	echo "obj-m += $name.o" >>"$work/Kbuild"
done

# Errors are the answers here: all of them are kept in the log. modpost has no
# part in it, since single objects are asked for.
# shellcheck disable=SC2086 # a list of plain names
"$@" M="$work" -k $objects >"$work/log" 2>&1 || :

has() { [ -e "$work/$1.o" ]; }
if ! has control_good || has control_bad; then
	cat "$work/log" >&2
	echo "probe.sh: the control probes came out wrong (log above): can modules be built for this kernel at all?" >&2
	exit 1
fi

{
	echo "/* What this kernel has; made by modules/include/probe.sh. */"
	for c in "$work"/*.c; do
		name=$(basename "$c" .c)
		case $name in control_*) continue ;; esac
		upper=$(echo "$name" | tr '[:lower:]' '[:upper:]')
		if has "$name"; then
			echo "#define HAVE_$upper 1"
		else
			echo "/* HAVE_$upper is not set */"
		fi
	done
} >"$output.new"
# Keep the time stamp when nothing changed: every object depends on it.
if cmp -s "$output.new" "$output"; then
	rm "$output.new"
else
	mv "$output.new" "$output"
fi
