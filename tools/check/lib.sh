# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the checks share. A check sources this file first; it runs at the top of
# the tree, has a folder of its own in $CHECK_TMP, and calls
#   bad TEXT      for each offence, as "FILE:LINE: what is wrong"
#   note TEXT     for what a reader wants to know although nothing is wrong
#   skip REASON   if the machine cannot give what the check needs
# It fails if bad was called (also from a pipe or a subshell) or if it exits with
# a status of its own.
set -euo pipefail

: "${CHECK_DIR:?run the checks by tools/check/run.sh}" "${CHECK_TMP:?}" "${CHECK:?}"

bad() {
	: >"$CHECK_TMP/.bad"
	printf '%s\n' "$*"
}

# bad_lines: each line of standard input is an offence.
bad_lines() {
	local line

	while IFS= read -r line; do
		bad "$line"
	done
}

note() {
	printf '# %s\n' "$*"
}

skip() {
	[ ! -e "$CHECK_TMP/.bad" ] || exit 1
	printf '%s\n' "$*"
	exit 4
}

at_exit() {
	local status=$?

	if [ "$status" = 0 ] && [ -e "$CHECK_TMP/.bad" ]; then
		exit 1
	fi
	exit "$status"
}
trap at_exit EXIT

# need PROGRAM…: the machine lacks what the list of packages should have brought.
need() {
	local program

	for program; do
		command -v "$program" >/dev/null || {
			bad "$program is not installed: see tools/check/packages (make deps installs them)"
			exit 1
		}
	done
}

# files [PATHSPEC…]: what git has or would add, that is, no build results. Names with
# spaces are refused by the check "tree", so callers may go by lines and words.
files() {
	git ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
		while IFS= read -r file; do
			if [ -e "$file" ] || [ -L "$file" ]; then
				printf '%s\n' "$file"
			fi
		done
}

# generated FILE: written from the specs, so that spec-regen is its check.
generated() {
	local head=()

	mapfile -n 5 head <"$1"
	[[ ${head[*]} =~ YNL-GEN|written\ by\ names-gen\.py ]]
}

# c_files: C of ours, without what is generated.
c_files() {
	local file

	for file in $(files 'modules/*.[ch]' 'uapi/*.[ch]' 'userspace/*.[ch]' \
		'selftests/*.[ch]' 'tools/*.[ch]'); do
		generated "$file" || printf '%s\n' "$file"
	done
}

# scripts SHELL-REGEX EXTENSION: scripts by their first line or their name.
scripts() {
	local file first

	for file in $(files); do
		if [ ! -f "$file" ] || [ -L "$file" ]; then
			continue
		fi
		case $file in
		*."$2")
			printf '%s\n' "$file"
			continue
			;;
		esac
		IFS= read -r first <"$file" 2>/dev/null || :
		if [[ ${first-} =~ ^#!.*[/\ ]($1)([\ ]|$) ]]; then
			printf '%s\n' "$file"
		fi
	done
}

# some WHAT COUNT: a check that looked at nothing has not passed.
some() {
	if [ "$2" = 0 ]; then
		bad "found no $1 to look at: the check's own file list is wrong"
		exit 1
	fi
	note "$2 $1"
}

# Kernel tools of Debian's linux-source-6.12.
kernel_source() {
	selftests/vm/source.sh
}

# half_the_cores: processes that a check may run at once; the runner starts two checks.
half_the_cores() {
	local n

	n=$(nproc)
	echo $(((n + 1) / 2))
}

# userspace: build it where checks look at the result, build/check/user.
userspace() {
	mkdir -p build/check
	(
		flock 9
		make --no-print-directory user "BUILD=$PWD/build/check" >"$CHECK_TMP/make" 2>&1
	) 9>build/check/.user.lock || {
		bad 'make user failed; its last words:'
		tail -n 20 "$CHECK_TMP/make"
		exit 1
	}
}

# compile_flags: make $CHECK_TMP/compile_flags.txt, one -I, -isystem, -D or -std a line. How
# userspace is compiled, its Makefile tells without compiling. Built it must be all the
# same: some sources are made on the way.
compile_flags() {
	local version

	userspace
	make --no-print-directory -nB user membrane V=1 "BUILD=$PWD/build/check" >"$CHECK_TMP/commands" 2>/dev/null
	/usr/bin/python3 -B "$CHECK_DIR/flags.py" "$PWD" <"$CHECK_TMP/commands" \
		>"$CHECK_TMP/compile_flags.txt"
	grep -q '^-I' "$CHECK_TMP/compile_flags.txt" || {
		bad 'make -nB user compiles nothing with -I: how is userspace compiled?'
		exit 1
	}
	# The selftests' programs get the version by another name, and the kernel's kselftest.h.
	version=$(cat VERSION)
	cat >>"$CHECK_TMP/compile_flags.txt" <<-END
		-DNL_VERSION_STRING="$version"
		-I$(kernel_source)/tools/testing/selftests
	END
}

# Kernels that the modules are built for. The planting test asks for fewer.
read -ra CHECK_KERNELS <<<"${CHECK_KERNELS:-6.1 6.12 7.2}"

# modules LOG KBUILD-ARGS MAKE-ARGS…: build the modules where "make modules KERNEL=" does, with
# the flags of the tests, so that neither has to do again what the other has done, and
# reduce what make said to the offences, one a line. Messages from outside the tree
# (sparse about the kernel's own headers) are only counted. Checks that build for the same
# kernel do so in turn and use the same objects: make must be given the same flags for
# the compiler by all of them.
modules() {
	local log=$1 kbuild_args=$2 status=0 links foreign

	shift 2
	[[ " $* " != *" KERNEL="* ]] || kbuild_args+=" UTCP_TEST=1"
	links=$PWD/build
	mkdir -p "$links/check"
	# -k: one file's offences shall not hide those of the next.
	flock "$links/check/.modules.lock" make --no-print-directory modules \
		"JOBS=$(half_the_cores)" "KBUILD_ARGS=-k W=1 WERROR=1 $kbuild_args" "$@" \
		>"$log" 2>&1 || status=$?
	# The objects stand beside links to the sources: name the sources.
	sed -i -E "s,$links/[^/ ]+/((modules|uapi)/),\1,g" "$log"
	# What is different about this machine's compiler and pahole is not about the code.
	grep -E '(warning|error|WARNING|ERROR)[:!]' "$log" |
		grep -vE '^warning: (the compiler|pahole version) differs' >"$log.all" || :
	# Relative paths are ours, and make and modpost speak without one.
	grep -E '^(/|\./|(arch|include)/)[^ ]*:[0-9]+:' "$log.all" >"$log.foreign" || :
	grep -vxF -f "$log.foreign" "$log.all" | sort -u >"$log.ours" || :
	foreign=$(wc -l <"$log.foreign")
	[ "$foreign" = 0 ] || note "$foreign messages about the kernel's own headers"
	bad_lines <"$log.ours"
	if [ "$status" != 0 ]; then
		bad "make modules $*: exit status $status; its last words:"
		tail -n 15 "$log" | sed 's/^/  /'
	fi
}
