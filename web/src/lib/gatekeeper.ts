// SPDX-License-Identifier: Apache-2.0
// A gate as its terminal sees it: who stands there, what is advised, what the guard does. There are two of them with one
// face: the node (pages/gate/online.ts) and, without a connection, the last snapshot and a queue (terminal/terminal.ts).
import type { Reason, Say, Way } from "../api/gate.ts";
import { t } from "./i18n.ts";
import { readScan } from "./scan.ts";

export interface Shown {
  badge?: string;
  holder?: string;
  paper?: string; // as a reader typed it, or its number by hand
  plate?: string;
}
// An entry of the ban list that this may be.
export interface Ban {
  number: string;
  name: string; // "": not known here
  born: number;
  doc: string;
  reason: string; // code
  score?: number; // bits, as ident/match.h has it
  why: string[];
}
export interface Who {
  holder: string;
  kind: string;
  class: string;
  name: string | null; // null: not known here
  company: string;
  doc: string; // kind and last four
}
export interface Where {
  area: string | null; // by record; null: outside
  since: string | null;
  last: { at: string; point: string; way: Way | null } | null;
}
export type Tongue = "vi" | "en";
// What he is to know before he is let in, in both languages; version 0: the site has none.
export interface Telling {
  guest: string;
  lang: Tongue; // the one he reads
  rules: Record<Tongue, string>;
  rules_n: number;
  notice: Record<Tongue, string>;
  notice_n: number;
  contact: string;
}
// What else is to be seen to with a visitor: what his card contradicts, what he was not told yet, the pass in his hands.
export interface Errand {
  hints: string[]; // of the number on his card
  rules?: Telling; // not told yet
  pass?: { id: string; code: string } | null; // null: none; absent: nothing to be given or taken back
}
export interface Decision {
  shown: Shown;
  say: Say;
  reasons: Reason[];
  who: Who | null;
  bans: Ban[];
  where?: Where;
  errand?: Errand; // absent: not known yet
  asked?: string; // when the node was asked, by its clock
}
export interface Found {
  holder: string;
  title: string;
  sub: string;
  shown?: Shown; // to be asked about in its place
}
export interface Keeper {
  unknownPasses?: boolean; // whom it does not know it may let through all the same: a person finds out later
  ask(shown: Shown): Promise<Decision>;
  where(d: Decision): Promise<Where | undefined>;
  errand?(d: Decision): Promise<Errand>; // only with the node at hand
  find(text: string): Promise<Found[]>;
  pass(d: Decision, why?: string): Promise<void>;
  refuse(d: Decision, why?: string): Promise<void>;
}
export interface Standing {
  site: string;
  point: string;
  way: Way;
}

// What the paper says of somebody who is not known; never its whole number.
export function nameShown(d: Decision): string {
  const { badge, plate, paper = "" } = d.shown;
  const scan = readScan(paper, new Date().getFullYear());
  return scan?.name || (paper ? `···${(scan?.number ?? paper).trim().slice(-4)}` : (badge ?? plate ?? t("ui.pass.unnamed")));
}

// A scanner or fingers: what they typed is a code as it is, but for blanks around it. A plate that a camera may have taken
// for another is looked for as well.
const UNSURE = ["badge_unknown", "plate_maybe"];
export const isUnknown = (d: Decision): boolean =>
  !d.who?.holder && d.reasons.length > 0 && d.reasons.every((r) => UNSURE.includes(r.code));

export const mustSayWhy = (d: Decision, act: "pass" | "refuse"): boolean =>
  act === "pass" ? d.say !== "green" : d.say === "green";

// Flags of a passage that contradicts what was before it (solve/passage.h).
export const FLAGS = ["again", "unentered", "skipped", "elsewhere", "unseen", "twice"] as const;
export const flagsOf = (flags: number): string[] => FLAGS.filter((_, i) => flags & (1 << i));
