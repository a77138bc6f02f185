#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: cppcheck finds nothing in userspace and in the programs of the selftests
# Needs: source
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need cppcheck

mapfile -t list < <(files 'userspace/*.c' 'selftests/*.c')
some 'C files' ${#list[@]}
compile_flags
mapfile -t flags < <(grep -vE '^-(std|isystem)' "$CHECK_TMP/compile_flags.txt")

# What it does not know: loops by the macros of two libraries, which it takes for syntax
# errors, and that glibc's error() ends the program if its first argument is not 0.
{
	sed -n '/^#define \(json_.*_foreach\|mnl_attr_for_each\)/,/^$/p' \
		/usr/include/jansson.h /usr/include/libmnl/libmnl.h
	echo '#define error(status, ...) do { if (status) exit(status); } while (0)'
} >"$CHECK_TMP/prelude.h"

# Not asked: style (checkpatch and clang-format have other ideas) and missing system
# headers (cppcheck brings its own idea of libc). exit(!okay) is a way to say it.
cppcheck --quiet --inline-suppr --std=c11 --platform=unix64 \
	--enable=warning,performance,portability --library=posix,gnu \
	--suppress=missingIncludeSystem --suppress=toomanyconfigs \
	--suppress=invalidFunctionArgBool \
	--template='{file}:{line}: {severity}: {message} [{id}]' --template-location='' \
	-j "$(half_the_cores)" -D__x86_64__ -D__linux__ "${flags[@]}" \
	--include="$CHECK_TMP/prelude.h" '--suppress=*:*/tools/testing/selftests/*' \
	"${list[@]}" 2>&1 | bad_lines
