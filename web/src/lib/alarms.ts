// SPDX-License-Identifier: Apache-2.0
// Figures of alarms made readable: bins of the load, what is beyond a standard, which bad actors first and what to do
// about each. Pure; the figures themselves are the server's.
import type { Actor, ActorKind, Performance, Standard } from "../api/alarms.ts";

// Slots of ten minutes by how many alarms they had, as the standards cut them.
export const BINS: [number, number][] = [
  [0, 0],
  [1, 1],
  [2, 5],
  [6, 10],
  [11, Infinity],
];
export const bins = (distribution: number[]): number[] =>
  BINS.map(([from, to]) => distribution.reduce((sum, n, i) => sum + (i >= from && i <= to ? n : 0), 0));

export interface Figure {
  key: string; // ui.alarms.figure.<key>
  value: number;
  share?: boolean; // shown in percent
  limit?: number; // in the same measure; none: nothing to compare with
  standard?: Standard;
  over: boolean;
}

// What is measured beside what is asked for. A standard the node does not have judges nothing.
export function figures(p: Performance): Figure[] {
  const of = (code: string) => p.standards.find((s) => s.code === `alarm.${code}`);
  const line = (key: string, value: number, code?: string, limit?: (s: Standard) => number): Figure => {
    const standard = code ? of(code) : undefined;
    const share = standard?.unit === "percent";
    const at = standard && (limit ? limit(standard) : share ? standard.value / 100 : standard.value);
    return { key, value, share, limit: at, standard, over: at !== undefined && value > at };
  };
  const ten = p.sources.reduce((sum, s) => sum + s.share, 0);
  return [
    line("median", p.load.median, "acceptable"),
    line("p99", p.load.p99),
    line("max", p.load.max, "flood"),
    line("flood_share", p.load.flood_share, "flood_share"),
    line("chattering", p.total.chattering, "chatter", () => 0),
    line("fleeting", p.total.fleeting + p.fleeting_signs, "fleeting", () => 0),
    line("stale", p.now.stale, "stale_max"),
    line("standing", p.now.standing),
    line("top_ten", ten, "top_share"),
  ];
}

export type Advice = "fix" | "retune" | "watch";

// A device that chatters or is wrong more often than right wants mending; a rule that is wrong, another threshold.
export function advice(kind: ActorKind, a: Actor): Advice {
  if (kind !== "rules" && (a.chattering > 0 || a.fleeting > 0)) {
    return "fix";
  }
  if (a.judged > 0 && (a.share_false ?? 0) > 0.5) {
    return kind === "rules" ? "retune" : "fix";
  }
  return a.chattering > 0 ? "retune" : "watch";
}

// The three to work off: devices first, as what is wrong with them can be mended; then rules nobody's device explains.
export function worstThree(p: Performance): [ActorKind, Actor][] {
  const sources = p.sources.slice(0, 3).map((a): [ActorKind, Actor] => ["sources", a]);
  const rules = p.rules.slice(0, 3 - sources.length).map((a): [ActorKind, Actor] => ["rules", a]);
  return [...sources, ...rules];
}

// Hour of the week, 0 = Monday 00:00: [day 0-6, "22:00"].
export const hourOfWeek = (h: number): [number, string] => [
  Math.floor(h / 24),
  `${String(h % 24).padStart(2, "0")}:00`,
];

export const percent = (share: number, lang: string): string =>
  share.toLocaleString(lang === "vi" ? "vi-VN" : "en-GB", {
    style: "percent",
    maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0,
  });
