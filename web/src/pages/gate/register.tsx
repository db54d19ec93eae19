// SPDX-License-Identifier: Apache-2.0
// Sổ ra vào: the registers behind the gate, a view each.
import { t } from "../../lib/i18n.ts";
import { place, setQuery } from "../../router.ts";
import { need } from "../../store/store.ts";
import { SiteFilter } from "../../ui/fields.tsx";
import { Filters, PageHead } from "../../ui/parts.tsx";
import { AccessRules } from "./accessrules.tsx";
import { Holders } from "./holders.tsx";
import { Misses } from "./misses.tsx";
import { PassageImports, Passages, Refusals } from "./moves.tsx";
import { Places } from "./places.tsx";

const VIEWS = ["", "refusals", "misses", "holders", "places", "rules", "imports"] as const;

export function RegisterPage() {
  need("sites");
  const q = place.value.query;
  const view = q.get("view") ?? "";
  const site = q.get("site") ?? "";
  return (
    <div class="page full gate-register">
      <PageHead title={t("ui.pass.register")} />
      <div class="toolbar">
        <Filters
          name={t("ui.pass.views")}
          value={view}
          onChange={(v) => setQuery({ view: v || null, only: null })}
          options={VIEWS.map((v) => [v, t(`ui.pass.view_${v || "passages"}`)])}
        />
        <SiteFilter value={site} />
      </div>
      {view === "refusals" ? (
        <Refusals site={site} />
      ) : view === "misses" ? (
        <Misses site={site} />
      ) : view === "holders" ? (
        <Holders site={site} />
      ) : view === "places" ? (
        <Places site={site} />
      ) : view === "rules" ? (
        <AccessRules site={site} />
      ) : view === "imports" ? (
        <PassageImports site={site} />
      ) : (
        <Passages site={site} />
      )}
    </div>
  );
}
