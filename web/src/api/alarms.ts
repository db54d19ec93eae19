// SPDX-License-Identifier: Apache-2.0
// What the API says of alarms as a whole: performance, records of rules, the budget, what is usual.
import type { Level } from "./types.ts";

export interface Standard {
  code: string; // alarm.flood
  value: number;
  unit: string;
  ref: string;
  certainty: string;
}
// Absent where nobody has judged anything.
export interface Share {
  judged: number;
  share_false?: number;
  low?: number;
  high?: number;
}
export interface Actor extends Share {
  id: string;
  title: string | null;
  title_en: string | null;
  site: string | null;
  site_name: string | null;
  n: number;
  share: number;
  chattering: number;
  fleeting: number;
  real: number;
  false: number;
}
export type ActorKind = "sources" | "rules" | "sites";
export interface Performance {
  from: string;
  to: string;
  standards: Standard[];
  now: { at: string; last_10_min: number; flood: boolean; standing: number; stale: number };
  load: {
    slots: number;
    alarms: number;
    max: number;
    median: number;
    p90: number;
    p99: number;
    mean: number;
    flood_share: number;
    busy_share: number;
    flood_slots: number;
    distribution: number[]; // slots with 0, 1, 2 … alarms
    floods: number;
    last_floods: { from: string; to: string; alarms: number; peak: number }[];
  };
  total: Share & { n: number; chattering: number; fleeting: number; real: number; false: number };
  fleeting_signs: number;
  levels: { level: Level; n: number; share: number }[];
  sources: Actor[];
  rules: Actor[];
  sites: Actor[];
  days: { day: string; n: number; false: number }[];
}
export interface RuleRecord extends Share {
  rule: string;
  version: string;
  site: string;
  site_name: string;
  title_vi: string;
  title_en: string;
  in_force: boolean;
  n: number;
  real: number;
  false: number;
  false_device: number;
  false_person: number;
  test: number;
  duplicate: number;
  unknown: number;
  unsaid: number;
}
export interface Measured extends Share {
  accepted?: number;
  alarms: number;
  measured: number;
  days: number;
  zones: number;
  expected?: number;
  chance?: number;
  verdict?: "unknown" | "within" | "near" | "over";
  arl0_hours?: number | null;
}
export interface Budget extends Measured {
  site: string;
  set_at?: string;
  set_by_name?: string;
  sites: (Measured & { site: string; site_name: string })[];
}
export interface Usual {
  zone: string;
  zone_name: string;
  site_name: string;
  kind: string;
  weeks: number;
  n: number;
  silent: boolean;
  an_hour?: number;
  busy_hour?: number; // of the week, 0 = Monday 00:00
  busy_usual?: number;
  threshold?: number;
  expected_a_month?: number;
  peak?: { from: string; n: number; usual: number; chance: number; every_weeks: number };
}
export interface Thresholds {
  weeks_needed: number;
  window_min: number;
  streams: number;
  accepted?: number;
  items: Usual[];
}
