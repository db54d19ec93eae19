#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the manual: `manual.py OUT.html`, or `manual.py --check`.

Chapters written by hand stand in docs/manual/vi (NN-name.md, in this order), the programs' own pages beside what they
describe (src/domain/<module>/<module>.md in the order of the modules, src/ingest and src/notify). All become one
HTML file without script: <main> of <section id=chapter data-part=…>, headings with ids, links between chapters.
Refused: a module or protocol without a page, a link that leads nowhere, an id used twice.
"""
import html
import pathlib
import re
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
BY_HAND = ROOT / "docs" / "manual" / "vi"
PARTS = ("Công việc", "Từng phần của chương trình", "Thiết bị và báo tin")
NO_PAGE_YET = set()  # folders of src/ingest whose devices docs/ingest.md describes


class Fault(Exception):
    """Something in the manual is wrong; the text says where."""


def slug(text):
    """Folded to what an address takes: "Sao lưu" → "sao-luu"."""
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in text if not unicodedata.combining(c))).strip("-")


def modules():
    """The words of the one list of modules."""
    text = (ROOT / "src" / "domain" / "meson.build").read_text(encoding="utf-8")
    return re.findall(r"'(\w+)'", re.search(r"^modules = \[(.*?)\]", text, re.M | re.S).group(1))


def chapters():
    """(id, part, path) of every chapter, in order."""
    for path in sorted(BY_HAND.glob("*.md")):
        yield re.sub(r"^\d+-", "", path.stem), PARTS[0], path
    for name in modules():
        page = ROOT / "src" / "domain" / name / f"{name}.md"
        if not page.exists():
            raise Fault(f"src/domain/{name}: no page {name}.md")
        yield name, PARTS[1], page
    for page in sorted([*(ROOT / "src" / "ingest").rglob("*.md"), *(ROOT / "src" / "notify").rglob("*.md")]):
        yield page.stem, PARTS[2], page


class Chapter:
    """One page of Markdown as HTML: headings, paragraphs, lists, tables, code, bold, code words, links."""

    def __init__(self, ident, part, path):
        self.ident, self.part, self.path = ident, part, path
        self.links, self.ids, self.out = [], [ident], []
        self.convert(path.read_text(encoding="utf-8").split("\n"))

    def inline(self, text):
        """Within a line. Code is taken out first, so that nothing in it is markup."""
        kept = []

        def keep(match):
            kept.append(f"<code>{html.escape(match.group(1))}</code>")
            return f"\0{len(kept) - 1}\0"

        def link(match):
            return f'<a href="{self.target(match.group(2))}">{match.group(1)}</a>'
        text = html.escape(re.sub(r"`([^`]+)`", keep, text), quote=False)
        text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", link, text)
        text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
        text = re.sub(r"(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])", r"<em>\1</em>", text)
        return re.sub("\0(\\d+)\0", lambda m: kept[int(m.group(1))], text)

    def target(self, to):
        """Where a link leads: noted, looked up when every chapter is known."""
        self.links.append(to)
        return f"\1{to}\1"

    def heading(self, line):
        """Level 1 is the chapter's own; the others get an id within it."""
        marks, text = re.match(r"(#+)\s+(.*)", line).groups()
        if len(marks) == 1:
            return f"<h1>{self.inline(text)}</h1>"
        ident = f"{self.ident}--{slug(text)}"
        self.ids.append(ident)
        return f'<h{len(marks)} id="{ident}">{self.inline(text)}</h{len(marks)}>'

    def table(self, rows):
        """Lines of |cells|; the second is the rule between head and body."""
        cut = [[c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", r.strip().strip("|"))] for r in rows]
        head = "".join(f"<th>{self.inline(c)}</th>" for c in cut[0])
        body = "".join("<tr>" + "".join(f"<td>{self.inline(c)}</td>" for c in row) + "</tr>" for row in cut[2:])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def items(self, lines, kind):
        """A list; lines that do not begin an item go on with the one before; two blanks deeper is a list inside."""
        found = []
        for line in lines:
            mark = re.match(r"\s*(?:[-*]|\d+\.)\s+(.*)", line)
            depth = len(line) - len(line.lstrip())
            if mark and depth < 2:
                found.append([mark.group(1), []])
            elif mark and found:
                found[-1][1].append(mark.group(1))
            elif found[-1][1]:
                found[-1][1][-1] += " " + line.strip()
            else:
                found[-1][0] += " " + line.strip()
        inner = "".join(
            f"<li>{self.inline(text)}" + ("<ul>" + "".join(f"<li>{self.inline(s)}</li>" for s in sub) + "</ul>" if sub else "")
            + "</li>" for text, sub in found)
        first = re.match(r"(\d+)\.", lines[0])  # a list goes on after a block of code
        begin = f' start="{first.group(1)}"' if first and first.group(1) != "1" else ""
        return f"<{kind}{begin}>{inner}</{kind}>"

    def convert(self, lines):
        """Blocks: a blank line ends one."""
        i = 0
        while i < len(lines):
            line = lines[i]
            start = i
            if line.startswith("```"):
                i = next((j for j in range(i + 1, len(lines)) if lines[j].startswith("```")), len(lines)) + 1
                self.out.append(f"<pre><code>{html.escape(chr(10).join(lines[start + 1:i - 1]))}</code></pre>")
                continue
            if not line.strip() or line.startswith("<!--"):
                i += 1
                continue
            if line.startswith("#"):
                self.out.append(self.heading(line))
                i += 1
                continue
            item = re.match(r"([-*]|\d+\.)\s", line)
            stop = r"(#|```|\||\s*$)" if not item else r"(#|```|\||\s*$)"
            if line.startswith("|"):
                while i < len(lines) and lines[i].startswith("|"):
                    i += 1
                self.out.append(self.table(lines[start:i]))
                continue
            i += 1
            while i < len(lines) and not re.match(stop, lines[i]) and (item or not re.match(r"([-*]|\d+\.)\s", lines[i])):
                i += 1
            if item:
                self.out.append(self.items(lines[start:i], "ol" if item.group(1)[0].isdigit() else "ul"))
            else:
                self.out.append(f"<p>{self.inline(' '.join(x.strip() for x in lines[start:i]))}</p>")


def resolve(book):
    """Links become addresses within the one file; what leads nowhere is a fault."""
    by_path = {c.path.resolve(): c for c in book}
    ids = set()
    for c in book:
        for ident in c.ids:
            if ident in ids:
                raise Fault(f"{c.path.relative_to(ROOT)}: the heading {ident} stands twice")
            ids.add(ident)
    for c in book:
        for to in c.links:
            name, _, anchor = to.partition("#")
            other = by_path.get((c.path.parent / name).resolve()) if name else c
            goal = other and (f"{other.ident}--{slug(anchor)}" if anchor else other.ident)
            if re.match(r"https?:", to) or goal not in ids:
                raise Fault(f"{c.path.relative_to(ROOT)}: the link {to} leads nowhere in the manual")
            c.out = [line.replace(f"\1{to}\1", f"#{goal}") for line in c.out]


def make():
    """The whole file as text."""
    book = [Chapter(*row) for row in chapters()]
    resolve(book)
    toc, last = [], None
    for c in book:
        title = re.search(r"<h1>(.*?)</h1>", c.out[0] if c.out else "")
        if not title:
            raise Fault(f"{c.path.relative_to(ROOT)}: does not begin with a title")
        if c.part != last:
            toc.append(f"{'</ul>' if last else ''}<h2>{c.part}</h2><ul>")
            last = c.part
        toc.append(f'<li><a href="#{c.ident}">{title.group(1)}</a></li>')
    body = "\n".join(f'<section id="{c.ident}" data-part="{c.part}">\n' + "\n".join(c.out) + "\n</section>" for c in book)
    return ('<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
            '<title>vonggac: sổ tay</title><link rel="stylesheet" href="manual.css"></head><body>\n'
            f"<header><h1>Vọng gác: sổ tay</h1></header>\n<nav aria-label=\"Mục lục\">{''.join(toc)}</ul></nav>\n"
            f"<main>\n{body}\n</main>\n</body></html>\n")


def main():
    try:
        text = make()
    except Fault as fault:
        sys.exit(f"manual: {fault}")
    if sys.argv[1] != "--check":
        out = pathlib.Path(sys.argv[1])
        out.write_text(text, encoding="utf-8")
        sources = [BY_HAND, *(path for _, _, path in chapters()), pathlib.Path(__file__)]
        out.with_name(out.name + ".d").write_text(f"{out}: {' '.join(map(str, sources))}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
