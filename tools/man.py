#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the manual pages from the program's own tables: `man.py PROGRAM OUTDIR LANG`, `man.py --list`.

PROGRAM help --json says every verb, its options and what they are in both languages. One page for the program, one a
verb. --list prints the names of the pages (from src/app/verbs.def), so that the build knows them beforehand.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADS = {
    "en": {"name": "NAME", "synopsis": "SYNOPSIS", "about": "DESCRIPTION", "options": "OPTIONS", "verbs": "VERBS",
           "exit": "EXIT STATUS", "files": "FILES", "see": "SEE ALSO", "title": "protection of key sites",
           "codes": ["0: done", "1: failed, or something must be done", "2: used wrongly", "3: not found", "4: refused"],
           "data": "All of a node lies in one data directory: its key, database, certificates and vonggac.ini.",
           "long": "runs the protection of key sites: one program, one data directory, works with the cable cut."},
    "vi": {"name": "TÊN", "synopsis": "CÁCH DÙNG", "about": "MÔ TẢ", "options": "TÙY CHỌN", "verbs": "CÁC VIỆC",
           "exit": "MÃ KẾT THÚC", "files": "TỆP", "see": "XEM THÊM", "title": "bảo vệ mục tiêu trọng điểm",
           "codes": ["0: xong", "1: hỏng, hoặc có điều phải làm", "2: dùng sai", "3: không thấy", "4: bị từ chối"],
           "data": "Mọi thứ của một nút nằm trong một thư mục dữ liệu: khóa, cơ sở dữ liệu, chứng thư, vonggac.ini.",
           "long": "phục vụ bảo vệ mục tiêu: một chương trình, một thư mục dữ liệu, đứt đường truyền vẫn làm việc."},
}


def verbs():
    """Names in the one table."""
    return re.findall(r"^X\((\w+)\)", (ROOT / "src/app/verbs.def").read_text(encoding="utf-8"), re.M)


def roff(text):
    """As text for troff: backslashes, dashes and lines that begin with a control character."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def synopsis(verb):
    """The verb with what stands after it."""
    options = [f"[\\fB\\-\\-{roff(o['name'])}\\fR" + (f" \\fI{roff(o['value'])}\\fR" if "value" in o else "") + "]"
               for o in verb["options"] if o["name"] not in ("json", "lang", "help")]
    words = f" \\fI{roff(verb['words'])}\\fR" if verb.get("words") else ""
    return f"\\fBvonggac {verb['name']}\\fR {' '.join(options)}{words}"


def page(name, lang, about, body):
    """The frame of every page."""
    h = HEADS[lang]
    end = "".join(f".TP\n{roff(c.split(': ')[0])}\n{roff(c.split(': ')[1])}\n" for c in h["codes"])
    return (f'.TH {name.upper().replace("-", chr(92) + "-")} 1 "" "vonggac" "{h["title"]}"\n.SH {h["name"]}\n'
            f"{roff(name)} \\- {roff(about)}\n{body}.SH {h['exit']}\n{end}"
            f".SH {h['files']}\n{roff(h['data'])}\n")


def verb_page(verb, lang):
    """One verb."""
    h = HEADS[lang]
    options = "".join(
        f".TP\n\\fB\\-\\-{roff(o['name'])}\\fR" + (f" \\fI{roff(o['value'])}\\fR" if "value" in o else "")
        + f"\n{roff(o.get(lang, ''))}\n" for o in verb["options"])
    body = f".SH {h['synopsis']}\n{synopsis(verb)}\n.SH {h['options']}\n{options}"
    return page(f"vonggac-{verb['name']}", lang, verb[lang], body) + f".SH {h['see']}\n\\fBvonggac\\fR(1)\n"


def main_page(table, lang):
    """The program."""
    h = HEADS[lang]
    body = (f".SH {h['synopsis']}\n\\fBvonggac\\fR \\fIVERB\\fR \\fB\\-\\-data\\fR \\fIDIR\\fR [\\fB\\-\\-json\\fR] "
            f"[\\fB\\-\\-lang\\fR vi|en]\n.SH {h['about']}\n\\fBvonggac\\fR {roff(h['long'])}\n.SH {h['verbs']}\n")
    body += "".join(f".TP\n\\fBvonggac\\-{v['name']}\\fR(1)\n{roff(v[lang])}\n" for v in table)
    return page("vonggac", lang, h["title"], body)


def main():
    if sys.argv[1] == "--list":
        print("\n".join(["vonggac.1", *(f"vonggac-{v}.1" for v in verbs())]))
        return
    program, out, lang = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    said = subprocess.run([program, "help", "--json"], check=True, capture_output=True, text=True).stdout
    table = json.loads(said)
    if [v["name"] for v in table] != verbs():
        sys.exit("man: the program's verbs are not those of verbs.def")
    (out / "vonggac.1").write_text(main_page(table, lang), encoding="utf-8")
    for verb in table:
        (out / f"vonggac-{verb['name']}.1").write_text(verb_page(verb, lang), encoding="utf-8")


if __name__ == "__main__":
    main()
