#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: the modules build without a warning for arm64
# Needs: kernels arm64
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need aarch64-linux-gnu-gcc-12

headers=$("$CHECK_DIR/arm64-headers.sh") || exit 1
modules "$CHECK_TMP/arm64" '' "KDIR=$headers" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
	CC=aarch64-linux-gnu-gcc-12
mapfile -t built < <(find build/*-arm64/modules -name '*.ko')
note "$(basename "$headers"): ${#built[@]} modules"
[ ${#built[@]} -ge 4 ] || bad "only these modules were built: ${built[*]}"
for module in "${built[@]}"; do
	LC_ALL=C readelf -h "$module" | grep -q 'Machine: *AArch64' || bad "$module is not for arm64"
done
