// SPDX-License-Identifier: Apache-2.0
// Papers, what was decided of them, the registers of what was sent and received, correspondents.
export interface Paper {
  id: string;
  agency: string;
  agency_name: string | null;
  site: string | null;
  site_name: string | null;
  number: string;
  dated: string;
  subject: string;
  kind: string;
  compartment: string;
  secrecy: number;
  until: string | null;
  term_ref: string | null;
  remind_at: string | null;
  reminded: boolean;
  origin: string | null;
  file_name: string | null;
  file_bytes: number | null;
  file_hash: string | null;
  changed_at: string;
}
export interface PaperDecision {
  id: string;
  document: string;
  what: "raise" | "lower" | "declassify" | "prolong";
  before: string;
  after: string;
  reason: string;
  late: boolean;
  by_name: string | null;
  decided_at: string;
}
export interface PaperSending {
  id: string;
  number: string;
  sent_at: string;
  document: string;
  doc_number: string;
  secrecy: number;
  subject: string;
  to_name: string;
  receiver: string;
  way: string;
  by_name: string | null;
  receipt_number: string | null;
  receipt_by: string | null;
  receipt_at: string | null;
  receipted_at: string | null;
}
export interface PaperReceiving {
  id: string;
  number: string;
  received_at: string;
  document: string;
  doc_number: string;
  secrecy: number;
  subject: string;
  from_name: string;
  receiver: string;
  by_name: string | null;
}
export interface Correspondent {
  id: string;
  agency: string;
  name: string;
  fingerprint: string;
  state: "active" | "retired";
  reason: string | null;
  added_at: string;
}
export interface OwnCard {
  card: Record<string, unknown>;
  fingerprint: string;
}
export interface DocumentResources {
  documents: Paper;
  "document-decisions": PaperDecision;
  "document-sendings": PaperSending;
  "document-receivings": PaperReceiving;
  correspondents: Correspondent;
}
export const DOCUMENT_NAMES = [
  "documents",
  "document-decisions",
  "document-sendings",
  "document-receivings",
  "correspondents",
] as const;
