// SPDX-License-Identifier: Apache-2.0
// Marks of a map that would lie on one another become one mark with a number; a name is written only where it covers
// no other mark. In pixels of the screen, loudest first, so that the loudest keeps its place and its name. Pure.
export interface Pin {
  id: string;
  x: number;
  y: number;
  rank: number; // the loudest is 0
  name: number; // width of its name in pixels
}
export interface Cluster {
  ids: string[]; // loudest first
  x: number;
  y: number;
  named: boolean;
}

export const SIGN = 26; // pixels: a sign and a finger's breadth of air

export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}
const meet = (a: Box, b: Box): boolean => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
const sign = (p: { x: number; y: number }): Box => ({
  x0: p.x - SIGN / 2,
  y0: p.y - SIGN / 2,
  x1: p.x + SIGN / 2,
  y1: p.y + SIGN / 2,
});

// keep: what no name may cover either.
export function cluster(pins: Pin[], keep: Box[] = []): Cluster[] {
  const order = pins.slice().sort((a, b) => a.rank - b.rank || a.id.localeCompare(b.id));
  const out: { c: Cluster; name: number }[] = [];
  for (const p of order) {
    const near = out.find(({ c }) => Math.hypot(c.x - p.x, c.y - p.y) < SIGN);
    if (near) {
      near.c.ids.push(p.id);
    } else {
      out.push({ c: { ids: [p.id], x: p.x, y: p.y, named: false }, name: p.name });
    }
  }
  const taken: Box[] = keep.slice();
  for (const { c, name } of out) {
    const words = { ...sign(c), x1: c.x + SIGN / 2 + name };
    const free =
      !taken.some((b) => meet(b, words)) && !out.some((o) => o.c !== c && meet(sign(o.c), words));
    c.named = free;
    taken.push(free ? words : sign(c));
  }
  return out.map((o) => o.c);
}

// Signs in one place that no nearer look takes apart stand in a column, the first where it is.
export const column = (n: number): number[] => Array.from({ length: n }, (_, i) => i * SIGN);
