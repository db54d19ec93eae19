# SPDX-License-Identifier: Apache-2.0
"""An invented node for the tests of secrecy, drawn from a seed: police (custodian), a bank and a fire brigade, some sites
of the bank that the police share, some of the police that they do not.

`common` is what both worlds have; `hidden` is only what the bank's people may not see. Both are drawn in both worlds,
so that the draws do not depend on what is made, and each act, made or not, steps the clock alike. Hidden things are made
between common ones, so that numbers, counts and orders would differ if they leaked.
"""
import random
import sqlite3
import time

import kit
from device import bound
from kit import PASSWORD, Node, binary, dc09, now

OFFICER = "agency_officer"  # always one of those who look: he reads the journal of his agency
# Two more, drawn. Not a site commander: he may see all that is at his own site, what is held back from the gate too.
ROLES = ("shift_leader", "guard", "duty_officer", "staff_officer", "auditor")
SYLLABLES = "ba be bi bo da de di do ga go ha he ho ka ke la le lo ma me mo na no pha pho qua ra sa so ta te to va ve xa xo".split()
SITUATION, POSTURE, EVENT = "other", "cao_diem", "Đại hội"
CARDS = {"p": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "b": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"}  # RFC 8032, 7.1
BOX = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"  # RFC 7748, 6.1
LEVELS = ("normal", "mat", "toi_mat", "tuyet_mat")
QUIET_S, PATIENCE_S = 0.03, 20
# What somebody at the gate may show or say: of people, cards and plates that are known here, elsewhere or nowhere.
BANNED = (("Khuất Duy Thạch", 1990, "001090012345"), ("Giáp Duy Quyến", 1975, "001075054321"))
PAPERS = ("001090012345||Khuất Duy Thạch|01021990|Nam|x|01012021", "001075054321||Giáp Duy Quyến|01021975|Nam|x|01012021",
          "001088011111", "C7654321")
CODES, PLATES = ("CHUNG.1", "CHUNG.2"), ("29A-433.74", "30F-888.88", "51F-000.01")
BUSY = "SELECT 1 FROM reaction_due UNION ALL SELECT 1 FROM rule_text WHERE trial_state = 'asked' LIMIT 1"
OPENING = "SELECT id, version FROM link WHERE enabled = 1 AND state = 'new'"
STRUCK = "SELECT 1 FROM deadline WHERE due > ? AND due <= ? LIMIT 1"
DRILL = 7  # the number of a drill's world
STEP_MS = 200


def iso(**later):
    """A time from now, as bodies have it."""
    return now(**later).isoformat()


class World:
    """One node and the ids of what was made on it."""

    def __init__(self, with_hidden, seed, seedling, clock):
        self.rng, self.clock, self.with_hidden = random.Random(seed), clock, with_hidden
        self.keeps_secrets = seedling.profile == "standalone"  # a federated node refuses what has a level
        self.node = Node(binary(), seedling=seedling, env=clock.env)
        self.db = sqlite3.connect(f"file:{self.node.data}/vonggac.db?mode=ro", uri=True, timeout=20)
        self.ids, self.secret, self.seq, self.n, self.names = {}, {}, {}, 0, {}
        self.words, self.chief, self.links = {"common": [], "hidden": []}, None, set()
        self.roles = (OFFICER, *self.rng.sample(ROLES, 2))

    def stop(self):
        """Ends the node."""
        self.db.close()
        return self.node.stop()

    # ------------------------------------------------------------ making

    def settle(self, quiet_s=QUIET_S):
        """Waits until the node has done what follows from what was done: no reaction due, no rule being tried, nothing written."""
        end, last, since = time.monotonic() + PATIENCE_S, None, time.monotonic()
        while time.monotonic() < end and time.monotonic() - since < quiet_s:
            state = self.db.execute("PRAGMA data_version").fetchone()
            if state != last or self.db.execute(BUSY).fetchone():
                last, since = state, time.monotonic()
            time.sleep(0.005)

    def struck(self):
        """The last step of the clock went over a moment that something waits for; the engine waits for whole seconds."""
        now_us = round(kit.now_s() * 1000000)
        return now_us % 1000000 < STEP_MS * 1000 or self.db.execute(STRUCK, (now_us - STEP_MS * 1000, now_us)).fetchone()

    def opening(self):
        """A link is being opened that was not waited for yet."""
        links = set(self.db.execute(OPENING))
        before, self.links = self.links, self.links | links
        return links - before

    def word(self, hidden=False):
        """A word that stands nowhere else; it can be searched for."""
        self.n += 1
        out = "".join(self.rng.choice(SYLLABLES) for _ in range(3)) + f"{self.n}"
        self.words["hidden" if hidden else "common"].append(out)
        return out

    def common(self, name, command, /, **args):
        """Made in both worlds, under the same id."""
        yield
        self.ids[name] = self.node.run(command, once=name, **args).get("id", "")

    def hidden(self, name, command, /, **args):
        """Made in one world only, and not for the bank's eyes."""
        yield
        if self.with_hidden:
            self.secret[name] = self.node.run(command, once=name, **args).get("id", "")

    def make(self, is_hidden, name, command, /, **args):
        """One or the other."""
        return (self.hidden if is_hidden else self.common)(name, command, **args)

    def then(self, is_hidden, once, command, /, **args):
        """What becomes of something that was made."""
        yield
        if self.with_hidden or not is_hidden:
            self.node.run(command, once=once, **args)

    def id(self, name):
        """Of what was made; of what this world does not have, none."""
        return self.ids.get(name) or self.secret.get(name, "")

    def mixed(self, *makers):
        """Several series of acts, one after another's in the order drawn."""
        makers = list(makers)
        while makers:
            one = self.rng.choice(makers)
            try:
                yield next(one)
            except StopIteration:
                makers.remove(one)

    def draw(self, low, high):
        """A number of things."""
        return self.rng.randint(low, high)

    def level(self, is_hidden):
        """A level of secrecy, of what may have one."""
        drawn = self.draw(0, 3)
        return drawn if is_hidden and self.keeps_secrets else 0

    # ------------------------------------------------------------ the register

    def build(self):
        """Everything that is there before somebody looks. Each `yield` is a step of the clock."""
        self.ids["police"] = self.node.custodian()[1]["user"]["agency"]
        for name, code in (("bank", "NH"), ("fire", "PCCC")):
            yield from self.common(name, "accounts.agency_add", code=code, name=self.word())
        self.n_shared, self.n_dark = self.draw(1, 2), self.draw(1, 3)
        self.shared = [f"site{i}" for i in range(self.n_shared)]
        self.dark = [f"dark{i}" for i in range(self.n_dark)]
        yield from self.mixed(*(self.one_site(s, False) for s in (*self.shared, "open")),
                              *(self.one_site(s, True) for s in self.dark))
        yield from self.people()
        yield from self.mixed(*(self.at_site(s) for s in self.shared), self.at_open(), *(self.at_dark(s) for s in self.dark))
        yield from self.mixed(self.agency_papers("bank", False), self.agency_papers("police", True))
        yield from self.mixed(*(self.bans(s, False) for s in self.shared), *(self.bans(s, True) for s in self.dark),
                              self.bans("", True))
        yield from self.mixed(*(self.unseen(s) for s in self.shared))
        yield from self.veiled()
        yield from self.common("list_b", "sitelist.issue", number="2/QĐ", dated="2024-01-02", authority="x", kind="issue",
                               sites=[self.ids["site0"]])
        yield from self.mixed(self.agreed(), self.agreed_in_secret())
        yield from self.mixed(*(self.plan(s) for s in self.shared))

    def one_site(self, name, is_hidden):
        """A site with its zones. Shared ones are the bank's; `open` is one where the police have agreed to be seen."""
        kind, owner = ("warehouse", "police") if is_hidden else ("state_bank", "bank")
        yield from self.make(is_hidden, name, "sites.site_add", code=name.upper(), name=self.word(is_hidden), kind=kind,
                             agency=self.ids[owner])
        for i in range(self.draw(1, 3)):
            yield from self.make(is_hidden, f"{name}.zone{i}", "sites.zone_add", site=self.id(name), name=self.word(is_hidden),
                                 **{"class": "vault" if i == 0 else self.rng.choice(("public", "vault"))})

    def people(self):
        """Users of both agencies; the roles of the bank hold at its own sites."""
        bank, police = self.ids["bank"], self.ids["police"]
        for role in self.roles:
            yield from self.common(role, "accounts.user_add", login=f"nh.{role}", name=self.word(), agency=bank,
                                   password=PASSWORD, role=role, site=self.ids[self.shared[0]])
            for site in (*self.shared[1:], "open"):
                yield
                self.node.run("accounts.role_grant", once=f"{role}.{site}", id=self.ids[role], role=role, site=self.ids[site])
        yield from self.common("police_user", "accounts.user_add", login="ca.truc", name=self.word(), agency=police,
                               password=PASSWORD, role="duty_officer")
        yield from self.common("terminal", "accounts.device_add", kind="gate", name=self.word(), days=30, agency=bank,
                               site=self.ids[self.shared[0]])
        # Two of the police: what one asked and the other may approve is not the bank's to know of.
        yield from self.hidden("chief_p", "accounts.user_add", login="ca.truong", name=self.word(True), agency=police,
                               password=PASSWORD, role="site_commander")
        yield from self.hidden("second_p", "accounts.user_add", login="ca.hai", name=self.word(True), agency=police,
                               password=PASSWORD, role="duty_officer")
        for i in range(self.draw(1, 3)):
            yield from self.hidden(f"user_p{i}", "accounts.user_add", login=f"ca.kin{i}", name=self.word(True), agency=police,
                                   password=PASSWORD, role=self.rng.choice(("shift_leader", "agency_officer")))
        yield
        if self.with_hidden:
            self.secret["token_p"] = self.node.run("accounts.token_add", name="máy", role="duty_officer", agency=police,
                                                   days=30)["id"]
            self.secret["device_p"] = bound(self.node, self.secret["dark0"], agency=police).account

    def at_site(self, site):
        """A shared site: what is the bank's is seen, what is the police's is not."""
        yield from self.mixed(self.things(site, "bank", False), self.things(site, "police", True), self.at_the_gate(site, False))

    def at_open(self):
        """What is the police's here is in both worlds: a clause shows it for a time."""
        yield from self.mixed(self.things("open", "bank", False), self.things("open", "police", False))

    def at_dark(self, site):
        """A site the bank has no role at."""
        yield from self.mixed(self.things(site, "police", True), self.at_the_gate(site, True))
        yield from self.hidden(f"{site}.posture", "posture.declare", site=self.id(site), level=POSTURE, event=EVENT, reason="x",
                               until=iso(days=2))

    def things(self, site, owner, is_hidden):
        """Posts, sources, means, people to call, what is known of a place: as many as are drawn."""
        agency, tag, where = self.ids[owner], f"{site}.{owner}", self.id(site)
        state = {"source_kind": "survey", "source": "x", "as_of": "2024-01-01"}
        series = [
            ("post", 2, "sites.post_add", lambda: {"central": self.rng.random() < 0.5}),
            ("fixture", 3, "sites.fixture_add", lambda: {"kind": self.rng.choice(("patrol_point", "store", "camera"))}),
            ("contact", 2, "sites.contact_add", lambda: {"role": "x", "phone": "0900000001"}),
            ("case", 1 if owner == "police" and is_hidden else 0, "sitelist.case_open", lambda: {"kind": "change", "received": "2024-01-01"})]
        for what, most, command, more in series:
            for i in range(self.draw(min(1, most), most)):
                args = {"site": where, "name": self.word(is_hidden), "agency": agency, **more()}
                if what == "case":
                    del args["agency"]
                yield from self.make(is_hidden, f"{tag}.{what}{i}", command, **args)
        for i in range(self.draw(1, 3)):
            yield from self.make(is_hidden, f"{tag}.statement{i}", "dossier.state", site=where, text=self.word(is_hidden), **state,
                                 heading=self.rng.choice(("vulnerability", "forces", "means")), agency=agency,
                                 secrecy=LEVELS[self.level(is_hidden)])
        for i in range(self.draw(1, 2)):
            yield from self.one_source(site, f"{tag}.source{i}", agency, is_hidden)
        if self.rng.random() < 0.5:
            yield from self.make(is_hidden, f"{tag}.ability", "coord.capability_offer", agency=agency, site=where,
                                 kind="reaction", groups=1, minutes=6, until=iso(days=1), **{"class": "B"}) \
                if is_hidden is False or site in self.dark else iter(())

    def one_source(self, site, name, agency, is_hidden):
        """A panel with one point at the first zone; the address is its number."""
        address = str(2000 + len(self.names))
        self.names[name] = address
        yield from self.make(is_hidden, name, "sites.source_add", site=self.id(site), name=self.word(is_hidden), proto="dc09",
                             address=address, agency=agency, deadline_s=3600 if self.rng.random() < 0.3 else 0)
        yield from self.make(is_hidden, f"{name}.point", "sites.point_add", id=self.id(name), point="001",
                             zone=self.id(f"{site}.zone0"), kind=self.rng.choice(("vault_alarm", "seismic")))

    def veiled(self):
        """A panel of the police at a site of the bank, of which alerts tell nothing: it is another in each world."""
        self.names["veiled"] = "1999"
        yield from self.common("veiled", "sites.source_add", site=self.ids["site0"], proto="dc09", address="1999",
                               name=("Máy dò kín", "Tủ ngoài")[self.with_hidden], agency=self.ids["police"])
        yield from self.common("veiled.point", "sites.point_add", id=self.ids["veiled"], point="001",
                               zone=self.ids["site0.zone0"], kind="vault_alarm")

    def at_the_gate(self, site, is_hidden):
        """Areas, a point, holders with badges, a rule, a list, and who went through."""
        make, at, word = self.make, f"{site}.gate", self.word
        where = self.id(site)
        yield from make(is_hidden, f"{at}.area", "gate.area_add", site=where, name=word(is_hidden))
        yield from make(is_hidden, f"{at}.inner", "gate.area_add", site=where, name=word(is_hidden), parent=self.id(f"{at}.area"),
                        **({"alone_s": 60} if self.rng.random() < 0.5 else {}))
        yield from make(is_hidden, f"{at}.door", "gate.point_add", site=where, name=word(is_hidden), outer=self.id(f"{at}.area"),
                        inner=self.id(f"{at}.inner"))
        yield from make(is_hidden, f"{at}.point", "gate.point_add", site=where, name=word(is_hidden), inner=self.id(f"{at}.area"))
        yield from make(is_hidden, f"{at}.rule", "gate.rule_add", site=where, name=word(is_hidden),
                        condition='holder.kind = "vehicle"', say="ask")
        for i in range(self.draw(1, 3)):
            holder = f"{at}.holder{i}"
            yield from make(is_hidden, holder, "gate.holder_add", site=where, name=word(is_hidden),
                            kind=self.rng.choice(("staff", "visitor")))
            yield from make(is_hidden, f"{holder}.badge", "gate.badge_issue", holder=self.id(holder), code=f"{holder}.T", kind="card")
            if self.rng.random() < 0.6:
                yield from make(is_hidden, f"{holder}.in", "gate.pass", id=self.id(f"{at}.point"), holder=self.id(holder), way="in",
                                why="x")
        yield from make(is_hidden, f"{at}.coded", "gate.badge_issue", holder=self.id(f"{at}.holder0"), code=CODES[is_hidden], kind="card")
        for i, of in enumerate(self.rng.sample(("a", "b", "first"), self.draw(1, 3))):
            yield from make(is_hidden, f"{at}.list{i}", "gate.list_add", id=self.id(f"{at}.inner"), list=of,
                            holder=self.id(f"{at}.holder0"))
        yield from self.more_at_the_gate(at, where, is_hidden)
        yield from make(is_hidden, f"{at}.visit", "visits.plan", site=where, purpose=word(is_hidden), starts=iso(), ends=iso(days=2),
                        host_user=self.ids["agency_officer"])
        for i in range(self.draw(1, 3)):
            yield from make(is_hidden, f"{at}.guest{i}", "visits.guest_add", id=self.id(f"{at}.visit"), name=word(is_hidden))

    def more_at_the_gate(self, at, where, is_hidden):
        """A vehicle, one that is expected, goods, a test, an evacuation with somebody added by name."""
        make, word, point = self.make, self.word, self.id(f"{at}.point")
        yield from make(is_hidden, f"{at}.van", "gate.holder_add", site=where, name="29A-433.74", kind="vehicle")
        yield from make(is_hidden, f"{at}.limit", "vehicles.limit", site=where, max_min=self.draw(1, 30))
        yield from make(is_hidden, f"{at}.van.in", "gate.pass", id=point, holder=self.id(f"{at}.van"), way="in", why="x")
        yield from make(is_hidden, f"{at}.expected", "vehicles.expect", site=where, plate="30F-888.88", starts=iso(days=1), ends=iso(days=2))
        yield from make(is_hidden, f"{at}.check", "vehicles.check", point=point, holder=self.id(f"{at}.van"), under=True,
                        suspicion=word(is_hidden), result="clear")
        yield from make(is_hidden, f"{at}.goods", "vehicles.goods", point=point, way="in", what=word(is_hidden), owner=word(is_hidden))
        yield from make(is_hidden, f"{at}.test", "gatetests.plan", site=where, kind="no_badge", what=word(is_hidden),
                        tester=word(is_hidden), starts=iso(days=1), ends=iso(days=2))
        yield from make(is_hidden, f"{at}.muster", "muster.declare", site=where, kind="real", reason=word(is_hidden))
        yield from make(is_hidden, f"{at}.mark", "muster.mark", id=self.id(f"{at}.muster"), key="k", name=word(is_hidden), state="safe")

    def bans(self, site, is_hidden):
        """Who is not let in at a site, or (site empty) at all of the police's: proposed, in force, expired, ended."""
        owner = "police" if is_hidden else "bank"
        name, born, number = BANNED[is_hidden]
        who = {"name": name, "born": born, "doc_kind": "id_card", "doc_number": number}
        where = {"site": self.id(site)} if site else {"agency": self.ids[owner]}
        for i, state in enumerate(self.rng.sample(("proposed", "in_force", "expired", "ended"), self.draw(2, 4)) + ["in_force"]):
            entry = f"{site or owner}.ban{i}"
            ends = iso(seconds=12) if state == "expired" else iso(days=self.draw(5, 300))
            yield from self.make(is_hidden, entry, "bans.propose", reason="disorder", document=self.id(f"{owner}.paper0"),
                                 expires=ends, **where, **who)
            if state != "proposed":
                yield from self.then(is_hidden, f"{entry}.approve", "bans.decide", id=self.id(entry), decision="approved")
            if state == "ended":
                yield from self.then(is_hidden, f"{entry}.end", "bans.end", id=self.id(entry), why=self.word(is_hidden))

    def unseen(self, site):
        """At a site the bank keeps the gate of: delegations that are held back, a test of the gate by the police, a drill."""
        where, later = self.ids[site], {"starts": iso(hours=30), "ends": iso(days=3), "release_at": iso(hours=25)}
        yield from self.then(False, f"{site}.most", "visits.setting_set", site=where, host_most=5)
        for i in range(self.draw(1, 2)):
            held = f"{site}.held{i}"
            yield from self.hidden(held, "visits.plan", site=where, kind="delegation", purpose=self.word(True),
                                   host_user=self.ids["agency_officer"], **later)
            for k in range(2):
                yield from self.hidden(f"{held}.guest{k}", "visits.guest_add", id=self.id(held), name=self.word(True),
                                       doc_kind="passport", doc_number=f"C765432{k + 1}")
        yield from self.hidden(f"{site}.off", "visits.plan", site=where, kind="delegation", purpose=self.word(True), **later)
        yield from self.hidden(f"{site}.off.guest", "visits.guest_add", id=self.id(f"{site}.off"), name=self.word(True))
        yield from self.then(True, f"{site}.off.cancel", "visits.cancel", id=self.id(f"{site}.off"), reason=self.word(True))
        for i in range(2):
            yield from self.by_chief(f"{site}.unseen{i}", "gate-tests", site=where, kind="no_badge", what=self.word(True),
                                     tester=self.word(True), starts=iso(hours=-1), ends=iso(days=2))
        yield from self.by_chief(f"{site}.unseen0", f"gate-tests/{self.id(f'{site}.unseen0')}/close", result="not_done")
        yield from self.by_chief(f"{site}.drill", "musters", DRILL, site=where, kind="real", reason=self.word(True))
        yield from self.by_chief(f"{site}.drill.mark", f"musters/{self.id(f'{site}.drill')}/marks", DRILL, key="k",
                                 name=self.word(True), state="unsafe")

    def by_chief(self, name, path, world=0, /, **body):
        """A step of the police's commander."""
        yield
        self.secretly(lambda: self.chief_does(name, path, world, **body))

    def chief_does(self, name, path, world=0, /, **body):
        """What he does by HTTP, in the real world or in a drill's."""
        self.chief = self.chief or self.node.person("ca.truong")
        self.chief.call("PATCH", "/api/v1/session", {"world": world})
        got = self.ask(self.chief, f"chief.{self.n}.{name}", path, **body)
        if got.status >= 300:
            raise RuntimeError(f"{path}: {got.status} {got.body}")
        self.secret[name] = got.body["id"]

    def agency_papers(self, owner, is_hidden):
        """What an agency keeps for itself: papers, people, personal data, a unit."""
        agency, make, word = self.ids[owner], self.make, self.word
        entry = {"purpose": "x", "ground": "state_function", "ref": "l04-2022/11", "data": ["name"], "people": ["visitors"],
                 "recipients": "x", "retention": "visitor_log", "started": "2026-01-05"}
        card = {"vonggac_card": 1, "sign": CARDS[owner[0]], "box": BOX}
        for i in range(self.draw(1, 3)):
            yield from make(is_hidden, f"{owner}.paper{i}", "documents.add", agency=agency, site=self.ids[self.shared[0]],
                            number=str(i + 1), dated="2026-01-05", subject=word(is_hidden), kind="plan", compartment="measures",
                            secrecy=self.level(is_hidden))
        yield from make(is_hidden, f"{owner}.peer", "documents.correspondent_add", agency=agency, name=word(is_hidden), card=card)
        for i in range(self.draw(1, 2)):
            yield from make(is_hidden, f"{owner}.processing{i}", "privacy.processing_add", agency=agency, name=word(is_hidden), **entry)
            yield from make(is_hidden, f"{owner}.request{i}", "privacy.request_open", agency=agency, name=word(is_hidden),
                            kind="access", received_at=iso())
            yield from make(is_hidden, f"{owner}.breach{i}", "privacy.breach_open", agency=agency, found_at=iso(),
                            what=word(is_hidden), data=["name"], people=["visitors"])
        yield from make(is_hidden, f"{owner}.unit", "people.unit_add", code="DOI", name=word(is_hidden), force="guard", agency=agency)
        for i in range(self.draw(1, 3)):
            yield from make(is_hidden, f"{owner}.person{i}", "people.person_add", unit=self.id(f"{owner}.unit"),
                            name=word(is_hidden), phone="0900000009")
            yield from make(is_hidden, f"{owner}.look{i}", "people.look", id=self.id(f"{owner}.person{i}"), purpose="inspection",
                            note=word(is_hidden))
        if is_hidden:
            yield from self.hidden("list_p", "sitelist.issue", number="1/QĐ", dated="2024-01-01", authority="x", kind="issue",
                                   sites=[self.id("dark0")])
            yield from self.hidden("notice_p", "privacy.notice_draft", site=self.id("dark0"), text_vi="x", text_en="x", contact="x")
        else:
            yield from self.common("notice_b", "privacy.notice_draft", site=self.ids["site0"], text_vi="x", text_en="x", contact="x")

    # ------------------------------------------------------------ what is agreed

    def clause(self, giver, taker, site, compartment, **when):
        """One clause."""
        return {"from": self.ids[giver], "to": self.ids[taker], "compartment": compartment, "site": self.id(site), **when}

    def regulation(self, name, is_hidden, parties, clauses, agree=True):
        """A regulation; every party's copy is agreed to."""
        body = {"number": name, "title": self.word(is_hidden), "parties": [self.ids[p] for p in parties], "clauses": clauses,
                "valid_from": "2024-01-01T00:00:00+07:00", "valid_until": "2099-01-01T00:00:00+07:00", "review_due": iso(days=60)}
        yield from self.make(is_hidden, name, "coord.draft", agency=self.ids[parties[0]], **body)
        if not agree:
            return
        yield from self.make(is_hidden, f"{name}.offer", "coord.offer", id=self.id(name))
        for i, _ in enumerate(parties):
            yield from self.make(is_hidden, f"{name}.agree{i}", "coord.agree", id=self.copy(name, i))

    def copy(self, name, i):
        """The i-th party's copy of a regulation."""
        found = self.db.execute("SELECT id FROM regulation WHERE document = (SELECT document FROM regulation WHERE id = ?)"
                                " ORDER BY rowid", (self.id(name),)).fetchall()
        return found[i][0] if found else ""

    def agreed(self):
        """What the police show the bank at the open site: always, while a case is open, while a posture holds."""
        when = [{"condition": "always"}, {"condition": "incident", "situation": SITUATION, "minutes": 600},
                {"condition": "posture", "posture": POSTURE}]
        parts = self.rng.sample(("force", "means", "measures", "vulnerability"), self.draw(2, 4))
        clauses = [self.clause("police", "bank", "open", c, **self.rng.choice(when)) for c in parts]
        for i, one in enumerate(clauses):  # not two that end on one moment: the order of their ids is chance
            one.update({"minutes": 600 + i} if "minutes" in one else {})
        yield from self.regulation("shown", False, ("police", "bank"), clauses)
        yield from self.regulation("given", False, ("bank", "police"),
                                   [self.clause("bank", "police", "site0", "means", **self.rng.choice(when))])

    def agreed_in_secret(self):
        """What the police show the brigade, of the bank's site, too; a draft; all this is none of the bank's business."""
        when = {"condition": "incident", "situation": SITUATION, "minutes": 600}
        for i in range(self.draw(1, 2)):
            clauses = [self.clause("police", "fire", s, "means", **when) for s in ("site0", "dark0")]
            yield from self.regulation(f"secret{i}", True, ("police", "fire"), clauses)
        yield from self.regulation("draft_p", True, ("police", "bank"), [self.clause("police", "bank", "site0", "force", **when)],
                                   agree=False)

    def plan(self, site):
        """A floor both worlds have; in one of them the police have drawn their post and their sensor on it too."""
        drawing = f"{site}.drawing"
        yield from self.common(drawing, "sites.drawing_add", site=self.ids[site], name=self.word(), frame={"width": 40, "height": 30})
        elements = [{"id": "z", "kind": "zone", "object": self.ids[f"{site}.zone0"], "points": [[0, 0], [9, 0], [9, 9]]},
                    {"id": "s", "kind": "source", "object": self.ids[f"{site}.bank.source0"], "points": [[3, 2]]}]
        if self.with_hidden:
            elements += [{"id": "p", "kind": "post", "object": self.secret[f"{site}.police.post0"], "points": [[20, 20]]},
                         {"id": "q", "kind": "source", "object": self.secret[f"{site}.police.source0"], "points": [[21, 20]]}]
        yield
        self.node.run("sites.plan_save", once=f"{drawing}.plan", id=self.ids[drawing], elements=elements)

    # ------------------------------------------------------------ what happens

    def signal(self, source, code, text, point="001"):
        """A report of a panel that this world has."""
        address = self.names.get(source, source)
        if source not in self.names or self.id(source):
            self.seq[address] = self.seq.get(address, 0) + 1
            self.node.report(dc09(address, self.seq[address], code, point, text=text))

    def ask(self, person, name, path, /, **body):
        """A command by HTTP; under the same key in both worlds."""
        return person.call("POST", f"/api/v1/{path}", body, {"Idempotency-Key": name})

    def live(self):
        """What happens while the bank's people watch, hidden and common by turns."""
        officer = self.node.person("ca.truc")
        yield
        sources = sorted(self.names)
        hidden = [s for s in sources if ".police." in s and not s.startswith("open")]
        common = [s for s in sources if s not in hidden]
        acts = [lambda s=s: self.signal(s, "BA", "x") for s in self.rng.sample(common, min(3, len(common)))]
        # At a shared site not at a zone: of a zone the last signal is told to all who see it (docs/security.md).
        acts += [lambda s=s: self.secretly(lambda: self.signal(s, "BA", "kin") if s.startswith("dark") else
                                           self.signal(s, "RP", "kin", "055")) for s in self.rng.sample(hidden, min(4, len(hidden)))]
        acts += [lambda: self.secretly(lambda: self.signal("9999", "BA", "la")),
                 lambda: self.secretly(lambda: self.case(officer, "dark0", "case_dark")),
                 lambda: self.secretly(lambda: self.disable(officer)),
                 lambda: self.secretly(self.at_a_dark_gate),
                 lambda: self.secretly(lambda: self.chief_does("late_mark", f"musters/{self.secret['site0.drill']}/marks", DRILL,
                                                               key="l", name="Lê Kín", state="safe")),
                 lambda: self.secretly(lambda: self.chief_does("late_test", "gate-tests", site=self.ids["site0"], kind="other",
                                                               what="kin", tester="kin", starts=iso(), ends=iso(days=1))),
                 lambda: self.secretly(self.wrong_log_in)]
        acts.append(lambda: self.signal("veiled", ("BA", "UA")[self.with_hidden], ("kin A", "tin khac")[self.with_hidden]))
        for site in (*self.shared, "open"):
            acts.append(lambda s=site: self.case(officer, s, f"{s}.case"))
        acts.append(lambda: self.ids.update(posture=self.node.run("posture.declare", once="posture", site=self.ids["open"],
                                                                  level=POSTURE, event=EVENT, reason="x", until=iso(days=2))["id"]))
        self.rng.shuffle(acts)
        for act in acts:
            act()
            yield
        late = self.word()
        yield from self.hidden("late_post", "sites.post_add", site=self.ids["site0"], name="Chốt thứ hai", agency=self.ids["police"])
        yield from self.common("gate2", "sites.gate_add", site=self.ids["site0"], name=late, kind="vehicle")
        if self.rng.random() < 0.5:  # what the clauses opened is shut again before somebody walks
            yield
            self.ask(officer, "open.done", f"tasks/{self.ids['open.case.task']}/done")
            yield from self.common("open.sealed", "desk.close", id=self.ids["open.case"], first_sign="x", found_by="guard",
                                   surprise=False, harm="none", summary="x")

    def secretly(self, act):
        """Only where there is something hidden."""
        if self.with_hidden:
            act()

    def at_a_dark_gate(self):
        """Somebody banned by the police is asked about where they keep the gate, and comes in all the same."""
        point = self.secret["dark0.gate.point"]
        asked = self.node.run("gate.ask", once="dark.ask", id=point, paper=PAPERS[1], way="in")
        if not asked["bans"]:
            raise RuntimeError(f"nobody was told of the ban: {asked}")
        self.node.run("gate.pass", once="dark.pass", id=point, holder=self.secret["dark0.gate.holder0"], way="in", why="kin")
        self.node.run("visits.guest_add", once="held.late", id=self.secret["dark0.gate.visit"], name="Lê Kín")

    def wrong_log_in(self):
        """Somebody tries names."""
        self.node.person().log_in("nobody.here", "sai-mat-khau-roi")
        self.node.person().log_in("ca.kin0", "sai-mat-khau-roi")

    def disable(self, officer):
        """A request that waits for a second of the police."""
        asked = self.ask(officer, "disable_p", f"sources/{self.secret['dark0.police.source0']}/disable", reason="kín")
        self.secret["request_p"] = asked.body.get("second_request", "")

    def case(self, officer, site, name):
        """An incident of the kind the clauses wait for, with a task and a line."""
        of = self.secret if site in self.dark else self.ids
        got = self.ask(officer, name, "incidents", site=self.id(site), situation=SITUATION, title=name)
        of[name] = got.body["id"]
        of[f"{name}.task"] = self.ask(officer, f"{name}.task", f"incidents/{of[name]}/tasks", title="Việc").body["id"]
        self.ask(officer, f"{name}.log", f"incidents/{of[name]}/log", text="Đã báo")
