// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { age, clock, date, full, minute, near, parseTyped, running } from "../src/lib/time.ts";

const T = Date.parse("2026-11-22T14:05:09+07:00");

test("times are Viet Nam's clock whatever this machine is set to", () => {
  for (const tz of ["UTC", "America/New_York", "Asia/Ho_Chi_Minh", "Australia/Sydney"]) {
    process.env.TZ = tz;
    assert.equal(full("2026-11-22T14:05:09+07:00"), "22/11/2026 14:05:09");
    assert.equal(full("2026-11-22T17:30:00Z"), "23/11/2026 00:30:00");
  }
  assert.equal(clock(T), "14:05:09");
  assert.equal(minute(T), "14:05");
  assert.equal(date(T), "22/11/2026");
});

test("no time is a dash", () => {
  for (const t of [null, undefined, "", "not a time"]) {
    assert.equal(full(t), "–");
    assert.equal(clock(t), "–");
  }
});

test("the date is left out today and within a night shift", () => {
  assert.equal(near(T - 3600_000, T), "13:05:09");
  assert.equal(
    near("2026-11-21T23:50:00+07:00", Date.parse("2026-11-22T02:00:00+07:00")),
    "23:50:00",
  );
  assert.equal(near("2026-11-21T10:00:00+07:00", T), "21/11/2026 10:00:00");
});

test("ages", () => {
  const of = (s: number) => age(T - s * 1000, T);
  assert.deepEqual(of(0), { unit: "now", n: 0 });
  assert.deepEqual(of(-30), { unit: "now", n: 0 });
  assert.deepEqual(of(59), { unit: "second", n: 59 });
  assert.deepEqual(of(60), { unit: "minute", n: 1 });
  assert.deepEqual(of(3600), { unit: "hour", n: 1 });
  assert.deepEqual(of(200_000), { unit: "day", n: 2 });
  assert.equal(age(null, T), null);
});

test("running clocks", () => {
  assert.deepEqual(running(T, T + 247_000), { days: 0, text: "04:07" });
  assert.deepEqual(running(T, T + 3_847_000), { days: 0, text: "1:04:07" });
  assert.deepEqual(running(T, T + 2 * 86_400_000 + 3_847_000), { days: 2, text: "01:04:07" });
  assert.deepEqual(running(T, T - 5000), { days: 0, text: "00:00" });
});

test("typed times are read as Viet Nam's clock, wrong ones are refused", () => {
  assert.equal(parseTyped("22/11/2026 14:05", T), "2026-11-22T14:05:00+07:00");
  assert.equal(parseTyped(" 1/2/2026 7:05:09 ", T), "2026-02-01T07:05:09+07:00");
  assert.equal(parseTyped("23:59", T), "2026-11-22T23:59:00+07:00");
  assert.equal(parseTyped("7h30", T), "2026-11-22T07:30:00+07:00");
  assert.equal(Date.parse(parseTyped(full(T), 0)!), T);
  for (const bad of [
    "",
    "mai",
    "31/02/2026 10:00",
    "22/13/2026 10:00",
    "24:00",
    "12:60",
    "22/11/26 10:00",
    "2026-11-22",
  ]) {
    assert.equal(parseTyped(bad, T), null, bad);
  }
});
