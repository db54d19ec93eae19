// SPDX-License-Identifier: Apache-2.0
// Finding in the manual by folded words. Pure.
import { fold } from "./text.ts";

export interface Piece {
  id: string; // of the heading
  title: string;
  text: string;
}
export interface Chapter {
  id: string;
  part: string;
  title: string;
  pieces: Piece[]; // the chapter's own beginning first
}
export interface Hit {
  chapter: string;
  id: string;
  title: string;
  around: string;
}

const HITS = 40;
const AROUND = 70;

// Every word of the query stands in the piece; those that have one in the title come first.
export function findIn(chapters: Chapter[], query: string): Hit[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) {
    return [];
  }
  const hits: (Hit & { rank: number })[] = [];
  for (const c of chapters) {
    for (const p of c.pieces) {
      const title = fold(`${c.title} ${p.title}`);
      const hay = fold(p.text);
      if (!words.every((w) => title.includes(w) || hay.includes(w))) {
        continue;
      }
      const rank = words.filter((w) => fold(p.title).includes(w)).length * 2 + words.filter((w) => title.includes(w)).length;
      // Folding keeps the length of composed letters, so a place in one is the place in the other.
      const at = Math.max(0, Math.min(...words.map((w) => hay.indexOf(w)).filter((i) => i >= 0), hay.length) - AROUND / 2);
      const around = hay.length ? p.text.slice(at, at + 2 * AROUND).trim() : "";
      hits.push({ chapter: c.id, id: p.id, title: p.title === c.title ? c.title : `${c.title} – ${p.title}`, around, rank });
    }
  }
  return hits.sort((a, b) => b.rank - a.rank).slice(0, HITS);
}
