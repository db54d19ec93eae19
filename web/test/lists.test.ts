// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  nextSort,
  readLooks,
  sortRows,
  viewShown,
  VIEWS_MAX,
  withView,
  type Looks,
} from "../src/lib/lists.ts";

interface Row {
  name: string;
  n: number | null;
  at?: string;
}
const COLUMNS = [
  { key: "name", text: (r: Row) => r.name },
  { key: "n", text: (r: Row) => r.n },
  { key: "at", text: () => "same words", sort: (r: Row) => r.at },
  { key: "mark" },
];
const names = (rows: Row[], by: string) => sortRows(rows, COLUMNS, by).map((r) => r.name);

test("rows are ordered as Vietnamese reads, numbers by size, nothing last either way", () => {
  const rows: Row[] = [
    { name: "Ưu", n: 10 },
    { name: "Tủ 10", n: 9 },
    { name: "Đèn", n: null },
    { name: "Tủ 2", n: -1 },
    { name: "Da", n: 9 },
  ];
  assert.deepEqual(names(rows, "name"), ["Da", "Đèn", "Tủ 2", "Tủ 10", "Ưu"]);
  assert.deepEqual(names(rows, "n"), ["Tủ 2", "Tủ 10", "Da", "Ưu", "Đèn"]);
  assert.deepEqual(names(rows, "-n"), ["Ưu", "Tủ 10", "Da", "Tủ 2", "Đèn"]);
});

test("a column's own order counts before its words; unknown ones change nothing", () => {
  const rows: Row[] = [
    { name: "b", n: 1, at: "2026-02" },
    { name: "a", n: 2, at: "2026-01" },
  ];
  assert.deepEqual(names(rows, "at"), ["a", "b"]);
  for (const by of ["", "-", "mark", "nothing", "-nothing"]) {
    assert.equal(sortRows(rows, COLUMNS, by), rows);
  }
});

test("a head goes up, down, back", () => {
  assert.equal(nextSort("", "name"), "name");
  assert.equal(nextSort("name", "name"), "-name");
  assert.equal(nextSort("-name", "name"), null);
  assert.equal(nextSort("-name", "n"), "n");
});

test("what was kept is read with distrust", () => {
  const none = { columns: {}, views: [] };
  for (const bad of ["", "{", "null", "[]", "7", '{"views":7,"columns":[]}']) {
    assert.deepEqual(readLooks(bad), none, bad);
  }
  assert.deepEqual(
    readLooks(
      JSON.stringify({
        columns: { a: true, b: "yes" },
        views: [7, { name: 3 }, { name: "ca đêm", query: { site: "x", bad: 1 }, columns: null }],
      }),
    ),
    { columns: { a: true }, views: [{ name: "ca đêm", query: { site: "x" }, columns: {} }] },
  );
});

test("a view of the same name is replaced, and there is an end to them", () => {
  let looks: Looks = { columns: {}, views: [] };
  for (let i = 0; i < VIEWS_MAX + 5; i++) {
    looks = withView(looks, { name: `v${i}`, query: {}, columns: {} });
  }
  assert.equal(looks.views.length, VIEWS_MAX);
  looks = withView(looks, { name: "v20", query: { state: "all" }, columns: {} });
  assert.equal(looks.views.length, VIEWS_MAX);
  assert.deepEqual(looks.views.at(-1)?.query, { state: "all" });
  assert.equal(viewShown(looks, { state: "all" }, {})?.name, "v20");
  assert.equal(viewShown(looks, { state: "all" }, { name: false }), undefined);
});
