// SPDX-License-Identifier: Apache-2.0
// The board: the sheet under the pointer and under the keys. It shows the editor's state and turns movements of
// the mouse into acts; the view (where and how near) is its own.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useComputed, useSignal } from "@preact/signals";
import type { Drawing } from "../../api/types.ts";
import { distance, middle, round, type Edge } from "../../lib/geometry.ts";
import { KINDS, type Element } from "../../lib/plan.ts";
import { labelPoint, type Point } from "../../lib/shape.ts";
import { t } from "../../lib/i18n.ts";
import { picture as pictureOf } from "../desk/plan.tsx";
import { GLYPH } from "../desk/marks.tsx";
import type { Editor } from "./editor.ts";
import { boardKey, type BoardActs } from "./keys.ts";
import { nameOf } from "./names.ts";
import { aim, line, Sights, Structure } from "./paint.tsx";

interface View {
  x: number;
  y: number;
  k: number; // pixels a metre
}
type Grip =
  | { what: "pan"; x: number; y: number; view: View }
  | { what: "move"; at: Point; last: Point }
  | { what: "corner"; i: number }
  | { what: "aim" };

const NEAR = 400,
  FAR = 0.5,
  MARGIN = 24;

function usePicture(d: Drawing): string {
  const [url, setUrl] = useState("");
  useEffect(() => {
    let wanted = true;
    setUrl("");
    if (d.digest) {
      pictureOf(d).then(
        (p) => wanted && setUrl(p.url),
        () => {},
      );
    }
    return () => {
      wanted = false;
    };
  }, [d.id, d.digest]);
  return url;
}

function Grid({ ed, view }: { ed: Editor; view: View }) {
  const { width, height, grid } = ed.doc.value.frame;
  const step = [grid, grid * 5, grid * 20, grid * 100].find((g) => g * view.k >= 8) ?? grid * 500;
  const lines: Edge[] = [];
  for (let x = step; x < width; x += step) {
    lines.push([
      [x, 0],
      [x, height],
    ]);
  }
  for (let y = step; y < height; y += step) {
    lines.push([
      [0, y],
      [width, y],
    ]);
  }
  return <path class="b-grid" d={lines.map(([a, b]) => `M${a}L${b}`).join("")} />;
}

function Place({ e, k, chosen }: { e: Element; k: number; chosen: boolean }) {
  const [x, y] = e.points[0]!;
  return (
    <g class={`b-place ${chosen ? "chosen" : ""}`}>
      <g transform={`translate(${x} ${y}) scale(${1 / k})`}>
        {e.kind === "note" ? (
          <path class="glyph" d="M-5 -5H5M0 -5V6" />
        ) : (
          <>
            <circle class="halo" r="11" />
            <path class="glyph" d={GLYPH[e.kind] ?? GLYPH.source} />
          </>
        )}
        <text class="b-name" y="24">
          {nameOf(e)}
        </text>
      </g>
    </g>
  );
}

function Area({ e, k, chosen, bad }: { e: Element; k: number; chosen: boolean; bad: boolean }) {
  const [x, y] = labelPoint(e.points);
  return (
    <g class={`b-area ${chosen ? "chosen" : ""} ${bad ? "bad" : ""}`}>
      <polygon points={line(e.points)} />
      <text class="b-name" transform={`translate(${x} ${y}) scale(${1 / k})`}>
        {nameOf(e)}
      </text>
    </g>
  );
}

// Lines that are chosen or wrong get a glow below the ink.
function Glow({ ed }: { ed: Editor }) {
  const bad = new Set(ed.faults.value.map((f) => f.id));
  return (
    <>
      {ed.doc.value.elements
        .filter((e) => ["line", "span"].includes(KINDS[e.kind].form))
        .filter((e) => ed.chosen.value.includes(e.id) || bad.has(e.id))
        .map((e) => (
          <polyline
            key={e.id}
            class={`b-glow ${ed.chosen.value.includes(e.id) ? "chosen" : "bad"}`}
            points={line(e.points)}
          />
        ))}
    </>
  );
}

function Handles({ ed, k }: { ed: Editor; k: number }) {
  const e = ed.one;
  if (!e || ed.tool.value !== "select") {
    return null;
  }
  const r = 5 / k,
    form = KINDS[e.kind].form;
  const between = form === "area" || form === "line";
  return (
    <g class="b-handles">
      {between &&
        e.points.slice(0, form === "area" ? undefined : -1).map((p, i) => {
          const m = middle(p, e.points[(i + 1) % e.points.length]!);
          return <circle key={`m${i}`} class="mid" data-mid={i} cx={m[0]} cy={m[1]} r={r * 0.8} />;
        })}
      {e.points.map(([x, y], i) => (
        <rect
          key={i}
          class={ed.corner.value === i ? "on" : ""}
          data-corner={i}
          x={x - r}
          y={y - r}
          width={2 * r}
          height={2 * r}
        />
      ))}
      {KINDS[e.kind].sees && (
        <>
          <polyline class="aim" points={line([e.points[0]!, aim(e)])} />
          <circle data-aim="1" cx={aim(e)[0]} cy={aim(e)[1]} r={r * 1.2} />
        </>
      )}
    </g>
  );
}

function Drawn({ ed, k }: { ed: Editor; k: number }) {
  const drawn = ed.drawn.value,
    at = ed.cursor.value,
    tool = ed.tool.value;
  const last = drawn[drawn.length - 1];
  const done = (tool === "measure" || tool === "scale") && drawn.length === 2;
  const path = at && !done ? [...drawn, at] : drawn;
  const end = path[path.length - 1];
  const from = done ? drawn[0] : last;
  return (
    <g class="b-drawn">
      {tool === "rect" && drawn[0] && at ? (
        <rect
          x={Math.min(drawn[0][0], at[0])}
          y={Math.min(drawn[0][1], at[1])}
          width={Math.abs(drawn[0][0] - at[0])}
          height={Math.abs(drawn[0][1] - at[1])}
        />
      ) : (
        path.length > 1 && <polyline class={tool === "zone" ? "fill" : ""} points={line(path)} />
      )}
      {drawn.map(([x, y], i) => (
        <circle key={i} cx={x} cy={y} r={4 / k} />
      ))}
      {from && end && distance(from, end) > 0.01 && (
        <text
          class="b-length"
          transform={`translate(${middle(from, end)[0]} ${middle(from, end)[1]}) scale(${1 / k})`}
          y="-8"
        >
          {tool === "rect" && drawn[0] && at
            ? `${round(Math.abs(drawn[0][0] - at[0]))} × ${round(Math.abs(drawn[0][1] - at[1]))} m`
            : `${round(distance(from, end)).toLocaleString()} m`}
        </text>
      )}
    </g>
  );
}

function Cross({ ed, k }: { ed: Editor; k: number }) {
  const at = ed.cursor.value;
  if (!at || ed.tool.value === "select") {
    return null;
  }
  const s = ed.snapped.value?.kind ?? "none";
  return (
    <g class={`b-cross ${s}`} transform={`translate(${at[0]} ${at[1]}) scale(${1 / k})`}>
      <path d="M-14 0H-4M4 0H14M0 -14V-4M0 4V14" />
      {s === "vertex" && <rect x="-5" y="-5" width="10" height="10" />}
      {s === "edge" && <path d="M-5 -5L5 5M5 -5L-5 5" />}
      {s === "angle" && <path d="M-6 6H6L-6 -4" />}
    </g>
  );
}

export function Board(props: {
  ed: Editor;
  drawing: Drawing;
  save: () => void;
  acts: (acts: BoardActs) => void;
}) {
  const { ed, drawing } = props;
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal({ w: 0, h: 0 });
  const view = useSignal<View>({ x: 0, y: 0, k: 0 });
  const grip = useRef<Grip | null>(null);
  const moved = useRef(false);
  const dragNo = useRef(0);
  const space = useRef(false);
  const url = usePicture(drawing);
  const ready = useComputed(() => size.value.w > 0 && view.value.k > 0);

  const acts: BoardActs = {
    fit: () => {
      const { width, height } = ed.doc.peek().frame,
        { w, h } = size.peek();
      if (w && h) {
        const k = Math.min((w - 2 * MARGIN) / width, (h - 2 * MARGIN) / height);
        view.value = { k, x: (width - w / k) / 2, y: (height - h / k) / 2 };
        ed.scale.value = k;
      }
    },
    zoom: (by) => {
      const { w, h } = size.peek();
      near(by, w / 2, h / 2);
    },
    show: ([x, y]) => {
      const v = view.peek(),
        { w, h } = size.peek();
      const keep = (from: number, room: number, p: number) =>
        Math.min(Math.max(from, p - room + MARGIN / v.k), p - MARGIN / v.k);
      view.value = { ...v, x: keep(v.x, w / v.k, x), y: keep(v.y, h / v.k, y) };
    },
    save: props.save,
  };
  const near = (by: number, px: number, py: number) => {
    const v = view.peek(),
      k = Math.max(FAR, Math.min(NEAR, v.k * by));
    view.value = { k, x: v.x + px / v.k - px / k, y: v.y + py / v.k - py / k };
    ed.scale.value = k;
  };
  useLayoutEffect(() => {
    const el = box.current!;
    const measure = () => {
      const first = size.peek().w === 0;
      size.value = { w: el.clientWidth, h: el.clientHeight };
      if (first) {
        acts.fit();
      }
    };
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    measure();
    props.acts(acts);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const el = box.current!;
    const onWheel = (e: WheelEvent) => {
      e.preventDefault();
      const r = el.getBoundingClientRect();
      near(Math.exp(-e.deltaY / 500), e.clientX - r.left, e.clientY - r.top);
    };
    el.addEventListener("wheel", onWheel, { passive: false });
    return () => el.removeEventListener("wheel", onWheel);
  }, []);

  const at = (e: PointerEvent): Point => {
    const r = box.current!.getBoundingClientRect(),
      v = view.peek();
    return [v.x + (e.clientX - r.left) / v.k, v.y + (e.clientY - r.top) / v.k];
  };
  const take = (e: PointerEvent): Grip => {
    const pan: Grip = { what: "pan", x: e.clientX, y: e.clientY, view: view.peek() };
    if (e.button === 1 || space.current) {
      return pan;
    }
    const mark = (e.target as SVGElement).dataset;
    if (mark.aim) {
      return { what: "aim" };
    }
    if (mark.corner !== undefined) {
      ed.corner.value = Number(mark.corner);
      return { what: "corner", i: Number(mark.corner) };
    }
    if (mark.mid !== undefined) {
      ed.corner.value = Number(mark.mid);
      ed.insertCorner();
      return { what: "corner", i: Number(mark.mid) + 1 };
    }
    return ed.pick(at(e), e.shiftKey) ? { what: "move", at: at(e), last: at(e) } : pan;
  };
  const drag = (g: Grip, e: PointerEvent) => {
    const p = at(e),
      one = ed.one,
      tag = `drag ${dragNo.current}`;
    if (g.what === "pan") {
      view.value = {
        ...g.view,
        x: g.view.x - (e.clientX - g.x) / g.view.k,
        y: g.view.y - (e.clientY - g.y) / g.view.k,
      };
    } else if (g.what === "aim") {
      ed.aim(p);
    } else if (g.what === "corner" && one) {
      const n = one.points.length;
      const from = one.points[(g.i + n - 1) % n];
      const s = ed.snap(p, e.altKey, n > 1 ? from : undefined, [one.id]);
      ed.moveCorner(g.i, s.point, tag);
    } else if (g.what === "move") {
      ed.dragTo(g.at, p, e.altKey, tag);
    }
  };

  return (
    <div
      ref={box}
      class={`board tool-${ed.tool.value}`}
      role="application"
      tabIndex={0}
      aria-label={t("ui.draw.board", { name: drawing.name })}
      aria-describedby="draw-help"
      onKeyDown={(e) => {
        if (e.key === " " && ed.tool.value === "select") {
          space.current = true;
        }
        if (boardKey(ed, e, acts)) {
          e.preventDefault();
          e.stopPropagation();
        }
      }}
      onKeyUp={(e) => {
        if (e.key === " ") {
          space.current = false;
        }
      }}
      onBlur={() => {
        space.current = false;
      }}
      onPointerDown={(e) => {
        if (e.button > 1) {
          return;
        }
        box.current!.setPointerCapture(e.pointerId);
        moved.current = false;
        dragNo.current++;
        ed.dragBegins();
        grip.current =
          ed.tool.value === "select" || e.button === 1 || space.current
            ? take(e)
            : null;
      }}
      onPointerMove={(e) => {
        if (grip.current) {
          moved.current = true;
          drag(grip.current, e);
        } else {
          ed.point(at(e), e.altKey);
        }
      }}
      onPointerUp={(e) => {
        const g = grip.current;
        grip.current = null;
        if (!g && e.button === 0) {
          ed.place(ed.point(at(e), e.altKey).point);
        }
      }}
      onPointerCancel={() => {
        grip.current = null;
      }}
      onDblClick={() => ed.finish()}
    >
      {ready.value && (
        <svg
          aria-hidden="true"
          width={size.value.w}
          height={size.value.h}
          viewBox={`${view.value.x} ${view.value.y} ${size.value.w / view.value.k} ${size.value.h / view.value.k}`}
        >
          <Sheet ed={ed} view={view.value} url={url} />
        </svg>
      )}
    </div>
  );
}

function Sheet({ ed, view, url }: { ed: Editor; view: View; url: string }) {
  const { frame, elements } = ed.doc.value;
  const bad = new Set(ed.faults.value.map((f) => f.id));
  const chosen = (e: Element) => ed.chosen.value.includes(e.id);
  const p = frame.picture;
  const areas = elements.filter((e) => KINDS[e.kind].form === "area");
  return (
    <>
      <rect class="b-sheet" width={frame.width} height={frame.height} />
      {url && p && p.percent > 0 && (
        <image
          class="b-picture"
          href={url}
          x={p.x}
          y={p.y}
          width={p.width}
          opacity={p.percent / 100}
        />
      )}
      <Grid ed={ed} view={view} />
      {areas.map((e) => (
        <Area key={e.id} e={e} k={view.k} chosen={chosen(e)} bad={bad.has(e.id)} />
      ))}
      <Glow ed={ed} />
      <Sights elements={elements} />
      <Structure elements={elements} />
      {elements
        .filter((e) => KINDS[e.kind].form === "place")
        .map((e) => (
          <Place key={e.id} e={e} k={view.k} chosen={chosen(e)} />
        ))}
      <Handles ed={ed} k={view.k} />
      <Drawn ed={ed} k={view.k} />
      <Cross ed={ed} k={view.k} />
    </>
  );
}
