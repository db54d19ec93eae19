// SPDX-License-Identifier: Apache-2.0
// What a marshal's telephone keeps of an evacuation, so that his page opens again without a connection: the list as last
// known, closed under a key of this browser that cannot be read out. It goes when the evacuation is over, when he logs
// out or somebody else logs in, and after a day whatever happens. His marks lie in the queue (store/queue.ts).
import { effect } from "@preact/signals";
import { ApiError, get } from "../api/client.ts";
import type { Muster, MusterPerson } from "../api/muster.ts";
import type { Fixture } from "../api/register.ts";
import { possible } from "../lib/device.ts";
import { openQueue } from "../store/queue.ts";
import { session, skewMs } from "../store/session.ts";
import { onRow, putRows } from "../store/store.ts";
import { dropLists, lists, readList, writeList } from "./keep.ts";

const HOLDS_MS = 24 * 3600e3;

export interface KeptList {
  user: string;
  at: number; // of the list, ms by the node's clock
  skew: number; // of this machine's clock then
  muster: Muster;
  people: MusterPerson[];
  points: Fixture[];
}

// Changes that come faster than they can be written are written together.
let next: KeptList | null = null;
let writing = false;
export async function keepList(l: KeptList): Promise<void> {
  next = l;
  if (writing || !possible()) {
    return;
  }
  writing = true;
  try {
    while (next) {
      const one: KeptList = next;
      next = null;
      await writeList(one.muster.id, JSON.stringify(one));
    }
  } catch {
    // A browser that keeps nothing: the list is there as long as the page.
  } finally {
    writing = false;
  }
}

async function listOf(muster: string): Promise<KeptList | null> {
  const text = await readList(muster);
  const l = text === null ? null : (JSON.parse(text) as KeptList);
  return l && Date.now() + l.skew - l.at < HOLDS_MS ? l : null;
}

// Back on the screen, without the node: the rows, the marks that wait, the node's clock.
export async function openList(muster: string): Promise<KeptList | null> {
  const l = possible() ? await listOf(muster) : null;
  if (l && session.peek() === undefined) {
    skewMs.value = l.skew;
    putRows([
      { resource: "musters", row: l.muster },
      ...l.people.map((row) => ({ resource: "muster-people", row })),
      ...l.points.map((row) => ({ resource: "fixtures", row })),
    ]);
    openQueue(l.user);
  }
  return l;
}

// Is it still to be kept, as far as the node can be asked?
async function isOver(muster: string, user: string): Promise<boolean> {
  if ((await listOf(muster))?.user !== user) {
    return true;
  }
  try {
    return (await get<Muster>(`/musters/${muster}`)).state !== "open";
  } catch (e) {
    return e instanceof ApiError && e.status === 404;
  }
}

async function tidy(user: string): Promise<void> {
  for (const muster of await lists()) {
    if (await isOver(muster, user)) {
      await dropLists(muster);
    }
  }
}

export function startLists(): void {
  effect(() => {
    const who = session.value;
    if (who) {
      openQueue(); // what waits leaves, whatever page is open
    }
    if (possible() && who !== undefined) {
      void (who ? tidy(who.user.id) : dropLists()).catch(() => undefined); // nothing could be kept either
    }
  });
  onRow((name, row) => {
    if (name === "musters" && (row as Muster).state === "ended" && possible()) {
      void dropLists(row.id).catch(() => undefined);
    }
  });
}
