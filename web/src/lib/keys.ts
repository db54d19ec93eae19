// SPDX-License-Identifier: Apache-2.0
// Single-key commands of the desk. Pure: says what a key press means; never in a field, never with a modifier.
export type KeyAction =
  "next" | "prev" | "open" | "acknowledge" | "new" | "search" | "help" | "close" | "mute";

const MAP: Record<string, KeyAction> = {
  j: "next",
  k: "prev",
  enter: "open",
  a: "acknowledge",
  n: "new",
  "/": "search",
  "?": "help",
  escape: "close",
  m: "mute",
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
  target: {
    tagName?: string;
    isContentEditable?: boolean;
    type?: string;
    closest?: (s: string) => unknown;
  } | null;
}

const FIELD = new Set(["INPUT", "TEXTAREA", "SELECT"]);

export function isTyping(k: KeyPress): boolean {
  const t = k.target;
  const box =
    t?.type === "checkbox" || t?.type === "radio" || t?.type === "button" || t?.type === "range";
  return !!t && ((FIELD.has(t.tagName ?? "") && !box) || !!t.isContentEditable);
}

export function actionOf(k: KeyPress): KeyAction | null {
  if (k.isComposing) {
    return null;
  }
  const key = k.key.toLowerCase();
  if ((k.ctrlKey || k.metaKey) && !k.altKey && key === "k") {
    return "search";
  }
  if (k.ctrlKey || k.metaKey || k.altKey || (isTyping(k) && key !== "escape")) {
    return null;
  }
  // Enter on a button or a link is that control's own.
  if (
    key === "enter" &&
    (k.target?.tagName === "BUTTON" || k.target?.tagName === "A" || k.target?.tagName === "SUMMARY")
  ) {
    return null;
  }
  return MAP[key] ?? null;
}

export const step = (length: number, at: number, by: number): number =>
  length === 0
    ? -1
    : at < 0
      ? by > 0
        ? 0
        : length - 1
      : Math.max(0, Math.min(length - 1, at + by));
