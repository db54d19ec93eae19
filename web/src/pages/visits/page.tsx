// SPDX-License-Identifier: Apache-2.0
// Khách: who is expected today, what waits to be agreed, who is still inside after time; what a site sets.
import { useState } from "preact/hooks";
import type { Visit } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { ms } from "../../lib/time.ts";
import { go, place, setQuery } from "../../router.ts";
import { may, now } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { SiteFilter } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Filters, PageHead } from "../../ui/parts.tsx";
import { PlanForm, WalkInForm } from "./forms.tsx";
import { isLate, minute, State, stateText } from "./parts.tsx";
import { Setup } from "./setup.tsx";

const DAY_MS = 86_400_000;
const ZONE_MS = 7 * 3600_000;
const dayOf = (at: number): number => Math.floor((at + ZONE_MS) / DAY_MS);

const hostOf = (v: Visit): string => [v.office, v.host_name].filter(Boolean).join(" · ");

const columns = (): Column<Visit>[] => [
  { key: "starts", title: t("ui.visits.starts"), width: "12rem", cell: (v) => <span class="num">{minute(v.starts)}</span>, text: (v) => minute(v.starts), sort: (v) => v.starts },
  { key: "purpose", title: t("ui.visits.purpose"), cell: (v) => <a href={`/visits/${v.id}`}>{v.purpose}</a>, text: (v) => v.purpose },
  { key: "state", title: t("ui.visits.state"), width: "9rem", cell: (v) => <State v={v} />, text: stateText },
  { key: "guests", title: t("ui.visits.guests"), width: "7rem", mid: true, cell: (v) => <span class="num">{v.guests}</span>, text: (v) => String(v.guests), sort: (v) => v.guests },
  { key: "ends", title: t("ui.visits.ends"), width: "11rem", narrow: true, cell: (v) => <span class="num">{minute(v.ends)}</span>, text: (v) => minute(v.ends), sort: (v) => v.ends },
  { key: "host", title: t("ui.visits.host"), width: "18rem", mid: true, cell: hostOf, text: hostOf },
  { key: "kind", title: t("ui.visits.kind_label"), width: "8rem", mid: true, text: (v) => word("ui.visits.kind", v.kind) },
  { key: "site", title: t("ui.board.site"), width: "16rem", mid: true, text: (v) => v.site_name },
];

function shown(view: string, v: Visit, today: number): boolean {
  switch (view) {
    case "waiting":
      return v.state === "planned";
    case "late":
      return isLate(v);
    case "all":
      return true;
    default:
      return v.state === "arrived" || (dayOf(ms(v.starts) ?? 0) <= today && dayOf(ms(v.ends) ?? 0) >= today);
  }
}

export function VisitsPage() {
  need("sites");
  const load = need("visits").value;
  const [form, setForm] = useState("");
  const { query } = place.value;
  const view = query.get("view") ?? "";
  const site = query.get("site") ?? "";
  const today = dayOf(now.value);
  const here = rows("visits").filter((v) => !site || v.site === site);
  const list = here.filter((v) => shown(view, v, today)).sort((a, b) => a.starts.localeCompare(b.starts));
  const count = (name: string) => here.filter((v) => shown(name, v, today)).length;
  return (
    <div class={`page ${view === "setup" ? "" : "full"}`}>
      <PageHead title={t("ui.visits.title")}>
        {may("imports.use") && may("visits.plan") && (
          <a class="button" href="/imports?target=visits">
            {t("ui.visits.import")}
          </a>
        )}
        {may("visits.walk_in") && <Button onClick={() => setForm("walk")}>{t("ui.visits.walk_in")}</Button>}
        {may("visits.plan") && (
          <Button kind="primary" onClick={() => setForm("plan")}>
            {t("ui.visits.new")}
          </Button>
        )}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.visits.state")}
          value={view}
          onChange={(v) => setQuery({ view: v || null })}
          options={[
            ["", t("ui.visits.view_now")],
            ["waiting", t("ui.visits.view_waiting"), count("waiting")],
            ["late", t("ui.visits.view_late"), count("late")],
            ["all", t("ui.visits.view_all")],
            ["setup", t("ui.visits.view_setup")],
          ]}
        />
        <SiteFilter value={site} />
      </div>
      {view === "setup" ? (
        <Setup site={site} key={site} />
      ) : (
        <List
          name="visits"
          label={t("ui.visits.title")}
          rows={list}
          columns={columns()}
          keyOf={(v) => v.id}
          load={load}
          onOpen={(v) => go(`/visits/${v.id}`)}
          rowClass={(v) => (isLate(v) ? "late" : "")}
          download="visits"
          empty={<Empty title={t("ui.visits.none")}>{t("ui.visits.none_hint")}</Empty>}
        />
      )}
      {form === "plan" && <PlanForm site={site} onClose={() => setForm("")} />}
      {form === "walk" && <WalkInForm site={site} onClose={() => setForm("")} />}
    </div>
  );
}
