#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: each compile probe is used, and tells some kernels of the suite from others
# Needs: kernels
#
# A probe with the same answer on all kernels that are built for guards nothing: the
# shim behind it is dead, or never tried. Which answer each kernel gave is printed.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

mapfile -t probes < <(files 'modules/include/probes/*.c' | grep -v '/control_')
some 'probes' ${#probes[@]}
for kernel in "${CHECK_KERNELS[@]}"; do
	mkdir -p build/check
	flock build/check/.modules.lock make --no-print-directory "KERNEL=$kernel" \
		"JOBS=$(half_the_cores)" "$PWD/build/$kernel/probes.h" >"$CHECK_TMP/make" 2>&1 || {
		bad "$kernel: could not be probed:"
		tail -n 20 "$CHECK_TMP/make"
		exit 1
	}
done
mapfile -t users < <(files 'modules/*.[ch]')
for probe in "${probes[@]}"; do
	name=$(basename "$probe" .c)
	macro=HAVE_$(tr '[:lower:]' '[:upper:]' <<<"$name")
	answers=''
	yes=0
	for kernel in "${CHECK_KERNELS[@]}"; do
		if grep -qx "#define $macro 1" "build/$kernel/probes.h"; then
			answers+=" $kernel:yes"
			yes=$((yes + 1))
		elif grep -q "$macro is not set" "build/$kernel/probes.h"; then
			answers+=" $kernel:no"
		else
			bad "$probe: build/$kernel/probes.h says nothing of $macro"
		fi
	done
	note "$macro$answers"
	if [ "$yes" = 0 ] || [ "$yes" = ${#CHECK_KERNELS[@]} ]; then
		bad "$probe: the same answer on all kernels ($answers ): a shim that is dead or never tried"
	fi
	grep -qw "$macro" "${users[@]}" || bad "$probe: nobody asks for $macro"
done
# And the other way round: an #ifdef of a probe that does not exist is never true.
grep -noHE '\bHAVE_[A-Z0-9_]+' "${users[@]}" | while IFS=: read -r file line macro; do
	name=$(tr '[:upper:]' '[:lower:]' <<<"${macro#HAVE_}")
	[ -e "modules/include/probes/$name.c" ] || bad "$file:$line: $macro has no probe"
done
