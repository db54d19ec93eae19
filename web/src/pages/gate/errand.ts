// SPDX-License-Identifier: Apache-2.0
// What the gate sees to with a visitor, as the node has it: the house rules and the privacy notice he is told, the pass he is given and gives
// back, what the number of his card does not agree with.
import { get, post, query } from "../../api/client.ts";
import type { Badge } from "../../api/gate.ts";
import type { PostedNotice } from "../../api/privacy.ts";
import type { Page } from "../../api/types.ts";
import type { ReadCard, Visit, VisitGuest, VisitRules } from "../../api/visits.ts";
import type { Decision, Errand, Standing, Telling } from "../../lib/gatekeeper.ts";
import { readScan } from "../../lib/scan.ts";
import { ms } from "../../lib/time.ts";
import { lang } from "../../store/prefs.ts";
import { may, now } from "../../store/session.ts";

const HINTS = ["sex", "year"]; // a name without marks is the reader's doing

async function hintsOf(d: Decision): Promise<string[]> {
  const text = d.shown.paper ?? "";
  if (!readScan(text, new Date().getFullYear())) {
    return [];
  }
  const card = await post<ReadCard>("/visits/read-card", { text });
  return card.hints.filter((h) => HINTS.includes(h));
}

// The one of his visits that the node looks at: the one under way or about to be.
async function guestOf(holder: string): Promise<VisitGuest | undefined> {
  const { items } = await get<Page<VisitGuest>>(`/visit-guests${query({ holder, limit: 50 })}`);
  const guests = items.filter((g) => ["expected", "arrived", "left"].includes(g.state));
  const visits = await Promise.all(guests.map((g) => get<Visit>(`/visits/${g.visit}`)));
  const away = (v: Visit) => Math.abs((ms(v.starts) ?? 0) - now.peek());
  const rank = (v: Visit) => ((ms(v.ends) ?? 0) <= now.peek() ? 2 : ["approved", "arrived"].includes(v.state) ? 0 : 1);
  const best = [...visits].sort((a, b) => rank(a) - rank(b) || away(a) - away(b))[0];
  return guests.find((g) => g.visit === best?.id);
}

const textsOf = (x: { text_vi: string; text_en: string } | undefined) => ({ vi: x?.text_vi ?? "", en: x?.text_en ?? "" });

async function rulesOf(d: Decision, site: string): Promise<Errand["rules"]> {
  if (!d.who?.holder || !may("visits.walk_in") || !d.reasons.some((r) => r.code === "rules_unread")) {
    return undefined;
  }
  const [guest, rules, notices] = await Promise.all([
    guestOf(d.who.holder),
    get<Page<VisitRules>>(`/visit-rules${query({ site, limit: 50 })}`),
    get<Page<PostedNotice>>(`/posted-notices${query({ site, state: "posted", limit: 1 })}`),
  ]);
  const last = rules.items.sort((a, b) => b.n - a.n)[0];
  const notice = notices.items[0];
  return (
    guest && {
      guest: guest.id,
      lang: lang.peek(),
      rules: textsOf(last),
      rules_n: last?.n ?? 0,
      notice: textsOf(notice),
      notice_n: notice?.n ?? 0,
      contact: notice?.contact ?? "",
    }
  );
}

async function passOf(d: Decision, at: Standing): Promise<Errand["pass"]> {
  if (!d.who?.holder || !["visitor", "contractor"].includes(d.who.kind)) {
    return undefined;
  }
  const { items } = await get<Page<Badge>>(`/badges${query({ holder: d.who.holder, state: "issued", limit: 50 })}`);
  const held = items.find((b) => b.kind === "pass");
  return held ? { id: held.id, code: held.code } : at.way === "in" ? null : undefined;
}

export async function errandOf(d: Decision, at: Standing): Promise<Errand> {
  const [hints, rules, pass] = await Promise.all([hintsOf(d), rulesOf(d, at.site), passOf(d, at)]);
  return { hints, rules, pass };
}

// The versions are those he had before him.
export const tell = ({ guest, lang: read, rules_n, notice_n }: Telling) =>
  post(`/visit-guests/${guest}/told`, { lang: read, rules_n, notice_n });
export const issuePass = (holder: string, code: string) => post("/visitor-passes", { holder, code });
export const endPass = (id: string, state: "returned" | "lost") => post(`/badges/${id}/end`, { state });
