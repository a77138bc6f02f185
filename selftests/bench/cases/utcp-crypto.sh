# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="ChaCha20-Poly1305 alone, over the kernel's library, from one buffer to another; both-: one end seals, the other opens"
unit="per byte"
boot=utcp-crypto
ours="both-64/none both-1400/none both-8900/none"
reference=""
repeat="*=0.5"

run() {
	local -A crypto_cost=()
	local size kind

	if ! crypto_rows {seal,open}-{64,1400,8900}; then
		absent both-1400 "no utcp_bench.ko in $MODULES"
		return
	fi
	for size in 64 1400 8900; do
		for kind in seal open; do
			result "$kind-$size" "$(awk -v c="${crypto_cost[$kind-$size]}" -v n="$size" \
				'BEGIN { printf "%.3f\n", c / 1000 / n }')"
		done
		result "both-$size" "$(awk -v c="${crypto_cost[seal-$size]}" -v d="${crypto_cost[open-$size]}" \
			-v n="$size" 'BEGIN { printf "%.3f\n", (c + d) / 1000 / n }')"
	done
}
