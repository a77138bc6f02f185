#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: uapi headers, policies and operation tables are what the specs generate
# Needs: source
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

tools/ynl-regen.sh --check || {
	bad 'the specs and what was generated from them differ: run tools/ynl-regen.sh and commit the result'
}
# In the order of userspace/Makefile: it is the order of the tables.
/usr/bin/python3 -B userspace/lib/names-gen.py --check \
	Documentation/netlink/specs/{netswitch,utcp,utcp-acl,utcp-shaper}.yaml || {
	bad 'the specs and userspace/lib/names_gen.c differ: run make -C userspace names'
}
# A generated file without a spec would never be looked at.
for file in $(files '*.[ch]'); do
	head -n 5 "$file" | grep -q YNL-GEN || continue
	spec=$(sed -n 's,^/\*[[:space:]]*\(Documentation/netlink/specs/.*\.yaml\) \*/$,\1,p' "$file")
	if [ -z "$spec" ] || [ ! -e "$spec" ]; then
		bad "$file: says that it is generated, but not from a spec of this tree"
	fi
done
