#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the checks on bad trees: a check that cannot fail proves nothing.

Each case writes a tree with one fault into a temporary folder and demands that the check finds it, by the
words it should say; the last cases are good trees that must pass. A module made by
tools/new-module must compile and keep the same checks.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "tools"
HEAD = "// SPDX-License-Identifier: Apache-2.0\n// What it is for.\n"
HEADER = HEAD + "#pragma once\n"
# check, file, its text, what the check must say ("" = must pass)
CASES = [
    ("layers", "src/base/a.c", '#include "core/x.h"\n', "base may include only nothing"),
    ("layers", "src/engine/a.c", '#include "store/store.h"\n', "engine may include only base"),
    ("layers", "src/http/a.c", '#include "domain/gate/gate.h"\n', "http may include only"),
    ("layers", "src/domain/gate/a.c", '#include "domain/duty/duty.h"\n', "may not include a sibling"),
    ("layers", "src/cellar/a.c", "int a;\n", "no layer 'cellar'"),
    ("layers", "src/domain/gate/a.c", "int f(void) { return connect(1, 0, 0); }\n", "outgoing connection belongs"),
    ("layers", "src/notify/a.c", "int f(void) { return mosquitto_connect_bind_async(m, h, 1883, 9, 0); }\n",
     "by a library belongs"),
    ("layers", "src/notify/a.c", "int f(void) { return curl_easy_perform(c); }\n", "by a library belongs"),
    ("layers", "src/ingest/mqtt/a.c", "void f(void) { mosquitto_connect_callback_set(m, g); }\n", ""),
    ("layers", "src/http/a.c", 'const char *q = "SELECT a FROM b";\n', "SQL text belongs"),
    ("layers", "src/http/a.c", 'const char *q = "select id from site";\n', "SQL text belongs"),
    ("layers", "src/core/a.c", "int f(void) { return sqlite3_close(0); }\n", "SQLite call belongs"),
    ("layers", "src/domain/gate/a.c", "int f(void) { return time(NULL); }\n", "wall clock belongs"),
    ("layers", "src/domain/gate/a.c", '#include "core/module.h"\n#include "domain/kit.h"\n#include "domain/gate/b.h"\n'
                                      "// connect( in a comment is no call\n", ""),
    ("headers", "src/base/a.h", HEADER + "size_t f(void);\n", "does not compile alone"),
    ("headers", "src/base/a.h", HEAD + "int f(void);\n", "no #pragma once"),
    ("headers", "src/base/a.h", HEADER + "int f(void);\n", ""),
    ("style", "src/base/a.c", "int a;\n", "no 'SPDX"),
    ("style", "src/base/a.c", HEAD.split("\n", 1)[0] + "\nint a;\n", "does not open with what it is for"),
    ("style", "src/base/a.c", HEAD + "int a;\n" * 1001, "lines, more than 1000"),
    ("style", "src/base/a.c", HEAD + "// FIX" "ME later\n", "mark of unfinished work"),
    ("style", "docs/a.md", "See /ho" "me/somebody/notes.\n", "path of a machine"),
    ("style", "web/package-lock.json", '{"resolved": "x"}\n', "names download addresses"),
    ("style", "web/package-lock.json", '{"a": "https://regis" "try.npmjs.org/x"}\n'.replace('" "', ""), "package registry"),
    ("style", "web/src/a.tsx", "// SPDX-License-Identifier: Apache-2.0\nx.innerHTML = y;\n", "text as markup"),
    ("style", "src/base/a.c", HEAD + "int a;\n", ""),
]


def attempt(check, name, text):
    """(exit code, output) of one check on a tree of one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        done = subprocess.run([TOOLS / f"check-{check}", folder], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


def scaffold():
    """Faults of a module made by tools/new-module in a tree of its own."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        (top / "src" / "domain").mkdir(parents=True)
        shutil.copy2(ROOT / "src" / "domain" / "meson.build", top / "src" / "domain")
        made = [[TOOLS / "new-module", "lanterns", "--root", top],
                ["gcc", "-std=gnu17", "-Wall", "-Wextra", "-Wconversion", "-Wno-missing-field-initializers", "-Werror",
                 "-D_GNU_SOURCE", f"-I{top / 'src'}", f"-I{ROOT / 'src'}", "-fsyntax-only",
                 *[top / "src/domain/lanterns" / f for f in ("module.c", "note.c", "lanterns_test.c")]],
                ["clang-format", f"--style=file:{ROOT / '.clang-format'}", "--dry-run", "-Werror",
                 *[top / "src/domain/lanterns" / f for f in ("module.c", "note.c", "lanterns_test.c", "lanterns.h")]],
                [TOOLS / "check-layers", top], [TOOLS / "check-style", top],
                ["grep", "-q", "'lanterns'", top / "src/domain/meson.build"]]
        for words in made:
            done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                return [f"{pathlib.Path(words[0]).name}: {done.stdout}"]
    return []


def main():
    failed = 0
    for check, name, text, say in CASES:
        code, out = attempt(check, name, text)
        good = (code == 0) if not say else (code == 1 and say in out)
        if not good:
            failed += 1
            print(f"check-{check} on {name} should {'say ' + repr(say) if say else 'pass'}, got {code}: {out}")
    for fault in scaffold():
        failed += 1
        print(f"a new module is not as it should be: {fault}")
    print(f"{len(CASES) + 1 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
