#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Mutated messages to every family: see ../lib/nlfuzz.c. The corpus is kept in
# corpus/all, and what only one family understands in corpus/FAMILY; a message
# that found a bug belongs there.
#
#	FUZZ	messages to each family, inside and outside a sandbox (2000)
#	SEED	of the mutations (default: a new one, which is printed)
. "$(dirname "$0")/../lib.sh"

count=${FUZZ:-2000}
seed=${SEED:-$((RANDOM << 15 | RANDOM))}

# A namespace whose limits and devices nobody else needs.
fuzz() {
	local family=$1 mark corpus

	mark=$(dmesg_mark)
	note "FUZZ=$count SEED=$seed"
	corpus=(corpus/all/*)
	[ ! -d "corpus/$family" ] || corpus+=("corpus/$family"/*)
	load_all
	# The corpus knows a device by its index, which those take that tunnels have in each
	# namespace, if some test has loaded them.
	must sysctl -qw net.core.fb_tunnels_only_for_init_net=1
	defer sysctl -qw net.core.fb_tunnels_only_for_init_net=0
	ns_add fuzz
	kernel_has dummy
	must ip -n fuzz link add name fz0 index 2 type dummy
	must ip -n fuzz link set fz0 up
	# what can be bound to a class or a policy
	case $family in
	utcp-shaper | utcp-acl) must "$UTCPCTL" -n fuzz port add fz0 policy ;;
	esac
	expect_ok "as root" ns fuzz "$SELFTESTS/lib/nlfuzz" \
		-n "$count" -s "$seed" "$family" "${corpus[@]}"
	expect_ok "in a sandbox" "$SELFTESTS/lib/nlfuzz" -u \
		-n "$count" -s "$((seed + 1))" "$family" "${corpus[@]}"
	must ip netns del fuzz
	unload_all
	expect_quiet "no complaint" "$mark"
}

netswitch() {
	fuzz netswitch
}

utcp() {
	fuzz utcp
}

utcp_acl() {
	fuzz utcp-acl
}

utcp_shaper() {
	fuzz utcp-shaper
}

# The corpus is worth something only if the families understand it.
corpus_is_good() {
	local file

	load_all
	for file in corpus/*/*; do
		expect_ok "$file is a message" "$SELFTESTS/lib/nlfuzz" -n 0 utcp "$file"
	done
	ns_add fuzz
	expect_ok "one of them, as it is" ns fuzz "$SELFTESTS/lib/nlfuzz" -k \
		utcp corpus/all/limits-set-one
	expect_match "does what it says" '^cells 5$' \
		"$(ns fuzz "$SELFTESTS/lib/nlctl" utcp get)"
	expect_fail "a file without a message" "$SELFTESTS/lib/nlfuzz" -n 0 utcp /dev/null
}

cd "$(dirname "$0")" || exit 1
run_tests \
	corpus_is_good "the corpus is made of messages" \
	netswitch "netswitch stands mutated messages" \
	utcp "utcp stands mutated messages" \
	utcp_acl "utcp_acl stands mutated messages" \
	utcp_shaper "utcp_shaper stands mutated messages"
