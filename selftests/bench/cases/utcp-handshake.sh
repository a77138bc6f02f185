# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # the variables are read by guest.sh
title="the handshake's cryptography alone; initiator, responder: all that an end does for one handshake; and what is checked before"
unit="per call"
boot=utcp-crypto
ours="initiator/none responder/none"
reference=""
repeat="*=0.5"

run() {
	local -A crypto_cost=()
	local rows row

	rows="message-1-write message-1-read-static message-1-read-payload message-2-write message-2-read"
	rows+=" mac1-check mac2-check cookie-reply lane-key counter-take counter-know"
	# shellcheck disable=SC2086 # a list of names
	if ! crypto_rows $rows; then
		absent initiator "no utcp_bench.ko in $MODULES"
		return
	fi
	for row in $rows; do
		result "$row" "$(awk -v c="${crypto_cost[$row]}" 'BEGIN { printf "%.1f\n", c / 1000 }')"
	done
	result initiator "$(((crypto_cost[message-1-write] + crypto_cost[message-2-read]) / 1000))"
	result responder "$(((crypto_cost[message-1-read-static] + crypto_cost[message-1-read-payload] +
		crypto_cost[message-2-write]) / 1000))"
}
