# SPDX-License-Identifier: Apache-2.0
"""What was said before, and what was thought of an older state."""
import secrets
import sqlite3

from ground import API, check, noted, roles

UNKEPT = ("device-accounts", "device-accounts/{id}/code", "tokens", "persons/{id}/look", "gate-holders/{id}/look", "rules/check", "bans/{id}/look",
          "visits/read-card", "visit-guests/{id}/invite",
          "users/{id}/factor")  # said once: a code, a token, a telephone number; or nothing that was done
LEAST = 100  # routes on which something must have been done, or the test has gone blind


def by(w, person):
    """How many events somebody caused."""
    with sqlite3.connect(f"file:{w.node.data}/vonggac.db?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM event WHERE actor = ? AND kind NOT LIKE 'accounts.log%'", (person.user,)).fetchone()[0]


def commands(w):
    """(route, its schema) of every command that takes a key."""
    for method, path, op in w.routes:
        short = path[len(API) + 1:]
        takes = any(p.get("name") == "Idempotency-Key" for p in op.get("parameters", []))
        if method == "POST" and takes and short not in roles.OPEN and not short.startswith("imports"):
            yield short, op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def commands_said_again_do_nothing(w):
    """On every route, with one key for them all: the first answer again and no event; a key is one person's and one path's."""
    key, done = {"Idempotency-Key": secrets.token_hex(8)}, 0
    people = [w.own[r] for r in ("custodian", "site_commander", "agency_officer", "staff_officer", "duty_officer", "auditor", "guard")]
    things = roles.Things(w.node, w.things.agency, w.bank, w.theirs, w.duty, w.node.person("hoi"))
    for short, schema in sorted(commands(w), key=lambda c: (c[0].endswith(("/remove", "/close", "/end", "/retire", "/withdraw", "/revoke")), c[0])):
        target = f"{API}/{short}".replace("{id}", things.named(short)) if "{id}" in short else f"{API}/{short}"
        body = things.body(short, schema)
        for i, person in enumerate(people):
            first = noted(person.call("POST", target, body, key))
            if first.status not in (200, 202):
                continue
            done += 1
            events = by(w, person)
            again = noted(person.call("POST", target, body, key))
            same = {} if short in UNKEPT else first.body
            check(f"{short} again: the same answer", (again.status, again.body) == (first.status, same), (first.body, again.body))
            check(f"{short} again: no event", by(w, person) == events, by(w, person) - events)
            changed = noted(person.call("POST", target, {**body, "khong_co": 1} if isinstance(body, dict) else body, key))
            check(f"{short}: a body that is none is no repetition", changed.status == 400, changed.body)
            other = people[(i + 1) % len(people)]
            theirs = noted(other.call("POST", target, body, key))
            made = isinstance(first.body, dict) and first.body.get("id") and "{id}" not in short
            check(f"{short}: another's key is another's", not made or not isinstance(theirs.body, dict) or theirs.body.get("id") != first.body["id"],
                  (first.body, theirs.body))
            break
    check(f"something was done on {done} routes", done >= LEAST, done)
    for bad in ("", "x" * 129, "dấu"):
        a = noted(w.chief.call("POST", f"{API}/zones", {"site": w.theirs, "name": "Khu khóa", "class": "public"},
                               {"Idempotency-Key": bad.encode("utf-8").decode("latin-1")}))
        check(f"a key that is none: {bad[:5]}", a.status == (200 if not bad else 400), a.body)


def what_was_said_is_said_once(w):
    """A command sent again with its key does nothing; the key of one person is nothing for another."""
    def post(person, key, name):
        return noted(person.call("POST", f"{API}/zones", {"site": w.theirs, "name": name, "class": "public"}, {"Idempotency-Key": key}))

    key, before = secrets.token_hex(8), w.events()
    first = post(w.chief, key, "Sân trước")
    again, other = post(w.chief, key, "Sân trước"), post(w.chief, key, "Sân sau")
    check("done", first.status == 200, first.body)
    check("done once", again.status == 200 and again.body == first.body, again.body)
    check("nor with other words", other.body == first.body or other.status in (409, 422), other.body)
    check("one zone, one fact", w.events() == before + 2, (before, w.events()))
    mine = post(w.admin, key, "Sân chung")
    check("another's key is another's", mine.status == 200 and mine.body != first.body, mine.body)
    names = [z["name"] for z in w.chief.get(f"{API}/zones", site=w.theirs, limit=200).body["items"]]
    check("no second zone", names.count("Sân trước") == 1 and "Sân sau" not in names, names)


def old_versions_change_nothing(w):
    """A plan saved over another's change is refused by its version, and so is one that names none."""
    drawing = w.node.make("sites.drawing_add", site=w.theirs, name="Bản vẽ chung",
                          svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>')
    zone = w.node.make("sites.zone_add", site=w.theirs, name="Sảnh", **{"class": "public"})
    plan = {"elements": [{"id": "a", "kind": "zone", "object": zone, "points": [[1, 1], [5, 1], [5, 5]]}]}
    path = f"{API}/drawings/{drawing}/plan"
    first = noted(w.chief.call("POST", path, plan))
    now = f'"{first.body.get("version")}"'
    check("the first", first.status == 200, first.body)
    plan["elements"][0]["points"][2] = [6, 6]
    a = noted(w.chief.call("POST", path, plan, {"If-Match": now}))
    check("the right version", a.status == 200, a.body)
    for stale in (now, '"0"', '"zzz"', 'W/"1"', "*", '"99999999999999999999"', None):
        a = noted(w.chief.call("POST", path, {"elements": []}, {"If-Match": stale} if stale else {}))
        check(f"a stale one, {stale}", a.status == 412, (a.status, a.body))
