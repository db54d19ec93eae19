// SPDX-License-Identifier: Apache-2.0
// The floors of a site: to look at, with what is drawn on each and which zones its doors join; drawing itself is
// the page /plan/{id}.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Drawing } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { FileField } from "../ui/fields.tsx";
import { Button, Empty, Field, Filters, Loaded, Time } from "../ui/parts.tsx";
import { Marks } from "./desk/marks.tsx";
import { Canvas } from "./desk/plan.tsx";
import { Sights, Structure } from "./plan/paint.tsx";
import { drawingsOf, elementsOf, floorName, marksOf, needDrawings } from "./plan/sheet.ts";

export const SVG_MAX = 240_000; // what one request may hold

export async function readSvg(file: File | undefined): Promise<{ svg: string; fault: string }> {
  const fault = file && file.size > SVG_MAX ? t("ui.drawing.too_big") : "";
  return { svg: file && !fault ? await file.text() : "", fault };
}

function AddDrawing({ site, onClose }: { site: string; onClose: () => void }) {
  const floors = drawingsOf(site);
  const [v, setV] = useState({ name: "", floor: "", svg: "", width: "60", height: "40" });
  const [fault, setFault] = useState("");
  const metres = (x: string) => Number(x.replace(",", "."));
  const bad = [v.width, v.height].some((x) => !(metres(x) >= 1 && metres(x) <= 2000));
  return (
    <FormDialog
      title={t("ui.drawing.add")}
      submit={t("ui.drawing.add")}
      onClose={onClose}
      disabled={bad || !!fault}
      onSubmit={async () => {
        const made = await post("/drawings", {
          site,
          name: v.name,
          floor: v.floor || undefined,
          level: floors.length ? floors[floors.length - 1]!.level + 1 : 0,
          frame: { width: metres(v.width), height: metres(v.height) },
          svg: v.svg || undefined,
        });
        go(`/plan/${made.id}`);
      }}
    >
      {(
        [
          ["name", 80, true],
          ["floor", 40, false],
        ] as const
      ).map(([key, max, required]) => (
        <Field
          key={key}
          label={key === "name" ? t("ui.name") : t("ui.drawing.floor")}
          help={key === "floor" ? t("ui.drawing.floor_help") : undefined}
        >
          <input
            type="text"
            name={key}
            required={required}
            maxLength={max}
            value={v[key]}
            onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
          />
        </Field>
      ))}
      {(["width", "height"] as const).map((key) => (
        <Field key={key} label={t(`ui.draw.frame_${key}`)}>
          <input
            type="text"
            inputMode="decimal"
            name={key}
            required
            value={v[key]}
            aria-invalid={!(metres(v[key]) >= 1 && metres(v[key]) <= 2000) || undefined}
            onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
          />
        </Field>
      ))}
      <FileField
        label={t("ui.drawing.file")}
        help={t("ui.drawing.file_help")}
        error={fault || undefined}
        wide
        accept=".svg,image/svg+xml"
        onChange={async (file) => {
          const read = await readSvg(file);
          setFault(read.fault);
          setV((now) => ({ ...now, svg: read.svg }));
        }}
      />
    </FormDialog>
  );
}

function RemoveDrawing({ drawing, onClose }: { drawing: Drawing; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.draw.remove")}
      submit={t("ui.draw.remove")}
      onClose={onClose}
      onSubmit={() => post(`/drawings/${drawing.id}/remove`, { reason })}
    >
      <p class="dim">{t("ui.draw.remove_about", { name: drawing.name })}</p>
      <Field label={t("ui.draw.remove_why")} wide>
        <input
          type="text"
          required
          maxLength={200}
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function Neighbours({ drawing }: { drawing: Drawing }) {
  need("zone-links", { site: drawing.site });
  const links = rows("zone-links").filter((l) => [l.drawing, l.drawing_b].includes(drawing.id));
  const pairs = new Map<string, { names: string[]; by: string[] }>();
  for (const l of links) {
    const names = [l.zone_a, l.zone_b]
      .map((id, i) => one("zones", id)?.name ?? (i ? l.zone_b_name : l.zone_a_name) ?? "–")
      .sort((a, b) => a.localeCompare(b, "vi"));
    const key = names.join("\n");
    const p = pairs.get(key) ?? { names, by: [] };
    p.by.push(word("ui.draw.kind", l.kind));
    pairs.set(key, p);
  }
  return (
    <section class="neighbours">
      <h2>
        {t("ui.draw.neighbours")} <span class="dim num">{pairs.size}</span>
      </h2>
      {pairs.size === 0 ? (
        <p class="dim">{t("ui.draw.neighbours_none")}</p>
      ) : (
        <ul class="lines">
          {[...pairs.values()]
            .sort((a, b) => a.names[0]!.localeCompare(b.names[0]!, "vi"))
            .map((p) => (
              <li key={p.names.join()}>
                <b>{p.names[0]}</b> ↔ <b>{p.names[1]}</b>
                <span class="dim">{p.by.join(", ").toLocaleLowerCase()}</span>
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}

function Floor({ drawing }: { drawing: Drawing }) {
  const elements = elementsOf(drawing.id);
  const layers = rows("drawing-layers").filter((l) => l.drawing === drawing.id && l.saved_at);
  const last = layers.sort((a, b) => a.saved_at!.localeCompare(b.saved_at!)).pop();
  return (
    <div class="floor">
      <Canvas drawing={drawing} label={drawing.name}>
        {(scale, written) => (
          <>
            <Sights elements={elements} />
            <Structure elements={elements} />
            <Marks marks={marksOf(drawing)} written={written} drawing={drawing} scale={scale} />
          </>
        )}
      </Canvas>
      <aside class="side" aria-label={t("ui.mark.title")}>
        <p class="dim">
          {t("ui.draw.size", { w: drawing.frame.width, h: drawing.frame.height })}
          {last && (
            <>
              <br />
              {t("ui.draw.saved_by", { name: last.saved_by_name ?? "–" })} <Time at={last.saved_at} />
            </>
          )}
          {last?.note && (
            <>
              <br />
              {last.note}
            </>
          )}
        </p>
        <Neighbours drawing={drawing} />
      </aside>
    </div>
  );
}

export function Drawings({ site }: { site: string }) {
  const load = needDrawings(site);
  need("zones");
  need("posts", { site });
  need("gates", { site });
  need("sources");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState(false);
  const list = drawingsOf(site);
  const drawing = list.find((d) => d.id === place.value.query.get("floor")) ?? list[0];
  return (
    <Loaded load={load} lines={8}>
      {() => (
        <>
          <div class="toolbar">
            {list.length > 1 && (
              <Filters
                name={t("ui.plan.floors")}
                value={drawing?.id ?? ""}
                onChange={(v) => setQuery({ floor: v })}
                options={list.map((d) => [d.id, floorName(d)])}
              />
            )}
            {may("sites.edit") && (
              <>
                {drawing && (
                  <a class="button primary wide-only" href={`/plan/${drawing.id}`}>
                    {t("ui.draw.open")}
                  </a>
                )}
                <Button icon="plus" onClick={() => setAdding(true)}>
                  {t("ui.drawing.add")}
                </Button>
                {drawing && (
                  <Button kind="plain" onClick={() => setRemoving(true)}>
                    {t("ui.draw.remove")}
                  </Button>
                )}
              </>
            )}
          </div>
          {drawing ? (
            <Floor drawing={drawing} key={drawing.id} />
          ) : (
            <Empty title={t("ui.plan.none")}>{t("ui.draw.none_more")}</Empty>
          )}
          {adding && <AddDrawing site={site} onClose={() => setAdding(false)} />}
          {removing && drawing && (
            <RemoveDrawing drawing={drawing} onClose={() => setRemoving(false)} />
          )}
        </>
      )}
    </Loaded>
  );
}
