#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: the reference model of UTCP/1 gives published vectors and those of this tree
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need python3

model=selftests/utcp/vectors/utcp1.py
/usr/bin/python3 -B "$model" --check >"$CHECK_TMP/out" 2>&1 || : >"$CHECK_TMP/.bad"
bad_lines <"$CHECK_TMP/out"
note "$(grep -c ' = ' selftests/utcp/vectors/utcp1.txt) values"
