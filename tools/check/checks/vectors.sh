#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: the reference model of UTCP/1 gives published vectors and those of this tree
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need python3

model=selftests/utcp/vectors/utcp1.py
/usr/bin/python3 -B "$model" --check >"$CHECK_TMP/out" 2>&1 || : >"$CHECK_TMP/.bad"
bad_lines <"$CHECK_TMP/out"
# What the page quotes is from there.
page=Documentation/networking/utcp.rst
grep -nE '^ +[a-z0-9_]+ = [0-9a-f]+$' "$page" | while IFS=: read -r line value; do
	grep -qxF -- "${value#"${value%%[! ]*}"}" selftests/utcp/vectors/utcp1.txt ||
		bad "$page:$line: no such vector"
done
note "$(grep -c ' = ' selftests/utcp/vectors/utcp1.txt) values"
