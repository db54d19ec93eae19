#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles po/<lang>/*.po into a C table or JSON: `catalogue.py c|json OUT`.

A key that lacks either language, or stands twice, fails the build: no text can be forgotten.
"""
import ast
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LANGS = ("vi", "en")


def read_po(path):
    """Yields (msgid, msgstr, line) of one file; the header (empty msgid) is skipped."""
    fields, last, start = {}, None, 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() + [""], 1):
        line = line.strip()
        if line.startswith(("msgid ", "msgstr ")):
            last, text = line.split(" ", 1)
            if last == "msgid":
                if fields.get("msgid"):
                    yield fields["msgid"], fields.get("msgstr", ""), start
                fields, start = {}, number
            fields[last] = ast.literal_eval(text)
        elif line.startswith('"') and last:
            fields[last] += ast.literal_eval(line)
    if fields.get("msgid"):
        yield fields["msgid"], fields.get("msgstr", ""), start


def load():
    texts, faults = {}, []
    for lang in LANGS:
        for path in sorted((ROOT / "po" / lang).glob("*.po")):
            for key, text, line in read_po(path):
                row = texts.setdefault(key, {})
                where = f"{path.relative_to(ROOT)}:{line}"
                if lang in row:
                    faults.append(f"{where}: '{key}' stands twice")
                if not text:
                    faults.append(f"{where}: '{key}' has no text")
                row[lang] = text
    for key, row in texts.items():
        faults += [f"'{key}' has no text in '{lang}'" for lang in LANGS if lang not in row]
    if faults:
        sys.exit("\n".join(faults))
    return dict(sorted(texts.items(), key=lambda kv: kv[0].encode()))


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main():
    form, out = sys.argv[1], pathlib.Path(sys.argv[2])
    texts = load()
    if form == "json":
        by_lang = {lang: {key: row[lang] for key, row in texts.items()} for lang in LANGS}
        out.write_text(json.dumps(by_lang, ensure_ascii=False), encoding="utf-8")
        return
    rows = "".join(f"    {{{quote(k)}, {{{quote(r['vi'])}, {quote(r['en'])}}}}},\n" for k, r in texts.items())
    out.write_text(
        '#include "base/i18n.h"\n\nconst vg_tr_row vg_tr_rows[] = {\n' + rows +
        "};\nconst size_t vg_tr_n = sizeof vg_tr_rows / sizeof vg_tr_rows[0];\n", encoding="utf-8")


main()
