#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: sparse, byte order included, finds nothing in the modules
# Needs: kernels
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need sparse

# Where a kernel is built in a chroot, that has no sparse; the tree is visible there
# under the same path, and sparse needs nothing but libc.
mkdir -p build/check/sparse
cp "$(command -v sparse)" build/check/sparse/sparse
for kernel in "${CHECK_KERNELS[@]}"; do
	modules "$CHECK_TMP/$kernel" "KERNEL=$kernel" "JOBS=$(half_the_cores)" \
		"KBUILD_ARGS=C=2 CHECK=$PWD/build/check/sparse/sparse CF=-D__CHECK_ENDIAN__"
	looked=$(grep -c '^  CHECK ' "$CHECK_TMP/$kernel" || :)
	note "$kernel: $looked files"
	[ "$looked" -gt 0 ] || bad "$kernel: sparse was given no file"
done
