#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# acl-bench.sh BENCH [SHAPE:RULES…] - what the classifier costs in user space, in
# instructions, counted by valgrind: to parse a frame, to find the rule without and
# with the cache, to build, insert, remove. BENCH is acl_bench, or acl_peer, which
# does what of this librte-acl can do. SHAPE may be a file of ClassBench rules.
set -euo pipefail

bench=$1
shift
[ $# -gt 0 ] || set -- {acl,fw,ipc}:{10,1000,10000,100000}

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

packets=1000 # of each measure_…() for a packet
edits=64     # of each for a rule

# cost FUNCTION DIVISOR
cost() {
	callgrind_annotate --inclusive=yes --threshold=100 "$out/callgrind" |
		awk -v f="measure_$1" -v n="$2" '$0 ~ ":" f "[ .]" || $0 ~ ":" f "$" {
			gsub(",", "", $1); printf "%.0f", $1 / n; found = 1; exit }
			END { if (!found) printf "-" }'
}

printf '%-24s %8s %8s %8s %10s %8s %8s\n' rules parse miss hit 'build/rule' insert remove
for what; do
	valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" --collect-atstart=no \
		--toggle-collect='measure_*' "$bench" "${what%:*}" "${what##*:}" $packets \
		>"$out/said" 2>"$out/log" || {
		cat "$out/log" "$out/said" >&2
		exit 1
	}
	said=$(sed 's/.* tables/tables/; s/, build.*//' "$out/said")
	printf '%-24s %8s %8s %8s %10s %8s %8s  %s\n' "$what" "$(cost parse $packets)" \
		"$(cost lookup $packets)" "$(cost cache $packets)" "$(cost build "${what##*:}")" \
		"$(cost insert $edits)" "$(cost remove $edits)" "$said"
done
