#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check Markdown files: usage links.py FILE...

Every relative link must lead to a file that git has or would add, and every fragment
to a heading. Addresses on the network are not asked.
"""
import os
import re
import subprocess
import sys
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt


def inline_tokens(path):
    with open(path, encoding="utf-8") as file:
        tokens = MarkdownIt("commonmark").enable("table").parse(file.read())
    previous = None
    for token in tokens:
        if token.type == "inline":
            yield token, previous is not None and previous.type == "heading_open"
        previous = token


def anchors(path):
    """The fragments that forges make of the headings of a file."""
    found = set()
    for token, heading in inline_tokens(path):
        if heading:
            text = "".join(t.content for t in token.children
                           if t.type in ("text", "code_inline", "softbreak"))
            base = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            anchor, number = base, 0
            while anchor in found:
                number += 1
                anchor = f"{base}-{number}"
            found.add(anchor)
    return found


def targets(token):
    for child in token.children:
        target = child.attrGet("href") or child.attrGet("src")
        if target:
            yield target


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    known = set(subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout.splitlines())
    for name in list(known):
        while name := os.path.dirname(name):
            known.add(name)
    known.add(".")
    status = 0
    for path in sys.argv[1:]:
        for token, _ in inline_tokens(path):
            for target in targets(token):
                parts = urlsplit(target)
                if parts.scheme or parts.netloc:
                    continue
                place = f"{path}:{token.map[0] + 1}: {target}"
                file = path
                if parts.path:
                    file = os.path.normpath(
                        os.path.join(os.path.dirname(path), unquote(parts.path)))
                    if file not in known:
                        print(f"{place}: no such file in the project")
                        status = 1
                        continue
                if parts.fragment and file.endswith(".md"):
                    if unquote(parts.fragment) not in anchors(file):
                        print(f"{place}: {file} has no such heading")
                        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
