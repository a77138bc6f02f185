#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check reStructuredText: usage rst.py FILE...

docutils reads each file at its strictest. Of Sphinx, in which the kernel's documents
are written, it knows nothing: here are the few directives and roles that we use, each
of which checks that what it refers to exists.
"""
import os
import re
import sys

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles
from docutils.utils import Reporter, SystemMessage


def beside(document, target):
    """A path as Sphinx takes it: from the top of Documentation, or from the file."""
    if target.startswith("/"):
        return os.path.join("Documentation", target.lstrip("/"))
    return os.path.normpath(os.path.join(os.path.dirname(document), target))


class Toctree(Directive):
    has_content = True
    option_spec = {"maxdepth": directives.nonnegative_int, "caption": directives.unchanged,
                   "titlesonly": directives.flag, "hidden": directives.flag,
                   "glob": directives.flag, "numbered": directives.flag}

    def run(self):
        document = self.state.document.settings._source
        for entry in self.content:
            match = re.match(r".*<(.*)>$", entry)
            target = (match.group(1) if match else entry).strip()
            if target and not os.path.exists(beside(document, target) + ".rst"):
                raise self.error(f"toctree: there is no {beside(document, target)}.rst")
        return []


class KernelDoc(Directive):
    required_arguments = 1
    option_spec = {name: directives.unchanged for name in
                   ("doc", "export", "internal", "identifiers", "functions", "no-identifiers")}

    def run(self):
        path = self.arguments[0]
        if not os.path.exists(path):
            raise self.error(f"kernel-doc: there is no {path}")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        names = self.options.get("identifiers") or self.options.get("functions") or ""
        for name in names.split():
            if not re.search(rf"^\s*\* (?:struct |union |enum |typedef )?{name}\b", text, re.M):
                raise self.error(f"kernel-doc: {path} documents no {name}")
        if "doc" in self.options and f"DOC: {self.options['doc']}" not in text:
            raise self.error(f"kernel-doc: {path} has no DOC: {self.options['doc']}")
        return []


class CodeBlock(Directive):
    has_content = True
    optional_arguments = 1
    option_spec = {"caption": directives.unchanged, "linenos": directives.flag,
                   "emphasize-lines": directives.unchanged}

    def run(self):
        self.assert_has_content()
        return [nodes.literal_block("", "\n".join(self.content))]


def doc_role(_name, raw, text, line, inliner, _options=None, _content=None):
    match = re.match(r".*<(.*)>$", text, re.S)
    target = match.group(1) if match else text
    path = beside(inliner.document.settings._source, target) + ".rst"
    if not os.path.exists(path):
        message = inliner.reporter.error(f"doc: there is no {path}", line=line)
        return [inliner.problematic(raw, raw, message)], [message]
    return [nodes.literal(raw, text)], []


def plain_role(_name, raw, text, _line, _inliner, _options=None, _content=None):
    return [nodes.literal(raw, text)], []


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    directives.register_directive("toctree", Toctree)
    directives.register_directive("kernel-doc", KernelDoc)
    directives.register_directive("code-block", CodeBlock)
    roles.register_local_role("doc", doc_role)
    for name in ("ref", "c:func", "c:type", "c:macro", "c:struct"):
        roles.register_local_role(name, plain_role)
    status = 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            tree = publish_doctree(text, source_path=path, settings_overrides={
                "report_level": Reporter.INFO_LEVEL, "halt_level": Reporter.SEVERE_LEVEL + 1,
                "_disable_config": True, "input_encoding": "unicode",
                "warning_stream": open(os.devnull, "w", encoding="utf-8")})
        except SystemMessage as error:
            print(f"{path}: {error}")
            status = 1
            continue
        # What resolving references finds is kept apart until somebody writes the tree.
        for message in [*tree.findall(nodes.system_message), *tree.transform_messages]:
            # That a target is not referred to, or implicitly, is information only.
            if message["level"] < Reporter.WARNING_LEVEL:
                continue
            words = " ".join(message.astext().split())
            print(f"{path}:{message.get('line', 1)}: {words}")
            status = 1
        for reference in tree.findall(nodes.reference):
            target = reference.get("refuri", "")
            if re.match(r"[a-z+]+:|#", target) or not target:
                continue
            if not os.path.exists(os.path.join(os.path.dirname(path), target.split("#")[0])):
                print(f"{path}: link to {target}, which is not there")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
