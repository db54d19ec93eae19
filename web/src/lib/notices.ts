// SPDX-License-Identifier: Apache-2.0
// Rules of notification put in the order in which people hear: what an officer wants to know is the sequence,
// not the table. Pure.
import type { NoticeRule } from "../api/notices.ts";

export interface Sequence {
  site: string; // "" = rules of every site
  siteName: string;
  steps: { afterS: number; rules: NoticeRule[] }[];
}

function stepsOf(rules: NoticeRule[]): Sequence["steps"] {
  const by = new Map<number, NoticeRule[]>();
  for (const r of rules) {
    by.set(r.after_s, [...(by.get(r.after_s) ?? []), r]);
  }
  return [...by]
    .sort(([a], [b]) => a - b)
    .map(([afterS, at]) => ({
      afterS,
      rules: at.sort((a, b) => a.name.localeCompare(b.name, "vi")),
    }));
}

// One for each site that has rules of its own, with those of every site in it; first the one of every site.
export function sequences(rules: NoticeRule[]): Sequence[] {
  const common = rules.filter((r) => !r.site);
  const sites = new Map(rules.filter((r) => r.site).map((r) => [r.site, r.site_name]));
  const own = [...sites]
    .sort(([, a], [, b]) => a.localeCompare(b, "vi"))
    .map(([site, siteName]) => ({
      site,
      siteName,
      steps: stepsOf(rules.filter((r) => !r.site || r.site === site)),
    }));
  return common.length ? [{ site: "", siteName: "", steps: stepsOf(common) }, ...own] : own;
}

// Seconds in the largest unit that is whole: [2, "minutes"].
export type Unit = "seconds" | "minutes" | "hours" | "days";
const UNITS: [Unit, number][] = [
  ["days", 86400],
  ["hours", 3600],
  ["minutes", 60],
];
export function span(s: number): [number, Unit] {
  const unit = UNITS.find(([, n]) => s >= n && s % n === 0);
  return unit ? [s / unit[1], unit[0]] : [s, "seconds"];
}

export const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export const isQuiet = (r: Pick<NoticeRule, "quiet_from" | "quiet_to">): boolean =>
  r.quiet_from >= 0 && r.quiet_to >= 0 && r.quiet_from !== r.quiet_to;
