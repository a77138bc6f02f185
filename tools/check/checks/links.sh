#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: links inside the project, in Markdown, lead to files and headings that exist
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

mapfile -t list < <(files '*.md')
some 'files' ${#list[@]}
{
	/usr/bin/python3 -B "$CHECK_DIR/links.py" "${list[@]}" 2>&1 || : >"$CHECK_TMP/.bad"
} | bad_lines
