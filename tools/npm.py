#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs a folder's npm packages from its lockfile, once: `npm.py FOLDER...`."""
import fcntl
import pathlib
import subprocess
import sys


def run(command, cwd, env=None):
    """Quiet when all is well; the whole output and the end of the program when not."""
    done = subprocess.run(command, cwd=cwd, env=env, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}")


def node_modules(folder):
    """`npm ci`, only when the lockfile is newer; safe against two builds at the same time."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".vonggac-stamp"
    with open(folder / ".npm-lock", "w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.exists() and stamp.stat().st_mtime_ns >= lock.stat().st_mtime_ns:
            return
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], folder)
        stamp.touch()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        node_modules(pathlib.Path(name).resolve())
