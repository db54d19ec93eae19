# SPDX-License-Identifier: Apache-2.0
"""The questions, asked of two worlds at once: every route of the API's own description, so that a new module is walked
without a word here.
"""
import re

from compare import NUMBERED, check, counted, seen
from compare import IS_EVENT

API = "/api/v1"
NEVER = "zy23456789abcdef"  # an id nobody was given
NOT_COMPARED = {"/api/openapi.json", f"{API}/stream", f"{API}/coord/view/{{resource}}"}
LANGUAGES = ("vi", "en")
PAGES_MAX, OPENED_MAX, VALUES_MAX, NESTED_MAX = 200, 12, 6, 15
TILE = {"z": "0", "x": "0", "y": "0"}


class Two:
    """One person in both worlds; what he asks, he asks of both, and the answers are compared."""

    def __init__(self, name, persons, pairing):
        self.name, self.persons, self.pairing = name, persons, pairing

    def get(self, path, what=None, **query):
        """GET; the two answers. A value of the query may be a pair."""
        asks = [{k: v[i] if isinstance(v, tuple) else v for k, v in query.items()} for i in (0, 1)]
        paths = path if isinstance(path, tuple) else (path, path)
        got = [p.get(x, **q) for p, x, q in zip(self.persons, paths, asks)]
        self.pairing.same(f"GET {what or paths[0]} {asks[0]}, {self.name}", *map(seen, got))
        check(f"{self.name} is known, GET {what or paths[0]}", 401 not in [g.status for g in got])
        return got

    def post(self, path, body, once, what=None):
        """POST under one key; the two answers. Body and path are pairs."""
        got = [p.call("POST", x, b, {"Idempotency-Key": once}) for p, x, b in zip(self.persons, path, body)]
        self.pairing.same(f"POST {what or path[0]} {body[0]}, {self.name}", *map(seen, got))
        return got

    def rows(self, path, **query):
        """The rows of a list, in pairs."""
        got = [p.get(path, limit=200, **query) for p in self.persons]
        rows = [g.body.get("items", []) if g.status == 200 and isinstance(g.body, dict) else [] for g in got]
        return list(zip(*rows)) if len(rows[0]) == len(rows[1]) else []


class Walk:
    """A person of the bank goes everywhere."""

    def __init__(self, two, worlds, spec, rng, brief=False):
        self.two, self.worlds, self.spec, self.rng, self.brief = two, worlds, spec, rng, brief

    def paths(self, method):
        """Routes that have the method."""
        return sorted(p for p, v in self.spec["paths"].items() if method in v)

    def queries(self, path):
        """Names of a route's parameters after the question mark."""
        return [p["name"] for p in self.spec["paths"][path]["get"].get("parameters", []) if p["in"] == "query"]

    def go(self):
        """All of it, in an order drawn."""
        for path in self.rng.sample(self.paths("get"), len(self.paths("get"))):
            if path in NOT_COMPARED:
                continue
            if "{" not in path:
                self.one_list(path)
            elif "{id}" in path:
                self.opened(path)
            elif "{z}" in path:
                self.two.get(path.format(**TILE))
        if not self.brief:
            self.search()
            self.views()

    def one_list(self, path):
        """All its pages, its files, its filters by values that visible rows have."""
        names = self.queries(path)
        query = {"limit": 3} if "limit" in names and path != f"{API}/search" else {}
        for _ in range(PAGES_MAX):
            got = self.two.get(path, **query)
            if self.brief and got[0].status in (403, 404):  # its signatures are slow to make
                return
            nxt = [g.body.get("next") if isinstance(g.body, dict) else None for g in got]
            if not all(nxt):
                break
            query["cursor"] = tuple(nxt)
        if "format" in names:
            for form in ("csv", "xlsx"):
                self.two.get(path, format=form)
        rows = self.two.rows(path) if "limit" in names else []
        for name in names:
            if name in ("limit", "cursor", "format"):
                continue
            values = {str(a.get(name)): (str(a.get(name)), str(b.get(name))) for a, b in rows if a.get(name) is not None}
            if not rows and name in ("site", "agency"):
                values = {self.worlds[0].ids[x]: self.worlds[0].ids[x] for x in ("site0", "open", "bank", "police") if x in self.worlds[0].ids}
            for value in self.rng.sample(sorted(values), min(VALUES_MAX, len(values))):
                self.two.get(path, **{name: values[value]})

    def opened(self, path):
        """Visible rows by their ids, and what hangs on them; again with the entity tag."""
        rows = self.two.rows(path[:path.index("/{id}")])
        for a, b in self.rng.sample(rows, min(OPENED_MAX, len(rows))):
            if "id" not in a:
                continue
            got = self.two.get(tuple(path.replace("{id}", str(x["id"])) for x in (a, b)), what=path)
            again = [p.call("GET", path.replace("{id}", str(x["id"])), headers={"If-None-Match": g.headers["etag"]}).status
                     for p, x, g in zip(self.two.persons, (a, b), got) if "etag" in g.headers]
            check(f"the tag holds in both, {path}", again in ([], [304, 304], [200, 200]), str(again))

    def search(self):
        """For words of what he sees and of what he does not."""
        words = self.worlds[0].words
        for kind, most in (("hidden", 30), ("common", 25)):
            for word in self.rng.sample(words[kind], min(most, len(words[kind]))):
                got = self.two.get(f"{API}/search", q=word)
                text = str(got[0].body.get("items", got[0].body)) if isinstance(got[0].body, dict) else ""
                check(f"a hidden word is not found, {self.two.name}", kind == "common" or word not in text, f"{word}: {text[:300]}")
        for word in ("kin", "Kín", "x"):
            self.two.get(f"{API}/search", q=word)

    def views(self):
        """What another sees of his, through his eyes."""
        ids = self.worlds[0].ids
        partner = {"agency": ids["police"], "role": "site_commander"}
        for site in ("site0", "open"):
            got = self.two.get(f"{API}/coord/view", site=ids[site], **partner)
            rows = got[0].body.get("items", []) if isinstance(got[0].body, dict) else []
            for of in {"events", "alerts", "incident-log"} | {str(r.get("resource")) for r in rows}:
                self.two.get(f"{API}/coord/view/{of}", site=ids[site], **partner)


class Probe(Walk):
    """Questions of the world with hidden things alone: what is refused, and that no number opens anything."""

    def __init__(self, two, worlds, spec, rng):
        super().__init__(two, worlds, spec, rng)
        self.person, self.world = two.persons[0], worlds[0]

    def names(self, custodian):
        """Events by name: what he was told opens for him, for nobody else, and no number opens anything."""
        path, own = f"{API}/events", custodian.get(f"{API}/events", limit=200).body["items"]
        told = [a["id"] for a, _ in self.two.rows(path)]
        for name in told:
            check("a name has one form", IS_EVENT.fullmatch(name), name)
        for name in self.rng.sample(told, min(40, len(told))):
            check("a name opens", self.person.get(f"{path}/{name}").body.get("id") == name, name)
            check("a name is nobody else's", custodian.get(f"{path}/{name}").status == 404)
        for alert, _ in self.two.rows(f"{API}/alerts"):
            for line in alert["evidence"]:
                check("evidence has a name", IS_EVENT.fullmatch(line["name"]), str(line))
        for line, _ in self.two.rows(f"{API}/incident-log"):
            check("a line of the log has a name", IS_EVENT.fullmatch(line["id"]), str(line))
        check("the custodian is told numbers", own and all(NUMBERED.fullmatch(e["id"]) and e["seq"] for e in own))
        for event in self.rng.sample(own, min(40, len(own))):
            for number in (event["id"], f"{event['log']}-{event['seq'] + 1}"):
                for ask in (f"{path}/{number}", f"{path}/{number}/image", f"{API}/incident-log/{number}"):
                    check(f"{ask} opens nothing", self.person.get(ask).status in (403, 404))
            if told:
                check("no log by its number", not self.person.get(path, log=event["log"]).body["items"])
        return told

    def cursors(self, custodian):
        """A cursor goes on with its own list, for its own agency."""
        path = f"{API}/zones"
        mine, his = (p.get(path, limit=1).body["next"] for p in (self.person, custodian))
        check("a cursor goes on", self.person.get(path, limit=1, cursor=mine).status == 200)
        for name, ask, cursor in (("his", path, his), ("of another list", f"{API}/sites", mine), ("short", path, mine[:-1]),
                                  ("changed", path, ("B" if mine[0] == "A" else "A") + mine[1:]), ("numbers", path, "00" * 16)):
            got = self.person.get(ask, limit=1, cursor=cursor)
            check(f"a cursor, {name}, is refused", got.status == 400 and got.body["key"] == "err.cursor", str(got.body))

    def unknown(self, asks_n):
        """Hidden ids and ids nobody ever gave are refused alike, in the path, in a filter, in a member of a command."""
        asks = [a for method in ("get", "post") for path in self.paths(method)
                if path not in NOT_COMPARED and path.startswith(API) and not path.startswith(f"{API}/session")
                for a in self.asks(method, path)]
        names = sorted(n for n, x in self.world.secret.items() if x)
        pairs = [(a, n) for a in asks for n in names]
        for (label, make), name in self.rng.sample(pairs, min(asks_n, len(pairs))):
            hidden, headers = self.world.secret[name], {"Accept-Language": self.rng.choice(LANGUAGES)}
            got = [make(x, headers) for x in (hidden, NEVER)]
            one, two = (self.without(seen(g), x) for g, x in zip(got, (hidden, NEVER)))
            check(f"{label} {name}: hidden is like unknown", one == two, f"  hidden:  {one}\n  unknown: {two}")
            if label.startswith("get") and "{id}" in label:
                whole = got[0].status != 400 or got[0].body.get("key") != "err.field_missing"
                check(f"{label} {name} is 404", not whole or got[0].status in (403, 404), str(got[0].body))

        for path, body in self.nested():
            for name in self.rng.sample(names, min(NESTED_MAX, len(names))):
                hidden = self.world.secret[name]
                one, two = (self.without(seen(self.person.post(f"{API}{path}", **body(x))), x) for x in (hidden, NEVER))
                check(f"post {path} within, {name}: hidden is like unknown", one == two, f"  hidden:  {one}\n  unknown: {two}")

    def nested(self):
        """Commands that take ids within lists: the route, and the body for an id."""
        ids = self.world.ids
        paper = {"number": "1", "title": "x", "parties": [ids["police"], ids["bank"]], "valid_from": "2026-01-01T00:00:00Z",
                 "valid_until": "2099-01-01T00:00:00Z", "review_due": "2098-01-01T00:00:00Z"}
        clause = {"from": ids["bank"], "to": ids["police"], "compartment": "means", "condition": "always"}
        decision = {"number": "1", "dated": "2026-01-02", "authority": "x", "kind": "issue"}
        post = {"id": "e1", "kind": "post", "points": [[20, 20]]}
        return [("/regulations", lambda x: {**paper, "clauses": [{**clause, "site": x}]}),
                ("/regulations", lambda x: {**paper, "parties": [ids["bank"], x], "clauses": [clause]}),
                ("/posts", lambda x: {"site": ids["site0"], "name": "x", "overlooks": [x]}),
                ("/site-lists", lambda x: {**decision, "sites": [x]}),
                ("/site-lists", lambda x: {**decision, "add": [x]}),
                (f"/drawings/{ids['site0.drawing']}/plan", lambda x: {"elements": [{**post, "object": x}]})]

    @staticmethod
    def without(answer, asked):
        """What was asked for may be said again."""
        return re.sub(r"<date>|'(date|content-length)': '[^']*'", "", str(answer).replace(asked, "<asked>"))

    def asks(self, method, path):
        """The ways to name a thing on a route, as (what, function of the id)."""
        out, call = [], self.person.call
        if "{id}" in path:
            out.append((f"{method} {path}", lambda x, h: call(method.upper(), path.replace("{id}", x),
                                                              {} if method == "post" else None, h)))
            if method == "post":
                out.append((f"post {path} filled", lambda x, h: call("POST", path.replace("{id}", x), self.filled(path), h)))
        elif method == "get":
            out += [(f"get {path}?{n}", lambda x, h, n=n: call("GET", f"{path}?{n}={x}", None, h))
                    for n in self.queries(path) if n not in ("limit", "cursor", "format")]
        if method == "post":
            own = path.replace("{id}", self.world.ids["site0.case" if "incidents" in path else "site0.bank.source0"])
            out += [(f"post {path} {f}=", lambda x, h, f=f: call("POST", own, self.filled(path) | {f: x}, h))
                    for f, schema in self.fields(path).items() if "pattern" in schema]
        return out

    def fields(self, path):
        """Members of a command's body."""
        body = self.spec["paths"][path]["post"].get("requestBody", {})
        return body.get("content", {}).get("application/json", {}).get("schema", {}).get("properties", {})

    def filled(self, path):
        """A body in which every member has a plausible value."""
        ids = self.world.ids
        plausible = {"site": ids["site0"], "zone": ids["site0.zone0"], "agency": ids["bank"], "alert": ids["site0.case"],
                     "until": "2099-01-01T00:00:00+07:00", "key": "00112233445566778899aabbccddeeff",
                     "address": "7" * 6, "proto": "dc09", "situation": "other", "svg": "<svg/>",
                     "elements": [], "disposition": "true", "password": "x"}
        return {n: plausible.get(n, one_of(schema)) for n, schema in self.fields(path).items()}


def one_of(schema):
    """The first value a schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") in ("boolean", "integer"):
        return True if schema["type"] == "boolean" else schema.get("minimum", 1)
    return NEVER if schema.get("pattern") else "x"


def stream_numbers(events, name):
    """No number of the journal in a stream."""
    for _, data in events:
        for found in counted(data):
            check(f"no number of the journal in the stream, {name}", False, f"  {found} in {str(data)[:300]}")
