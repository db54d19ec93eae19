// SPDX-License-Identifier: Apache-2.0
// What the API sends about how tight the gates are (authorised tests, reconciliation), and about vehicles and goods.
export interface GateTest {
  id: string;
  site: string;
  site_name: string | null;
  point: string | null;
  point_name: string | null;
  kind: string;
  what: string;
  tester: string;
  starts: string;
  ends: string;
  planned_by_name: string | null;
  state: "planned" | "caught" | "not_caught" | "not_done";
  done_at: string | null;
  passage: string | null;
  passage_at: string | null; // null: none was named, or it may not be seen
  passage_way: "in" | "out" | null;
  stopped: boolean; // it was a refusal
  note: string | null;
}
export interface GateFinding {
  id: string;
  site: string;
  point_name: string | null;
  kind: string;
  what: string;
  note: string | null;
  done_at: string;
}
export interface ExpectedVehicle {
  id: string;
  site: string;
  site_name: string | null;
  plate: string | null;
  driver: string | null;
  starts: string;
  ends: string;
  goods: string | null;
  host: string | null;
  state: "expected" | "arrived" | "cancelled";
  reason: string | null;
}
export interface VehicleStay {
  id: string;
  site: string;
  plate: string | null;
  class: string | null;
  since: string;
  due_at: string;
  state: "in_time" | "over";
}
export interface VehicleLimit {
  id: string;
  site: string;
  class: string;
  max_min: number;
}
export interface VehicleCheck {
  id: string;
  site: string;
  at: string;
  point_name: string | null;
  plate: string | null;
  suspicion: string;
  under: boolean;
  boot: boolean;
  result: "clear" | "found";
  note: string | null;
  by_name: string | null;
}
export interface GoodsMove {
  id: string;
  site: string;
  at: string;
  point_name: string | null;
  way: "in" | "out";
  what: string;
  quantity: string | null;
  paper: string | null;
  owner: string | null;
  plate: string | null;
  advice: "green" | "ask";
  why: string | null;
  by_name: string | null;
}
export interface Presence {
  id: string; // the holder
  site: string;
  area_name: string | null;
  kind: string;
  name: string | null;
  since: string;
  point_name: string | null;
}
export interface GateWorkResources {
  "gate-tests": GateTest;
  "gate-findings": GateFinding;
  "expected-vehicles": ExpectedVehicle;
  "vehicle-stays": VehicleStay;
  "vehicle-limits": VehicleLimit;
  "vehicle-checks": VehicleCheck;
  "goods-movements": GoodsMove;
  presence: Presence;
}
export const GATE_WORK_NAMES = [
  "gate-tests",
  "gate-findings",
  "expected-vehicles",
  "vehicle-stays",
  "vehicle-limits",
  "vehicle-checks",
  "goods-movements",
  "presence",
] as const;

// GET /gate-figures
export interface DayFigures {
  day: string;
  point: string;
  name: string;
  in: number;
  out: number;
  against: number;
  unsaid: number;
  unentered: number;
  again: number;
  skipped: number;
  elsewhere: number;
}
export interface PointFigures {
  point: string;
  name: string;
  busiest: number;
  gap_half_s?: number;
  gap_tenth_s?: number;
}
export interface ServiceFigures {
  point: string;
  name: string;
  band: "morning" | "afternoon" | "night";
  n: number;
  half_ms?: number; // none where too few were answered
  ninety_ms?: number;
  queue_n: number; // whom a device told of: until the guard looked
  queue_half_ms?: number;
  queue_ninety_ms?: number;
  busiest: number; // passages in five minutes
  busiest_at: string | null;
}
// Let through without what the advice wanted done first, of all that guards let through.
export interface CheckFigures {
  point: string;
  name: string;
  band: "morning" | "afternoon" | "night";
  n: number;
  without: number;
  low: number;
  high: number;
  rules: number;
  certificate: number;
  pass: number;
  escort: number;
}
export interface TestFigures {
  point: string;
  name: string;
  band: "morning" | "afternoon" | "night";
  n: number;
  caught: number;
  low: number;
  high: number;
}
export interface Unmatched {
  holder: string;
  name: string;
  kind: string;
  area_name?: string;
  point_name?: string;
  at: string;
}
export interface GateFigures {
  from: string;
  points: PointFigures[];
  service: ServiceFigures[];
  checks: CheckFigures[];
  days: DayFigures[];
  tests: TestFigures[];
  inside: Unmatched[];
  unentered: Unmatched[];
}
// POST /gate-points/{id}/plate
export interface PlateLook {
  plate: string;
  read_at: string | null;
  say: "green" | "ask";
  why: "known" | "maybe" | "unknown";
  candidates: {
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
  }[];
}
