// SPDX-License-Identifier: Apache-2.0
// What the terminal took along, made ready to be asked: a look-up by badge and by holder, how many are inside, and the
// advice by the same rules as the node's (domain/gate/advice.c). Pure: no clock, no storage.
import type { Reason, Say, Way } from "../api/gate.ts";
import { readForms, type Forms } from "./plates.ts";
import { compile, type Rule } from "./rules.ts";

type Text = string | null;
export interface Snapshot {
  version: number;
  terminal: string;
  site: string;
  made: number; // microseconds, as all times here
  until: number;
  key: string;
  names: string;
  areas: [string, string, Text, string, number | null, number | null, number | null, number][];
  points: [string, string, Text, string, string, string][];
  lists: [string, string, string][];
  rules: [string, string, "ask" | "stop"][];
  paper: string; // hash of the key by which numbers of papers are hashed
  escort_s: number;
  // id, kind, class, state, until, area, its site, since, paper, badges: code, state, until, kind
  holders: [string, string, Text, string, number | null, Text, Text, number | null, Text, [string, string, number | null, string][]][];
  company: [string, string][]; // a visitor inside who must be accompanied, and who does: by whom he was brought, his host
  // holder, state, starts, ends, areas, told, escort, invitation, until, to work here, his host as a holder
  visits: [string, string, number, number, string[], number, number, Text, number | null, number, Text][];
  certified: number; // 0: nobody who comes to work here needs a certificate
  certificates: [string, string, number][]; // holder, what, until
  elsewhere: [string, number][]; // holder, since: inside at another site of the same agency when this was made
  papers_elsewhere: [string, number][];
  bans: [string, string, number][]; // paper, number of the entry, until
  plate_forms: string; // data/plates.txt
  // Plate, the same with what cameras confuse made equal; then the holder, or from, until of one that is expected.
  plates: [Text, Text, string][];
  expected: [Text, Text, number, number][];
}
interface Area {
  id: string;
  name: string;
  parent: Text;
  passback: string;
  againUs: number;
  most: number;
  pair: boolean;
  airlock: boolean;
  inside: number; // those of the areas within it too
  vehicles: number; // of them
}
export interface Point {
  id: string;
  name: string;
  outer: string; // "": the street
  inner: string;
  ways: string;
  lane: string;
}
export interface Holder {
  id: string;
  at: number; // its place in the list, and its name's
  kind: string;
  class: string;
  state: string;
  until: number;
  where: { site: string; area: string; since: number } | null;
  paper: string; // "": none
  passOut: boolean; // a visitor's pass is with him
}
interface Badge {
  holder: Holder;
  state: string;
  until: number;
}
export interface Visit {
  state: string;
  starts: number;
  ends: number;
  areas: string[];
  told: boolean;
  escort: boolean;
  contractor: boolean;
  host: string; // "": no holder here
}
interface Expected {
  at: number; // its place in the list, and in that of plates and goods
  starts: number;
  until: number;
}
interface Banned {
  number: string;
  until: number;
}
export interface Carried {
  made: number;
  until: number;
  site: string;
  key: string;
  areas: Map<string, Area>;
  points: Map<string, Point>;
  lists: Map<string, Set<string>>;
  rules: { name: string; say: "ask" | "stop"; holds: Rule | null }[];
  holders: Map<string, Holder>;
  badges: Map<string, Badge>;
  papers: Map<string, Holder>;
  invitations: Map<string, { holder: Holder; until: number }>;
  visits: Map<string, Visit[]>; // by holder
  certified: boolean;
  certificates: Map<string, { what: string; until: number }[]>;
  elsewhere: Map<string, number>; // since, by holder
  papersElsewhere: Map<string, number>;
  bans: Map<string, Banned[]>; // by paper
  forms: Forms;
  plates: Map<string, Holder>;
  expected: Map<string, Expected[]>; // by plate
  alike: Set<string>; // plates of both, what cameras confuse made equal
  came: Set<string>; // plates, in the clear, that were let through since and have no holder here
  escortUs: number;
  recent: Map<string, { holder: Holder; at: number }[]>; // by point and way: who went there within escortUs of the last
  company: Map<string, Set<string>>; // by visitor inside who must be accompanied: those who do
}

const areaOf = (a: Snapshot["areas"][number]): Area => ({
  id: a[0],
  name: a[1],
  parent: a[2],
  passback: a[3],
  againUs: a[3] === "none" ? 0 : a[4] ? a[4] * 60e6 : Infinity,
  most: a[5] ?? 0,
  pair: !!a[6],
  airlock: a[7] !== 0,
  inside: 0,
  vehicles: 0,
});

function ruleOf([name, text, say]: Snapshot["rules"][number]): Carried["rules"][number] {
  try {
    return { name, say, holds: compile(text) };
  } catch {
    return { name, say, holds: null };
  }
}

function addHolder(c: Carried, h: Snapshot["holders"][number], at: number): void {
  const holder: Holder = {
    id: h[0],
    at,
    kind: h[1],
    class: h[2] ?? "",
    state: h[3],
    until: h[4] ?? 0,
    where: h[5] ? { area: h[5], site: h[6] ?? "", since: h[7] ?? 0 } : null,
    paper: h[8] ?? "",
    passOut: false,
  };
  c.holders.set(holder.id, holder);
  if (holder.where) {
    count(c, holder, 1);
  }
  // Who is inside before who is not, the latest of equals.
  if (holder.paper && holder.state === "active" && !c.papers.get(holder.paper)?.where) {
    c.papers.set(holder.paper, holder);
  }
  for (const [hash, state, until, kind] of h[9]) {
    holder.passOut ||= kind === "pass" && state === "issued";
    // The one that is out, else the last.
    if (c.badges.get(hash)?.state !== "issued") {
      c.badges.set(hash, { holder, state, until: until ?? 0 });
    }
  }
}

const push = <V>(m: Map<string, V[]>, key: string, v: V): void => void m.set(key, [...(m.get(key) ?? []), v]);

function addVisits(c: Carried, s: Snapshot): void {
  for (const [id, state, starts, ends, areas, told, escort, invitation, until, contractor, host] of s.visits) {
    const holder = c.holders.get(id);
    if (holder) {
      const marks = { told: told !== 0, escort: escort !== 0, contractor: contractor !== 0, host: host ?? "" };
      push(c.visits, id, { state, starts, ends, areas, ...marks });
      if (invitation) {
        c.invitations.set(invitation, { holder, until: until ?? 0 });
      }
    }
  }
  s.certificates.forEach(([holder, what, until]) => push(c.certificates, holder, { what, until }));
  s.bans.forEach(([paper, number, until]) => push(c.bans, paper, { number, until }));
}

function addPlates(c: Carried, s: Snapshot): void {
  for (const [plate, loose, id] of s.plates) {
    const holder = c.holders.get(id);
    if (plate && loose && holder) {
      c.alike.add(loose);
      if (!c.plates.has(plate)) {
        c.plates.set(plate, holder); // the known ones stand before those let through once
      }
    }
  }
  s.expected.forEach(([plate, loose, starts, until], at) => {
    if (plate && loose) {
      c.alike.add(loose);
      push(c.expected, plate, { at, starts, until });
    }
  });
}

export function carry(s: Snapshot): Carried {
  const c: Carried = {
    made: s.made,
    until: s.until,
    site: s.site,
    key: s.key,
    areas: new Map(s.areas.map((a) => [a[0], areaOf(a)])),
    points: new Map(
      s.points.map((p) => [p[0], { id: p[0], name: p[1], outer: p[2] ?? "", inner: p[3], ways: p[4], lane: p[5] }]),
    ),
    lists: new Map(),
    rules: s.rules.map(ruleOf),
    holders: new Map(),
    badges: new Map(),
    papers: new Map(),
    invitations: new Map(),
    visits: new Map(),
    certified: s.certified !== 0,
    certificates: new Map(),
    elsewhere: new Map(s.elsewhere),
    papersElsewhere: new Map(s.papers_elsewhere),
    bans: new Map(),
    forms: readForms(s.plate_forms),
    plates: new Map(),
    expected: new Map(),
    alike: new Set(),
    came: new Set(),
    escortUs: s.escort_s * 1e6,
    recent: new Map(),
    company: new Map(),
  };
  for (const [area, list, holder] of s.lists) {
    const key = `${area}/${list}`;
    c.lists.set(key, (c.lists.get(key) ?? new Set()).add(holder));
  }
  s.holders.forEach((h, i) => addHolder(c, h, i));
  addVisits(c, s);
  s.company.forEach(([guest, by]) => void companyOf(c, guest).add(by));
  addPlates(c, s);
  return c;
}

function count(c: Carried, h: Holder, by: number): void {
  const vehicle = h.kind === "vehicle" ? by : 0;
  for (let a = c.areas.get(h.where?.area ?? ""), depth = 0; a && depth < 16; a = a.parent ? c.areas.get(a.parent) : undefined, depth++) {
    a.inside += by;
    a.vehicles += vehicle;
  }
}

function companyOf(c: Carried, guest: string): Set<string> {
  const set = c.company.get(guest) ?? new Set<string>();
  c.company.set(guest, set);
  return set;
}

// As domain/gate/escort.c has it: whoever of the house went by the same point and way within the time keeps a visitor company who
// must be accompanied, and so does his host.
function accompany(c: Carried, holder: Holder, point: Point, way: Way, at: number): void {
  const key = point.id + way;
  const lately = (c.recent.get(key) ?? []).filter((x) => at - x.at <= c.escortUs);
  const visit = point.outer || way === "out" ? undefined : visitOf(c, holder.id, at);
  if (visit?.escort && holder.kind !== "vehicle") {
    const by = companyOf(c, holder.id).add(visit.host);
    lately.filter((x) => x.holder.kind === "staff").forEach((x) => by.add(x.holder.id));
  } else if (holder.kind === "staff") {
    lately.forEach((x) => c.company.get(x.holder.id)?.add(holder.id));
  }
  c.recent.set(key, [...lately, { holder, at }]);
}

// A passage decides where its holder is from then on.
export function move(c: Carried, holder: Holder, point: Point, way: Way, at: number): void {
  const to = areaEntered(point, way);
  if (holder.where) {
    count(c, holder, -1);
  }
  holder.where = to ? { site: c.site, area: to, since: at } : null;
  if (to) {
    count(c, holder, 1);
  }
  if (!to) {
    c.company.delete(holder.id);
  }
  accompany(c, holder, point, way, at);
}
export const areaEntered = (p: Point, way: Way): string => (way === "in" ? p.inner : p.outer);
export const areaLeft = (p: Point, way: Way): string => (way === "in" ? p.outer : p.inner);

// --- advice -------------------------------------------------------------------------------------
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

// The visit that counts now: open before over, then the nearest.
function visitOf(c: Carried, holder: string, now: number): Visit | undefined {
  const rank = (v: Visit) => (v.ends > now ? (v.state === "approved" || v.state === "arrived" ? 0 : 1) : 2);
  return [...(c.visits.get(holder) ?? [])].sort(
    (a, b) => rank(a) - rank(b) || Math.abs(a.starts - now) - Math.abs(b.starts - now),
  )[0];
}

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
