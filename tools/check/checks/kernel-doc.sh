#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Check: kernel-doc comments are complete, and whatever a public header declares has one
# Needs: source
#
# Public are the headers that other parts build on: modules/include (the in-kernel
# interface of netswitch) and userspace/lib/include (libutcp). A function may be documented
# where it is declared or where it is defined, as in the kernel. Shadow headers,
# which wrap one of the kernel's by #include_next, repeat the kernel's interface.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$CHECK_DIR/lib.sh"
need ctags

mapfile -t list < <(c_files | grep -E '^(modules|uapi|userspace)/')
some 'C files' ${#list[@]}
{
	"$(kernel_source)/scripts/kernel-doc" -none -Werror -Wreturn -Wshort-desc "${list[@]}" 2>&1 ||
		: >"$CHECK_TMP/.bad"
} | { grep -Ev '^[0-9]+ (warnings|errors) as Errors$' || :; } | bad_lines

# Names that have a comment "/** * [struct|union|enum|typedef] NAME"
awk 'FNR == 1 { open = 0 }
	/^[ \t]*\/\*\*$/ { open = 1; next }
	open {
		open = 0
		sub(/^[ \t]*\*[ \t]*/, "")
		sub(/^(struct|union|enum|typedef|define)[ \t]+/, "")
		if (match($0, /^[A-Za-z_][A-Za-z0-9_]*/))
			print substr($0, 1, RLENGTH)
	}' "${list[@]}" | sort -u >"$CHECK_TMP/documented"

headers=()
for file in "${list[@]}"; do
	[[ $file =~ ^(modules/include|userspace/lib/include)/.*\.h$ ]] || continue
	grep -q '#include_next' "$file" || headers+=("$file")
done
some 'public headers' ${#headers[@]}
# p: prototypes, f: inline functions, s: structs, u: unions
ctags --languages=C --langmap=C:.h --kinds-C=pfsu --fields=+Kn -x \
	--_xformat='%N %K %F:%n' -I '__must_check,__printf+,__always_inline' "${headers[@]}" |
	while read -r name kind place; do
		[[ $name != __anon* ]] || continue
		grep -qxF "$name" "$CHECK_TMP/documented" ||
			bad "$place: $kind $name has no kernel-doc comment"
	done
