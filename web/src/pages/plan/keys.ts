// SPDX-License-Identifier: Apache-2.0
// What a key does on the board. True: the key was ours. Everything a mouse can do has a key.
import { TOOLS, type Editor } from "./editor.ts";
import type { Point } from "../../lib/shape.ts";

const WAYS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const BIG = 10;
const CENTIMETRE = 0.01;

export interface BoardActs {
  zoom(by: number): void;
  fit(): void;
  show(p: Point): void;
  save(): void;
}

// Works wherever the focus is on the page, but not in a field.
export function editKey(ed: Editor, e: KeyboardEvent, typing: boolean, acts: BoardActs): boolean {
  const key = e.key.toLowerCase();
  if (!(e.ctrlKey || e.metaKey) || e.altKey) {
    return false;
  }
  if (key === "s") {
    acts.save();
    return true;
  }
  if (typing) {
    return false;
  }
  const run: Record<string, () => void> = {
    z: () => (e.shiftKey ? ed.redo() : ed.undo()),
    y: () => ed.redo(),
    d: () => ed.copy(),
    a: () => ed.choose(ed.doc.value.elements.map((x) => x.id)),
  };
  run[key]?.();
  return key in run;
}

function arrow(ed: Editor, way: Point, e: KeyboardEvent, acts: BoardActs): void {
  const grid = ed.doc.value.frame.grid;
  const by = e.altKey ? CENTIMETRE : e.shiftKey ? grid * BIG : grid;
  if (ed.tool.value === "select" && ed.chosen.value.length) {
    ed.nudge(way[0] * by, way[1] * by);
    return;
  }
  const { frame } = ed.doc.value;
  const from = ed.cursor.value ?? [frame.width / 2, frame.height / 2];
  const to: Point = [
    Math.max(0, Math.min(frame.width, Math.round((from[0] + way[0] * by) * 100) / 100)),
    Math.max(0, Math.min(frame.height, Math.round((from[1] + way[1] * by) * 100) / 100)),
  ];
  ed.cursor.value = to;
  ed.snapped.value = { point: to, kind: "none" };
  acts.show(to);
}

function enter(ed: Editor): void {
  const at = ed.cursor.value;
  if (ed.tool.value !== "select") {
    if (at) {
      ed.place(at);
    }
  } else if (ed.chosen.value.length === 0 && at) {
    ed.pick(at, false);
  } else {
    ed.placed.value++; // to the panel
  }
}

function escape(ed: Editor): void {
  if (ed.drawn.value.length) {
    ed.cancel();
  } else if (ed.corner.value !== null) {
    ed.corner.value = null;
  } else if (ed.tool.value !== "select") {
    ed.use("select");
  } else {
    ed.choose([]);
  }
}

export function boardKey(ed: Editor, e: KeyboardEvent, acts: BoardActs): boolean {
  if (e.ctrlKey || e.metaKey) {
    return false;
  }
  const way = WAYS[e.key];
  if (way) {
    arrow(ed, way, e, acts);
    return true;
  }
  const small = e.shiftKey ? 1 : 15;
  const run: Record<string, () => void> = {
    Enter: () => enter(ed),
    " ": () => enter(ed),
    Escape: () => escape(ed),
    Backspace: () => (ed.drawn.value.length ? ed.back() : ed.drop()),
    Delete: () => ed.drop(),
    "[": () => ed.step(-1),
    "]": () => ed.step(1),
    "{": () => ed.step(-1),
    "}": () => ed.step(1),
    ",": () => ed.turn(-small),
    "<": () => ed.turn(-small),
    ".": () => ed.turn(small),
    ">": () => ed.turn(small),
    e: () => ed.stepCorner(1),
    E: () => ed.stepCorner(-1),
    i: () => ed.insertCorner(),
    f: () => ed.finish(),
    "+": () => acts.zoom(1.25),
    "=": () => acts.zoom(1.25),
    "-": () => acts.zoom(0.8),
    "0": () => acts.fit(),
  };
  const tool = e.altKey ? undefined : TOOLS.find((x) => x.key === e.key.toLowerCase())?.tool;
  if (run[e.key]) {
    run[e.key]!();
    return true;
  }
  if (tool) {
    ed.use(tool);
    return true;
  }
  return false;
}
