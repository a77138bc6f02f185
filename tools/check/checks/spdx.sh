#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: each file says its licence, and the right one for its place
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

# The licence that each file names in its first lines.
declare -A have=()
mapfile -t list < <(files | while IFS= read -r file; do
	# awk stops at what it cannot open.
	if [ -f "$file" ] && [ ! -L "$file" ]; then
		printf '%s\n' "$file"
	fi
done)
while IFS=$'\t' read -r file licence; do
	have[$file]=$licence
done < <(LC_ALL=C awk 'FNR > 4 { nextfile }
	sub(/.*SPDX-License-Identifier: */, "") {
		sub(/ *(\*\/|-->|\*\))? *\r?$/, "")
		print FILENAME "\t" $0
		nextfile
	}' "${list[@]}")

looked=0
for file in "${list[@]}"; do
	case $file in
	# The licences themselves, and one-line data that other programs read.
	LICENSE | LICENSE.* | LICENSES/* | COPYING* | VERSION) continue ;;
	# Debian's formats have no place for it; debian/copyright says it for all of them.
	*/debian/* | debian/*) continue ;;
	# JSON has no comments, and what a fuzzer starts from is bytes.
	*.json | *.jsonl | *.conflist | *.png | */corpus/*) continue ;;
	userspace/lib/test/* | userspace/lib/fuzz/*) want='GPL-2.0-only|LGPL-2.1-or-later' ;;
	userspace/lib/*.c | userspace/lib/*.h | userspace/lib/*.map) want='LGPL-2.1-or-later' ;;
	uapi/* | Documentation/netlink/specs/*) want='GPL-2.0-only WITH Linux-syscall-note' ;;
	# Tools that write the library, and its Makefile, may be as free as the library.
	userspace/lib/*) want='GPL-2.0-only|LGPL-2.1-or-later' ;;
	# The kernel's own file, kept as it is.
	.clang-format) want='GPL-2.0|GPL-2.0-only' ;;
	*) want='GPL-2.0-only' ;;
	esac
	# Where an empty file is the message, there is nothing to license.
	[ -s "$file" ] || continue
	looked=$((looked + 1))
	if [ -z "${have[$file]-}" ]; then
		bad "$file:1: no SPDX-License-Identifier in the first lines (want $want)"
	elif ! [[ ${have[$file]} =~ ^($want)$ ]]; then
		bad "$file:1: licence ${have[$file]}, but files there are $want"
	fi
done
some 'files' "$looked"
[ -s LICENSE ] || bad 'LICENSE is missing'
