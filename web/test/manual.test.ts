// SPDX-License-Identifier: Apache-2.0
// Finding in the manual: marks do not matter, every word must stand there, a title weighs more than a text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findIn, type Chapter } from "../src/lib/manual.ts";

const book: Chapter[] = [
  {
    id: "hong",
    part: "Công việc",
    title: "Khi máy hỏng",
    pieces: [
      { id: "hong", title: "Khi máy hỏng", text: "Hỏi nút trước. Sau đó khôi phục từ bản sao lưu." },
      { id: "hong--dia", title: "Đĩa đầy", text: "Dời bản sao lưu sang đĩa khác." },
    ],
  },
  {
    id: "saoluu",
    part: "Công việc",
    title: "Sao lưu và khôi phục",
    pieces: [{ id: "saoluu", title: "Sao lưu và khôi phục", text: "Nút vẫn chạy." }],
  },
];

test("words are found without marks, a title before a text", () => {
  assert.deepEqual(findIn(book, "khoi phuc").map((h) => h.id), ["saoluu", "hong"]);
  assert.deepEqual(findIn(book, "DIA day").map((h) => h.id), ["hong--dia"]);
});

test("every word must stand in the same piece", () => {
  assert.deepEqual(findIn(book, "khoi phuc dia").map((h) => h.id), []);
  assert.deepEqual(findIn(book, "   "), []);
});

test("a hit shows where it is", () => {
  const hit = findIn(book, "dời")[0]!;
  assert.equal(hit.title, "Khi máy hỏng – Đĩa đầy");
  assert.match(hit.around, /Dời bản sao lưu/);
});
