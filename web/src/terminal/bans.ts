// SPDX-License-Identifier: Apache-2.0
// The ban list on a terminal. Numbers of papers are hashes and always asked; names only while the guard's number has
// opened them, and simpler than the node does it (docs/matching.md): the same words whatever their marks and order. What
// slips through here is found at the merge, where the node looks at everybody again. Pure.
import { nameKey } from "../lib/scan.ts";

type Text = string | null;
export interface Names {
  holders: [Text, number | null][]; // name and year of birth, in the order of the snapshot
  bans: [string, number, number | null, string, string[]][]; // number, until, year of birth, name, aliases
  expected: [string, Text, Text][]; // plate, goods, host, in the order of the snapshot
}
export interface Hit {
  number: string;
  name: string;
  born: number;
  why: string[]; // words of match.why
}
interface Entry extends Hit {
  until: number;
}
export interface Named {
  names: Names;
  bans: Map<string, Entry[]>;
  common: Map<string, number>; // how many of those carried have a name
}

export function open(names: Names): Named {
  const n: Named = { names, bans: new Map(), common: new Map() };
  for (const [number, until, born, name, aliases] of names.bans) {
    for (const one of new Set([name, ...aliases].map(nameKey).filter(Boolean))) {
      n.bans.set(one, [...(n.bans.get(one) ?? []), { number, until, born: born ?? 0, name, why: [] }]);
    }
  }
  if (n.bans.size) {
    for (const [name] of names.holders) {
      const key = nameKey(name ?? "");
      if (n.bans.has(key)) {
        n.common.set(key, (n.common.get(key) ?? 0) + 1);
      }
    }
  }
  return n;
}

// A name alone asks only if it is rare: hardly anybody else who is carried has it. mine: he is one of them himself.
export function byName(n: Named, who: { name: string; born: number }, mine: boolean, now: number): Hit[] {
  const key = nameKey(who.name);
  return (n.bans.get(key) ?? [])
    .filter((e) => e.until > now)
    .flatMap(({ until: _, ...e }) => {
      if (who.born && e.born) {
        const off = Math.abs(who.born - e.born);
        return off > 1 ? [] : [{ ...e, why: ["name_same", off ? "year_near" : "year_same"] }];
      }
      const others = (n.common.get(key) ?? 0) - (mine ? 1 : 0);
      return others > 0 ? [] : [{ ...e, why: ["name_same", "year_unknown", "rare"] }];
    });
}
