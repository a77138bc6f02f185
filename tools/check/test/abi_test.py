#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of abi.py: what it must let pass, and what it must not."""
import os
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import abi  # noqa: E402 (it is found by the line above)

SPEC = """\
    name: fam
    doc: A family.
    definitions:
      - {name: abi-version, type: const, value: 1}
      - {name: colour, type: enum, entries: [{name: red}, {name: green}]}
    attribute-sets:
      - name: thing
        attributes:
          - {name: id, type: u32, checks: {min: 1, max: 9}}
          - {name: label, type: string, checks: {max-len: 15}}
          - {name: colour, type: u32, enum: colour}
    operations:
      list:
        - name: thing-get
          attribute-set: thing
          do: {request: {attributes: [id]}, reply: {attributes: [id, label]}}
        - name: thing-set
          attribute-set: thing
          flags: [admin-perm]
          do: {request: {attributes: [id, label]}}
    mcast-groups:
      list: [{name: events, flags: [admin-perm]}]
"""

HEADER = """\
    #ifndef FAM_H
    #define FAM_H
    #include <linux/types.h>
    #define FAM_NAME "fam"
    #define FAM_RING_MAX 64
    enum { FAM_A_ID = 1, FAM_A_LABEL, __FAM_A_MAX, FAM_A_MAX = (__FAM_A_MAX - 1) };
    struct fam_slot { __u32 len; __u16 flags; __u16 reserved; };
    union fam_any { __u32 a; __u8 b[4]; };
    #endif
"""

LIBRARY = """\
    #ifndef LIB_H
    #define LIB_H
    enum utcp_kind { UTCP_ONE, UTCP_TWO };
    struct utcp_handle;
    int utcp_open(struct utcp_handle **handle, enum utcp_kind kind);
    static inline int utcp_inline(void) { return 0; }
    #endif
"""

MAP = """\
    LIBUTCP_0 {
    global:
        utcp_open; /* utcp_ghost; */
    local:
        *;
    };
"""


class Tree:
    """A small tree that abi.py can dump, with replacements made in its texts."""

    def __init__(self, **changes):
        self.texts = {"spec": SPEC, "header": HEADER, "library": LIBRARY, "map": MAP,
                      "make": "SONAME := libutcp.so.0\n"}
        for name, (old, new) in changes.items():
            assert old in self.texts[name], f"{old} is not in {name}"
            self.texts[name] = self.texts[name].replace(old, new)

    def dump(self):
        places = {"spec": "Documentation/netlink/specs/fam.yaml", "header": "uapi/linux/fam.h",
                  "library": "userspace/lib/include/utcp/lib.h",
                  "map": "userspace/lib/libutcp.map", "make": "userspace/Makefile"}
        with tempfile.TemporaryDirectory() as top:
            for name, place in places.items():
                path = os.path.join(top, place)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(textwrap.dedent(self.texts[name]))
            return abi.dump_tree(top)


class AbiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.old = Tree().dump()

    def losses(self, **changes):
        return abi.compare(self.old, Tree(**changes).dump())[0]

    def passes(self, **changes):
        self.assertEqual(self.losses(**changes), [])

    def fails(self, words, **changes):
        losses = self.losses(**changes)
        self.assertTrue(any(words in loss for loss in losses), f"{words} not in {losses}")

    def test_dump_sees_everything(self):
        for key, value in {
                "fam abi": "1",
                "fam attribute thing/label": "2 string",
                "fam definition colour entry green": "1",
                "fam operation thing-set": "2 admin-perm",
                "fam constant linux/fam.h FAM_NAME": '"fam"',
                "fam enumerator linux/fam.h FAM_A_MAX": "2",
                "fam struct linux/fam.h fam_slot":
                "{8: len@0 __u32; flags@4 __u16; reserved@6 __u16}",
                "fam union linux/fam.h fam_any": "{4: a@0 __u32; b@0 __u8[4]}",
                "libutcp abi": "0",
                "libutcp enumerator utcp/lib.h UTCP_TWO": "1",
                "libutcp function utcp_open":
                "int utcp_open (struct utcp_handle **, enum utcp_kind)",
                "libutcp symbol utcp_open": "LIBUTCP_0"}.items():
            self.assertEqual(self.old.get(key), value, key)
        self.assertNotIn("libutcp symbol utcp_ghost", self.old)
        self.assertNotIn("libutcp function utcp_inline", self.old)

    def test_same(self):
        self.passes()

    # Netlink

    def test_attribute_added_at_the_end(self):
        self.passes(spec=("enum: colour}\n    oper", "enum: colour}\n          "
                          "- {name: size, type: u64}\n    oper"))

    def test_attribute_inserted(self):
        self.fails("thing/label: changed from 2 string to 3 string",
                   spec=("- {name: label", "- {name: size, type: u64}\n          - {name: label"))

    def test_attribute_removed(self):
        self.fails("thing/colour: taken away",
                   spec=("          - {name: colour, type: u32, enum: colour}\n", ""))

    def test_attribute_type_changed(self):
        self.fails("thing/id: changed", spec=("name: id, type: u32", "name: id, type: u64"))

    def test_range_wider(self):
        self.passes(spec=("min: 1, max: 9", "min: 0, max: 10"))
        self.passes(spec=(", checks: {min: 1, max: 9}", ""))

    def test_range_narrower(self):
        self.fails("id max: changed from 9 to 8", spec=("max: 9", "max: 8"))
        self.fails("id min: changed from 1 to 2", spec=("min: 1", "min: 2"))
        self.fails("label max-len: changed", spec=("max-len: 15", "max-len: 14"))
        self.fails("where there was no limit",
                   spec=("type: u32, enum: colour", "type: u32, enum: colour, checks: {max: 1}"))

    def test_enum_entry(self):
        self.passes(spec=("{name: green}", "{name: green}, {name: blue}"))
        self.fails("entry green: changed from 1 to 2",
                   spec=("{name: green}", "{name: blue}, {name: green}"))

    def test_operation(self):
        self.fails("thing-set: taken away", spec=("name: thing-set", "name: thing-put"))
        self.fails("thing-set: changed", spec=("          flags: [admin-perm]\n", ""))
        self.fails("reply label: taken away", spec=("reply: {attributes: [id, label]}",
                                                    "reply: {attributes: [id]}"))
        self.passes(spec=("request: {attributes: [id]}", "request: {attributes: [id, colour]}"))

    def test_group(self):
        self.fails("group events: taken away", spec=("name: events", "name: news"))

    def test_number_raised(self):
        old = Tree().dump()
        new = Tree(spec=("value: 1}", "value: 2}"),
                   header=("__u32 len; __u16 flags", "__u16 flags; __u32 len")).dump()
        losses, raised = abi.compare(old, new)
        self.assertEqual((losses, raised), ([], ["fam"]))
        # The other way round the number goes down.
        self.assertTrue(abi.compare(new, old)[0])

    def test_number_of_another_component_does_not_count(self):
        self.fails("utcp_open: taken away", spec=("value: 1}", "value: 2}"),
                   map=("utcp_open;", ""))

    # uapi headers

    def test_enumerator(self):
        self.passes(header=("FAM_A_LABEL,", "FAM_A_LABEL, FAM_A_SIZE,"))
        self.fails("FAM_A_LABEL: changed from 2 to 3",
                   header=("FAM_A_LABEL,", "FAM_A_SIZE, FAM_A_LABEL,"))
        self.fails("FAM_A_LABEL: taken away", header=("FAM_A_LABEL,", ""))

    def test_constant(self):
        self.fails("FAM_NAME: changed", header=('"fam"', '"maf"'))
        self.passes(header=("RING_MAX 64", "RING_MAX 65"))
        self.fails("FAM_RING_MAX: changed from 64 to 63", header=("RING_MAX 64", "RING_MAX 63"))

    def test_struct(self):
        self.fails("fam_slot: changed", header=("__u32 len; __u16 flags", "__u16 flags; __u32 len"))
        self.fails("fam_slot: changed", header=("reserved;", "reserved; __u32 more;"))
        self.fails("fam_slot: changed", header=("__u16 reserved", "__be16 reserved"))
        self.fails("fam_any: changed", header=("b[4]", "b[8]"))
        self.passes(header=("union fam_any", "struct fam_new { __u32 x; };\n    union fam_any"))

    def test_struct_that_differs_for_32_bit_programs(self):
        with self.assertRaisesRegex(SystemExit, "differs for 32-bit"):
            Tree(header=("__u32 len;", "__u64 len;")).dump()

    # The library

    def test_symbol(self):
        self.fails("symbol utcp_open: taken away", map=("utcp_open;", "utcp_start;"))
        self.passes(map=("utcp_open;", "utcp_open; utcp_start;"))
        self.fails("symbol utcp_open: changed", map=("LIBUTCP_0", "LIBUTCP_1"))

    def test_prototype(self):
        self.fails("function utcp_open: changed",
                   library=("enum utcp_kind kind)", "enum utcp_kind kind, int flags)"))
        self.passes(library=("enum utcp_kind kind)", "enum utcp_kind which)"))

    def test_wildcard_export(self):
        with self.assertRaisesRegex(SystemExit, "named one by one"):
            Tree(map=("utcp_open;", "utcp_*;")).dump()

    def test_soname_raised(self):
        self.passes(make=("so.0", "so.1"), map=("utcp_open;", ""))


if __name__ == "__main__":
    unittest.main()
