// SPDX-License-Identifier: Apache-2.0
// No two marks of the map lie on one another, none is lost, the loudest stands for its cluster, and a name covers
// no other mark: against many random maps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cluster, SIGN, type Pin } from "../src/lib/cluster.ts";

function random(seed: number): () => number {
  let s = seed;
  return () => (s = (s * 48271) % 2147483647) / 2147483647;
}

function pins(next: () => number, n: number, wide: number): Pin[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `s${i}`,
    x: next() * wide,
    y: next() * wide,
    rank: Math.floor(next() * 4),
    name: 60 + next() * 120,
  }));
}

test("a province at the scale of the country is one mark, and its loudest site leads", () => {
  const all = pins(random(7), 40, 10);
  const got = cluster(all);
  assert.equal(got.length, 1);
  assert.equal(got[0]!.ids.length, 40);
  const lead = all.find((p) => p.id === got[0]!.ids[0])!;
  assert.equal(lead.rank, Math.min(...all.map((p) => p.rank)));
});

test("what is far apart stays as it is, with its name", () => {
  const got = cluster([
    { id: "a", x: 0, y: 0, rank: 3, name: 100 },
    { id: "b", x: 400, y: 0, rank: 0, name: 100 },
  ]);
  assert.deepEqual(got.map((c) => [c.ids, c.named]), [[["b"], true], [["a"], true]]);
});

test("a name that would cover another sign is not written", () => {
  const got = cluster([
    { id: "a", x: 0, y: 0, rank: 1, name: 100 },
    { id: "b", x: 60, y: 0, rank: 0, name: 100 },
  ]);
  assert.deepEqual(got.map((c) => [c.ids[0], c.named]), [["b", true], ["a", false]]);
});

test("no overlap, nobody lost", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const all = pins(next, 1 + Math.floor(next() * 60), 50 + next() * 900);
    const got = cluster(all);
    assert.deepEqual(got.flatMap((c) => c.ids).sort(), all.map((p) => p.id).sort(), `seed ${seed}`);
    got.forEach((a, i) =>
      got.slice(i + 1).forEach((b) => assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= SIGN, `seed ${seed}`)),
    );
  }
});
