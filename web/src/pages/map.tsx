// SPDX-License-Identifier: Apache-2.0
// Every placed site on one map with its state: on the operator's own tiles (DATA/tiles) or on plain paper with
// degrees. No picture comes from another host. Wherever a map is shown, Hoàng Sa and Trường Sa are on it. The
// list beside it says the same in words; there sites are placed, by a click or by degrees.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type * as Leaflet from "leaflet";
import { get, post } from "../api/client.ts";
import { cluster, column, type Box, type Cluster } from "../lib/cluster.ts";
import { t } from "../lib/i18n.ts";
import { go, place } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Shape } from "../ui/icons.tsx";
import { Button, Loaded, PageHead } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { LOUD_RANK, siteLines, type Line } from "./desk/board.tsx";

declare const VG_MAP_JS: string;
type L = typeof Leaflet;

let library: Promise<L> | null = null;

function leaflet(): Promise<L> {
  library ??= new Promise<L>((done, fail) => {
    const s = document.createElement("script");
    s.src = VG_MAP_JS;
    s.onload = () => done((globalThis as { vgLeaflet?: L }).vgLeaflet!);
    s.onerror = () => {
      library = null;
      fail(new Error("map"));
    };
    document.head.append(s);
  });
  return library;
}

const COUNTRY: Leaflet.LatLngBoundsExpression = [
  [6, 101.5],
  [23.6, 118],
];
const ARCHIPELAGOS: [string, number, number][] = [
  ["ui.map.hoang_sa", 16.5, 112],
  ["ui.map.truong_sa", 9.7, 113.8],
];
const NEAR = 15; // one site alone is not looked at from closer
const NEAREST = 18; // from here on sites in one place stand in a column
const SEA: [number, number] = [170, 20];
const LETTER = 6.6; // pixels, about
const NAME_MOST = 210;

interface Spot {
  line: Line;
  lat: number | null;
  lon: number | null;
}

function spots(): Spot[] {
  const at = new Map(rows("site-positions").map((p) => [p.id, p]));
  return siteLines().map((line) => ({
    line,
    lat: at.get(line.site.id)?.lat ?? null,
    lon: at.get(line.site.id)?.lon ?? null,
  }));
}

// --- what is on the map ---------------------------------------------------------------------------
function paper(l: L): Leaflet.LayerGroup {
  const group = l.layerGroup();
  const line = (points: [number, number][]) =>
    l.polyline(points, { className: "map-degree", weight: 1, interactive: false }).addTo(group);
  for (let lat = -5; lat <= 35; lat++) {
    line([
      [lat, 85],
      [lat, 135],
    ]);
  }
  for (let lon = 85; lon <= 135; lon++) {
    line([
      [-5, lon],
      [35, lon],
    ]);
  }
  return group;
}

function label(l: L, lat: number, lon: number, el: HTMLElement, size: [number, number]) {
  const icon = l.divIcon({ className: "map-mark", html: el, iconSize: size });
  // above whatever site stands there
  return l.marker([lat, lon], { icon, keyboard: false, interactive: false, zIndexOffset: 9000 });
}

function archipelagos(l: L): Leaflet.LayerGroup {
  return l.layerGroup(
    ARCHIPELAGOS.map(([key, lat, lon]) => {
      const el = document.createElement("span");
      el.className = "map-sea";
      el.textContent = t(key);
      return label(l, lat, lon, el, SEA);
    }),
  );
}

type Placed = Spot & { lat: number; lon: number };

function sign(s: Spot, words: preact.ComponentChild): HTMLElement {
  const el = document.createElement("span");
  el.className = `map-site ${s.line.of}`;
  render(
    <>
      <Shape of={s.line.of} filled={s.line.of === "act"} />
      {words}
    </>,
    el,
  );
  return el;
}

function mark(l: L, s: Placed, html: HTMLElement, title: string, down = 0): Leaflet.Marker {
  const icon = l.divIcon({ className: "map-mark", html, iconSize: [180, 24], iconAnchor: [12, 12 - down] });
  const m = l.marker([s.lat, s.lon], {
    icon,
    title,
    riseOnHover: true,
    zIndexOffset: -1000 * LOUD_RANK[s.line.of],
  });
  m.on("add", () => m.getElement()?.setAttribute("aria-label", title));
  return m;
}

function siteMark(l: L, s: Placed, named: boolean, down = 0): Leaflet.Marker {
  const { site, what } = s.line;
  const m = mark(l, s, sign(s, named && <span class="name">{site.name}</span>), `${site.name}: ${what}`, down);
  m.on("click", () => go(`/?site=${site.id}`));
  return m;
}

// Several sites in one place of the screen: the sign of the loudest and their number; a click goes nearer.
function clusterMark(l: L, map: Leaflet.Map, list: Placed[]): Leaflet.Marker {
  const count = t("ui.map.cluster", { n: list.length });
  const title = `${count}: ${list.map((s) => s.line.site.name).join(", ")}`;
  const m = mark(l, list[0]!, sign(list[0]!, <b class="num">{list.length}</b>), title);
  m.on("click", () =>
    map.fitBounds(l.latLngBounds(list.map((s) => [s.lat, s.lon])), {
      padding: [60, 60],
      maxZoom: NEAREST,
    }),
  );
  return m;
}

function seaBoxes(map: Leaflet.Map): Box[] {
  return ARCHIPELAGOS.map(([, lat, lon]) => {
    const { x, y } = map.latLngToLayerPoint([lat, lon]);
    return { x0: x - SEA[0] / 2, y0: y - SEA[1] / 2, x1: x + SEA[0] / 2, y1: y + SEA[1] / 2 };
  });
}

function drawSites(l: L, map: Leaflet.Map, into: Leaflet.LayerGroup, placed: Placed[]): void {
  const at = new Map(placed.map((s) => [s.line.site.id, s]));
  const pins = placed.map((s) => ({
    id: s.line.site.id,
    ...map.latLngToLayerPoint([s.lat, s.lon]),
    rank: LOUD_RANK[s.line.of],
    name: Math.min(NAME_MOST, s.line.site.name.length * LETTER + 12),
  }));
  const of = (c: Cluster) => c.ids.map((id) => at.get(id)!);
  into.clearLayers();
  for (const c of cluster(pins, seaBoxes(map))) {
    const list = of(c);
    if (list.length === 1) {
      siteMark(l, list[0]!, c.named).addTo(into);
    } else if (map.getZoom() < NEAREST) {
      clusterMark(l, map, list).addTo(into);
    } else {
      column(list.length).forEach((down, i) => siteMark(l, list[i]!, true, down).addTo(into));
    }
  }
}

// --- the map as a component -----------------------------------------------------------------------
function Chart(props: { list: Spot[]; placing: boolean; onPlace: (lat: number, lon: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<{ l: L; map: Leaflet.Map; sites: Leaflet.LayerGroup } | null>(null);
  const onPlace = useRef(props.onPlace);
  onPlace.current = props.onPlace;
  const [ready, setReady] = useState(false);
  const [tiles, setTiles] = useState<boolean | null>(null);
  const placed = props.list.filter((s): s is Placed => s.lat !== null && s.lon !== null);
  const drawn = useRef(placed);
  drawn.current = placed;

  const all = () => {
    const m = map.current;
    if (m && placed.length) {
      m.map.fitBounds(m.l.latLngBounds(placed.map((s) => [s.lat, s.lon])), {
        padding: [60, 60],
        maxZoom: NEAR,
      });
    } else {
      m?.map.fitBounds(COUNTRY);
    }
  };
  useEffect(() => {
    let gone = false;
    void Promise.all([leaflet(), get<{ levels: number[] }>("/tiles").catch(() => ({ levels: [] }))]).then(
      ([l, { levels }]) => {
        if (gone) {
          return;
        }
        const m = l.map(box.current!, {
          attributionControl: false,
          zoomControl: false,
          minZoom: 4,
          maxZoom: 19,
          zoomAnimation: false,
          fadeAnimation: false,
          markerZoomAnimation: false,
          inertia: false,
        });
        if (levels.length) {
          l.tileLayer("/api/v1/tiles/{z}/{x}/{y}", {
            minNativeZoom: levels[0],
            maxNativeZoom: levels[levels.length - 1],
            maxZoom: 19,
          }).addTo(m);
        } else {
          paper(l).addTo(m);
        }
        archipelagos(l).addTo(m);
        l.control.scale({ imperial: false, position: "bottomleft" }).addTo(m);
        const sites = l.layerGroup().addTo(m);
        m.on("click", (e) => onPlace.current(e.latlng.lat, e.latlng.lng));
        m.on("zoomend", () => drawSites(l, m, sites, drawn.current));
        map.current = { l, map: m, sites };
        setTiles(levels.length > 0);
        setReady(true);
      },
      () => setTiles(false),
    );
    return () => {
      gone = true;
      map.current?.map.remove();
      map.current = null;
    };
  }, []);
  const country = place.value.query.get("view") === "country";
  useEffect(() => {
    if (country) {
      map.current?.map.fitBounds(COUNTRY);
    } else {
      all();
    }
  }, [ready, country]);
  useEffect(() => {
    const m = map.current;
    if (m) {
      drawSites(m.l, m.map, m.sites, placed);
    }
  }, [ready, JSON.stringify(placed.map((s) => [s.line.site.id, s.lat, s.lon, s.line.of, s.line.what]))]);
  return (
    <div class={`chart ${props.placing ? "placing" : ""}`}>
      <div ref={box} class="chart-box" role="application" aria-label={t("ui.map.label")} />
      <div class="chart-tools" role="group" aria-label={t("ui.plan.zoom")}>
        <Button onClick={() => map.current?.map.zoomIn()} aria-label={t("ui.map.zoom_in")}>
          +
        </Button>
        <Button onClick={() => map.current?.map.zoomOut()} aria-label={t("ui.map.zoom_out")}>
          −
        </Button>
        <Button onClick={all}>{t("ui.map.all")}</Button>
        <Button onClick={() => map.current?.map.fitBounds(COUNTRY)}>{t("ui.map.country")}</Button>
      </div>
      {tiles === false && <p class="chart-note dim">{t("ui.map.no_tiles")}</p>}
    </div>
  );
}

// --- the list -------------------------------------------------------------------------------------
const degrees = (x: string, most: number): number | null => {
  const v = Number(x.replace(",", "."));
  return x.trim() !== "" && Math.abs(v) <= most ? v : null;
};

function Placing({ spot, onDone }: { spot: Spot; onDone: () => void }) {
  const text = (v: number | null) => (v === null ? "" : String(v));
  const [v, setV] = useState({ lat: text(spot.lat), lon: text(spot.lon) });
  const lat = degrees(v.lat, 90),
    lon = degrees(v.lon, 180);
  const name = spot.line.site.name;
  const send = async (body: object) => {
    if (await attempt(() => post(`/sites/${spot.line.site.id}/position`, body), t("ui.map.placed", { name }))) {
      onDone();
    }
  };
  return (
    <form
      class="placing-form"
      onSubmit={(e) => {
        e.preventDefault();
        void send({ lat, lon });
      }}
    >
      <p class="dim">{t("ui.map.placing", { name })}</p>
      {(["lat", "lon"] as const).map((key) => (
        <label key={key} class="num-field">
          <span class="label">{t(`ui.map.${key}`)}</span>
          <input
            type="text"
            inputMode="decimal"
            name={key}
            value={v[key]}
            onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
          />
        </label>
      ))}
      {(v.lat || v.lon) && (lat === null || lon === null) && (
        <p class="error" role="alert">
          {t("ui.map.degrees_wrong")}
        </p>
      )}
      <div class="row">
        <Button kind="primary" type="submit" disabled={lat === null || lon === null}>
          {t("ui.map.place")}
        </Button>
        {spot.lat !== null && <Button onClick={() => void send({})}>{t("ui.map.unplace")}</Button>}
        <Button kind="quiet" onClick={onDone}>
          {t("ui.action.cancel")}
        </Button>
      </div>
    </form>
  );
}

export function MapPage() {
  const load = [
    need("sites").value,
    need("zones").value,
    need("sources").value,
    need("site-positions").value,
  ];
  const [placing, setPlacing] = useState<string | null>(null);
  const list = spots();
  const edit = may("sites.edit");
  const put = async (lat: number, lon: number) => {
    const spot = list.find((s) => s.line.site.id === placing);
    if (
      spot &&
      (await attempt(
        () =>
          post(`/sites/${spot.line.site.id}/position`, {
            lat: Math.round(lat * 1e6) / 1e6,
            lon: Math.round(lon * 1e6) / 1e6,
          }),
        t("ui.map.placed", { name: spot.line.site.name }),
      ))
    ) {
      setPlacing(null);
    }
  };
  return (
    <div class="page map-page">
      <PageHead title={t("ui.map.title")} sub={t("ui.map.about")} />
      <Loaded load={load} lines={8}>
        {() => (
          <div class="map-body">
            <Chart list={list} placing={placing !== null} onPlace={(lat, lon) => void put(lat, lon)} />
            <aside class="side" aria-label={t("ui.map.sites")}>
              <ul class="lines">
                {list.map((s) => (
                  <li key={s.line.site.id}>
                    <span class={`mark ${s.line.of}`}>
                      <Shape of={s.line.of} />
                    </span>
                    <span class="grow">
                      <a href={`/?site=${s.line.site.id}`}>{s.line.site.name}</a>
                      <span class="sub dim">
                        {s.line.what}
                        {s.lat === null ? ` · ${t("ui.map.unplaced")}` : ""}
                      </span>
                    </span>
                    {edit && placing !== s.line.site.id && (
                      <Button
                        kind="plain"
                        onClick={() => setPlacing(s.line.site.id)}
                        aria-label={`${t("ui.map.place")}: ${s.line.site.name}`}
                      >
                        {t("ui.map.place")}
                      </Button>
                    )}
                    {placing === s.line.site.id && (
                      <Placing spot={s} onDone={() => setPlacing(null)} />
                    )}
                  </li>
                ))}
              </ul>
            </aside>
          </div>
        )}
      </Loaded>
    </div>
  );
}
