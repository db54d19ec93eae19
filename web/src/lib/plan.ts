// SPDX-License-Identifier: Apache-2.0
// A floor plan in the console: its elements and everything that is done to them, as functions from plan to
// plan. Nothing here draws, asks or waits; equal plans are equal texts (the server's canonical form). Pure.
import {
  area,
  distance,
  edgesOf,
  isSimple,
  middle,
  nearestOn,
  round,
  roundPoint,
  same,
  turn,
  type Edge,
} from "./geometry.ts";
import { edgeDistance, inside, type Point } from "./shape.ts";

export type Kind =
  | "zone"
  | "wall"
  | "barrier"
  | "door"
  | "opening"
  | "gate"
  | "source"
  | "camera"
  | "post"
  | "store"
  | "assembly"
  | "patrol_point"
  | "checkpoint"
  | "stair"
  | "lift"
  | "note";
export type Form = "area" | "line" | "span" | "place";

export interface Element {
  id: string;
  kind: Kind;
  object?: string;
  label?: string;
  points: Point[];
  angle?: number;
  view?: number;
  range?: number;
}
export interface Picture {
  x: number;
  y: number;
  width: number;
  percent: number;
}
export interface Frame {
  width: number;
  height: number;
  grid: number;
  north: number;
  picture?: Picture;
}
export interface Doc {
  frame: Frame;
  elements: Element[];
}

interface KindOf {
  form: Form;
  of?: ("zones" | "gates" | "sources" | "posts" | "fixtures")[]; // what it stands for
  fixture?: boolean; // of fixtures, those of its own name
  width?: number; // of a new span, metres
  sees?: boolean;
  wordy?: boolean;
  floors?: boolean; // joins floors by its name
  again?: boolean;
}
export const KINDS: Record<Kind, KindOf> = {
  zone: { form: "area", of: ["zones"], again: true },
  wall: { form: "line" },
  barrier: { form: "line" },
  door: { form: "span", width: 0.9 },
  opening: { form: "span", width: 1.5 },
  gate: { form: "span", of: ["gates"], width: 4 },
  source: { form: "place", of: ["sources"] },
  camera: { form: "place", of: ["fixtures", "sources"], fixture: true, sees: true },
  post: { form: "place", of: ["posts"] },
  store: { form: "place", of: ["fixtures"], fixture: true },
  assembly: { form: "place", of: ["fixtures"], fixture: true },
  patrol_point: { form: "place", of: ["fixtures"], fixture: true },
  checkpoint: { form: "place", of: ["fixtures"], fixture: true },
  stair: { form: "place", wordy: true, floors: true },
  lift: { form: "place", wordy: true, floors: true },
  note: { form: "place", wordy: true },
};
export const VIEW = { angle: 0, view: 90, range: 10 };

export const LIMITS = { elements: 1500, corners: 200, points: 8000, leastArea: 0.05 };

// --- texts ----------------------------------------------------------------------------------------
// Members in the server's order, numbers in whole centimetres, nothing that a kind has not.
export function tidy(e: Element): Element {
  const k = KINDS[e.kind];
  return {
    id: e.id,
    kind: e.kind,
    ...(e.object && k.of ? { object: e.object } : {}),
    ...(e.label?.trim() ? { label: e.label.trim().normalize("NFC") } : {}),
    points: e.points.map(roundPoint),
    ...(k.sees
      ? {
          angle: ((Math.round(e.angle ?? VIEW.angle) % 360) + 360) % 360,
          view: Math.round(e.view ?? VIEW.view),
          range: round(e.range ?? VIEW.range),
        }
      : {}),
  };
}

export const text = (e: Element | undefined): string => (e ? JSON.stringify(tidy(e)) : "");
export const frameText = (f: Frame): string =>
  JSON.stringify({
    width: round(f.width),
    height: round(f.height),
    grid: round(f.grid),
    north: f.north,
    ...(f.picture
      ? {
          picture: {
            x: round(f.picture.x),
            y: round(f.picture.y),
            width: round(f.picture.width),
            percent: f.picture.percent,
          },
        }
      : {}),
  });

export function equal(a: Doc, b: Doc): boolean {
  const d = difference(a, b);
  return frameText(a.frame) === frameText(b.frame) && d.length === 0;
}

// --- change ---------------------------------------------------------------------------------------
export function newId(doc: Doc): string {
  const taken = new Set(doc.elements.map((e) => e.id));
  for (let n = doc.elements.length + 1; ; n++) {
    const id = `e${n.toString(36)}`;
    if (!taken.has(id)) {
      return id;
    }
  }
}

export const add = (doc: Doc, e: Element): Doc => ({ ...doc, elements: [...doc.elements, e] });

export const change = (doc: Doc, id: string, part: Partial<Element>): Doc => ({
  ...doc,
  elements: doc.elements.map((e) => (e.id === id ? { ...e, ...part } : e)),
});

export const remove = (doc: Doc, ids: string[]): Doc => ({
  ...doc,
  elements: doc.elements.filter((e) => !ids.includes(e.id)),
});

const map = (doc: Doc, ids: string[], f: (e: Element) => Element): Doc => ({
  ...doc,
  elements: doc.elements.map((e) => (ids.includes(e.id) ? f(e) : e)),
});

const chosen = (doc: Doc, ids: string[]) => doc.elements.filter((e) => ids.includes(e.id));

// Moves as far as the frame lets all of it go.
export function move(doc: Doc, ids: string[], dx: number, dy: number): Doc {
  const all = chosen(doc, ids).flatMap((e) => e.points);
  if (all.length === 0) {
    return doc;
  }
  const held = (d: number, i: 0 | 1, most: number) =>
    Math.max(
      -Math.min(...all.map((p) => p[i])),
      Math.min(most - Math.max(...all.map((p) => p[i])), d),
    );
  const x = held(dx, 0, doc.frame.width),
    y = held(dy, 1, doc.frame.height);
  return map(doc, ids, (e) => ({
    ...e,
    points: e.points.map((p) => roundPoint([p[0] + x, p[1] + y])),
  }));
}

export function centre(points: Point[]): Point {
  const xs = points.map((p) => p[0]),
    ys = points.map((p) => p[1]);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

// Turns about the middle; what would leave the frame does not turn. A camera turns its look.
export function rotate(doc: Doc, ids: string[], degrees: number): Doc {
  const all = chosen(doc, ids);
  const about = centre(all.flatMap((e) => e.points));
  const turned = (e: Element): Element => ({
    ...e,
    points: all.length === 1 && e.points.length === 1 ? e.points : e.points.map((p) => roundPoint(turn(p, about, degrees))),
    ...(KINDS[e.kind].sees ? { angle: (((e.angle ?? 0) + degrees) % 360 + 360) % 360 } : {}),
  });
  const fits = all.every((e) =>
    turned(e).points.every(
      ([x, y]) => x >= 0 && y >= 0 && x <= doc.frame.width && y <= doc.frame.height,
    ),
  );
  return fits ? map(doc, ids, turned) : doc;
}

// Copies beside the originals. A thing that stands once on a plan has no second: its copy waits for a choice.
export function duplicate(doc: Doc, ids: string[]): { doc: Doc; ids: string[] } {
  let out = doc;
  const made: string[] = [];
  for (const e of chosen(doc, ids)) {
    const id = newId(out);
    const { object, ...rest } = e;
    out = add(out, { ...rest, id, ...(object && KINDS[e.kind].again ? { object } : {}) });
    made.push(id);
  }
  const by = doc.frame.grid * 2;
  const moved = move(out, made, by, by);
  return { doc: equal(moved, out) ? move(out, made, -by, -by) : moved, ids: made };
}

export function setCorner(doc: Doc, id: string, i: number, p: Point): Doc {
  const e = doc.elements.find((x) => x.id === id);
  const at: Point = [
    Math.max(0, Math.min(doc.frame.width, p[0])),
    Math.max(0, Math.min(doc.frame.height, p[1])),
  ];
  return e
    ? change(doc, id, { points: e.points.map((q, k) => (k === i ? roundPoint(at) : q)) })
    : doc;
}

export function addCorner(doc: Doc, id: string, after: number): Doc {
  const e = doc.elements.find((x) => x.id === id);
  if (!e || e.points.length >= LIMITS.corners || !["area", "line"].includes(KINDS[e.kind].form)) {
    return doc;
  }
  const p = e.points,
    mid = roundPoint(middle(p[after]!, p[(after + 1) % p.length]!));
  return change(doc, id, { points: [...p.slice(0, after + 1), mid, ...p.slice(after + 1)] });
}

export function dropCorner(doc: Doc, id: string, i: number): Doc {
  const e = doc.elements.find((x) => x.id === id);
  const least = e && { area: 3, line: 2, span: 2, place: 1 }[KINDS[e.kind].form];
  return e && e.points.length > least!
    ? change(doc, id, { points: e.points.filter((_, k) => k !== i) })
    : doc;
}

// --- looking --------------------------------------------------------------------------------------
export const closed = (e: Element): boolean => KINDS[e.kind].form === "area";

export function attractors(doc: Doc, but: string[] = []): { vertices: Point[]; edges: Edge[] } {
  const vertices: Point[] = [],
    edges: Edge[] = [];
  for (const e of doc.elements) {
    if (but.includes(e.id) || KINDS[e.kind].form === "place") {
      continue;
    }
    vertices.push(...e.points);
    if (KINDS[e.kind].form !== "span") {
      edges.push(...edgesOf(e.points, closed(e)));
    }
  }
  return { vertices, edges };
}

// What nobody sees through: walls, and doors, which are shut when it matters.
export const walls = (doc: { elements: Element[] }): Edge[] =>
  doc.elements
    .filter((e) => e.kind === "wall" || e.kind === "door")
    .flatMap((e) => edgesOf(e.points, false));

// A door of a width, lying in the nearest wall or border; free of any: from left to right.
export function spanAt(doc: Doc, p: Point, width: number, reach: number): Point[] {
  const { edges } = attractors(doc);
  let best: Edge = [p, [p[0] + 1, p[1]]],
    at = p,
    least = reach;
  for (const e of edges) {
    const q = nearestOn(e, p),
      d = distance(p, q);
    if (d <= least) {
      least = d;
      best = e;
      at = q;
    }
  }
  const long = distance(best[0], best[1]) || 1;
  const u: Point = [(best[1][0] - best[0][0]) / long, (best[1][1] - best[0][1]) / long];
  const half = width / 2;
  return [
    roundPoint([at[0] - u[0] * half, at[1] - u[1] * half]),
    roundPoint([at[0] + u[0] * half, at[1] + u[1] * half]),
  ];
}

const ORDER: Record<Form, number> = { place: 0, span: 1, line: 2, area: 3 };

// What lies under the pointer: small things before large ones, of areas the smallest.
export function hit(doc: Doc, p: Point, reach: number): Element | undefined {
  const near = doc.elements.filter((e) => {
    const f = KINDS[e.kind].form;
    return f === "place"
      ? distance(e.points[0]!, p) <= reach * 1.5
      : f === "area"
        ? inside(p, e.points) || edgeDistance(p, e.points) <= reach
        : edgesOf(e.points, false).some((s) => distance(nearestOn(s, p), p) <= reach);
  });
  return near.sort(
    (a, b) =>
      ORDER[KINDS[a.kind].form] - ORDER[KINDS[b.kind].form] || area(a.points) - area(b.points),
  )[0];
}

// --- faults, in the server's words ----------------------------------------------------------------
export interface Fault {
  id: string;
  key: string;
}

export function faults(doc: Doc): Fault[] {
  const out: Fault[] = [];
  const objects = new Set<string>();
  for (const e of doc.elements) {
    const k = KINDS[e.kind];
    const say = (key: string) => out.push({ id: e.id, key });
    if (k.of && !e.object) {
      say("no_object");
    } else if (e.object && objects.has(e.object) && !k.again) {
      say("twice");
    } else if (k.wordy && !e.label?.trim()) {
      say("no_label");
    } else if (k.form === "area" && !isSimple(e.points)) {
      say("crossing");
    } else if (k.form === "area" && area(e.points) < LIMITS.leastArea) {
      say("small");
    } else if (k.form !== "area" && e.points.some((p, i) => i > 0 && same(p, e.points[i - 1]!))) {
      say("no_length");
    } else if (
      e.points.some(([x, y]) => x < 0 || y < 0 || x > doc.frame.width || y > doc.frame.height)
    ) {
      say("outside");
    }
    if (e.object) {
      objects.add(e.object);
    }
  }
  return out;
}

// --- history --------------------------------------------------------------------------------------
export interface History {
  past: Doc[];
  now: Doc;
  future: Doc[];
  tag: string; // steps of one tag are one step back
}
const DEPTH = 300;

export const begin = (now: Doc): History => ({ past: [], now, future: [], tag: "" });

export function push(h: History, now: Doc, tag = ""): History {
  if (now === h.now) {
    return h;
  }
  const past = tag && tag === h.tag ? h.past : [...h.past.slice(-DEPTH + 1), h.now];
  return { past, now, future: [], tag };
}

export function undo(h: History): History {
  const before = h.past[h.past.length - 1];
  return before
    ? { past: h.past.slice(0, -1), now: before, future: [h.now, ...h.future], tag: "" }
    : h;
}

export function redo(h: History): History {
  const [next, ...future] = h.future;
  return next ? { past: [...h.past, h.now], now: next, future, tag: "" } : h;
}

// --- two who drew at once -------------------------------------------------------------------------
export interface Difference {
  id: string;
  what: "added" | "removed" | "changed";
  element: Element;
}

export function difference(from: Doc, to: Doc): Difference[] {
  const was = new Map(from.elements.map((e) => [e.id, e]));
  const is = new Map(to.elements.map((e) => [e.id, e]));
  const out: Difference[] = [];
  for (const e of to.elements) {
    if (!was.has(e.id)) {
      out.push({ id: e.id, what: "added", element: e });
    } else if (text(was.get(e.id)) !== text(e)) {
      out.push({ id: e.id, what: "changed", element: e });
    }
  }
  for (const e of from.elements) {
    if (!is.has(e.id)) {
      out.push({ id: e.id, what: "removed", element: e });
    }
  }
  return out;
}

// Both their changes and mine, on what both began with. What both changed differently stays mine and is
// named; two new elements that happen to have one id both stay.
export function merge(base: Doc, theirs: Doc, mine: Doc): { doc: Doc; both: Element[] } {
  const was = new Map(base.elements.map((e) => [e.id, e]));
  const my = new Map(mine.elements.map((e) => [e.id, e]));
  const their = new Map(theirs.elements.map((e) => [e.id, e]));
  const both: Element[] = [];
  let out: Doc = {
    frame: frameText(mine.frame) === frameText(base.frame) ? theirs.frame : mine.frame,
    elements: [],
  };
  const again: Element[] = [];
  for (const id of new Set([...their.keys(), ...my.keys(), ...was.keys()])) {
    const b = text(was.get(id)),
      m = text(my.get(id)),
      th = text(their.get(id));
    if (m !== b && th !== b && m !== th) {
      if (!was.has(id)) {
        again.push(my.get(id)!);
      } else {
        both.push((my.get(id) ?? their.get(id))!);
      }
    }
    const keep = m === b || (!was.has(id) && their.has(id)) ? their.get(id) : my.get(id);
    if (keep) {
      out = add(out, keep);
    }
  }
  for (const e of again) {
    out = add(out, { ...e, id: newId({ ...out, elements: [...out.elements, ...mine.elements] }) });
  }
  return { doc: out, both };
}
