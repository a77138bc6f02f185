#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Generates uapi headers, policies and operation tables from the netlink specs
# with the kernel's own generator, taken from Debian's linux-source-6.12.
#
#   tools/ynl-regen.sh           write them into the tree
#   tools/ynl-regen.sh --check   write nothing; fail and show what differs
#
# Three things are done around the generator:
#  * It insists on the kernel's dual licence line, and this project is
#    GPL-2.0-only: the line is put in before and taken out after.
#  * 6.12's generator knows the flags of a multicast group in the schema, but
#    does not write them into the table: without them anybody could listen.
#  * It wants the schema beside the specs and the top of a kernel tree above.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source_dir=$("$top/selftests/vm/source.sh")
gen=$source_dir/tools/net/ynl/ynl-gen-c.py
dual='((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)'

# family:uapi header:folder of the module
families='netswitch:netswitch:netswitch utcp:utcp:utcp utcp-acl:utcp_acl:acl utcp-shaper:utcp_shaper:shaper'

check=0
case ${1-} in
--check) check=1 ;;
'') ;;
*)
	echo "usage: ${0##*/} [--check]" >&2
	exit 1
	;;
esac

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/Documentation/netlink/specs"
touch "$tmp/MAINTAINERS"
cp "$source_dir/Documentation/netlink/genetlink.yaml" "$tmp/Documentation/netlink/"

# generate LICENCE-LINE OUTPUT ARGS...
generate() {
	local licence=$1 out=$2
	shift 2
	mkdir -p "$tmp/$(dirname "$out")"
	/usr/bin/python3 "$gen" "$@" -o "$tmp/$out"
	sed -i -e "1s,${dual//[()]/.},$licence," "$tmp/$out"
}

for f in $families; do
	IFS=: read -r family header module <<<"$f"
	spec=$tmp/Documentation/netlink/specs/$family.yaml
	sed "1s,.*,# SPDX-License-Identifier: $dual," \
		"$top/Documentation/netlink/specs/$family.yaml" >"$spec"
	gensrc=modules/$module/${header}_nl_gen

	generate 'GPL-2.0-only WITH Linux-syscall-note' "uapi/linux/$header.h" \
		--mode uapi --header --spec "$spec"
	generate GPL-2.0-only "$gensrc.h" --mode kernel --header --spec "$spec"
	generate GPL-2.0-only "$gensrc.c" --mode kernel --source --spec "$spec"

	if grep -q '^ *flags: \[admin-perm\]' <(sed -n '/^mcast-groups:/,$p' "$spec"); then
		sed -i 's/= { "\(events\)", },$/= { "\1", .flags = GENL_MCAST_CAP_NET_ADMIN, },/' \
			"$tmp/$gensrc.c"
		grep -q GENL_MCAST_CAP_NET_ADMIN "$tmp/$gensrc.c" || {
			echo "$gensrc.c: could not set the flags of its multicast group" >&2
			exit 1
		}
	fi
done

status=0
for out in "$tmp"/uapi/linux/*.h "$tmp"/modules/*/*_nl_gen.[ch]; do
	rel=${out#"$tmp"/}
	if [ "$check" = 1 ]; then
		diff -u --label "$rel" --label "$rel (from the spec)" "$top/$rel" "$out" || status=1
	elif ! cmp -s "$out" "$top/$rel"; then
		mkdir -p "$(dirname "$top/$rel")"
		cp "$out" "$top/$rel"
		echo "wrote $rel"
	fi
done
exit $status
