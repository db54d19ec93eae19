#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bundles the console and builds it in: `web.py OUT.c WORK_DIR CATALOGUE_JSON`, or `web.py OUT.c --none`.

Runs `npm ci` only when web/node_modules is older than the lockfile, then `node web/build.mjs WORK_DIR`
(the catalogue's path in VG_CATALOGUE), and embeds every file found there as vg_web_files[], named by its
path. Without a console one page says so: the program always links and always answers.
"""
import os
import pathlib
import shutil
import sys

from embed import embed
from npm import node_modules, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
SKIP = {"node_modules", "dist"}
PLACEHOLDER = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>vonggac</title>
<p>Bản dựng này không có giao diện. / This build has no console (meson option web=false).</p>
</html>
"""


def inputs():
    """The console's own files and folders (a folder's time changes when a file comes or goes)."""
    for base, dirs, files in os.walk(WEB):
        dirs[:] = sorted(d for d in dirs if d not in SKIP and not d.startswith("."))
        yield pathlib.Path(base)
        yield from (pathlib.Path(base) / f for f in sorted(files) if not f.startswith(".npm-lock"))


def main():
    out, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if str(work) == "--none":
        page = out.with_suffix(".html")
        page.write_text(PLACEHOLDER, encoding="utf-8")
        embed(out, "vg_web_files", [(page, "index.html")], [])
        return
    node_modules(WEB)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    catalogue = pathlib.Path(sys.argv[3]).resolve()
    run(["node", str(WEB / "build.mjs"), str(work.resolve())], WEB, {**os.environ, "VG_CATALOGUE": str(catalogue)})
    files = sorted(p for p in work.rglob("*") if p.is_file())
    if work / "index.html" not in files:
        sys.exit(f"web/build.mjs wrote no index.html into {work}")
    # The folder itself would change with npm's guard file: the files and subfolders are enough.
    depends = [p for p in inputs() if p != WEB] + [catalogue]
    embed(out, "vg_web_files", [(p, p.relative_to(work).as_posix()) for p in files], depends)


if __name__ == "__main__":
    main()
