// SPDX-License-Identifier: Apache-2.0
// Let through by a terminal without a connection, and found in the ban list when its queue came back: each stays open
// until somebody has written down who it was.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Miss } from "../../api/gate.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Field, Select, Time } from "../../ui/parts.tsx";

const OUTCOMES = ["other_person", "sent_out", "accompanied", "gone"];
const outcomeText = (m: Miss): string =>
  m.state === "open" ? t("ui.pass.miss_open") : `${word("ui.pass.miss", m.outcome ?? "")}: ${m.why ?? ""}`;

function SettleForm({ m, onClose }: { m: Miss; onClose: () => void }) {
  const [v, setV] = useState({ outcome: "", why: "" });
  return (
    <FormDialog
      title={t("ui.pass.miss_settle")}
      submit={t("ui.pass.miss_settle")}
      disabled={!v.outcome || !v.why.trim()}
      onSubmit={() => post(`/gate-misses/${m.id}/settle`, v)}
      onClose={onClose}
    >
      <p class="wide">
        {[m.name, m.point_name, full(m.moved), m.ban_numbers.join(", ")].filter(Boolean).join(" · ")}
      </p>
      <Field label={t("ui.pass.miss_outcome")} wide>
        <Select
          value={v.outcome}
          required
          none={t("ui.choose")}
          onChange={(outcome) => setV({ ...v, outcome })}
          options={OUTCOMES.map((o) => [o, word("ui.pass.miss", o)])}
        />
      </Field>
      <Field label={t("ui.pass.miss_why")} wide>
        <textarea rows={3} required maxLength={300} value={v.why} onInput={(e) => setV({ ...v, why: e.currentTarget.value })} />
      </Field>
    </FormDialog>
  );
}

const columns = (settle: (m: Miss) => void): Column<Miss>[] => [
  {
    key: "moved",
    title: t("ui.pass.moved"),
    width: "12rem",
    cell: (m) => <Time at={m.moved} withAge={false} />,
    text: (m) => full(m.moved),
    sort: (m) => m.moved ?? "",
  },
  { key: "who", title: t("ui.pass.holder"), cell: (m) => m.name ?? t("ui.pass.unnamed"), text: (m) => m.name },
  {
    key: "what",
    title: t("ui.pass.way_point"),
    width: "14rem",
    narrow: true,
    cell: (m) => [m.way && word("ui.pass.way", m.way), m.point_name].filter(Boolean).join(" · "),
    text: (m) => m.point_name,
  },
  {
    key: "entries",
    title: t("ui.pass.miss_entries"),
    width: "11rem",
    cell: (m) => <span class="num">{m.ban_numbers.join(", ")}</span>,
    text: (m) => m.ban_numbers.join(", "),
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "18rem",
    cell: (m) => (
      <>
        {m.state === "open" && <Shape of="act" />} {outcomeText(m)}
      </>
    ),
    text: outcomeText,
  },
  {
    key: "by",
    title: t("ui.pass.by"),
    width: "12rem",
    mid: true,
    cell: (m) => m.settled_by_name ?? "–",
    text: (m) => m.settled_by_name,
  },
  ...(may("gate.forgive")
    ? [
        {
          key: "do",
          fixed: true,
          title: t("ui.pass.do"),
          width: "9rem",
          cell: (m: Miss) => (m.state === "open" ? <Button onClick={() => settle(m)}>{t("ui.pass.miss_settle")}</Button> : null),
        },
      ]
    : []),
];

export function Misses({ site }: { site: string }) {
  const load = need("gate-misses", site ? { site } : {}, 500).value;
  const [settling, setSettling] = useState<Miss | null>(null);
  return (
    <>
      <List
        name="gate-misses"
        label={t("ui.pass.view_misses")}
        rows={rows("gate-misses")
          .filter((m) => !site || m.site === site)
          .sort((a, b) => a.state.localeCompare(b.state) || b.at.localeCompare(a.at))}
        columns={columns(setSettling)}
        keyOf={(m) => m.id}
        load={load}
        total={load.total}
        download="gate-misses"
        downloadParams={site ? { site } : undefined}
        filters={["view", "site"]}
        extra={<Button onClick={() => print()}>{t("ui.action.print")}</Button>}
        empty={<Empty title={t("ui.pass.misses_none")} />}
      />
      {settling && <SettleForm m={settling} onClose={() => setSettling(null)} />}
    </>
  );
}
