// SPDX-License-Identifier: Apache-2.0
// One evacuation as it stands on this screen: what the node says of everybody, with the marks laid over it that have not
// left this telephone yet. The last mark by its own moment holds, here as there.
import type { MusterPerson, MusterState } from "../api/muster.ts";
import { ms } from "../lib/time.ts";
import { t } from "../lib/i18n.ts";
import { complain } from "../ui/toast.tsx";
import { enqueue, flush, openQueue, pieces, type Piece } from "./queue.ts";
import { logout, skewMs } from "./session.ts";
import { rows } from "./store.ts";

export interface Somebody extends MusterPerson {
  waiting: boolean; // a mark of him is still here
}

const pathOf = (muster: string) => `/musters/${muster}/marks`;
const marksOf = (muster: string): Piece[] => pieces.value.filter((p) => p.path === pathOf(muster));
// Taps whose person only the node can tell.
export const tapsWaiting = (muster: string): number => marksOf(muster).filter((p) => p.body.badge).length;

const EMPTY = { holder: null, more: null, area_name: null, point_name: null, seen_at: null, left_at: null };
const newcomer = (muster: string, b: Record<string, string>): Somebody => ({
  ...EMPTY,
  id: `new-${b.key}`,
  site: "",
  muster,
  name: b.name ?? "",
  more: b.note ?? null,
  kind: "unlisted",
  origin: "added",
  key: b.key!,
  state: "unknown",
  state_at: null,
  state_point_name: null,
  state_by_name: null,
  state_why: null,
  after_end: false,
  marks: 0,
  waiting: true,
});

function lay(who: Somebody, b: Record<string, string>): void {
  who.waiting = true;
  if ((ms(b.at) ?? 0) >= (ms(who.state_at) ?? 0)) {
    who.state = b.state as MusterState;
    who.state_at = b.at!;
  }
}

export function peopleOf(muster: string): Somebody[] {
  const all = rows("muster-people")
    .filter((p) => p.muster === muster)
    .map((p): Somebody => ({ ...p, waiting: false }));
  const byId = new Map(all.map((p) => [p.id, p]));
  const byKey = new Map(all.filter((p) => p.key).map((p) => [p.key!, p]));
  for (const { body } of marksOf(muster)) {
    let who = body.key ? byKey.get(body.key) : byId.get(body.person ?? "");
    if (!who && body.key && body.name) {
      who = newcomer(muster, body);
      byKey.set(body.key, who);
      all.push(who);
    }
    if (who) {
      lay(who, body);
    }
  }
  return all.sort((a, b) => (a.name ?? "").localeCompare(b.name ?? "", "vi"));
}

// Told of somebody: sent at once, or kept here until the node is reached. Each is a fact of its own.
export function mark(muster: string, what: Record<string, string>): void {
  const at = new Date(Date.now() + skewMs.peek()).toISOString();
  enqueue(pathOf(muster), { ...what, at, told: new Date().toISOString() }, () => false);
}

// Marks would stay in this browser, with names in them, and nobody would send them: they leave first.
export async function leave(): Promise<void> {
  openQueue();
  await flush();
  const n = pieces.peek().filter((p) => p.path.startsWith("/musters/")).length;
  if (n) {
    complain(t("ui.muster.leave_waiting", { n }));
  } else {
    await logout();
  }
}

export const whoIs = (p: MusterPerson): Record<string, string> =>
  p.id.startsWith("new-") ? { key: p.key!, name: p.name ?? "" } : { person: p.id };

export const STATES: MusterState[] = ["unknown", "unsafe", "safe", "not_here", "excluded"];
// Of whom it is not known that he is out of danger.
export const isMissing = (p: MusterPerson): boolean => p.state === "unknown" || p.state === "unsafe";
