// SPDX-License-Identifier: Apache-2.0
// What the API sends about posture: the levels there are, and what was declared.
export interface PostureLevel {
  id: string;
  rank: number;
  two: boolean;
  valid_from: string;
  name_vi: string;
  name_en: string;
  about_vi: string | null;
  about_en: string | null;
  origin: string;
  ref: string | null;
}
export interface Posture {
  id: string;
  site: string; // "": every site of the node
  site_name: string | null;
  level: string;
  rank: number;
  event: string | null;
  reason: string;
  starts: string;
  ends: string;
  state: "planned" | "in_force" | "stepped_down" | "over";
  prolonged: number;
  declared_at: string;
  declared_by_name: string | null;
  ended_at: string | null;
  ended_by_name: string | null;
  ended_reason: string | null;
}
export interface PostureResources {
  postures: Posture;
  "posture-levels": PostureLevel;
}
export const POSTURE_NAMES = ["postures", "posture-levels"] as const;
