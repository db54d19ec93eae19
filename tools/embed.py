#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns files into C arrays: `embed.py OUT.c SYMBOL FILE=NAME...`.

Writes `const vg_embedded SYMBOL[]` (name, bytes, size), ended by an empty row; each file's bytes are
followed by a NUL so that text can be used as a C string.
"""
import pathlib
import sys

out, symbol, items = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
parts, rows = ['#include "base/embed.h"\n\n'], []
for number, item in enumerate(items):
    path, name = item.rsplit("=", 1)
    data = pathlib.Path(path).read_bytes()
    text = ",".join(map(str, data + b"\0"))
    parts.append(f"static const unsigned char file_{number}[] = {{{text}}};\n")
    rows.append(f'    {{"{name}", file_{number}, {len(data)}}},\n')
parts.append(f"\nconst vg_embedded {symbol}[] = {{\n{''.join(rows)}    {{0}},\n}};\n")
out.write_text("".join(parts))
