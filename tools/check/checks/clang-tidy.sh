#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: clang's analyzer and clang-tidy find nothing in userspace and in the selftests' programs
# Needs: source
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need clang-tidy

# acl_peer.c is what is compared with, and needs libdpdk-dev, which only who compares has.
mapfile -t list < <(files 'userspace/*.c' 'selftests/*.c' | grep -v /acl_peer.c)
some 'C files' ${#list[@]}

# Not asked:
#  easily-swappable-parameters: two integers in a row are no mistake
#  DeprecatedOrUnsafeBufferHandling: wants C11's memcpy_s, which no libc here has
#  err33-c: wants the result of each printf looked at
#  narrowing-conversions: the kernel's style relies on them; gcc warns of real ones
#  err34-c: wants strtol where sscanf takes apart what the kernel wrote
#  Padding: members stand in the order of their meaning
#  reserved-identifier and its twins: _GNU_SOURCE is one
#  assignment-in-if-condition, multi-level pointers and macro parentheses: style
checks='-*,bugprone-*,cert-*,clang-analyzer-*,performance-*,portability-*'
checks+=',misc-misplaced-const,misc-redundant-expression,readability-misleading-indentation'
checks+=',readability-inconsistent-declaration-parameter-name'
checks+=',-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions'
checks+=',-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp,-cert-err33-c,-cert-err34-c'
checks+=',-bugprone-assignment-in-if-condition'
checks+=',-clang-analyzer-optin.performance.Padding'
checks+=',-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'

# if (strcmp(a, b)) is how the kernel writes it.
config='{CheckOptions: [{key: bugprone-suspicious-string-compare.WarnOnImplicitComparison, value: 0}]}'

compile_flags
# What stands in for the kernel in user space has headers of its own before all others.
mkdir -p "$CHECK_TMP/kern"
{
	printf '%s\n' "-I$PWD/userspace/kern/include" -include "$PWD/userspace/kern/include/kern.h"
	cat "$CHECK_TMP/compile_flags.txt"
} >"$CHECK_TMP/kern/compile_flags.txt"

# Four fifths of the time are the analyzer's, at its usual depth.
depth=deep
[ -z "${CHECK_QUICK:-}" ] || depth=shallow
note "the analyzer looks $depth"
analyzer=()
for word in -Xclang -analyzer-config -Xclang "mode=$depth"; do
	analyzer+=("--extra-arg=$word")
done

# tidy FLAGS-DIRECTORY FILE... - one file a process: with several, version 14 finds
# uninitialised va_lists in the second. By far the longest of the checks, it may have what
# cores the runner has for checks.
tidy() {
	local flags=$1

	shift
	printf '%s\0' "$@" |
		xargs -0 -n 1 -P "$CHECK_JOBS" \
			clang-tidy --quiet "--checks=$checks" "--config=$config" "${analyzer[@]}" -p "$flags" 2>/dev/null || :
}

# So has what the selftests build with it.
mapfile -t kern < <(files 'userspace/kern/*.c' selftests/acl/acl{storm,nft}.c \
	selftests/bench/progs/aclshapes.c | grep -v /acl_peer.c)
mapfile -t rest < <(printf '%s\n' "${list[@]}" | grep -vxF "$(printf '%s\n' "${kern[@]}")")
{
	tidy "$CHECK_TMP" "${rest[@]}"
	tidy "$CHECK_TMP/kern" "${kern[@]}"
} | sed -n "s,^$PWD/,,; /: \(warning\|error\): /p" | sort -u | bad_lines
