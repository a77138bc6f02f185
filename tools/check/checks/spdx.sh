#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: each file says its licence, and the right one for its place
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

looked=0
for file in $(files); do
	case $file in
	# The licences themselves, and one-line data that other programs read.
	LICENSE | LICENSE.* | LICENSES/* | COPYING* | VERSION) continue ;;
	# Debian's formats have no place for it; debian/copyright says it for all of them.
	*/debian/* | debian/*) continue ;;
	# JSON has no comments.
	*.json | *.png | *.gz) continue ;;
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
	[ ! -L "$file" ] || continue
	looked=$((looked + 1))
	have=$(head -n 4 "$file" | tr -d '\0' |
		sed -n 's/.*SPDX-License-Identifier: *//p' | sed -E 's/ *(\*\/|-->|\*\))? *$//' | head -n 1)
	if [ -z "$have" ]; then
		bad "$file:1: no SPDX-License-Identifier in the first lines (want $want)"
	elif ! [[ $have =~ ^($want)$ ]]; then
		bad "$file:1: licence $have, but files there are $want"
	fi
done
some 'files' "$looked"
[ -s LICENSE ] || bad 'LICENSE is missing'
