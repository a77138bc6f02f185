#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The packages are installed: DKMS has built the modules for this kernel, and there is all
# that a user is told to use.
. "$(dirname "$0")/../lib.sh"

[ -n "${INSTALLED:-}" ] || skip_all "the packages are not installed: see vm/debian.sh"

dkms_built() {
	local name release

	release=$(uname -r)
	release=${release//[.+]/\\&}
	expect_match "DKMS has them" "^utcp/.*, $release, x86_64: installed\$" "$(dkms status)"
	for name in "${ALL_MODULES[@]}"; do
		expect_match "$name is found where DKMS puts it" \
			"^/lib/modules/$release/updates/dkms/$name\.ko(\.xz)?\$" \
			"$(modinfo -F filename "$name")"
		expect_match "and is signed" . "$(modinfo -F signer "$name")"
	done
}

loads() {
	local name

	expect_rc "without the modules something is missing" 3 utcpctl status
	expect_ok "modprobe loads them all" modprobe -a "${ALL_MODULES[@]}"
	for name in "${ALL_MODULES[@]}"; do
		expect_ok "$name is there" loaded "$name"
	done
	expect_ok "and nothing is missing" utcpctl status
}

tools() {
	expect_match "the tool is of the package" "^/usr/s?bin/utcpctl\$" "$(command -v utcpctl)"
	expect_match "netavark's plug-in answers" '"api_version": *"1\.0\.0"' \
		"$(/usr/libexec/netavark/utcp info)"
	expect_match "and the CNI's" '"supportedVersions"' \
		"$(CNI_COMMAND=VERSION /usr/lib/cni/utcp-cni </dev/null)"
}

run_tests \
	dkms_built "DKMS has built the modules for this Debian's own kernel" \
	loads "modprobe loads them" \
	tools "the tools are there"
