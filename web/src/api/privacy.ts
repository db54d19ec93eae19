// SPDX-License-Identifier: Apache-2.0
// What the API sends about personal data: one's own agency's registers, and the defaults that come with the program.
export interface Processing {
  id: string;
  agency: string;
  name: string;
  purpose: string;
  ground: string;
  ref: string;
  data: string[];
  people: string[];
  recipients: string;
  retention: string;
  started: string;
  due: string | null;
  due_ref: string | null;
  late: boolean;
  assessed_on: string | null;
  assessment: string | null;
  state: "active" | "ended";
  ended_on: string | null;
  reason: string | null;
}
export interface RetentionClass {
  id: string;
  name_vi: string;
  name_en: string;
  days: number;
  about_vi: string;
  about_en: string;
  enforced: boolean;
  fixed: boolean;
  how_vi: string | null;
  how_en: string | null;
  origin: "ours" | "law";
  ref: string | null;
  rank: number;
}
export interface RetentionChoice {
  id: string;
  class: string;
  days: number;
  ref: string | null;
  reason: string;
  chosen_at: string;
}
export interface SubjectRequest {
  id: string;
  number: string;
  kind: string;
  site: string | null;
  site_name: string | null;
  name: string | null;
  contact: string | null;
  wish: string | null;
  opened_by: string | null;
  received_at: string;
  ack_due: string | null;
  ack_ref: string | null;
  acknowledged_at: string | null;
  due: string | null;
  ref: string | null;
  extended_until: string | null;
  extend_reason: string | null;
  state: "open" | "answered" | "refused" | "withdrawn";
  closed_at: string | null;
  reason: string | null;
  forgotten: boolean;
}
export interface Breach {
  id: string;
  number: string;
  site: string | null;
  site_name: string | null;
  found_at: string;
  what: string;
  data: string[];
  people: string[];
  about_count: number | null;
  measures: string | null;
  due: string | null;
  ref: string | null;
  late: boolean;
  notified_at: string | null;
  state: "open" | "partial" | "notified" | "closed";
  closed_at: string | null;
  reason: string | null;
}
export interface BreachNotice {
  id: string;
  breach: string;
  n: number;
  sent_at: string;
  recipient: string;
  reference: string;
  complete: boolean;
  late_reason: string | null;
}
export interface VisitorNotice {
  id: string;
  agency: string;
  agency_name: string | null;
  site: string;
  site_name: string | null;
  n: number;
  text_vi: string;
  text_en: string;
  contact: string;
  days: number | null;
  state: "draft" | "confirmed" | "replaced";
  drafted_at: string;
  confirmed_at: string | null;
}
// A confirmed one as whoever keeps the gate reads it.
export interface PostedNotice {
  id: string;
  site: string;
  n: number;
  text_vi: string;
  text_en: string;
  contact: string;
  state: "posted" | "replaced";
  posted_at: string;
}
export interface NoticeText {
  id: string;
  text_vi: string;
  text_en: string;
}
export interface PrivacyResources {
  "processing-activities": Processing;
  "retention-classes": RetentionClass;
  "retention-choices": RetentionChoice;
  "subject-requests": SubjectRequest;
  breaches: Breach;
  "breach-notices": BreachNotice;
  "visitor-notices": VisitorNotice;
  "notice-texts": NoticeText;
}
export const PRIVACY_NAMES = [
  "processing-activities",
  "retention-classes",
  "retention-choices",
  "subject-requests",
  "breaches",
  "breach-notices",
  "visitor-notices",
  "notice-texts",
] as const;
