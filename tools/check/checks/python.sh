#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: Python scripts compile, and pyflakes3 finds nothing
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need python3 pyflakes3

mapfile -t list < <(scripts 'python3?' py)
some 'Python files' ${#list[@]}
for file in "${list[@]}"; do
	PYTHONPYCACHEPREFIX=$CHECK_TMP/pyc /usr/bin/python3 -W error -m py_compile "$file" 2>&1 || {
		: >"$CHECK_TMP/.bad"
	}
done
{ pyflakes3 "${list[@]}" 2>&1 || :; } | bad_lines
