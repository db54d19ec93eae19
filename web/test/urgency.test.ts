// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, Incident, Level, Source } from "../src/api/types.ts";
import { alertsByZone, compareSources, foldQueue, loudest, loudnessOf, queue } from "../src/lib/urgency.ts";

const alert = (
  id: string,
  level: Level,
  state: Alert["state"],
  at = "2026-11-22T10:00:00+07:00",
  more: Partial<Alert> = {},
) => ({ id, level, state, raised_at: at, test: false, incident: null, ...more }) as Alert;
const incident = (id: string, level: Level, state: Incident["state"] = "open") =>
  ({ id, level, state, opened_at: "2026-11-22T09:00:00+07:00" }) as Incident;
const ids = (list: { id: string }[]) => list.map((x) => x.id);

test("waiting before taken, then level, then the newest", () => {
  const q = queue(
    [
      alert("taken-critical", "critical", "acknowledged"),
      alert("low", "low", "open"),
      alert("high", "high", "open"),
      alert("medium-old", "medium", "open"),
      alert("medium-new", "medium", "open", "2026-11-22T10:01:00+07:00"),
      alert("closed", "critical", "closed"),
    ],
    [incident("i", "critical"), incident("done", "critical", "closed")],
  );
  assert.deepEqual(ids(q), ["high", "medium-new", "medium-old", "low", "i", "taken-critical"]);
});

test("in a storm minor alerts of that site stand in one line; what is grave, of life or looked at stands alone", () => {
  const at = (id: string, level: Level, site: string, more: Partial<Alert> = {}) =>
    alert(id, level, "open", undefined, { site, ...more });
  const q = queue(
    [
      at("high", "high", "a"), at("low", "low", "a"), at("medium", "medium", "a"), at("seen", "low", "a"),
      at("life", "medium", "a", { life: true }), at("test", "low", "a", { test: true }), at("other", "medium", "b"),
    ],
    [],
  );
  const read = (opened: string[]) =>
    foldQueue(q, (site) => site === "a", new Set(opened), "seen").map((x) => ("items" in x ? `${x.site}:${x.items.length}` : x.id));
  assert.deepEqual(read([]), ["high", "life", "a:3", "other", "seen", "test"]);
  assert.deepEqual(read(["a"]).filter((x) => x !== "a:3").sort(), ids(q).sort());
});

test("an acknowledged alert of an open incident stands inside it; a waiting one stays in sight", () => {
  const q = queue(
    [
      alert("in", "high", "acknowledged", undefined, { incident: "i" }),
      alert("wait", "high", "open", undefined, { incident: "i" }),
    ],
    [incident("i", "high")],
  );
  assert.deepEqual(ids(q), ["wait", "i"]);
});

test("an acknowledged alert whose incident is closed is still shown until it is closed", () => {
  assert.deepEqual(
    ids(
      queue(
        [alert("a", "high", "acknowledged", undefined, { incident: "i" })],
        [incident("i", "high", "closed")],
      ),
    ),
    ["a"],
  );
});

test("exactly one thing is loudest; never a test, never attention", () => {
  assert.equal(
    loudest(queue([alert("a", "critical", "open"), alert("b", "critical", "open")], [])),
    "a",
  );
  assert.equal(
    loudest(
      queue(
        [alert("t", "critical", "open", undefined, { test: true }), alert("h", "high", "open")],
        [],
      ),
    ),
    "h",
  );
  assert.equal(loudest(queue([alert("m", "medium", "open")], [])), null);
  assert.equal(loudest(queue([alert("a", "critical", "acknowledged")], [])), null);
});

test("levels to loudness", () => {
  assert.deepEqual((["critical", "high", "medium", "low"] as Level[]).map(loudnessOf), [
    "act",
    "act",
    "attention",
    "info",
  ]);
});

test("sources that cannot be relied on come first", () => {
  const s = (state: string, name: string) => ({ state, name }) as Source;
  assert.deepEqual(
    [s("alive", "a"), s("disabled", "b"), s("silent", "c"), s("never", "d"), s("unproven", "e")]
      .sort(compareSources)
      .map((x) => x.state),
    ["silent", "unproven", "never", "disabled", "alive"],
  );
});

test("a zone shows its worst open alert; one that waits first; tests and closed ones never", () => {
  const at = (zone: string, ...names: string[]) => ({
    zone,
    site: "s",
    evidence: names.map((n) =>
      n.startsWith("#") ? { zone: n, zone_name: n } : { zone_name: n },
    ) as Alert["evidence"],
  });
  const by = alertsByZone([
    alert("taken", "critical", "acknowledged", undefined, at("vault")),
    alert("waits", "medium", "open", undefined, at("vault", "fence", "#yard")),
    alert("test", "critical", "open", undefined, { ...at("hall"), test: true }),
    alert("closed", "critical", "closed", undefined, at("hall")),
  ]);
  assert.deepEqual(
    [...by].map(([k, a]) => [k, a.id]),
    [
      ["vault", "waits"],
      ["s fence", "waits"],
      ["#yard", "waits"],
    ],
  );
});
