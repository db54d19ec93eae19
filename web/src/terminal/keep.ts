// SPDX-License-Identifier: Apache-2.0
// What a terminal keeps in this browser: the snapshot, the names locked away, and the queue; and what a marshal keeps of
// an evacuation (list.ts). An entry of the queue is chained to the one before and signed by the device's key; it lies here
// closed under a key of this browser that cannot be read out, for it may hold a name and the number of a paper, and leaves
// only when the node has said that it has it. Two pages of one terminal take turns, or they would make a fork of it.
import type { Reason, Say, Way } from "../api/gate.ts";
import { signBytes, type Kept } from "../lib/device.ts";
import type { LockedNames, Lock } from "./names.ts";

export interface Entry {
  seq: number;
  text: string;
  sig: string;
  hash: string;
}
interface ClosedText {
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
}
interface Closed extends ClosedText {
  seq: number;
  sig: string;
  hash: string;
  text?: string; // open, as it was kept once: it still has to be brought back
}
export interface Act {
  act: "pass" | "refuse";
  point: string;
  way: Way;
  holder: string;
  shown: string;
  paper: string; // as it was scanned or typed
  say: Say;
  reasons: Reason[];
  why: string;
  by: string;
}
interface Head {
  seq: number;
  hash: string;
}
export interface KeptSnapshot {
  text: string;
  names: LockedNames;
  point: string; // of the node's key that it was signed by
}
interface Shelf {
  node: string; // the node's key, kept from the first time
  snapshot: KeptSnapshot;
  head: Head;
  locks: Lock[];
  box: CryptoKey;
  paper: CryptoKey; // of hashes of papers' numbers, not to be read out either
  [list: `muster/${string}`]: ClosedText; // by evacuation
}

const DB = "vonggac-gate";
const asked = <T>(r: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    r.onsuccess = () => done(r.result);
    r.onerror = () => fail(r.error ?? new Error(DB));
  });
const ended = (t: IDBTransaction): Promise<void> =>
  new Promise((done, fail) => {
    t.oncomplete = () => done();
    t.onabort = () => fail(t.error ?? new Error(DB));
  });

let opened: Promise<IDBDatabase> | null = null;
function open(): Promise<IDBDatabase> {
  opened ??= (() => {
    const r = indexedDB.open(DB, 1);
    r.onupgradeneeded = () => {
      r.result.createObjectStore("shelf");
      r.result.createObjectStore("queue", { keyPath: "seq" });
    };
    return asked(r);
  })();
  return opened;
}

export async function read<K extends keyof Shelf>(key: K): Promise<Shelf[K] | undefined> {
  return asked((await open()).transaction("shelf").objectStore("shelf").get(key) as IDBRequest<Shelf[K] | undefined>);
}
export async function write<K extends keyof Shelf>(key: K, value: Shelf[K]): Promise<void> {
  const t = (await open()).transaction("shelf", "readwrite");
  t.objectStore("shelf").put(value, key);
  return ended(t);
}

// --- closed -------------------------------------------------------------------------------------
// Made once; two that make one at a time agree on the first.
async function makeBox(): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const shelf = (await open()).transaction("shelf", "readwrite").objectStore("shelf");
  const kept = await asked(shelf.get("box") as IDBRequest<CryptoKey | undefined>);
  if (!kept) {
    shelf.put(made, "box");
  }
  return kept ?? made;
}
let boxed: Promise<CryptoKey> | null = null;
export const box = (): Promise<CryptoKey> => (boxed ??= makeBox());

const utf8 = (text: string) => new TextEncoder().encode(text);
async function close(text: string): Promise<ClosedText> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await box(), utf8(text)) };
}
const unclose = async ({ iv, box: closed }: ClosedText): Promise<string> =>
  new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await box(), closed));

// --- evacuations --------------------------------------------------------------------------------
const listsOf = (muster: string) => IDBKeyRange.bound(`muster/${muster}`, `muster/${muster}\uffff`);
let dropped = 0;

export async function writeList(muster: string, text: string): Promise<void> {
  const before = dropped;
  const closed = await close(text);
  if (before === dropped) {
    await write(`muster/${muster}`, closed);
  }
}
export async function readList(muster: string): Promise<string | null> {
  const closed = await read(`muster/${muster}`);
  return closed ? unclose(closed) : null;
}
export async function lists(): Promise<string[]> {
  const keys = await asked((await open()).transaction("shelf").objectStore("shelf").getAllKeys(listsOf("")));
  return keys.map((k) => String(k).slice("muster/".length));
}
// All of them without a name; one that is just being written, too.
export async function dropLists(muster = ""): Promise<void> {
  dropped++;
  const t = (await open()).transaction("shelf", "readwrite");
  t.objectStore("shelf").delete(listsOf(muster));
  return ended(t);
}

// --- the queue ----------------------------------------------------------------------------------
const unclosed = async (c: Closed): Promise<Entry> =>
  ({ seq: c.seq, text: c.text ?? (await unclose(c)), sig: c.sig, hash: c.hash });

export async function queue(): Promise<Entry[]> {
  const all = await asked((await open()).transaction("queue").objectStore("queue").getAll() as IDBRequest<Closed[]>);
  return Promise.all(all.map(unclosed));
}
export async function waiting(): Promise<number> {
  return asked((await open()).transaction("queue").objectStore("queue").count());
}
export async function drop(upTo: number): Promise<void> {
  const t = (await open()).transaction("queue", "readwrite");
  t.objectStore("queue").delete(IDBKeyRange.upperBound(upTo));
  return ended(t);
}
// After storage was emptied: the node knows how far the queue had come.
export async function adopt(head: Head): Promise<void> {
  const mine = await read("head");
  if ((!mine || mine.seq < head.seq) && (await waiting()) === 0) {
    await write("head", head);
  }
}

export async function sha256(of: string | BufferSource): Promise<string> {
  const h = new Uint8Array(await crypto.subtle.digest("SHA-256", typeof of === "string" ? utf8(of) : of));
  return [...h].map((b) => b.toString(16).padStart(2, "0")).join("");
}

// One run of this page: within it the steady clock counts, whatever is done to the other one.
export const RUN = [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, "0")).join("");
export const told = (): number => Date.now() * 1000;
export const steady = (): number => Math.round(performance.now() * 1000);

let turn: Promise<unknown> = Promise.resolve();
function alone<T>(work: () => Promise<T>): Promise<T> {
  const locked = () =>
    "locks" in navigator ? (navigator.locks.request("vonggac-gate", work) as Promise<T>) : work();
  const mine = turn.then(locked, locked);
  turn = mine.catch(() => undefined);
  return mine;
}

export function append(me: Kept, a: Act): Promise<Entry> {
  const at = { told: told(), mono: steady() }; // now, not when its turn comes
  return alone(async () => {
    const head = (await read("head")) ?? { seq: 0, hash: "" };
    const seq = head.seq + 1;
    const text = JSON.stringify({ seq, prev: head.hash, run: RUN, ...at, ...a }).normalize("NFC");
    const entry = { seq, text, sig: await signBytes(me, utf8(text)), hash: await sha256(text) };
    const closed: Closed = { ...(await close(text)), seq, sig: entry.sig, hash: entry.hash };
    const t = (await open()).transaction(["shelf", "queue"], "readwrite");
    t.objectStore("queue").add(closed);
    t.objectStore("shelf").put({ seq, hash: entry.hash }, "head");
    await ended(t);
    return entry;
  });
}
