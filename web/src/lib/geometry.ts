// SPDX-License-Identifier: Apache-2.0
// Plane geometry of the drawings, in metres: snapping, outlines that do not cross themselves, what a camera sees.
// Angles are degrees clockwise from the top of the sheet. Pure.
import type { Point } from "./shape.ts";

export type Edge = [Point, Point];

const cm = (v: number): number => Math.round(v * 100);
// To whole centimetres, as the server keeps them.
export const round = (v: number): number => cm(v) / 100;
export const roundPoint = (p: Point): Point => [round(p[0]), round(p[1])];
export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
export const same = (a: Point, b: Point): boolean => cm(a[0]) === cm(b[0]) && cm(a[1]) === cm(b[1]);

export function direction(degrees: number): Point {
  const a = (degrees * Math.PI) / 180;
  return [Math.sin(a), -Math.cos(a)];
}

export function bearing(from: Point, to: Point): number {
  const d = (Math.atan2(to[0] - from[0], from[1] - to[1]) * 180) / Math.PI;
  return (d + 360) % 360;
}

export function nearestOn([a, b]: Edge, p: Point): Point {
  const dx = b[0] - a[0],
    dy = b[1] - a[1];
  const along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy || 1);
  const k = Math.max(0, Math.min(1, along));
  return [a[0] + k * dx, a[1] + k * dy];
}

export const edgesOf = (points: Point[], closed: boolean): Edge[] =>
  points.slice(closed ? 0 : 1).map((p, i): Edge => {
    const next = points[(i + 1) % points.length]!;
    return closed ? [p, next] : [points[i]!, p];
  });

export function rectangle(a: Point, b: Point): Point[] {
  return [a, [b[0], a[1]], b, [a[0], b[1]]];
}

export function turn(p: Point, centre: Point, degrees: number): Point {
  const a = (degrees * Math.PI) / 180,
    x = p[0] - centre[0],
    y = p[1] - centre[1];
  return [
    centre[0] + x * Math.cos(a) - y * Math.sin(a),
    centre[1] + x * Math.sin(a) + y * Math.cos(a),
  ];
}

// --- outlines, in whole centimetres as on the server ----------------------------------------------
const side = (a: Point, b: Point, c: Point): number =>
  Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
const within = (a: number, b: number, v: number): boolean =>
  Math.min(a, b) <= v && v <= Math.max(a, b);
const on = (a: Point, b: Point, q: Point): boolean =>
  side(a, b, q) === 0 && within(a[0], b[0], q[0]) && within(a[1], b[1], q[1]);

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  return (
    (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) ||
    on(a, b, c) ||
    on(a, b, d) ||
    on(c, d, a) ||
    on(c, d, b)
  );
}

// No edge without length, no spike, no edges that meet but neighbours in their corner.
export function isSimple(points: Point[]): boolean {
  const p = points.map((q): Point => [cm(q[0]), cm(q[1])]);
  const n = p.length;
  if (n < 3) {
    return false;
  }
  for (let i = 0; i < n; i++) {
    const a = p[i]!,
      b = p[(i + 1) % n]!,
      c = p[(i + 2) % n]!;
    if (same(a, b) || on(a, b, c) || on(b, c, a)) {
      return false;
    }
    for (let k = i + 2; k < n; k++) {
      if (!(i === 0 && k === n - 1) && meet(a, b, p[k]!, p[(k + 1) % n]!)) {
        return false;
      }
    }
  }
  return true;
}

export function area(points: Point[]): number {
  let sum = 0;
  points.forEach(([x0, y0], i) => {
    const [x1, y1] = points[(i + 1) % points.length]!;
    sum += x0 * y1 - x1 * y0;
  });
  return Math.abs(sum) / 2;
}

// --- snapping -------------------------------------------------------------------------------------
export type SnapKind = "vertex" | "edge" | "angle" | "grid" | "none";
export interface Snapping {
  grid: number; // 0: no grid
  vertices: Point[];
  edges: Edge[];
  from?: Point; // the corner before: directions are counted from it
  angle: number; // 0: no angles; else a step in degrees
  reach: number; // metres within which things attract
}
export interface Snapped {
  point: Point;
  kind: SnapKind;
}

const ANGLE_REACH = 3; // degrees

function nearest<T>(list: T[], p: Point, at: (x: T) => Point, reach: number): Point | null {
  let best: Point | null = null,
    least = reach;
  for (const x of list) {
    const q = at(x),
      d = distance(q, p);
    if (d <= least) {
      least = d;
      best = q;
    }
  }
  return best;
}

const toGrid = (v: number, grid: number): number => (grid > 0 ? Math.round(v / grid) * grid : v);

// Where the ray from `from` towards `bearing` crosses the line of an edge, if on the edge.
function crossing(from: Point, degrees: number, [a, b]: Edge): Point | null {
  const u = direction(degrees),
    dx = b[0] - a[0],
    dy = b[1] - a[1];
  const det = u[0] * dy - u[1] * dx;
  if (Math.abs(det) < 1e-9) {
    return null;
  }
  const t = ((a[0] - from[0]) * dy - (a[1] - from[1]) * dx) / det;
  const s = ((a[0] - from[0]) * u[1] - (a[1] - from[1]) * u[0]) / det;
  return t > 0 && s >= 0 && s <= 1 ? [from[0] + t * u[0], from[1] + t * u[1]] : null;
}

function byAngle(p: Point, s: Snapping): Snapped | null {
  if (!s.from || s.angle <= 0 || same(s.from, p)) {
    return null;
  }
  const is = bearing(s.from, p),
    want = toGrid(is, s.angle);
  if (Math.abs(is - want) > ANGLE_REACH) {
    return null;
  }
  const meets = s.edges
    .map((e) => crossing(s.from!, want, e))
    .filter((q): q is Point => !!q && distance(q, p) <= s.reach);
  const hit = nearest(meets, p, (q) => q, s.reach);
  if (hit) {
    return { point: roundPoint(hit), kind: "edge" };
  }
  // A crossing of the grid that lies straight on is better than a round length.
  const cross = roundPoint([toGrid(p[0], s.grid), toGrid(p[1], s.grid)]);
  if (s.grid > 0 && !same(cross, s.from) && Math.abs(bearing(s.from, cross) - want) < 0.01) {
    return { point: cross, kind: "angle" };
  }
  const u = direction(want),
    long = toGrid(distance(s.from, p), s.grid);
  return {
    point: roundPoint([s.from[0] + u[0] * long, s.from[1] + u[1] * long]),
    kind: "angle",
  };
}

// The first that attracts: a corner, an edge in a straight direction, an edge, a straight direction, the grid.
export function snap(p: Point, s: Snapping): Snapped {
  const corner = nearest(s.vertices, p, (q) => q, s.reach);
  if (corner) {
    return { point: corner, kind: "vertex" };
  }
  const angled = byAngle(p, s);
  if (angled?.kind === "edge") {
    return angled;
  }
  const edge = nearest(s.edges, p, (e) => nearestOn(e, p), s.reach);
  if (edge) {
    return { point: roundPoint(edge), kind: "edge" };
  }
  if (angled) {
    return angled;
  }
  return s.grid > 0
    ? { point: roundPoint([toGrid(p[0], s.grid), toGrid(p[1], s.grid)]), kind: "grid" }
    : { point: roundPoint(p), kind: "none" };
}

// --- what a camera sees ---------------------------------------------------------------------------
const RAY_STEP = 3; // degrees
const BESIDE = 0.02; // degrees to either side of a corner

function reachOf(at: Point, degrees: number, range: number, walls: Edge[]): Point {
  const u = direction(degrees);
  let far = range;
  for (const w of walls) {
    const q = crossing(at, degrees, w);
    if (q) {
      far = Math.min(far, distance(at, q));
    }
  }
  return [at[0] + u[0] * far, at[1] + u[1] * far];
}

// The outline of what lies in the angle and within the range and is not behind a wall.
export function viewPolygon(
  at: Point,
  look: { angle: number; view: number; range: number },
  walls: Edge[],
): Point[] {
  const { angle, view, range } = look;
  const offsets = new Set<number>([-view / 2, view / 2]);
  for (let a = -view / 2; a < view / 2; a += RAY_STEP) {
    offsets.add(a);
  }
  for (const end of walls.flat()) {
    const a = ((bearing(at, end) - angle + 540) % 360) - 180;
    for (const o of [a - BESIDE, a, a + BESIDE]) {
      if (Math.abs(o) < view / 2) {
        offsets.add(o);
      }
    }
  }
  const rays = [...offsets].sort((a, b) => a - b);
  const out = rays.map((o) => reachOf(at, angle + o, range, walls));
  return view < 360 ? [at, ...out] : out;
}
