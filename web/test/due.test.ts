// SPDX-License-Identifier: Apache-2.0
// The days of what is due are Viet Nam's, wherever the browser thinks it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueGroup } from "../src/lib/due.ts";

const at = (text: string) => Date.parse(text);

test("late, today, within seven days, later", () => {
  const now = at("2026-11-22T23:30:00+07:00");
  assert.equal(dueGroup(now - 1, now), "overdue");
  assert.equal(dueGroup(now, now), "today");
  assert.equal(dueGroup(at("2026-11-22T23:59:59+07:00"), now), "today");
  assert.equal(dueGroup(at("2026-11-23T00:00:00+07:00"), now), "week");
  assert.equal(dueGroup(at("2026-11-28T23:59:59+07:00"), now), "week");
  assert.equal(dueGroup(at("2026-11-29T00:00:00+07:00"), now), "later");
});
