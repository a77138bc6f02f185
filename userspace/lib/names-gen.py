#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Write names_gen.c, the attribute names of the netlink families, from the specs.

The kernel reports a bad attribute by its place in the request. These tables
turn the place into a path such as "limits.ports", and tell the tool which
limits a family has.

  names-gen.py SPEC...           print names_gen.c
  names-gen.py --check SPEC...   compare with names_gen.c, show what differs
"""

import difflib
import os
import sys

import yaml

UNITS = {"in KiB": "LIBUTCP_UNIT_KIB"}


def const(*parts):
    return "-".join(parts).upper().replace("-", "_")


def c_name(*parts):
    return "_".join(parts).replace("-", "_")


def sentence(doc):
    """One C string; the unit is told apart."""
    text = " ".join((doc or "").split())
    for words in UNITS:
        text = text.replace(f", {words}", "")
    return text.replace("\\", "\\\\").replace('"', '\\"')


def unit(doc):
    for words, name in UNITS.items():
        if words in (doc or ""):
            return name
    return "LIBUTCP_UNIT_COUNT"


def order(sets):
    """Put each set behind those that it nests."""
    by_name = {s["name"]: s for s in sets}
    done, out = set(), []

    def visit(name, above):
        if name in above:
            sys.exit(f"attribute set {name} nests itself")
        if name in done:
            return
        for attr in by_name[name]["attributes"]:
            if "nested-attributes" in attr:
                visit(attr["nested-attributes"], above | {name})
        done.add(name)
        out.append(by_name[name])

    for s in sets:
        visit(s["name"], frozenset())
    return out


def attributes(fam, s, out):
    prefix = s.get("name-prefix", f"{fam}-a-{s['name']}-").rstrip("-")
    name = c_name(fam, s["name"])
    out.append(f"static const struct nl_name {name}_names[] = {{")
    for a in s["attributes"]:
        nest = a.get("nested-attributes")
        nest = f"&{c_name(fam, nest)}_set" if nest else "NULL"
        out.append("\t{")
        out.append(f"\t\t.type = {const(prefix, a['name'])},")
        out.append(f"\t\t.name = \"{a['name']}\",")
        out.append(f"\t\t.nest = {nest},")
        out.append("\t},")
    out.append("};")
    out.append("")
    out.append(f"static const struct nl_set {name}_set = {{")
    out.append(f"\t.names = {name}_names,")
    out.append(f"\t.n = NL_COUNT({name}_names),")
    out.append("};")
    out.append("")


def limits(fam, s, out):
    """The limits once more, with what a user wants to know of them."""
    out.append(f"static const struct utcp_limit_desc {c_name(fam)}_limits[] = {{")
    for a in s["attributes"]:
        top = a.get("checks", {}).get("max", "UINT32_MAX")
        out.append("\t{")
        out.append(f"\t\t.name = \"{a['name']}\",")
        out.append(f"\t\t.doc = \"{sentence(a.get('doc'))}\",")
        out.append(f"\t\t.max = {top},")
        out.append(f"\t\t.unit = {unit(a.get('doc'))},")
        out.append("\t},")
    out.append("};")
    out.append("")


def family(spec, out):
    fam = spec["name"]
    for s in order(spec["attribute-sets"]):
        attributes(fam, s, out)
        if s["name"] == "limits":
            limits(fam, s, out)
    ops = spec["operations"]
    prefix = ops.get("name-prefix", f"{fam}-cmd-").rstrip("-")
    table = c_name(fam, "ops")
    out.append(f"static const struct nl_op {table}[] = {{")
    sets = {}
    for op in ops["list"]:
        sets[op["name"]] = op.get("attribute-set") or sets[op["notify"]]
        out.append("\t{")
        out.append(f"\t\t.cmd = {const(prefix, op['name'])},")
        out.append(f"\t\t.set = &{c_name(fam, sets[op['name']])}_set,")
        out.append("\t},")
    out.append("};")
    out.append("")
    out.append(f"const struct nl_names {c_name(fam)}_names = {{")
    out.append(f"\t.limits = &{c_name(fam)}_limits_set,")
    out.append(f"\t.limit_descs = {c_name(fam)}_limits,")
    out.append(f"\t.ops = {table},")
    out.append(f"\t.n_ops = NL_COUNT({table}),")
    out.append("};")


def generate(paths):
    specs = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            specs.append(yaml.safe_load(f))
    out = [
        "// SPDX-License-Identifier: LGPL-2.1-or-later",
        "/* Do not edit: written by names-gen.py from Documentation/netlink/specs. */",
        "",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
    ]
    out += [f"#include <{s['uapi-header']}>" for s in specs]
    out += ["", '#include "names.h"']
    for s in specs:
        out.append("")
        family(s, out)
    return "\n".join(out) + "\n"


def main(args):
    check = args[:1] == ["--check"]
    paths = args[1:] if check else args
    if not paths:
        sys.exit(__doc__)
    text = generate(paths)
    if not check:
        sys.stdout.write(text)
        return 0
    committed = os.path.join(os.path.dirname(os.path.abspath(__file__)), "names_gen.c")
    with open(committed, encoding="utf-8") as f:
        old = f.read()
    diff = difflib.unified_diff(
        old.splitlines(True), text.splitlines(True), "names_gen.c", "names_gen.c (from the specs)"
    )
    sys.stdout.writelines(diff)
    return 0 if old == text else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
