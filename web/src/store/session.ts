// SPDX-License-Identifier: Apache-2.0
// Who is at the console, the live link, and the server's clock. One stream per page, opened after the
// login and closed at the logout.
import { batch, computed, signal } from "@preact/signals";
import { ApiError, ask, clientState, get, post } from "../api/client.ts";
import { Stream } from "../api/stream.ts";
import type { Node, Session } from "../api/types.ts";
import { dropDrafts } from "./plandraft.ts";
import { lang } from "./prefs.ts";
import { clearAll, openAfter, putRow, putRows, reloadAll } from "./store.ts";

export const session = signal<Session | null | undefined>(undefined); // undefined: not asked yet
export const unreachable = signal(false); // the first answer did not come
export const node = signal<Node | null>(null);
export const lostSince = signal<number | null>(null); // ms, this machine's clock
export const skewMs = signal(0); // server clock - this machine's
export const now = signal(Date.now()); // server time, once a second

// A permission ends in * for any ending, in _own for things of one's own agency (the server narrows).
export const may = (permission: string): boolean =>
  (session.value?.permissions ?? []).some(
    (p) =>
      p === permission ||
      p === `${permission}_own` ||
      (p.endsWith("*") && permission.startsWith(p.slice(0, -1))),
  );
// The act on anything one may see, not only on things of one's own agency.
export const mayAny = (permission: string): boolean =>
  !!session.value?.permissions.includes(permission);
// The act on a thing of this agency: by a right to any, or by one to one's own.
export const mayOf = (permission: string, agency: string): boolean =>
  mayAny(permission) || (may(permission) && agency === session.value?.user.agency);
export const stale = computed(() => lostSince.value !== null);

setInterval(() => {
  now.value = Date.now() + skewMs.value;
}, 1000);

function setTime(text: string | undefined): void {
  const t = text ? Date.parse(text) : NaN;
  if (!Number.isNaN(t)) {
    const skew = t - Date.now();
    // Half a second of jitter is the network's, not the clock's.
    if (Math.abs(skew - skewMs.value) > 500) {
      skewMs.value = skew;
    }
    now.value = Date.now() + skewMs.value;
  }
}

const GATE_MS = 1000;
let opened: (() => void) | null = null; // while the first hello is awaited
let late = false; // lists were read without a stream
let boot = "";
let pending: { resource: string; row: object }[] = [];
let flushing = false;

// Rows that come in one burst are drawn once: at the next frame, or at once in a hidden page.
function queueRow(m: { resource: string; row: object }): void {
  pending.push(m);
  if (document.hidden) {
    flush();
  } else if (!flushing) {
    flushing = true;
    requestAnimationFrame(flush);
  }
}

function flush(): void {
  const changes = pending;
  pending = [];
  flushing = false;
  putRows(changes);
}

const stream = new Stream({
  onUp: () => {
    const wasDown = lostSince.value !== null;
    lostSince.value = null;
    if (wasDown) {
      void readNode();
    }
  },
  onDown: (since) => {
    lostSince.value = lostSince.value ?? since;
  },
  onUnauthorised: () => endSession(),
  onMessage: (m) => {
    const data = m.data ? JSON.parse(m.data) : {};
    if (m.event === "row") {
      queueRow(data);
    } else if (m.event === "tick") {
      setTime(data.server_time);
    } else if (m.event === "hello") {
      setTime(data.server_time);
      if (late || (boot && boot !== data.boot)) {
        reloadAll();
      }
      late = false;
      boot = data.boot;
      opened?.();
    } else if (m.event === "reset") {
      reloadAll();
    }
  },
});

async function readNode(): Promise<Node | null> {
  try {
    node.value = await get<Node>("/node");
    return node.value;
  } catch {
    return null; // the node's name is a comfort, not a condition
  }
}

function begin(s: Session): void {
  clientState.csrf = s.csrf;
  batch(() => {
    session.value = s;
    unreachable.value = false;
  });
  openAfter(
    new Promise<void>((done) => {
      const timer = setTimeout(() => {
        late = true;
        done();
      }, GATE_MS);
      opened = () => {
        clearTimeout(timer);
        opened = null;
        done();
      };
    }),
  );
  stream.stop();
  stream.start();
  void readNode();
  if (s.lang && s.lang !== lang.value) {
    void saveLang(); // the server's words follow the language of this screen
  }
}

function endSession(): void {
  stream.stop();
  batch(() => {
    clearAll();
    lostSince.value = null;
    session.value = null;
  });
}
clientState.onUnauthorised = endSession;

export async function resume(): Promise<void> {
  try {
    // The node says whether somebody is logged in; asking for a session that is not there would be refused.
    const known = (await readNode())?.logged_in !== false;
    if (known) {
      begin(await get<Session>("/session"));
    } else {
      endSession();
    }
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) {
      endSession();
    } else {
      unreachable.value = true;
      setTimeout(() => void resume(), 2000);
    }
  }
}

// code: of who has a second factor; the server asks for it after a right password.
export async function login(name: string, password: string, code?: string): Promise<void> {
  begin(await post<Session>("/session", { login: name, password, code }));
  void saveLang();
}

export async function logout(): Promise<void> {
  try {
    await ask("DELETE", "/session");
  } finally {
    dropDrafts();
    endSession();
  }
}

// The server tells it with the next session; the page that changed it knows it now.
export function setFactor(factor: boolean): void {
  const s = session.value;
  if (s) {
    session.value = { ...s, user: { ...s.user, factor } };
  }
}

export async function saveLang(): Promise<void> {
  if (session.value) {
    try {
      await ask("PATCH", "/session", { lang: lang.value });
    } catch {
      // The choice is kept in the browser all the same.
    }
  }
}

// Another world is another set of rows: this tab and all others of the browser read everything anew.
const WORLD = "vg.world";
export async function enterWorld(world: number): Promise<void> {
  await ask("PATCH", "/session", { world });
  localStorage.setItem(WORLD, String(world));
  location.reload();
}
addEventListener("storage", (e) => {
  if (e.key === WORLD) {
    location.reload();
  }
});

// A command, then the changed row at once if the answer holds it (the stream brings it anyway).
export async function act<T extends object = { id: string }>(
  path: string,
  body: object = {},
  resource?: string,
): Promise<T> {
  const answer = await post<T>(path, body);
  if (resource && "site" in answer && "id" in answer) {
    putRow(resource, answer);
  }
  return answer;
}
