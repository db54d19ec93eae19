// SPDX-License-Identifier: Apache-2.0
// The lines of a plan in its own metres: walls, barriers, doors, openings, gates, and what cameras see. What has
// a live state is drawn by the desk's marks, or by the editor, on top.
import { direction, distance, middle, viewPolygon } from "../../lib/geometry.ts";
import { VIEW, walls, type Element } from "../../lib/plan.ts";
import type { Point } from "../../lib/shape.ts";

const at = (p: Point): string => `${p[0].toFixed(3)},${p[1].toFixed(3)}`;
export const line = (points: Point[]): string => points.map(at).join(" ");

const SINGLE = 1.6; // wider doors have two leaves

// A leaf hung at a that stands open a quarter turn (way 1 to the right of a→b), and the way it goes.
function leaf(a: Point, b: Point, way: 1 | -1): string {
  const r = distance(a, b);
  const open: Point = [a[0] - way * (b[1] - a[1]), a[1] + way * (b[0] - a[0])];
  return `M${at(a)}L${at(open)}A${r} ${r} 0 0 ${way > 0 ? 0 : 1} ${at(b)}`;
}

function leaves([a, b]: Point[]): string {
  if (distance(a!, b!) <= SINGLE) {
    return leaf(a!, b!, 1);
  }
  const m = middle(a!, b!);
  return leaf(a!, m, 1) + leaf(b!, m, -1);
}

function posts([a, b]: Point[], size: number): string {
  return [a!, b!]
    .map(([x, y]) => `M${x - size} ${y - size}h${2 * size}v${2 * size}h${-2 * size}z`)
    .join("");
}

export function Piece({ e }: { e: Element }) {
  switch (e.kind) {
    case "wall":
      return <polyline class="p-wall" points={line(e.points)} />;
    case "barrier":
      return (
        <>
          <polyline class="p-barrier" points={line(e.points)} />
          <polyline class="p-barrier ticks" points={line(e.points)} />
        </>
      );
    case "door":
      return (
        <>
          <polyline class="p-gap" points={line(e.points)} />
          <path class="p-leaf" d={leaves(e.points)} />
        </>
      );
    case "opening":
      return (
        <>
          <polyline class="p-gap" points={line(e.points)} />
          <polyline class="p-open" points={line(e.points)} />
        </>
      );
    case "gate":
      return (
        <>
          <polyline class="p-gap" points={line(e.points)} />
          <polyline class="p-open" points={line(e.points)} />
          <path class="p-post" d={posts(e.points, 0.35)} />
        </>
      );
    default:
      return null;
  }
}

const ORDER = ["wall", "barrier", "door", "opening", "gate"];

export function Structure({ elements }: { elements: Element[] }) {
  return (
    <g class="structure" aria-hidden="true">
      {elements
        .filter((e) => ORDER.includes(e.kind))
        .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
        .map((e) => (
          <Piece key={e.id} e={e} />
        ))}
    </g>
  );
}

export const lookOf = (e: Element) => ({
  angle: e.angle ?? VIEW.angle,
  view: e.view ?? VIEW.view,
  range: e.range ?? VIEW.range,
});

export function Sights({ elements }: { elements: Element[] }) {
  const cameras = elements.filter((e) => e.kind === "camera");
  const edges = cameras.length ? walls({ elements }) : [];
  return (
    <g class="sights" aria-hidden="true">
      {cameras.map((e) => (
        <polygon
          key={e.id}
          class="p-sight"
          points={line(viewPolygon(e.points[0]!, lookOf(e), edges))}
        />
      ))}
    </g>
  );
}

// The middle of a thing and, for a camera, the point its axis goes to: where its handle is.
export function aim(e: Element): Point {
  const u = direction(lookOf(e).angle),
    r = lookOf(e).range;
  return [e.points[0]![0] + u[0] * r, e.points[0]![1] + u[1] * r];
}

export const spanMiddle = (e: Element): Point => middle(e.points[0]!, e.points[1]!);
