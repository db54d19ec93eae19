// SPDX-License-Identifier: Apache-2.0
// What a terminal decides without the node: the expression language's own examples, and the advice of domain/gate/advice.c.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Decision } from "../src/lib/gatekeeper.ts";
import { likely, stepOf } from "../src/lib/gatestep.ts";
import { isMrzLine, looksScanned, nameKey, numberOf, readScan, writtenOf } from "../src/lib/scan.ts";
import { byName, open } from "../src/terminal/bans.ts";
import { advise, bannedBy, sayOf, type Asked } from "../src/terminal/advice.ts";
import { carry, move, type Snapshot } from "../src/terminal/carried.ts";
import { looksLikePlate, looseKey, plateKey, readForms } from "../src/terminal/plates.ts";
import { compile } from "../src/terminal/rules.ts";

const SUNDAY = Date.parse("2026-11-22T23:30:00+07:00") * 1000;
const truck = { text: { "holder.kind": "vehicle", "holder.class": "truck", point: "Cổng chính", area: "Kho", from: undefined, way: "in" }, atUs: SUNDAY };

test("rules are answered as the node answers them", () => {
  const asked: [string, boolean | null][] = [
    ["time in 22:00..05:00", true],
    ["time in 06:00..08:00 or time in 17:00..19:00", false],
    ["time in {06:00..08:00, 17:00..19:00}", false],
    ["time in 23:30..23:30", true],
    ["day in mon..fri and time in 07:00..17:00", false],
    ["day in sat..mon", true],
    ["date in 2026-11-16..2026-11-30", true],
    ['holder.class = "truck" and time not in 06:00..22:00', true],
    ['holder.class = "truck" and not (time >= 06:00 and time < 22:00)', true],
    ['holder.kind in {"visitor", "contractor"}', false],
    ['from = "Kho"', null],
    ['from = "Kho" or way = "in"', true],
    ['from = "Kho" and way = "out"', false],
    ["known from", false],
    ['not from = "Kho"', null],
    ["true", true],
  ];
  for (const [text, want] of asked) {
    assert.equal(compile(text)(truck), want, text);
  }
});

test("what is not in the gate's part of the language is not guessed at", () => {
  for (const text of ["now - drill.last > 90d", 'holder.class = 3', "time", "holder.class in skills", "1 +", 'post["a"]', "", "(true"]) {
    assert.throws(() => compile(text), SyntaxError, text);
  }
});

const PLATES = readFileSync(join(import.meta.dirname, "../../data/plates.txt"), "utf8");
const MIN = 60e6;
const NOW = SUNDAY;
const made = (more: Partial<Snapshot> = {}): Snapshot => ({
  version: 5, terminal: "t", site: "s", made: NOW, until: NOW + 60 * MIN, key: "", names: "", paper: "", escort_s: 120,
  areas: [["yard", "Sân", null, "hard", null, null, null, 0], ["vault", "Kho", "yard", "soft", 10, 2, 60, 0]],
  points: [["gate", "Cổng", null, "yard", "both", "person"], ["lane", "Cổng xe", null, "yard", "both", "vehicle"], ["door", "Cửa", "yard", "vault", "both", "person"]],
  lists: [["vault", "a", "an"], ["vault", "b", "be"]],
  rules: [["Xe tải", 'holder.class = "truck"', "stop"], ["Lạ", "now > x", "ask"]],
  holders: [
    ["an", "staff", null, "active", null, null, null, null, null, [["h1", "lost", null, "card"], ["h1", "issued", null, "card"]]],
    ["be", "staff", null, "active", null, "yard", "s", NOW - 5 * MIN, null, [["h2", "lost", null, "card"]]],
    ["cuong", "staff", null, "active", NOW - MIN, "yard", "s", NOW - 5 * MIN, "p3", []],
    ["xe", "vehicle", "truck", "ended", null, "x", "other", NOW - MIN, null, []],
    ["khach", "visitor", null, "active", null, null, null, null, "p5", [["h5", "issued", null, "pass"]]],
    ["tho", "contractor", null, "active", null, "yard", "s", NOW - MIN, "p6", []],
    ["cho", "visitor", null, "active", null, null, null, null, null, []],
    ["van", "vehicle", null, "active", null, null, null, null, null, []],
    ["qua", "vehicle", "unknown", "active", null, null, null, null, null, []],
    ["hen", "vehicle", "expected", "active", null, null, null, null, null, []],
  ],
  visits: [
    ["khach", "approved", NOW - 300 * MIN, NOW - 200 * MIN, [], 1, 0, null, null, 0, null],
    ["khach", "approved", NOW - 10 * MIN, NOW + 60 * MIN, ["yard"], 1, 1, "i5", NOW + 60 * MIN, 0, null],
    ["tho", "arrived", NOW - 60 * MIN, NOW + 60 * MIN, [], 1, 0, null, null, 1, null],
    ["cho", "planned", NOW, NOW + 60 * MIN, [], 0, 0, "i7", NOW - MIN, 0, null],
  ],
  company: [], certified: 1, elsewhere: [], papers_elsewhere: [],
  certificates: [["tho", "An toàn điện", NOW - MIN], ["tho", "Hàn", NOW + MIN]],
  bans: [["p6", "KV-1/2026", NOW + MIN], ["p6", "KV-2/2026", NOW - MIN], ["p9", "KV-3/2026", NOW + MIN]],
  plate_forms: PLATES,
  plates: [["k1", "l1", "van"], ["k4", "l4", "hen"], ["k2", "l2", "qua"], [null, null, "qua"]],
  expected: [["k3", "l3", NOW - 60 * MIN, NOW], ["k3", "l3", NOW, NOW + 60 * MIN], ["k5", "l5", NOW + 40 * MIN, NOW + 90 * MIN], ["k1", "l1", NOW + 40 * MIN, NOW + 90 * MIN], ["k4", "l4", NOW, NOW + 60 * MIN]],
  ...more,
});
const codes = (c: ReturnType<typeof carry>, point: string, way: "in" | "out", shown: Asked, now = NOW) =>
  advise(c, { point, way }, shown, now).reasons.map((r) => r.code).filter((x) => x !== "rule_unchecked");

test("badges, validity and where somebody is", () => {
  const c = carry(made());
  assert.deepEqual(codes(c, "gate", "in", { hash: "h1" }), []); // the one that is out counts
  assert.deepEqual(codes(c, "gate", "in", { hash: "h2" }), ["badge_lost", "passback"]);
  assert.deepEqual(codes(c, "gate", "in", { hash: "none" }), ["badge_unknown"]);
  assert.deepEqual(codes(c, "gate", "out", { holder: "an" }), ["not_inside"]);
  assert.deepEqual(codes(c, "gate", "out", { holder: "cuong" }), ["holder_expired"]);
  assert.deepEqual(codes(c, "gate", "in", { holder: "xe" }), ["holder_ended", "wrong_lane", "inside_elsewhere", "known_then", "rule"]);
  assert.equal(sayOf(advise(c, { point: "gate", way: "in" }, { hash: "h2" }, NOW).reasons), "stop");
  assert.deepEqual(codes(c, "gate", "in", { hash: "h1" }, NOW + 60 * MIN), ["snapshot_old"]);
});

test("its own passages count, a pair makes a vault", () => {
  const c = carry(made());
  const an = c.holders.get("an")!;
  move(c, an, c.points.get("gate")!, "in", NOW);
  assert.deepEqual(codes(c, "gate", "in", { holder: "an" }), ["passback"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "an" }), ["pair_first_of_two"]);
  move(c, an, c.points.get("door")!, "in", NOW);
  assert.deepEqual([c.areas.get("yard")!.inside, c.areas.get("yard")!.vehicles], [4, 0]); // those in the vault too
  assert.deepEqual(codes(c, "door", "in", { holder: "cuong" }), ["holder_expired", "pair_needs_b"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "be" }), []);
  move(c, c.holders.get("be")!, c.points.get("door")!, "in", NOW);
  assert.deepEqual(codes(c, "door", "out", { holder: "be" }), ["leaves_one_alone"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "cuong" }), ["holder_expired", "area_full"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "an" }, NOW + 11 * MIN), ["area_full"]); // soft, and its time is over
  // A vehicle takes nobody's place; of three who are inside the one of list b is wanted still.
  move(c, c.holders.get("xe")!, c.points.get("door")!, "in", NOW);
  assert.deepEqual(codes(c, "door", "out", { holder: "be" }), ["leaves_one_alone"]);
  move(c, c.holders.get("cuong")!, c.points.get("door")!, "in", NOW);
  assert.deepEqual(codes(c, "door", "out", { holder: "be" }), ["pair_left_no_b"]);
  assert.deepEqual(codes(c, "door", "out", { holder: "cuong" }), ["holder_expired"]);
});

test("visitors: expected, on time, accompanied, told, with their certificates", () => {
  const c = carry(made());
  assert.deepEqual(codes(c, "gate", "in", { paper: "p5" }), ["no_escort"]);
  move(c, c.holders.get("an")!, c.points.get("gate")!, "in", NOW - MIN);
  assert.deepEqual(codes(c, "gate", "in", { paper: "p5" }), []); // somebody of the house went just before
  assert.deepEqual(codes(c, "gate", "in", { hash: "x", invitation: "i5" }), []);
  assert.deepEqual(codes(c, "gate", "in", { hash: "x", invitation: "i7" }), ["invite_expired", "visit_waiting", "rules_unread"]);
  assert.deepEqual(codes(c, "gate", "in", { holder: "khach" }, NOW + 90 * MIN), ["snapshot_old", "visit_over", "no_escort"]);
  assert.deepEqual(codes(c, "gate", "in", { paper: "" }), ["paper_unknown"]);
  move(c, c.holders.get("khach")!, c.points.get("gate")!, "in", NOW);
  assert.deepEqual(codes(c, "gate", "out", { holder: "khach" }), ["pass_out"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "tho" }), ["pair_not_listed", "pair_first_of_two", "visit_area", "certificate_over"]);
  assert.deepEqual(codes(c, "gate", "in", { holder: "an" }), ["passback"]); // the house has no visits
});

test("whoever leaves a visitor alone is asked, without the node too", () => {
  const left = (c: ReturnType<typeof carry>, holder: string, now = NOW) =>
    advise(c, { point: "gate", way: "out" }, { holder }, now).reasons.filter((r) => r.code === "leaves_guest").map((r) => r.detail);
  // Brought in before this was taken along, by one who is inside and one who is not.
  const inside = made().holders.map((h): Snapshot["holders"][number] => (h[0] === "khach" ? ["khach", "visitor", null, "active", null, "yard", "s", NOW - MIN, "p5", []] : h));
  const one = carry(made({ holders: inside, company: [["khach", "be"], ["khach", "an"], ["khach", "gone"]] }));
  assert.deepEqual(left(one, "be"), ["1"]);
  assert.deepEqual(left(one, "cuong"), []); // nothing to do with him
  move(one, one.holders.get("an")!, one.points.get("gate")!, "in", NOW);
  assert.deepEqual(left(one, "be"), []); // another is there
  move(one, one.holders.get("khach")!, one.points.get("gate")!, "out", NOW);
  move(one, one.holders.get("an")!, one.points.get("gate")!, "out", NOW);
  assert.deepEqual(left(one, "be"), []); // he has left himself
  // Brought in by this terminal: one ahead, one after, one too late; the host is inside.
  const two = carry(made({ visits: [["khach", "approved", NOW - MIN, NOW + 60 * MIN, [], 1, 1, null, null, 0, "cuong"]] }));
  const gate = two.points.get("gate")!;
  move(two, two.holders.get("an")!, gate, "in", NOW);
  move(two, two.holders.get("khach")!, gate, "in", NOW + MIN);
  assert.deepEqual(left(two, "an"), []); // the host
  move(two, two.holders.get("cuong")!, gate, "out", NOW + 2 * MIN);
  assert.deepEqual(left(two, "an"), ["1"]);
  move(two, two.holders.get("be")!, gate, "out", NOW + 2 * MIN);
  move(two, two.holders.get("be")!, gate, "in", NOW + 3 * MIN);
  assert.deepEqual(left(two, "an"), []); // came after him, in time
  move(two, two.holders.get("an")!, gate, "out", NOW + 3 * MIN);
  assert.deepEqual(left(two, "be"), ["1"]);
  move(two, two.holders.get("an")!, gate, "in", NOW + 9 * MIN);
  assert.deepEqual(left(two, "be"), []); // he is back, and was with him
  // Who follows him through an inner door is none.
  const three = carry(made());
  move(three, three.holders.get("an")!, gate, "in", NOW);
  move(three, three.holders.get("khach")!, gate, "in", NOW + MIN);
  move(three, three.holders.get("khach")!, three.points.get("door")!, "in", NOW + 2 * MIN);
  move(three, three.holders.get("be")!, three.points.get("door")!, "in", NOW + 2 * MIN);
  assert.deepEqual([left(three, "an"), left(three, "be")], [["1"], []]);
});

test("whoever comes to work here has a certificate, and one that is not over", () => {
  const at = (certificates: Snapshot["certificates"], more: Partial<Snapshot> = {}, now = NOW) =>
    codes(carry(made({ certificates, ...more })), "door", "in", { holder: "tho" }, now).filter((x) => x.startsWith("certificate"));
  assert.deepEqual(at([]), ["certificate_none"]);
  assert.deepEqual(at([], { certified: 0 }), []); // the site asks for none
  assert.deepEqual(at([["khach", "Hàn", NOW + MIN]]), ["certificate_none"]); // another's
  assert.deepEqual(at([["tho", "Hàn", NOW + MIN]]), []);
  assert.deepEqual(at([["tho", "Hàn", NOW + MIN]], {}, NOW + MIN), ["certificate_over"]); // while it was without a connection
  // A visitor by record whose visit is one of work.
  const visits: Snapshot["visits"] = [["khach", "approved", NOW - MIN, NOW + 60 * MIN, ["yard"], 1, 0, null, null, 1, null]];
  assert.deepEqual(codes(carry(made({ visits })), "gate", "in", { holder: "khach" }), ["certificate_none"]);
});

test("inside at another site, as it was when this was taken along", () => {
  const more = { elsewhere: [["an", NOW - 30 * MIN], ["be", NOW - 30 * MIN]], papers_elsewhere: [["p5", NOW - 20 * MIN], ["p77", NOW - 10 * MIN]] } as Partial<Snapshot>;
  const c = carry(made({ rules: [], ...more }));
  const told = advise(c, { point: "gate", way: "in" }, { hash: "h1" }, NOW + MIN).reasons;
  assert.deepEqual(told, [{ say: "ask", code: "inside_elsewhere", detail: "23:00 22/11/2026" }, { say: "green", code: "known_then", detail: "23:30 22/11/2026" }]);
  assert.ok(!codes(c, "gate", "in", { holder: "be" }).includes("inside_elsewhere")); // here by record
  assert.ok(codes(c, "gate", "in", { paper: "p5" }).includes("inside_elsewhere"));
  assert.deepEqual(codes(c, "gate", "in", { paper: "p77" }), ["paper_unknown", "inside_elsewhere", "known_then"]); // not of this site
  move(c, c.holders.get("an")!, c.points.get("gate")!, "in", NOW);
  assert.deepEqual(codes(c, "gate", "out", { hash: "h1" }), []);
});

test("plates are told apart as the node tells them apart", () => {
  const f = readForms(PLATES);
  const examples = PLATES.split("\n").filter((l) => l && !/^(#|set|alike)/.test(l)).map((l) => l.split(" ")[2]!);
  assert.ok(examples.length > 40);
  for (const e of examples) {
    assert.ok(looksLikePlate(f, plateKey(e)!), e);
  }
  for (const none of ["Q-9999", "T-0001", "X-0001", "001099001234", "LE CUONG", "AB-12"]) {
    assert.ok(!looksLikePlate(f, plateKey(none)!), none);
  }
  assert.deepEqual(["29-MĐ1 123.45", " 29A.433-74 ", "29a 43374"].map(plateKey), ["29MD112345", "29A43374", "29A43374"]);
  assert.deepEqual(["", " - ", "29A*433", "29A4337412345678"].map(plateKey), [null, null, null, null]);
  assert.equal(looseKey(f, "30F8888B"), looseKey(f, "3OF88888"));
  assert.notEqual(looseKey(f, "30F8888B"), looseKey(f, "30F88887"));
});

test("by plate: known, expected, early, come once, perhaps misread, not known here", () => {
  const c = carry(made());
  const plate = (hash: string, loose: string, more = {}) => ({ hash: "no badge", plate: { hash, loose, fits: true, sure: false, came: false, ...more } });
  assert.deepEqual(codes(c, "lane", "in", plate("k1", "l1")), ["plate_early"]);
  assert.equal(sayOf(advise(c, { point: "lane", way: "in" }, plate("k1", "l1"), NOW).reasons.filter((r) => r.code !== "rule_unchecked")), "green"); // known anyhow
  assert.deepEqual(codes(c, "lane", "in", plate("k2", "l2")), ["plate_not_expected"]);
  assert.deepEqual(codes(c, "lane", "out", plate("k2", "l2")), ["not_inside"]); // it may leave
  assert.deepEqual(codes(c, "lane", "in", plate("k3", "l3")), ["plate_expected"]);
  assert.deepEqual(advise(c, { point: "lane", way: "in" }, plate("k3", "l3"), NOW).plate?.expected?.at, 1); // the first is over
  assert.deepEqual(codes(c, "lane", "in", plate("k4", "l4")), ["plate_expected"]); // once more, and told of
  assert.deepEqual(codes(c, "lane", "in", plate("k5", "l5")), ["plate_early"]);
  assert.equal(sayOf(advise(c, { point: "lane", way: "in" }, plate("k5", "l5"), NOW).reasons), "ask");
  assert.deepEqual(codes(c, "lane", "in", plate("k3", "l3", { came: true })), ["plate_not_expected"]); // told of once, came once
  assert.deepEqual(codes(c, "lane", "out", plate("k3", "l3", { came: true })), []);
  assert.deepEqual(codes(c, "lane", "in", plate("no", "no", { fits: false, came: true })), ["badge_unknown"]);
  assert.deepEqual(codes(c, "lane", "in", plate("no", "l3")), ["plate_maybe"]);
  assert.deepEqual(codes(c, "lane", "in", plate("no", "no")), ["plate_not_here"]);
  assert.deepEqual(codes(c, "lane", "in", plate("no", "no", { fits: false })), ["badge_unknown"]);
  assert.deepEqual(codes(c, "lane", "in", plate("no", "no", { fits: false, sure: true })), ["plate_not_here"]);
  assert.deepEqual(codes(c, "gate", "in", plate("no", "l3")), ["badge_unknown"]); // people go there
  assert.deepEqual(codes(c, "gate", "in", plate("k1", "l1")), ["plate_early", "wrong_lane"]);
  assert.deepEqual(codes(c, "lane", "in", { ...plate("no", "no"), invitation: "i5" }), ["plate_not_here"]);
  assert.deepEqual(codes(c, "gate", "in", { hash: "h1", plate: plate("k1", "l1").plate }), []); // a badge before a plate
});

test("the ban list: numbers of papers by hash, names by word, year and rarity", () => {
  const c = carry(made());
  assert.deepEqual(bannedBy(c, [undefined, "p6", "p9", "p6"], NOW), ["KV-1/2026", "KV-3/2026"]);
  assert.deepEqual(bannedBy(c, ["p5"], NOW), []);
  const n = open({
    holders: [["Trần Văn Bình", null], ["Tran Van Binh", 1980], ["Khuất Duy Thạch", null]],
    bans: [
      ["KV-1", NOW + MIN, 1990, "Khuất Duy Thạch", ["Thạch Sẹo"]],
      ["KV-2", NOW + MIN, null, "Trần Văn Bình", []],
      ["KV-3", NOW - MIN, null, "Đã Hết Hạn", []],
      ["KV-4", NOW + MIN, 1975, "Lê Thị Hồng", []],
    ],
    expected: [],
  });
  const hits = (name: string, born: number, mine = false) => byName(n, { name, born }, mine, NOW).map((h) => `${h.number} ${h.why.join(" ")}`);
  assert.deepEqual(hits("THACH KHUAT DUY", 1990), ["KV-1 name_same year_same"]);
  assert.deepEqual(hits("Khuất Duy Thạch", 1991), ["KV-1 name_same year_near"]);
  assert.deepEqual(hits("Khuất Duy Thạch", 1960), []);
  assert.deepEqual(hits("Khuất Duy Thạch", 0, true), ["KV-1 name_same year_unknown rare"]);
  assert.deepEqual(hits("Khuất Duy Thạch", 0), []); // another who is carried has the name: a name alone asks only if rare
  assert.deepEqual(hits("Trần Văn Bình", 1980), []);
  assert.deepEqual(hits("Thach Seo", 1990), ["KV-1 name_same year_same"]);
  assert.deepEqual(hits("Đã Hết Hạn", 0), []);
  assert.deepEqual(hits("le hong", 1975), ["KV-4 name_same year_same"]);
});

test("what a reader types is told apart", () => {
  const qr = "001090000011|012345678|Đinh Công Mẫu|01021990|Nam|Hà Nội|01012021";
  assert.deepEqual(readScan(qr, 2026), { number: "001090000011", name: "Đinh Công Mẫu", born: 1990, card: true });
  const zone = ["IDVNM0900000119001090000011<<2", "9002015M4002015VNM<<<<<<<<<<<6", "DINH<<CONG<MAU<<<<<<<<<<<<<<<<"];
  assert.ok(zone.every(isMrzLine) && !isMrzLine("T-0001") && !isMrzLine("NGUYENVANANNGUYENVANANNGUYENVA"));
  assert.deepEqual(readScan(zone.join("\n"), 2026), { number: "001090000011", name: "DINH CONG MAU", born: 1990, card: true });
  assert.equal(readScan("T-0001", 2026), null);
  assert.equal(readScan("a|b|c|d|e|f", 2026), null);
  assert.deepEqual([numberOf("001 090 000 011"), numberOf("b1234567"), numberOf("T-0001"), numberOf("12345")], ["001090000011", "B1234567", null, null]);
  assert.equal(nameKey("Lê  Thị Hồng-Đào"), "dao hong le");
});

test("a code that is a card's by its looks and does not read is damaged, not a badge", () => {
  const qr = "001090000011||Đinh Công Mẫu|01021990|Nam|Hà Nội|01012021";
  const zone = ["IDVNM0900000112001090000011<<5", "9002011M3002017VNM<<<<<<<<<<<8", "DINH<<CONG<MAU<<<<<<<<<<<<<<<<"];
  for (const [text, reads] of [
    [qr, true],
    [qr.slice(4), false], // its beginning is lost
    [qr.slice(0, 30), false],
    [zone.join("\n"), true],
    [zone.slice(1).join("\n"), false],
    ["IDVNM0900000112001090000011<<", false],
    ["P<GBRSMITH<<JOHN<<<<<<<<<<<<<<<<<<<<<<<<<<<<", false], // another paper's
    ["L898902C36UTO7408122F1204159ZE184226B<<<<<10", false],
  ] as [string, boolean][]) {
    assert.ok(looksScanned(text), text);
    assert.equal(readScan(text, 2026) !== null, reads, text);
  }
  for (const text of ["T-0001", "29C-123.45", "Đinh Công Mẫu", "001090000011", "ABCDEFGHIJKLMNOPQRSTUVWXYZ2345"]) {
    assert.ok(!looksScanned(text), text);
  }
});

test("what was typed of a stranger fills his form: a card, a number of any country, a name", () => {
  const none = { name: "", born: 0, doc_kind: "", doc_number: "" };
  assert.deepEqual(writtenOf("001090000011||Đinh Công Mẫu|01021990|Nam|Hà Nội|01012021", 2026), {
    name: "Đinh Công Mẫu", born: 1990, doc_kind: "id_card", doc_number: "001090000011",
  });
  assert.deepEqual(writtenOf(" AB1234567 ", 2026), { ...none, doc_number: "AB1234567" });
  assert.deepEqual(writtenOf("John Smith", 2026), { ...none, name: "John Smith" });
});

test("one key does what is in the way only if nothing else is", () => {
  const d = (...codes: string[]): Decision => ({
    shown: {}, say: "ask", who: null, bans: [], reasons: codes.map((code) => ({ say: code === "plate_early" ? "green" : "ask", code })),
  });
  assert.equal(stepOf(d("rules_unread")), "tell");
  assert.equal(stepOf(d("pass_out", "plate_early")), "take_back");
  assert.equal(stepOf(d("rules_unread", "ban_name")), null);
  assert.equal(stepOf(d("visit_early")), null);
  assert.equal(stepOf(d()), null);
});

test("a score is said in percent, and is never certain", () => {
  assert.deepEqual([0, 14, 15.6, 20, 40].map(likely), [0, 25, 50, 95, 99]);
});
