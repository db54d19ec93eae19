// SPDX-License-Identifier: Apache-2.0
// The gate with the node at hand: every answer is the node's.
import { get, post, query } from "../../api/client.ts";
import type { Asked, GateHolder, PlateKnown } from "../../api/gate.ts";
import type { Ban, Decision, Found, Keeper, Shown, Standing, Where, Who } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { minute } from "../../lib/time.ts";
import { errandOf } from "./errand.ts";
import { classText, plateText } from "./words.ts";

const FOUND_MAX = 6;
interface Hits {
  groups: { resource: string; items: { id: string; title: string; subtitle?: string; site?: string }[] }[];
}

// Of one that is expected: when, what it brings, who receives it.
const errand = (k: PlateKnown | undefined): string =>
  k
    ? [
        k.starts && k.until && `${minute(k.starts)}–${minute(k.until)}`,
        k.goods && t("ui.pass.goods_are", { goods: k.goods }),
        k.host && t("ui.pass.received_by", { host: k.host }),
      ]
        .filter(Boolean)
        .join(" · ")
    : "";
const expectedOf = (a: Asked) => a.plates?.find((k) => k.match === "same" && k.expected);

// A plate stands for a vehicle that has no record yet.
function whoOf(a: Asked): Who | null {
  const more = errand(expectedOf(a));
  if (!a.holder && a.plate) {
    return { holder: "", kind: "vehicle", class: "", name: expectedOf(a)?.plate ?? plateText(a.plate), company: more, doc: "" };
  }
  return a.holder
    ? {
        holder: a.holder,
        kind: a.kind ?? "",
        class: classText(a.class),
        name: a.name || null,
        company: [a.company, more].filter(Boolean).join(" · "),
        doc: docOf(a.doc_kind, a.doc_last),
      }
    : null;
}

const docOf = (kind?: string, last?: string): string => (kind && last ? `${word("ui.pass.doc", kind)} ···${last}` : "");
const bansOf = (a: Asked): Ban[] =>
  (a.bans ?? []).map(({ number, name, born, doc_kind, doc_last, reason, score, why }) => ({
    number,
    name,
    born,
    doc: docOf(doc_kind, doc_last),
    reason,
    score,
    why,
  }));

async function whereOf(d: Decision): Promise<Where | undefined> {
  if (!d.who) {
    return undefined;
  }
  if (!d.who.holder) {
    return { area: null, since: null, last: null };
  }
  const h = await get<GateHolder>(`/gate-holders/${d.who.holder}`);
  return {
    area: h.inside_name,
    since: h.inside_since,
    last: h.last ? { at: new Date(h.last.at).toISOString(), point: h.last.point ?? "", way: h.last.way } : null,
  };
}

export async function found(text: string, site: string): Promise<Found[]> {
  const hits = await get<Hits>(`/search${query({ q: text, limit: FOUND_MAX, resource: "gate-holders" })}`);
  return hits.groups
    .flatMap((g) => g.items)
    .filter((i) => !i.site || i.site === site)
    .map((i) => ({ holder: i.id, title: i.title, sub: i.subtitle ?? "" }));
}

const maybeOf = (k: PlateKnown): Found => ({
  holder: k.holder,
  title: k.plate,
  sub: [t("ui.pass.maybe"), classText(k.class), errand(k)].filter(Boolean).join(" · "),
  shown: k.holder ? undefined : { plate: k.plate },
});

export function onlineKeeper(at: Standing): Keeper {
  let last: Asked | null = null;
  const to = (act: string, shown: Shown, more = {}) =>
    post<Asked>(`/gate-points/${at.point}/${act}`, { way: at.way, ...shown, ...more });
  const decide = async (act: string, d: Decision, why?: string) =>
    void (await to(act, d.shown, { ...(why && { why }), ...(d.asked && { asked: d.asked }) }));
  return {
    ask: async (shown) => {
      const a = await to("ask", shown);
      last = a;
      return { shown, say: a.say, reasons: a.reasons, who: whoOf(a), bans: bansOf(a), asked: a.asked };
    },
    where: whereOf,
    errand: (d) => errandOf(d, at),
    find: async (text) =>
      last?.plate
        ? [
            ...(last.plates ?? []).map(maybeOf),
            { holder: "", title: plateText(last.plate), sub: t("ui.pass.plate_as_read"), shown: { plate: last.plate } },
          ]
        : found(text, at.site),
    pass: (d, why) => decide("pass", d, why),
    refuse: (d, why) => decide("refuse", d, why),
  };
}
