#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: cppcheck finds nothing in userspace and in the programs of the selftests
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need cppcheck

mapfile -t list < <(files 'userspace/*.c' 'selftests/*.c')
some 'C files' ${#list[@]}
# Not asked: unusedFunction (a library's functions are used elsewhere), missing
# system headers (cppcheck brings its own idea of libc), and style opinions that
# checkpatch contradicts.
cppcheck --quiet --error-exitcode=0 --inline-suppr --std=c11 --platform=unix64 \
	--enable=warning,performance,portability,style --library=posix,gnu \
	--suppress=missingIncludeSystem --suppress=unmatchedSuppression \
	--suppress=variableScope --suppress=toomanyconfigs \
	--template='{file}:{line}: {severity}: {message} [{id}]' --template-location='' \
	-j "$(half_the_cores)" -D__x86_64__ -D_GNU_SOURCE -D__linux__ \
	-Iuapi -Iuserspace/lib/include -Iuserspace/lib \
	"${list[@]}" 2>&1 | bad_lines
