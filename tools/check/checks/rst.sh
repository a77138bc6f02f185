#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: reStructuredText renders without a warning, and what it refers to exists
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

mapfile -t list < <(files '*.rst')
some 'files' ${#list[@]}
{
	/usr/bin/python3 -B "$CHECK_DIR/rst.py" "${list[@]}" 2>&1 || : >"$CHECK_TMP/.bad"
} | bad_lines
