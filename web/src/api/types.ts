// SPDX-License-Identifier: Apache-2.0
// What the API sends, as the console uses it. Times are RFC 3339 texts with offset. Members the console
// does not read are left out; nothing here adds to what the server says.
import type { Element, Frame } from "../lib/plan.ts";
import type { AccountResources, HeldRole } from "./accounts.ts";
import type { CoordResources } from "./coord.ts";
import type { GateWorkResources } from "./gatework.ts";
import type { MusterResources } from "./muster.ts";
import type { PostureResources } from "./posture.ts";
import type { GateResources } from "./gate.ts";
import type { LinkRow, NoticeRule, NoticeTest } from "./notices.ts";
import type { DocumentResources } from "./documents.ts";
import type { PrivacyResources } from "./privacy.ts";

import type { PostRegister, RegisterResources, SiteRegister } from "./register.ts";
import type { PeopleResources } from "./people-types.ts";
import type { RuleResources } from "./rule-types.ts";
import type { SecondResources } from "./second.ts";
import type { VisitResources } from "./visits.ts";

export type Level = "low" | "medium" | "high" | "critical";
export type Disposition =
  "real" | "test" | "false_device" | "false_person" | "duplicate" | "unknown";

export interface Site extends SiteRegister {
  id: string;
  code: string;
  name: string;
  kind: string;
  agency: string | null;
  agency_name: string | null;
  address: string | null;
  key_site: boolean;
  decision: string | null;
}
export interface Post extends PostRegister {
  id: string;
  site: string;
  name: string;
  central: boolean;
  sector: string | null;
  orders: string | null;
}
export interface Zone {
  id: string;
  site: string;
  name: string;
  class: string;
  arm_state: "armed" | "disarmed";
  alarm_state: "normal" | "alarm" | "trouble";
  alarm_kind: string | null;
  alarm_since: string | null;
  bypass_until: string | null;
  bypass_owner: string | null;
  bypass_owner_name: string | null;
  bypass_reason: string | null;
  last_signal_at: string | null;
  last_signal_kind: string | null;
}
export interface Gate {
  id: string;
  site: string;
  name: string;
  kind: string;
}
export interface Contact {
  id: string;
  site: string;
  name: string;
  role: string | null;
  phone: string | null;
  agency: string | null;
}
export type SourceState = "never" | "alive" | "unproven" | "silent" | "disabled";
export interface Source {
  id: string;
  site: string;
  site_name: string | null;
  name: string;
  proto: string;
  address: string;
  zone: string | null;
  zone_name: string | null;
  kind: string | null;
  deadline_s: number | null;
  encrypted: boolean;
  peers?: string | null;
  certificate?: string | null;
  image_days?: number;
  agency: string;
  told_in_alerts: boolean;
  authenticated: boolean;
  disabled: boolean;
  disabled_until?: string | null;
  disabled_reason?: string | null;
  disabled_by_name?: string | null;
  state: SourceState;
  state_since: string | null;
  last_seen: string | null;
  last_peer: string | null;
  skew_ms: number | null;
  clock_off_ms: number | null;
  signals_n: number;
  polls_n: number;
  points_n: number;
}
export interface SourcePoint {
  id: string;
  source: string;
  area: string | null;
  point: string;
  zone: string | null;
  zone_name: string | null;
  kind: string | null;
}
export interface WaitingSource {
  id: string;
  proto: string;
  address: string;
  peer: string | null;
  first_seen: string;
  last_seen: string;
  count: number;
  last_text: string | null;
  state: "waiting" | "accepted" | "dismissed";
}
export interface Drawing {
  id: string;
  site: string;
  name: string;
  floor: string | null;
  level: number;
  frame: Frame;
  version: number;
  picture_width: number | null;
  picture_height: number | null;
  digest: string | null;
}
export interface DrawingLayer {
  id: string;
  drawing: string;
  site: string;
  version: number;
  n: number;
  elements: Element[];
  saved_at: string | null;
  saved_by: string | null;
  saved_by_name: string | null;
  note: string | null;
}
// One drawing whole, as GET /drawings/{id}/plan gives it.
export interface Plan {
  id: string;
  site: string;
  name: string;
  floor: string | null;
  level: number;
  frame: Frame;
  elements: Element[];
  version: number;
  saved_at: string | null;
  saved_by_name: string;
  note: string;
}
export interface ZoneLink {
  id: string;
  site: string;
  drawing: string;
  drawing_b: string | null; // of a stair or a lift: the other floor
  element: string;
  kind: string;
  zone_a: string;
  zone_a_name: string | null;
  zone_b: string;
  zone_b_name: string | null;
}
export interface SitePosition {
  id: string;
  lat: number | null;
  lon: number | null;
}
export type Shape =
  { type: "polygon"; points: [number, number][] } | { type: "point"; x: number; y: number };
// What of a drawing has a live state or a name (made here, of the layers).
export interface Mark {
  id: string;
  drawing: string;
  object_kind: "zone" | "post" | "gate" | "source" | "camera" | "store" | "assembly" | "patrol_point" | "checkpoint" | "stair" | "lift" | "note";
  object: string | null;
  label: string | null;
  shape: Shape;
}
export interface Evidence {
  name: string;
  kind: string;
  verb: string;
  at: string;
  source?: string; // this to authenticated: left out where the source's owner does not tell them there
  source_name?: string;
  site_name?: string; // of an alert across sites
  zone?: string; // alerts of older versions have only its name
  zone_name: string | null;
  text?: string;
  code?: string;
  authenticated?: boolean;
}
export interface Alert {
  id: string;
  number: string;
  site: string;
  site_name: string | null;
  zone: string | null;
  zone_name: string | null;
  rule: string;
  rule_version: string;
  title_vi: string;
  title_en: string;
  level: Level;
  state: "open" | "acknowledged" | "closed";
  situation: string | null;
  raised_at: string;
  last_at: string;
  count: number;
  evidence: Evidence[];
  explain_vi: string | null;
  explain_en: string | null;
  evidence_n: number;
  closed_at: string | null;
  cleared_at: string | null;
  amended_at: string | null;
  absorbed_into: string | null;
  absorbed_number: string | null;
  bypassed: boolean;
  cancel_vi: string | null;
  cancel_en: string | null;
  record_n: number;
  record_false: number;
  disposition: Disposition | null;
  ack_by_name: string | null;
  ack_at: string | null;
  note: string | null;
  incident: string | null;
  incident_number: string | null;
  test: boolean;
  life: boolean; // cites a sign of danger to life
}
export interface Storm {
  id: string;
  site: string;
  site_name: string | null;
  state: "on" | "over";
  began_at: string;
  ended_at: string | null;
  last_at: string; // of the newest alert
  n: number; // in the ten minutes up to it
  peak: number;
  total: number;
}
export interface Rule {
  id: string;
  title_vi: string;
  title_en: string;
  level: Level;
  version: string;
  situation: string | null;
  sentence_vi: string | null;
  sentence_en: string | null;
  state: string;
  file: string | null;
  record_n: number;
  record_false: number;
}
export interface Situation {
  id: string;
  title_vi: string;
  title_en: string;
  group: string;
  law: string | null;
}
export interface Incident {
  id: string;
  number: string;
  site: string;
  site_name: string | null;
  agency: string;
  situation: string | null;
  situation_vi: string | null;
  situation_en: string | null;
  title: string | null;
  level: Level;
  state: "open" | "closed";
  opened_at: string;
  opened_by_name: string | null;
  first_sign_at: string | null;
  first_sign: string | null;
  found_by: string | null;
  surprise: boolean | null;
  harm: string | null;
  summary: string | null;
  closed_at: string | null;
  closed_by_name: string | null;
  alerts_n: number;
  tasks_open_n: number;
  owner_name: string | null;
}
export interface LogEntry {
  id: string;
  incident: string;
  at: string;
  by_name: string | null;
  kind: string;
  text: string | null;
  data: unknown;
}
export interface Task {
  id: string;
  incident: string;
  title: string;
  assignee: string | null;
  state: "open" | "done" | "cancelled";
  overdue: boolean;
  due_at: string | null;
  done_at: string | null;
  done_by_name: string | null;
}
export interface User {
  id: string;
  login: string;
  name: string;
  agency: string | null;
  agency_name: string | null;
  roles: HeldRole[];
  disabled: boolean;
  last_login: string | null;
  factor_at: string | null;
  recovery_left: number | null;
}
export interface Agency {
  id: string;
  code: string;
  name: string;
  custodian: boolean;
  state: "active" | "closed";
}
export interface Token {
  id: string;
  name: string;
  agency: string | null;
  role: string;
  site: string | null;
  expires: string;
  state: "active" | "revoked";
  made_at: string;
}
export interface JournalEvent {
  id: string;
  log?: number; // the place in the journal: told to the custodian's people only
  seq?: number;
  kind: string;
  site: string | null;
  subject: string | null;
  actor: string | null;
  at: string;
  received: string | null;
  captured: string | null;
  world: number;
  purpose: number | string | null;
  urgency: "info" | "attention" | "act" | null;
  body: Record<string, unknown> | null;
  hash?: string;
}
export interface Verification {
  at: string | null;
  ok: boolean;
  running?: boolean;
  events?: number; // how much and where: the custodian's people only
  seals?: number;
  logs?: number;
  bad?: { log: number; seq: number; why: string } | null;
  heads: { log: number; site: string | null; seq: number }[];
}
export interface Session {
  user: {
    id: string;
    name: string;
    login: string;
    agency: string | null;
    roles: { role: string; site: string | null }[];
    factor: boolean;
  };
  csrf: string;
  lang?: string;
  world: number; // 0: real, else the number of a drill
  permissions: string[];
  expires: string;
}
export interface ChecklistItem {
  code: string;
  kind: "yes_no" | "number" | "text" | "choice" | "photo" | "signature";
  text_vi: string;
  text_en: string;
  section_vi?: string;
  section_en?: string;
  law?: string;
  unit?: string;
  unit_en?: string;
  min?: string;
  max?: string;
  level: Level;
  optional: boolean;
  finding?: "no" | "yes" | "never";
  choices?: { code: string; text_vi: string; text_en: string; finding: boolean }[];
  applies?: string;
  applies_vi?: string;
  applies_en?: string;
}
export interface ChecklistTemplate {
  id: string;
  code: string;
  version: number;
  agency: string;
  title_vi: string;
  title_en: string;
  kind: string;
  place: "site" | "post";
  signs: number;
  within_s: number;
  state: "active" | "retired";
  at: string;
  spec: { law: string[]; items: ChecklistItem[] };
}
export interface Checklist {
  id: string;
  number: string;
  template: string;
  title_vi: string;
  title_en: string;
  kind: string;
  signs: number;
  site: string;
  site_name: string | null;
  post: string | null;
  post_name: string | null;
  subject: string | null;
  state: "open" | "signed" | "closed" | "cancelled";
  started_at: string;
  started_by_name: string | null;
  due_at: string | null;
  overdue: boolean;
  skipped: string[];
  items_n: number;
  answered_n: number;
  findings_n: number;
  first_by: string | null;
  first_by_name: string | null;
  first_at: string | null;
  first_note: string | null;
  second_by_name: string | null;
  second_at: string | null;
  second_note: string | null;
  reason: string | null;
}
export interface ChecklistAnswer {
  id: string;
  checklist: string;
  item: string;
  value: string;
  note: string | null;
  by_name: string | null;
  answered_at: string;
}
export interface Deadline {
  id: string;
  kind: string;
  subject: string;
  site: string;
  due: string;
}
// Before the log-in only the first four.
export interface Node {
  name: string;
  server_time: string;
  demo: boolean;
  logged_in: boolean;
  version?: string;
  profile?: string;
  boot?: string;
  started?: string;
  health?: {
    ready: boolean;
    disk_full: boolean;
    queue_depth?: number;
    sync_ms?: number;
    wal_bytes?: number;
    verify?: { at: string | null; ok: boolean; events: number } | null;
  };
}
export interface Page<T> {
  items: T[];
  total?: number;
  next: string | null;
}
export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  field?: string;
  key?: string;
  reference?: string;
}

export interface Resources
  extends RegisterResources,
    PeopleResources,
    RuleResources,
    CoordResources,
    SecondResources,
    AccountResources,
    DocumentResources,
    PrivacyResources,
    GateWorkResources,
    MusterResources,
    PostureResources,
    VisitResources,
    GateResources {
  sites: Site;
  posts: Post;
  zones: Zone;
  gates: Gate;
  contacts: Contact;
  sources: Source;
  "source-points": SourcePoint;
  "waiting-sources": WaitingSource;
  drawings: Drawing;
  "drawing-layers": DrawingLayer;
  "zone-links": ZoneLink;
  "site-positions": SitePosition;
  alerts: Alert;
  "alert-storms": Storm;
  rules: Rule;
  situations: Situation;
  incidents: Incident;
  "incident-log": LogEntry;
  tasks: Task;
  "checklist-templates": ChecklistTemplate;
  checklists: Checklist;
  "checklist-answers": ChecklistAnswer;
  deadlines: Deadline;
  users: User;
  agencies: Agency;
  tokens: Token;
  links: LinkRow;
  "notice-rules": NoticeRule;
  "notice-tests": NoticeTest;
  events: JournalEvent;
}
export type ResourceName = keyof Resources;
