// SPDX-License-Identifier: Apache-2.0
// This browser as a device of its own (a gate, a phone): a key pair that cannot be read out, in IndexedDB, bound to an
// account by a code that is typed once. Each request is signed; what is written down without a connection can be signed
// too and checked later (core/device.h). The words of the signature: src/http/device_words.h.
import { ApiError, BASE } from "../api/client.ts";
import type { Problem } from "../api/types.ts";

export interface Bound {
  id: string;
  kind: string;
  name: string;
  site: string;
  site_name: string;
  fingerprint: string;
}
export interface Kept extends Bound {
  key: CryptoKey;
}

const DB = "vonggac-device";
const STORE = "device";
const SELF = "self";
const KEY = { name: "ECDSA", namedCurve: "P-256" };
const SIGN = { name: "ECDSA", hash: "SHA-256" };
let skewMs = 0; // the node's clock minus ours, once it refused a time of ours

export const possible = (): boolean => isSecureContext && "subtle" in crypto && "indexedDB" in globalThis;

// --- what is kept -------------------------------------------------------------------------------
function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("indexedDB"));
  });
}

async function store<T>(mode: IDBTransactionMode, use: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = indexedDB.open(DB, 1);
  open.onupgradeneeded = () => void open.result.createObjectStore(STORE);
  const db = await asked(open);
  try {
    return await asked(use(db.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    db.close();
  }
}

export const self = (): Promise<Kept | undefined> =>
  store("readonly", (s) => s.get(SELF) as IDBRequest<Kept | undefined>);
export const forget = (): Promise<undefined> => store("readwrite", (s) => s.delete(SELF));

// --- bytes --------------------------------------------------------------------------------------
export function base64url(bytes: ArrayBuffer | Uint8Array): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
const utf8 = (text: string) => new TextEncoder().encode(text);
const signature = async (key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  base64url(await crypto.subtle.sign(SIGN, key, bytes));

// Of bytes that the node checks later against the key that is bound then.
export async function signBytes(me: Kept, bytes: Uint8Array): Promise<string> {
  const head = utf8(`vonggac bytes 1\n${me.id}\n`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return signature(me.key, all);
}

async function authorization(me: Kept, method: string, target: string, body: string): Promise<string> {
  const ts = String(Math.round(Date.now() + skewMs));
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const digest = base64url(await crypto.subtle.digest("SHA-256", utf8(body)));
  const text = `vonggac request 1\n${me.id}\n${ts}\n${nonce}\n${digest}\n${method} ${target}`;
  const sig = await signature(me.key, utf8(text));
  return `Device ${me.id};ts=${ts};nonce=${nonce};body=${digest};sig=${sig}`;
}

// --- asking -------------------------------------------------------------------------------------
async function problem(answer: Response): Promise<ApiError> {
  const said = (await answer.json().catch(() => ({}))) as Problem;
  return new ApiError(answer.status, { ...said, status: answer.status });
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: "omit", cache: "no-store" });
  } catch {
    throw new ApiError(0, { status: 0 });
  }
}

// As the device, by path below /api/v1 with its query. A clock that is off is corrected once by what the node says.
export async function signed(me: Kept, method: string, path: string, body?: unknown): Promise<Response> {
  const target = new URL(BASE + path, location.origin);
  const address = target.pathname + target.search;
  const text = body === undefined ? "" : JSON.stringify(body);
  const once = async () =>
    reach(address, {
      method,
      headers: {
        Authorization: await authorization(me, method, address, text),
        ...(text && { "Content-Type": "application/json" }),
      },
      body: text || undefined,
    });
  const first = await once();
  const nodeMs = Number(first.headers.get("Vonggac-Time"));
  if (first.status !== 401 || !nodeMs || Math.abs(nodeMs - Date.now() - skewMs) < 1000) {
    return first;
  }
  skewMs = nodeMs - Date.now();
  return once();
}

// Binds this browser with the code that an administrator was shown. The key never leaves: only its public half is sent.
export async function enrol(code: string, name: string, lang: string): Promise<Kept> {
  const pair = await crypto.subtle.generateKey(KEY, false, ["sign"]);
  const key = base64url(await crypto.subtle.exportKey("raw", pair.publicKey));
  const answer = await reach(`${BASE}/devices/enrol`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": lang },
    body: JSON.stringify({ code, key, name }),
  });
  if (!answer.ok) {
    throw await problem(answer);
  }
  const me: Kept = { ...((await answer.json()) as Bound), key: pair.privateKey };
  await store("readwrite", (s) => s.put(me, SELF));
  return me;
}
