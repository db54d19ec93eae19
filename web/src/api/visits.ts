// SPDX-License-Identifier: Apache-2.0
// Visits, their guests and what has to be agreed; the ban list.
export interface Visit {
  id: string;
  site: string;
  site_name: string | null;
  kind: string;
  purpose: string;
  host_user: string | null;
  host_name: string | null;
  office: string | null;
  starts: string;
  ends: string;
  areas: string[];
  escort: boolean;
  guests: number;
  release_at: string | null;
  released_at: string | null;
  state: "planned" | "approved" | "refused" | "arrived" | "left" | "cancelled" | "missed";
  overdue_at: string | null;
  reason: string | null;
  planned_by_name: string | null;
  changed_at: string;
}
export interface VisitGuest {
  id: string;
  visit: string;
  holder: string | null;
  name: string | null;
  company: string | null;
  doc_kind: string | null;
  doc_last: string | null;
  state: "expected" | "arrived" | "left" | "removed" | "forgotten";
  invite_until: string | null;
  told_at: string | null;
  told_lang: "vi" | "en" | null;
  rules_n: number;
  notice_n: number;
  arrived_at: string | null;
  left_at: string | null;
  at: string;
}
export interface VisitStep {
  id: string;
  visit: string;
  area_name: string | null;
  need: string;
  named_name: string | null;
  state: "pending" | "approved" | "refused";
  decided_by_name: string | null;
  decided_at: string | null;
  reason: string | null;
}
export interface VisitApproval {
  id: string;
  site: string;
  area: string | null;
  area_name: string | null;
  need: string;
  named_name: string | null;
}
export interface VisitSetting {
  id: string;
  site: string;
  closing_min: number | null;
  host_most: number | null;
  escort_s: number | null;
  certificates: boolean;
}
export interface VisitRules {
  id: string;
  site: string;
  n: number;
  text_vi: string;
  text_en: string;
  at: string;
}
export interface Ban {
  id: string;
  site: string | null;
  site_name: string | null;
  number: string;
  reason: string;
  incident: string | null;
  incident_number: string | null;
  document: string | null;
  expires: string;
  review_due: string;
  review_late: boolean;
  reviews: number;
  state: "proposed" | "in_force" | "refused" | "ended" | "expired" | "forgotten";
  proposed_by: string | null;
  proposed_by_name: string | null;
  proposed_at: string;
  decided_by_name: string | null;
  decided_at: string | null;
  why: string | null;
  ended_at: string | null;
}
export interface BanPerson {
  name: string;
  aliases: string[];
  born: number;
  doc_kind: string;
  doc_last: string;
}
export interface BanReview {
  id: string;
  entry: string;
  outcome: "keep" | "end";
  why: string;
  next_due: string | null;
  by_name: string | null;
  at: string;
}
export interface ReadCard {
  name: string;
  born: number;
  doc_kind?: string;
  doc_number: string;
  hints: string[];
}
export interface VisitResources {
  visits: Visit;
  "visit-guests": VisitGuest;
  "visit-steps": VisitStep;
  "visit-approvals": VisitApproval;
  "visit-settings": VisitSetting;
  "visit-rules": VisitRules;
  bans: Ban;
  "ban-reviews": BanReview;
}
export const VISIT_NAMES = [
  "visits",
  "visit-guests",
  "visit-steps",
  "visit-approvals",
  "visit-settings",
  "visit-rules",
  "bans",
  "ban-reviews",
] as const;
