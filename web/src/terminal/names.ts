// SPDX-License-Identifier: Apache-2.0
// Names on a terminal: kept only locked, open only in memory. Each guard has a lock of his own: names are closed to its
// public half without him, and opened by the other half, which lies under his number (PBKDF2) and under a key of this
// browser that cannot be read out. Five wrong numbers, and the names are gone until the next snapshot.
import type { Names } from "./bans.ts";

export interface Lock {
  user: string;
  name: string;
  open: CryptoKey; // the public half
  salt: Uint8Array<ArrayBuffer>;
  ivs: [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  box: ArrayBuffer; // the other half, closed twice
}
interface Closed {
  user: string;
  with: CryptoKey; // public half of the pair of this once
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
}
export interface LockedNames {
  iv: Uint8Array<ArrayBuffer>;
  box: ArrayBuffer;
  keys: Closed[];
  wrong: number;
}
export const PIN_MIN = 6;
export const WRONG_MAX = 5;

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const ITERATIONS = 600_000;
const utf8 = (text: string) => new TextEncoder().encode(text);
const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const seal = (key: CryptoKey, iv: Uint8Array<ArrayBuffer>, data: BufferSource) =>
  crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, data);
const unseal = (key: CryptoKey, iv: Uint8Array<ArrayBuffer>, data: BufferSource) =>
  crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);

async function ofPin(pin: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", salt, iterations: ITERATIONS, hash: "SHA-256" },
    raw,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

async function between(mine: CryptoKey, theirs: CryptoKey): Promise<CryptoKey> {
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
  const raw = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8("vonggac names 1") },
    raw,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

export async function makeLock(user: string, name: string, pin: string, box: CryptoKey): Promise<Lock> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const salt = random(16);
  const ivs: Lock["ivs"] = [random(12), random(12)];
  const inner = await seal(await ofPin(pin, salt), ivs[0], await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { user, name, open: pair.publicKey, salt, ivs, box: await seal(box, ivs[1], inner) };
}

export async function lockNames(names: string, locks: Lock[]): Promise<LockedNames> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const raw = await crypto.subtle.exportKey("raw", key);
  const iv = random(12);
  const keys = await Promise.all(
    locks.map(async (l) => {
      const once = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
      const own = random(12);
      return {
        user: l.user,
        with: once.publicKey,
        iv: own,
        box: await seal(await between(once.privateKey, l.open), own, raw),
      };
    }),
  );
  // With no lock yet, nothing of the names is kept.
  const box = locks.length ? await seal(key, iv, utf8(names)) : new ArrayBuffer(0);
  return { iv, box, keys, wrong: 0 };
}

// null: the number is wrong, or there is nothing of his to open.
export async function openNames(n: LockedNames, lock: Lock, pin: string, box: CryptoKey): Promise<Names | null> {
  const closed = n.keys.find((k) => k.user === lock.user);
  if (!closed) {
    return null;
  }
  try {
    const inner = await unseal(box, lock.ivs[1], lock.box);
    const half = await unseal(await ofPin(pin, lock.salt), lock.ivs[0], inner);
    const mine = await crypto.subtle.importKey("pkcs8", half, CURVE, false, ["deriveBits"]);
    const raw = await unseal(await between(mine, closed.with), closed.iv, closed.box);
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    return JSON.parse(new TextDecoder().decode(await unseal(key, n.iv, n.box))) as Names;
  } catch {
    return null;
  }
}
