// SPDX-License-Identifier: Apache-2.0
// What a reader typed, as far as the gate has to tell it apart: the QR code or the machine readable zone of a citizen's
// card, a number by hand, or anything else. It fills a form and proves nothing; the node reads the same text more
// strictly (ident/id_card.h). Pure.
import { fold } from "./text.ts";

export interface Scan {
  number: string;
  name: string; // "": the scan does not tell
  born: number; // year; 0: not told
  card: boolean; // false: a number by hand
}

const MRZ_LINE = 30;
const NUMBER = /^(\d{9}|\d{12}|[A-Z]\d{7,8})$/;

function ofQr(text: string): Scan | null {
  const f = text.split("|");
  const [number, name, born] = [f[0]!.trim(), (f[2] ?? "").trim(), f[3] ?? ""];
  return f.length >= 6 && /^\d{9,12}$/.test(number)
    ? { number, name, born: Number(/^\d{4}(\d{4})$/.exec(born.trim())?.[1] ?? 0), card: true }
    : null;
}

// The year of two digits is of this century if that lies not ahead.
function ofMrz(text: string, year: number): Scan | null {
  const all = text.replace(/\s/g, "").toUpperCase();
  if (all.length !== 3 * MRZ_LINE || !/^I[A-Z<]VNM[A-Z0-9<]+$/.test(all)) {
    return null;
  }
  const number = all.slice(15, 27);
  const two = Number(all.slice(30, 32));
  const name = all.slice(60).replace(/<+$/, "").split("<").filter(Boolean).join(" ");
  return /^\d{12}$/.test(number) ? { number, name, born: two + (2000 + two > year ? 1900 : 2000), card: true } : null;
}

// null: not a paper.
export function readScan(text: string, year: number): Scan | null {
  const t = text.trim();
  return t.includes("|") ? ofQr(t) : t.length >= 3 * MRZ_LINE ? ofMrz(t, year) : null;
}

// Of a number typed by hand: it may as well be a badge's.
export const numberOf = (text: string): string | null => {
  const t = text.replace(/[\s.]/g, "").toUpperCase();
  return NUMBER.test(t) ? t : null;
};

// The code of a card, or a machine readable zone, by its looks: if it does not read as one, it came damaged or is of a
// paper that is not read here. A badge's number looks like neither.
const ZONE_LENGTHS = [30, 36, 44];
export function looksScanned(text: string): boolean {
  const lines = text.trim().split(/\s*\n\s*/);
  return (
    text.includes("|") ||
    text.includes("<<") ||
    lines.some((l) => ZONE_LENGTHS.includes(l.length) && /^[A-Z0-9<]*<[A-Z0-9<]*$/.test(l))
  );
}

// Somebody who is not known, as what was typed of him fills his form: a scan, the number of a paper, or a name.
export interface Written {
  name: string;
  born: number;
  doc_kind: string;
  doc_number: string;
}
export function writtenOf(text: string, year: number): Written {
  const scan = readScan(text, year);
  if (scan) {
    return { name: scan.name, born: scan.born, doc_kind: "id_card", doc_number: scan.number };
  }
  return /\d/.test(text)
    ? { name: "", born: 0, doc_kind: "", doc_number: text.trim() }
    : { name: text.trim(), born: 0, doc_kind: "", doc_number: "" };
}

// A reader of the zone ends each of its three lines with Enter.
export const isMrzLine = (text: string): boolean => /^[A-Z0-9<]{30}$/i.test(text) && (/^I[A-Z<]VNM/i.test(text) || text.includes("<"));

// Whom a name may name whatever its marks and the order of its words; women's Thị is often left out.
export const nameKey = (name: string): string =>
  fold(name)
    .split(/[^a-z]+/)
    .filter((w) => w && w !== "thi")
    .sort()
    .join(" ");
