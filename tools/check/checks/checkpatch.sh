#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: checkpatch --strict has nothing to say, but for what checkpatch.exceptions lists
# Needs: source
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need perl

exceptions=$CHECK_DIR/checkpatch.exceptions
patterns=() types=() lines=() hits=()
number=0
while IFS= read -r line; do
	number=$((number + 1))
	[[ $line =~ ^(#|$) ]] && continue
	if ! [[ $line =~ ^([^:]+):([A-Z0-9_]+):(.*[^[:space:]].*)$ ]]; then
		bad "${exceptions#"$PWD"/}:$number: not FILE-PATTERN:TYPE:REASON"
		continue
	fi
	patterns+=("${BASH_REMATCH[1]}")
	types+=("${BASH_REMATCH[2]}")
	lines+=("$number")
	hits+=(0)
done <"$exceptions"

mapfile -t list < <(c_files)
some 'C files' ${#list[@]}
# Of other texts it only knows the spelling.
mapfile -t texts < <(scripts '(ba|da)?sh|python3?|perl' sh; files '*.rst' '*.md' '*.yaml' '*.py')
some 'other files' ${#texts[@]}
checkpatch=("$(kernel_source)/scripts/checkpatch.pl" --strict --no-tree --terse --show-types
	--no-summary)
# With --terse and without summary, each line is FILE:LINE: LEVEL:TYPE: text. checkpatch
# leaves a file behind in the git tree in which it runs: let it be an empty one.
git init -q "$CHECK_TMP/void"
git -C "$CHECK_TMP/void" -c user.name=check -c user.email=check@localhost \
	commit -q --allow-empty -m 'nothing'
{
	cd "$CHECK_TMP/void"
	printf '%s\n' "${list[@]/#/$OLDPWD/}" |
		xargs -n 20 -P "$(half_the_cores)" "${checkpatch[@]}" -f || :
	printf '%s\n' "${texts[@]/#/$OLDPWD/}" | sort -u |
		xargs "${checkpatch[@]}" --types TYPO_SPELLING -f || :
	cd "$OLDPWD"
} 2>&1 | sed "s,^$PWD/,," >"$CHECK_TMP/out"

excused=0
while IFS= read -r line; do
	if [[ $line =~ ^([^:]+):[0-9]+:\ (ERROR|WARNING|CHECK):([A-Z0-9_]+): ]]; then
		for i in "${!patterns[@]}"; do
			# shellcheck disable=SC2053 # the right side is a pattern on purpose
			if [[ ${BASH_REMATCH[3]} = "${types[i]}" &&
				${BASH_REMATCH[1]} = ${patterns[i]} ]]; then
				hits[i]=1
				excused=$((excused + 1))
				continue 2
			fi
		done
	fi
	bad "$line"
done <"$CHECK_TMP/out"
note "$excused messages excused"
for i in "${!hits[@]}"; do
	[ "${hits[i]}" = 1 ] ||
		bad "${exceptions#"$PWD"/}:${lines[i]}: hides nothing any more: take it out"
done
