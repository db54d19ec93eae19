// SPDX-License-Identifier: Apache-2.0
// Texts by key from the catalogue (po files); What stands for values: lib/text.ts. A missing key shows itself: tests fail on it.
import { signal } from "@preact/signals";
import { clientState } from "../api/client.ts";
import { lang, type Lang } from "../store/prefs.ts";
import { fill, type Args } from "./text.ts";

declare const VG_LOCALES: Record<Lang, string>;
const texts = signal<Record<string, string>>({});

export async function loadLocale(which: Lang): Promise<void> {
  const answer = await fetch(VG_LOCALES[which]);
  texts.value = await answer.json();
  clientState.lang = which;
  lang.value = which;
}


export function t(key: string, args?: Args): string {
  const text = texts.value[key] ?? key;
  return args ? fill(text, args) : text;
}

// The word for a value of a closed set: ui.level.critical; the value itself if the catalogue has none.
export function word(set: string, value: string | null | undefined): string {
  return value ? (texts.value[`${set}.${value}`] ?? value) : "–";
}

// Rows carry both languages: title_vi, title_en.
export function pick(row: object | undefined, field: string): string {
  const r = row as Record<string, string | null> | undefined;
  return r ? (r[`${field}_${lang.value}`] ?? r[`${field}_vi`] ?? r[`${field}_en`] ?? "") : "";
}
