// SPDX-License-Identifier: Apache-2.0
// What the console says by itself: sounds, the announcement for screen readers, the badge in the title.
// Driven by the same order as the queue on the screen.
import { computed, effect, signal } from "@preact/signals";
import { pick, t } from "../lib/i18n.ts";
import { alertSite } from "../lib/place.ts";
import { mustAct, play } from "../lib/sound.ts";
import { alertsByZone, foldQueue, isMinor, loudnessOf, queue, type Fold, type QueueItem } from "../lib/urgency.ts";
import { lostSince, session } from "./session.ts";
import { onRow, rows } from "./store.ts";

export const deskQueue = computed(() => queue(rows("alerts"), rows("incidents")));
// Sites in storm, and those whose folded line is open.
export const storms = computed(() => new Map(rows("alert-storms").filter((s) => s.state === "on").map((s) => [s.site, s])));
export const unfolded = signal<ReadonlySet<string>>(new Set());
export const shownQueue = (shown?: string): (QueueItem | Fold)[] =>
  foldQueue(deskQueue.value, (site) => storms.value.has(site), unfolded.value, shown);
export function unfold(site: string, open: boolean): void {
  unfolded.value = new Set([...unfolded.value].filter((s) => s !== site).concat(open ? [site] : []));
}

export const zoneAlerts = computed(() => alertsByZone(rows("alerts")));
export const announced = signal("");
export const pageTitle = signal("");

const waiting = computed(() => deskQueue.value.filter((i) => i.waiting && !i.alert?.test));
export const waitingCount = computed(() => waiting.value.length);

export function startWatch(): void {
  effect(() => {
    mustAct.value = !!session.value && waiting.value.some((i) => loudnessOf(i.level) === "act");
  });
  effect(() => {
    const n = session.value ? waiting.value.length : 0;
    document.title = `${n ? `(${n}) ` : ""}${pageTitle.value ? `${pageTitle.value} – ` : ""}Vọng gác`;
  });
  let wasLost = false;
  effect(() => {
    const lost = lostSince.value !== null;
    if (lost && !wasLost) {
      play("lost");
    }
    wasLost = lost;
  });
  onRow((name, row, before) => {
    if (name === "alerts") {
      const a = row as import("../api/types.ts").Alert;
      if (a.state === "open" && !before && !(storms.value.has(a.site) && isMinor(a))) {
        announced.value = t("ui.alert.announce", {
          level: t(`ui.level.${a.level}`),
          title: pick(a, "title"),
          place: a.zone_name ?? alertSite(a),
        });
        if (a.test) {
          play("test");
        } else if (a.level === "medium") {
          play("attention");
        }
      }
    } else if (name === "sources") {
      const s = row as import("../api/types.ts").Source;
      const was = before as import("../api/types.ts").Source | undefined;
      if (s.state === "silent" && was && was.state !== "silent") {
        announced.value = t("ui.source.announce_silent", { name: s.name });
        if (!storms.value.has(s.site)) {
          play("lost");
        }
      }
    } else if (name === "alert-storms") {
      const s = row as import("../api/types.ts").Storm;
      const was = before as import("../api/types.ts").Storm | undefined;
      if (s.state !== was?.state && (was || s.state === "on")) {
        announced.value = t(s.state === "on" ? "ui.storm.announce" : "ui.storm.over", { site: s.site_name ?? "" });
        if (s.state === "on") {
          play("attention");
        }
      }
    }
  });
}
