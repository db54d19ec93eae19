// SPDX-License-Identifier: Apache-2.0
// What waits for this person's approval: the server tries it, so it is asked again whenever a request changes, and
// now and then.
import { computed, effect, signal } from "@preact/signals";
import { get } from "../api/client.ts";
import { may, session } from "./session.ts";
import { onRow } from "./store.ts";

const AGAIN_MS = 120_000;
const SOON_MS = 200; // several rows of one act are one question

export const mineToDecide = signal<ReadonlySet<string>>(new Set());
export const secondCount = computed(() => mineToDecide.value.size);

// Whose right it may be at all to be a second person.
export const maySecond = (): boolean =>
  may("accounts.edit") || may("sites.bypass") || may("rules.approve");

export async function readMine(): Promise<void> {
  try {
    const { items } = await get<{ items: { id: string }[] }>("/second/waiting");
    mineToDecide.value = new Set(items.map((i) => i.id));
  } catch {
    // What is on the screen stands until the next answer; a lost link is said elsewhere.
  }
}

export function startSecond(): void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  onRow((name) => {
    if (name === "second-requests" && maySecond()) {
      clearTimeout(soon);
      soon = setTimeout(() => void readMine(), SOON_MS);
    }
  });
  effect(() => {
    if (!session.value || !maySecond()) {
      mineToDecide.value = new Set();
      return undefined;
    }
    void readMine();
    const timer = setInterval(() => void readMine(), AGAIN_MS);
    return () => clearInterval(timer);
  });
}
