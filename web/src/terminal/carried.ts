// SPDX-License-Identifier: Apache-2.0
// What the terminal took along, made ready to be asked: a look-up by badge and by holder, how many are inside, and the
// advice by the same rules as the node's (domain/gate/advice.c). Pure: no clock, no storage.
import type { Reason, Say, Way } from "../api/gate.ts";
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
  holders: [string, string, Text, string, number | null, Text, Text, number | null, [string, string, number][]][];
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
}
interface Badge {
  holder: Holder;
  state: string;
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
  };
  c.holders.set(holder.id, holder);
  if (holder.where) {
    count(c, holder.where.area, 1);
  }
  for (const [hash, state, until] of h[8]) {
    // The one that is out, else the last.
    if (c.badges.get(hash)?.state !== "issued") {
      c.badges.set(hash, { holder, state, until });
    }
  }
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
  };
  for (const [area, list, holder] of s.lists) {
    const key = `${area}/${list}`;
    c.lists.set(key, (c.lists.get(key) ?? new Set()).add(holder));
  }
  s.holders.forEach((h, i) => addHolder(c, h, i));
  return c;
}

function count(c: Carried, area: string, by: number): void {
  for (let a = c.areas.get(area), depth = 0; a && depth < 16; a = a.parent ? c.areas.get(a.parent) : undefined, depth++) {
    a.inside += by;
  }
}

// A passage decides where its holder is from then on.
export function move(c: Carried, holder: Holder, to: string, at: number): void {
  if (holder.where) {
    count(c, holder.where.area, -1);
  }
  holder.where = to ? { site: c.site, area: to, since: at } : null;
  if (to) {
    count(c, to, 1);
  }
}

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

function checkWhere(q: Asking): void {
  const w = q.h.where;
  if (!w) {
    if (q.from) {
      add(q, "ask", "not_inside");
    }
  } else if (w.site !== q.c.site) {
    add(q, "ask", "inside_elsewhere", moment(w.since));
  } else if (q.to && w.area === q.to) {
    const a = q.c.areas.get(q.to);
    if (q.now - w.since < (a?.againUs ?? 0)) {
      add(q, a?.passback === "hard" ? "stop" : "ask", "passback", moment(w.since));
    }
  } else if (w.area !== q.from) {
    add(q, "ask", "other_area", q.c.areas.get(w.area)?.name);
  }
}

const listOf = (q: Asking, list: string) => q.c.lists.get(`${q.to}/${list}`) ?? new Set<string>();
const oneInside = (q: Asking, list: Set<string>) => [...list].some((id) => q.c.holders.get(id)?.where?.area === q.to);

function checkPair(q: Asking, inside: number): void {
  const [a, b] = [listOf(q, "a"), listOf(q, "b")];
  for (const [list, code] of [[a, "pair_needs_a"], [b, "pair_needs_b"]] as const) {
    if (list.size && inside === 1 && !oneInside(q, list) && !list.has(q.h.id)) {
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
  if (a.most && a.inside >= a.most) {
    add(q, "ask", "area_full", `${a.inside}/${a.most}`);
  }
  if (a.airlock && a.inside > 0) {
    add(q, "stop", "airlock_taken");
  }
  if (a.pair) {
    checkPair(q, a.inside);
  }
  const first = listOf(q, "first");
  if (first.size && !oneInside(q, first) && !first.has(q.h.id)) {
    add(q, "stop", "first_not_in");
  }
}

function checkLeft(q: Asking): void {
  const a = q.c.areas.get(q.from);
  if (a?.pair && a.inside === 2) {
    add(q, "ask", "leaves_one_alone");
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

export const areaEntered = (p: Point, way: Way): string => (way === "in" ? p.inner : p.outer);
export const areaLeft = (p: Point, way: Way): string => (way === "in" ? p.outer : p.inner);

export interface Told {
  holder: Holder | null;
  reasons: Reason[];
}
// hash: of the code that was shown, or holder: an id.
export function advise(c: Carried, at: { point: string; way: Way }, shown: { hash?: string; holder?: string }, now: number): Told {
  const out: Reason[] = [];
  const point = c.points.get(at.point);
  const badge = shown.hash === undefined ? undefined : c.badges.get(shown.hash);
  const h = badge?.holder ?? c.holders.get(shown.holder ?? "") ?? null;
  if (now >= c.until) {
    out.push({ say: "ask", code: "snapshot_old", detail: moment(c.until) });
  }
  if (shown.hash !== undefined && !badge) {
    out.push({ say: "stop", code: "badge_unknown" });
  } else if (badge && badge.state !== "issued") {
    out.push({ say: "stop", code: `badge_${badge.state}` });
  } else if (badge?.until && badge.until <= now) {
    out.push({ say: "stop", code: "badge_expired", detail: moment(badge.until) });
  }
  if (h && point) {
    const q: Asking = { c, point, way: at.way, from: areaLeft(point, at.way), to: areaEntered(point, at.way), h, now, out };
    [checkHolder, checkWhere, checkArea, checkLeft, checkRules].forEach((check) => check(q));
  }
  return { holder: h, reasons: out };
}
