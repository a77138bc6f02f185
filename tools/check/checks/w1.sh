#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: the modules build without a warning (W=1) for each kernel of the suite
# Needs: kernels
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

for kernel in "${CHECK_KERNELS[@]}"; do
	modules "$CHECK_TMP/$kernel" '' "KERNEL=$kernel"
	mapfile -t built < <(find "build/$kernel/modules" -name '*.ko')
	note "$kernel: ${#built[@]} modules"
	[ ${#built[@]} -ge 4 ] || bad "$kernel: only these modules were built: ${built[*]}"
done
