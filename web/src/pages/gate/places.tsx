// SPDX-License-Identifier: Apache-2.0
// Areas and the points between them: where one is, and where one passes; who may make the pair of an area.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { GateArea, GatePoint } from "../../api/gate.ts";
import { t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Field, Select } from "../../ui/parts.tsx";
import { AreaLists } from "./lists.tsx";

const options = (set: string, values: string[]): [string, string][] => values.map((v) => [v, word(set, v)]);
const areasOf = (site: string): GateArea[] =>
  rows("gate-areas").filter((a) => a.site === site && a.state === "active");
const pick = (list: GateArea[]): [string, string][] => list.map((a) => [a.id, a.name]);

function NumberField(p: {
  label: string;
  help?: string;
  max: number;
  value: string;
  onChange: (v: string) => void;
}) {
  return (
    <Field label={p.label} help={p.help}>
      <input
        type="number"
        min={0}
        max={p.max}
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export function AreaForm({ a, site, onClose }: { a?: GateArea; site: string; onClose: () => void }) {
  const text = (n: number | null | undefined) => (n ? String(n) : "");
  const [v, setV] = useState({
    site: a?.site ?? site,
    name: a?.name ?? "",
    parent: a?.parent ?? "",
    passback: a?.passback ?? "soft",
    again: text(a?.again_min),
    most: text(a?.most),
    alone: text(a?.alone_s),
    airlock: a?.airlock ? "yes" : "no",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = () =>
    post(a ? `/gate-areas/${a.id}` : "/gate-areas", {
      ...(a ? {} : { site: v.site }),
      name: v.name,
      parent: v.parent || undefined,
      passback: v.passback,
      again_min: v.again || a ? Number(v.again) : undefined,
      most: v.most || a ? Number(v.most) : undefined,
      alone_s: v.alone || a ? Number(v.alone) : undefined,
      airlock: v.airlock === "yes",
    });
  return (
    <FormDialog
      title={t(a ? "ui.pass.area_change" : "ui.pass.area_add")}
      submit={t("ui.action.save")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!a && <SiteField required value={v.site} onChange={(s) => set({ site: s, parent: "" })} />}
      <TextField label={t("ui.pass.name")} max={80} value={v.name} onChange={(name) => set({ name })} />
      <Field label={t("ui.pass.parent")}>
        <Select
          value={v.parent}
          none={t("ui.pass.parent_none")}
          onChange={(parent) => set({ parent })}
          options={pick(areasOf(v.site).filter((x) => x.id !== a?.id))}
        />
      </Field>
      <Field label={t("ui.pass.passback_title")} help={t("ui.pass.passback_help")}>
        <Select
          value={v.passback}
          onChange={(p) => set({ passback: p as typeof v.passback })}
          options={options("ui.pass.passback", ["none", "soft", "hard"])}
        />
      </Field>
      <NumberField
        label={t("ui.pass.again")}
        help={t("ui.pass.again_help")}
        max={1440}
        value={v.again}
        onChange={(again) => set({ again })}
      />
      <NumberField label={t("ui.pass.most")} max={100000} value={v.most} onChange={(most) => set({ most })} />
      <NumberField
        label={t("ui.pass.alone")}
        help={t("ui.pass.alone_help")}
        max={86400}
        value={v.alone}
        onChange={(alone) => set({ alone })}
      />
      <Field label={t("ui.pass.airlock")}>
        <Select
          value={v.airlock}
          onChange={(airlock) => set({ airlock })}
          options={[
            ["no", t("ui.no")],
            ["yes", t("ui.yes")],
          ]}
        />
      </Field>
    </FormDialog>
  );
}

export function PointForm({ p, site, onClose }: { p?: GatePoint; site: string; onClose: () => void }) {
  const [v, setV] = useState({
    site: p?.site ?? site,
    name: p?.name ?? "",
    outer: p?.outer ?? "",
    inner: p?.inner ?? "",
    gate: p?.gate ?? "",
    ways: p?.ways ?? "both",
    lane: p?.lane ?? "person",
    source: p?.source ?? "",
    reader: p?.reader ?? "",
    auto: p?.auto ?? "none",
  });
  need("gates");
  need("sources");
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const areas = pick(areasOf(v.site));
  const submit = () =>
    post(p ? `/gate-points/${p.id}` : "/gate-points", {
      ...(p ? {} : { site: v.site, outer: v.outer || undefined, inner: v.inner }),
      name: v.name,
      gate: v.gate || undefined,
      ways: v.ways,
      lane: v.lane,
      source: v.source || undefined,
      reader: v.reader || p ? v.reader : undefined,
      auto: v.auto,
    });
  return (
    <FormDialog
      title={t(p ? "ui.pass.point_change" : "ui.pass.point_add")}
      submit={t("ui.action.save")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!p && (
        <SiteField
          required
          value={v.site}
          onChange={(s) => set({ site: s, outer: "", inner: "", gate: "" })}
        />
      )}
      <TextField label={t("ui.pass.name")} max={80} value={v.name} onChange={(name) => set({ name })} />
      {!p && (
        <>
          <Field label={t("ui.pass.outer")}>
            <Select
              value={v.outer}
              none={t("ui.pass.street")}
              onChange={(outer) => set({ outer })}
              options={areas}
            />
          </Field>
          <Field label={t("ui.pass.inner")}>
            <Select
              value={v.inner}
              required
              none={t("ui.choose")}
              onChange={(inner) => set({ inner })}
              options={areas}
            />
          </Field>
        </>
      )}
      <Field label={t("ui.pass.ways_title")}>
        <Select
          value={v.ways}
          onChange={(w) => set({ ways: w as typeof v.ways })}
          options={options("ui.pass.ways", ["both", "in", "out"])}
        />
      </Field>
      <Field label={t("ui.pass.lane_title")}>
        <Select
          value={v.lane}
          onChange={(l) => set({ lane: l as typeof v.lane })}
          options={options("ui.pass.lane", ["person", "vehicle", "both"])}
        />
      </Field>
      <Field label={t("ui.pass.gate_of")}>
        <Select
          value={v.gate}
          none={t("ui.pass.gate_none")}
          onChange={(gate) => set({ gate })}
          options={rows("gates")
            .filter((g) => g.site === v.site)
            .map((g) => [g.id, g.name])}
        />
      </Field>
      <Field label={t("ui.pass.source")} help={t("ui.pass.source_help")}>
        <Select
          value={v.source}
          none={p?.source ? undefined : t("ui.pass.source_none")}
          onChange={(source) => set({ source })}
          options={rows("sources")
            .filter((s) => s.site === v.site)
            .map((s) => [s.id, s.name])}
        />
      </Field>
      {v.source && (
        <>
          <TextField
            plain
            required={false}
            max={15}
            label={t("ui.pass.reader")}
            help={t("ui.pass.reader_help")}
            value={v.reader}
            onChange={(reader) => set({ reader })}
          />
          <Field label={t("ui.pass.auto_title")} help={t("ui.pass.auto_help")}>
            <Select
              value={v.auto}
              onChange={(a) => set({ auto: a as typeof v.auto })}
              options={options("ui.pass.auto", ["none", "records"])}
            />
          </Field>
        </>
      )}
    </FormDialog>
  );
}

const areaColumns = (): Column<GateArea>[] => [
  { key: "name", title: t("ui.pass.area"), text: (a) => a.name },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "14rem",
    narrow: true,
    text: (a) => a.site_name,
  },
  {
    key: "parent",
    title: t("ui.pass.parent"),
    width: "12rem",
    narrow: true,
    cell: (a) => a.parent_name ?? "–",
    text: (a) => a.parent_name,
  },
  {
    key: "passback",
    title: t("ui.pass.passback_title"),
    width: "14rem",
    narrow: true,
    cell: (a) =>
      word("ui.pass.passback", a.passback) +
      (a.again_min ? `, ${t("ui.pass.minutes", { n: a.again_min })}` : ""),
    text: (a) => word("ui.pass.passback", a.passback),
  },
  {
    key: "most",
    title: t("ui.pass.most"),
    width: "9rem",
    cell: (a) => <span class="num">{a.most || "–"}</span>,
    text: (a) => a.most,
  },
  {
    key: "alone",
    title: t("ui.pass.alone_short"),
    width: "10rem",
    mid: true,
    cell: (a) => (a.alone_s ? t("ui.seconds", { n: a.alone_s }) : "–"),
    text: (a) => a.alone_s,
  },
];
const autoText = (p: GatePoint): string => (p.source ? word("ui.pass.auto", p.auto) : "–");
const pointColumns = (): Column<GatePoint>[] => [
  { key: "name", title: t("ui.pass.point"), text: (p) => p.name },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "14rem",
    narrow: true,
    text: (p) => p.site_name,
  },
  {
    key: "outer",
    title: t("ui.pass.outer"),
    width: "12rem",
    narrow: true,
    cell: (p) => p.outer_name ?? t("ui.pass.street"),
    text: (p) => p.outer_name,
  },
  {
    key: "inner",
    title: t("ui.pass.inner"),
    width: "12rem",
    text: (p) => p.inner_name,
  },
  {
    key: "ways",
    title: t("ui.pass.ways_title"),
    width: "9rem",
    narrow: true,
    text: (p) => word("ui.pass.ways", p.ways),
  },
  {
    key: "lane",
    title: t("ui.pass.lane_title"),
    width: "9rem",
    mid: true,
    text: (p) => word("ui.pass.lane", p.lane),
  },
  {
    key: "auto",
    title: t("ui.pass.auto_title"),
    width: "14rem",
    mid: true,
    cell: (p) => autoText(p),
    text: autoText,
  },
];

export function Places({ site }: { site: string }) {
  const load = [
    need("gate-areas", { state: "active" }).value,
    need("gate-points", { state: "active" }).value,
  ];
  const [open, setOpen] = useState<{
    area?: GateArea;
    point?: GatePoint;
    add?: "area" | "point";
  } | null>(null);
  const edit = may("gate.edit");
  const here = <
    T extends {
      site: string;
      state: string;
    },
  >(
    list: T[],
  ) => list.filter((x) => x.state === "active" && (!site || x.site === site));
  return (
    <>
      <List
        name="gate-areas"
        label={t("ui.pass.areas")}
        rows={here(rows("gate-areas"))}
        columns={areaColumns()}
        keyOf={(a) => a.id}
        load={load}
        onOpen={edit ? (a) => setOpen({ area: a }) : undefined}
        download="gate-areas"
        tools={edit && <Button onClick={() => setOpen({ add: "area" })}>{t("ui.pass.area_add")}</Button>}
        empty={<Empty title={t("ui.pass.areas_none")}>{t("ui.pass.areas_none_more")}</Empty>}
      />
      <List
        name="gate-points"
        label={t("ui.pass.points")}
        rows={here(rows("gate-points"))}
        columns={pointColumns()}
        keyOf={(p) => p.id}
        load={load}
        onOpen={edit ? (p) => setOpen({ point: p }) : undefined}
        download="gate-points"
        tools={edit && <Button onClick={() => setOpen({ add: "point" })}>{t("ui.pass.point_add")}</Button>}
        empty={<Empty title={t("ui.pass.points_none")} />}
      />
      <AreaLists areas={here(rows("gate-areas"))} />
      {open && (open.area || open.add === "area") && (
        <AreaForm a={open.area} site={site} onClose={() => setOpen(null)} />
      )}
      {open && (open.point || open.add === "point") && (
        <PointForm p={open.point} site={site} onClose={() => setOpen(null)} />
      )}
    </>
  );
}
