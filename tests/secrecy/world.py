# SPDX-License-Identifier: Apache-2.0
"""An invented node for the tests of secrecy: police (custodian) and a bank, who share one site of the bank's.

`World.common` is what both worlds have; `World.hidden` is only what the bank's officer may not see. The hidden
things are made between the common ones, so that numbers, counts and orders would differ if they leaked.
"""
import datetime

from kit import PASSWORD, Node, binary, dc09

BANK_LOGINS = ("agency_officer", "shift_leader", "guard")
BANK_ACCOUNT, POLICE_ACCOUNT, OTHER_ACCOUNT, STRANGER = "2101", "3101", "3202", "9999"


class World:
    """One node and the ids of what was made on it."""

    def __init__(self, with_hidden, options=()):
        self.node = Node(binary(), options)
        self.with_hidden = with_hidden
        self.ids, self.secret, self.seq = {}, {}, {}
        try:
            self.build()
        except BaseException:
            self.node.stop()
            raise

    def stop(self):
        """Ends the node."""
        return self.node.stop()

    def common(self, name, command, /, **args):
        """Made in both worlds."""
        self.ids[name] = self.node.make(command, **args)
        return self.ids[name]

    def hidden(self, name, command, /, **args):
        """Made in one world only, and not for the bank's eyes."""
        if self.with_hidden:
            self.secret[name] = self.node.run(command, **args).get("id", "")
        return self.secret.get(name, "")

    def signal(self, account, code, point, text=""):
        """A report of a panel."""
        self.seq[account] = self.seq.get(account, 0) + 1
        self.node.report(dc09(account, self.seq[account], code, point, text=text))

    def police_signal(self, *words):
        """A report that only one world has."""
        if self.with_hidden:
            self.signal(*words)

    def build(self):
        """The register: agencies, sites, people, sources."""
        common, hidden = self.common, self.hidden
        police = self.ids["police"] = self.node.custodian()[1]["user"]["agency"]
        bank = common("bank", "accounts.agency_add", code="NH", name="Ngân hàng")
        # A site of the police the bank has no role at, before the bank's own: its log, labels and ids come first.
        other = hidden("other", "sites.site_add", code="X1", name="Kho bí mật", kind="warehouse", agency=police)
        site = common("site", "sites.site_add", code="NH1", name="Chi nhánh", kind="state_bank", agency=bank)
        zone = common("zone", "sites.zone_add", site=site, name="Kho tiền", **{"class": "vault"})
        common("zone2", "sites.zone_add", site=site, name="Sảnh", **{"class": "public"})
        if other:
            zone_x = hidden("zone_x", "sites.zone_add", site=other, name="Phòng kín", **{"class": "vault"})
            hidden("other_source", "sites.source_add", site=other, name="Tủ khác", proto="dc09", address=OTHER_ACCOUNT,
                   agency=police, zone=zone_x)
        hidden("post_p", "sites.post_add", site=site, name="Chốt công an", central=True, agency=police)
        hidden("point_p1", "sites.fixture_add", site=site, kind="patrol_point", name="Điểm kín", agency=police)
        hidden("store_p", "sites.fixture_add", site=site, kind="store", name="Kho kín", agency=police)
        common("fixture_b", "sites.fixture_add", site=site, kind="camera", name="Camera 1", agency=bank)
        hidden("weak_p", "dossier.state", site=site, heading="vulnerability", text="Chỗ khuất", source_kind="survey",
               source="x", as_of="2024-01-01", agency=police)
        hidden("force_p", "dossier.state", site=site, heading="forces", text="Hai tổ", source_kind="survey", source="x",
               as_of="2024-01-01", agency=police)
        common("weak_b", "dossier.state", site=site, heading="vulnerability", text="Cửa sau", source_kind="survey",
               source="x", as_of="2024-01-01", agency=bank)
        hidden("case_p", "sitelist.case_open", kind="change", site=site, received="2024-01-01")
        if other:
            hidden("list_p", "sitelist.issue", number="1/QĐ", dated="2024-01-01", authority="x", kind="issue", sites=[other])
        common("post_b", "sites.post_add", site=site, name="Bảo vệ 1", central=True, agency=bank)
        common("gate", "sites.gate_add", site=site, name="Cổng", kind="both")
        hidden("contact_p", "sites.contact_add", site=site, name="Trần Văn Kín", role="Chỉ huy", phone="0900000001",
               agency=police)
        common("contact_b", "sites.contact_add", site=site, name="Lê Thị Lộ", role="Phó", phone="0900000002", agency=bank)
        self.privacy(police, bank, site)
        self.papers(police, bank, site)
        source_p = hidden("source_p", "sites.source_add", site=site, name="Cảm biến công an", proto="dc09",
                          address=POLICE_ACCOUNT, agency=police, deadline_s=3600)
        if source_p:
            hidden("point_p", "sites.point_add", id=source_p, point="001", zone=zone, kind="seismic")
        source_b = common("source_b", "sites.source_add", site=site, name="Tủ ngân hàng", proto="dc09",
                          address=BANK_ACCOUNT, agency=bank, zone=zone)
        common("point_b", "sites.point_add", id=source_b, point="001", zone=zone, kind="vault_alarm")
        self.plan(site, zone, source_b)
        self.people(police, bank, site, other)

    def papers(self, police, bank, site):
        """A paper and a correspondent of each agency; the police's and what was decided of it are the hidden ones."""
        paper = {"number": "1", "dated": "2026-01-05", "subject": "Kín", "kind": "plan", "compartment": "measures", "secrecy": 0}
        card = {"vonggac_card": 1, "sign": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "box": "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"}
        for make, tag, agency in ((self.hidden, "p", police), (self.common, "b", bank)):
            make(f"paper_{tag}", "documents.add", agency=agency, site=site, **paper)
            make(f"peer_{tag}", "documents.correspondent_add", agency=agency, name=f"Nút {tag}", card=card)

    def privacy(self, police, bank, site):
        """What each records of personal data; the police's first, so that numbers would tell."""
        entry = {"name": "Sổ", "purpose": "x", "ground": "state_function", "ref": "l04-2022/11", "data": ["name"],
                 "people": ["visitors"], "recipients": "x", "retention": "visitor_log", "started": datetime.date.today().isoformat()}
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()  # nothing of it is late while the test runs
        asked = {"kind": "access", "received_at": now}
        found = {"found_at": now, "what": "x", "data": ["name"], "people": ["visitors"]}
        for make, tag, agency in ((self.hidden, "p", police), (self.common, "b", bank)):
            make(f"processing_{tag}", "privacy.processing_add", agency=agency, **entry)
            make(f"request_{tag}", "privacy.request_open", agency=agency, name=f"Người {tag}", **asked)
            make(f"breach_{tag}", "privacy.breach_open", agency=agency, **found)
        self.common("notice_b", "privacy.notice_draft", site=site, text_vi="x", text_en="x", contact="x")
        if self.with_hidden:
            self.lookups("p", police, self.secret)
        self.lookups("b", bank, self.ids)

    def lookups(self, tag, agency, ids):
        """Somebody of the agency, whose record was opened."""
        ids[f"unit_{tag}"] = unit = self.node.make("people.unit_add", code="DOI", name=f"Đội {tag}", force="guard", agency=agency)
        ids[f"person_{tag}"] = person = self.node.make("people.person_add", unit=unit, name=f"Trần Văn {tag}", phone="0900000009")
        self.node.run("people.look", id=person, purpose="inspection", note=f"Kiểm tra {tag}")

    def plan(self, site, zone, source_b):
        """A floor both worlds have; in one of them the police have drawn their post and their sensor on it too."""
        drawing = self.common("drawing", "sites.drawing_add", site=site, name="Tầng 1",
                              frame={"width": 40, "height": 30})
        elements = [{"id": "z", "kind": "zone", "object": zone, "points": [[0, 0], [9, 0], [9, 9]]},
                    {"id": "s", "kind": "source", "object": source_b, "points": [[3, 2]]}]
        if self.with_hidden:
            elements += [{"id": "p", "kind": "post", "object": self.secret["post_p"], "points": [[20, 20]]},
                         {"id": "q", "kind": "source", "object": self.secret["source_p"], "points": [[21, 20]]}]
        self.node.run("sites.plan_save", id=drawing, elements=elements)

    def people(self, police, bank, site, other):
        """Users of both agencies; the roles of the bank hold at its own site."""
        for role in BANK_LOGINS:
            self.common(role, "accounts.user_add", login=f"nh.{role}", name=f"Cán bộ {role}", agency=bank,
                        password=PASSWORD, role=role, site=site)
        self.common("police_user", "accounts.user_add", login="ca.truc", name="Trực ban", agency=police,
                    password=PASSWORD, role="duty_officer")
        self.hidden("user_p", "accounts.user_add", login="ca.kin", name="Người kín", agency=police, password=PASSWORD,
                    role="shift_leader", site=other or site)
        # Two of the police: what one asked and the other may approve is not the bank's to know of.
        self.hidden("second_p", "accounts.user_add", login="ca.hai", name="Người thứ hai", agency=police, password=PASSWORD,
                    role="duty_officer")
        if self.with_hidden:
            self.secret["user_p"] = self.secret.get("user_p", "")
            token = self.node.run("accounts.token_add", name="máy", role="duty_officer", agency=police, days=30)
            self.secret["token_p"] = token["id"]

    def live(self):
        """What happens while the bank's officer watches. Hidden and common by turns."""
        node, ids, secret = self.node, self.ids, self.secret
        officer = node.person("ca.truc")
        if self.with_hidden:
            node.person().log_in("nobody.here", "sai-mat-khau-roi")
            node.person().log_in("ca.kin", "sai-mat-khau-roi")
        self.police_signal(STRANGER, "BA", "007", "la")
        self.police_signal(POLICE_ACCOUNT, "RP", "001", "thu")
        yield
        self.police_signal(OTHER_ACCOUNT, "HA", "001", "kin")
        yield
        self.signal(BANK_ACCOUNT, "BA", "001", "CUA KHO TIEN")
        yield
        if self.with_hidden:
            secret["incident_p"] = officer.post("/api/v1/incidents", site=secret["other"], situation="other",
                                                title="Vụ kín").body.get("id", "")
            officer.post(f"/api/v1/incidents/{secret['incident_p']}/tasks", title="Việc kín")
            for alert in officer.get("/api/v1/alerts", site=secret["other"]).body["items"]:
                secret["alert_p"] = alert["id"]
        yield
        opened = officer.post("/api/v1/incidents", site=ids["site"], situation="other", title="Vụ chung")
        ids["incident"] = opened.body["id"]
        yield
        if self.with_hidden:
            asked = officer.post(f"/api/v1/sources/{secret['source_p']}/disable", reason="kín")
            secret["request_p"] = asked.body.get("second_request", "")
        self.police_signal(POLICE_ACCOUNT, "RP", "055", "kin hai")
        self.hidden("late_post", "sites.post_add", site=ids["site"], name="Chốt thứ hai", agency=ids["police"])
        yield
        ids["task"] = officer.post(f"/api/v1/incidents/{ids['incident']}/tasks", title="Kiểm tra kho").body["id"]
        yield
        self.hidden("late_source", "sites.source_add", site=ids["site"], name="Muộn", proto="webhook", address="kin",
                    agency=ids["police"])
        ids["gate2"] = node.make("sites.gate_add", site=ids["site"], name="Cổng sau", kind="vehicle")
        yield
