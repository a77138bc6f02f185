#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: clang's analyzer and clang-tidy find nothing in userspace and in the selftests' programs
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need clang-tidy

mapfile -t list < <(files 'userspace/*.c' 'selftests/*.c')
some 'C files' ${#list[@]}

# Not asked:
#  easily-swappable-parameters: two integers in a row are no mistake
#  DeprecatedOrUnsafeBufferHandling: wants C11's memcpy_s, which no libc here has
#  err33-c: wants the result of each printf looked at
#  narrowing-conversions: the kernel's style relies on them; gcc warns of real ones
#  reserved-identifier and its twins: _GNU_SOURCE is one
#  assignment-in-if-condition, multi-level pointers and macro parentheses: style
checks='-*,bugprone-*,cert-*,clang-analyzer-*,performance-*,portability-*'
checks+=',misc-misplaced-const,misc-redundant-expression,readability-misleading-indentation'
checks+=',readability-inconsistent-declaration-parameter-name'
checks+=',-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions'
checks+=',-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp,-cert-err33-c'
checks+=',-bugprone-assignment-in-if-condition'
checks+=',-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'

# How userspace is compiled, its Makefile tells without compiling. Built it must be
# all the same: some sources are made on the way.
userspace
make --no-print-directory -nB user "BUILD=$PWD/build/check" >"$CHECK_TMP/commands" 2>/dev/null
/usr/bin/python3 -B "$CHECK_DIR/flags.py" "$PWD" <"$CHECK_TMP/commands" >"$CHECK_TMP/compile_flags.txt"
grep -q '^-I' "$CHECK_TMP/compile_flags.txt" || bad 'make -nB user compiles nothing: no -I in it'

{
	printf '%s\0' "${list[@]}" |
		xargs -0 -n 5 -P "$(half_the_cores)" \
			clang-tidy --quiet "--checks=$checks" -p "$CHECK_TMP" 2>/dev/null || :
} | sed -n "s,^$PWD/,,; /: \(warning\|error\): /p" | sort -u | bad_lines
