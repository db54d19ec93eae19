# SPDX-License-Identifier: Apache-2.0
"""Small files that mean large ones: each is refused in words, in bounded memory and time, and the desk is answered meanwhile."""
import base64
import os
import secrets
import struct
import subprocess
import time
import zlib

from ground import API, check, noted, say

from kit import binary  # noqa: E402

MEGABYTE = 1 << 20
MOST_MB = 900  # of the whole node, bombs and all: a list may be unpacked to 320 MB and its texts stand beside it
CHECK_MB = 700  # of `evidence check`, which takes 256 MB
LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'
XLSX = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml"'
                           ' ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http:'
                   '//schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org'
                       '/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
                                  '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"'
                                  '/></Relationships>',
}
SHEET = "xl/worksheets/sheet1.xml"


def swollen(start, piece, times, end=b""):
    """A deflate stream that unpacks to start, then piece many times, then end; and how much that is. The piece is packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    out += one * times + packer.compress(end) + packer.flush()
    return out, len(start) + len(piece) * times + len(end)


def zipped(entries, count=None):
    """A ZIP written by hand: {name: (packed bytes, what the directory says they unpack to, CRC)}."""
    body, directory = b"", b""
    for name, (packed, size, crc) in entries.items():
        raw = name.encode()
        fixed = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5821, crc, len(packed), min(size, 0xFFFFFFFE), len(raw), 0)
        directory += b"PK\1\2\x14\0" + fixed + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\3\4" + fixed + raw + packed
    n = count or len(entries)
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, n, n, len(directory), len(body), 0)


def honest(text):
    """One entry that is what it says."""
    data = text.encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(), len(data), zlib.crc32(data)


def lists():
    """{name: an XLSX} that no list is."""
    parts = {name: honest(text) for name, text in XLSX.items()}
    begin = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    blank, size = swollen(begin, b" " * MEGABYTE, 3000)
    rows, rows_size = swollen(begin, b"<row><c t='inlineStr'><is><t>a</t></is></c></row>" * 20000, 60)
    cell, cell_size = swollen(begin + b"<row><c t='inlineStr'><is><t>", b"x" * MEGABYTE, 1500)
    strings, strings_size = swollen(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', b"<si><t>a</t></si>" * 50000, 60)
    laughs = honest(DOCTYPE + begin.decode() + "<row><c t='inlineStr'><is><t>&a11;</t></is></c></row></sheetData></worksheet>")
    deep, deep_size = swollen(b"<worksheet>", b"<a>" * 300000, 100)
    return {
        "three gigabytes of nothing": zipped(parts | {SHEET: (blank, size, 0)}),
        "the same, said to be small": zipped(parts | {SHEET: (blank, 100, 0)}),
        "a million rows": zipped(parts | {SHEET: (rows, rows_size, 0)}),
        "one cell of a gigabyte": zipped(parts | {SHEET: (cell, cell_size, 0)}),
        "millions of texts": zipped(parts | {"xl/sharedStrings.xml": (strings, strings_size, 0), SHEET: honest("<worksheet/>")}),
        "a billion laughs": zipped(parts | {SHEET: laughs}),
        "an outer entity": zipped(parts | {SHEET: honest('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + begin.decode()
                                                         + "<row><c t='inlineStr'><is><t>&a;</t></is></c></row></sheetData></worksheet>")}),
        "thirty million steps down": zipped(parts | {SHEET: (deep, deep_size, 0)}),
        "a directory of 65,535": zipped(parts, 65535),
        "a column past all": zipped(parts | {SHEET: honest(begin.decode() + '<row r="999999999999"><c r="ZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>')}),
    }


def most_mb(w):
    """The most memory the node ever had."""
    with open(f"/proc/{w.node.serve.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))


def the_desk_is_answered(w):
    """At once."""
    began = time.monotonic()
    got = noted(w.duty.get(f"{API}/alerts", limit=1))
    check("the desk is answered, and soon", got.status == 200 and time.monotonic() - began < 5, (got.status, time.monotonic() - began))


def uploads(w):
    """As a list of people: the job fails in words."""
    jobs = {}
    for name, file in lists().items():
        a = noted(w.chief.call("POST", f"{API}/imports?target=persons&file=a.xlsx", file))
        check(f"{name} is small enough to be sent", a.status in (200, 400, 413), (a.status, a.body, len(file)))
        if a.status == 200:
            jobs[a.body["id"]] = name
        the_desk_is_answered(w)
    left, end = dict(jobs), time.monotonic() + 60
    while left and time.monotonic() < end:
        the_desk_is_answered(w)
        for job, name in list(left.items()):
            got = noted(w.chief.get(f"{API}/imports/{job}")).body
            if got["state"] not in ("reading", "failing", "planning"):
                check(f"{name}: refused", (got["state"], bool(got["problem_vi"])) == (("ready", False) if name.startswith("a column") else ("unreadable", True)), got)
                check(f"{name}: nothing of this machine in it", "root:" not in str(got), got)
                del left[job]
        time.sleep(0.1)
    check("each comes to an end", not left, left)


def texts(w):
    """XML, SVG, YAML and JSON that grow when they are read."""
    def post(path, body):
        return noted(w.chief.call("POST", f"{API}/{path}", body))

    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
    pictures = {"laughs": DOCTYPE + svg.format("<text>&a11;</text>"), "an outer entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg.format("<text>&a;</text>"),
                "a depth": svg.format("<g>" * 20000), "no numbers": svg.format("").replace("0 0 9 9", "0 0 1e300 1e300"),
                "a size past all": svg.format("").replace("viewBox", 'width="99999999999999999999" height="1e400" viewBox'),
                "a use of a use": svg.format("".join(f'<g id="a{i}"><use href="#a{i - 1}"/><use href="#a{i - 1}"/></g>' for i in range(1, 60)))}
    for name, text in pictures.items():
        a = post("drawings", {"site": w.theirs, "name": "Bom", "svg": text})
        kept = str(w.chief.get(f"{API}/drawings/{a.body['id']}/content").body) if a.status == 200 else ""
        check(f"a drawing with {name}", (a.status in (400, 413) and name != "a use of a use")
              or (name in ("a use of a use", "a size past all") and len(kept) < 20000 and "root:" not in kept and "<use" not in kept), (a.status, a.body, kept[:200]))
    vast = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 100000, 100000) + b"\1\0\0\0\0\0\0\0\0").decode()
    a = post("drawings", {"site": w.theirs, "name": "Bom", "svg": svg.format(f'<image xlink:href="data:image/png;base64,{vast}"/>')})
    check("a vast picture in a drawing", a.status == 413 and a.body["key"] == "sites.svg_picture", (a.status, a.body))
    anchors = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 20))
    for path, body in (("checklist-templates", {"yaml": anchors}), ("rules/check", {"text": anchors}), ("rule-texts", {"text": anchors}),
                       ("checklist-templates", {"yaml": "[" * 50000}), ("rules/check", {"text": "{a: " * 12000})):
        a = post(path, body)
        bad = a.status in (400, 413) or (path == "rules/check" and a.status == 200 and a.body.get("ok") is not True)
        check(f"{path} of {list(body.values())[0][:12]!r}…", bad, (a.status, str(a.body)[:300]))
        the_desk_is_answered(w)
    for deep in (b"[" * 200000, b'{"a":' * 40000, b'{"title":"' + b"\\u0000" * 30000 + b'"}', b'{"title":' + b"9" * 200000 + b"}"):
        a = say(w, (f"POST {API}/incidents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nCookie: {w.chief.cookie}\r\nX-CSRF-Token: {w.chief.csrf}"
                    f"\r\nContent-Length: {len(deep)}\r\nConnection: close\r\n\r\n").encode() + deep)
        check(f"JSON of {deep[:12]!r}…", a.startswith(b"HTTP/1.1 400"), a[:200])


def papers(w):
    """What says it is a paper, and what says so at length."""
    for magic in (b"VGP1", b"VGR1", b"PK\3\4"):
        for tail in (b"", b"\xff" * 4, b"\0" * 48, b"\xff" * 4096, secrets.token_bytes(MEGABYTE), swollen(b"", bytes(MEGABYTE), 500)[0]):
            for path in ("receive", "receipt"):
                if path == "receive" or len(tail) < 60000:
                    a = noted(w.chief.call("POST", f"{API}/documents/{path}", magic + tail))
                    check(f"{magic} with {len(tail)} bytes as {path}", a.status in (400, 403, 409), (a.status, a.body))
        the_desk_is_answered(w)


def warnings(w):
    """Warnings as XML on the devices' own port."""
    source = w.node.make("sites.source_add", site=w.theirs, name="Cảnh báo", proto="cap", address="cap-1", key=secrets.token_hex(16))
    got = w.guest.get(f"{API}/sources/{source}/device-setup").body
    path, device = got.get("path"), int(w.node.where["device"].rsplit(":", 1)[1])
    check("its path", path, got)
    alert = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{}</identifier></alert>'
    for name, text in {"laughs": DOCTYPE + alert.format("&a11;"), "an outer entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + alert.format("&a;"),
                       "a depth": "<a>" * 100000, "attributes": "<alert " + " ".join(f'a{i}="x"' for i in range(20000)) + "/>"}.items():
        port, w.node.port = w.node.port, device
        got = say(w, f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/xml\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode())
        w.node.port = port
        check(f"a warning of {name}", got[9:12] in (b"400", b"413"), got[:200])
        the_desk_is_answered(w)


def evidence(w):
    """`evidence check` of files that are no evidence: its exit code, its words, its memory."""
    text, size = swollen(b"", b"x" * MEGABYTE, 3000)
    files = {"a manifest of gigabytes": zipped({"manifest.json": (text, size, 0)}), "lines of gigabytes, said to be few": zipped({"events.jsonl": (text, 10, 0)}),
             "a chain of gigabytes": zipped({"chain.jsonl": (text, size, 0)}), "a directory of 65,535": zipped({"manifest.json": honest("{}")}, 65535),
             "pictures past all": zipped({f"objects/{i:040x}.jpg": (swollen(b"", bytes(MEGABYTE), 7)[0], 7 * MEGABYTE, 0) for i in range(60)}),
             "a deep manifest": zipped({"manifest.json": honest("[" * 500000)}), "a way out": zipped({"../../x": honest("x")})}
    for name, data in files.items():
        path = w.node.folder / "bom.zip"
        path.write_bytes(data)
        with open(w.node.folder / "bom.log", "wb") as log:
            child = subprocess.Popen([binary(), "evidence", "check", path], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        said = (w.node.folder / "bom.log").read_text(encoding="utf-8")
        check(f"evidence, {name}: refused", 0 < child.returncode < 100 and said.strip(), (child.returncode, said))
        check(f"evidence, {name}: in {used.ru_maxrss >> 10} MB and {used.ru_utime:.1f} s", used.ru_maxrss >> 10 < CHECK_MB and used.ru_utime < 10)
    check("nothing was written outside", not (w.node.folder.parent / "x").exists())


def bombs_are_refused_in_bounds(w):
    """All of it, then what it cost."""
    uploads(w)
    texts(w)
    papers(w)
    warnings(w)
    evidence(w)
    check(f"the node kept within {MOST_MB} MB", most_mb(w) < MOST_MB, most_mb(w))
