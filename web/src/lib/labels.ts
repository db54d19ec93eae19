// SPDX-License-Identifier: Apache-2.0
// Which names stand on a drawing, and where, so that none lies on another: those that must be read choose
// first and always stand; the others stand where they find room, or not at all. None lies on what the drawing
// itself says while there is another place. Sizes in screen pixels. Pure.
export interface Label {
  id: string;
  x: number; // what it names
  y: number;
  w: number;
  h: number;
  beside: number; // the half size of a sign it must not cover; 0: the name stands on its place
  must: boolean; // stands even where there is no room
  first: boolean; // chooses its room before the others
}
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const meet = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const shared = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));

const ROUND = [0, 4, 2, 6, 1, 3, 5, 7].map((n) => (n * Math.PI) / 4 + Math.PI / 2);
const FAR = 6;

// The places of a name, the best first: on what it names or beside its sign, and for one that must be read ever
// farther around it.
function candidates(l: Label, width: number, height: number): Box[] {
  const { x, y, w, h, beside: r } = l;
  const tops: [number, number][] = r
    ? [
        [x - w / 2, y + r],
        [x - w / 2, y - r - h],
        [x + r, y - h / 2],
        [x - r - w, y - h / 2],
      ]
    : [0, 1, -1, 2, -2, 3, -3].map((n) => [x - w / 2, y - h / 2 + n * (h / 2 + 4)]);
  for (let far = 1; l.must && far <= FAR; far++) {
    for (const turn of ROUND) {
      const dx = Math.cos(turn) * (w / 2 + r + 8 * far);
      const dy = Math.sin(turn) * (h / 2 + r + 16 * far);
      tops.push([x + dx - w / 2, y + dy - h / 2]);
    }
  }
  return tops.map(([left, top]) => ({
    x: Math.max(0, Math.min(left, width - w)),
    y: Math.max(0, Math.min(top, height - h)),
    w,
    h,
  }));
}

export function placeLabels(
  labels: Label[],
  width: number,
  height: number,
  signs: Box[],
): Map<string, Box> {
  const placed = new Map<string, Box>();
  const taken = signs.slice();
  const turn = (l: Label) => (l.must ? 2 : 0) + (l.first ? 1 : 0);
  for (const l of labels.slice().sort((a, b) => turn(b) - turn(a))) {
    const own = candidates(l, width, height);
    const free = own.find((c) => !taken.some((b) => meet(b, c)));
    const cost = (c: Box) => taken.reduce((sum, b) => sum + shared(b, c), 0);
    const box = free ?? (l.must ? own.slice().sort((a, b) => cost(a) - cost(b))[0] : undefined);
    if (box) {
      placed.set(l.id, box);
      taken.push(box);
    }
  }
  return placed;
}
