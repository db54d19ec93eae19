// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Table } from "../src/store/table.ts";

interface Row {
  id: string;
  site: string;
  v: number;
  state?: string;
}
const make = () => new Table<Row>((r) => r.id);
const row = (id: string, v: number, site = "s1"): Row => ({ id, site, v });

test("a live row is not overwritten by a list asked for before it came", () => {
  const t = make();
  const since = t.mark();
  t.put(row("a", 2));
  t.merge([row("a", 1), row("b", 1)], {}, since, true);
  assert.equal(t.get("a")?.v, 2);
  assert.equal(t.get("b")?.v, 1);
});

test("a list asked for after a live row wins over it", () => {
  const t = make();
  t.put(row("a", 1));
  const since = t.mark();
  t.merge([row("a", 2)], {}, since, true);
  assert.equal(t.get("a")?.v, 2);
});

test("a whole list drops rows it covers and no longer names, and only those", () => {
  const t = make();
  t.merge([row("a", 1), row("b", 1), row("c", 1, "s2")], {}, t.mark(), true);
  t.merge([row("a", 1)], { site: "s1" }, t.mark(), true);
  assert.equal(t.get("b"), undefined);
  assert.ok(t.get("c"));
});

test("a part of a list drops nothing", () => {
  const t = make();
  t.merge([row("a", 1), row("b", 1)], {}, t.mark(), true);
  t.merge([row("a", 1)], {}, t.mark(), false);
  assert.ok(t.get("b"));
});

test("a row that came live while the list was under way stays", () => {
  const t = make();
  const since = t.mark();
  t.put(row("new", 1));
  t.merge([], {}, since, true);
  assert.ok(t.get("new"));
});

test("put says what stood there before", () => {
  const t = make();
  assert.equal(t.put(row("a", 1)), undefined);
  assert.equal(t.put(row("a", 2))?.v, 1);
});

test("removed rows are not listed but can be read by id", () => {
  const t = make();
  t.put({ ...row("a", 1), state: "removed" });
  assert.equal(t.all().length, 0);
  assert.ok(t.get("a"));
});

test("all() is the same array until something changes", () => {
  const t = make();
  t.put(row("a", 1));
  const first = t.all();
  assert.equal(t.all(), first);
  t.put(row("a", 2));
  assert.notEqual(t.all(), first);
});

test("trim keeps the newest", () => {
  const t = make();
  for (let i = 0; i < 100; i++) {
    t.put(row(String(i), i));
  }
  t.trim(10, (a, b) => b.v - a.v);
  assert.deepEqual(
    t
      .all()
      .map((r) => r.v)
      .sort((a, b) => a - b),
    [90, 91, 92, 93, 94, 95, 96, 97, 98, 99],
  );
});

// The model: a map fed by the same steps with a list that is always fresh.
test("any order of lists and live rows ends where the server is", () => {
  const seed = Number(process.env.VG_SEED ?? Date.now() % 1_000_000);
  let x = seed + 1;
  const random = (n: number) => (x = (x * 48271) % 2147483647) % n;
  for (let round = 0; round < 300; round++) {
    const server = new Map<string, Row>();
    const t = make();
    for (let i = 0; i < 40; i++) {
      const what = random(3);
      if (what < 2) {
        const r = row(String(random(8)), i);
        server.set(r.id, r);
        t.put(r);
      } else {
        const since = t.mark();
        const snapshot = [...server.values()];
        for (let k = random(3); k > 0; k--) {
          const r = row(String(random(8)), i * 10 + k);
          server.set(r.id, r);
          t.put(r);
        }
        t.merge(snapshot, {}, since, true);
      }
    }
    assert.deepEqual(
      t
        .all()
        .slice()
        .sort((a, b) => a.id.localeCompare(b.id)),
      [...server.values()].sort((a, b) => a.id.localeCompare(b.id)),
      `seed ${seed} round ${round}`,
    );
  }
});
