// SPDX-License-Identifier: Apache-2.0
// Danh sách không được vào: what waits for a second official on top, what is in force with its end and its review.
import { useState } from "preact/hooks";
import type { Ban } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { go, place, setQuery } from "../../router.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Filters, PageHead } from "../../ui/parts.tsx";
import { ProposeForm } from "./forms.tsx";

export const day = (at: string | null): string => full(at).slice(0, 10);
export const placeOf = (b: Ban): string => b.site_name ?? t("ui.bans.all_sites");
const reviewText = (b: Ban): string =>
  b.review_late ? t("ui.bans.review_late") : b.state === "in_force" ? day(b.review_due) : "";

const columns = (): Column<Ban>[] => [
  { key: "number", title: t("ui.bans.number"), width: "11rem", cell: (b) => <a class="num" href={`/bans/${b.id}`}>{b.number}</a>, text: (b) => b.number },
  { key: "reason", title: t("ui.bans.reason_label"), text: (b) => word("bans.reason", b.reason) },
  { key: "state", title: t("ui.bans.state_label"), width: "8rem", text: (b) => word("ui.bans.state", b.state) },
  { key: "expires", title: t("ui.bans.expires"), width: "8rem", narrow: true, cell: (b) => <span class="num">{day(b.expires)}</span>, text: (b) => day(b.expires), sort: (b) => b.expires },
  { key: "review", title: t("ui.bans.review_due"), width: "10rem", mid: true, cell: (b) => <span class="num">{b.review_late && <Shape of="attention" />} {reviewText(b)}</span>, text: reviewText, sort: (b) => b.review_due },
  { key: "site", title: t("ui.bans.site"), width: "12rem", mid: true, cell: placeOf, text: placeOf },
];

const STATES: Record<string, string[]> = { "": ["proposed", "in_force"], proposed: ["proposed"] };
const order = (b: Ban): string => `${b.state === "proposed" ? 0 : b.review_late ? 1 : 2}${b.review_due}`;

export function BansPage() {
  need("sites");
  const load = need("bans").value;
  const [adding, setAdding] = useState(false);
  const view = place.value.query.get("view") ?? "";
  const all = rows("bans");
  const list = all
    .filter((b) => STATES[view]?.includes(b.state) ?? true)
    .sort((a, b) => order(a).localeCompare(order(b)));
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.bans")} sub={t("ui.bans.note")}>
        {may("bans.edit") && (
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t("ui.bans.propose")}
          </Button>
        )}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.bans.state_label")}
          value={view}
          onChange={(v) => setQuery({ view: v || null })}
          options={[
            ["", t("ui.bans.view_force")],
            ["proposed", t("ui.bans.view_proposed"), all.filter((b) => b.state === "proposed").length],
            ["all", t("ui.bans.view_all")],
          ]}
        />
      </div>
      <List
        name="bans"
        label={t("ui.nav.bans")}
        rows={list}
        columns={columns()}
        keyOf={(b) => b.id}
        load={load}
        onOpen={(b) => go(`/bans/${b.id}`)}
        rowClass={(b) => (b.review_late ? "late" : "")}
        download="bans"
        empty={<Empty title={t("ui.bans.none")}>{t("ui.bans.none_hint")}</Empty>}
      />
      {adding && <ProposeForm onClose={() => setAdding(false)} />}
    </div>
  );
}
