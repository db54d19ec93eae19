#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds files into the program: `embed.py OUT.c SYMBOL FILE=NAME...`.

Writes `const vg_embedded SYMBOL[]` (name, bytes, size), ended by an empty row; each file's bytes are
followed by a NUL so that text can be used as a C string. The bytes come in by the assembler's .incbin:
a megabyte of console costs nothing to compile. OUT.c.d tells ninja what it depends on.
"""
import pathlib
import sys


def embed(out, symbol, items, depends=()):
    """items: (path, name) pairs; depends: further files and folders whose change makes OUT stale."""
    parts, rows = [], []
    for number, (path, name) in enumerate(items):
        path = pathlib.Path(path).resolve()
        label = f"{symbol}_{number}"
        parts.append(
            f'__asm__(".pushsection .rodata\\n.balign 16\\n{label}:\\n"\n'
            f'        ".incbin \\"{path}\\"\\n.byte 0\\n.popsection\\n");\n'
            f"extern const unsigned char {label}[];\n")
        rows.append(f'    {{"{name}", {label}, {path.stat().st_size}}},\n')
    out.write_text(
        '#include "base/embed.h"\n\n' + "".join(parts) + f"\nextern const vg_embedded {symbol}[];\n"
        f"const vg_embedded {symbol}[] = {{\n{''.join(rows)}    {{0}},\n}};\n", encoding="utf-8")
    sources = [str(pathlib.Path(p).resolve()) for p, _ in items] + [str(d) for d in depends]
    escaped = " ".join(s.replace(" ", "\\ ") for s in sources)
    out.with_name(out.name + ".d").write_text(f"{out}: {escaped}\n", encoding="utf-8")


if __name__ == "__main__":
    embed(pathlib.Path(sys.argv[1]), sys.argv[2], [item.rsplit("=", 1) for item in sys.argv[3:]])
