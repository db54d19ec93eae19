// SPDX-License-Identifier: Apache-2.0
// A drawing as its reader sees it, from the live rows: the layers put together, and what of it has a live state as
// marks. Floors go from the ground up.
import type { Drawing, Mark, Shape } from "../../api/types.ts";
import { middle } from "../../lib/geometry.ts";
import { KINDS, type Doc, type Element } from "../../lib/plan.ts";
import { need, rows } from "../../store/store.ts";

export const floorName = (d: Drawing): string => d.floor || d.name;

export function drawingsOf(site: string): Drawing[] {
  return rows("drawings")
    .filter((d) => d.site === site)
    .sort((a, b) => a.level - b.level || floorName(a).localeCompare(floorName(b), "vi"));
}

export function needDrawings(site: string) {
  need("fixtures", { site });
  return [need("drawings", { site }).value, need("drawing-layers", { site }).value];
}

export const elementsOf = (drawing: string): Element[] =>
  rows("drawing-layers")
    .filter((l) => l.drawing === drawing)
    .flatMap((l) => l.elements);

export const docOf = (d: Drawing): Doc => ({ frame: d.frame, elements: elementsOf(d.id) });

function shapeOf(e: Element): Shape {
  if (KINDS[e.kind].form === "area") {
    return { type: "polygon", points: e.points };
  }
  const [x, y] = e.points.length > 1 ? middle(e.points[0]!, e.points[1]!) : e.points[0]!;
  return { type: "point", x, y };
}

const kept = new WeakMap<Element, Mark>();

// What stands for something of the site, or says something: the rest is wall.
export function marksOf(d: Drawing): Mark[] {
  return elementsOf(d.id)
    .filter((e) => KINDS[e.kind].of || KINDS[e.kind].wordy)
    .map((e) => {
      let m = kept.get(e);
      if (!m) {
        m = {
          id: `${d.id}.${e.id}`,
          drawing: d.id,
          object_kind: e.kind as Mark["object_kind"],
          object: e.object ?? null,
          label: e.label ?? null,
          shape: shapeOf(e),
        };
        kept.set(e, m);
      }
      return m;
    });
}
