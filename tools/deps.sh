#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deps.sh PURPOSE...
#
# Makes sure that the Debian packages for the purposes (build test check bench package)
# are installed. Says nothing when they are. What is missing it names first, and
# installs only as root; for others it prints the command and fails.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

list_of() {
	case $1 in
	build) echo "$top/tools/packages" ;;
	test) echo "$top/selftests/vm/packages" "$top/selftests/packages" ;;
	check) echo "$top/tools/check/packages" ;;
	bench) echo "$top/selftests/bench/packages" ;;
	package) echo "$top/packaging/packages" ;;
	*)
		echo "deps.sh: no such purpose: $1 (build, test, check, bench, package)" >&2
		exit 1
		;;
	esac
}

lists=()
for purpose in "$@"; do
	files=$(list_of "$purpose")
	read -ra files <<<"$files"
	lists+=("${files[@]}")
done
mapfile -t wanted < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${lists[@]}" | sort -u)

missing=()
for package in "${wanted[@]}"; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1) || state=
	[ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "deps.sh: these packages are missing; run this as root, or: sudo apt-get install ${missing[*]}" >&2
	exit 1
fi
echo "  APT     installing with apt-get: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update -q && apt-get install -qy --no-install-recommends "${missing[@]}"; } \
	</dev/null >"$log" 2>&1; then
	cat "$log" >&2
	echo "deps.sh: apt-get could not install: ${missing[*]}" >&2
	exit 1
fi
