// SPDX-License-Identifier: Apache-2.0
// The shapes of states and a few signs. A shape never stands alone: a word stands beside it (or the icon
// carries the word as its label). Shapes differ in outline, not in colour only.
import type { Loudness } from "../lib/urgency.ts";

const PATHS: Record<string, string> = {
  search: "M11 11l4 4M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10z",
  close: "M3 3l10 10M13 3L3 13",
  down: "M4 6l4 4 4-4",
  sound: "M2 6h3l4-3v10l-4-3H2zM11.5 5.5a4 4 0 0 1 0 5",
  muted: "M2 6h3l4-3v10l-4-3H2zM11 6l4 4M15 6l-4 4",
  link: "M2 12a8 8 0 0 1 12 0M4.5 13.5a5 5 0 0 1 7 0M8 15h.01M2 9a9 9 0 0 1 12 0",
  out: "M9 3h4v10H9M2 8h7M6 5l3 3-3 3",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  more: "M3 8h.01M8 8h.01M13 8h.01",
  desk: "M2 3h12v8H2zM6 14h4M8 11v3",
  incident: "M3 2h7l3 3v9H3zM6 7h4M6 10h4",
  source:
    "M8 8h.01M5 11a4.2 4.2 0 0 1 0-6M11 5a4.2 4.2 0 0 1 0 6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10",
  journal: "M4 2h9v12H4a1.5 1.5 0 0 1 0-3h9M4 2a1.5 1.5 0 0 0-1.5 1.5v9",
  due: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.5l2.5 1.5",
  check: "M3 8.5l3.5 3.5L13 4.5",
  columns: "M2 3h12v10H2zM6.5 3v10M10.5 3v10",
  store: "M2 6l6-4 6 4v8H2zM5 14V9h6v5",
  patrol: "M8 14s5-4.5 5-8A5 5 0 0 0 3 6c0 3.5 5 8 5 8zM6 6l1.5 1.5L10 5",
  checkpoint: "M8 2l6 3v3c0 3-2.5 5-6 6-3.5-1-6-3-6-6V5z",
  pointer: "M3 2l10 5-4.5 1.5L7 13z",
  rect: "M3 4h10v8H3z",
  polygon: "M3 6l5-4 5 4-2 7H5z",
  wall: "M2 4h12v8H2zM2 8h12M6 4v4M10 8v4",
  barrier: "M2 6h12M2 10h12M4 4v8M8 4v8M12 4v8",
  door: "M3 13h10M4 13V3a9 9 0 0 1 9 10",
  opening: "M2 8h4M10 8h4M6 5v6M10 5v6",
  gate: "M2 13V4h3v9M11 13V4h3v9M5 7h6M5 10h6",
  sensor: "M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM4 4a6 6 0 0 0 0 8M12 4a6 6 0 0 1 0 8",
  camera: "M2 5h8v6H2zM10 8l4-2v5l-4-2",
  flag: "M4 14V2h8l-2.5 3L12 8H4",
  stair: "M2 13h3v-3h3V7h3V4h3",
  lift: "M3 2h10v12H3zM8 2v12M4.5 9l1.2-2L7 9M9 7l1.2 2L11.5 7",
  assembly: "M3 3h10v10H3zM8 11V6M6 8l2-2 2 2",
  text: "M4 3h8M8 3v10",
  ruler: "M2 11L11 2l3 3-9 9zM5 8l1.5 1.5M8 5l1.5 1.5",
  scale: "M2 13h12M4 13v-3M12 13v-3M4 5h8M6 3L4 5l2 2M10 3l2 2-2 2",
  map: "M2 4l4-2 4 2 4-2v10l-4 2-4-2-4 2zM6 2v10M10 4v10",
  people: "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 14a4.5 4.5 0 0 1 9 0M10.5 3.5a2.5 2.5 0 0 1 0 4.5M12 10a4.5 4.5 0 0 1 2.5 4",
  lock: "M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
};

export function Icon({ name, label }: { name: keyof typeof PATHS | string; label?: string }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : "true"}
      focusable="false"
    >
      <path d={PATHS[name] ?? ""} />
    </svg>
  );
}

const SHAPES: Record<Loudness, string> = {
  act: "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z",
  attention: "M8 1.5L15.2 14.5H.8z",
  info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z",
  normal: "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  unknown: "M2 2h12v12H2z",
};

// Octagon: act now; triangle: attention; circle: information; small ring: normal; hatched square: unknown.
export function Shape({ of, filled }: { of: Loudness; filled?: boolean }) {
  return (
    <svg
      class={`shape ${of} ${filled ? "filled" : ""}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[of]} />
      {(of === "act" || of === "attention") && (
        <path class="sign" d={of === "act" ? "M8 4.2v4.6M8 11.4v.4" : "M8 6v4M8 12.2v.3"} />
      )}
      {of === "unknown" && <path class="sign" d="M2 8l6-6M2 14L14 2M8 14l6-6" />}
      {of === "info" && <path class="sign" d="M8 7v4.2M8 4.6v.4" />}
    </svg>
  );
}
