#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The contract with user space as text, and the comparison of two states of it.

abi.py dump TREE          print the contract of the tree as lines KEY = VALUE
abi.py compare OLD NEW    print what NEW takes away or changes of OLD; status 1 if any

A key begins with its component: a netlink family, or libutcp. Each component has a
number ("COMPONENT abi"): the constant abi-version of the spec, the number in the
library's soname. While it stays, a component may only gain. What gains:
  * new keys;
  * enumerators and constants that count others (…_MAX) may grow;
  * messages may get further attributes, and ranges may become wider.
Structures may not change at all: whoever was compiled with the old one would read or
write beyond it.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

LIBRARY = "libutcp"
LIBRARY_DIR = "userspace/lib"
LIBRARY_HEADERS = "userspace/lib/include"
# linux/types.h wants asm/types.h also when compiling for 32 bit.
SYSTEM_INCLUDES = ["-isystem", "/usr/include/x86_64-linux-gnu"]


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)}: exit status {result.returncode}\n{result.stderr}")
    return result.stdout


def find(top, extension):
    for folder, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith(extension):
                yield os.path.join(folder, name)


# --- netlink specs -------------------------------------------------------------------

def dump_spec(path, out):
    with open(path, encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    family = spec["name"]
    for definition in spec.get("definitions", []):
        key = f"{family} definition {definition['name']}"
        if definition["type"] == "const":
            if definition["name"] == "abi-version":
                out[f"{family} abi"] = str(definition["value"])
            else:
                out[key] = str(definition["value"])
            continue
        out[key] = definition["type"]
        number = definition.get("value-start", 0)
        for entry in definition["entries"]:
            if isinstance(entry, str):
                entry = {"name": entry}
            number = entry.get("value", number)
            out[f"{key} entry {entry['name']}"] = str(number)
            number += 1
    for attr_set in spec["attribute-sets"]:
        if "subset-of" in attr_set:
            continue
        number = 1
        for attr in attr_set["attributes"]:
            number = attr.get("value", number)
            key = f"{family} attribute {attr_set['name']}/{attr['name']}"
            words = [str(number), attr["type"]]
            words += [f"{name}={attr[name]}" for name in
                      ("byte-order", "nested-attributes", "enum", "enum-as-flags",
                       "multi-attr", "sub-type") if name in attr]
            out[key] = " ".join(words)
            for name, value in attr.get("checks", {}).items():
                out[f"{key} {name}"] = str(value)
            number += 1
    number = 1
    for operation in spec["operations"]["list"]:
        number = operation.get("value", number)
        key = f"{family} operation {operation['name']}"
        out[key] = " ".join([str(number)] + sorted(operation.get("flags", [])))
        for mode in ("do", "dump"):
            if mode not in operation:
                continue
            out[f"{key} {mode}"] = operation["attribute-set"]
            for message in ("request", "reply"):
                names = (operation[mode].get(message) or {}).get("attributes", [])
                for name in names:
                    out[f"{key} {mode} {message} {name}"] = "yes"
        for name in ("notify", "mcgrp"):
            if name in operation:
                out[f"{key} {name}"] = operation[name]
        for name in operation.get("event", {}).get("attributes", []):
            out[f"{key} event {name}"] = "yes"
        number += 1
    for group in spec.get("mcast-groups", {}).get("list", []):
        out[f"{family} group {group['name']}"] = " ".join(sorted(group.get("flags", []))) or "-"


# --- C headers -----------------------------------------------------------------------

class Types:
    """The types of an object file, from its BTF."""

    def __init__(self, path):
        dump = json.loads(run("bpftool", "-j", "btf", "dump", "file", path))
        self.types = {t["id"]: t for t in dump["types"]}

    def name(self, number):
        if number == 0:
            return "void"
        t = self.types[number]
        kind = t["kind"]
        if kind in ("INT", "TYPEDEF", "FLOAT"):
            return t["name"]
        if kind == "PTR":
            return self.name(t["type_id"]) + " *"
        if kind == "ARRAY":
            return f"{self.name(t['type_id'])}[{t['nr_elems']}]"
        if kind in ("CONST", "VOLATILE", "RESTRICT"):
            return f"{kind.lower()} {self.name(t['type_id'])}"
        if kind == "FUNC_PROTO":
            params = ", ".join(self.name(p["type_id"]) for p in t["params"])
            return f"{self.name(t['ret_type_id'])} ({params})"
        if kind == "FWD":
            return f"{t['fwd_kind']} {t['name']}"
        word = {"STRUCT": "struct", "UNION": "union", "ENUM": "enum", "ENUM64": "enum"}[kind]
        if t["name"] != "(anon)":
            return f"{word} {t['name']}"
        if word == "enum":
            return f"enum of {t['size']}"
        return f"{word} {self.layout(t)}"

    def layout(self, t):
        members = []
        for member in t["members"]:
            place = str(member["bits_offset"] // 8)
            if member.get("bitfield_size"):
                place = f"{place}:{member['bits_offset'] % 8}+{member['bitfield_size']}"
            name = member["name"] if member["name"] != "(anon)" else ""
            members.append(f"{name}@{place} {self.name(member['type_id'])}")
        return f"{{{t['size']}: {'; '.join(members)}}}"


def evaluated(path, flags, names):
    """What the constants of a header come to; those that are no constants are left out."""
    with tempfile.TemporaryDirectory() as tmp:
        source = os.path.join(tmp, "constants.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(f'#include "{path}"\n')
            for name in names:
                file.write(f"ABI_CONSTANT {name} = {name}\n")
        text = run("gcc", "-E", "-P", *flags, source)
    values = {}
    for line in text.splitlines():
        match = re.match(r"ABI_CONSTANT .*? = (.*)", line)
        if match:
            values[names[len(values)]] = " ".join(match.group(1).split())
    return values


def dump_header(path, name, component, flags, out):
    """Enumerators, constants, structures and functions that one header defines."""
    tags = [json.loads(line) for line in run(
        "ctags", "--languages=C", "--langmap=C:.h", "--kinds-C=dgesutp", "--fields=+K",
        "--output-format=json", "-f", "-", path).splitlines()]
    tagged = {}
    for tag in tags:
        if not tag["name"].startswith("__anon"):
            tagged.setdefault(tag["kind"], []).append(tag["name"])

    with tempfile.TemporaryDirectory() as tmp:
        source = os.path.join(tmp, "header.c")
        objects = os.path.join(tmp, "header.o")
        prototypes = os.path.join(tmp, "prototypes")
        btf = os.path.join(tmp, "btf")
        with open(source, "w", encoding="utf-8") as file:
            file.write(f'#include "{path}"\nint abi_{os.getpid()};\n')
        # DWARF 4 is what Debian 12's pahole reads best.
        run("gcc", "-gdwarf-4", "-fno-eliminate-unused-debug-types",
            "-fno-eliminate-unused-debug-symbols", "-c", *flags, "-aux-info", prototypes,
            "-o", objects, source)
        run("pahole", f"--btf_encode_detached={btf}", objects)
        types = Types(btf)
        with open(prototypes, encoding="utf-8") as file:
            for line in file:
                match = re.match(r"/\* (.*):\d+:\w+ \*/ (?:extern )?(.*);", line)
                if match and os.path.realpath(match.group(1)) == os.path.realpath(path):
                    text = match.group(2)
                    function = re.search(r"(\w+) \(", text).group(1)
                    if not text.startswith("static "):
                        out[f"{component} function {function}"] = text

    enumerators = set(tagged.get("enumerator", []))
    structures = {("STRUCT", n) for n in tagged.get("struct", [])}
    structures |= {("UNION", n) for n in tagged.get("union", [])}
    typedefs = set(tagged.get("typedef", []))
    for t in types.types.values():
        if t["kind"] in ("ENUM", "ENUM64"):
            for value in t["values"]:
                if value["name"] in enumerators:
                    enumerators.discard(value["name"])
                    out[f"{component} enumerator {name} {value['name']}"] = str(value["val"])
        elif (t["kind"], t["name"]) in structures:
            structures.discard((t["kind"], t["name"]))
            out[f"{component} {t['kind'].lower()} {name} {t['name']}"] = types.layout(t)
        elif t["kind"] == "TYPEDEF" and t["name"] in typedefs:
            typedefs.discard(t["name"])
            out[f"{component} typedef {name} {t['name']}"] = types.name(t["type_id"])
    lost = sorted(enumerators) + sorted(n for _, n in structures) + sorted(typedefs)
    if lost:
        sys.exit(f"{path}: the compiler knows nothing of {', '.join(lost)}")

    # Include guards and macros with arguments have no value.
    with open(path, encoding="utf-8") as file:
        constants = re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+\S", file.read(), re.M)
    for constant, value in evaluated(path, flags, constants).items():
        out[f"{component} constant {name} {constant}"] = value


def dump_library(tree, out):
    folder = os.path.join(tree, LIBRARY_DIR)
    if not os.path.isdir(folder):
        return
    maps = list(find(folder, ".map"))
    if not maps:
        sys.exit(f"{folder}: no version script (*.map): which symbols does {LIBRARY} export?")
    for path in maps:
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/|#[^\n]*", "", file.read(), flags=re.S)
        for node, body in re.findall(r"(\w+(?:\.\w+)*)\s*\{(.*?)\}", text, re.S):
            scope = "global"
            for word in re.findall(r"\w+\s*:|[\w*?]+\s*;", body):
                if ":" in word:
                    scope = word.rstrip(": \t\n")
                elif scope == "global":
                    symbol = word.rstrip("; \t\n")
                    if "*" in symbol or "?" in symbol:
                        sys.exit(f"{path}: {symbol}: exported symbols are named one by one")
                    out[f"{LIBRARY} symbol {symbol}"] = node
    flags = ["-I", os.path.join(tree, LIBRARY_HEADERS), "-I", os.path.join(tree, "uapi")]
    for path in find(os.path.join(tree, LIBRARY_HEADERS), ".h"):
        name = os.path.relpath(path, os.path.join(tree, LIBRARY_HEADERS))
        dump_header(path, name, LIBRARY, flags, out)
    with open(os.path.join(tree, "userspace/Makefile"), encoding="utf-8") as file:
        numbers = re.findall(rf"^SONAME\s*:?=\s*{LIBRARY}\.so\.(\d+)\s*$", file.read(), re.M)
    if len(numbers) != 1:
        sys.exit(f"userspace/Makefile: no one line SONAME := {LIBRARY}.so.NUMBER")
    out[f"{LIBRARY} abi"] = numbers.pop()


def dump_tree(tree):
    out = {}
    families = {}
    for path in find(os.path.join(tree, "Documentation/netlink/specs"), ".yaml"):
        dump_spec(path, out)
        family = os.path.basename(path)[:-len(".yaml")]
        families[family.replace("-", "_")] = family
        if f"{family} abi" not in out:
            sys.exit(f"{path}: no definition abi-version")
    uapi = os.path.join(tree, "uapi")
    for path in find(uapi, ".h"):
        name = os.path.relpath(path, uapi)
        stem = os.path.basename(path)[:-len(".h")]
        # netswitch_ring.h belongs to netswitch: the longest family that begins the name.
        owners = [f for f in families if stem == f or stem.startswith(f + "_")]
        if not owners:
            sys.exit(f"{path}: belongs to no family ({', '.join(sorted(families))})")
        component = families[max(owners, key=len)]
        narrow, wide = {}, {}
        dump_header(path, name, component, ["-I", uapi, "-m32", *SYSTEM_INCLUDES], narrow)
        dump_header(path, name, component, ["-I", uapi], wide)
        for key in wide:
            if narrow.get(key) != wide[key]:
                sys.exit(f"{path}: {key} differs for 32-bit programs:\n"
                         f"  {narrow.get(key)}\n  {wide[key]}")
        out.update(wide)
    dump_library(tree, out)
    return out


# --- comparison ----------------------------------------------------------------------

def read(path):
    lines = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            key, separator, value = line.partition(" = ")
            if not separator or key in lines:
                sys.exit(f"{path}:{number}: not a line KEY = VALUE, or there twice")
            lines[key] = value
    return lines


def integer(text):
    try:
        return int(text, 0)
    except ValueError:
        return None


def gains(key, old, new):
    """May this value become that one, with programs that know only the old?"""
    before, after = integer(old), integer(new)
    if before is None or after is None:
        return False
    if re.search(r" (enumerator|constant) .*_MAX$", key) or key.endswith((" max", " max-len")):
        return after >= before
    if key.endswith((" min", " min-len")):
        return after <= before
    return False


def compare(old, new):
    """Return what is lost, and which components have a new number."""
    losses, raised = [], []
    components = {key.split(" ", 1)[0] for key in old}
    for component in sorted(components):
        key = f"{component} abi"
        before, after = integer(old.get(key, "")), integer(new.get(key, ""))
        if before is None:
            losses.append(f"{component}: its number is missing in the old state")
        elif after is None:
            losses.append(f"{component}: gone altogether")
        elif after < before:
            losses.append(f"{component}: its number went from {before} down to {after}")
        elif after > before:
            raised.append(component)
    for key, value in old.items():
        component = key.split(" ", 1)[0]
        if component in raised or key == f"{component} abi" or f"{component} abi" not in new:
            continue
        if key not in new:
            # A limit on a value that is gone lets more through, not less.
            if not re.search(r" attribute \S+ (min|max|min-len|max-len)$", key):
                losses.append(f"{key}: taken away (was {value})")
        elif new[key] != value and not gains(key, value, new[key]):
            losses.append(f"{key}: changed from {value} to {new[key]}")
    for key in new:
        # A new limit on a value that was free, on the other hand, refuses what was allowed.
        match = re.match(r"((\S+) attribute \S+) (min|max|min-len|max-len|exact-len|flags-mask)$", key)
        if match and key not in old and match.group(1) in old and match.group(2) not in raised:
            losses.append(f"{key}: {new[key]}, where there was no limit")
    return losses, raised


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "dump":
        print("# SPDX-License-Identifier: GPL-2.0-only")
        for key, value in sorted(dump_tree(os.path.abspath(sys.argv[2])).items()):
            print(f"{key} = {value}")
        return 0
    if len(sys.argv) == 4 and sys.argv[1] == "compare":
        losses, raised = compare(read(sys.argv[2]), read(sys.argv[3]))
        for component in raised:
            print(f"# {component} has a new number: its old programs know that they are too old")
        for loss in losses:
            print(loss)
        return 1 if losses else 0
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
