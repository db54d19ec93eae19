// SPDX-License-Identifier: Apache-2.0
// How many agreed deadlines have passed: asked now and then, for the number beside their page. The page itself
// reads the list and says what it saw.
import { effect, signal } from "@preact/signals";
import { get } from "../api/client.ts";
import { may, session } from "./session.ts";

const AGAIN_MS = 120_000;

export const lateCount = signal(0);

function ask(): void {
  get<{ overdue: number }>("/due").then(
    (d) => {
      lateCount.value = d.overdue;
    },
    () => {
      // The number stands until the next answer; a lost link is said elsewhere.
    },
  );
}

export function startLate(): void {
  effect(() => {
    const who = session.value;
    if (!who || !may("sites.read")) {
      lateCount.value = 0;
      return undefined;
    }
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => clearInterval(timer);
  });
}
