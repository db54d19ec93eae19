// SPDX-License-Identifier: Apache-2.0
// What was written while the server could not be reached: kept in this browser for this person, sent in order
// when the link is back. Each piece has its own idempotency key, made once, so that a piece whose answer was
// lost is not done twice. What the server refuses is taken out and said, never silently dropped.
import { signal } from "@preact/signals";
import { ApiError, ask } from "../api/client.ts";
import { errorText } from "../ui/parts.tsx";
import { complain } from "../ui/toast.tsx";
import { session } from "./session.ts";

export interface Piece {
  key: string;
  path: string;
  body: Record<string, string>;
}

const RETRY_MS = 4_000;
const PIECES_MAX = 1_000;
export const pieces = signal<Piece[]>([]);
export const sending = signal(false);

const nameOf = (user = session.peek()?.user.id ?? "") => `vg.queue.${user}`;
let loadedFor = "";

function keep(list: Piece[]): void {
  pieces.value = list;
  try {
    localStorage.setItem(loadedFor, JSON.stringify(list));
  } catch {
    // Without storage the queue lives as long as the page.
  }
}

// user: whose it is while the node cannot be asked who is here.
export function openQueue(user?: string): void {
  const name = nameOf(user);
  if (loadedFor !== name) {
    loadedFor = name;
    try {
      pieces.value = JSON.parse(localStorage.getItem(loadedFor) ?? "[]") as Piece[];
    } catch {
      pieces.value = [];
    }
  }
  void flush();
}

// Worth trying again: not reached, busy, or the server is not ready.
const passing = (e: ApiError) => e.offline || e.status === 429 || e.status >= 500;

let timer = 0;
export async function flush(): Promise<void> {
  if (sending.peek() || !pieces.peek().length || loadedFor !== nameOf()) {
    return;
  }
  sending.value = true;
  clearTimeout(timer);
  try {
    for (let p = pieces.peek()[0]; p; p = pieces.peek()[0]) {
      const one = p;
      try {
        await ask("POST", one.path, one.body, { "Idempotency-Key": one.key });
      } catch (e) {
        if (!(e instanceof ApiError)) {
          throw e;
        }
        if (passing(e) || e.status === 401) {
          timer = window.setTimeout(() => void flush(), RETRY_MS);
          return;
        }
        complain(errorText(e));
      }
      keep(pieces.peek().filter((x) => x.key !== one.key));
    }
  } finally {
    sending.value = false;
  }
}

// A later piece for the same thing takes the place of one that has not left yet.
export function enqueue(path: string, body: Record<string, string>, same: (p: Piece) => boolean): void {
  if (session.peek()) {
    openQueue();
  }
  const key = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const busy = sending.peek() ? pieces.peek()[0]?.key : undefined;
  const rest = pieces.peek().filter((p) => p.key === busy || p.path !== path || !same(p));
  keep([...rest, { key, path, body }].slice(-PIECES_MAX));
  void flush();
}

addEventListener("online", () => void flush());
