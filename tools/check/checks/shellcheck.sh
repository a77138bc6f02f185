#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: shellcheck has nothing to say about any shell script
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need shellcheck

mapfile -t list < <(scripts '(ba|da)?sh' sh)
some 'shell scripts' ${#list[@]}
printf '%s\n' "${list[@]}" |
	xargs -P "$(half_the_cores)" -n 12 shellcheck --external-sources \
		--source-path=SCRIPTDIR --format=gcc | sort | bad_lines
