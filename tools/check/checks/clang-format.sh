#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: clang-format, with the settings of .clang-format, would change nothing
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need clang-format

# Of trace headers it makes nonsense: TRACE_EVENT() is a language of its own.
mapfile -t list < <(c_files | grep -v '/trace\.h$')
some 'C files' ${#list[@]}
# Show what it would do: its own messages only say where. "clang-format -i FILE" does it.
for file in "${list[@]}"; do
	clang-format --style=file "$file" >"$CHECK_TMP/formatted"
	diff -u0 --label "$file" --label "$file, formatted" "$file" "$CHECK_TMP/formatted" ||
		: >"$CHECK_TMP/.bad"
done
