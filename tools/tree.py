# SPDX-License-Identifier: Apache-2.0
"""Which files belong to the project: everything under the root that .gitignore does not name.

Not asked of git: a copied tree and a clone owned by another user have no answer from it. The checks take
another root as their argument, so that each is itself tested on a bad tree (tests/checks/).
"""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIP = {".git", "node_modules", "__pycache__", ".demo", "out", ".cache"}


def root():
    """The tree to check: the first argument, else this project."""
    return pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT


def walk(top, under=".", ends=("",)):
    """Yields (path, name relative to top) of the project's files, in order."""
    for base, dirs, files in os.walk(top / under):
        at = pathlib.Path(base)
        dirs[:] = sorted(d for d in dirs if d not in SKIP and not (at == top and d.startswith("build"))
                         and not (at == top / "web" and d == "dist"))
        for name in sorted(files):
            if name.endswith(tuple(ends)) and name != ".npm-lock" and not name.endswith(".log"):
                path = at / name
                yield path, path.relative_to(top).as_posix()


def finish(faults, what):
    """Prints the faults, or what was looked at; the exit code follows."""
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else what)
    sys.exit(1 if faults else 0)
