#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: nothing is in the tree that does not belong there
#
# Binaries, notes to self, version gates, addresses of one machine, files that grew
# too long, odd names and white space.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"

mapfile -t list < <(files)
some 'files' ${#list[@]}

# search WHAT GREP-ARGS… -- FILE…
search() {
	local what=$1 line

	shift
	{ grep -nHI "$@" || :; } | while IFS= read -r line; do
		bad "$what: $line"
	done
}

# Names and kinds
mapfile -t named < <(printf '%s\n' "${list[@]}" | grep -E '^[A-Za-z0-9._/+@-]+$')
printf '%s\n' "${list[@]}" | grep -vE '^[A-Za-z0-9._/+@-]+$' |
	sed 's/$/: name with other characters than A-Z a-z 0-9 . _ + @ -/' | bad_lines || :
plain=()
for file in "${named[@]}"; do
	if [ -L "$file" ]; then
		[ -e "$file" ] || bad "$file: link to nowhere ($(readlink "$file"))"
		[[ $(readlink "$file") != /* ]] || bad "$file: link to an absolute path"
		continue
	fi
	case $file in
	*.ko | *.o | *.a | *.so | *.so.* | *.mod | *.mod.c | *.cmd | *.pyc | *.deb | *.tar | *.[gx]z | *.zst)
		bad "$file: a build result or an archive"
		;;
	*.orig | *.rej | *~ | *.swp | *.bak)
		bad "$file: left behind by an editor or a merge"
		;;
	# What a fuzzer starts from is bytes of any kind.
	*/corpus/*) ;;
	*) [ ! -s "$file" ] || plain+=("$file") ;;
	esac
done
# Of files that are not empty, those without a line of text are binaries.
grep -LI '' -- "${plain[@]}" >"$CHECK_TMP/binaries" || :
grep -vE '^Documentation/.*\.png$' "$CHECK_TMP/binaries" | sed 's/$/: a binary/' | bad_lines || :
mapfile -t texts < <(printf '%s\n' "${plain[@]}" | grep -vxF -f "$CHECK_TMP/binaries")
stat -c '%s %n' "${texts[@]}" | while read -r size file; do
	[ "$size" -le 262144 ] || bad "$file: $size bytes; no text here is longer than 256 KiB"
done

# Permissions: what starts with #! and is no part of others can be started, and only that
for file in "${texts[@]}"; do
	IFS= read -r first <"$file" || :
	if [[ ${first-} = '#!'* ]]; then
		case $file in
		# Read by their runner, which gives them what they need.
		tools/check/checks/*) ;;
		*) [ -x "$file" ] || bad "$file:1: starts with #! but is not executable" ;;
		esac
	elif [ -x "$file" ] && [[ $file != */debian/rules ]]; then
		bad "$file: executable without #!"
	fi
done

# White space
search 'space at the end of the line' -E '[[:blank:]]+$' -- "${texts[@]}"
search 'carriage return' $'\r' -- "${texts[@]}"
perl -e 'for (@ARGV) {
		open(my $file, "<", $_) or die "$_: $!";
		seek($file, -1, 2);
		print "$_: the last line does not end\n" if <$file> ne "\n";
	}' "${texts[@]}" | bad_lines

# Length
printf '%s\n' "${texts[@]}" | grep -E '^(modules|userspace)/' | xargs wc -l |
	while read -r lines file; do
		if [ "$lines" -gt 900 ] && [ "$file" != total ] && ! generated "$file"; then
			bad "$file: $lines lines; a file of more than 900 is two files"
		fi
	done

# Versions are asked for in one place only; everywhere else the newest kernel's way is used.
mapfile -t code < <(printf '%s\n' "${texts[@]}" | grep -E '\.[chS]$|Kbuild|Makefile' |
	grep -v '^modules/include/' || :)
search 'kernel version asked for outside modules/include' \
	-wE 'LINUX_VERSION_CODE|KERNEL_VERSION|LINUX_VERSION_MAJOR' -- "${code[@]}"

# Notes to self. The words are put together here so that this file has none of them.
words="TO""DO|FIX""ME|XX""X|HA""CK"
search 'a note to self; do it, or file an issue' -wE "$words" -- "${texts[@]}"
phrases="for n""ow\\b|not yet impl""emented|stub""bed out"
search 'a note to self; do it, or file an issue' -iE "$phrases" -- "${texts[@]}"

# Machines: this clone's own place, people's homes, and where this machine gets packages
patterns=("${PWD//./\\.}/")
place=${PWD#/}
place=/${place%%/*}/
case $place in
/bin/ | /boot/ | /dev/ | /etc/ | /home/ | /lib/ | /media/ | /mnt/ | /opt/ | /proc/) ;;
/root/ | /run/ | /sbin/ | /srv/ | /sys/ | /tmp/ | /usr/ | /var/) ;;
*) patterns+=("$place") ;;
esac
# What begins a path, so that "$CACHE"/x/ is not taken for /x/
start="(^|[[:space:]=(:,])[\"']?"
for pattern in "${patterns[@]}" '/home/[a-z]'; do
	search 'a path of one machine' -E "$start$pattern" -- "${texts[@]}"
done
hosts='\.debian\.(org|net)\b'
if command -v apt-get >/dev/null; then
	# shellcheck disable=SC2016 # $(REPO_URI) is for apt to expand
	while IFS= read -r host; do
		hosts+="|\\b${host//./\\.}\\b"
	done < <(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null |
		sed -n -E 's,^[a-z+]+://([^/:@]*@)?([^/:]+).*,\2,p' | sort -u)
fi
# Debian's copyright format names itself by its address.
mapfile -t texts < <(printf '%s\n' "${texts[@]}" | grep -v '/debian/copyright$')
search 'address of a package archive (ask apt for it)' -E "$hosts" -- "${texts[@]}"
