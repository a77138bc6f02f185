#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Read what "make -n" prints, write the -I, -isystem, -D and -std of its C compilations,
one a line.

usage: flags.py TOP. Folders become absolute; relative ones are looked for in TOP and in
userspace, where the Makefile that compiles is.
"""
import os
import shlex
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    top = sys.argv[1]
    flags = []
    # A command may go on over several lines.
    for line in sys.stdin.read().replace("\\\n", " ").splitlines():
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        if "-c" not in words:
            continue
        for i, word in enumerate(words):
            if word in ("-I", "-D", "-isystem") and i + 1 < len(words):
                word += words[i + 1]
            if word.startswith("-I") and len(word) > 2 and not os.path.isabs(word[2:]):
                for base in (os.path.join(top, "userspace"), top):
                    if os.path.isdir(os.path.join(base, word[2:])):
                        word = "-I" + os.path.normpath(os.path.join(base, word[2:]))
                        break
            if (word[:2] in ("-I", "-D") and len(word) > 2
                    or word.startswith(("-std=", "-isystem/"))):
                if word not in flags:
                    flags.append(word)
    print("\n".join(flags))


if __name__ == "__main__":
    main()
