#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: the model of UTCP/1 gives published vectors and ours, and takes no changed frame
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need python3

model=selftests/utcp/vectors
{
	/usr/bin/python3 -B "$model/utcp1.py" --check 2>&1 || : >"$CHECK_TMP/.bad"
	/usr/bin/python3 -B "$model/receive.py" 2>&1 || : >"$CHECK_TMP/.bad"
	/usr/bin/python3 -B "$model/capture.py" --check 2>&1 || : >"$CHECK_TMP/.bad"
} | bad_lines
# What the page quotes is from there.
page=Documentation/networking/utcp.rst
grep -nE '^ +[a-z0-9_]+ = [0-9a-f]+$' "$page" | while IFS=: read -r line value; do
	grep -qxF -- "${value#"${value%%[! ]*}"}" "$model/utcp1.txt" ||
		bad "$page:$line: no such vector"
done
note "$(grep -c ' = ' "$model/utcp1.txt") values"
