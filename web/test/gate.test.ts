// SPDX-License-Identifier: Apache-2.0
// What a terminal decides without the node: the expression language's own examples, and the advice of domain/gate/advice.c.
import assert from "node:assert/strict";
import { test } from "node:test";
import { advise, carry, move, sayOf, type Snapshot } from "../src/terminal/carried.ts";
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

const MIN = 60e6;
const NOW = SUNDAY;
const made = (more: Partial<Snapshot> = {}): Snapshot => ({
  version: 1, terminal: "t", site: "s", made: NOW, until: NOW + 60 * MIN, key: "", names: "",
  areas: [["yard", "Sân", null, "hard", null, null, null, 0], ["vault", "Kho", "yard", "soft", 10, 2, 60, 0]],
  points: [["gate", "Cổng", null, "yard", "both", "person"], ["door", "Cửa", "yard", "vault", "both", "person"]],
  lists: [["vault", "a", "an"], ["vault", "b", "be"]],
  rules: [["Xe tải", 'holder.class = "truck"', "stop"], ["Lạ", "now > x", "ask"]],
  holders: [
    ["an", "staff", null, "active", null, null, null, null, [["h1", "lost", 0], ["h1", "issued", 0]]],
    ["be", "staff", null, "active", null, "yard", "s", NOW - 5 * MIN, [["h2", "lost", 0]]],
    ["cuong", "staff", null, "active", NOW - MIN, "yard", "s", NOW - 5 * MIN, []],
    ["xe", "vehicle", "truck", "ended", null, "x", "other", NOW - MIN, []],
  ],
  ...more,
});
const codes = (c: ReturnType<typeof carry>, point: string, way: "in" | "out", shown: { hash?: string; holder?: string }, now = NOW) =>
  advise(c, { point, way }, shown, now).reasons.map((r) => r.code).filter((x) => x !== "rule_unchecked");

test("badges, validity and where somebody is", () => {
  const c = carry(made());
  assert.deepEqual(codes(c, "gate", "in", { hash: "h1" }), []); // the one that is out counts
  assert.deepEqual(codes(c, "gate", "in", { hash: "h2" }), ["badge_lost", "passback"]);
  assert.deepEqual(codes(c, "gate", "in", { hash: "none" }), ["badge_unknown"]);
  assert.deepEqual(codes(c, "gate", "out", { holder: "an" }), ["not_inside"]);
  assert.deepEqual(codes(c, "gate", "out", { holder: "cuong" }), ["holder_expired"]);
  assert.deepEqual(codes(c, "gate", "in", { holder: "xe" }), ["holder_ended", "wrong_lane", "inside_elsewhere", "rule"]);
  assert.equal(sayOf(advise(c, { point: "gate", way: "in" }, { hash: "h2" }, NOW).reasons), "stop");
  assert.deepEqual(codes(c, "gate", "in", { hash: "h1" }, NOW + 60 * MIN), ["snapshot_old"]);
});

test("its own passages count, a pair makes a vault", () => {
  const c = carry(made());
  const an = c.holders.get("an")!;
  move(c, an, "yard", NOW);
  assert.deepEqual(codes(c, "gate", "in", { holder: "an" }), ["passback"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "an" }), ["pair_first_of_two"]);
  move(c, an, "vault", NOW);
  assert.equal(c.areas.get("yard")!.inside, 3); // those in the vault too
  assert.deepEqual(codes(c, "door", "in", { holder: "cuong" }), ["holder_expired", "pair_needs_b"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "be" }), []);
  move(c, c.holders.get("be")!, "vault", NOW);
  assert.deepEqual(codes(c, "door", "out", { holder: "be" }), ["leaves_one_alone"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "cuong" }), ["holder_expired", "area_full"]);
  assert.deepEqual(codes(c, "door", "in", { holder: "an" }, NOW + 11 * MIN), ["area_full"]); // soft, and its time is over
});
