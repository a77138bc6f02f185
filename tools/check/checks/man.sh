#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: manual pages are well formed
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need mandoc man

# Those of the tools are made from the tables that their parsers use.
userspace
mapfile -t list < <(files '*.[1-8]'; find build/check/user -name '*.[1-8]' -type f)
some 'manual pages' ${#list[@]}
for page in "${list[@]}"; do
	# Of mandoc's messages, "style" ones are about portability to systems we have no
	# business with (a missing .Os), all others count.
	# The pages carry the version instead of a date.
	{ mandoc -T lint -W warning "$page" || :; } |
		sed -e 's/^mandoc: //' -e '/WARNING: missing date, using "": TH$/d' | bad_lines
	{ man --warnings -E UTF-8 -l -Tutf8 "$page" 2>&1 >/dev/null || :; } | bad_lines
done
