// SPDX-License-Identifier: Apache-2.0
// One site: its drawing with live marks, and every zone as a line of words below (the same facts without
// the picture). Drawn in metres over the picture, if the drawing has one.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { get } from "../../api/client.ts";
import type { Drawing, Zone } from "../../api/types.ts";
import { writtenOn, type Written } from "../../lib/drawn.ts";
import { t, word } from "../../lib/i18n.ts";
import { setQuery } from "../../router.ts";
import { need, one, rows } from "../../store/store.ts";
import { Icon, Shape } from "../../ui/icons.tsx";
import { Button, Empty, Loaded, Select } from "../../ui/parts.tsx";
import { Sights, Structure } from "../plan/paint.tsx";
import { drawingsOf, elementsOf, floorName, marksOf, needDrawings } from "../plan/sheet.ts";
import { select } from "./desk.tsx";
import type { Selection } from "./detail.tsx";
import { Defs, Marks, zoneLook } from "./marks.tsx";

const ZOOMS = [1, 1.5, 2.25, 3.5];
const NOTHING: Written[] = [];

// Pictures by the digest of their content, as blobs: an <img> runs no script of a drawing, whoever made it.
interface Picture {
  url: string;
  written: Written[];
}
const pictures = new Map<string, Promise<Picture>>();

// What is written on the picture, in the metres of the drawing.
function inMetres(list: Written[], d: Drawing): Written[] {
  const p = d.frame.picture;
  if (!p || !d.picture_width) {
    return NOTHING;
  }
  const k = p.width / d.picture_width;
  return list.map((w) => ({
    ...w,
    x: p.x + w.x * k,
    y: p.y + w.y * k,
    w: w.w * k,
    h: w.h * k,
  }));
}

export function picture(d: Drawing): Promise<Picture> {
  const key = `${d.id} ${d.digest}`;
  let url = pictures.get(key);
  if (!url) {
    url = get<{ svg: string }>(`/drawings/${d.id}/content`).then((x) => ({
      url: URL.createObjectURL(new Blob([x.svg], { type: "image/svg+xml" })),
      written: writtenOn(x.svg),
    }));
    url.catch(() => pictures.delete(key));
    pictures.set(key, url);
  }
  return url;
}

// The drawing at the size that fits, times the zoom; children draw in metres.
export function Canvas({
  drawing,
  children,
  label,
}: {
  drawing: Drawing;
  children: (scale: number, written: Written[]) => ComponentChildren;
  label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ w: 0, h: 0 });
  const [zoom, setZoom] = useState(0);
  const [broken, setBroken] = useState(false);
  const [shown, setShown] = useState<Picture | null>(null);
  useLayoutEffect(() => {
    const el = box.current!;
    const measure = () => setSize({ w: el.clientWidth, h: el.clientHeight });
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    measure();
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    let wanted = true;
    setBroken(false);
    setShown(null);
    if (drawing.digest) {
      picture(drawing).then(
        (x) => wanted && setShown(x),
        () => wanted && setBroken(true),
      );
    }
    return () => {
      wanted = false;
    };
  }, [drawing.id, drawing.digest]);
  const { width, height, picture: under } = drawing.frame;
  const fit = size.w ? Math.min((size.w - 2) / width, (size.h - 2) / height) : 0;
  const scale = Math.max(fit, 0.01) * ZOOMS[zoom]!;
  // Nearer or farther, the middle of what was looked at stays in the middle.
  const was = useRef(0);
  useLayoutEffect(() => {
    const el = box.current!;
    const k = was.current ? scale / was.current : 1;
    const shift = (scroll: number, room: number, length: number) =>
      (scroll + room / 2 - Math.max(0, (room - (length * scale) / k) / 2)) * k - room / 2;
    if (k !== 1) {
      el.scrollLeft = shift(el.scrollLeft, el.clientWidth, width);
      el.scrollTop = shift(el.scrollTop, el.clientHeight, height);
    }
    was.current = scale;
  }, [scale]);
  const w = width * scale;
  const h = height * scale;
  return (
    <div class="canvas">
      <div
        class="canvas-scroll"
        ref={box}
        tabIndex={zoom > 0 ? 0 : undefined}
        role="group"
        aria-label={label}
      >
        {fit > 0 && (
          <div class="sheet" style={{ width: `${w}px`, height: `${h}px` }}>
            {shown && !broken && under && under.percent > 0 && (
              <img
                src={shown.url}
                alt={drawing.name}
                style={{
                  left: `${under.x * scale}px`,
                  top: `${under.y * scale}px`,
                  width: `${under.width * scale}px`,
                  opacity: under.percent / 100,
                }}
                onError={() => setBroken(true)}
              />
            )}
            <svg viewBox={`0 0 ${width} ${height}`} width={w} height={h}>
              <Defs />
              {children(scale, shown && under ? inMetres(shown.written, drawing) : NOTHING)}
            </svg>
          </div>
        )}
      </div>
      <div class="zoom" role="group" aria-label={t("ui.plan.zoom")}>
        <button
          type="button"
          class="button"
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          <Icon name="minus" label={t("ui.plan.zoom_out")} />
        </button>
        <button
          type="button"
          class="button"
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          <Icon name="plus" label={t("ui.plan.zoom_in")} />
        </button>
      </div>
      {broken && (
        <p class="canvas-note">
          <Shape of="unknown" /> {t("ui.plan.broken")}
        </p>
      )}
    </div>
  );
}

const ORDER: Record<string, number> = {
  alarm: 0,
  waiting: 1,
  trouble: 2,
  handled: 3,
  bypassed: 4,
  disarmed: 5,
  armed: 5,
};

function ZoneLines({ zones, shown }: { zones: Zone[]; shown: string | null }) {
  const list = zones
    .slice()
    .sort(
      (a, b) =>
        ORDER[zoneLook(a).look]! - ORDER[zoneLook(b).look]! || a.name.localeCompare(b.name, "vi"),
    );
  return (
    <ul class="zone-lines" aria-label={t("ui.site.zones")}>
      {list.map((z) => {
        const { of, words } = zoneLook(z);
        return (
          <li key={z.id}>
            <button
              type="button"
              aria-current={shown === z.id ? "true" : undefined}
              onClick={() => select({ kind: "zone", id: z.id })}
            >
              <Shape of={of} />
              <span class="name">{z.name}</span>
              <span class={`words mark ${of}`}>{words}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

// Which zone (or source) the choice on the desk points at.
function pointed(shown: Selection | null): string | null {
  if (shown?.kind === "alert") {
    return one("alerts", shown.id)?.zone ?? null;
  }
  return shown && shown.kind !== "incident" ? shown.id : null;
}

export function Plan({ site, shown }: { site: string; shown: Selection | null }) {
  const load = [need("zones").value, ...needDrawings(site)];
  need("posts", { site });
  need("gates", { site });
  const here = one("sites", site);
  const drawings = drawingsOf(site);
  const zones = rows("zones").filter((z) => z.site === site);
  const [picked, setPicked] = useState<string | null>(null);
  const at = pointed(shown);
  const marks = drawings.flatMap(marksOf);
  const drawing =
    drawings.find((d) => d.id === picked) ??
    drawings.find((d) => at && marks.some((m) => m.drawing === d.id && m.object === at)) ??
    drawings[0];
  const mine = marks.filter((m) => m.drawing === drawing?.id);
  return (
    <div class="plan">
      <header class="panel-head">
        <Button kind="plain" onClick={() => setQuery({ site: "all" })}>
          ‹ {t("ui.board.title")}
        </Button>
        <Select
          label={t("ui.plan.site")}
          value={site}
          onChange={(v) => setQuery({ site: v })}
          options={rows("sites").map((s) => [s.id, s.name])}
        />
        {drawings.length > 1 && (
          <div class="filters" role="group" aria-label={t("ui.plan.floors")}>
            {drawings.map((d) => (
              <button
                key={d.id}
                type="button"
                class="filter"
                aria-pressed={d.id === drawing?.id}
                onClick={() => setPicked(d.id)}
              >
                {floorName(d)}
              </button>
            ))}
          </div>
        )}
        <a class="to-dossier" href={`/sites/${site}`}>
          {t("ui.plan.dossier")}
        </a>
      </header>
      <Loaded load={load} lines={10}>
        {() => (
          <>
            {drawing ? (
              <Canvas drawing={drawing} label={`${here?.name ?? ""}, ${drawing.name}`}>
                {(scale, written) => (
                  <>
                    <Sights elements={elementsOf(drawing.id)} />
                    <Structure elements={elementsOf(drawing.id)} />
                    <Marks
                      marks={mine}
                      written={written}
                      drawing={drawing}
                      scale={scale}
                      chosen={at}
                      onPick={(m) =>
                        select({ kind: m.object_kind === "zone" ? "zone" : "source", id: m.object! })
                      }
                    />
                  </>
                )}
              </Canvas>
            ) : (
              <Empty title={t("ui.plan.none")}>
                <a href={`/sites/${site}`}>{t("ui.plan.none_add")}</a>
              </Empty>
            )}
            <ZoneLines zones={zones} shown={at} />
          </>
        )}
      </Loaded>
    </div>
  );
}

export const zoneClass = (z: Zone): string => word("ui.zone.class", z.class);
