// SPDX-License-Identifier: Apache-2.0
// What an element stands for and is called: its own label, else the name of the thing.
import { word } from "../../lib/i18n.ts";
import { KINDS, type Element, type Kind } from "../../lib/plan.ts";
import { one, rows } from "../../store/store.ts";

export interface Thing {
  id: string;
  site: string;
  name: string;
  kind?: string | null;
}

export function thingOf(kind: Kind, object: string | null | undefined): Thing | undefined {
  for (const of of KINDS[kind].of ?? []) {
    const found = one(of, object);
    if (found) {
      return found;
    }
  }
  return undefined;
}

// What of a site an element of this kind can stand for.
export function thingsFor(kind: Kind, site: string): Thing[] {
  return (KINDS[kind].of ?? [])
    .flatMap((of) =>
      (rows(of) as Thing[]).filter((x) => x.site === site && (of !== "fixtures" || x.kind === kind)),
    )
    .sort((a, b) => a.name.localeCompare(b.name, "vi"));
}

export const nameOf = (e: Element): string => e.label || thingOf(e.kind, e.object)?.name || "";

export const titleOf = (e: Element): string =>
  [word("ui.draw.kind", e.kind), nameOf(e)].filter(Boolean).join(": ");

// Names that elements of this kind have on any floor of the site.
export const namesOn = (kind: Kind, site: string): string[] =>
  [
    ...new Set(
      rows("drawing-layers")
        .filter((l) => l.site === site)
        .flatMap((l) => l.elements.filter((e) => e.kind === kind && e.label).map((e) => e.label!)),
    ),
  ].sort((a, b) => a.localeCompare(b, "vi"));
