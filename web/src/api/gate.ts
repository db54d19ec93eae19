// SPDX-License-Identifier: Apache-2.0
// What the API sends about the gate: areas and points, holders and badges, passages and who is inside.
export type Way = "in" | "out";
export type Say = "green" | "ask" | "stop";
export interface Reason {
  say: Say;
  code: string;
  detail?: string;
}
export interface GateArea {
  id: string;
  site: string;
  site_name: string;
  name: string;
  parent: string | null;
  parent_name: string | null;
  passback: "none" | "soft" | "hard";
  again_min: number | null;
  most: number | null;
  alone_s: number | null;
  airlock: boolean;
  state: string;
}
export interface GatePoint {
  id: string;
  site: string;
  site_name: string;
  name: string;
  gate: string | null;
  gate_name: string | null;
  outer: string | null;
  outer_name: string | null;
  inner: string;
  inner_name: string;
  ways: "both" | Way;
  lane: "person" | "vehicle" | "both";
  source: string | null;
  reader: string | null;
  auto: "none" | "records";
  state: string;
}
export interface GateListed {
  id: string;
  area: string;
  area_name: string;
  list: string;
  holder: string;
  name: string | null;
}
export interface GateHolder {
  id: string;
  site: string;
  kind: string;
  class: string | null;
  name: string | null;
  company: string | null;
  doc_kind: string | null;
  doc_last: string | null;
  valid_until: string | null;
  inside_area: string | null;
  inside_name: string | null;
  inside_since: string | null;
  last: { at: number; way: Way | null; point: string | null } | null; // at: ms
  state: string;
  changed_at: string;
}
export interface Badge {
  id: string;
  code: string;
  kind: string;
  holder: string;
  name: string | null;
  site: string;
  valid_until: string | null;
  state: string;
  reason: string | null;
  issued_at: string;
  ended_at: string | null;
}
export interface Passage {
  id: string;
  site: string;
  kind: string;
  moved: string;
  told: string | null;
  received: string;
  way: Way | null;
  point: string | null;
  point_name: string | null;
  to: string | null;
  to_name: string | null;
  holder: string;
  holder_kind: string;
  name: string | null;
  advice: Say;
  reasons: Reason[] | null;
  why: string | null;
  decided_by_name: string | null;
  source: string | null;
  source_name: string | null;
  flags: number;
  purpose: string | null;
}
// What a look-up answers: the newest first, and whether there are more.
export interface LookedPassages {
  id: string;
  items: Pick<Passage, "id" | "site" | "kind" | "moved" | "way" | "point" | "point_name" | "to_name" | "flags">[];
  more: boolean;
}
export interface GateLookup {
  id: string;
  at: string;
  holder: string;
  holder_name: string | null;
  site: string;
  purpose: string;
  note: string | null;
  incident: string | null;
  incident_number: string | null;
  looked_by: string;
  looked_by_name: string | null;
  many: boolean;
  agency: string;
}
export interface Refusal {
  id: string;
  site: string;
  at: string;
  way: Way;
  point: string;
  point_name: string | null;
  holder: string | null;
  name: string | null;
  advice: Say;
  reasons: Reason[] | null;
  why: string | null;
  decided_by_name: string | null;
  source: string | null;
  source_name: string | null;
}
export interface GateRule {
  id: string;
  site: string;
  name: string;
  condition: string;
  say: "ask" | "stop";
  state: string;
}
export interface PassageImport {
  id: string;
  site: string;
  source: string;
  rows: number;
  state: string;
  at: string;
}
export interface Inside {
  total: number;
  areas: { area: string; name: string; most: number | null; kind: string | null; inside: number }[];
}
// A vehicle whose plate it is, or may be.
export interface PlateKnown {
  match: "same" | "maybe";
  plate: string;
  holder: string;
  expected: string;
  class: string;
  inside: boolean;
  until: string | null;
  starts: string | null;
  goods: string;
  host: string;
}
// What a point's own device told.
export interface Arrival {
  id: string;
  site: string;
  point: string;
  point_name: string | null;
  captured: string;
  received: string;
  read_as: "read" | "granted" | "denied";
  shown: string;
  way: Way | null;
  holder: string | null;
  name: string | null;
  holder_kind: string | null;
  class: string | null;
  advice: Say;
  reasons: Reason[] | null;
  maybe: string | null;
  expected: string | null;
  starts: string | null;
  ends: string | null;
  goods: string | null;
  host: string | null;
  state: "waiting" | "passed" | "refused";
  decided: string | null;
}
// What the node says about somebody at a point.
export interface Asked {
  say: Say;
  reasons: Reason[];
  asked?: string;
  plate?: string;
  plates?: PlateKnown[];
  holder?: string;
  kind?: string;
  class?: string;
  name?: string;
  company?: string;
  doc_kind?: string;
  doc_last?: string;
  bans?: {
    id: string;
    number: string;
    reason: string;
    name: string;
    born: number;
    doc_kind: string;
    doc_last: string;
    score: number;
    why: string[];
  }[];
}
// Let through by a terminal that could not ask the ban list, and found in it afterwards.
export interface Miss {
  id: string;
  site: string;
  at: string;
  moved: string | null;
  way: Way | null;
  point_name: string | null;
  holder: string;
  name: string | null;
  ban_numbers: string[];
  state: "open" | "settled";
  outcome: string | null;
  why: string | null;
  settled_by_name: string | null;
  settled_at: string | null;
}
export interface GateResources {
  "gate-areas": GateArea;
  "gate-points": GatePoint;
  "gate-lists": GateListed;
  "gate-holders": GateHolder;
  badges: Badge;
  passages: Passage;
  refusals: Refusal;
  arrivals: Arrival;
  "gate-rules": GateRule;
  "passage-imports": PassageImport;
  "gate-misses": Miss;
  "gate-lookups": GateLookup;
}
export const GATE_NAMES = [
  "gate-areas",
  "gate-points",
  "gate-lists",
  "gate-holders",
  "badges",
  "passages",
  "refusals",
  "arrivals",
  "gate-rules",
  "passage-imports",
  "gate-misses",
  "gate-lookups",
] as const;
