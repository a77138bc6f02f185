#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Who reaches whom, by what: each mode of sandboxes, the host, and a host behind it.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/sandbox-lib.sh"
. "$(dirname "$0")/matrix-lib.sh"

HERE=$(cd "$(dirname "$0")" && pwd)
matrix() {
	local rc

	begin utcp utcp_acl
	far
	boxes
	cells
	ends >"$WORK/ends"
	expected >"$WORK/expected"
	"$HERE/matrix" "$WORK/ends" "$WORK/expected" "$METADATA4" "$METADATA6" $((20 * SLOW)) >"$WORK/table" 2>&1
	rc=$?
	sed 's/^/# /' "$WORK/table"
	expect_eq "all is as it must be" 0 "$rc"
}

run_tests \
	matrix "what must pass between sandboxes, host and others does, and nothing else"
