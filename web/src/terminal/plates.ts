// SPDX-License-Identifier: Apache-2.0
// Number plates as the node reads them (ident/plate.c), by the file it reads them by (data/plates.txt): a key to match by,
// the key with characters that cameras confuse made equal, and whether a text looks like a plate at all. Pure.
import { fold } from "../lib/text.ts";

export interface Forms {
  like: Map<string, string>; // a character: the first of those it is confused with
  patterns: RegExp;
}

const BLANK = /[ \-._/:"']/g;

export function readForms(file: string): Forms {
  const like = new Map<string, string>();
  const stands = new Map([["#", "[0-9]"], ["+", "[1-9]"], ["-", ""], [".", ""]]);
  const patterns: string[] = [];
  for (const line of file.split("\n").filter((l) => l && !l.startsWith("#"))) {
    const [kind, a = "", letters = ""] = line.split(" ");
    if (kind === "set") {
      stands.set(a, `[${letters}]`);
    } else if (kind === "alike") {
      [...a].forEach((c) => like.set(c, a[0]!));
    } else {
      patterns.push([...a].map((c) => stands.get(c) ?? c).join(""));
    }
  }
  return { like, patterns: new RegExp(`^(${patterns.join("|")})$`) };
}

// Capitals and digits; null: no plate has such characters, or so many.
export function plateKey(text: string): string | null {
  const key = fold(text).replace(BLANK, "").toUpperCase();
  return /^[A-Z0-9]{1,15}$/.test(key) ? key : null;
}
export const looseKey = (f: Forms, key: string): string => [...key].map((c) => f.like.get(c) ?? c).join("");
export const looksLikePlate = (f: Forms, key: string): boolean => f.patterns.test(key);
