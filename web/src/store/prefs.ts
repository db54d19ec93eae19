// SPDX-License-Identifier: Apache-2.0
// What a person chooses on this machine: theme, language, sound, how dense. Kept in the browser's storage.
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
export type Density = "normal" | "compact";
export const density = signal<Density>(
  stored("vg.density", "normal") === "compact" ? "compact" : "normal",
);
export const muted = signal(stored("vg.muted", "no") === "yes");

// The style sheet knows two looks and no system: theme.ts does the same before the first paint.
const light = matchMedia("(prefers-color-scheme: light)");
const systemLight = signal(light.matches);
light.addEventListener("change", () => {
  systemLight.value = light.matches;
});
effect(() => {
  keep("vg.theme", theme.value);
  document.documentElement.dataset.theme =
    theme.value === "system" ? (systemLight.value ? "light" : "dark") : theme.value;
});
effect(() => {
  keep("vg.density", density.value);
  document.documentElement.dataset.density = density.value;
});
effect(() => {
  keep("vg.lang", lang.value);
  document.documentElement.lang = lang.value;
});
effect(() => keep("vg.muted", muted.value ? "yes" : "no"));
