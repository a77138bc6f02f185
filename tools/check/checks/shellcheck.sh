#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: shellcheck has nothing to say about any shell script
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need shellcheck

mapfile -t list < <(scripts '(ba|da)?sh' sh)
some 'shell scripts' ${#list[@]}
# SC2317 takes functions that are called through a variable or a trap for unreachable;
# SC1091 is about files that exist only where the script runs.
printf '%s\n' "${list[@]}" |
	xargs -P "$(half_the_cores)" -n 12 shellcheck --external-sources \
		--source-path=SCRIPTDIR --exclude=SC2317,SC1091 --format=gcc | sort | bad_lines
