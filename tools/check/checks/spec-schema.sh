#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: netlink specs keep the kernel schema for genetlink and the rules of this project
# Needs: source
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need python3

mapfile -t list < <(files 'Documentation/netlink/specs/*.yaml')
some 'specs' ${#list[@]}
source_dir=$(kernel_source)
{
	/usr/bin/python3 "$CHECK_DIR/spec.py" \
		"$source_dir/Documentation/netlink/genetlink.yaml" "${list[@]}" 2>&1 ||
		: >"$CHECK_TMP/.bad"
} | bad_lines
