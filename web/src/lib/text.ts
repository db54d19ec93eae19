// SPDX-License-Identifier: Apache-2.0
// Folding for search: case, tone marks and đ do not matter. Words within a sentence, numbers and CSV. Pure.
export const inSentence = (words: string): string =>
  words.slice(0, 1).toLocaleLowerCase() + words.slice(1);

export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/đ/g, "d")
    .replace(/Đ/g, "D")
    .toLowerCase();
}

// Every word of the query must begin a word of the text, or stand in it; higher is better, 0 is no match.
export function score(queryText: string, text: string): number {
  const hay = fold(text);
  let total = 0;
  for (const word of fold(queryText).split(/\s+/).filter(Boolean)) {
    const at = hay.indexOf(word);
    if (at < 0) {
      return 0;
    }
    total += at === 0 ? 4 : /[\s\-–/,.(]/.test(hay[at - 1]!) ? 3 : 1;
  }
  return total || 1;
}

export function number(n: number, lang: string): string {
  return n.toLocaleString(lang === "vi" ? "vi-VN" : "en-GB");
}

// An event's name: "2-86", or of a partner a long one that says nothing, of which the beginning is shown.
export const eventName = (name: string): string =>
  name.includes("-") || name.length < 10 ? name : `${name.slice(0, 5)}…`;

// RFC 4180 with a BOM for spreadsheets; a cell that could run as a formula is quoted by an apostrophe.
export function csv(head: string[], body: (string | number | null | undefined)[][]): string {
  const cell = (v: string | number | null | undefined) => {
    let s = v === null || v === undefined ? "" : String(v);
    if (typeof v === "string" && /^[=+\-@\t\r]/.test(s)) {
      s = `'${s}`;
    }
    return /[",\n\r]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s;
  };
  return "\ufeff" + [head, ...body].map((r) => r.map(cell).join(",")).join("\r\n") + "\r\n";
}

// {n} stands for a value; {n?person|people} for the first of the two when it is 1.
export type Args = Record<string, string | number>;
export const fill = (text: string, args: Args): string =>
  text.replace(/\{(\w+)(?:\?(.*?)\|(.*?))?\}/g, (whole, name: string, one?: string, more?: string) =>
    !(name in args) ? whole : String(more === undefined ? args[name] : args[name] === 1 ? one : more),
  );
