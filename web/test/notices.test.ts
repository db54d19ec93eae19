// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NoticeRule } from "../src/api/notices.ts";
import { clock, isQuiet, sequences, span } from "../src/lib/notices.ts";

const rule = (name: string, site: string, after_s: number): NoticeRule => ({
  id: name,
  site,
  site_name: site,
  name,
  link: "l",
  link_name: "l",
  role: "",
  min_rank: 2,
  after_s,
  repeat_s: 0,
  repeat_max: 0,
  quiet_from: -1,
  quiet_to: -1,
});

test("a site's sequence holds its own rules and those of every site, in the order of time", () => {
  const got = sequences([rule("c", "B", 300), rule("b", "", 120), rule("a", "B", 0), rule("z", "A", 0)]);
  assert.deepEqual(
    got.map((s) => [s.site, s.steps.map((x) => [x.afterS, x.rules.map((r) => r.name)])]),
    [
      ["", [[120, ["b"]]]],
      ["A", [[0, ["z"]], [120, ["b"]]]],
      ["B", [[0, ["a"]], [120, ["b"]], [300, ["c"]]]],
    ],
  );
  assert.deepEqual(sequences([]), []);
});

test("those of one moment stand together", () => {
  const [only] = sequences([rule("b", "A", 0), rule("a", "A", 0)]);
  assert.equal(only?.steps.length, 1);
  assert.deepEqual(only?.steps[0]?.rules.map((r) => r.name), ["a", "b"]);
});

test("spans in the largest whole unit", () => {
  assert.deepEqual([45, 60, 90, 3600, 7200, 5400, 86400, 0].map(span), [
    [45, "seconds"],
    [1, "minutes"],
    [90, "seconds"],
    [1, "hours"],
    [2, "hours"],
    [90, "minutes"],
    [1, "days"],
    [0, "seconds"],
  ]);
});

test("quiet hours", () => {
  assert.equal(clock(22 * 60 + 5), "22:05");
  assert.ok(!isQuiet({ quiet_from: -1, quiet_to: 300 }));
  assert.ok(!isQuiet({ quiet_from: 60, quiet_to: 60 }));
  assert.ok(isQuiet({ quiet_from: 1320, quiet_to: 360 }));
});
