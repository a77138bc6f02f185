#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: sparse, byte order included, finds nothing in the modules
# Needs: kernels
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need sparse

# Where a kernel is built in a chroot, that has no sparse; the tree is visible there
# under the same path, and sparse needs nothing but libc.
here=$PWD/build/check/sparse
mkdir -p "$here"
cp "$(command -v sparse)" "$here/sparse"
# What sparse 0.6.4 does not know of the newest kernels' C. Assertions are the compiler's
# business; those that sparse cannot evaluate would also silence its warnings.
cat >"$here/prelude.h" <<'END'
#define __typeof_unqual__ __typeof__
#define _Static_assert(...)
END
# C=2 would be enough if the headers of the newest kernels had the script by which make
# looks whether sparse is any good; KBUILD_CHECKSRC is what C= sets.
args="C=2 KBUILD_CHECKSRC=2 CHECK=$here/sparse"
args+=" CF='-D__CHECK_ENDIAN__ -include $here/prelude.h'"
for kernel in "${CHECK_KERNELS[@]}"; do
	modules "$CHECK_TMP/$kernel" "$args" "KERNEL=$kernel"
	looked=$(grep -c '^  CHECK ' "$CHECK_TMP/$kernel" || :)
	note "$kernel: $looked files"
	[ "$looked" -gt 0 ] || bad "$kernel: sparse was given no file"
done
