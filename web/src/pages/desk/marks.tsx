// SPDX-License-Identifier: Apache-2.0
// Marks on a drawing, drawn in drawing units at a constant size on the screen. A state is outline, pattern
// and word together: red octagon and "BÁO ĐỘNG", hatching and "mất tín hiệu", dashes and "tắt canh".
import type { Alert, Drawing, Mark, Source, Zone } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { clock, minute, near } from "../../lib/time.ts";
import { namesOn, type Written } from "../../lib/drawn.ts";
import { placeLabels, type Box, type Label } from "../../lib/labels.ts";
import { labelPoint } from "../../lib/shape.ts";
import { fold } from "../../lib/text.ts";
import { isBypassed, loudnessOf, zoneKey, type Loudness } from "../../lib/urgency.ts";
import { now } from "../../store/session.ts";
import { one } from "../../store/store.ts";
import { zoneAlerts } from "../../store/watch.ts";
import { thingOf } from "../plan/names.ts";

export interface ZoneLook {
  look: "alarm" | "waiting" | "trouble" | "handled" | "bypassed" | "armed" | "disarmed";
  of: Loudness;
  words: string;
}

export const alertOf = (z: Zone): Alert | undefined =>
  zoneAlerts.value.get(z.id) ?? zoneAlerts.value.get(zoneKey(z.site, z.name));

// A device that has restored does not end an alert: the zone stays marked until somebody has judged it.
export function zoneLook(z: Zone): ZoneLook {
  const a = alertOf(z);
  if (z.alarm_state === "alarm") {
    return { look: "alarm", of: "act", words: `${t("ui.zone.alarm")} ${clock(z.alarm_since)}` };
  }
  if (a?.state === "open") {
    return { look: "waiting", of: loudnessOf(a.level), words: t("ui.zone.waits") };
  }
  if (z.alarm_state === "trouble") {
    const words = `${t("ui.zone.trouble")} ${clock(z.alarm_since)}`;
    return { look: "trouble", of: "attention", words };
  }
  if (a) {
    return { look: "handled", of: "info", words: t("ui.zone.handled", { number: a.number }) };
  }
  if (isBypassed(z, now.value)) {
    const words = t("ui.zone.bypassed_until", { time: minute(z.bypass_until) });
    return { look: "bypassed", of: "info", words };
  }
  return { look: z.arm_state, of: "normal", words: word("ui.zone.arm", z.arm_state) };
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

// What the mark stands for, its look and its words, from the live rows. calm: nothing that must be read.
interface Subject {
  name: string;
  look: string;
  of: Loudness;
  words: string;
  calm: boolean;
}

function subject(m: Mark): Subject {
  const none = { look: "unknown", of: "unknown" as const, words: "", calm: true };
  if (m.object_kind === "zone") {
    const z = one("zones", m.object);
    if (!z) {
      return { name: m.label ?? "", ...none };
    }
    const look = zoneLook(z);
    return { name: m.label || z.name, ...look, calm: look.of === "normal" };
  }
  if (isDevice(m)) {
    const s = one("sources", m.object);
    if (!s) {
      return { name: m.label ?? "", ...none };
    }
    return { name: m.label || s.name, ...sourceLook(s), of: "unknown", calm: s.state === "alive" };
  }
  const name = m.label || thingOf(m.object_kind, m.object)?.name || "";
  return { ...none, name, look: m.object_kind };
}

const SMALL = 560; // a sheet narrower than this has room only for what must be read
const RANK: Record<string, number> = {
  zone: 0,
  gate: 1,
  post: 2,
  assembly: 3,
  note: 3,
  stair: 4,
  lift: 4,
  store: 4,
  patrol_point: 4,
  checkpoint: 4,
  source: 5,
  camera: 5,
};
// What has a live state of its own: a source, or a camera that is one.
const isDevice = (m: Mark): boolean =>
  m.object_kind === "source" || (m.object_kind === "camera" && !!one("sources", m.object));
// Named on a drawing only where there is room to spare.
const MINOR = ["source", "camera", "store", "patrol_point"];
const SIGN = 12;

const LEAD = 20; // a name farther from its sign than this gets a line to it

interface Words {
  box: Box;
  from: [number, number];
  lines: [string, string];
}

const AIR = 2;
const drawnBox = (d: Written, scale: number): Box => ({
  x: d.x * scale - AIR,
  y: d.y * scale - AIR,
  w: d.w * scale + 2 * AIR,
  h: d.h * scale + 2 * AIR,
});

// Names, with the state beside what is not calm (the list below has the rest), laid out without overlap. A calm
// place whose name the drawing has written is not named twice.
function words(
  list: Mark[],
  written: Written[],
  scale: number,
  [width, height]: [number, number],
  chosen?: string | null,
) {
  const said = new Set(namesOn(written).map(fold));
  const lines = new Map<string, [string, string]>();
  const labels: Label[] = [];
  const signs: Box[] = written.map((d) => drawnBox(d, scale));
  for (const m of list.slice().sort((a, b) => RANK[a.object_kind]! - RANK[b.object_kind]!)) {
    const s = subject(m);
    const picked = !!chosen && m.object === chosen;
    const [x, y] = centreOf(m).map((v) => v * scale) as [number, number];
    const point = m.shape.type === "point";
    const loud = s.of === "act" || s.of === "attention";
    if (point || loud) {
      signs.push({ x: x - SIGN, y: y - SIGN - (point ? 0 : 24), w: 2 * SIGN, h: 2 * SIGN });
    }
    const fits = width >= SMALL ? !MINOR.includes(m.object_kind) || !s.calm : loud;
    const told = s.calm && m.shape.type === "polygon" && said.has(fold(s.name));
    if (!s.name || !(picked || (fits && !told))) {
      continue;
    }
    const state = s.calm && !picked ? "" : s.words;
    const em = s.look === "alarm" ? 7.8 : 6.6;
    lines.set(m.id, [s.name, state]);
    labels.push({
      id: m.id,
      x,
      y,
      w: Math.max(s.name.length * em, state.length * 6.2) + 8,
      h: state ? 31 : 17,
      beside: point ? SIGN : 0,
      must: picked || (loud && width >= SMALL),
      first: loud,
    });
  }
  const out = new Map<string, Words>();
  for (const [id, box] of placeLabels(labels, width, height, signs)) {
    const l = labels.find((x) => x.id === id)!;
    out.set(id, { box, from: [l.x, l.y], lines: lines.get(id)! });
  }
  return out;
}

function Plate({ of, scale }: { of: Words; scale: number }) {
  const { box, lines } = of;
  const [x, y] = of.from;
  const to = [
    Math.max(box.x, Math.min(x, box.x + box.w)),
    Math.max(box.y, Math.min(y, box.y + box.h)),
  ] as const;
  return (
    <g class="plate" transform={`scale(${1 / scale})`} aria-hidden="true">
      {Math.hypot(to[0] - x, to[1] - y) > LEAD && (
        <line class="lead" x1={x} y1={y} x2={to[0]} y2={to[1]} />
      )}
      <rect x={box.x} y={box.y} width={box.w} height={box.h} rx="2" />
      <text class="words">
        <tspan x={box.x + box.w / 2} y={box.y + 13}>
          {lines[0]}
        </tspan>{" "}
        {lines[1] && (
          <tspan class="state" x={box.x + box.w / 2} y={box.y + 27}>
            {lines[1]}
          </tspan>
        )}
      </text>
    </g>
  );
}

export const GLYPH: Record<string, string> = {
  source: "M0 -5a5 5 0 1 0 0 10a5 5 0 1 0 0 -10M0 -1.5a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0 -3",
  post: "M-5 7V-7H6L3 -3.5L6 0H-5",
  gate: "M-7 6V-5H-3V6M3 6V-5H7V6M-3 -1H3",
  camera: "M-7 -4H2V4H-7zM2 -1L7 -4V4L2 1",
  store: "M-7 -2L0 -7L7 -2V7H-7zM-3 7V1H3V7",
  patrol_point: "M0 8S6 2 6 -2A6 6 0 0 0 -6 -2C-6 2 0 8 0 8zM-2.5 -2L-.5 0L3 -4",
  checkpoint: "M0 -7L6 -4V0C6 4 3 6 0 7C-3 6 -6 4 -6 0V-4z",
  stair: "M-7 6H-3V2H0V-2H3V-6H7",
  lift: "M-6 -7H6V7H-6zM0 -7V7M-4.5 1L-3 -2L-1.5 1M1.5 -1L3 2L4.5 -1",
  assembly: "M-7 -7H7V7H-7zM-3 4L0 -4L3 4M-2 1.5H2",
};

interface MarkProps {
  mark: Mark;
  scale: number;
  selected: boolean;
  plate?: Words;
  onPick?: () => void;
}

function MarkView({ mark, scale, selected, plate, onPick }: MarkProps) {
  const s = subject(mark);
  const [cx, cy] = centreOf(mark);
  const k = 1 / scale;
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
  const look = `${s.look} ${s.of} ${selected ? "selected" : ""}`;
  const text = plate && <Plate of={plate} scale={scale} />;
  if (mark.shape.type === "polygon") {
    const d = mark.shape.points.map((p) => p.join(",")).join(" ");
    const loud = s.of === "act";
    return (
      <g class={`m zone ${look}`} {...act}>
        <title>{label}</title>
        {(s.look === "alarm" || s.look === "trouble") && (
          <polygon class="pattern" points={d} fill={loud ? "url(#hatch-bad)" : "url(#hatch)"} />
        )}
        <polygon class="outline" points={d} vector-effect="non-scaling-stroke" />
        {(loud || s.of === "attention") && (
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
    <g class={`m point ${mark.object_kind} ${look}`} {...act}>
      <title>{label}</title>
      {mark.object_kind === "note" || (
        <g transform={`translate(${cx} ${cy}) scale(${k})`}>
          <circle class="halo" r="11" />
          {s.look === "silent" || s.look === "never" ? (
            <path class="glyph" d="M-6 -6H6V6H-6zM-6 0L0 -6M-6 6L6 -6M0 6L6 0" />
          ) : (
            <path class="glyph" d={GLYPH[mark.object_kind] ?? GLYPH.source} />
          )}
          {s.look === "disabled" && <path class="glyph" d="M-6 6L6 -6" />}
        </g>
      )}
      {text}
    </g>
  );
}

// All marks of one drawing: areas below points, the chosen one on top of its kind.
export function Marks(props: {
  marks: Mark[];
  written?: Written[]; // on the drawing itself
  drawing: Drawing;
  scale: number;
  chosen?: string | null;
  onPick?: (m: Mark) => void;
}) {
  const { marks, written = [], drawing, scale, chosen, onPick } = props;
  const size: [number, number] = [drawing.frame.width * scale, drawing.frame.height * scale];
  const plates = words(marks, written, scale, size, chosen);
  const order = (m: Mark) =>
    (m.shape.type === "polygon" ? 0 : 2) + (chosen && m.object === chosen ? 1 : 0);
  return (
    <>
      {marks
        .slice()
        .sort((a, b) => order(a) - order(b))
        .map((m) => (
          <MarkView
            key={m.id}
            mark={m}
            scale={scale}
            selected={!!chosen && m.object === chosen}
            plate={plates.get(m.id)}
            onPick={
              onPick && m.object && (m.object_kind === "zone" || isDevice(m))
                ? () => onPick(m)
                : undefined
            }
          />
        ))}
    </>
  );
}
