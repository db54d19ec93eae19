#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rubbish on every port of a node: HTTP, DC-09 by TCP and UDP, devices, the webhook and the control socket, for SECONDS.

Good input is cut, flipped, blown up, nested, doubled, spoilt as text, sent slowly and on many lines, while one honest
panel goes on reporting. The node must live, count what it refused, and have on disk every report it acknowledged.
The seed is printed; `ports.py SEED [SECONDS]` repeats it.
"""
import hashlib
import hmac
import http.client
import json
import pathlib
import random
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "secrecy"))

from kit import PASSWORD, Node, Person, binary, dc09  # noqa: E402

API = "/api/v1"
HONEST, HOOK, HOOK_KEY = "5001", "cam1", bytes(range(32))
TERMINAL, CAMERA = "TEST00000001", "02:00:5e:10:00:01"
REQUESTS = pathlib.Path(__file__).resolve().parent.parent / "data" / "device"
checks = []


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}\n  {detail}")


# ---------------------------------------------------------------- spoiling

def flipped(rnd, data):
    """A few bits turned."""
    out = bytearray(data)
    for _ in range(rnd.randint(1, 8)):
        if out:
            out[rnd.randrange(len(out))] ^= 1 << rnd.randrange(8)
    return bytes(out)


def spoil(rnd, data):
    """One of the ways input goes wrong."""
    ways = [
        lambda: data[:rnd.randrange(len(data) + 1)],
        lambda: flipped(rnd, data),
        lambda: data * rnd.randint(2, 50),
        lambda: data.replace(b"1", b"9" * rnd.randint(10, 400)),
        lambda: data.replace(b'"', b"\0"),
        lambda: data[:len(data) // 2] + bytes(rnd.randrange(256) for _ in range(64)) + data[len(data) // 2:],
        lambda: bytes(rnd.randrange(256) for _ in range(rnd.randrange(1, 3000))),
        lambda: data.replace(b"a", b"\xc3\x28").replace(b"e", b"\xed\xa0\x80"),
    ]
    return rnd.choice(ways)()


def bodies(rnd):
    """JSON that should not be taken."""
    deep = rnd.choice((50, 500, 50000))
    return rnd.choice([
        b'{"login":"a","login":"b","password":"c"}', b"[" * deep, b'{"a":' * deep, b'{"login":1e999999}',
        b'{"login":' + b"9" * 5000 + b"}", b'{"login":"\xff\xfe"}', b'{"login":"a\\u0000b","password":"x"}', b"\0" * 100,
        b'{"login":"' + b"x" * 100000 + b'"}', b'{"site":"' + "\u202e".encode() * 50 + b'"}', b'{"login":"\\ud800"}', b"",
        b'{"limit":-9223372036854775809}', b'{"svg":"<svg>' + b"<g>" * 3000 + b'"}',
    ])


def throw(port, data, answer=True, wait=1.0, come_from="127.0.0.1"):
    """Sends bytes on a line of its own; what came back."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=wait, source_address=(come_from, 0)) as line:
            line.sendall(data)
            return line.recv(4096) if answer else b""
    except OSError:
        return b""


class Storm:
    """The attackers; each runs in a thread of its own until the end."""

    def __init__(self, node, seed, seconds):
        self.node, self.seed, self.end = node, seed, time.monotonic() + seconds
        self.thrown = {}
        self.person = node.person("ca.truc")
        self.odd = []

    def going(self):
        """Still time?"""
        return time.monotonic() < self.end

    def run(self):
        """All at once."""
        attackers = (self.http, self.commands, self.tcp, self.udp, self.webhook, self.control, self.slow, self.device)
        threads = [threading.Thread(target=self.one, args=(i, a)) for i, a in enumerate(attackers)]
        for t in threads:
            t.start()
        return threads

    def one(self, i, attack):
        """One attacker; how often he threw is counted."""
        rnd, name = random.Random(self.seed * 100 + i), attack.__name__
        self.thrown[name] = 0
        while self.going():
            attack(rnd)
            self.thrown[name] += 1

    def http(self, rnd):
        """Requests as bytes: bad heads, bad chunks, endless headers."""
        path = rnd.choice((f"{API}/session", f"{API}/alerts", "/", f"{API}/zones/../..", f"{API}/events?cursor=" + "9" * 9999))
        body = bodies(rnd)
        good = (f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                f"Cookie: vg_session={'a' * 64}\r\n\r\n").encode() + body
        chunked = (f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                   f"{rnd.randrange(1 << 40):x}\r\n").encode() + body
        flood = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: " + b"y" * rnd.randrange(60000) + b"\r\n\r\n"
        throw(self.node.port, rnd.choice((spoil(rnd, good), good, chunked, flood)), rnd.random() < 0.7, 0.5)

    def commands(self, rnd):
        """From somebody who is logged in: every answer must be a refusal of the asker, never a fault."""
        path = rnd.choice(("incidents", "zones", "drawings", "sources", "drawings/x/plan", "session", "alerts/x/close", "tokens"))
        headers = {"Content-Type": "application/json", "Idempotency-Key": rnd.choice(("a", "\t", "k" * 127))}
        try:
            line = self.person
            c = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=5)
            c.request("POST", f"{API}/{path}", bodies(rnd),
                      {**headers, "Cookie": line.cookie, "X-CSRF-Token": line.csrf})
            status = c.getresponse().status
            c.close()
            if status >= 500 and status != 503:
                self.odd.append((path, status))
        except (OSError, http.client.HTTPException):
            pass

    def tcp(self, rnd):
        """DC-09 frames by TCP, some on lines that stay open."""
        throw(self.node.dc09, spoil(rnd, dc09(rnd.choice((HONEST, "777", "x")), rnd.randrange(10000), "BA", "001")),
              rnd.random() < 0.5, 0.2)

    def udp(self, rnd):
        """DC-09 frames by UDP."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            for _ in range(20):
                line.sendto(spoil(rnd, dc09("778", 1, "BA", "001"))[:60000], ("127.0.0.1", self.node.dc09))
        time.sleep(0.05)

    def webhook(self, rnd):
        """Pushes with good and bad signatures; the signed ones have spoilt bodies."""
        body = spoil(rnd, json.dumps({"id": "e", "events": [{"kind": "motion_alarm", "verb": "raise"}]}).encode())
        stamp = str(int(time.time()) + rnd.choice((0, 0, 999999, -999999)))
        sign = hmac.new(HOOK_KEY, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        head = (f"POST /ingest/webhook/{rnd.choice((HOOK, 'none', '%00'))} HTTP/1.1\r\nHost: a\r\n"
                f"Content-Type: application/json\r\nX-Vonggac-Timestamp: {stamp}\r\n"
                f"X-Vonggac-Signature: {rnd.choice((sign, 'sha256=' + sign, 'x'))}\r\nContent-Length: {len(body)}\r\n\r\n")
        throw(self.node.port, head.encode() + body, True, 0.5)

    def device(self, rnd):
        """What cameras and terminals send, spoilt, from many addresses: one alone is soon shut out."""
        name = rnd.choice(sorted(REQUESTS.glob("*.req")))
        line, kind, _, body = name.read_bytes().split(b"\n", 3)
        body = rnd.choice((body, spoil(rnd, body)))[:300000]
        path = rnd.choice((line, line.replace(b" /", b" /d/0123456789abcdefghjkmnpqrs/"), spoil(rnd, line)))
        length = rnd.choice((len(body), len(body), len(body) + 7, 10 ** 9))
        head = path.replace(b"\n", b"") + b" HTTP/1.1\r\nHost: a\r\n" + kind + f"\r\nContent-Length: {length}\r\n\r\n".encode()
        throw(self.node.device, head + body, True, 0.3, f"127.0.{rnd.randrange(1, 255)}.{rnd.randrange(1, 255)}")

    def control(self, rnd):
        """The control socket: only the node's own user gets there, but he too mistypes."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.5)
            try:
                line.connect(str(self.node.data / "control.sock"))
                line.sendall(spoil(rnd, json.dumps({"run": "sites.zone_add", "args": {"site": "x"}}).encode()) + b"\n")
                line.recv(4096)
            except OSError:
                pass
        time.sleep(0.02)

    def slow(self, rnd):
        """Many lines that say little, and some that end in a reset."""
        lines = []
        for _ in range(60):
            try:
                line = socket.create_connection(("127.0.0.1", rnd.choice((self.node.port, self.node.dc09))), timeout=0.5)
                line.sendall(rnd.choice((b"POST /api/v1/session HT", b"\n", b"\n00000", b"GET /healthz HTTP/1.1\r\nHost: a\r\nX")))
                lines.append(line)
            except OSError:
                pass
        time.sleep(0.3)
        for line in lines:
            if rnd.random() < 0.5:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()


def honest(node, storm, acknowledged):
    """A panel that goes on, at an address of its own: the storm's address is put in quarantine. Its report is
    acknowledged only when it is on disk."""
    seq = 0
    while storm.going():
        seq = seq % 9999 + 1
        text = f"bao cao {len(acknowledged)}-{seq}"
        if b"ACK" in node.report(dc09(HONEST, seq, "BA", "001", text=text), 3.0, "127.0.0.2"):
            acknowledged.append(text)
        time.sleep(0.15)


def terminal(node, storm, acknowledged):
    """A terminal that goes on: what it was told "OK" for is on disk."""
    n = 0
    while storm.going():
        n += 1
        row = f"{n}\t2026-11-18 20:{n // 60 % 60:02}:{n % 60:02}\t0\t1\n".encode()
        head = (f"POST /iclock/cdata?SN={TERMINAL}&table=ATTLOG HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                f"Content-Length: {len(row)}\r\n\r\n").encode()
        if throw(node.device, head + row, True, 5.0, "127.0.0.3").endswith(b"\r\n\r\nOK"):
            acknowledged.append(str(n))
        time.sleep(0.2)


def figures(person):
    """The node's counters."""
    text = person.get("/metrics").body
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
            if line and not line.startswith("#")}


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(10 ** 6)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 12.0
    print(f"seed {seed}", flush=True)
    node = Node(binary(), ("--device", "127.0.0.1:0"))
    node.device = int(node.where["device"].rsplit(":", 1)[1])
    try:
        admin, session = node.custodian()
        agency = session["user"]["agency"]
        site = node.make("sites.site_add", code="A", name="A", kind="other", agency=agency)
        zone = node.make("sites.zone_add", site=site, name="Z", **{"class": "vault"})
        node.make("sites.source_add", site=site, name="Tủ", proto="dc09", address=HONEST, agency=agency, zone=zone)
        node.make("sites.source_add", site=site, name="Máy ảnh", proto="webhook", address=HOOK, agency=agency, zone=zone,
                  key=HOOK_KEY.hex())
        node.make("sites.source_add", site=site, name="Máy chấm công", proto="zkteco", address=TERMINAL, agency=agency,
                  peers="127.0.0.3")
        node.make("sites.source_add", site=site, name="Máy ảnh cổng", proto="hikvision", address=CAMERA, agency=agency)
        node.make("accounts.user_add", login="ca.truc", name="Trực", agency=agency, password=PASSWORD,
                  role="site_commander")
        before, acknowledged, passed = figures(admin), [], []
        storm = Storm(node, seed, seconds)
        threads = [threading.Thread(target=honest, args=(node, storm, acknowledged)),
                   threading.Thread(target=terminal, args=(node, storm, passed))]
        for t in threads:
            t.start()
        threads += storm.run()
        for t in threads:
            t.join()
        check("the node is alive", node.alive(), node.log()[-6000:])
        print("thrown: " + ", ".join(f"{k} {v}" for k, v in sorted(storm.thrown.items())) + f"; acknowledged {len(acknowledged)}, {len(passed)}")
        check("every attacker had his turn", all(v > 5 for v in storm.thrown.values()), str(storm.thrown))
        check("no fault was answered", not storm.odd, str(storm.odd[:10]))
        check("the honest panel was heard", len(acknowledged) > seconds, str(len(acknowledged)))
        check("the honest terminal was heard", len(passed) > seconds, str(len(passed)))
        again = Person(node.port)
        check("health", again.get("/healthz").status == 200 and again.get("/readyz").status == 200)
        after = figures(admin)
        moved = {k for k in after if after[k] > before.get(k, 0)}
        check("refusals are counted", any("vonggac_ingest_total" in k for k in moved) and
              'vonggac_device_total{what="bad_token"}' in moved and 'vonggac_device_total{what="unparseable"}' in moved and
              any('code="4' in k for k in moved), str(sorted(moved)))
        texts, users = read_texts(node)
        gone = [u for u in passed if u not in users]
        check("no passage acknowledged is lost", not gone, f"{len(gone)} of {len(passed)}: {gone[:5]}")
        lost = [t for t in acknowledged if t not in texts]
        check("nothing acknowledged is lost", not lost, f"{len(lost)} of {len(acknowledged)}: {lost[:5]}")
        node.serve.terminate()
        check("it ends well when told", node.serve.wait(30) == 0, node.log()[-6000:])
        verify = subprocess.run([binary(), "verify", "--data", node.data], capture_output=True, text=True, check=False)
        check("the journal holds", verify.returncode == 0, verify.stdout + verify.stderr)
        check("no sanitizer spoke", "Sanitizer" not in node.log() and "runtime error" not in node.log(), node.log()[-6000:])
        check("no secret in the log", PASSWORD not in node.log() and HOOK_KEY.hex() not in node.log()
              and node.first["password"] not in node.log())
    finally:
        node.stop()
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    sys.exit(0 if checks and all(checks) else 1)


def read_texts(node):
    """What the journal has of the honest panel."""
    out, users, query, person = set(), set(), {"kind": "sites.signal", "limit": 200}, node.person("ca.truc")
    while True:
        got = person.get(f"{API}/events", **query).body
        out |= {e["body"].get("text", "") for e in got["items"]}
        users |= {e["body"]["user"] for e in got["items"] if e["body"].get("proto") == "zkteco" and "user" in e["body"]}
        if not got.get("next"):
            return out, users
        query["cursor"] = got["next"]


main()
