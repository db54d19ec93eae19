// SPDX-License-Identifier: Apache-2.0
// Which names stand on a drawing, and where, so that none lies on another: those that must be read choose
// first and always stand; the others stand where they find room, or not at all. Sizes in screen pixels. Pure.
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

function candidates(l: Label, width: number, height: number): Box[] {
  const { x, y, w, h, beside: r } = l;
  const tops: [number, number][] = r
    ? [
        [x - w / 2, y + r],
        [x - w / 2, y - r - h],
        [x + r, y - h / 2],
        [x - r - w, y - h / 2],
      ]
    : [0, 1, -1, 2, -2].map((n) => [x - w / 2, y - h / 2 + n * (h / 2 + 4)]);
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
