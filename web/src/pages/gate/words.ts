// SPDX-License-Identifier: Apache-2.0
// What the gate says, in words.
import type { Reason, Say } from "../../api/gate.ts";
import { t } from "../../lib/i18n.ts";

export const reasonText = (r: Reason): string => t(`gate.reason.${r.code}`, { detail: r.detail ?? "" });
export const reasonsText = (list: Reason[] | null): string => (list ?? []).map(reasonText).join("; ");

// "51A12345", as a camera reads it, as it is printed; anything else as it is.
export const plateText = (key: string): string =>
  key.replace(/^(\d{2}[A-Z][A-Z0-9]?)(\d{3})(\d{2})$/, "$1-$2.$3").replace(/^(\d{2}[A-Z])(\d{4})$/, "$1-$2");
const PASSING = ["unknown", "expected"]; // classes that the node gives to vehicles that came once
export const classText = (c: string | null | undefined): string =>
  c && PASSING.includes(c) ? t(`ui.pass.class.${c}`) : (c ?? "");

export const SHAPE = { green: "normal", ask: "attention", stop: "act" } as const;
export const sayText = (say: Say): string => t(`ui.pass.say.${say}`);

// Why somebody is let through against advice, or turned away with nothing against him: what guards really say.
const PASS = ["checked", "ordered", "fetched", "known_badge", "escorted"];
const REFUSE = ["not_the_person", "no_paper", "behaviour", "goods", "changed_mind"];
export const whys = (act: "pass" | "refuse"): string[] =>
  (act === "pass" ? PASS : REFUSE).map((w) => t(`ui.pass.why.${w}`));
