// SPDX-License-Identifier: Apache-2.0
// What the API sends about acts that wait for a second person.
export type SecondState = "waiting" | "approved" | "refused" | "withdrawn" | "expired";

export interface SecondRequest {
  id: string;
  command: string;
  args: Record<string, string | number | boolean | null>;
  site: string;
  asker: string;
  asker_name: string | null;
  state: SecondState;
  asked_at: string;
  expires: string;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: string | null;
  reason: string | null;
}
export interface SecondResources {
  "second-requests": SecondRequest;
}
