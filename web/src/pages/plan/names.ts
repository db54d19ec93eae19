// SPDX-License-Identifier: Apache-2.0
// What an element is called: its own label, else the thing it stands for.
import { word } from "../../lib/i18n.ts";
import { KINDS, type Element } from "../../lib/plan.ts";
import { one } from "../../store/store.ts";

export function nameOf(e: Element): string {
  const of = KINDS[e.kind].of;
  return e.label || (of && one(of, e.object)?.name) || "";
}

export const titleOf = (e: Element): string =>
  [word("ui.draw.kind", e.kind), nameOf(e)].filter(Boolean).join(": ");
