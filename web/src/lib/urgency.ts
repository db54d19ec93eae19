// SPDX-License-Identifier: Apache-2.0
// What is loudest. One order for the queue, the board and the sound, so that they never disagree. Pure.
import type { Alert, Incident, Level, Source, Zone } from "../api/types.ts";

export type Loudness = "act" | "attention" | "info" | "normal" | "unknown";

export const LEVEL_RANK: Record<Level, number> = { critical: 3, high: 2, medium: 1, low: 0 };

export const loudnessOf = (level: Level): Loudness =>
  LEVEL_RANK[level] >= 2 ? "act" : level === "medium" ? "attention" : "info";

export interface QueueItem {
  kind: "alert" | "incident";
  id: string;
  level: Level;
  waiting: boolean;
  at: string;
  alert?: Alert;
  incident?: Incident;
}

// Unacknowledged before acknowledged, then level, then incidents, then the newest.
export function compareItems(a: QueueItem, b: QueueItem): number {
  return (
    Number(b.waiting) - Number(a.waiting) ||
    LEVEL_RANK[b.level] - LEVEL_RANK[a.level] ||
    Number(b.kind === "incident") - Number(a.kind === "incident") ||
    b.at.localeCompare(a.at) ||
    a.id.localeCompare(b.id)
  );
}

// Alerts attached to an open incident stand inside it, unless nobody has acknowledged them.
export function queue(alerts: Alert[], incidents: Incident[]): QueueItem[] {
  const open = new Set(incidents.filter((i) => i.state === "open").map((i) => i.id));
  const items: QueueItem[] = [];
  for (const a of alerts) {
    if (
      a.state === "open" ||
      (a.state === "acknowledged" && !(a.incident && open.has(a.incident)))
    ) {
      items.push({
        kind: "alert",
        id: a.id,
        level: a.level,
        waiting: a.state === "open",
        at: a.raised_at,
        alert: a,
      });
    }
  }
  for (const i of incidents) {
    if (i.state === "open") {
      items.push({
        kind: "incident",
        id: i.id,
        level: i.level,
        waiting: false,
        at: i.opened_at,
        incident: i,
      });
    }
  }
  return items.sort(compareItems);
}

// While its site is in storm a low or medium alert stands in one line with the others; what is high, endangers life
// or is a test stands alone.
export const isMinor = (a: Alert): boolean => LEVEL_RANK[a.level] < 2 && !a.life && !a.test;

export interface Fold {
  site: string;
  items: QueueItem[];
}
// The queue as it is read: items, and for each stormy site one line where its first minor alert would stand. Those
// of an opened line follow it; the one that is looked at always stands.
export function foldQueue(items: QueueItem[], stormy: (site: string) => boolean, opened: ReadonlySet<string>, shown?: string): (QueueItem | Fold)[] {
  const lines = new Map<string, Fold>();
  const list: (QueueItem | Fold)[] = [];
  for (const i of items) {
    const site = i.alert && stormy(i.alert.site) && isMinor(i.alert) ? i.alert.site : null;
    if (site !== null) {
      const line = lines.get(site) ?? { site, items: [] };
      if (!line.items.length) {
        lines.set(site, line);
        list.push(line);
      }
      line.items.push(i);
    }
    if (site === null || opened.has(site) || i.id === shown) {
      list.push(i);
    }
  }
  return list;
}

// The one alert that may be filled red: the first that waits and must be acted on; tests never.
export function loudest(items: QueueItem[]): string | null {
  return (
    items.find((i) => i.waiting && i.alert && !i.alert.test && loudnessOf(i.level) === "act")?.id ??
    null
  );
}

// The worst open alert of each zone, by the zone's id and by its place and name (old evidence has only those).
// One that waits comes before one that somebody has taken; tests are nobody's alarm.
export const zoneKey = (site: string, name: string): string => `${site} ${name}`;

export function alertsByZone(alerts: Alert[]): Map<string, Alert> {
  const by = new Map<string, Alert>();
  const worse = (a: Alert, b: Alert | undefined) =>
    !b ||
    (Number(a.state === "open") - Number(b.state === "open") ||
      LEVEL_RANK[a.level] - LEVEL_RANK[b.level]) > 0;
  for (const a of alerts) {
    if (a.state !== "closed" && !a.test) {
      const names = a.evidence.map(
        (e) => e.zone ?? (e.zone_name && zoneKey(a.site, e.zone_name)),
      );
      for (const key of new Set([a.zone, ...names])) {
        if (key && worse(a, by.get(key))) {
          by.set(key, a);
        }
      }
    }
  }
  return by;
}

export const isBypassed = (z: Zone, nowMs: number): boolean =>
  !!z.bypass_until && Date.parse(z.bypass_until) > nowMs;

// A source whose word cannot be relied on now.
export const isMissing = (s: Source): boolean =>
  s.state === "silent" || s.state === "unproven" || s.state === "never";

const SOURCE_RANK: Record<string, number> = {
  silent: 0,
  unproven: 1,
  never: 2,
  disabled: 3,
  alive: 4,
};
export const compareSources = (a: Source, b: Source): number =>
  (SOURCE_RANK[a.state] ?? 9) - (SOURCE_RANK[b.state] ?? 9) || a.name.localeCompare(b.name, "vi");
