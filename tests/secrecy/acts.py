# SPDX-License-Identifier: Apache-2.0
"""A random sequence of a person's own commands, drawn from the API's description and asked of both worlds under the same
idempotency keys. What is not permitted is refused in both alike; what is permitted changes both alike.
"""
import json

from kit import PASSWORD, now
from world import BANNED, CODES, PAPERS, PLATES
from walk import API, NEVER, Walk

# Of the session itself, of a secret made by chance, with an answer that depends on another machine; and evidence, which
# tells places in the journal: a declared declassifier (docs/security.md).
NOT_ASKED = ("session", "devices/enrol", "users/{id}/password", "users/{id}/factor", "links/{id}/try", "ingest",
             "incidents/{id}/evidence", "visit-guests/{id}/invite")
# Lists whose rows a member means, where its name does not say so.
MEANT = {"inner": "gate-areas", "outer": "gate-areas", "holder": "gate-holders", "to": "correspondents", "party": "agencies",
         "template": "checklist-templates", "supersedes": "statements", "agency": "agencies", "person": "persons"}
PARENTS = {"gate-areas": "gate-areas", "units": "units"}
OWN = ("site", "agency")  # mostly the bank's own
RAW = ("documents/receive", "documents/receipt", "documents/{id}/file", "rule-texts/{id}/try-file", "imports")
GATE_ASKS = 24
OPTIONAL, AGAIN, LATER_S = 0.35, 0.1, (-3600, -60, 1800, 86400, 40 * 86400)


class Acts(Walk):
    """What he does."""

    def __init__(self, two, worlds, spec, rng):
        super().__init__(two, worlds, spec, rng)
        self.n, self.done, self.found = 0, {}, {}

    def go(self):
        """Every command once, in an order drawn; some said again. Each `yield` is a step of the clock."""
        routes = [p for p in self.paths("post") if not any(p.split("/", 3)[-1].startswith(x) for x in NOT_ASKED)
                  and not p.startswith("/ingest")]
        # What makes something comes twice: the second time there is more it may be about.
        order = [p for p in routes for _ in range(1 if "{id}" in p else 2)] + [None] * GATE_ASKS
        for path in self.rng.sample(order, len(order)):
            self.n += 1
            once = f"act.{self.two.name}.{self.n}"
            path, paths, bodies = (path, self.at(path), self.bodies(path)) if path else self.at_the_gate()
            for _ in range(2 if self.rng.random() < AGAIN else 1):
                got = self.two.post(paths, bodies, once, what=path)
                if any(g.status < 300 for g in got):
                    yield
            if all(g.status < 300 for g in got):
                self.done[path] = self.done.get(path, 0) + 1

    def at_the_gate(self):
        """What whoever keeps a gate does there: somebody stands before him with a card, a paper, a plate or a name that is
        known here, elsewhere or nowhere. The route, and path and body for both worlds."""
        rng, why = self.rng, self.word()
        name, born, number = rng.choice(BANNED)
        guest = {"name": name, "born": born, **({"doc_number": rng.choice((number, *PAPERS[2:]))} if rng.random() < 0.7 else {})}
        plate, site = {"plate": rng.choice(PLATES)}, {"site": self.worlds[0].ids["site0"]}
        what = rng.choice(("badge", "badge", "paper", "paper", "holder", "plate", "guest", "guest", "walk_in", "expect", "mark"))
        if what in ("badge", "paper", "holder"):
            path = f"{API}/gate-points/{{id}}/{rng.choice(('ask', 'ask', 'pass', 'refuse'))}"
            mark = {"badge": rng.choice(CODES), "paper": rng.choice(PAPERS)}.get(what)
            shown = (mark, mark) if mark else self.row(f"{API}/gate-holders")
            way = rng.choice(("in", "in", "out"))
            return path, self.at(path), tuple({"way": way, "why": why, what: x} for x in shown)
        path, body = {"plate": (f"{API}/gate-points/{{id}}/plate", plate),
                      "guest": (f"{API}/visits/{{id}}/guests", guest),
                      "walk_in": (f"{API}/visits/walk-in", {**site, **guest, "purpose": why, "told": True}),
                      "expect": (f"{API}/expected-vehicles", {**site, **plate, "starts": now().isoformat(),
                                                              "ends": now(hours=2).isoformat()}),
                      "mark": (f"{API}/musters/{{id}}/marks", {"badge": rng.choice(CODES), "state": "safe"})}[what]
        return path, self.at(path), (body, body)

    def at(self, path):
        """The route with a row of its list, in both worlds; most often one that was there when last looked at."""
        if "{id}" not in path:
            return (path, path)
        one = self.row(path[:path.index("/{id}")])
        return tuple(path.replace("{id}", str(x)) for x in one)

    def row(self, path):
        """The ids of one visible row of a list, drawn."""
        rows = [(a["id"], b["id"]) for a, b in self.two.rows(path) if "id" in a]
        return self.rng.choice(rows) if rows else (NEVER, NEVER)

    def bodies(self, path):
        """What is sent, in both worlds; it differs in ids that are paired, if at all."""
        short = path[len(API) + 1:]
        if short in RAW:
            return (b"time,kind\n1,fire\n",) * 2
        schema = self.spec["paths"][path]["post"].get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        out = ({}, {})
        for name, field in schema.get("properties", {}).items():
            if name in schema.get("required", ()) or self.rng.random() < OPTIONAL:
                for body, value in zip(out, self.value(short, name, field)):
                    body[name] = value
        return out

    def value(self, short, name, field):
        """Of one member, as a pair."""
        if "pattern" in field:
            return self.meant(short, name)
        plain = self.plain(short, name, field)
        return (plain, plain)

    def meant(self, short, name):
        """A thing by its id."""
        ids = self.worlds[0].ids
        if name in OWN and self.rng.random() < 0.8:
            own = ids["bank" if name == "agency" else self.rng.choice(self.worlds[0].shared + ["open"])]
            return (own, own)
        lists = {p[len(API) + 1:] for p in self.paths("get")}
        parent = PARENTS.get(short.split("/")[0]) if name == "parent" else None
        tries = (parent, MEANT.get(name), f"{name}s", f"{name}es", f"gate-{name}s")
        found = next((t for t in tries if t in lists), None)
        return self.row(f"{API}/{found}") if found else (NEVER, NEVER)

    def plain(self, short, name, field):
        """A value without an id in it, but for those both worlds have."""
        rng, ids = self.rng, self.worlds[0].ids
        if "enum" in field:
            return rng.choice(field["enum"])
        kind, least = field.get("type"), field.get("minimum", 1)
        if kind == "boolean":
            return rng.random() < 0.5
        if kind in ("integer", "number"):
            return rng.randint(least, min(field.get("maximum", least + 9), least + 9))
        if field.get("format") == "date-time":
            past = name.endswith("_at") or name in ("moved", "told")
            return now(seconds=-60 if past and rng.random() < 0.9 else rng.choice(LATER_S)).isoformat()
        if field.get("maxLength") == 10:
            return now(days=rng.choice((-100, 0, 100))).date().isoformat()
        clause = {"from": ids["bank"], "to": ids["police"], "compartment": "means", "site": ids["site0"],
                  "condition": rng.choice(("always", "incident")), "situation": "other", "minutes": 5}
        known = {"parties": [ids["bank"], ids["police"]], "clauses": [clause], "data": ["name"], "people": ["visitors"],
                 "sites": [ids["site0"]], "elements": [{"id": "a", "kind": "zone", "object": ids["site0.zone0"],
                                                        "points": [[1, 1], [5, 1], [5, 5]]}],
                 "frame": {"width": 9, "height": 9}, "options": {}, "mapping": {}, "units": [], "peers": [], "add": [], "remove": [],
                 "password": PASSWORD, "situation": "other", "phone": "0912345678", "level": "tang_cuong", "purpose": "inspection",
                 "ref": "l04-2022/11", "retention": "visitor_log", "condition": 'way = "in"', "role": rng.choice(("guard", "auditor")),
                 "svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>',
                 "key": "00112233445566778899aabbccddeeff", "address": str(7000 + self.n), "proto": "dc09", "item": "a", "value": "yes",
                 "class": "vault", "key_site": False, "lang": "vi", "days": 30, "force": "guard", "kind": "other"}
        if short == "checklist-templates" and name == "yaml":
            return (f"code: {self.word()}\ntitle: Mẫu\ntitle-en: One\nkind: inspection\nplace: site\n"
                    "items:\n  - { code: a, kind: yes_no, optional: true, text: A, text-en: A }\n")
        if short in ("rule-texts", "rules/check") and name == "text":
            rule = self.word()
            return (f"name: {rule}_e\ndetection: {{ selection: {{ kind: fire, site: {ids['site0']} }}, condition: selection }}\n---\n"
                    f"name: {rule}\ntitle: x\nlevel: low\ncorrelation: {{ type: event, rules: [{rule}_e], group-by: [site] }}\n")
        return known.get(name, self.word())

    def word(self):
        """A word; the worlds draw it once for both."""
        return self.worlds[0].word()

    def told(self):
        """How much of it was done."""
        return json.dumps({"asked": self.n, "done": sum(self.done.values()), "kinds": len(self.done)})
