// SPDX-License-Identifier: Apache-2.0
// What is advised of whoever stands at a gate, of what the terminal took along, by the same rules as the node's
// (domain/gate/advice.c). Pure: no clock, no storage.
import type { Reason, Say, Way } from "../api/gate.ts";
import { areaEntered, areaLeft, visitOf, type Area, type Carried, type Expected, type Holder, type Point, type Visit } from "./carried.ts";

const RANK: Record<Say, number> = { green: 0, ask: 1, stop: 2 };
export const sayOf = (reasons: Reason[]): Say =>
  reasons.reduce<Say>((worst, r) => (RANK[r.say] > RANK[worst] ? r.say : worst), "green");

export function moment(us: number): string {
  const iso = new Date(us / 1000 + 7 * 3600e3).toISOString();
  return `${iso.slice(11, 16)} ${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
}

interface Asking {
  c: Carried;
  point: Point;
  way: Way;
  from: string;
  to: string;
  h: Holder;
  now: number;
  out: Reason[];
}
const add = (q: Asking, say: Say, code: string, detail?: string) => q.out.push({ say, code, ...(detail && { detail }) });

function checkHolder(q: Asking): void {
  if (q.h.state !== "active") {
    add(q, "stop", "holder_ended");
  }
  if (q.h.until && q.h.until <= q.now) {
    add(q, "stop", "holder_expired", moment(q.h.until));
  }
  if (q.point.lane === (q.h.kind === "vehicle" ? "person" : "vehicle")) {
    add(q, "ask", "wrong_lane");
  }
}

// What was known when this was taken along, and no more: he may have left there since.
function addElsewhere(c: Carried, since: number, out: Reason[]): void {
  out.push({ say: "ask", code: "inside_elsewhere", detail: moment(since) }, { say: "green", code: "known_then", detail: moment(c.made) });
}

// One person with a record at each site. Inside here by record, he was asked about when he came.
function checkElsewhere(q: Asking): void {
  const since = q.c.elsewhere.get(q.h.id) ?? q.c.papersElsewhere.get(q.h.paper);
  if (since !== undefined && !q.h.where) {
    addElsewhere(q.c, since, q.out);
  }
}

function checkWhere(q: Asking): void {
  const w = q.h.where;
  if (!w) {
    if (q.from) {
      add(q, "ask", "not_inside");
    }
  } else if (w.site !== q.c.site) {
    addElsewhere(q.c, w.since, q.out);
  } else if (q.to && w.area === q.to) {
    const a = q.c.areas.get(q.to);
    if (q.now - w.since < (a?.againUs ?? 0)) {
      add(q, a?.passback === "hard" ? "stop" : "ask", "passback", moment(w.since));
    }
  } else if (w.area !== q.from) {
    add(q, "ask", "other_area", q.c.areas.get(w.area)?.name);
  }
}

const listOf = (q: Asking, area: string, list: string) => q.c.lists.get(`${area}/${list}`) ?? new Set<string>();
const oneInside = (q: Asking, area: string, list: Set<string>) =>
  [...list].some((id) => id !== q.h.id && q.c.holders.get(id)?.where?.area === area);
const people = (a: Area) => a.inside - a.vehicles;

function checkPair(q: Asking, inside: number): void {
  const [a, b] = [listOf(q, q.to, "a"), listOf(q, q.to, "b")];
  for (const [list, code] of [[a, "pair_needs_a"], [b, "pair_needs_b"]] as const) {
    if (list.size && inside === 1 && !oneInside(q, q.to, list) && !list.has(q.h.id)) {
      add(q, "stop", code);
    }
  }
  if (a.size && inside === 0 && !a.has(q.h.id) && !b.has(q.h.id)) {
    add(q, "stop", "pair_not_listed");
  }
  if (inside === 0) {
    add(q, "ask", "pair_first_of_two");
  }
}

function checkArea(q: Asking): void {
  const a = q.c.areas.get(q.to);
  if (!a) {
    return;
  }
  if (a.most && people(a) >= a.most && q.h.kind !== "vehicle") {
    add(q, "ask", "area_full", `${people(a)}/${a.most}`);
  }
  if (a.airlock && a.inside > 0) {
    add(q, "stop", "airlock_taken");
  }
  if (a.pair) {
    checkPair(q, people(a));
  }
  const first = listOf(q, q.to, "first");
  if (first.size && !oneInside(q, q.to, first) && !first.has(q.h.id)) {
    add(q, "stop", "first_not_in");
  }
}

function checkLeft(q: Asking): void {
  const a = q.c.areas.get(q.from);
  if (!a?.pair || q.h.kind === "vehicle") {
    return;
  }
  if (people(a) === 2) {
    add(q, "ask", "leaves_one_alone");
  }
  for (const [list, code] of [["a", "pair_left_no_a"], ["b", "pair_left_no_b"]] as const) {
    const of = listOf(q, q.from, list);
    if (people(a) > 2 && of.size && !oneInside(q, q.from, of)) {
      add(q, "ask", code);
    }
  }
}

function checkRules(q: Asking): void {
  const name = (id: string) => q.c.areas.get(id)?.name ?? "";
  const about = {
    text: {
      "holder.kind": q.h.kind,
      "holder.class": q.h.class,
      point: q.point.name,
      area: name(q.to),
      from: name(q.from),
      way: q.way,
    },
    atUs: q.now,
  };
  for (const r of q.c.rules) {
    if (!r.holds) {
      add(q, "ask", "rule_unchecked", r.name);
    } else if (r.holds(about) === true) {
      add(q, r.say, "rule", r.name);
    }
  }
}

const EARLY_US = 30 * 60e6; // as domain/gate/advice_visit.c has it

function checkVisitState(q: Asking, v: Visit): void {
  if (v.state === "planned") {
    add(q, "ask", "visit_waiting");
  } else if (v.state === "refused" || v.state === "cancelled") {
    add(q, "stop", `visit_${v.state}`);
  } else if (v.starts - EARLY_US > q.now) {
    add(q, "ask", "visit_early", moment(v.starts));
  } else if (v.ends <= q.now) {
    add(q, "ask", "visit_over", moment(v.ends));
  }
}

// The area itself, or one it lies in, is among those of the visit; what is entered from outside is open to all.
function isVisited(q: Asking, v: Visit): boolean {
  if (!q.to || !q.from) {
    return true;
  }
  for (let a = q.c.areas.get(q.to), depth = 0; a && depth < 16; a = a.parent ? q.c.areas.get(a.parent) : undefined, depth++) {
    if (v.areas.includes(a.id)) {
      return true;
    }
  }
  return false;
}

// Missing altogether, or one that is over now.
function checkCertificates(q: Asking, v: Visit): void {
  if (q.c.certified && (v.contractor || q.h.kind === "contractor") && !q.c.certificates.has(q.h.id)) {
    add(q, "ask", "certificate_none");
  }
  const over = (q.c.certificates.get(q.h.id) ?? []).filter((x) => x.until <= q.now).sort((a, b) => b.until - a.until)[0];
  if (over) {
    add(q, "ask", "certificate_over", over.what);
  }
}

function checkVisit(q: Asking): void {
  const vehicle = q.h.kind === "vehicle";
  if (q.h.kind === "staff") {
    return;
  }
  if (!q.to) {
    if (q.h.passOut) {
      add(q, "ask", "pass_out", "");
    }
    return;
  }
  const v = visitOf(q.c, q.h.id, q.now);
  if (!v) {
    if (!vehicle) {
      add(q, "ask", "no_visit");
    }
    return;
  }
  checkVisitState(q, v);
  if (!isVisited(q, v)) {
    add(q, "stop", "visit_area");
  }
  if (vehicle) {
    return;
  }
  if (!q.from && !v.told) {
    add(q, "ask", "rules_unread");
  }
  const ahead = q.c.recent.get(q.point.id + q.way) ?? [];
  if (v.escort && !ahead.some((x) => x.holder.kind === "staff" && x.at >= q.now - q.c.escortUs)) {
    add(q, "ask", "no_escort", String(q.c.escortUs / 1e6));
  }
  checkCertificates(q, v);
}

// Visitors with whom nobody is left once he has gone.
function checkLeavesGuest(q: Asking): void {
  if (q.to || q.h.kind !== "staff") {
    return;
  }
  const isInside = (id: string) => q.c.holders.get(id)?.where?.site === q.c.site;
  const alone = [...q.c.company].filter(
    ([guest, by]) => by.has(q.h.id) && isInside(guest) && ![...by].some((id) => id !== q.h.id && isInside(id)),
  ).length;
  if (alone) {
    add(q, "ask", "leaves_guest", String(alone));
  }
}

// By hash of a code, of a paper's number or of a plate, or by id.
export interface Asked {
  hash?: string; // of a badge's code
  invitation?: string; // the same text, had it been an invitation's
  paper?: string;
  plate?: { hash: string; loose: string; fits: boolean; sure: boolean; came: boolean }; // sure: of nothing else but a plate
  holder?: string;
}
export interface Told {
  holder: Holder | null;
  reasons: Reason[];
  plate: { expected: Expected | null } | null; // he was asked about by his plate
}
interface Where {
  point: Point | undefined;
  from: string; // "": the street
  now: number;
}

// As domain/gate/advice_plate.c has it: null, what was typed is none.
function byPlate(c: Carried, p: NonNullable<Asked["plate"]>, at: Where, out: Reason[]): { holder: Holder | null; expected: Expected | null } | null {
  const say = (s: Say, code: string, detail?: string) => out.push({ say: s, code, ...(detail && { detail }) });
  const holder = c.plates.get(p.hash) ?? null;
  const told = c.expected.get(p.hash);
  const came = p.came && (p.fits || p.sure || told !== undefined); // else it was a code that nobody knows
  const expected = came ? undefined : told?.find((x) => x.until > at.now);
  const known = holder !== null && holder.class !== "unknown" && holder.class !== "expected";
  const maybe = c.alike.has(p.loose);
  if (!holder && !expected && !came) {
    if (!p.sure && (!(p.fits || maybe) || at.point?.lane === "person")) {
      return null;
    }
    say("ask", maybe ? "plate_maybe" : "plate_not_here");
  } else if (expected && at.now < expected.starts - EARLY_US) {
    say(known ? "green" : "ask", "plate_early", moment(expected.starts));
  } else if (expected) {
    say("green", "plate_expected", moment(expected.until));
  } else if (!known && !at.from) {
    say("ask", "plate_not_expected");
  }
  return { holder, expected: expected ?? null };
}

function whoIs(c: Carried, shown: Asked, at: Where, out: Reason[]): Omit<Told, "reasons"> {
  const now = at.now;
  const say = (s: Say, code: string, detail?: string) => out.push({ say: s, code, ...(detail && { detail }) });
  const badge = shown.hash === undefined ? undefined : c.badges.get(shown.hash);
  const plate = badge || !shown.plate ? null : byPlate(c, shown.plate, at, out);
  if (plate) {
    return { holder: plate.holder, plate };
  }
  const invited = badge || shown.invitation === undefined ? undefined : c.invitations.get(shown.invitation);
  if (invited && invited.until <= now) {
    say("stop", "invite_expired", moment(invited.until));
  } else if (shown.hash !== undefined && !badge && !invited) {
    say("stop", "badge_unknown");
  } else if (badge && badge.state !== "issued") {
    say("stop", `badge_${badge.state}`);
  } else if (badge?.until && badge.until <= now) {
    say("stop", "badge_expired", moment(badge.until));
  }
  const paper = shown.paper === undefined ? undefined : c.papers.get(shown.paper);
  if (shown.paper !== undefined && !paper) {
    say("ask", "paper_unknown");
  }
  return { holder: badge?.holder ?? invited?.holder ?? paper ?? c.holders.get(shown.holder ?? "") ?? null, plate };
}

export function advise(c: Carried, at: { point: string; way: Way }, shown: Asked, now: number): Told {
  const out: Reason[] = [];
  const point = c.points.get(at.point);
  if (now >= c.until) {
    out.push({ say: "ask", code: "snapshot_old", detail: moment(c.until) });
  }
  const from = point ? areaLeft(point, at.way) : "";
  const { holder: h, plate } = whoIs(c, shown, { point, from, now }, out);
  if (h && point) {
    const q: Asking = { c, point, way: at.way, from, to: areaEntered(point, at.way), h, now, out };
    [checkHolder, checkWhere, checkElsewhere, checkArea, checkLeft, checkRules, checkVisit, checkLeavesGuest].forEach((check) => check(q));
  } else if (shown.paper !== undefined && c.papersElsewhere.has(shown.paper)) {
    addElsewhere(c, c.papersElsewhere.get(shown.paper)!, out);
  }
  return { holder: h, reasons: out, plate };
}

// Entries of the ban list that have the number of what was shown, or of what he showed before.
export function bannedBy(c: Carried, papers: (string | undefined)[], now: number): string[] {
  const found = papers.flatMap((p) => (p && c.bans.get(p)) || []).filter((b) => b.until > now);
  return [...new Set(found.map((b) => b.number))];
}
