// SPDX-License-Identifier: Apache-2.0
// When something is due, as people sort it: late, today, within seven days, later. Days are Viet Nam's.
export type DueGroup = "overdue" | "today" | "week" | "later";
export const DUE_GROUPS: DueGroup[] = ["overdue", "today", "week", "later"];

const DAY_MS = 86_400_000;
const OFFSET_MS = 7 * 3_600_000;
const dayOf = (ms: number): number => Math.floor((ms + OFFSET_MS) / DAY_MS);

export function dueGroup(dueMs: number, nowMs: number): DueGroup {
  if (dueMs < nowMs) {
    return "overdue";
  }
  const days = dayOf(dueMs) - dayOf(nowMs);
  return days === 0 ? "today" : days < 7 ? "week" : "later";
}
