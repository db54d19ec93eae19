// SPDX-License-Identifier: Apache-2.0
// The gate with the node at hand: every answer is the node's.
import { get, post, query } from "../../api/client.ts";
import type { Asked, GateHolder, Passage } from "../../api/gate.ts";
import type { Page } from "../../api/types.ts";
import type { Ban, Decision, Found, Keeper, Shown, Standing, Where, Who } from "../../lib/gatekeeper.ts";
import { word } from "../../lib/i18n.ts";

const FOUND_MAX = 6;
interface Hits {
  groups: { resource: string; items: { id: string; title: string; subtitle?: string; site?: string }[] }[];
}

function whoOf(a: Asked): Who | null {
  return a.holder
    ? {
        holder: a.holder,
        kind: a.kind ?? "",
        class: a.class ?? "",
        name: a.name || null,
        company: a.company ?? "",
        doc: docOf(a.doc_kind, a.doc_last),
      }
    : null;
}

const docOf = (kind?: string, last?: string): string => (kind && last ? `${word("ui.pass.doc", kind)} ···${last}` : "");
const bansOf = (a: Asked): Ban[] =>
  (a.bans ?? []).map(({ number, name, born, doc_kind, doc_last, reason, why }) => ({
    number,
    name,
    born,
    doc: docOf(doc_kind, doc_last),
    reason,
    why,
  }));

async function whereOf(d: Decision): Promise<Where | undefined> {
  if (!d.who) {
    return undefined;
  }
  const [h, p] = await Promise.all([
    get<GateHolder>(`/gate-holders/${d.who.holder}`),
    get<Page<Passage>>(`/passages${query({ holder: d.who.holder, limit: 1 })}`),
  ]);
  const last = p.items[0];
  return {
    area: h.inside_name,
    since: h.inside_since,
    last: last ? { at: last.moved, point: last.point_name ?? "", way: last.way } : null,
  };
}

export async function found(text: string, site: string): Promise<Found[]> {
  const hits = await get<Hits>(`/search${query({ q: text, limit: FOUND_MAX, resource: "gate-holders" })}`);
  return hits.groups
    .flatMap((g) => g.items)
    .filter((i) => !i.site || i.site === site)
    .map((i) => ({ holder: i.id, title: i.title, sub: i.subtitle ?? "" }));
}

export function onlineKeeper(at: Standing): Keeper {
  const to = (act: string, shown: Shown, why?: string) =>
    post<Asked>(`/gate-points/${at.point}/${act}`, { way: at.way, ...shown, ...(why && { why }) });
  return {
    ask: async (shown) => {
      const a = await to("ask", shown);
      return { shown, say: a.say, reasons: a.reasons, who: whoOf(a), bans: bansOf(a) };
    },
    where: whereOf,
    find: (text) => found(text, at.site),
    pass: async (d, why) => void (await to("pass", d.shown, why)),
    refuse: async (d, why) => void (await to("refuse", d.shown, why)),
  };
}
