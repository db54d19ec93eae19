// SPDX-License-Identifier: Apache-2.0
// What the API sends about evacuations: each, and everybody of whom it is to be known where he is.
export interface Muster {
  id: string;
  site: string;
  site_name: string | null;
  area: string | null;
  area_name: string | null;
  kind: "real" | "drill";
  reason: string;
  state: "open" | "ended";
  declared_at: string;
  declared_by_name: string | null;
  ended_at: string | null;
  ended_by_name: string | null;
  ended_reason: string | null;
  unknown: number;
  safe: number;
  unsafe: number;
  not_here: number;
  excluded: number;
}
export type MusterState = "unknown" | "safe" | "unsafe" | "not_here" | "excluded";
export interface MusterPerson {
  id: string;
  site: string;
  muster: string;
  holder: string | null;
  name: string | null;
  more: string | null;
  kind: string;
  origin: "listed" | "tapped" | "added";
  key: string | null;
  area_name: string | null;
  point_name: string | null;
  seen_at: string | null;
  left_at: string | null;
  state: MusterState;
  state_at: string | null;
  state_point_name: string | null;
  state_by_name: string | null;
  state_why: string | null;
  after_end: boolean;
  marks: number;
}
export interface MusterResources {
  musters: Muster;
  "muster-people": MusterPerson;
}
export const MUSTER_NAMES = ["musters", "muster-people"] as const;
