// SPDX-License-Identifier: Apache-2.0
// Drawings of a site and the simple editor: choose an object, then a point, or the corners of a polygon
// (Enter or the first corner closes it, Backspace takes the last back).
import { useEffect, useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Drawing, Mark, Shape as MarkShape } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { Button, Empty, Field, Filters, Loaded, Select } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { Marks } from "./desk/marks.tsx";
import { Canvas } from "./desk/plan.tsx";

const SVG_MAX = 1_000_000;

function AddDrawing({ site, onClose }: { site: string; onClose: () => void }) {
  const [v, setV] = useState({ name: "", floor: "", svg: "" });
  const [fault, setFault] = useState("");
  const read = async (file: File | undefined) => {
    const bad = !file ? "" : file.size > SVG_MAX ? t("ui.drawing.too_big") : "";
    setFault(bad);
    setV({
      ...v,
      svg: file && !bad ? await file.text() : "",
      name: v.name || (file?.name.replace(/\.svg$/i, "") ?? ""),
    });
  };
  return (
    <FormDialog
      title={t("ui.drawing.add")}
      submit={t("ui.drawing.add")}
      onClose={onClose}
      disabled={!v.svg}
      onSubmit={() =>
        post("/drawings", { site, name: v.name, floor: v.floor || undefined, svg: v.svg })
      }
    >
      <Field
        label={t("ui.drawing.file")}
        help={t("ui.drawing.file_help")}
        error={fault || undefined}
        wide
      >
        <input
          type="file"
          accept=".svg,image/svg+xml"
          required
          onChange={(e) => void read(e.currentTarget.files?.[0])}
        />
      </Field>
      <Field label={t("ui.name")}>
        <input
          type="text"
          required
          maxLength={80}
          value={v.name}
          onInput={(e) => setV({ ...v, name: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.drawing.floor")}>
        <input
          type="text"
          maxLength={40}
          value={v.floor}
          onInput={(e) => setV({ ...v, floor: e.currentTarget.value })}
        />
      </Field>
    </FormDialog>
  );
}

interface Thing {
  kind: Mark["object_kind"];
  id: string;
  name: string;
}

function things(site: string): Thing[] {
  const of = (kind: Thing["kind"], list: { id: string; site: string; name: string }[]) =>
    list
      .filter((x) => x.site === site)
      .sort((a, b) => a.name.localeCompare(b.name, "vi"))
      .map((x): Thing => ({ kind, id: x.id, name: x.name }));
  return [
    ...of("zone", rows("zones")),
    ...of("post", rows("posts")),
    ...of("gate", rows("gates")),
    ...of("source", rows("sources")),
    { kind: "assembly", id: "", name: t("ui.mark.assembly") },
  ];
}

function Editor({ drawing }: { drawing: Drawing }) {
  const load = need("marks", { drawing: drawing.id }).value;
  const [picked, setPicked] = useState("");
  const [corners, setCorners] = useState<[number, number][]>([]);
  const marks = rows("marks").filter((m) => m.drawing === drawing.id);
  const all = things(drawing.site);
  const keyOf = (x: Thing) => `${x.kind}:${x.id}`;
  const thing = all.find((x) => keyOf(x) === picked);
  const edit = may("sites.edit");
  const save = async (shape: MarkShape) => {
    if (
      thing &&
      (await attempt(
        () =>
          post("/marks", {
            drawing: drawing.id,
            object_kind: thing.kind,
            object: thing.id || undefined,
            shape,
          }),
        t("ui.mark.placed", { name: thing.name }),
      ))
    ) {
      setPicked("");
    }
    setCorners([]);
  };
  const finish = () => corners.length >= 3 && void save({ type: "polygon", points: corners });
  const onPoint = (x: number, y: number) => {
    if (thing?.kind !== "zone") {
      void save({ type: "point", x, y });
      return;
    }
    const near =
      corners[0] && Math.hypot(corners[0][0] - x, corners[0][1] - y) < drawing.width / 80;
    if (near && corners.length >= 3) {
      finish();
    } else {
      setCorners([...corners, [x, y]]);
    }
  };
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (!thing || (e.target as Element).closest("dialog,select,input")) {
        return;
      }
      if (e.key === "Enter") {
        finish();
      } else if (e.key === "Backspace") {
        setCorners(corners.slice(0, -1));
      } else if (e.key === "Escape") {
        setCorners([]);
        setPicked("");
      } else {
        return;
      }
      e.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [thing?.id, corners]);
  return (
    <Loaded load={load} lines={10}>
      {() => (
        <div class="editor">
          <Canvas drawing={drawing} label={drawing.name} onPoint={thing ? onPoint : undefined}>
            {(scale) => (
              <>
                <Marks marks={marks} drawing={drawing} scale={scale} />
                {corners.length > 0 && (
                  <g class="draft">
                    <polyline
                      points={corners.map((c) => c.join(",")).join(" ")}
                      vector-effect="non-scaling-stroke"
                    />
                    {corners.map(([x, y], i) => (
                      <circle key={i} cx={x} cy={y} r={(i === 0 ? 6 : 4) / scale} />
                    ))}
                  </g>
                )}
              </>
            )}
          </Canvas>
          <aside class="side" aria-label={t("ui.mark.title")}>
            {edit && (
              <section>
                <h2>{t("ui.mark.place")}</h2>
                <Field label={t("ui.mark.object")} wide>
                  <Select
                    value={picked}
                    none={t("ui.choose")}
                    onChange={(v) => {
                      setPicked(v);
                      setCorners([]);
                    }}
                    options={all.map((x) => [
                      keyOf(x),
                      `${word("ui.mark.kind", x.kind)}: ${x.name}${marks.some((m) => m.object === x.id && x.id) ? " ✓" : ""}`,
                    ])}
                  />
                </Field>
                <p class="dim">
                  {!thing
                    ? t("ui.mark.help")
                    : thing.kind === "zone"
                      ? t("ui.mark.help_polygon", { n: corners.length })
                      : t("ui.mark.help_point")}
                </p>
                {thing?.kind === "zone" && (
                  <div class="row">
                    <Button kind="primary" disabled={corners.length < 3} onClick={finish} keys="↵">
                      {t("ui.mark.finish")}
                    </Button>
                    <Button
                      disabled={corners.length === 0}
                      onClick={() => setCorners(corners.slice(0, -1))}
                    >
                      {t("ui.action.undo")}
                    </Button>
                  </div>
                )}
              </section>
            )}
            <section>
              <h2>
                {t("ui.mark.placed_list")} <span class="dim num">{marks.length}</span>
              </h2>
              <ul class="lines">
                {marks.map((m) => {
                  const name =
                    m.label ||
                    all.find((x) => x.kind === m.object_kind && x.id === (m.object ?? ""))?.name ||
                    word("ui.mark.kind", m.object_kind);
                  return (
                    <li key={m.id}>
                      <span class="dim">{word("ui.mark.kind", m.object_kind)}</span>
                      <b>{name}</b>
                      {edit && (
                        <Button
                          kind="plain"
                          aria-label={t("ui.mark.remove_name", { name })}
                          onClick={() =>
                            void attempt(
                              () => post(`/marks/${m.id}/remove`),
                              t("ui.mark.removed", { name }),
                              () =>
                                void attempt(
                                  () =>
                                    post("/marks", {
                                      drawing: m.drawing,
                                      object_kind: m.object_kind,
                                      object: m.object ?? undefined,
                                      label: m.label ?? undefined,
                                      shape: m.shape,
                                    }),
                                  t("ui.mark.placed", { name }),
                                ),
                            )
                          }
                        >
                          {t("ui.action.remove")}
                        </Button>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          </aside>
        </div>
      )}
    </Loaded>
  );
}

export function Drawings({ site }: { site: string }) {
  const load = need("drawings", { site }).value;
  need("zones");
  need("posts", { site });
  need("gates", { site });
  need("sources");
  const [picked, setPicked] = useState("");
  const [adding, setAdding] = useState(false);
  const list = rows("drawings").filter((d) => d.site === site);
  const drawing = list.find((d) => d.id === picked) ?? list[0];
  return (
    <Loaded load={load} lines={8}>
      {() => (
        <>
          <div class="toolbar">
            {list.length > 1 && (
              <Filters
                name={t("ui.plan.floors")}
                value={drawing?.id ?? ""}
                onChange={setPicked}
                options={list.map((d) => [d.id, d.floor ? `${d.name} (${d.floor})` : d.name])}
              />
            )}
            {may("sites.edit") && (
              <Button icon="plus" onClick={() => setAdding(true)}>
                {t("ui.drawing.add")}
              </Button>
            )}
          </div>
          {drawing ? (
            <Editor drawing={drawing} key={drawing.id} />
          ) : (
            <Empty title={t("ui.plan.none")}>{t("ui.drawing.none_more")}</Empty>
          )}
          {adding && <AddDrawing site={site} onClose={() => setAdding(false)} />}
        </>
      )}
    </Loaded>
  );
}
