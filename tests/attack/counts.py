# SPDX-License-Identifier: Apache-2.0
"""Each refusal is counted, once, under its status: by the number of answers, and by counters of what was refused."""
import re
import secrets
import select
import socket
import time

from ground import API, bare, check, say

from kit import PASSWORD  # noqa: E402

TIMES = 3
COUNTED_S = 0.3  # an answer is counted when it has left, which its reader may hear of before
QUEUE, MORE = 256, 40  # log-ins that wait; what is sent beside them


def metrics(w):
    """{name and labels: value}."""
    return {k: float(v) for k, v in re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", w.admin.get("/metrics").body, re.M)}


def moved(w, work):
    """What moved while something was done, but for the looking itself."""
    before = metrics(w)
    work()
    after = metrics(w)
    return {k: int(v - before.get(k, 0)) for k, v in after.items() if v != before.get(k, 0)}


def each_refusal_is_counted(w):
    """One kind after the other, so that nothing else moves: exactly as many as there were."""
    mine = {"Cookie": w.chief.cookie, "X-CSRF-Token": w.chief.csrf, "Content-Type": "application/json"}
    guard = w.own["guard"]
    his = {"Cookie": guard.cookie, "X-CSRF-Token": guard.csrf, "Content-Type": "application/json"}
    plan = f"{API}/drawings/{w.things.drawing}/plan"
    code = w.duty.get(f"{API}/agencies").body["items"][0]["code"]
    admin = {"Cookie": w.admin.cookie, "X-CSRF-Token": w.admin.csrf, "Content-Type": "application/json"}
    taken = f'{{"code":"{code}","name":"x"}}'.encode()
    w.chief.call("POST", plan, {"elements": []})
    time.sleep(COUNTED_S)
    cases = {
        400: lambda: bare(w, "POST", f"{API}/incidents", mine, b"{"),
        401: lambda: bare(w, "GET", f"{API}/alerts", {"Cookie": f"vg_session={secrets.token_hex(32)}"}),
        403: lambda: bare(w, "GET", f"{API}/users", his),
        404: lambda: bare(w, "GET", f"{API}/zones/zy23456789abcdef", mine),
        405: lambda: bare(w, "PUT", f"{API}/alerts", mine, b"{}"),
        409: lambda: bare(w, "POST", f"{API}/agencies", admin, taken),
        412: lambda: bare(w, "POST", plan, {**mine, "If-Match": '"0"'}, b'{"elements":[]}'),
        413: lambda: bare(w, "POST", f"{API}/incidents", {**mine, "Content-Length": "1000000"}),
        415: lambda: bare(w, "POST", f"{API}/incidents", {**mine, "Content-Type": "text/plain"}, b"{}"),
        431: lambda: say(w, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200000 + b"\r\n\r\n"),
    }
    for status, ask in cases.items():
        answers = []
        got = moved(w, lambda: answers.extend(ask() for _ in range(TIMES)))
        said = [a.status if not isinstance(a, bytes) else int(a.split(b" ", 2)[1]) if a else 0 for a in answers]
        check(f"{status}: so answered", said == [status] * TIMES, said)
        codes = {k: n for k, n in got.items() if k.startswith("vonggac_http_responses_total")}
        check(f"{status}: {TIMES} are counted and nothing else", codes == {f'vonggac_http_responses_total{{code="{status}"}}': TIMES,
                                                                          'vonggac_http_responses_total{code="200"}': 1}, codes)
        early = got.get("vonggac_http_refused_total", 0)
        check(f"{status}: refused before it was read: {early}", early == (TIMES if status in (413, 431) else 0), early)
    log_ins_are_counted(w)


def log_ins_are_counted(w):
    """Wrong ones, good ones and those who must wait."""
    def ask(password, own):
        body = f'{{"login":"ca.g","password":"{password}"}}'.encode()
        return bare(w, "POST", f"{API}/session", {"Content-Type": "application/json"}, body, own).status

    answers = []
    got = moved(w, lambda: answers.extend([ask("sai mat khau", "127.0.0.40") for _ in range(7)] + [ask(PASSWORD, "127.0.0.41")]))
    check("wrong, then waiting, then good", answers == [401] * 5 + [429] * 2 + [200], answers)
    what = {k: n for k, n in got.items() if k.startswith("vonggac_login_total")}
    check("log-ins are counted", what == {'vonggac_login_total{what="wrong"}': 5, 'vonggac_login_total{what="must_wait"}': 2,
                                          'vonggac_login_total{what="taken"}': 1}, what)
    check("so are lock-outs among the answers", got.get('vonggac_http_responses_total{code="429"}') == 2, got)


def a_full_queue_is_refused(w):
    """More log-ins at once than wait in line: 503 with when to come again, counted, and the desk is answered. The lines that still wait."""
    w.admin.port = w.duty.port = w.node.port
    w.admin.line = w.duty.line = None
    lines, body = [], b'{"login":"khong.co.ai","password":"mot cau dai"}'
    before = metrics(w)
    for i in range(QUEUE + MORE):
        line = socket.create_connection(("127.0.0.1", w.node.port), 10, (f"127.0.3.{i % 250 + 1}", 0))
        line.sendall(f"POST {API}/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        lines.append(line)
    check("the desk is answered", w.duty.get(f"{API}/alerts", limit=1).status == 200)
    told = select.select(lines, [], [], 1)[0]
    got = [line.recv(4096) for line in told]
    full = [a for a in got if a.startswith(b"HTTP/1.1 503") and b"\r\nRetry-After: " in a]
    after = metrics(w)

    def grown(name):
        return int(after.get(name, 0) - before.get(name, 0))

    check("those past the line are refused", 0 < len(full) <= MORE, [a[:20] for a in got])
    counted = grown('vonggac_http_responses_total{code="503"}'), grown('vonggac_login_total{what="full"}')
    check("and counted", counted == (len(full), len(full)), (counted, len(full)))
    return [line for line in lines if line not in told]


def who_waits_is_told_that_it_ends(lines):
    """A node that ends answers who still stands in line."""
    said = [line.recv(4096)[:12] for line in lines]
    check(f"{len(lines)} log-ins that waited are told", all(s in (b"HTTP/1.1 503", b"HTTP/1.1 401", b"HTTP/1.1 429") for s in said), set(said))
    for line in lines:
        line.close()
