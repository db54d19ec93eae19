#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the files of a folder, all levels, for meson: `sources.py FOLDER [--tests|--fuzz|--all]`.

A C file is a test when its name ends in _test.c, a fuzz target when it ends in _fuzz.c; without a flag
only the product's own C files are printed; --all prints every file, of whatever kind. So a new file needs
no line in any list (tools/build notices it and configures anew).
"""
import pathlib
import sys

kinds = {"--tests": "_test.c", "--fuzz": "_fuzz.c"}
folder = pathlib.Path(sys.argv[1])
flag = sys.argv[2] if len(sys.argv) > 2 else None
for path in sorted(folder.rglob("*" if flag == "--all" else "*.c")):
    if flag == "--all":
        if path.is_file():
            print(path)
        continue
    special = next((k for k, end in kinds.items() if path.name.endswith(end)), None)
    if special == flag:
        print(path)
