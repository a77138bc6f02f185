# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the scripts in this directory share: messages, the cache, and a private
# apt that reads suites the machine itself does not use.

# The scripts run before anything is built and from any directory.
VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
PROJECT=$(cd "$VM_DIR/../.." && pwd -P)
CACHE=${UTCP_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/utcp}
case $CACHE in
*[[:space:]]*) echo "$CACHE: a cache directory with spaces in its name defeats make" >&2 && exit 1 ;;
/*) ;;
*) CACHE=$PWD/$CACHE ;;
esac
export VM_DIR PROJECT CACHE

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit "${DIE_STATUS:-1}"
}

# need COMMAND... - refuse to start rather than fail half way
need() {
	local c

	for c; do
		command -v "$c" >/dev/null ||
			die "$c: not found (the packages needed are listed in selftests/vm/packages)"
	done
}

# short_hash - a name for whatever is on standard input
short_hash() {
	sha256sum | cut -c1-12
}

# with_lock NAME COMMAND... - one at a time over all processes using this cache
with_lock() {
	local fd rc=0
	local name=$1

	shift
	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$name"
	if ! flock -n "$fd"; then
		say "waiting for another run that makes $name"
		flock "$fd"
	fi
	# In a subshell without the descriptor, so that nothing started there
	# keeps the lock; not behind "||", which would switch errexit off.
	set +e
	(
		exec {fd}>&-
		set -e
		"$@"
	)
	rc=$?
	set -e
	exec {fd}>&-
	return "$rc"
}

# cached DIR COMMAND... - make DIR with COMMAND TEMP, unless it is there.
# DIR appears complete or not at all.
cached() {
	local dir=$1

	shift
	[ -d "$dir" ] && return
	with_lock "$(basename "$dir")" make_entry "$dir" "$@"
}

make_entry() {
	local dir=$1 temp=$1.tmp

	shift
	# Made while this run waited for the lock.
	[ -d "$dir" ] && return
	# Whoever began this is gone: the lock is ours.
	rm -rf --one-file-system "$temp"
	mkdir -p "$temp"
	"$@" "$temp"
	mv -T "$temp" "$dir"
}

# ---------------------------------------------------------------------------
# apt

# archive_uri main|security - where this machine gets Debian from.  The main
# archive is the one that has a suite next to its "-updates".
archive_uri() {
	# shellcheck disable=SC2016 # these are apt's variables
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' | awk -v want="$1" '
		$3 != "main" { next }
		$2 ~ /-security$/ { if (!security) security = $1; next }
		{ uri[$2] = $1 }
		END {
			for (r in uri)
				if (r "-updates" in uri && uri[r "-updates"] == uri[r])
					main = uri[r]
			if (want == "security")
				main = security
			if (main)
				print main
		}' | grep . ||
		die "this machine's apt configuration names no $1 archive of Debian"
}

# apt_keyring - the archive keys of the machine
apt_keyring() {
	local f

	for f in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
		[ -r "$f" ] && echo "$f" && return
	done
	die "no keyring of Debian's archive: install debian-archive-keyring"
}

# apt_private COMMAND SUITE ARGS... - apt-get or apt-cache for one suite, apart
# from the machine's apt and dpkg
apt_private() {
	local command=$1 suite=$2

	shift 2
	"$command" -c "$CACHE/apt/$suite/apt.conf" "$@"
}

# apt_update SUITE - fetch the suite's index
apt_update() {
	with_lock "apt-$1" do_apt_update "$1"
}

do_apt_update() {
	local suite=$1 dir=$CACHE/apt/$1 uri keyring

	case $suite in
	*-security) uri=$(archive_uri security) ;;
	*) uri=$(archive_uri main) ;;
	esac
	keyring=$(apt_keyring)
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	echo "deb [arch=amd64 target=Packages signed-by=$keyring] $uri $suite main" \
		>"$dir/sources.list"
	# Hooks of the machine (docker-clean, command-not-found, …) have no
	# business with these lists.  A suite that is no longer refreshed has
	# an expired Release file; its signature counts all the same.
	cat >"$dir/apt.conf" <<-CONF
		Dir::Etc::SourceList "$dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State::Lists "$dir/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$dir/cache";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "$(id -un)";
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
		Acquire::Retries "3";
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
	CONF
	if ! apt_private apt-get "$suite" -qq update >"$dir/update.log" 2>&1 ||
	   grep -q '^[EW]:' "$dir/update.log"; then
		cat "$dir/update.log" >&2
		die "cannot read $suite from $uri (a missing key means that debian-archive-keyring is too old)"
	fi
	date +%s >"$dir/stamp"
}

# apt_ready SUITE - have an index, of any age
apt_ready() {
	[ -e "$CACHE/apt/$1/stamp" ] || apt_update "$1"
}

# apt_version SUITE PACKAGE - the candidate's version, empty if there is none
apt_version() {
	apt_private apt-cache "$1" policy "$2" |
		awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# apt_fetch SUITE DIR PACKAGE... - download packages into DIR
apt_fetch() {
	local suite=$1 dir=$2

	shift 2
	mkdir -p "$dir"
	if ! (cd "$dir" && apt_private apt-get "$suite" -qq download "$@" >&2); then
		# The index may be older than what the archive still holds.
		apt_update "$suite"
		(cd "$dir" && apt_private apt-get "$suite" -qq download "$@" >&2) ||
			die "cannot download $* from $suite"
	fi
}

# pinned NAME COMMAND... - the first line COMMAND printed when NAME was first
# asked for.  A cache that works without the network has to remember what it
# chose; UTCP_UPDATE=1 asks anew.
pinned() {
	local pin=$CACHE/pin/$1 value

	shift
	if [ ! -s "$pin" ] || [ -n "${UTCP_UPDATE:-}" ]; then
		value=$("$@")
		[ -n "$value" ] || return 1
		mkdir -p "${pin%/*}"
		printf '%s\n' "$value" >"$pin.$$" && mv "$pin.$$" "$pin"
	fi
	head -n 1 "$pin"
}
