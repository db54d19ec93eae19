// SPDX-License-Identifier: Apache-2.0
// The state of one drawing being edited, and every act on it. The board and the panel only show this and call
// it, so that mouse, keys and buttons do the same. Nothing here knows of the server or the page.
import { computed, signal } from "@preact/signals";
import {
  bearing,
  distance,
  edgesOf,
  rectangle,
  round,
  roundPoint,
  same,
  snap,
  type Snapped,
} from "../../lib/geometry.ts";
import {
  add,
  addCorner,
  attractors,
  begin,
  change,
  dropCorner,
  duplicate,
  faults,
  hit,
  KINDS,
  move,
  newId,
  push,
  redo,
  remove,
  rotate,
  setCorner,
  spanAt,
  undo,
  VIEW,
  type Doc,
  type Element,
  type Kind,
} from "../../lib/plan.ts";
import type { Point } from "../../lib/shape.ts";

export type Tool = "select" | "rect" | "measure" | "scale" | Kind;

export const TOOLS: { tool: Tool; key: string; icon: string }[] = [
  { tool: "select", key: "v", icon: "pointer" },
  { tool: "rect", key: "r", icon: "rect" },
  { tool: "zone", key: "z", icon: "polygon" },
  { tool: "wall", key: "w", icon: "wall" },
  { tool: "barrier", key: "b", icon: "barrier" },
  { tool: "door", key: "d", icon: "door" },
  { tool: "opening", key: "o", icon: "opening" },
  { tool: "gate", key: "g", icon: "gate" },
  { tool: "source", key: "s", icon: "sensor" },
  { tool: "camera", key: "c", icon: "camera" },
  { tool: "post", key: "p", icon: "flag" },
  { tool: "store", key: "h", icon: "store" },
  { tool: "assembly", key: "a", icon: "assembly" },
  { tool: "patrol_point", key: "u", icon: "patrol" },
  { tool: "checkpoint", key: "x", icon: "checkpoint" },
  { tool: "stair", key: "j", icon: "stair" },
  { tool: "lift", key: "l", icon: "lift" },
  { tool: "note", key: "t", icon: "text" },
  { tool: "measure", key: "m", icon: "ruler" },
  { tool: "scale", key: "k", icon: "scale" },
];

const kindOf = (tool: Tool): Kind | null =>
  tool === "rect" ? "zone" : tool in KINDS ? (tool as Kind) : null;

export interface Attracts {
  grid: boolean;
  things: boolean;
  angles: boolean;
}

const ANGLE_STEP = 15;
const PULL_PX = 9;

export class Editor {
  readonly history = signal(begin({ frame: { width: 1, height: 1, grid: 1, north: 0 }, elements: [] }));
  readonly chosen = signal<string[]>([]);
  readonly corner = signal<number | null>(null);
  readonly tool = signal<Tool>("select");
  readonly drawn = signal<Point[]>([]);
  readonly cursor = signal<Point | null>(null);
  readonly snapped = signal<Snapped | null>(null);
  readonly attracts = signal<Attracts>({ grid: true, things: true, angles: true });
  readonly said = signal(""); // for who cannot see the board
  readonly scaling = signal<[Point, Point] | null>(null); // two points whose distance is asked for
  readonly placed = signal(0); // counts things that wait for their name: the panel takes the focus
  readonly scale = signal(10); // pixels a metre, the board's
  readonly doc = computed(() => this.history.value.now);
  readonly faults = computed(() => faults(this.doc.value));

  constructor(private readonly say: (key: string, args?: Record<string, string | number>) => string) {}

  load(doc: Doc): void {
    this.history.value = begin(doc);
    this.chosen.value = [];
    this.cancel();
  }

  // --- one change, one step back --------------------------------------------------------------
  set(doc: Doc, tag = ""): void {
    this.history.value = push(this.history.value, doc, tag);
  }
  undo(): void {
    this.history.value = undo(this.history.value);
    this.settle();
  }
  redo(): void {
    this.history.value = redo(this.history.value);
    this.settle();
  }
  // What went away is no longer chosen.
  private settle(): void {
    const ids = new Set(this.doc.value.elements.map((e) => e.id));
    this.chosen.value = this.chosen.value.filter((id) => ids.has(id));
    const one = this.one;
    if (!one || (this.corner.value ?? 0) >= one.points.length) {
      this.corner.value = null;
    }
  }

  get one(): Element | undefined {
    return this.chosen.value.length === 1
      ? this.doc.value.elements.find((e) => e.id === this.chosen.value[0])
      : undefined;
  }
  edit(part: Partial<Element>, tag = ""): void {
    if (this.one) {
      this.set(change(this.doc.value, this.one.id, part), tag && `${tag} ${this.one.id}`);
    }
  }

  // --- choosing -------------------------------------------------------------------------------
  choose(ids: string[]): void {
    this.chosen.value = ids;
    this.corner.value = null;
  }
  pick(p: Point, more: boolean): Element | undefined {
    const found = hit(this.doc.value, p, PULL_PX / this.scale.value);
    const now = this.chosen.value;
    if (!found) {
      this.choose(more ? now : []);
    } else if (more) {
      this.choose(
        now.includes(found.id) ? now.filter((x) => x !== found.id) : [...now, found.id],
      );
    } else if (!now.includes(found.id)) {
      this.choose([found.id]);
    }
    return found;
  }
  step(by: number): void {
    const all = this.doc.value.elements;
    const i = all.findIndex((e) => e.id === this.chosen.value[0]);
    if (all.length) {
      this.choose([all[(i + by + (i < 0 && by < 0 ? 1 : 0) + all.length) % all.length]!.id]);
    }
  }
  stepCorner(by: number): void {
    const one = this.one;
    if (one && one.points.length > 1) {
      const n = one.points.length;
      this.corner.value = ((this.corner.value ?? (by > 0 ? -1 : 0)) + by + n) % n;
      const [x, y] = one.points[this.corner.value]!;
      this.said.value = this.say("ui.draw.said_corner", { n: this.corner.value + 1, x, y });
    }
  }

  // --- acts on what is chosen -----------------------------------------------------------------
  nudge(dx: number, dy: number): void {
    const one = this.one,
      i = this.corner.value;
    if (one && i !== null) {
      const p = one.points[i]!;
      this.set(setCorner(this.doc.value, one.id, i, [p[0] + dx, p[1] + dy]), `nudge ${i}`);
    } else {
      this.set(move(this.doc.value, this.chosen.value, dx, dy), `nudge ${this.chosen.value}`);
    }
    const at = this.one?.points[i ?? 0];
    if (at) {
      this.said.value = this.say("ui.draw.said_at", { x: at[0], y: at[1] });
    }
  }
  turn(degrees: number): void {
    this.set(rotate(this.doc.value, this.chosen.value, degrees), `turn ${this.chosen.value}`);
  }
  copy(): void {
    const { doc, ids } = duplicate(this.doc.value, this.chosen.value);
    if (ids.length) {
      this.set(doc);
      this.choose(ids);
    }
  }
  drop(): void {
    const one = this.one,
      i = this.corner.value;
    if (one && i !== null) {
      this.set(dropCorner(this.doc.value, one.id, i));
    } else if (this.chosen.value.length) {
      this.said.value = this.say("ui.draw.said_removed", { n: this.chosen.value.length });
      this.set(remove(this.doc.value, this.chosen.value));
    }
    this.settle();
  }
  insertCorner(): void {
    const one = this.one;
    if (one) {
      this.set(addCorner(this.doc.value, one.id, this.corner.value ?? 0));
      this.corner.value = (this.corner.value ?? 0) + 1;
      this.settle();
    }
  }

  // --- where the pointer is -------------------------------------------------------------------
  snap(p: Point, free: boolean, from?: Point, but: string[] = []): Snapped {
    const { frame } = this.doc.value;
    const a = this.attracts.value;
    const held: Point = [
      Math.max(0, Math.min(frame.width, p[0])),
      Math.max(0, Math.min(frame.height, p[1])),
    ];
    const things = attractors(this.doc.value, but);
    const own = edgesOf(this.drawn.value, false);
    const got = snap(held, {
      grid: a.grid && !free ? frame.grid : 0,
      vertices: a.things && !free ? [...things.vertices, ...this.drawn.value] : [],
      edges: a.things && !free ? [...things.edges, ...own] : [],
      from,
      angle: a.angles && !free ? ANGLE_STEP : 0,
      reach: PULL_PX / this.scale.value,
    });
    const inside = got.point[0] >= 0 && got.point[1] >= 0 && got.point[0] <= frame.width && got.point[1] <= frame.height;
    return inside ? got : { point: roundPoint(held), kind: "none" };
  }
  point(p: Point, free: boolean): Snapped {
    const straight = this.tool.value !== "rect"; // its corners are not on one line
    const last = straight ? this.drawn.value[this.drawn.value.length - 1] : undefined;
    const s = this.snap(p, free, last);
    this.cursor.value = s.point;
    this.snapped.value = s;
    return s;
  }

  // --- drawing --------------------------------------------------------------------------------
  use(tool: Tool): void {
    this.cancel();
    this.tool.value = tool;
    if (tool !== "select") {
      this.choose([]);
      this.cursor.value ??= [this.doc.value.frame.width / 2, this.doc.value.frame.height / 2];
    }
    this.said.value = this.say(`ui.draw.tool.${tool}`);
  }
  cancel(): void {
    this.drawn.value = [];
    this.snapped.value = null;
    this.scaling.value = null;
  }
  back(): void {
    this.drawn.value = this.drawn.value.slice(0, -1);
  }

  private put(kind: Kind, points: Point[]): void {
    const doc = this.doc.value;
    const id = newId(doc);
    const { frame } = doc;
    const inside = points.map(([x, y]): Point => [
      round(Math.max(0, Math.min(frame.width, x))),
      round(Math.max(0, Math.min(frame.height, y))),
    ]);
    this.set(add(doc, { id, kind, points: inside, ...(KINDS[kind].sees ? VIEW : {}) }));
    this.drawn.value = [];
    this.choose([id]);
    this.said.value = this.say("ui.draw.said_put", { kind: this.say(`ui.draw.kind.${kind}`) });
    if (KINDS[kind].of || KINDS[kind].wordy) {
      this.tool.value = "select";
      this.placed.value++;
    }
  }

  // A click, an Enter: the next corner of what is being drawn, or all of it.
  place(p: Point): void {
    const tool = this.tool.value,
      kind = kindOf(tool),
      drawn = this.drawn.value;
    const form = kind && KINDS[kind].form;
    if (form === "place") {
      this.put(kind!, [p]);
    } else if (form === "span") {
      this.put(kind!, spanAt(this.doc.value, p, KINDS[kind!].width!, 2 * PULL_PX / this.scale.value + 0.5));
    } else if (tool === "rect") {
      if (drawn.length && drawn[0]![0] !== p[0] && drawn[0]![1] !== p[1]) {
        this.put("zone", rectangle(drawn[0]!, p));
      } else {
        this.drawn.value = [p];
      }
    } else if (tool === "measure" || tool === "scale") {
      this.two(p);
    } else if (form) {
      this.next(kind!, p);
    }
  }

  private two(p: Point): void {
    const from = this.drawn.value.length === 1 ? this.drawn.value[0]! : null;
    this.drawn.value = from ? [from, p] : [p];
    if (from) {
      this.said.value = this.say("ui.draw.said_length", { m: round(distance(from, p)) });
      if (this.tool.value === "scale" && !same(from, p)) {
        this.scaling.value = [from, p];
      }
    }
  }

  private next(kind: Kind, p: Point): void {
    const drawn = this.drawn.value,
      last = drawn[drawn.length - 1];
    const round_ = KINDS[kind].form === "area" && drawn.length >= 3 && same(drawn[0]!, p);
    if (round_ || (last && same(last, p))) {
      this.finish();
      return;
    }
    this.drawn.value = [...drawn, p];
    this.said.value = this.say("ui.draw.said_corner", { n: drawn.length + 1, x: p[0], y: p[1] });
  }

  finish(): void {
    const kind = kindOf(this.tool.value),
      drawn = this.drawn.value;
    if (kind && drawn.length >= (KINDS[kind].form === "area" ? 3 : 2)) {
      this.put(kind, drawn);
    }
  }

  // --- the picture's scale: two points and how far apart they are in the world -----------------
  rescale(metres: number): void {
    const pair = this.scaling.value,
      { frame } = this.doc.value;
    if (!pair || !frame.picture) {
      return;
    }
    const k = metres / distance(pair[0], pair[1]);
    const p = frame.picture;
    const picture = {
      ...p,
      x: round(pair[0][0] + (p.x - pair[0][0]) * k),
      y: round(pair[0][1] + (p.y - pair[0][1]) * k),
      width: round(p.width * k),
    };
    this.set({ ...this.doc.value, frame: { ...frame, picture } });
    this.cancel();
  }

  aim(p: Point): void {
    const one = this.one;
    if (one && KINDS[one.kind].sees) {
      const range = Math.max(1, Math.min(500, round(distance(one.points[0]!, p))));
      this.edit({ angle: Math.round(bearing(one.points[0]!, p)) % 360, range }, "aim");
    }
  }

  // --- dragging: always from where the drag began, so that nothing adds up ---------------------
  private before: Doc | null = null;
  dragBegins(): void {
    this.before = this.doc.value;
  }
  dragTo(from: Point, to: Point, free: boolean, tag: string): void {
    const doc = this.before,
      ids = this.chosen.value;
    const first = doc?.elements.find((e) => ids.includes(e.id));
    if (!doc || !first) {
      return;
    }
    const p = first.points[0]!;
    const want: Point = [p[0] + to[0] - from[0], p[1] + to[1] - from[1]];
    const s = this.snap(want, free, undefined, ids);
    this.set(move(doc, ids, s.point[0] - p[0], s.point[1] - p[1]), tag);
  }
  moveCorner(i: number, p: Point, tag: string): void {
    if (this.one) {
      this.set(setCorner(this.doc.value, this.one.id, i, p), tag);
    }
  }
}
