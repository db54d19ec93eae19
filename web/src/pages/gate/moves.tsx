// SPDX-License-Identifier: Apache-2.0
// What happened at the gate: passages with what contradicts them, those turned away, logs brought in from elsewhere.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Passage, PassageImport, Refusal } from "../../api/gate.ts";
import { flagsOf } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { full, ms } from "../../lib/time.ts";
import { may } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Select, Time } from "../../ui/parts.tsx";
import { place, setQuery } from "../../router.ts";
import { reasonsText, SHAPE } from "./words.ts";

const LATE_MS = 60_000; // told so much after it happened: a terminal was offline
const flagsText = (p: Passage): string =>
  flagsOf(p.flags)
    .map((f) => t(`ui.pass.flag.${f}`))
    .join(", ");
const isLate = (p: Passage): boolean => (ms(p.received) ?? 0) - (ms(p.moved) ?? 0) > LATE_MS;

const byText = (x: Passage | Refusal): string =>
  x.source ? t("ui.pass.by_device", { name: x.source_name ?? x.point_name ?? "" }) : (x.decided_by_name ?? "");

const passageColumns = (): Column<Passage>[] => [
  {
    key: "moved",
    title: t("ui.pass.moved"),
    width: "12rem",
    cell: (p) => <Time at={p.moved} withAge={false} />,
    text: (p) => full(p.moved),
    sort: (p) => p.moved,
  },
  {
    key: "who",
    title: t("ui.pass.holder"),
    text: (p) => p.name ?? word("ui.pass.kind", p.holder_kind),
  },
  {
    key: "what",
    title: t("ui.pass.way_point"),
    width: "15rem",
    narrow: true,
    cell: (p) =>
      p.kind === "forgive"
        ? t("ui.pass.forgiven")
        : [word("ui.pass.way", p.way), p.point_name].filter(Boolean).join(" · "),
    text: (p) =>
      p.kind === "forgive"
        ? t("ui.pass.forgiven")
        : [word("ui.pass.way", p.way), p.point_name].filter(Boolean).join(" · "),
  },
  {
    key: "flags",
    title: t("ui.pass.flags"),
    width: "14rem",
    cell: (p) =>
      p.flags ? (
        <span class="mark attention">
          <Shape of="attention" />
          {flagsText(p)}
        </span>
      ) : (
        "–"
      ),
    text: flagsText,
  },
  {
    key: "advice",
    title: t("ui.pass.advice"),
    width: "16rem",
    narrow: true,
    cell: (p) =>
      p.advice === "green" ? (
        "–"
      ) : (
        <>
          <Shape of={SHAPE[p.advice]} /> {reasonsText(p.reasons)}
        </>
      ),
    text: (p) => (p.advice === "green" ? "" : reasonsText(p.reasons)),
  },
  {
    key: "why",
    title: t("ui.pass.why_title"),
    width: "14rem",
    mid: true,
    cell: (p) => p.why ?? "–",
    text: (p) => p.why,
  },
  {
    key: "by",
    title: t("ui.pass.by"),
    width: "12rem",
    mid: true,
    cell: (p) => byText(p) || "–",
    text: byText,
  },
  {
    key: "received",
    title: t("ui.pass.received"),
    width: "12rem",
    off: true,
    cell: (p) => (isLate(p) ? full(p.received) : "–"),
    text: (p) => full(p.received),
  },
  {
    key: "told",
    title: t("ui.pass.told"),
    width: "12rem",
    off: true,
    cell: (p) => (p.told ? full(p.told) : "–"),
    text: (p) => full(p.told),
  },
];

export function Passages({ site }: { site: string }) {
  const load = need("passages", site ? { site } : {}, 2000).value;
  const only = place.value.query.get("only") ?? "";
  const list = rows("passages")
    .filter(
      (p) =>
        (!site || p.site === site) && (!only || (only === "flags" ? p.flags !== 0 : p.advice !== "green")),
    )
    .sort((a, b) => b.moved.localeCompare(a.moved));
  return (
    <List
      name="passages"
      label={t("ui.pass.passages")}
      rows={list}
      columns={passageColumns()}
      keyOf={(p) => p.id}
      load={load}
      total={only ? undefined : load.total}
      download="passages"
      downloadParams={site ? { site } : undefined}
      filters={["view", "site", "only"]}
      tools={
        <Select
          label={t("ui.pass.only")}
          value={only}
          none={t("ui.pass.only_all")}
          onChange={(v) => setQuery({ only: v || null })}
          options={[
            ["flags", t("ui.pass.only_flags")],
            ["against", t("ui.pass.only_against")],
          ]}
        />
      }
      extra={<Button onClick={() => print()}>{t("ui.action.print")}</Button>}
      empty={<Empty title={t("ui.pass.passages_none")} />}
    />
  );
}

const refusalColumns = (): Column<Refusal>[] => [
  {
    key: "at",
    title: t("ui.pass.moved"),
    width: "12rem",
    cell: (r) => <Time at={r.at} withAge={false} />,
    text: (r) => full(r.at),
    sort: (r) => r.at,
  },
  {
    key: "who",
    title: t("ui.pass.holder"),
    cell: (r) => r.name ?? t("ui.pass.unknown_one"),
    text: (r) => r.name,
  },
  {
    key: "what",
    title: t("ui.pass.way_point"),
    width: "15rem",
    narrow: true,
    cell: (r) => `${word("ui.pass.way", r.way)} · ${r.point_name ?? ""}`,
    text: (r) => r.point_name,
  },
  {
    key: "reasons",
    title: t("ui.pass.advice"),
    width: "20rem",
    cell: (r) => reasonsText(r.reasons) || "–",
    text: (r) => reasonsText(r.reasons),
  },
  {
    key: "why",
    title: t("ui.pass.why_title"),
    width: "14rem",
    narrow: true,
    cell: (r) => r.why ?? "–",
    text: (r) => r.why,
  },
  {
    key: "by",
    title: t("ui.pass.by"),
    width: "12rem",
    mid: true,
    cell: (r) => byText(r) || "–",
    text: byText,
  },
];

export function Refusals({ site }: { site: string }) {
  const load = need("refusals", site ? { site } : {}, 2000).value;
  return (
    <List
      name="refusals"
      label={t("ui.pass.refusals")}
      rows={rows("refusals")
        .filter((r) => !site || r.site === site)
        .sort((a, b) => b.at.localeCompare(a.at))}
      columns={refusalColumns()}
      keyOf={(r) => r.id}
      load={load}
      total={load.total}
      download="refusals"
      downloadParams={site ? { site } : undefined}
      filters={["view", "site"]}
      extra={<Button onClick={() => print()}>{t("ui.action.print")}</Button>}
      empty={<Empty title={t("ui.pass.refusals_none")} />}
    />
  );
}

export function PassageImports({ site }: { site: string }) {
  const load = need("passage-imports", site ? { site } : {}).value;
  const [undo, setUndo] = useState<PassageImport | null>(null);
  const columns: Column<PassageImport>[] = [
    { key: "source", title: t("ui.pass.import_source"), text: (i) => i.source },
    {
      key: "site",
      title: t("ui.board.site"),
      width: "14rem",
      narrow: true,
      text: (i) => one("sites", i.site)?.name,
    },
    {
      key: "rows",
      title: t("ui.pass.import_rows"),
      width: "9rem",
      cell: (i) => <span class="num">{i.rows}</span>,
      text: (i) => i.rows,
    },
    {
      key: "at",
      title: t("ui.pass.received"),
      width: "13rem",
      narrow: true,
      cell: (i) => <Time at={i.at} />,
      text: (i) => full(i.at),
      sort: (i) => i.at,
    },
    {
      key: "state",
      title: t("ui.state"),
      width: "10rem",
      text: (i) => word("ui.pass.import_state", i.state),
    },
    ...(may("gate.edit")
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.pass.do"),
            width: "9rem",
            cell: (i: PassageImport) =>
              i.state === "undone" ? null : (
                <Button onClick={() => setUndo(i)}>{t("ui.pass.import_undo")}</Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <List
        name="passage-imports"
        label={t("ui.pass.imports")}
        rows={rows("passage-imports").filter((i) => !site || i.site === site)}
        columns={columns}
        keyOf={(i) => i.id}
        load={load}
        download="passage-imports"
        empty={<Empty title={t("ui.pass.imports_none")}>{t("ui.pass.imports_none_more")}</Empty>}
      />
      {undo && (
        <FormDialog
          title={t("ui.pass.import_undo")}
          submit={t("ui.pass.import_undo_do")}
          onSubmit={() => post(`/passage-imports/${undo.id}/undo`)}
          onClose={() => setUndo(null)}
        >
          <p class="wide">{t("ui.pass.import_undo_more", { source: undo.source, n: undo.rows })}</p>
        </FormDialog>
      )}
    </>
  );
}
