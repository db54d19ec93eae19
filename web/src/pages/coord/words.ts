// SPDX-License-Identifier: Apache-2.0
// Coordination in sentences: a clause, the state of a regulation, what is open, what is offered.
import type { Capability, Clause, Opening, PartyOf, Regulation } from "../../api/coord.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { date, full, ms, near } from "../../lib/time.ts";
import { levelName } from "../../store/posture.ts";
import { now } from "../../store/session.ts";
import { one } from "../../store/store.ts";
import "./live.ts";

export const COMPARTMENTS = ["force", "means", "measures", "vulnerability", "movement"];
// Named views: a name for a whole compartment up to a ceiling (src/domain/coord/draft.c).
export const VIEWS: Record<string, { compartment: string; ceiling: number }> = {
  sensors: { compartment: "means", ceiling: 0 },
  posts: { compartment: "measures", ceiling: 0 },
  forces: { compartment: "force", ceiling: 0 },
  weak_points: { compartment: "vulnerability", ceiling: 0 },
};
export const CEILINGS = ["0", "1", "2", "3"];
export const CONDITIONS = ["always", "incident", "period", "posture"];

export function minutesText(n: number): string {
  if (n >= 1440 && n % 1440 === 0) {
    return t("ui.span.days", { n: n / 1440 });
  }
  return n >= 120 && n % 60 === 0 ? t("ui.span.hours", { n: n / 60 }) : t("ui.span.minutes", { n });
}

const minuteOf = (at: string | null) => full(at).slice(0, 16);
export const where = (name: string | null, site: string) =>
  site ? t("ui.coord.at_site", { site: name ?? "…" }) : t("ui.coord.at_all");

export function when(c: Clause): string {
  if (c.condition === "incident") {
    const situation = pick(one("situations", c.situation), "title") || c.situation || "";
    return t("ui.coord.when_incident", { situation, time: minutesText(c.minutes) });
  }
  if (c.condition === "posture") {
    const level = c.posture && t("ui.coord.when_posture", { level: levelName(c.posture) });
    const event = c.event && t("ui.coord.when_event", { event: c.event });
    return level && event ? t("ui.coord.when_or", { a: level, b: event }) : level || event || "";
  }
  return c.condition === "period"
    ? t("ui.coord.when_period", { from: minuteOf(c.starts), to: minuteOf(c.ends) })
    : t("ui.coord.when_always");
}

export const whatOf = (c: Clause): string => {
  const what = word("ui.coord.what", c.compartment);
  return c.view ? t("ui.coord.view_what", { view: word("ui.coord.view_of", c.view), what }) : what;
};

export const whereOf = (c: Clause): string =>
  c.sites.length > 1
    ? where(c.sites.map((s) => s.name ?? "…").join(", "), c.site)
    : where(c.site_name, c.site);

export const clauseText = (c: Clause): string =>
  t("ui.coord.clause", {
    giver: c.giver_name ?? "…",
    taker: c.taker_name ?? "…",
    what: whatOf(c),
    where: whereOf(c),
    ceiling: word("ui.coord.up_to", String(c.ceiling)),
    when: when(c),
  });

const nameOf = (p: PartyOf) => (p.mine ? t("ui.coord.own") : p.name);
const names = (list: PartyOf[]) => list.map(nameOf).join(", ");
const isWaited = (p: PartyOf) => p.state === "asked" || p.state === "proposed";

function waiting(r: Regulation): string {
  const list = r.parties.filter(isWaited);
  const who = list
    .map((p) => (p.state === "proposed" ? t("ui.coord.one_proposed", { who: nameOf(p) }) : nameOf(p)))
    .join("; ");
  if (list.length !== 1) {
    return t("ui.coord.waits_for", { who });
  }
  const wait = t("ui.coord.waits_one", { who: nameOf(list[0]!) });
  return list[0]!.state === "proposed" ? t("ui.coord.one_proposed", { who: wait }) : wait;
}

function standing(r: Regulation): string {
  if (r.state === "draft") {
    return t("ui.coord.is_draft");
  }
  if (r.state === "ended") {
    return t("ui.coord.is_ended", { date: date(r.ended_at) });
  }
  if (r.state === "offered") {
    return r.parties.some(isWaited) ? waiting(r) : t("ui.coord.is_stuck");
  }
  return (ms(r.valid_from) ?? 0) > now.value
    ? t("ui.coord.is_agreed", { date: date(r.valid_from) })
    : t("ui.coord.is_in_force", { date: date(r.valid_until) });
}

export function stateText(r: Regulation): string {
  const left = r.parties.filter((p) => p.state === "withdrawn");
  return left.length ? `${standing(r)} · ${t("ui.coord.has_left", { who: names(left) })}` : standing(r);
}

// The paper signed by hand: its number, its day, by whom.
export const signedText = (r: Regulation): string =>
  [r.paper_number, r.signed && date(r.signed), r.signer].filter(Boolean).join(" · ");

export const isReviewLate = (r: Regulation): boolean =>
  r.state === "in_force" && (r.review_late || (ms(r.review_due) ?? Infinity) < now.value);

export const partyOf = (r: Regulation): PartyOf | undefined => r.parties.find((p) => p.party === r.agency);

export const openingText = (o: Opening): string =>
  t("ui.coord.reads", {
    taker: o.taker_name ?? "…",
    giver: o.giver_name ?? "…",
    what: word("ui.coord.what", o.compartment),
    where: where(o.site_name, o.site),
  });

// Until when, and how long that still is.
export function untilText(at: string): string {
  const rest = Math.max(0, Math.ceil(((ms(at) ?? 0) - now.value) / 60_000));
  return rest < 24 * 60
    ? t("ui.coord.until_left", { time: near(at, now.value).slice(0, -3), left: minutesText(rest) })
    : t("ui.coord.until", { time: minuteOf(at) });
}

export const capabilityText = (c: Capability): string =>
  t("ui.coord.capability", {
    n: c.groups,
    kind: word("ui.coord.group", c.kind),
    class: c.class,
    minutes: c.minutes,
    time: near(c.until, now.value).slice(0, -3),
  });
