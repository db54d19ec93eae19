# SPDX-License-Identifier: Apache-2.0
"""Too much of everything: bodies, heads, queries, and time."""
import json
import socket
import time

from ground import API, BODY_MAX, bare, check, is_refusal, noted, say, seen

VAST = 1 << 40
OPEN_MAX = 4 << 10  # from nobody


def head_of(w, method, path, more="", length=VAST):
    """The status that a request's head alone is answered with, and how long it took."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", w.node.port), timeout=10) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n".encode())
        got = line.recv(4096)
    status = int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/1.1 ") else 0
    seen[status] = seen.get(status, 0) + 1
    return status, time.monotonic() - began


def known(person):
    """The head's lines of somebody."""
    return f"Cookie: {person.cookie}\r\nX-CSRF-Token: {person.csrf}\r\n"


def large_things_are_not_read(w):
    """A length over what one may send is refused at its head, before the body is there: on every route and method, of everybody."""
    people = (("nobody", ""), ("a guest", known(w.guest)), ("a commander", known(w.chief)), ("an administrator", known(w.admin)))
    for method, path, _ in w.routes:
        for who, more in people:
            status, took = head_of(w, method, w.path(path), more)
            check(f"a terabyte of {who}: {method} {path}", status in (401, 403, 413) and took < 5, (status, took))
    for method, path, op in w.routes:
        if method == "POST" and op.get("security") == [] and not path.startswith("/ingest"):
            status, _ = head_of(w, method, path, length=OPEN_MAX + 1)
            check(f"more than nobody may send: {path}", status == 413, status)
    for method, path, op in w.routes:
        if "application/json" in op.get("requestBody", {}).get("content", {}) and op.get("security") != []:
            status, _ = head_of(w, method, w.path(path), known(w.chief), BODY_MAX + 1)
            check(f"more than a command may be: {method} {path}", status in (403, 413), status)
    big = json.dumps({"title": "x" * BODY_MAX}).encode()
    a = noted(w.chief.call("POST", f"{API}/incidents", None, {"Content-Type": "application/json"}))
    check("an empty body is refused in words", a.status == 400, a.body)
    a = bare(w, "POST", f"{API}/incidents", {"Cookie": w.chief.cookie, "X-CSRF-Token": w.chief.csrf, "Content-Type": "application/json"}, big)
    check("a command over its size", is_refusal(a, 413), a.raw[:200])
    for n in (1, 40):  # what came in pieces is refused at its end, or dropped when it does not end
        got = say(w, (f"POST {API}/incidents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                      + known(w.chief) + "\r\n").encode() + n * (b"40000\r\n" + b" " * 0x40000 + b"\r\n") + b"1\r\n \r\n0\r\n\r\n")
        check(f"{n} pieces too many", got.startswith(b"HTTP/1.1 413") or (n > 1 and not got), got[:200])


def long_heads_are_not_read(w):
    """Headers, addresses and queries of any length and number: refused or cut off, never a fault; the next one is answered."""
    deep, many = "[" * 20000, "&".join(f"a{i}=1" for i in range(5000))
    ways = {"a long header": ("/alerts", f"X-A: {'y' * 60000}\r\n"), "many headers": ("/alerts", "".join(f"X-{i}: y\r\n" for i in range(5000))),
            "a long cookie": ("/alerts", f"Cookie: {'a' * 30000}\r\n"), "many cookies": ("/alerts", "Cookie: " + "vg_session=ab; " * 2000 + "\r\n"),
            "a long token": ("/alerts", f"Authorization: Bearer {'a' * 30000}\r\n"), "a long key": ("/zones", f"Idempotency-Key: {'a' * 30000}\r\n"),
            "a long tag": ("/zones", f"If-Match: {'a' * 30000}\r\n"), "a long language": ("/alerts", "Accept-Language: " + "vi;q=0.1," * 5000 + "\r\n"),
            "a long address": ("/" + "a" * 60000, ""), "a deep address": ("/a" * 20000, ""), "a long query": (f"/alerts?site={'a' * 60000}", ""),
            "many parameters": (f"/alerts?{many}", ""), "a long search": (f"/search?q={'a' * 8000}", ""), "a deep filter": (f"/alerts?site={deep}", ""),
            "a long cursor": (f"/alerts?cursor={'A' * 8000}", ""), "a limit past all": (f"/alerts?limit={'9' * 4000}", "")}
    for name, (path, more) in ways.items():
        for who, lines in (("nobody", ""), ("a guest", known(w.guest))):
            if who != "nobody" and more.startswith("Cookie"):
                continue
            got = say(w, f"GET {API}{path} HTTP/1.1\r\nHost: a\r\n{more}{lines}Connection: close\r\n\r\n".encode())
            status = int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/1.1 ") else 0
            check(f"{name} of {who}", status == 0 or 400 <= status < 500 or (status == 200 and who != "nobody" and path in ("/alerts", "/zones")),
                  got[:200])
            check(f"after {name}", noted(w.duty.get(f"{API}/alerts", limit=1)).status == 200)


def slow_ones_hold_up_nobody(w):
    """Bodies that do not come, on every kind of route and on the devices' port, heads that do not end: the desk is answered meanwhile."""
    mine = known(w.chief) + "Content-Type: application/octet-stream\r\n"
    device = int(w.node.where["device"].rsplit(":", 1)[1])
    kinds = [(w.node.port, f"POST {API}/session", "Content-Type: application/json\r\n"), (w.node.port, f"POST {API}/incidents", known(w.chief)),
             (w.node.port, f"POST {API}/imports?target=persons&file=a.xlsx", mine), (w.node.port, f"POST {API}/documents/receive", mine),
             (w.node.port, f"POST {API}/rule-texts/{w.things.rule_text}/try-file", mine), (w.node.port, "POST /ingest/webhook/cau-1", ""),
             (device, "POST /d/0123456789abcdefghjkmnpqrs/iclock/cdata", ""), (device, "POST /ISAPI/Event/notification/alertStream", "")]
    lines = []
    for i in range(120):
        port, first, more = kinds[i % len(kinds)]
        line = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(f"127.0.1.{i + 1}", 0))
        whole = f"{first} HTTP/1.1\r\nHost: a\r\n{more}Content-Length: 1000\r\n\r\n{{".encode()
        line.sendall(whole[:len(whole) // 2] if i >= 100 else whole)
        lines.append(line)
    longest = 0.0
    for i in range(20):
        began = time.monotonic()
        check("the desk is answered", noted(w.duty.get(f"{API}/alerts")).status == 200)
        longest = max(longest, time.monotonic() - began)
        for line in lines[i::20]:  # a byte now and then
            try:
                line.send(b" ")
            except OSError:
                pass
    check("and soon", longest < 5, longest)
    for line in lines:
        line.close()
    with socket.create_connection(("127.0.0.1", device), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        check("so is a device", line.recv(100).startswith(b"HTTP/1.1 404"))
