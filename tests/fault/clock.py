#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A clock that is set back extends nothing: neither while the node runs nor over a restart.

The node runs with a small library before its own (clock.c) that moves its clocks. What is over stays over: a grant
withdrawn, an opening sealed, a bypass, a badge, a role held for a time, an access token, a session (by its twelve hours, and by an
hour without use).
"""
import datetime
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "secrecy"))

from kit import PASSWORD, Node, Person, binary  # noqa: E402

HOUR = 3600
checks = []


def check(name, good, detail=""):
    """Notes one outcome."""
    checks.append(bool(good))
    if not good:
        print(f"not as expected: {name}: {detail}")


def at(seconds):
    """So many seconds from now, by the true clock."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.isoformat()


class Clock:
    """The node's clocks as they are moved."""

    def __init__(self, folder):
        self.path = folder / "shift"
        library = folder / "clock.so"
        self.set()
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", library, HERE / "clock.c"], check=True)
        os.environ["CLOCK_SHIFT"], os.environ["LD_PRELOAD"] = str(self.path), str(library)

    def set(self, wall=0, steady=0):
        """Moves them; the file is written over, never made anew."""
        with open(self.path, "r+b" if self.path.exists() else "wb") as file:
            file.write(struct.pack("=qq", wall, steady))

    def wall(self, seconds, node):
        """Moves the wall clock and waits until the node has noted the step."""
        before = steps(node)
        self.set(seconds)
        end = time.monotonic() + 10
        while steps(node) == before and time.monotonic() < end:
            time.sleep(0.02)


def read(node, sql):
    """Rows of the node's tables."""
    with sqlite3.connect(f"file:{node.data}/vonggac.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def steps(node):
    """How often the node noted that its clock was moved."""
    return read(node, "SELECT count(*) FROM event WHERE kind = 'core.clock'")[0][0]


class World:
    """Police and bank, a regulation between them, and somebody of the bank."""

    def __init__(self, node):
        self.node = node
        self.police = node.custodian()[1]["user"]["agency"]
        self.bank = node.make("accounts.agency_add", code="NH", name="Ngan hang")
        self.sites, self.sources, self.zones = [], [], []
        for code in "AB":
            site = node.make("sites.site_add", code=code, name=code, kind="state_bank", agency=self.bank)
            zone = node.make("sites.zone_add", site=site, name="Z", **{"class": "vault"})
            self.sources.append(node.make("sites.source_add", site=site, name="CAM", proto="dc09", address="31" + code,
                                          agency=self.police, zone=zone))
            self.sites.append(site)
            self.zones.append(zone)
        self.user = node.make("accounts.user_add", login="b", name="B", agency=self.bank, password=PASSWORD,
                              role="agency_officer")
        self.situation = read(node, "SELECT code FROM situation WHERE valid_to IS NULL LIMIT 1")[0][0]
        clause = {"from": self.police, "to": self.bank, "compartment": "means"}
        draft = node.make("coord.draft", agency=self.police, number="1", title="x", parties=[self.police, self.bank],
                          valid_from=at(-20000), valid_until=at(720 * HOUR), review_due=at(700 * HOUR), clauses=[
                              {**clause, "site": self.sites[0], "condition": "always"},
                              {**clause, "site": self.sites[1], "condition": "incident", "situation": self.situation,
                               "minutes": 600}])
        node.run("coord.offer", id=draft)
        self.copies = dict(read(node, "SELECT agency, id FROM regulation"))
        for agency in (self.police, self.bank):
            node.run("coord.agree", id=self.copies[agency])

    def sees(self, person):
        """What somebody gets of the two sources of the police."""
        return [person.get("/api/v1/sources/" + s).status for s in self.sources]

    def incident(self):
        """One that opens the second site's clause."""
        self.node.make("desk.open", site=self.sites[1], situation=self.situation, title="x", level="high")
        for _ in range(100):
            rows = read(self.node, f"SELECT id FROM opening WHERE agency = '{self.police}'")
            if rows:
                return rows[0][0]
            time.sleep(0.05)
        raise RuntimeError("nothing was opened")

    def badge(self, until):
        """A badge that is good until then, and a way to ask about it: whether it is told to be over."""
        area = self.node.make("gate.area_add", site=self.sites[0], name="G")
        point = self.node.make("gate.point_add", site=self.sites[0], name="G1", inner=area)
        holder = self.node.make("gate.holder_add", site=self.sites[0], name="Ba", kind="staff")
        self.node.run("gate.badge_issue", holder=holder, code="B1", kind="card", valid_until=until)
        return lambda: "badge_expired" in [r["code"] for r in self.node.run("gate.ask", id=point, badge="B1", way="in")["reasons"]]

    def bypassed(self):
        """Is the first zone bypassed?"""
        return read(self.node, f"SELECT bypass_until FROM zone WHERE id = '{self.zones[0]}'")[0][0] is not None


def restart(node):
    """Stops the node and starts it on the same data."""
    node.serve.send_signal(signal.SIGTERM)
    node.serve.wait(20)
    (node.data / "run.json").unlink(missing_ok=True)
    with open(node.folder / "serve.log", "ab") as log:
        node.serve = subprocess.Popen([binary(), "serve", "--data", node.data, "--http", "127.0.0.1:0", "--https", "off",
                                       "--dc09", "127.0.0.1:0"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    node.where = node.wait()
    node.port = int(node.where["http"].rsplit(":", 1)[1])


def ended_by_hand(clock, w):
    """Sealed and withdrawn while the clock is ten minutes behind; then the same after a restart."""
    opening = w.incident()
    partner = w.node.person("b")
    check("granted and opened", w.sees(partner) == [200, 200], w.sees(partner))
    w.node.run("sites.zone_bypass", id=w.zones[0], until=at(3), reason="x")
    check("bypassed", w.bypassed())
    over = w.badge(at(3))
    check("a badge", not over())
    clock.wall(-600, w.node)
    w.node.run("coord.seal", id=opening, reason="x")
    check("sealed, live", w.sees(partner) == [200, 404], w.sees(partner))
    w.node.run("coord.withdraw", id=w.copies[w.police], reason="x")
    check("withdrawn, live", w.sees(partner) == [404, 404], w.sees(partner))
    end = time.monotonic() + 5
    while w.bypassed() and time.monotonic() < end:
        time.sleep(0.1)
    check("the bypass is over, live", not w.bypassed())
    check("the badge is over, live", over())
    clock.set(-1200)
    restart(w.node)
    partner = w.node.person("b")
    check("withdrawn, after a restart", w.sees(partner) == [404, 404], w.sees(partner))


def roles(port, cookie):
    """How many roles a session has; the status when there is none."""
    person = Person(port)
    person.cookie = cookie
    got = person.get("/api/v1/session")
    return len(got.body["user"]["roles"]) if got.status == 200 else got.status


def token_status(port, token):
    """What a bearer of the token is told."""
    return Person(port).call("GET", "/api/v1/sites", headers={"Authorization": "Bearer " + token}).status


def ended_by_time(clock, w):
    """A role, a session and a token whose time is over; then the clock goes back, and the node is started again."""
    node = w.node
    clock.wall(0, node)
    token = node.run("accounts.token_add", name="t", role="guard", days=1, agency=w.bank)["token"]
    node.run("accounts.role_grant", id=w.user, role="shift_leader", until=at(6 * HOUR), reason="x")
    session = node.person("b").cookie
    check("a role for a time", roles(node.port, session) == 2, roles(node.port, session))
    check("a token", token_status(node.port, token) == 200)
    clock.wall(7 * HOUR, node)
    check("the role is over", roles(node.port, session) == 1, roles(node.port, session))
    clock.wall(12 * HOUR + 60, node)
    check("the session is over", roles(node.port, session) == 401)
    clock.wall(25 * HOUR, node)
    check("the token is over", token_status(node.port, token) == 401)
    kept = node.person("b").cookie
    for when in ("live", "after a restart"):
        if when == "live":
            clock.wall(0, node)
        else:
            restart(node)
        check(f"the session stays over, {when}", roles(node.port, session) == 401)
        check(f"the token stays over, {when}", token_status(node.port, token) == 401)
        check(f"the role stays over, {when}", roles(node.port, kept) == 1, roles(node.port, kept))
    clock.set(0, HOUR + 2)
    check("an hour without use", roles(node.port, kept) == 401, roles(node.port, kept))
    fresh = node.person("b").cookie
    check("a new log-in", roles(node.port, fresh) == 1)
    clock.set(0, 13 * HOUR)
    check("twelve hours, whatever the wall clock says", roles(node.port, fresh) == 401)


def main():
    """Sets up two hours ago, and goes on from now."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vonggac-clock-"))
    node = None
    try:
        clock = Clock(folder)
        clock.set(-2 * HOUR)
        node = Node(binary())
        w = World(node)
        clock.wall(0, node)
        ended_by_hand(clock, w)
        ended_by_time(clock, w)
    finally:
        if node:
            node.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    return 0 if all(checks) else 1


sys.exit(main())
