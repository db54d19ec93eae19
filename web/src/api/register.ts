// SPDX-License-Identifier: Apache-2.0
// What the API sends about the register: sites in full, the official list, dossiers, laws, administrative units.
// Days are texts: 2026-11-22.
export type Verdict = "missing" | "stale" | "unverified" | "good";

export interface SiteRegister {
  place: string | null;
  place_name: string | null;
  place_to: string | null;
  field: string | null;
  ground: string | null;
  asset_class: string | null;
  part_of: string | null;
  part_of_name: string | null;
  host_unit: string | null;
}
export interface PostRegister {
  overlooks: string[] | null;
  special: boolean;
}
export interface Fixture {
  id: string;
  site: string;
  kind: string;
  name: string;
  zone: string | null;
  zone_name: string | null;
  note: string | null;
  agency_name: string | null;
  state: string;
}
export interface SiteList {
  id: string;
  number: string;
  dated: string;
  valid_from: string;
  valid_to: string | null;
  authority: string;
  title: string | null;
  kind: string;
  review_due: string | null;
  review_ref: string | null;
  review_late: boolean;
  reviewed_on: string | null;
  entries_n: number;
}
export interface SiteListEntry {
  id: string;
  list: string;
  site: string;
  rank: number;
  code: string;
  name: string;
  ground: string | null;
  field: string | null;
  number: string;
  dated: string;
  valid_from: string;
  valid_to: string | null;
}
export interface SiteCase {
  id: string;
  kind: string;
  site: string | null;
  name: string;
  received: string;
  due: string | null;
  ref: string | null;
  note: string | null;
  state: "open" | "closed";
  late: boolean;
  outcome: string | null;
  closed_on: string | null;
  reason: string | null;
}
export interface Statement {
  id: string;
  site: string;
  agency_name: string | null;
  heading: string;
  text: string;
  source_kind: string;
  source: string;
  as_of: string;
  secrecy: string;
  until: string | null;
  remind_at: string | null;
  state: "current" | "superseded" | "withdrawn";
  reason: string | null;
  stated_at: string;
  stated_by: string | null;
  stated_by_name: string | null;
  verified_at: string | null;
  verified_by_name: string | null;
}
export interface DossierItem {
  item: string;
  part: "record" | "heading";
  state: Verdict;
  n: number;
  as_of?: string;
  stale_on?: string;
}
export interface DossierScore {
  site: string;
  score: number;
  items: DossierItem[];
}
export interface LawRef {
  id: string;
  kind: string;
  number: string | null;
  title_vi: string;
  title_en: string | null;
  about: string;
  issued: string | null;
  valid_from: string | null;
  valid_to: string | null;
  replaced_by: string | null;
  replaced_by_title: string | null;
  certainty: string;
  note: string | null;
  origin: string;
}
export interface LawArticle {
  id: string;
  act: string;
  number: string | null;
  heading: string;
  text: string | null;
  valid_from: string | null;
  valid_to: string | null;
  certainty: string;
  note: string | null;
  rank: number;
}
export interface LawTerm {
  id: string;
  code: string;
  value: number;
  unit: string;
  ref: string;
  valid_from: string | null;
  valid_to: string | null;
  certainty: string;
  note: string | null;
}
export interface PlaceEdition {
  id: string;
  title: string;
  as_of: string;
  digest: string;
  units: number;
  added: number;
  changed: number;
  ended: number;
  origin: string;
  at: string;
}
export interface PlaceToday {
  id: string;
  code: string;
  name: string;
  parent_name: string | null;
}
export interface PlaceHit extends PlaceToday {
  level: number;
  valid_from: string | null;
  valid_to: string | null;
  exact: boolean;
  today: PlaceToday[];
}
export interface RegisterResources {
  fixtures: Fixture;
  "site-lists": SiteList;
  "site-list-entries": SiteListEntry;
  "site-cases": SiteCase;
  statements: Statement;
  "law-refs": LawRef;
  "law-articles": LawArticle;
  "law-terms": LawTerm;
  "place-editions": PlaceEdition;
}
export const REGISTER_NAMES = [
  "fixtures",
  "site-lists",
  "site-list-entries",
  "site-cases",
  "statements",
  "law-refs",
  "law-articles",
  "law-terms",
  "place-editions",
] as const;
