# SPDX-License-Identifier: Apache-2.0
"""A node on temporary data for tests that look at it from outside: its control socket, its HTTP, its DC-09.

Everything is made by commands, as people and devices make it. Python's standard library only.
"""
import datetime
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

WAIT_S = 30
now_s = time.time  # sim.Clock puts its own here
PASSWORD = "mot-hai-ba-bon-nam"
DC09_CRC = 0xA001


def now(**later):
    """The time as the nodes under test have it."""
    return datetime.datetime.fromtimestamp(now_s(), datetime.timezone.utc) + datetime.timedelta(**later)


class Answer:
    """What came back: status, headers (lower case) and the JSON, or the text where it is none."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.raw = response.read()
        try:
            self.body = json.loads(self.raw)
        except ValueError:
            self.body = self.raw.decode("utf-8", "replace")


class Person:
    """Somebody logged in (or nobody): one connection, cookie and CSRF token of his own."""

    def __init__(self, port, login=None):
        self.port, self.cookie, self.csrf, self.line = port, None, None, None
        if login:
            self.log_in(login, PASSWORD)

    def log_in(self, login, password):
        """Opens a session; the answer is returned, good or not."""
        got = self.call("POST", "/api/v1/session", {"login": login, "password": password})
        if got.status == 200:
            self.cookie = got.headers["set-cookie"].split(";")[0]
            self.csrf = got.body["csrf"]
        return got

    def call(self, method, path, body=None, headers=None):
        """One request; a line that the node closed while idle is dialled again."""
        send = dict(headers or {})
        if self.cookie:
            send["Cookie"] = self.cookie
        if self.csrf:
            send["X-CSRF-Token"] = self.csrf
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            send["Content-Type"] = "application/octet-stream" if data is body else "application/json"
        for again in (False, True):
            try:
                if not self.line:
                    self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
                self.line.request(method, path, data, send)
                return Answer(self.line.getresponse())
            except (http.client.HTTPException, OSError):
                self.line = None
                if again:
                    raise
        return None

    def get(self, path, **query):
        """GET with query parameters."""
        words = urllib.parse.urlencode(query)
        return self.call("GET", path + ("?" + words if words else ""))

    def post(self, path, **body):
        """POST of a JSON object."""
        return self.call("POST", path, body)


class Node:
    """One running node. `run` is its control socket; `person` logs somebody in."""

    def __init__(self, binary, options=(), ini="", seedling=None, env=None, profile="federated"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-out-"))
        self.data = self.folder / "data"
        self.serve = None
        try:
            if seedling:  # sim.Seedling
                shutil.copytree(seedling.folder / "data", self.data)
                self.first = seedling.first
            else:
                made = subprocess.run([binary, "init", "--data", self.data, "--json", "--profile", profile], check=True, capture_output=True, env=env)
                self.first = json.loads(made.stdout)
            with open(self.data / "vonggac.ini", "a", encoding="utf-8") as settings:
                settings.write(ini)
            self.env = env
            self.words = [binary, "serve", "--data", self.data, "--http", "127.0.0.1:0", "--https", "off",
                          "--dc09", "127.0.0.1:0", *options]
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        """Serves, on ports of its own."""
        with open(self.folder / "serve.log", "ab") as log:
            self.serve = subprocess.Popen(self.words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)
        self.where = self.wait()
        self.port = int(self.where["http"].rsplit(":", 1)[1])
        self.dc09 = int(self.where["dc09"].rsplit(":", 1)[1])

    def again(self):
        """Ends it and starts it on the same data; persons must be told the port."""
        self.serve.send_signal(signal.SIGTERM)
        self.serve.wait(30)
        self.start()

    def wait(self):
        """DATA/run.json, once it is there."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end and self.serve.poll() is None:
            try:
                return json.loads((self.data / "run.json").read_text(encoding="ascii"))
            except (OSError, ValueError):
                time.sleep(0.05)
        raise RuntimeError("the node did not start:\n" + self.log())

    def log(self):
        """What the node wrote."""
        return (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")

    def alive(self):
        """Is the process there?"""
        return self.serve.poll() is None

    def end(self):
        """SIGTERM, wait. The exit code, None when it had to be killed."""
        code = None
        if self.serve:
            if self.serve.poll() is None:
                self.serve.send_signal(signal.SIGTERM)
            try:
                code = self.serve.wait(20)
            except subprocess.TimeoutExpired:
                self.serve.kill()
                self.serve.wait()
        return code

    def stop(self):
        """Ends it and removes the data; the exit code."""
        code = self.end()
        shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def run(self, command, /, once=None, **args):
        """A command by the control socket (the journal says: local). The reply; a refusal is an error. With the same
        idempotency key two nodes of one seedling make things with the same ids."""
        line_of = {"run": command, "args": args, **({"idempotency_key": once} if once else {})}
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.data / "control.sock"))
            line.sendall(json.dumps(line_of).encode() + b"\n")
            got = b""
            while not got.endswith(b"\n"):
                part = line.recv(65536)
                if not part:
                    break
                got += part
        answer = json.loads(got)
        if answer["status"] != "OK":
            raise RuntimeError(f"{command} {args}: {answer}")
        return answer["reply"]

    def make(self, command, /, **args):
        """The id of what a command made."""
        return self.run(command, **args)["id"]

    def person(self, login=None):
        """Somebody with a browser."""
        return Person(self.port, login)

    def custodian(self):
        """The first administrator, logged in, and his session: his agency runs the node."""
        person = Person(self.port)
        got = person.log_in(self.first["login"], self.first["password"])
        return person, got.body

    def report(self, frame, wait=1.0, own="127.0.0.1"):
        """Sends bytes to the DC-09 port from an address of one's own; what came back."""
        with socket.create_connection(("127.0.0.1", self.dc09), wait, (own, 0)) as line:
            line.sendall(frame)
            try:
                return line.recv(4096)
            except OSError:
                return b""


def crc16(data):
    """CRC-16/ARC."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ DC09_CRC if crc & 1 else crc >> 1
    return crc


def dc09(account, seq, code, point, area="1", text=""):
    """A clear SIA-DCS frame, written from the wire facts and not by the product."""
    at = now()
    words = f"|A{text}" if text else ""
    body = (f'"SIA-DCS"{seq:04d}L0#{account}[#{account}|Nri{area}/{code}{point}{words}]'
            f"{at:_%H:%M:%S,%m-%d-%Y}").encode("utf-8")
    return b"\n%04X0%03X" % (crc16(body), len(body)) + body + b"\r"


class Stream(object):
    """The live stream of a person, read in pieces when asked."""

    def __init__(self, person):
        self.line = socket.create_connection(("127.0.0.1", person.port), timeout=5)
        self.line.sendall((f"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:{person.port}\r\n"
                           f"Accept: text/event-stream\r\nCookie: {person.cookie}\r\n\r\n").encode())
        self.text = b""

    def until(self, seconds):
        """Reads for so long; all events so far as (event, data)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.line.settimeout(max(0.01, end - time.monotonic()))
            try:
                part = self.line.recv(1 << 16)
            except OSError:
                break
            if not part:
                break
            self.text += part
        events = []
        for block in unchunk(self.text).decode("utf-8", "replace").split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if "event" in fields:
                events.append((fields["event"], json.loads(fields.get("data", "null"))))
        return events

    def close(self):
        """Hangs up."""
        self.line.close()


def unchunk(raw):
    """The body of a chunked answer, as far as it came."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    if b"chunked" not in head.lower():
        return rest
    out = b""
    while True:
        size, sep, rest = rest.partition(b"\r\n")
        if not sep or not size:
            return out
        n = int(size, 16)
        if len(rest) < n + 2:
            return out
        out, rest = out + rest[:n], rest[n + 2:]


def binary():
    """The program under test."""
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    return os.environ.get("VG_BIN", str(root / "build" / "vonggac"))
