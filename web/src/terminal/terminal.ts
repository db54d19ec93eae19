// SPDX-License-Identifier: Apache-2.0
// This browser as a gate's terminal: takes a snapshot along while the node is there, decides by it when it is not, and
// brings the queue back afterwards. The node's key is kept from the first time; a snapshot signed by another is refused.
import { signal } from "@preact/signals";
import { base64url, possible, self, signed, type Kept } from "../lib/device.ts";
import type { Decision, Found, Keeper, Shown, Standing, Where } from "../lib/gatekeeper.ts";
import { fold } from "../lib/text.ts";
import { advise, areaEntered, carry, move, sayOf, type Carried, type Snapshot } from "./carried.ts";
import { adopt, append, drop, queue, read, RUN, sha256, steady, told, write, type Act, type Entry } from "./keep.ts";
import { lockNames, makeLock, newBox, openNames, WRONG_MAX, type LockedNames } from "./names.ts";

export type Trouble = "" | "too_many" | "other_node" | "bad_snapshot" | "refused";
export interface Terminal {
  me: Kept;
  waiting: number; // entries of the queue
  synced: number | null; // ms
  trouble: Trouble;
  guards: { user: string; name: string }[];
}
export const terminal = signal<Terminal | null>(null);
export const carried = signal<Carried | null>(null);
export const guard = signal<{ user: string; name: string } | null>(null); // who opened the names
let names: (string | null)[] | null = null; // in memory only
let folded: string[] | null = null; // the same to search by
let hashKey: CryptoKey | null = null;

function haveNames(list: (string | null)[] | null): void {
  names = list;
  folded = list && list.map((n) => ` ${fold(n ?? "")}`);
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
async function goodSignature(point: string, text: string, sig: string): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", bytesOf(point), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytesOf(sig), utf8(`vonggac snapshot 1\n${text}`));
}

// What the queue holds happened after the snapshot.
function replay(c: Carried, list: Entry[]): void {
  for (const e of list) {
    const a = JSON.parse(e.text) as Act & { told: number };
    const h = c.holders.get(a.holder);
    const p = c.points.get(a.point);
    if (a.act === "pass" && h && p) {
      move(c, h, areaEntered(p, a.way), a.told);
    }
  }
}

async function ready(text: string): Promise<void> {
  const c = carry(JSON.parse(text) as Snapshot);
  hashKey = await crypto.subtle.importKey("raw", bytesOf(c.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  replay(c, await queue());
  carried.value = c;
}

export async function start(): Promise<void> {
  const me = possible() ? await self() : undefined;
  if (!me || me.kind !== "gate") {
    return;
  }
  const list = await queue();
  const locks = (await read("locks")) ?? [];
  terminal.value ??= { me, waiting: list.length, synced: null, trouble: "", guards: locks.map(({ user, name }) => ({ user, name })) };
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
    if (!(await as(me, "POST", "/gate/terminal/merge", body))) {
      return false;
    }
    await drop(list[list.length - 1]!.seq);
    patch({ waiting: (await queue()).length });
  }
}

async function takeAlong(me: Kept, point: string): Promise<Trouble> {
  const answer = await signed(me, "GET", "/gate/terminal/snapshot");
  if (!answer.ok) {
    return answer.status === 413 ? "too_many" : "refused";
  }
  const got = (await answer.json()) as { text: string; sig: string; names: string };
  const s = JSON.parse(got.text) as Snapshot;
  if (!(await goodSignature(point, got.text, got.sig)) || s.terminal !== me.id || s.names !== (await sha256(got.names))) {
    return "bad_snapshot";
  }
  await write("snapshot", { text: got.text, names: await lockNames(got.names, (await read("locks")) ?? []), point });
  haveNames(guard.value ? (JSON.parse(got.names) as (string | null)[]) : null);
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
  const box = (await read("box")) ?? (await newBox());
  await write("box", box);
  const locks = ((await read("locks")) ?? []).filter((l) => l.user !== user);
  await write("locks", [...locks, await makeLock(user, name, pin, box)]);
  patch({ guards: [...locks, { user, name }].map((g) => ({ user: g.user, name: g.name })) });
  guard.value = { user, name };
  await sync();
}

export async function unlock(user: string, pin: string): Promise<boolean> {
  const [snapshot, box, locks] = [await read("snapshot"), await read("box"), await read("locks")];
  const lock = locks?.find((l) => l.user === user);
  if (!snapshot || !box || !lock) {
    return false;
  }
  const got = await openNames(snapshot.names, lock, pin, box);
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
  return h ? (names?.[h.at] ?? null) : null;
};
export function lockAgain(): void {
  haveNames(null);
  guard.value = null;
}

// --- deciding -----------------------------------------------------------------------------------
async function hashOf(code: string): Promise<string> {
  const h = await crypto.subtle.sign("HMAC", hashKey!, utf8(code.normalize("NFC")));
  return base64url(h.slice(0, 12));
}

async function ask(c: Carried, at: Standing, shown: Shown): Promise<Decision> {
  const hash = shown.badge === undefined ? undefined : await hashOf(shown.badge);
  const { holder, reasons } = advise(c, at, { hash, holder: shown.holder }, told());
  const name = holder ? (names?.[holder.at] ?? null) : null;
  if (holder && name === null) {
    reasons.push({ say: "green", code: "name_unchecked" });
  }
  return {
    shown,
    say: sayOf(reasons),
    reasons,
    who: holder ? { holder: holder.id, kind: holder.kind, class: holder.class, name, company: "", doc: "" } : null,
  };
}

function where(c: Carried, d: Decision): Where | undefined {
  const w = c.holders.get(d.who?.holder ?? "")?.where;
  return d.who
    ? { area: w ? (c.areas.get(w.area)?.name ?? "?") : null, since: w ? new Date(w.since / 1000).toISOString() : null, last: null }
    : undefined;
}

const FOUND_MAX = 6;
function find(c: Carried, text: string): Found[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const plate = fold(text).replace(/[^a-z0-9]/g, "");
  const out: Found[] = [];
  for (const h of folded ? c.holders.values() : []) {
    const name = folded![h.at] ?? "";
    const hit =
      h.kind === "vehicle"
        ? plate.length > 3 && name.replace(/[^a-z0-9]/g, "").includes(plate)
        : words.length > 0 && words.every((w) => name.includes(` ${w}`));
    if (hit) {
      out.push({ holder: h.id, title: names?.[h.at] ?? "", sub: "" });
      if (out.length >= FOUND_MAX) {
        break;
      }
    }
  }
  return out;
}

async function record(c: Carried, at: Standing, by: string, act: Act["act"], d: Decision, why = ""): Promise<void> {
  const me = terminal.value!.me;
  const holder = d.who?.holder ?? "";
  await append(me, { act, point: at.point, way: at.way, holder, shown: d.shown.badge ?? "", say: d.say, reasons: d.reasons, why, by });
  patch({ waiting: terminal.value!.waiting + 1 });
  const [h, p] = [c.holders.get(holder), c.points.get(at.point)];
  if (act === "pass" && h && p) {
    move(c, h, areaEntered(p, at.way), told());
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
