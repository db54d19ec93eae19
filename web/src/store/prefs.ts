// SPDX-License-Identifier: Apache-2.0
// What a person chooses on this machine: theme, language, sound. Kept in the browser's storage.
import { effect, signal } from "@preact/signals";

export type Theme = "system" | "dark" | "light";
export type Lang = "vi" | "en";

export function stored(key: string, fallback: string): string {
  try {
    return localStorage.getItem(key) ?? fallback;
  } catch {
    return fallback;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A refused storage only means that the choice is not remembered.
  }
}

export const theme = signal<Theme>(stored("vg.theme", "system") as Theme);
export const lang = signal<Lang>(stored("vg.lang", "vi") === "en" ? "en" : "vi");
export const muted = signal(stored("vg.muted", "no") === "yes");

effect(() => {
  keep("vg.theme", theme.value);
  if (theme.value === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme.value;
  }
});
effect(() => {
  keep("vg.lang", lang.value);
  document.documentElement.lang = lang.value;
});
effect(() => keep("vg.muted", muted.value ? "yes" : "no"));
