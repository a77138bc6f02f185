#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: specs, uapi headers and libutcp only gained since the last release
#
# The last release is the last tag v* that is in this branch's history. As long as
# there is none, or in a clone without tags, abi.baseline stands in for it: the state
# of the last release, brought up to date with each by
#   tools/check/abi.py dump . >tools/check/abi.baseline
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need gcc pahole bpftool ctags nm

# Is the comparison itself what it should be?
/usr/bin/python3 -B "$CHECK_DIR/test/abi_test.py" 2>"$CHECK_TMP/test" || bad_lines <"$CHECK_TMP/test"

abi=$CHECK_DIR/abi.py
"$abi" dump . >"$CHECK_TMP/new" || exit 1
tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || tag=
if [ -n "$tag" ]; then
	mkdir "$CHECK_TMP/tag"
	git archive "$tag" | tar -x -C "$CHECK_TMP/tag"
	"$abi" dump "$CHECK_TMP/tag" >"$CHECK_TMP/old" || exit 1
	note "compared with the tag $tag"
else
	cp "$CHECK_DIR/abi.baseline" "$CHECK_TMP/old"
	note 'compared with tools/check/abi.baseline: no tag v* is in the history of this branch'
fi
"$abi" compare "$CHECK_TMP/old" "$CHECK_TMP/new" >"$CHECK_TMP/result" || : >"$CHECK_TMP/.bad"
cat "$CHECK_TMP/result"
[ ! -e "$CHECK_TMP/.bad" ] ||
	bad 'raise the number of the component, or, if no release had this yet, renew abi.baseline'
some 'promises compared' "$(grep -vc '^#' "$CHECK_TMP/old")"
note "$(grep -cvxF -f "$CHECK_TMP/old" "$CHECK_TMP/new") new or changed since"

# What the version script promises, the library must have, and no more.
userspace
number=$(sed -n 's/^libutcp abi = //p' "$CHECK_TMP/new")
library=build/check/user/libutcp.so.$number
nm -D --defined-only "$library" | sed -n -E 's/^[0-9a-f]+ [^A] ([^@]+)(@.*)?$/\1/p' |
	sort >"$CHECK_TMP/exported"
sed -n 's/^libutcp symbol \(.*\) = .*/\1/p' "$CHECK_TMP/new" | sort >"$CHECK_TMP/promised"
sed -n 's/^libutcp function \([^ ]*\) = .*/\1/p' "$CHECK_TMP/new" | sort >"$CHECK_TMP/declared"
some 'exported symbols' "$(wc -l <"$CHECK_TMP/exported")"
comm -13 "$CHECK_TMP/exported" "$CHECK_TMP/promised" |
	sed 's/$/: in the version script, but not in the library/' | bad_lines
comm -23 "$CHECK_TMP/exported" "$CHECK_TMP/promised" |
	sed 's/$/: in the library, but not in the version script/' | bad_lines
comm -13 "$CHECK_TMP/promised" "$CHECK_TMP/declared" |
	sed 's/$/: in a public header, but not in the version script/' | bad_lines
comm -23 "$CHECK_TMP/promised" "$CHECK_TMP/declared" |
	sed 's/$/: in the version script, but in no public header/' | bad_lines
