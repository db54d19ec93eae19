# SPDX-License-Identifier: Apache-2.0
"""The ground of the attack client: one node with two agencies, requests of anybody, what a refusal looks like."""
import http.client
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import socket
import sqlite3
import sys

SECRECY = pathlib.Path(__file__).resolve().parent.parent / "secrecy"
sys.path.insert(0, str(SECRECY))

from kit import PASSWORD, Node, Person, binary  # noqa: E402

_loader = importlib.machinery.SourceFileLoader("roles", str(SECRECY / "roles"))
roles = importlib.util.module_from_spec(importlib.util.spec_from_loader("roles", _loader))
_loader.exec_module(roles)

API = "/api/v1"
PROBLEM = {"type", "title", "status", "detail", "code", "field", "key", "reference"}
FIXED = {"type", "title", "status", "detail", "code", "key"}  # a refusal that says nothing of what was asked for
BODY_MAX = 256 << 10
checks, seen = [], {}


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}\n  {str(detail)[:600]}")


def noted(answer):
    """Counts an answer as the node should."""
    seen[answer.status] = seen.get(answer.status, 0) + 1
    return answer


class World:
    """One node, two agencies; the bank has a site, and there is one where it has no role."""

    def __init__(self):
        self.node = n = Node(binary(), ("--device", "127.0.0.1:0"))
        self.admin, session = n.custodian()
        self.admin.user = session["user"]["id"]
        police = session["user"]["agency"]
        self.bank = bank = n.make("accounts.agency_add", code="NH", name="Ngân hàng")
        far = n.make("sites.site_add", code="X", name="Nơi khác", kind="other", agency=police)
        self.theirs = n.make("sites.site_add", code="NH1", name="Chi nhánh", kind="state_bank", agency=bank)
        logins = {"duty_officer": "truc", "site_commander": "chi.huy"}
        self.own = {role: self.somebody(logins.get(role, f"ca.{letter.lower()}"), police, role)
                    for letter, role in roles.ROLES.items() if letter != "X"} | {"custodian": self.admin}
        self.guests = {role: self.somebody(f"nh.{letter.lower()}", bank, role, site=self.theirs)
                       for letter, role in roles.ROLES.items()}
        self.duty, self.chief, self.guest = self.own["duty_officer"], self.own["site_commander"], self.guests["agency_officer"]
        for login in ("hoi", "hai"):  # one who asks, one who could be the second
            n.make("accounts.user_add", login=login, name="Hai người", agency=police, password=PASSWORD, role="agency_officer")
        roles.Things.soon, roles.Things.lately, roles.Things.next_weeks = roles.soon(), roles.lately(), roles.next_weeks()
        self.things = roles.Things(n, police, bank, far, self.duty, n.person("hoi"))
        spec = self.duty.get("/api/openapi.json").body
        self.routes = [(method.upper(), path, op) for path, methods in sorted(spec["paths"].items())
                       for method, op in sorted(methods.items()) if method in ("get", "post", "patch", "put", "delete")]
        self.closed = [(m, p) for m, p, op in self.routes if op.get("security") != []]

    def somebody(self, login, agency, role, **where):
        """A person of a role, logged in."""
        user = self.node.make("accounts.user_add", login=login, name="Người", agency=agency, password=PASSWORD, role=role, **where)
        person = self.node.person(login)
        person.user = user
        return person

    def path(self, path):
        """With the thing a route means, where there is one: of the site the bank has nothing to do with."""
        if "{id}" in path and path.startswith(API):
            try:
                path = path.replace("{id}", self.things.named(path[len(API) + 1:]))
            except KeyError:
                pass
        return unfilled(path)

    def events(self):
        """How many events are journaled, but for log-ins and the ticks of the rules' clock."""
        with sqlite3.connect(f"file:{self.node.data}/vonggac.db?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM event WHERE kind NOT LIKE 'accounts.log%' AND kind <> 'alerts.clock'").fetchone()[0]

    def answers(self):
        """{status: how many}, as the node counts them."""
        text = self.admin.get("/metrics").body
        return {int(c): int(n) for c, n in re.findall(r'^vonggac_http_responses_total\{code="(\d+)"\} (\d+)$', text, re.M)}


def unfilled(path, word=roles.NEVER):
    """A word for whatever a path leaves open."""
    return re.sub(r"\{\w+\}", word, path)


def bare(w, method, path, headers=None, body=None, own="127.0.0.1"):
    """A request of nobody, or of whom the headers say."""
    line = http.client.HTTPConnection("127.0.0.1", w.node.port, timeout=20, source_address=(own, 0))
    line.request(method, path, body, headers or {})
    answer = noted(Answer(line.getresponse()))
    line.close()
    return answer


class Answer:
    """Status, headers, bytes, and the JSON where it is some."""

    def __init__(self, response):
        self.status, self.headers = response.status, {k.lower(): v for k, v in response.getheaders()}
        self.raw = response.read()
        try:
            self.body = json.loads(self.raw)
        except ValueError:
            self.body = None


def is_refusal(answer, *statuses):
    """A problem of these statuses with nothing in it but a problem's members."""
    return (answer.status in statuses and isinstance(answer.body, dict) and set(answer.body) <= PROBLEM
            and answer.headers.get("content-type") == "application/problem+json")


def say(w, data, wait=2.0):
    """Bytes on a line of their own; what came back before the line was closed or fell silent."""
    out = b""
    with socket.create_connection(("127.0.0.1", w.node.port), timeout=wait) as line:
        try:
            line.sendall(data)
            while True:
                part = line.recv(65536)
                if not part:
                    break
                out += part
        except OSError:
            pass
    return out
