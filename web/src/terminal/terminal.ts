// SPDX-License-Identifier: Apache-2.0
// This browser as a gate's terminal: takes a snapshot along while the node is there, decides by it when it is not, and
// brings the queue back afterwards. The node's key is kept from the first time; a snapshot signed by another is refused.
import { signal } from "@preact/signals";
import { base64url, possible, self, signed, type Kept } from "../lib/device.ts";
import type { Way } from "../api/gate.ts";
import type { Decision, Found, Keeper, Shown, Standing, Where } from "../lib/gatekeeper.ts";
import { t } from "../lib/i18n.ts";
import { numberOf, readScan, type Scan } from "../lib/scan.ts";
import { fold } from "../lib/text.ts";
import { byName, open, type Hit, type Named, type Names } from "./bans.ts";
import { advise, bannedBy, sayOf, type Asked, type Told } from "./advice.ts";
import { carry, move, type Carried, type Holder, type Point, type Snapshot } from "./carried.ts";
import { adopt, append, box, drop, queue, read, RUN, sha256, steady, told, waiting, write, type Act, type Entry } from "./keep.ts";
import { lockNames, makeLock, openNames, WRONG_MAX, type LockedNames } from "./names.ts";
import { looksLikePlate, looseKey, plateKey } from "./plates.ts";

export type Trouble = "" | "too_many" | "other_node" | "bad_snapshot" | "refused";
export interface Terminal {
  me: Kept;
  waiting: number; // entries of the queue
  synced: number | null; // ms
  trouble: Trouble;
  guards: { user: string; name: string }[];
  missed: number; // of those just brought back, found in the ban list by the node
}
export const terminal = signal<Terminal | null>(null);
export const carried = signal<Carried | null>(null);
export const guard = signal<{ user: string; name: string } | null>(null); // who opened the names
let named: Named | null = null; // in memory only
let folded: string[] | null = null; // names to search by
let hashKey: CryptoKey | null = null;
let paperKey: CryptoKey | null = null;

function haveNames(n: Names | null): void {
  named = n && open(n);
  folded = n && n.holders.map(([name]) => ` ${fold(name ?? "")}`);
}

const patch = (part: Partial<Terminal>) => {
  if (terminal.value) {
    terminal.value = { ...terminal.value, ...part };
  }
};
const utf8 = (text: string) => new TextEncoder().encode(text);
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

// --- taking along -------------------------------------------------------------------------------
const VERSION = 5;
async function goodSignature(point: string, text: string, sig: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", bytesOf(point), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytesOf(sig), utf8(`vonggac snapshot ${VERSION}\n${text}`));
}

// Of whom there is no holder here only a plate can be known again.
function moved(c: Carried, shown: string, h: Holder | undefined, p: Point | undefined, way: Way, at: number): void {
  const key = h ? null : plateKey(shown);
  if (h && p) {
    move(c, h, p, way, at);
  } else if (key !== null) {
    c.came.add(key);
  }
}

// What the queue holds happened after the snapshot.
function replay(c: Carried, list: Entry[]): void {
  for (const e of list) {
    const a = JSON.parse(e.text) as Act & { told: number };
    const h = c.holders.get(a.holder);
    const p = c.points.get(a.point);
    if (a.act === "pass") {
      moved(c, a.shown, h, p, a.way, a.told);
    }
  }
}

const hmacKey = (text: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytesOf(text), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

async function ready(text: string): Promise<void> {
  const s = JSON.parse(text) as Snapshot;
  if (s.version !== VERSION) {
    return; // of another version of the console: the next one takes its place
  }
  const c = carry(s);
  hashKey = await hmacKey(c.key);
  paperKey = (await read("paper")) ?? null;
  replay(c, await queue());
  carried.value = c;
}

export async function start(): Promise<void> {
  const me = possible() ? await self() : undefined;
  if (!me || me.kind !== "gate") {
    return;
  }
  const locks = (await read("locks")) ?? [];
  terminal.value ??= { me, waiting: await waiting(), synced: null, trouble: "", missed: 0, guards: locks.map(({ user, name }) => ({ user, name })) };
  const [snapshot, node] = [await read("snapshot"), await read("node")];
  if (snapshot && snapshot.point === node && !carried.value) {
    await ready(snapshot.text);
  }
}

interface Hello {
  key: string;
  seq: number;
  head: string;
}
async function as<T>(me: Kept, method: string, path: string, body?: unknown): Promise<T | null> {
  const answer = await signed(me, method, path, body);
  return answer.ok ? ((await answer.json()) as T) : null;
}

const BATCH = 100;
async function bringBack(me: Kept): Promise<boolean> {
  for (;;) {
    const list = (await queue()).slice(0, BATCH);
    if (!list.length) {
      return true;
    }
    const body = { told: told(), mono: steady(), run: RUN, entries: list.map((e) => [e.text, e.sig]) };
    const merged = await as<{ missed: number }>(me, "POST", "/gate/terminal/merge", body);
    if (!merged) {
      return false;
    }
    await drop(list[list.length - 1]!.seq);
    patch({ waiting: await waiting(), missed: (terminal.value?.missed ?? 0) + merged.missed });
  }
}

async function takeAlong(me: Kept, point: string): Promise<Trouble> {
  const answer = await signed(me, "GET", "/gate/terminal/snapshot");
  if (!answer.ok) {
    return answer.status === 413 ? "too_many" : "refused";
  }
  const got = (await answer.json()) as { text: string; sig: string; names: string; paper_key: string };
  const s = JSON.parse(got.text) as Snapshot;
  const whole = s.names === (await sha256(got.names)) && s.paper === (await sha256(bytesOf(got.paper_key)));
  if (!(await goodSignature(point, got.text, got.sig)) || s.terminal !== me.id || !whole) {
    return "bad_snapshot";
  }
  await write("paper", await hmacKey(got.paper_key));
  await write("snapshot", { text: got.text, names: await lockNames(got.names, (await read("locks")) ?? []), point });
  haveNames(guard.value ? (JSON.parse(got.names) as Names) : null);
  await ready(got.text);
  return "";
}

// With the node at hand: what was written goes first, so that the snapshot has it.
let syncing: Promise<void> | null = null;
export function sync(): Promise<void> {
  syncing ??= once().finally(() => {
    syncing = null;
  });
  return syncing;
}
async function once(): Promise<void> {
  const me = terminal.value?.me;
  if (!me) {
    return;
  }
  try {
    const hello = await as<Hello>(me, "POST", "/gate/terminal/hello", {});
    const node = await read("node");
    if (!hello || (node && node !== hello.key)) {
      patch({ trouble: hello ? "other_node" : "refused" });
      return;
    }
    await write("node", hello.key);
    await adopt({ seq: hello.seq, hash: hello.head });
    const trouble = (await bringBack(me)) ? await takeAlong(me, hello.key) : "refused";
    patch({ trouble, synced: trouble ? (terminal.value?.synced ?? null) : Date.now() });
  } catch {
    // The link was lost once more: next time.
  }
}

// --- names --------------------------------------------------------------------------------------
export async function setPin(user: string, name: string, pin: string): Promise<void> {
  const locks = ((await read("locks")) ?? []).filter((l) => l.user !== user);
  await write("locks", [...locks, await makeLock(user, name, pin, await box())]);
  patch({ guards: [...locks, { user, name }].map((g) => ({ user: g.user, name: g.name })) });
  guard.value = { user, name };
  await sync();
}

export async function unlock(user: string, pin: string): Promise<boolean> {
  const [snapshot, locks] = [await read("snapshot"), await read("locks")];
  const lock = locks?.find((l) => l.user === user);
  if (!snapshot || !lock) {
    return false;
  }
  const got = await openNames(snapshot.names, lock, pin, await box());
  const wrong = got ? 0 : snapshot.names.wrong + 1;
  const gone: LockedNames = { ...snapshot.names, wrong, ...(wrong >= WRONG_MAX && { box: new ArrayBuffer(0), keys: [] }) };
  await write("snapshot", { ...snapshot, names: gone });
  if (got) {
    haveNames(got);
    guard.value = { user, name: lock.name };
  }
  return got !== null;
}
export const nameOf = (holder: string): string | null => {
  const h = carried.value?.holders.get(holder);
  return h ? (named?.names.holders[h.at]?.[0] ?? null) : null;
};
export function lockAgain(): void {
  haveNames(null);
  guard.value = null;
}

// --- deciding -----------------------------------------------------------------------------------
async function hashOf(bytes: BufferSource): Promise<string> {
  const h = await crypto.subtle.sign("HMAC", hashKey!, bytes);
  return base64url(h.slice(0, 12));
}

// Of what is easily guessed: under the key that terminals carry, then under the snapshot's.
const guessedHash = async (key: CryptoKey, text: string): Promise<string> =>
  hashOf(await crypto.subtle.sign("HMAC", key, utf8(text)));

// As domain/holder.c has it: letters and digits in capitals.
async function paperHash(number: string): Promise<string | undefined> {
  const clean = number.replace(/[^a-z0-9]/gi, "").slice(0, 32).toUpperCase();
  return paperKey && clean.length >= 4 ? guessedHash(paperKey, clean) : undefined;
}

// sure: it was seen on a vehicle. Else it may be a badge's code as well.
async function plateHashes(c: Carried, text: string, sure: boolean): Promise<Asked["plate"]> {
  const key = plateKey(text);
  if (!paperKey || key === null) {
    return sure ? { hash: "", loose: "", fits: false, sure, came: false } : undefined;
  }
  const [hash, loose] = await Promise.all([key, looseKey(c.forms, key)].map((k) => guessedHash(paperKey!, k)));
  return { hash: hash!, loose: loose!, fits: looksLikePlate(c.forms, key), sure, came: c.came.has(key) };
}

const scanOf = (paper: string): Scan =>
  readScan(paper, new Date().getFullYear()) ?? { number: numberOf(paper) ?? paper, name: "", born: 0, card: false };

async function askedOf(c: Carried, shown: Shown, scan: Scan | null): Promise<Asked> {
  const code = shown.badge?.normalize("NFC");
  const [hash, invitation, paper, seen] = await Promise.all([
    code === undefined ? undefined : hashOf(utf8(code)),
    code === undefined ? undefined : sha256(code).then((h) => hashOf(utf8(h))),
    scan ? paperHash(scan.number) : undefined,
    shown.plate === undefined ? undefined : plateHashes(c, shown.plate, true),
  ]);
  // A code that is known is no plate; the hashes are what an answer waits for.
  const known = c.badges.has(hash ?? "") || c.invitations.has(invitation ?? "");
  const plate = seen ?? (code === undefined || known ? undefined : await plateHashes(c, code, false));
  return { holder: shown.holder, hash, invitation, plate, paper: scan ? (paper ?? "") : undefined };
}

// Numbers of papers always; names if a guard's number has opened them: his who was found, and the one on the paper.
function bansOf(c: Carried, paper: string | undefined, who: Decision["who"], scan: Scan | null): Hit[] {
  const now = told();
  const h = c.holders.get(who?.holder ?? "");
  const papers = bannedBy(c, [paper, h?.paper], now).map((number): Hit => {
    const entry = named?.names.bans.find((b) => b[0] === number);
    return { number, name: entry?.[3] ?? "", born: entry?.[2] ?? 0, why: ["doc_same"] };
  });
  const guest = h?.kind === "visitor" || h?.kind === "contractor";
  const names = [
    ...(guest && who?.name ? [{ name: who.name, born: named?.names.holders[h!.at]?.[1] ?? 0, mine: true }] : []),
    ...(scan?.name ? [{ name: scan.name, born: scan.born, mine: who !== null }] : []),
  ].flatMap((x) => (named ? byName(named, x, x.mine, now) : []));
  return [...papers, ...names.filter((n, i) => !papers.some((p) => p.number === n.number) && names.findIndex((m) => m.number === n.number) === i)];
}

// A plate stands for a vehicle that has no record yet; what it brings and to whom is told once the names are open.
function whoOf(shown: Shown, { holder, plate }: Told): Decision["who"] {
  const [printed, ...errand] = named?.names.expected[plate?.expected?.at ?? -1] ?? [];
  const company = errand.filter(Boolean).join(" · ");
  if (holder) {
    const name = named?.names.holders[holder.at]?.[0] ?? null;
    return { holder: holder.id, kind: holder.kind, class: holder.class, name, company, doc: "" };
  }
  return plate && { holder: "", kind: "vehicle", class: "", name: printed ?? shown.plate ?? shown.badge ?? "", company, doc: "" };
}

async function ask(c: Carried, at: Standing, shown: Shown): Promise<Decision> {
  const scan = shown.paper === undefined ? null : scanOf(shown.paper);
  const asked = await askedOf(c, shown, scan);
  const advice = advise(c, at, asked, told());
  const reasons = advice.reasons;
  const who = whoOf(shown, advice);
  const bans = bansOf(c, asked.paper, who, scan);
  if (bans.length) {
    const byPaper = bans.some((b) => b.why.includes("doc_same"));
    reasons.push({ say: "ask", code: byPaper ? "ban_paper" : "ban_name", detail: bans.map((b) => b.number).join(", ") });
  }
  if (!named && (advice.holder || scan)) {
    reasons.push({ say: "green", code: "name_unchecked" });
  }
  return { shown, say: sayOf(reasons), reasons, who, bans: bans.map((b) => ({ ...b, doc: "", reason: "" })) };
}

function where(c: Carried, d: Decision): Where | undefined {
  const w = c.holders.get(d.who?.holder ?? "")?.where;
  return d.who
    ? { area: w ? (c.areas.get(w.area)?.name ?? "?") : null, since: w ? new Date(w.since / 1000).toISOString() : null, last: null }
    : undefined;
}

const FOUND_MAX = 6;
function find(c: Carried, text: string): Found[] {
  const begins = fold(text).split(/\s+/).filter(Boolean).map((w) => ` ${w}`); // a name's words each stand behind a blank
  const key = plateKey(text);
  const plate = key === null ? "" : looseKey(c.forms, key); // what cameras confuse is the same
  const loose = (name: string) => looseKey(c.forms, plateKey(name) ?? "");
  const out: Found[] = [];
  for (const [name, goods, host] of named?.names.expected ?? []) {
    if (plate && loose(name) === plate && out.length < FOUND_MAX) {
      out.push({ holder: "", title: name, sub: [goods, host].filter(Boolean).join(" · "), shown: { plate: name } });
    }
  }
  for (const h of folded ? c.holders.values() : []) {
    const name = folded![h.at] ?? "";
    const hit =
      h.kind === "vehicle"
        ? plate.length > 3 && loose(name).includes(plate)
        : begins.length > 0 && begins.every((w) => name.includes(w));
    if (hit) {
      out.push({ holder: h.id, title: named?.names.holders[h.at]?.[0] ?? "", sub: "" });
      if (out.length >= FOUND_MAX) {
        break;
      }
    }
  }
  if (out.length && key !== null && looksLikePlate(c.forms, key)) {
    out.push({ holder: "", title: key, sub: t("ui.pass.plate_as_read"), shown: { plate: key } });
  }
  return out;
}

async function record(c: Carried, at: Standing, by: string, act: Act["act"], d: Decision, why = ""): Promise<void> {
  const me = terminal.value!.me;
  const holder = d.who?.holder ?? "";
  const { plate = "", badge = plate, paper = "" } = d.shown;
  await append(me, { act, point: at.point, way: at.way, holder, shown: badge, paper, say: d.say, reasons: d.reasons, why, by });
  patch({ waiting: terminal.value!.waiting + 1 });
  const [h, p] = [c.holders.get(holder), c.points.get(at.point)];
  if (act === "pass") {
    moved(c, badge, h, p, at.way, told());
    carried.value = { ...c };
  }
}

export function offlineKeeper(at: Standing, by: string): Keeper {
  const c = carried.value!;
  return {
    unknownPasses: true,
    ask: (shown) => ask(c, at, shown),
    where: async (d) => where(c, d),
    find: async (text) => find(c, text),
    pass: (d, why) => record(c, at, by, "pass", d, why),
    refuse: (d, why) => record(c, at, by, "refuse", d, why),
  };
}
