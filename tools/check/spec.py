#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check netlink specs: usage spec.py SCHEMA SPEC...

First the kernel's own schema for new families (genetlink.yaml, which allows
nothing that is not described), then what the schema cannot say: that names
refer to something, and the rules that this project set itself.
"""
import os
import sys

import jsonschema
import yaml

# A message on 6.1 must be made without NLA_UINT, and attributes narrower than
# 32 bits save nothing because netlink pads them.
INTEGERS = {"u32", "u64", "s32", "s64"}
# Port numbers and EtherTypes travel as on the wire.
WIRE_INTEGERS = {"u16"}


class Loader(yaml.SafeLoader):
    """YAML that keeps line numbers and refuses a key that is there twice."""

    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        mapping = Dict()
        mapping.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in mapping:
                raise yaml.MarkedYAMLError(
                    None, None, f"key {key!r} is there twice", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping


class Dict(dict):
    line = 0


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG,
                       lambda loader, node: loader.construct_mapping(node))


class Spec:
    def __init__(self, path):
        self.path = path
        self.errors = 0
        with open(path, encoding="utf-8") as file:
            self.tree = yaml.load(file, Loader)

    def bad(self, where, text):
        self.errors += 1
        print(f"{self.path}:{getattr(where, 'line', 1) or 1}: {text}")

    def check_schema(self, schema):
        validator = jsonschema.Draft7Validator(schema)
        for error in validator.iter_errors(self.tree):
            where, line = self.tree, 1
            for key in error.absolute_path:
                where = where[key]
                line = getattr(where, "line", line)
            place = "/".join(str(key) for key in error.absolute_path)
            self.errors += 1
            print(f"{self.path}:{line}: {place or 'top'}: {error.message}")

    def check_named(self, kind, things):
        """Every thing has a name of its own, in lower case, and is documented."""
        seen = set()
        for thing in things:
            name = thing["name"]
            if name in seen:
                self.bad(thing, f"{kind} {name} is there twice")
            seen.add(name)
            if name != name.lower() or "_" in name:
                self.bad(thing, f"{kind} {name}: names are lower case with dashes")
            if not thing.get("doc", "").strip() and thing.get("type") != "pad":
                self.bad(thing, f"{kind} {name} has no doc")
        return seen

    def check_file(self):
        tree = self.tree
        name = os.path.splitext(os.path.basename(self.path))[0]
        if tree["name"] != name:
            self.bad(tree, f"family {tree['name']} is in {os.path.basename(self.path)}")
        if tree.get("protocol") != "genetlink":
            self.bad(tree, "protocol: genetlink is what new families use")

    def check_definitions(self):
        definitions = self.tree.get("definitions", [])
        self.check_named("definition", definitions)
        for definition in definitions:
            for entry in definition.get("entries", []):
                if isinstance(entry, str):
                    self.bad(definition, f"definition {definition['name']}: "
                             f"entry {entry} has no doc")
                elif not entry.get("doc", "").strip():
                    self.bad(entry, f"definition {definition['name']}: "
                             f"entry {entry['name']} has no doc")

    def check_attribute(self, attr_set, attr, enums, sets, requested):
        what = f"attribute {attr_set['name']}/{attr['name']}"
        kind = attr.get("type")
        checks = attr.get("checks", {})

        if "unspec" in attr["name"]:
            self.bad(attr, f"{what}: attributes start with 1, without an unspec")
        if attr.get("value") == 0:
            self.bad(attr, f"{what}: 0 is no attribute number")
        if kind in ("u8", "u16", "uint", "sint", "s8", "s16"):
            if not (kind in WIRE_INTEGERS and "byte-order" in attr):
                self.bad(attr, f"{what}: {kind} is not used; "
                         "u32, u64, s32, s64, or u16 with a byte-order, are")
        if kind == "indexed-array":
            self.bad(attr, f"{what}: arrays are multi-attr")
        if "nested-attributes" in attr and attr["nested-attributes"] not in sets:
            self.bad(attr, f"{what}: there is no attribute set {attr['nested-attributes']}")
        if kind == "nest" and "nested-attributes" not in attr:
            self.bad(attr, f"{what}: does not say what is nested")
        if "enum" in attr and attr["enum"] not in enums:
            self.bad(attr, f"{what}: there is no enum {attr['enum']}")
        if (attr_set["name"], attr["name"]) in requested:
            if kind == "string" and not {"max-len", "exact-len"} & checks.keys():
                self.bad(attr, f"{what}: a string from outside without max-len")
            if kind == "binary" and not {"max-len", "exact-len"} & checks.keys():
                self.bad(attr, f"{what}: bytes from outside without exact-len or max-len")

    def check_attributes(self, requested):
        sets = self.tree["attribute-sets"]
        names = {attr_set["name"] for attr_set in sets}
        if len(names) != len(sets):
            self.bad(self.tree, "an attribute set is there twice")
        enums = {d["name"] for d in self.tree.get("definitions", [])
                 if d["type"] in ("enum", "flags")}
        for attr_set in sets:
            attrs = attr_set["attributes"]
            if "subset-of" in attr_set:
                # A subset only picks; docs and types stand in the whole set.
                whole = self.attributes_of(attr_set["subset-of"])
                for attr in attrs:
                    if attr["name"] not in whole:
                        self.bad(attr, f"attribute {attr['name']} of {attr_set['name']} is "
                                 f"not in {attr_set['subset-of']}")
                continue
            self.check_named(f"attribute of {attr_set['name']},", attrs)
            for attr in attrs:
                self.check_attribute(attr_set, attr, enums, names, requested)

    def attributes_of(self, set_name):
        for attr_set in self.tree["attribute-sets"]:
            if attr_set["name"] == set_name:
                return {attr["name"]: attr for attr in attr_set["attributes"]}
        return {}

    def reach(self, set_name, names, found):
        """Add to found every (set, attribute) that names and their nests lead to."""
        attrs = self.attributes_of(set_name)
        for name in names:
            attr = attrs.get(name)
            if attr is None or (set_name, name) in found:
                continue
            found.add((set_name, name))
            nest = attr.get("nested-attributes")
            if nest:
                found.add((nest, None))
                self.reach(nest, self.attributes_of(nest), found)

    def check_operations(self):
        """Return the attributes that requests use."""
        operations = self.tree["operations"]["list"]
        groups = {g["name"] for g in self.tree.get("mcast-groups", {}).get("list", [])}
        names = self.check_named("operation", operations)
        requested, used, groups_used = set(), set(), set()

        for op in operations:
            what = f"operation {op['name']}"
            if "dont-validate" in op:
                self.bad(op, f"{what}: new families validate strictly")
            if op.get("value") == 0 or "unspec" in op["name"]:
                self.bad(op, f"{what}: operations start with 1, without an unspec")
            if "mcgrp" in op:
                groups_used.add(op["mcgrp"])
                if op["mcgrp"] not in groups:
                    self.bad(op, f"{what}: there is no multicast group {op['mcgrp']}")
            if "notify" in op or "event" in op:
                if "mcgrp" not in op:
                    self.bad(op, f"{what}: a notification without a multicast group")
                if "notify" in op and op["notify"] not in names:
                    self.bad(op, f"{what}: there is no operation {op['notify']}")
                if "event" in op:
                    used.add((op.get("attribute-set"), None))
                    self.reach(op.get("attribute-set"),
                               op["event"].get("attributes", []), used)
                continue
            if "do" not in op and "dump" not in op:
                self.bad(op, f"{what} has neither do nor dump")
                continue
            if op.get("attribute-set") not in {s["name"] for s in self.tree["attribute-sets"]}:
                self.bad(op, f"{what}: there is no attribute set {op.get('attribute-set')}")
                continue
            self.check_permission(op, what)
            self.check_messages(op, what, requested, used)

        for group in self.tree.get("mcast-groups", {}).get("list", []):
            if group["name"] not in groups_used:
                self.bad(group, f"multicast group {group['name']} is never used")
            if not group.get("flags"):
                self.bad(group, f"multicast group {group['name']} is open to everybody: "
                         "flags must name admin-perm or uns-admin-perm")
        self.check_unused(used | requested)
        return requested

    def check_permission(self, op, what):
        """Whatever changes something says what it takes to be allowed to."""
        if op["name"].endswith("-get") or op.get("flags"):
            return
        if "CAP_" not in op["doc"]:
            self.bad(op, f"{what}: has neither flags nor a doc that names the capability it asks for")

    def check_messages(self, op, what, requested, used):
        attrs = self.attributes_of(op["attribute-set"])
        used.add((op["attribute-set"], None))
        lists = {}
        for mode in ("do", "dump"):
            for message in ("request", "reply"):
                names = op.get(mode, {}).get(message, {}).get("attributes", [])
                lists[mode, message] = names
                for name in names:
                    if name not in attrs:
                        self.bad(op, f"{what}: {mode} {message}: "
                                 f"{op['attribute-set']} has no attribute {name}")
                    if names.count(name) > 1:
                        self.bad(op, f"{what}: {mode} {message}: {name} is there twice")
                self.reach(op["attribute-set"], names,
                           requested if message == "request" else used)
        if "do" in op and "dump" in op:
            # 6.1 has no split operations: one policy serves both.
            for message in ("request", "reply"):
                if set(lists["do", message]) != set(lists["dump", message]):
                    self.bad(op, f"{what}: do and dump have different {message} attributes; "
                             "on 6.1 they share one policy")
        if "dump" in op and not lists["dump", "reply"]:
            self.bad(op, f"{what}: a dump without a reply")

    def check_unused(self, used):
        subsets = {s["name"]: s["subset-of"] for s in self.tree["attribute-sets"]
                   if "subset-of" in s}
        for attr_set, name in list(used):
            if attr_set in subsets:
                used.add((subsets[attr_set], name))
        enums = set()
        for attr_set in self.tree["attribute-sets"]:
            for attr in attr_set["attributes"]:
                enums.add(attr.get("enum"))
                if attr.get("type") in ("pad", "unused"):
                    continue
                if (attr_set["name"], attr["name"]) not in used:
                    self.bad(attr, f"attribute {attr_set['name']}/{attr['name']} "
                             "is in no message")
        for definition in self.tree.get("definitions", []):
            if definition["type"] != "const" and definition["name"] not in enums:
                self.bad(definition, f"{definition['type']} {definition['name']} is never used")

    def check(self, schema):
        self.check_schema(schema)
        if self.errors:
            return  # The rest relies on the schema.
        self.check_file()
        self.check_definitions()
        self.check_attributes(self.check_operations())


def load_schema(path):
    """The schema of 6.12, and the one flag that later kernels added to it."""
    with open(path, encoding="utf-8") as file:
        schema = yaml.safe_load(file)

    def allow_uns_admin(node):
        if isinstance(node, dict):
            if node.get("enum") == ["admin-perm"]:
                node["enum"] = ["admin-perm", "uns-admin-perm"]
            for value in node.values():
                allow_uns_admin(value)
        elif isinstance(node, list):
            for value in node:
                allow_uns_admin(value)

    allow_uns_admin(schema)
    return schema


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    schema = load_schema(sys.argv[1])
    status = 0
    for path in sys.argv[2:]:
        try:
            spec = Spec(path)
            spec.check(schema)
            status |= spec.errors > 0
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            print(f"{path}:{mark.line + 1}: {error.problem}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
