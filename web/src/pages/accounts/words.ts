// SPDX-License-Identifier: Apache-2.0
// How roles and their times are said.
import { t, word } from "../../lib/i18n.ts";
import { full, ms, type TimeLike } from "../../lib/time.ts";
import { one } from "../../store/store.ts";

export const minuteOf = (at: TimeLike): string => full(at).replace(/:\d\d$/, "");

export const siteName = (id: string | null): string =>
  id ? (one("sites", id)?.name ?? id) : t("ui.all_sites");

// "" for a role without times.
export function termText(from: TimeLike, until: TimeLike, nowMs: number): string {
  const begins = (ms(from) ?? 0) > nowMs ? t("ui.user.role_from", { time: minuteOf(from) }) : "";
  const ends = ms(until) ? t("ui.user.role_until", { time: minuteOf(until) }) : "";
  return [begins, ends].filter(Boolean).join(" ");
}

export const actorName = (id: string, name: string | null): string =>
  name ?? (id === "local" || id === "system" ? word("ui.change.by", id) : id);
