// SPDX-License-Identifier: Apache-2.0
// Where to write the name of a polygon: its centroid if that lies well inside, else the point of a grid that
// is farthest from every edge (rings and angles have their centroid outside). Pure.
export type Point = [number, number];

export function inside(p: Point, corners: Point[]): boolean {
  let odd = false;
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length]!;
    if (y1 > p[1] !== y2 > p[1] && p[0] < ((x2 - x1) * (p[1] - y1)) / (y2 - y1) + x1) {
      odd = !odd;
    }
  });
  return odd;
}

export function edgeDistance(p: Point, corners: Point[]): number {
  let least = Infinity;
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length]!;
    const dx = x2 - x1,
      dy = y2 - y1;
    const t = Math.max(
      0,
      Math.min(1, ((p[0] - x1) * dx + (p[1] - y1) * dy) / (dx * dx + dy * dy || 1)),
    );
    least = Math.min(least, Math.hypot(p[0] - x1 - t * dx, p[1] - y1 - t * dy));
  });
  return least;
}

function centroid(corners: Point[]): Point {
  let area = 0,
    x = 0,
    y = 0;
  corners.forEach(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % corners.length]!;
    const cross = x0 * y1 - x1 * y0;
    area += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  });
  return Math.abs(area) < 1e-9 ? (corners[0] ?? [0, 0]) : [x / (3 * area), y / (3 * area)];
}

const STEPS = 24;

export function labelPoint(corners: Point[]): Point {
  const c = centroid(corners);
  const xs = corners.map((p) => p[0]),
    ys = corners.map((p) => p[1]);
  const left = Math.min(...xs),
    top = Math.min(...ys),
    w = Math.max(...xs) - left,
    h = Math.max(...ys) - top;
  let best = c,
    far = inside(c, corners) ? edgeDistance(c, corners) : -1;
  const enough = far;
  for (let i = 1; i < STEPS; i++) {
    for (let k = 1; k < STEPS; k++) {
      const p: Point = [left + (w * i) / STEPS, top + (h * k) / STEPS];
      const d = inside(p, corners) ? edgeDistance(p, corners) : -1;
      if (d > far + 1e-9) {
        far = d;
        best = p;
      }
    }
  }
  // A centroid nearly as good is better: names then stand in the middle.
  return enough > 0 && enough >= far * 0.6 ? c : best;
}
