// SPDX-License-Identifier: Apache-2.0
// What the terminal took along, made ready to be asked: a look-up by badge and by holder, how many are inside, who keeps
// company to whom; and what passes here goes on from there. What is advised: advice.ts. Pure: no clock, no storage.
import type { Way } from "../api/gate.ts";
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
export interface Area {
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
export interface Expected {
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

// The visit that counts now: open before over, then the nearest.
export function visitOf(c: Carried, holder: string, now: number): Visit | undefined {
  const rank = (v: Visit) => (v.ends > now ? (v.state === "approved" || v.state === "arrived" ? 0 : 1) : 2);
  return [...(c.visits.get(holder) ?? [])].sort(
    (a, b) => rank(a) - rank(b) || Math.abs(a.starts - now) - Math.abs(b.starts - now),
  )[0];
}

// As domain/gate/escort.c has it: whoever of the house came in by the same point within the time keeps a visitor company
// who must be accompanied, and so does his host.
function accompany(c: Carried, holder: Holder, point: Point, way: Way, at: number): void {
  const key = point.id + way;
  const lately = (c.recent.get(key) ?? []).filter((x) => at - x.at <= c.escortUs);
  if (!point.outer && way === "in" && holder.kind !== "vehicle") {
    const visit = visitOf(c, holder.id, at);
    if (holder.kind === "staff") {
      lately.forEach((x) => c.company.get(x.holder.id)?.add(holder.id));
    } else if (visit?.escort) {
      c.company.set(holder.id, new Set([visit.host, ...lately.filter((x) => x.holder.kind === "staff").map((x) => x.holder.id)]));
    }
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
