// SPDX-License-Identifier: Apache-2.0
// Sơ tán: those that are under way, then those that are over; declaring one.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Muster } from "../../api/muster.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { go } from "../../router.ts";
import { may, session } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Choices, Empty, Field, PageHead, Select } from "../../ui/parts.tsx";
import { Kind, placeOf } from "./parts.tsx";

const missing = (m: Muster): string =>
  m.unknown + m.unsafe ? t("ui.muster.missing_n", { n: m.unknown + m.unsafe }) : "–";
const minute = (at: string) => full(at).slice(0, 16);
const when = (m: Muster): string =>
  m.ended_at ? `${minute(m.declared_at)} – ${minute(m.ended_at)}` : minute(m.declared_at);
const stateOf = (m: Muster): string => word("ui.muster.of", m.state);

const columns = (): Column<Muster>[] => [
  {
    key: "place",
    title: t("ui.muster.place"),
    cell: (m) => (
      <>
        <Kind m={m} /> {placeOf(m)}
      </>
    ),
    text: placeOf,
  },
  { key: "state", title: t("ui.state"), width: "9rem", cell: stateOf, text: stateOf },
  {
    key: "missing",
    title: t("ui.muster.missing"),
    width: "9rem",
    cell: missing,
    text: missing,
    sort: (m) => m.unknown + m.unsafe,
  },
  {
    key: "when",
    title: t("ui.muster.when"),
    width: "20rem",
    narrow: true,
    cell: (m) => <span class="num">{when(m)}</span>,
    text: when,
    sort: (m) => m.declared_at,
  },
  {
    key: "reason",
    title: t("ui.reason"),
    mid: true,
    narrow: true,
    text: (m) => m.reason,
  },
];

export function DeclareDialog({ onClose }: { onClose: () => void }) {
  const held = session.value?.user.roles.filter((r) => r.site) ?? [];
  const [v, setV] = useState({
    site: held.length === 1 ? held[0]!.site! : "",
    area: "",
    kind: "real",
    reason: "",
  });
  need("gate-areas");
  const areas = rows("gate-areas").filter((a) => a.site === v.site && a.state === "active");
  return (
    <FormDialog
      title={t("ui.muster.declare")}
      submit={t(v.kind === "real" ? "ui.muster.declare_do" : "ui.muster.declare_drill")}
      disabled={!v.site || !v.reason.trim()}
      onSubmit={async () => {
        const { id } = await post("/musters", { ...v, area: v.area || undefined });
        go(`/musters/${id}`);
      }}
      onClose={onClose}
    >
      <SiteField value={v.site} required onChange={(site) => setV({ ...v, site, area: "" })} />
      <Field label={t("ui.muster.area")}>
        <Select
          value={v.area}
          none={t("ui.muster.whole_site")}
          onChange={(area) => setV({ ...v, area })}
          options={areas.map((a) => [
            a.id,
            a.parent_name ? `${a.parent_name} · ${a.name}` : a.name,
          ])}
        />
      </Field>
      <div class="wide">
        <Choices
          name="kind"
          legend={t("ui.muster.kind")}
          value={v.kind}
          onChange={(kind) => setV({ ...v, kind })}
          options={["real", "drill"].map((k) => [k, word("ui.muster.kind", k)])}
        />
      </div>
      <TextField
        wide
        max={300}
        label={t("ui.muster.reason")}
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
      <p class="wide dim">{t("ui.muster.declare_more")}</p>
    </FormDialog>
  );
}

// Those under way first, then the newest.
const order = (a: Muster, b: Muster): number =>
  a.state === b.state
    ? b.declared_at.localeCompare(a.declared_at)
    : a.state === "open"
      ? -1
      : 1;

export function MustersPage() {
  const load = need("musters").value;
  const [declaring, setDeclaring] = useState(false);
  return (
    <div class="page">
      <PageHead title={t("ui.muster.title")} sub={t("ui.muster.title_more")}>
        {may("muster.declare") && (
          <Button kind="primary" onClick={() => setDeclaring(true)}>
            {t("ui.muster.declare")}
          </Button>
        )}
      </PageHead>
      <List
        name="musters"
        label={t("ui.muster.title")}
        rows={[...rows("musters")].sort(order)}
        columns={columns()}
        keyOf={(m) => m.id}
        load={load}
        exportName="so-tan"
        onOpen={(m) => go(`/musters/${m.id}`)}
        empty={<Empty title={t("ui.muster.none")} />}
      />
      {declaring && <DeclareDialog onClose={() => setDeclaring(false)} />}
    </div>
  );
}
