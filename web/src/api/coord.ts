// SPDX-License-Identifier: Apache-2.0
// What the API sends about coordination: regulations (one's own copy), what they open, and offered capabilities.
export type RegulationState = "draft" | "offered" | "in_force" | "ended";
export type PartyState = "asked" | "proposed" | "agreed" | "withdrawn";

export interface PartyOf {
  party: string;
  name: string;
  state: PartyState;
  mine: number;
  proposed_by: string | null;
  contact: string | null;
  phone: string | null;
  reason: string | null;
}
export interface Regulation {
  id: string;
  number: string;
  title: string;
  note: string | null;
  agency: string;
  holder: string;
  holder_name: string | null;
  state: RegulationState;
  valid_from: string;
  valid_until: string;
  review_due: string;
  signed: string | null; // the paper signed by hand, if there is one
  signer: string | null;
  paper_number: string | null;
  review_late: boolean;
  reviewed_at: string | null;
  in_force_at: string | null;
  ended_at: string | null;
  parties: PartyOf[];
}
export interface RegulationParty {
  id: string;
  regulation: string;
  party: string;
  party_name: string | null;
  state: PartyState;
  agreed_at: string | null;
  withdrawn_at: string | null;
  reason: string | null;
  contact: string | null;
  phone: string | null;
  answered_at: string | null;
}
export interface Clause {
  id: string;
  regulation: string;
  n: number;
  giver: string;
  giver_name: string | null;
  taker: string;
  taker_name: string | null;
  view: string | null; // the name it speaks by
  compartment: string;
  site: string;
  site_name: string | null;
  sites: { site: string; name: string | null }[]; // several: all of them
  ceiling: number;
  condition: "always" | "incident" | "period" | "posture";
  situation: string | null;
  minutes: number;
  starts: string | null;
  ends: string | null;
  posture: string | null;
  event: string | null;
}
export interface Opening {
  id: string;
  giver: string;
  giver_name: string | null;
  taker: string;
  taker_name: string | null;
  mine: boolean;
  compartment: string;
  site: string;
  site_name: string | null;
  incident: string;
  incident_number: string;
  posture: string | null;
  posture_level: string | null;
  event: string | null;
  opened_at: string;
  until: string;
  sealed_at: string | null;
  sealed_why: "incident_closed" | "posture_over" | "withdrawn" | "giver" | "time" | "term" | null;
  reason: string | null;
}
export interface Capability {
  id: string;
  agency: string;
  agency_name: string | null;
  site: string;
  site_name: string | null;
  kind: string;
  class: string;
  groups: number;
  minutes: number;
  until: string;
  state: "offered" | "ended";
}
export interface CoordResources {
  regulations: Regulation;
  "regulation-parties": RegulationParty;
  clauses: Clause;
  openings: Opening;
  capabilities: Capability;
}
export const COORD_NAMES = ["regulations", "regulation-parties", "clauses", "openings", "capabilities"] as const;
