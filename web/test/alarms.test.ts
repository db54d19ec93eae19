// SPDX-License-Identifier: Apache-2.0
// Figures of alarms: bins as the standards cut them, what is beyond a standard, what is advised.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor, Performance } from "../src/api/alarms.ts";
import { advice, bins, figures, hourOfWeek, percent, worstThree } from "../src/lib/alarms.ts";

const actor = (more: Partial<Actor> = {}): Actor => ({
  id: "a",
  title: "A",
  title_en: null,
  site: null,
  site_name: null,
  n: 10,
  share: 0.1,
  chattering: 0,
  fleeting: 0,
  real: 0,
  false: 0,
  judged: 0,
  ...more,
});
const performance = (more: Partial<Performance> = {}): Performance => ({
  from: "",
  to: "",
  standards: [
    { code: "alarm.flood", value: 10, unit: "alarm", ref: "isa-18-2", certainty: "B" },
    { code: "alarm.flood_share", value: 1, unit: "percent", ref: "isa-18-2", certainty: "C" },
    { code: "alarm.chatter", value: 60, unit: "second", ref: "isa-18-2", certainty: "C" },
  ],
  now: { at: "", last_10_min: 0, flood: false, standing: 0, stale: 0 },
  load: { slots: 144, alarms: 30, max: 11, median: 0, p90: 1, p99: 4, mean: 0.2, flood_share: 0.007, busy_share: 0.1, flood_slots: 1, distribution: [100, 30, 10, 2, 0, 0, 1, 0, 0, 0, 0, 1], floods: 1, last_floods: [] },
  total: { n: 30, chattering: 1, fleeting: 0, real: 0, false: 0, judged: 0 },
  fleeting_signs: 0,
  levels: [],
  sources: [],
  rules: [],
  sites: [],
  days: [],
  ...more,
});
const over = (p: Performance) => figures(p).filter((f) => f.over).map((f) => f.key);

test("every slot falls into one bin", () => {
  assert.deepEqual(bins([100, 30, 10, 2, 0, 0, 1, 0, 0, 0, 0, 1]), [100, 30, 12, 1, 1]);
  assert.deepEqual(bins([]), [0, 0, 0, 0, 0]);
});

test("what is beyond its standard is said, and only that", () => {
  assert.deepEqual(over(performance()), ["max", "chattering"]);
  assert.deepEqual(over(performance({ standards: [] })), []);
  const p = performance();
  p.load.flood_share = 0.02;
  assert.ok(over(p).includes("flood_share"));
});

test("a device that chatters is mended, a rule that is wrong retuned, what is unknown watched", () => {
  assert.equal(advice("sources", actor({ chattering: 1 })), "fix");
  assert.equal(advice("sources", actor({ judged: 4, share_false: 0.75 })), "fix");
  assert.equal(advice("rules", actor({ judged: 4, share_false: 0.75 })), "retune");
  assert.equal(advice("rules", actor({ judged: 4, share_false: 0.5 })), "watch");
  assert.equal(advice("sources", actor()), "watch");
});

test("three to work off: devices, then rules where there are too few", () => {
  const four = ["a", "b", "c", "d"].map((id) => actor({ id }));
  assert.deepEqual(worstThree(performance({ sources: four })).map(([k, a]) => k + a.id), ["sourcesa", "sourcesb", "sourcesc"]);
  assert.deepEqual(worstThree(performance({ sources: [four[0]!], rules: four })).map(([k, a]) => k + a.id), ["sourcesa", "rulesa", "rulesb"]);
});

test("hours of the week and shares in words", () => {
  assert.deepEqual(hourOfWeek(0), [0, "00:00"]);
  assert.deepEqual(hourOfWeek(46), [1, "22:00"]);
  assert.deepEqual(hourOfWeek(167), [6, "23:00"]);
  assert.equal(percent(0.0034, "en"), "0.3%");
  assert.equal(percent(0.754, "en"), "75%");
  assert.equal(percent(0, "vi"), "0%");
});
