#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# selftest.sh [CHECK…] - does each check find what it is there to find?
#
# In a copy of the tree one violation of each kind is planted, all at once and in
# places where they do not hide one another; then make check must name every one of
# them. Output is TAP, one line a violation. Takes about as long as make check, so it
# is part of make soak.
set -euo pipefail

check_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$check_dir/../.." && pwd)
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cd "$tree"
git ls-files --cached --others --exclude-standard --deduplicate -z |
	while IFS= read -r -d '' file; do
		if [ -e "$file" ] || [ -L "$file" ]; then
			printf '%s\0' "$file"
		fi
	done | xargs -0 cp -a --parents -t "$copy"
cd "$copy"
git init -q
git add -A
git -c user.name=selftest -c user.email=selftest@localhost commit -q -m 'the tree as it is'
# The state before planting is the release that the contract is compared with.
git tag v99

expected=()
# expect CHECK REGEX: the check must print a line that matches.
expect() {
	expected+=("$1 $2")
}

# plant FILE: make the file from standard input.
plant() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
}

# Marks that must not stand in this file, or the checks would find them here.
note=TO""DO
gate=KERNEL_""VERSION
host=ftp.debian.""org
home=/ho""me/someone
typo=reci""eved

# --- the contract --------------------------------------------------------------------

# The first attribute without its doc, and a range that is narrower than it was.
spec=Documentation/netlink/specs/utcp-shaper.yaml
sed -i '0,/^        doc: /s/^        doc: .*//' "$spec"
expect spec-schema 'utcp-shaper\.yaml:[0-9]+: attribute .* has no doc'
sed -i '0,/max: [0-9]*/s/max: [0-9]*/max: 7/' "$spec"
expect abi '^utcp-shaper attribute .* max: changed from [0-9]+ to 7'

# Two attribute numbers exchanged.
header=uapi/linux/utcp_acl.h
sed -i -e 's/UTCP_ACL_A_INFO_VERSION = 1/UTCP_ACL_A_INFO_PLANTED = 1/' \
	-e 's/UTCP_ACL_A_INFO_ABI,/UTCP_ACL_A_INFO_VERSION,/' \
	-e 's/UTCP_ACL_A_INFO_PLANTED/UTCP_ACL_A_INFO_ABI/' "$header"
expect abi 'UTCP_ACL_A_INFO_VERSION: changed from 1 to 2'
expect spec-regen '^\+.*UTCP_ACL_A_INFO_VERSION = 1'
expect spec-regen 'specs and what was generated from them differ'
plant modules/acl/planted_nl_gen.h <<-'END'
	/* SPDX-License-Identifier: GPL-2.0-only */
	/* Do not edit directly, auto-generated from: */
	/*	Documentation/netlink/specs/planted.yaml */
	/* YNL-GEN kernel header */
END
expect spec-regen 'planted_nl_gen\.h: says that it is generated'

# A function that the library declares and does not have.
for library in userspace/lib/include/utcp/*.h; do :; done
sed -i '0,/^#include/s/^#include/int utcp_planted(int number);\n&/' "$library"
expect abi 'utcp_planted: in a public header, but not in the version script'
expect kernel-doc 'prototype utcp_planted has no kernel-doc comment'

# --- modules -------------------------------------------------------------------------

cat >>modules/netswitch/main.c <<-'END'

	#ifdef CONFIG_ARM64
	static const int planted_arm64 = 1;
	#else
	static const int planted_w1 = 1;
	#endif
END
# In a file of its own: what does not compile is not given to sparse.
cat >>modules/netswitch/limits.c <<-'END'

	#ifdef __CHECKER__
	__be32 planted_sparse(u32 number);
	__be32 planted_sparse(u32 number)
	{
		return number;
	}
	#endif
END
expect sparse 'modules/netswitch/limits\.c:[0-9]+:.*incorrect type in return expression'
expect arm64 'modules/netswitch/main\.c:[0-9]+:.*planted_arm64'
expect w1 'modules/netswitch/main\.c:[0-9]+:.*planted_w1'

plant modules/netswitch/planted.c <<-END
	// SPDX-License-Identifier: GPL-2.0-only
	/**
	 * planted() - not all of it is told
	 * @first: this one is
	 */
	int planted(int first, int second)
	{
		if(first)
			return $gate(6, 1, 0);
		return HAVE_PLANTED_NOWHERE;
	}
END
expect checkpatch 'modules/netswitch/planted\.c:8: ERROR:SPACING'
expect clang-format '^\+.if \(first\)'
expect kernel-doc "planted\\.c:[0-9]+:.*parameter.*'second' not described"
expect kernel-doc "planted\\.c:[0-9]+:.*No description found for return value"
expect tree "outside modules/include: modules/netswitch/planted\\.c:9"
expect compat 'modules/netswitch/planted\.c:10: HAVE_PLANTED_NOWHERE has no probe'

plant modules/include/probes/planted.c <<-'END'
	// SPDX-License-Identifier: GPL-2.0-only
	int planted;
END
expect compat 'probes/planted\.c: the same answer on all kernels'
expect compat 'probes/planted\.c: nobody asks for HAVE_PLANTED'

# --- programs and scripts ------------------------------------------------------------

plant selftests/planted/planted.c <<-'END'
	// SPDX-License-Identifier: GPL-2.0-only
	#include <stdio.h>
	#include <stdlib.h>

	int main(int argc, char **argv)
	{
		int table[4] = { 0 };
		char *text = malloc(4);

		if (argc > 1)
			text = NULL;
		table[4] = argc;
		*text = argv[0][0];
		printf("%d %c\n", table[0], *text);
		return 0;
	}
END
expect cppcheck 'selftests/planted/planted\.c:[0-9]+: error: .*\[arrayIndexOutOfBounds\]'
expect clang-tidy 'selftests/planted/planted\.c:13:.*\[clang-analyzer-core\.NullDereference\]'

plant selftests/planted/planted.sh <<-END
	#!/bin/bash
	# SPDX-License-Identifier: GPL-2.0-only
	# A $typo word.
	echo \$1
END
expect shellcheck 'selftests/planted/planted\.sh:4:.*SC2086'
expect checkpatch 'selftests/planted/planted\.sh:3: CHECK:TYPO_SPELLING'
expect tree 'selftests/planted/planted\.sh:1: starts with #! but is not executable'

plant selftests/planted/planted.py <<-'END'
	#!/usr/bin/python3
	# SPDX-License-Identifier: GPL-2.0-only
	import os
END
expect python "planted\\.py:3.*'os' imported but unused"
printf 'def planted(:\n' | plant selftests/planted/broken.py
expect python 'selftests/planted/broken\.py'
expect spdx 'selftests/planted/broken\.py:1: no SPDX'

# --- documents -----------------------------------------------------------------------

plant Documentation/planted.rst <<-'END'
	.. SPDX-License-Identifier: GPL-2.0-only

	=======
	Planted
	====

	:doc:`nowhere`

	`Nowhere in it`_

	.. kernel-doc:: modules/planted-nowhere.c
END
expect rst 'Documentation/planted\.rst:.*overline'
expect rst 'there is no Documentation/nowhere\.rst'
expect rst 'kernel-doc: there is no modules/planted-nowhere\.c'
expect rst 'Unknown target name: "nowhere in it"'

sed -i 's/^cell1_id = ./&&/' selftests/utcp/vectors/utcp1.txt
expect vectors 'selftests/utcp/vectors/utcp1\.txt:[0-9]+: has cell1_id'

plant Documentation/planted.md <<-'END'
	<!-- SPDX-License-Identifier: GPL-2.0-only -->
	# Planted
	[gone](nowhere.md) [also gone](#no-such-heading) [there](#planted)
END
expect links 'Documentation/planted\.md:3: nowhere\.md: no such file'
expect links 'Documentation/planted\.md:3: #no-such-heading: .* no such heading'

plant Documentation/planted.8 <<-'END'
	.\" SPDX-License-Identifier: GPL-2.0-only
	.TH PLANTED 8 2020-01-01
	.SH NAME
	planted \- nothing
	.NOSUCHMACRO
	.SH SYNOPSIS
	.B planted
END
expect man 'Documentation/planted\.8:5:.*NOSUCHMACRO'

# --- what does not belong in the tree ------------------------------------------------

plant uapi/linux/utcp_planted.h <<-'END'
	/* SPDX-License-Identifier: MIT */
END
expect spdx 'utcp_planted\.h:1: licence MIT, but'
printf '# %s: later\n# %s/x\n# %s/x\n# see %s\n# space \n# no end' \
	"$note" "$copy" "$home" "$host" | plant tools/planted.mk
expect tree "note to self.*tools/planted\\.mk:1"
expect tree "path of one machine: tools/planted\\.mk:2"
expect tree "path of one machine: tools/planted\\.mk:3"
expect tree "package archive.*tools/planted\\.mk:4"
expect tree 'space at the end of the line: tools/planted\.mk:5'
expect tree 'tools/planted\.mk: the last line does not end'
printf '\0\1\2' | plant tools/planted
expect tree '^tools/planted: a binary'
printf 'x\n' | plant tools/planted.ko
git add -f tools/planted.ko
expect tree '^tools/planted\.ko: a build result'
{
	echo '// SPDX-License-Identifier: GPL-2.0-only'
	printf '/* line %s */\n' {2..901}
} | plant userspace/utcpctl/planted_long.c
expect tree '^userspace/utcpctl/planted_long\.c: 901 lines'
ln -s nowhere tools/planted-link
expect tree '^tools/planted-link: link to nowhere'

# -------------------------------------------------------------------------------------

mapfile -t checks < <(tools/check/run.sh -l | cut -d ' ' -f 1)
for name in "${checks[@]}"; do
	printf '%s\n' "${expected[@]}" | grep -q "^$name " || {
		echo "${0##*/}: nothing is planted for the check $name" >&2
		exit 1
	}
done
[ $# = 0 ] || checks=("$@")

# Two kernels tell as much about the checks as three.
status=0
CHECK_KERNELS=${CHECK_KERNELS:-6.1 6.12} tools/check/run.sh "${checks[@]}" >"$copy/.git/out" || status=$?
echo "TAP version 13"
number=0 failed=0
for line in "${expected[@]}"; do
	name=${line%% *}
	[[ " ${checks[*]} " = *" $name "* ]] || continue
	number=$((number + 1))
	if grep -v '^# ' "build/check/$name.log" | grep -qE -- "${line#* }"; then
		echo "ok $number - $name finds: ${line#* }"
	else
		failed=$((failed + 1))
		sed 's/^/#   /' "build/check/$name.log" | tail -n 40
		echo "not ok $number - $name finds: ${line#* }"
	fi
done
for name in "${checks[@]}"; do
	number=$((number + 1))
	if grep -qE "^not ok [0-9]+ - $name\$" "$copy/.git/out"; then
		echo "ok $number - $name fails"
	else
		failed=$((failed + 1))
		echo "not ok $number - $name fails"
	fi
done
number=$((number + 1))
if [ "$status" = 1 ]; then
	echo "ok $number - the run as a whole fails"
else
	failed=$((failed + 1))
	echo "not ok $number - the run as a whole fails (exit status $status)"
fi
echo "1..$number"
echo "# check selftest: $((number - failed)) passed, $failed failed, in $SECONDS s"
[ "$failed" = 0 ]
