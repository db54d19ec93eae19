// SPDX-License-Identifier: Apache-2.0
// What a drawing says by itself: its written words and roughly where they stand, so that our names do not cover
// them. Reads the text of the SVG (a picture shown as an image tells nothing of its inside); widths are guessed
// from the count of letters. Turned text gets the box around it. Pure.
import type { Box } from "./labels.ts";

export interface Written extends Box {
  text: string;
}

type Matrix = [number, number, number, number, number, number];
interface State {
  tag: string;
  m: Matrix;
  size: number;
  anchor: string;
  x: number;
  y: number;
}

const MOST = 500;
const LETTER = 0.56; // of the font size, on average
const NONE: Matrix = [1, 0, 0, 1, 0, 0];

function times(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function one(kind: string, v: number[]): Matrix {
  const [a = 0, b = 0, c = 0] = v;
  switch (kind) {
    case "translate":
      return [1, 0, 0, 1, a, b];
    case "scale":
      return [a, 0, 0, v.length > 1 ? b : a, 0, 0];
    case "matrix":
      return v.length === 6 ? (v as Matrix) : NONE;
    case "rotate": {
      const r = (a * Math.PI) / 180;
      const turn: Matrix = [Math.cos(r), Math.sin(r), -Math.sin(r), Math.cos(r), 0, 0];
      return times(times([1, 0, 0, 1, b, c], turn), [1, 0, 0, 1, -b, -c]);
    }
    default:
      return NONE;
  }
}

const numbers = (text: string) => (text.match(/-?[\d.]+(?:e-?\d+)?/gi) ?? []).map(Number);

const matrixOf = (text: string | undefined): Matrix =>
  [...(text ?? "").matchAll(/(\w+)\(([^)]*)\)/g)].reduce(
    (m, part) => times(m, one(part[1]!, numbers(part[2]!))),
    NONE,
  );

const plain = (text: string) =>
  text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#?\w+;/g, "?");

function boxOf(s: State, text: string): Written {
  const w = text.length * s.size * LETTER;
  const left = s.anchor === "middle" ? s.x - w / 2 : s.anchor === "end" ? s.x - w : s.x;
  const top = s.y - s.size * 0.8;
  const corners = [
    [left, top],
    [left + w, top],
    [left, top + s.size],
    [left + w, top + s.size],
  ].map(([x, y]) => [s.m[0] * x! + s.m[2] * y! + s.m[4], s.m[1] * x! + s.m[3] * y! + s.m[5]]);
  const xs = corners.map((c) => c[0]!);
  const ys = corners.map((c) => c[1]!);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { text, x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

function enter(above: State, tag: string, attributes: string): State {
  const all: Record<string, string> = {};
  for (const [, name, value] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) {
    all[name!] = value!;
  }
  return {
    tag,
    m: all.transform ? times(above.m, matrixOf(all.transform)) : above.m,
    size: parseFloat(all["font-size"] ?? "") || above.size,
    anchor: all["text-anchor"] ?? above.anchor,
    x: numbers(all.x ?? "")[0] ?? above.x,
    y: numbers(all.y ?? "")[0] ?? above.y,
  };
}

export function writtenOn(svg: string): Written[] {
  const out: Written[] = [];
  const stack: State[] = [{ tag: "", m: NONE, size: 16, anchor: "start", x: 0, y: 0 }];
  for (const part of svg.matchAll(/<!--[\s\S]*?-->|<(\/?)([\w:]+)([^>]*?)(\/?)>|([^<]+)/g)) {
    const [, closes, tag, attributes, empty, text] = part;
    const now = stack[stack.length - 1]!;
    if (text) {
      const words = plain(text).trim();
      if (words && (now.tag === "text" || now.tag === "tspan") && out.length < MOST) {
        out.push(boxOf(now, words));
      }
    } else if (closes) {
      stack.length > 1 && stack.pop();
    } else if (tag && !empty) {
      stack.push(enter(now, tag, attributes ?? ""));
    }
  }
  return out;
}

// The names written on a drawing: each line, and lines that stand under one another read as one.
export function namesOn(written: Written[]): string[] {
  const out: string[] = [];
  written.forEach((line, i) => {
    let name = line.text;
    out.push(name);
    for (let k = i + 1; k < written.length && k < i + 3; k++) {
      const [above, below] = [written[k - 1]!, written[k]!];
      const middle = Math.abs(above.x + above.w / 2 - below.x - below.w / 2);
      const gap = below.y - above.y - above.h;
      if (middle > above.h || gap < -above.h / 2 || gap > above.h) {
        break;
      }
      name += ` ${below.text}`;
      out.push(name);
    }
  });
  return out;
}
