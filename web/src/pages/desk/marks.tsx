// SPDX-License-Identifier: Apache-2.0
// Marks on a drawing, drawn in drawing units at a constant size on the screen. A state is outline, pattern
// and word together: red octagon and "BÁO ĐỘNG", hatching and "mất tín hiệu", dashes and "tắt canh".
import type { Mark, Source, Zone } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { clock, minute, near } from "../../lib/time.ts";
import { labelPoint } from "../../lib/shape.ts";
import { isBypassed } from "../../lib/urgency.ts";
import { now } from "../../store/session.ts";
import { one } from "../../store/store.ts";

export interface ZoneLook {
  look: "alarm" | "trouble" | "bypassed" | "armed" | "disarmed";
  words: string;
}

export function zoneLook(z: Zone): ZoneLook {
  if (z.alarm_state === "alarm") {
    return { look: "alarm", words: `${t("ui.zone.alarm")} ${clock(z.alarm_since)}` };
  }
  if (z.alarm_state === "trouble") {
    return { look: "trouble", words: `${t("ui.zone.trouble")} ${clock(z.alarm_since)}` };
  }
  if (isBypassed(z, now.value)) {
    return {
      look: "bypassed",
      words: t("ui.zone.bypassed_until", { time: minute(z.bypass_until) }),
    };
  }
  return { look: z.arm_state, words: word("ui.zone.arm", z.arm_state) };
}

export function sourceLook(s: Source): { look: string; words: string } {
  return {
    look: s.state,
    words:
      s.state === "silent"
        ? t("ui.source.silent_since", { time: near(s.last_seen ?? s.state_since, now.value) })
        : s.state === "alive"
          ? ""
          : word("ui.source.state", s.state),
  };
}

export function Defs() {
  return (
    <defs>
      <pattern
        id="hatch"
        width="8"
        height="8"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path class="hatch-line" d="M0 0v8" />
      </pattern>
      <pattern
        id="hatch-bad"
        width="10"
        height="10"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <path class="hatch-line bad" d="M0 0v10" />
      </pattern>
    </defs>
  );
}

const places = new WeakMap<object, [number, number]>();

export function centreOf(m: Mark): [number, number] {
  if (m.shape.type === "point") {
    return [m.shape.x, m.shape.y];
  }
  let at = places.get(m.shape);
  if (!at) {
    at = labelPoint(m.shape.points);
    places.set(m.shape, at);
  }
  return at;
}

// sheet: the drawing's width. A source that is well shows no name until it is chosen: it is in its label.
interface MarkProps {
  mark: Mark;
  scale: number;
  sheet: number;
  selected: boolean;
  onPick?: () => void;
}

// What the mark stands for, its look and its words, from the live rows.
function subject(m: Mark): { name: string; look: string; words: string } {
  if (m.object_kind === "zone") {
    const z = one("zones", m.object);
    return z
      ? { name: m.label || z.name, ...zoneLook(z) }
      : { name: m.label ?? "", look: "unknown", words: "" };
  }
  if (m.object_kind === "source") {
    const s = one("sources", m.object);
    return s
      ? { name: m.label || s.name, ...sourceLook(s) }
      : { name: m.label ?? "", look: "unknown", words: "" };
  }
  const o =
    m.object_kind === "post"
      ? one("posts", m.object)
      : m.object_kind === "gate"
        ? one("gates", m.object)
        : undefined;
  return { name: m.label || o?.name || "", look: m.object_kind, words: "" };
}

const GLYPH: Record<string, string> = {
  source: "M0 -5a5 5 0 1 0 0 10a5 5 0 1 0 0 -10M0 -1.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0 -3",
  post: "M-5 7V-7H6L3 -3.5L6 0H-5",
  gate: "M-7 6V-5H-3V6M3 6V-5H7V6M-3 -1H3",
  assembly: "M-7 -7H7V7H-7zM-3 4L0 -4L3 4M-2 1.5H2",
};

export function MarkView({ mark, scale, sheet, selected, onPick }: MarkProps) {
  const s = subject(mark);
  const [cx, cy] = centreOf(mark);
  const k = 1 / scale;
  const loud = s.look === "alarm";
  const label = `${s.name} ${s.words}`.trim();
  const act = onPick && {
    role: "button" as const,
    tabIndex: 0,
    "aria-label": label,
    "aria-pressed": selected,
    onClick: onPick,
    onKeyDown: (e: KeyboardEvent) => {
      if (e.key === "Enter" || e.key === " ") {
        e.preventDefault();
        e.stopPropagation();
        onPick();
      }
    },
  };
  // Words that would run over the right edge end at it instead.
  const longest = Math.max(s.name.length, s.words.length) * 3.6 * k;
  const shift = Math.min(0, sheet - cx - longest) * scale;
  const quiet = mark.object_kind === "source" && s.look === "alive" && !selected;
  // Names stand on a plate: drawings often carry words of their own just there.
  const plate = Math.max(s.name.length * (loud ? 7.6 : 6.4), s.words.length * (loud ? 7 : 6)) + 10;
  const top = mark.shape.type === "point" ? 9 : s.words ? -14 : -8;
  const text = !quiet && (
    <g
      class="plate"
      transform={`translate(${cx} ${cy}) scale(${k}) translate(${shift} 0)`}
      aria-hidden="true"
    >
      <rect x={-plate / 2} y={top} width={plate} height={s.words ? 31 : 16} rx="2" />
      <text class="words">
        <tspan x="0" y={mark.shape.type === "point" ? 20 : s.words ? -2 : 4}>
          {s.name}
        </tspan>{" "}
        {s.words && (
          <tspan class="state" x="0" y={mark.shape.type === "point" ? 34 : 13}>
            {s.words}
          </tspan>
        )}
      </text>
    </g>
  );
  if (mark.shape.type === "polygon") {
    const d = mark.shape.points.map((p) => p.join(",")).join(" ");
    return (
      <g class={`m zone ${s.look} ${selected ? "selected" : ""}`} {...act}>
        {(s.look === "alarm" || s.look === "trouble") && (
          <polygon
            class="pattern"
            points={d}
            fill={s.look === "alarm" ? "url(#hatch-bad)" : "url(#hatch)"}
          />
        )}
        <polygon class="outline" points={d} vector-effect="non-scaling-stroke" />
        {(loud || s.look === "trouble") && (
          <g transform={`translate(${cx} ${cy - 24 * k}) scale(${k})`}>
            <path
              class="badge"
              d={loud ? "M-4 -10H4L10 -4V4L4 10H-4L-10 4V-4z" : "M0 -9L10 8H-10z"}
            />
            <path class="badge-sign" d={loud ? "M0 -5V1M0 5V5.2" : "M0 -3V2M0 5V5.2"} />
          </g>
        )}
        {text}
      </g>
    );
  }
  return (
    <g class={`m point ${mark.object_kind} ${s.look} ${selected ? "selected" : ""}`} {...act}>
      <g transform={`translate(${cx} ${cy}) scale(${k})`}>
        <circle class="halo" r="11" />
        {s.look === "silent" || s.look === "never" ? (
          <path class="glyph" d="M-6 -6H6V6H-6zM-6 0L0 -6M-6 6L6 -6M0 6L6 0" />
        ) : (
          <path class="glyph" d={GLYPH[mark.object_kind] ?? GLYPH.source} />
        )}
        {s.look === "disabled" && <path class="glyph" d="M-6 6L6 -6" />}
      </g>
      {text}
    </g>
  );
}
