// SPDX-License-Identifier: Apache-2.0
// What the API sends about accounts: sessions, the second factor, changes of rights that somebody else confirms.
export interface HeldRole {
  id: string;
  role: string;
  site: string;
  from: number; // ms, 0 = at once
  until: number; // ms, 0 = no end
  reason: string | null;
  origin: string; // of a delegated one: the assignment it comes from; "" granted
  given_by: string | null; // who delegated it
}
export interface SessionRow {
  id: string;
  since: string | null;
  seen: string;
  expires: string;
  address: string;
  device: string;
  current: boolean;
}
export interface FactorSeed {
  seed: string;
  uri: string;
  qr: string; // lines of 0 and 1 with "/" between
}
export interface PermissionChange {
  id: string;
  what: string; // kind of the event
  subject: string; // what the event was about
  user: string | null;
  name: string | null;
  detail: string | null; // where what is ours goes
  role: string | null;
  site: string | null;
  clearance: number | null;
  from: string | null;
  until: string | null;
  reason: string | null;
  by: string;
  by_name: string | null;
  also_by: string | null; // who proposed it
  also_by_name: string | null;
  at: string;
  confirm_by: string;
  late: boolean;
  state: "open" | "confirmed";
  confirmed_by: string | null;
  confirmed_by_name: string | null;
  confirmed_at: string | null;
}
export interface DeviceAccount {
  id: string;
  kind: "gate" | "phone";
  name: string;
  agency: string;
  role: string;
  site: string;
  place: string | null;
  expires: string;
  state: "active" | "revoked";
  device: string | null; // what it calls itself
  fingerprint: string | null; // of its key; null: not bound yet
  bound_at: string | null;
  code_until: string | null;
  last_seen: string | null;
  made_at: string;
}
export interface DeviceCode {
  id: string;
  code: string;
  code_until: string;
  qr: string;
}
export interface AccountResources {
  "permission-changes": PermissionChange;
  "device-accounts": DeviceAccount;
}
export const ACCOUNT_NAMES = ["permission-changes", "device-accounts"] as const;
