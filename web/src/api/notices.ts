// SPDX-License-Identifier: Apache-2.0
// Links to the outside and who is told over them, as the API gives them.
export interface LinkRow {
  id: string;
  site: string;
  site_name: string;
  kind: string;
  name: string;
  address: string;
  login: string;
  options: Record<string, unknown>;
  has_secret: boolean;
  enabled: boolean;
  state: "new" | "up" | "down";
  state_since: string;
  problem: string;
}
export interface NoticeRule {
  id: string;
  site: string; // "" = every site
  site_name: string;
  name: string;
  link: string;
  link_name: string;
  role: string; // "" = the link's own recipient
  min_rank: number;
  after_s: number;
  repeat_s: number;
  repeat_max: number;
  quiet_from: number; // minutes of the day; -1 = never quiet
  quiet_to: number;
}
export interface NoticeAddress {
  id: string;
  user: string;
  kind: "smtp" | "sms";
  value: string;
}
export interface NoticeTest {
  id: string; // of the link
  site: string;
  every_s: number;
  state: "new" | "waiting" | "passed" | "failed";
  last_at: string;
}
export interface Waiting {
  link: string;
  name: string;
  kind: string;
  count: number;
  oldest: string | null;
  attempts: number;
}
