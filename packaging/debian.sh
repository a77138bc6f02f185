# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the packages have in common: sourced by deb.sh and modules-deb.sh, with
# TOP and VERSION set.

DEBIAN_MAINTAINER=$(sed -n 's/^Maintainer: //p' "$TOP/packaging/debian/control")

# Packages of one commit are the same bytes wherever and whenever they are made.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
	SOURCE_DATE_EPOCH=$(git -C "$TOP" log -1 --format=%ct 2>/dev/null) ||
		SOURCE_DATE_EPOCH=$(stat -c %Y "$TOP/VERSION")
fi
export SOURCE_DATE_EPOCH

# debian_changelog PACKAGE - in Debian's form; CHANGELOG.md says what changed
debian_changelog() {
	cat <<-CHANGELOG
		$1 ($VERSION) unstable; urgency=medium

		  * Release $VERSION; CHANGELOG.md of the source tells what is new.

		 -- $DEBIAN_MAINTAINER  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
	CHANGELOG
}
