// SPDX-License-Identifier: Apache-2.0
// Small judgements on what the gate was told. Pure.
import type { Decision } from "./gatekeeper.ts";

// What is to be done before he may pass, where nothing else is in the way: one key does it.
const STEPS = { rules_unread: "tell", pass_out: "take_back" } as const;
export type Step = (typeof STEPS)[keyof typeof STEPS];
export function stepOf(d: Decision): Step | null {
  const codes = d.reasons.filter((r) => r.say !== "green").map((r) => r.code);
  return codes.length === 1 && codes[0]! in STEPS ? STEPS[codes[0] as keyof typeof STEPS] : null;
}

// How likely it is that he is the one of the entry, in percent: of the people who come, as many as ident/match.h reckons
// with, one is. Never certain: a person compares.
const VISITORS = 50_000;
export const likely = (score: number): number => Math.min(99, Math.round(100 / (1 + VISITORS / 2 ** score)));
