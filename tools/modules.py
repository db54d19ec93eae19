#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the table of modules from the one list in src/domain/meson.build: `modules.py OUT NAME...`."""
import pathlib
import sys

names = sys.argv[2:]
text = '#include "core/module.h"\n\n'
text += "".join(f"extern const vg_module vg_module_{n};\n" for n in names)
text += "\nconst vg_module *const vg_modules[] = {\n"
text += "".join(f"    &vg_module_{n},\n" for n in names) + "    NULL,\n};\n"
pathlib.Path(sys.argv[1]).write_text(text)
