// SPDX-License-Identifier: Apache-2.0
// What is being drawn, kept in this browser against a lost link, a crash, a closed window: for one user and one
// drawing, until it is saved or given up, or the user logs out (a drawing is no news for the next one at the desk).
import type { Doc } from "../lib/plan.ts";

export interface Head {
  name: string;
  floor: string;
  level: number;
}
export interface PlanDraft {
  version: number; // what it began from
  base: Doc;
  doc: Doc;
  head: Head;
  at: number;
}

const PREFIX = "vg.plan.";
const keyOf = (user: string, drawing: string): string => `${PREFIX}${user}.${drawing}`;

export function readDraft(user: string, drawing: string): PlanDraft | null {
  try {
    const d = JSON.parse(localStorage.getItem(keyOf(user, drawing)) ?? "null") as PlanDraft | null;
    return d && Array.isArray(d.doc?.elements) && Array.isArray(d.base?.elements) ? d : null;
  } catch {
    return null;
  }
}

// False when the browser keeps nothing (full, forbidden): that is said on the screen.
export function keepDraft(user: string, drawing: string, d: PlanDraft): boolean {
  try {
    localStorage.setItem(keyOf(user, drawing), JSON.stringify(d));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(user: string, drawing: string): void {
  try {
    localStorage.removeItem(keyOf(user, drawing));
  } catch {
    // Nothing was kept.
  }
}

export function dropDrafts(): void {
  try {
    Object.keys(localStorage)
      .filter((k) => k.startsWith(PREFIX))
      .forEach((k) => localStorage.removeItem(k));
  } catch {
    // Nothing was kept.
  }
}
