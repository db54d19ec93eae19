// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { SseParser } from "../src/api/sse.ts";
import { actionOf, isTyping, step, type KeyPress } from "../src/lib/keys.ts";
import { namesOn, writtenOn } from "../src/lib/drawn.ts";
import { placeLabels, type Label } from "../src/lib/labels.ts";
import { edgeDistance, inside, labelPoint, type Point } from "../src/lib/shape.ts";
import { csv, fill, fold, score } from "../src/lib/text.ts";

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  target: { tagName: "BODY" },
  ...more,
});

test("keys of the desk", () => {
  assert.deepEqual(
    ["j", "K", "Enter", "a", "n", "/", "?", "Escape", "m", "x"].map((k) => actionOf(press(k))),
    ["next", "prev", "open", "acknowledge", "new", "search", "help", "close", "mute", null],
  );
});

test("no single key acts while typing; Ctrl+K and Escape do", () => {
  for (const tagName of ["INPUT", "TEXTAREA", "SELECT"]) {
    assert.equal(actionOf(press("a", { target: { tagName } })), null);
    assert.equal(actionOf(press("k", { ctrlKey: true, target: { tagName } })), "search");
    assert.equal(actionOf(press("Escape", { target: { tagName } })), "close");
  }
  assert.equal(isTyping(press("a", { target: { tagName: "INPUT", type: "range" } })), false);
  assert.equal(actionOf(press("a", { ctrlKey: true })), null);
  assert.equal(actionOf(press("a", { isComposing: true })), null);
  assert.equal(actionOf(press("Enter", { target: { tagName: "BUTTON" } })), null);
});

test("moving stops at the ends and starts from either", () => {
  assert.equal(step(3, -1, 1), 0);
  assert.equal(step(3, -1, -1), 2);
  assert.equal(step(3, 2, 1), 2);
  assert.equal(step(3, 0, -1), 0);
  assert.equal(step(0, -1, 1), -1);
});

test("search ignores case, tone marks and đ, and wants every word", () => {
  assert.equal(fold("Đột nhập KHO tiền"), "dot nhap kho tien");
  assert.ok(score("uong ngoc", "Nguyễn Thị Ngọc Ưỡng") > 0);
  assert.ok(score("đong", "Hàng rào phía đông") > 0);
  assert.equal(score("kho bac", "Kho tiền số 2"), 0);
  assert.ok(score("kho", "Kho tiền") > score("kho", "Ngân kho"));
  assert.ok(score("kho", "Ngân kho") > score("kho", "Ngânkho"));
});

test("CSV quotes, and a cell cannot become a formula", () => {
  assert.equal(
    csv(
      ["a", "b"],
      [
        ['say "x", y', 1],
        ["=1+1", null],
        ["dòng\n2", -3],
      ],
    ),
    '\ufeffa,b\r\n"say ""x"", y",1\r\n\'=1+1,\r\n"dòng\n2",-3\r\n',
  );
});

const STREAM =
  ': hi\nid: 1\nevent: hello\ndata: {"a":1}\n\nid:2\ndata: x\ndata:  y\r\n\r\nevent: none\n\nid: 3\nevent: tick\ndata\n\n';
const WHOLE = [
  { event: "hello", data: '{"a":1}', id: "1" },
  { event: "message", data: "x\n y", id: "2" },
  { event: "tick", data: "", id: "3" },
];

test("the event stream is the same however it is cut", () => {
  assert.deepEqual(new SseParser().feed(STREAM), WHOLE);
  for (let cut = 1; cut < STREAM.length; cut++) {
    const p = new SseParser();
    assert.deepEqual(
      [...p.feed(STREAM.slice(0, cut)), ...p.feed(STREAM.slice(cut))],
      WHOLE,
      `cut at ${cut}`,
    );
  }
  const p = new SseParser();
  assert.deepEqual(
    [...STREAM].flatMap((c) => p.feed(c)),
    WHOLE,
  );
});

test("a name stands inside its polygon, in the middle where that can be", () => {
  const box: Point[] = [
    [0, 0],
    [10, 0],
    [10, 4],
    [0, 4],
  ];
  assert.deepEqual(labelPoint(box), [5, 2]);
  const ring: Point[] = [
    [0, 0],
    [100, 0],
    [100, 100],
    [0, 100],
    [0, 0],
    [10, 10],
    [10, 90],
    [90, 90],
    [90, 10],
    [10, 10],
  ];
  const angle: Point[] = [
    [0, 0],
    [100, 0],
    [100, 10],
    [10, 10],
    [10, 100],
    [0, 100],
  ];
  for (const shape of [ring, angle]) {
    assert.ok(inside(labelPoint(shape), shape));
    assert.ok(edgeDistance(labelPoint(shape), shape) > 2);
  }
  assert.deepEqual(
    labelPoint([
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
    [1, 1],
  );
});

test("names on a drawing never lie on another; what must be read always stands", () => {
  const name = (id: string, x: number, must = false, beside = 0): Label => ({
    id,
    x,
    y: 50,
    w: 80,
    h: 16,
    beside,
    must,
    first: false,
  });
  const crowd = Array.from({ length: 12 }, (_, i) => name(`n${i}`, 60));
  const placed = placeLabels([...crowd, name("loud", 60, true)], 120, 100, []);
  assert.deepEqual(placed.get("loud"), { x: 20, y: 42, w: 80, h: 16 });
  assert.ok(placed.size > 1 && placed.size < 13);
  const boxes = [...placed.values()];
  for (const [i, a] of boxes.entries()) {
    assert.ok(a.x >= 0 && a.x + a.w <= 120 && a.y >= 0 && a.y + a.h <= 100);
    assert.ok(boxes.slice(i + 1).every((b) => a.y + a.h <= b.y || b.y + b.h <= a.y));
  }
  const edge = placeLabels([name("gate", 118, false, 12)], 120, 100, []).get("gate")!;
  assert.equal(edge.x + edge.w, 120);
});

test("what a drawing has written is found where it stands", () => {
  const svg = `<?xml version="1.0"?><svg viewBox="0 0 9 9"><!-- <text>no</text> --><title>no</title>
    <g text-anchor="middle" font-size="10"><text x="100" y="50">Kho tiền</text>
    <text x="100" y="62">số 2 &amp; 3</text><path d="M0 0"/></g>
    <g transform="translate(10 20)"><text x="0" y="8" font-size="10">A<tspan x="40">B</tspan></text></g>
    <text x="7" y="300" font-size="10" transform="rotate(-90 7 300)">Tường rào</text></svg>`;
  const found = writtenOn(svg);
  assert.deepEqual(
    found.map((w) => w.text),
    ["Kho tiền", "số 2 ? 3", "A", "B", "Tường rào"],
  );
  const [vault, , a, b, fence] = found;
  assert.ok(Math.abs(vault!.x + vault!.w / 2 - 100) < 0.01 && vault!.y < 50 && vault!.y > 38);
  assert.deepEqual([a!.x, a!.y, b!.x], [10, 20, 50]);
  assert.ok(fence!.h > 4 * fence!.w && fence!.y + fence!.h <= 300.01, "turned text is tall");
  assert.ok(namesOn(found).includes("Kho tiền số 2 ? 3"));
  assert.ok(!namesOn(found).includes("A B"));
});

test("a name keeps off what the drawing says, and one that must stand moves farther", () => {
  const written = { x: 40, y: 40, w: 120, h: 120 };
  const label = (must: boolean): Label => ({
    id: "sensor",
    x: 100,
    y: 100,
    w: 60,
    h: 16,
    beside: 12,
    must,
    first: must,
  });
  assert.equal(placeLabels([label(false)], 400, 300, [written]).size, 0);
  const box = placeLabels([label(true)], 400, 300, [written]).get("sensor")!;
  assert.ok(
    box.x >= 160 || box.x + box.w <= 40 || box.y >= 160 || box.y + box.h <= 40,
    JSON.stringify(box),
  );
});

test("a text takes its values, and one of a thing is not several", () => {
  const of = (args: Record<string, string | number>) => fill("{n} {n?person is|people are} in {where}", args);
  assert.equal(of({ n: 1, where: "A|B" }), "1 person is in A|B");
  assert.equal(of({ n: 0, where: "" }), "0 people are in ");
  assert.equal(of({ n: 21 }), "21 people are in {where}");
});
