// SPDX-License-Identifier: Apache-2.0
// Declaring a posture, prolonging it, stepping down. Before it is declared the form says what it changes: who is told,
// and which clauses of regulations open to a partner.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Clause } from "../../api/coord.ts";
import type { Posture } from "../../api/posture.ts";
import { pick, t } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { levelName, placeOf } from "../../store/posture.ts";
import { may, session } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Field, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { clauseText } from "../coord/words.ts";

interface Wanted {
  site: string;
  level: string;
  event: string;
}

const levels = () =>
  rows("posture-levels")
    .filter((l) => l.rank > 0)
    .sort((a, b) => a.rank - b.rank);

function opens(c: Clause, v: Wanted): boolean {
  const rank = one("posture-levels", v.level)?.rank ?? 0;
  const asked = one("posture-levels", c.posture)?.rank;
  return (
    c.condition === "posture" &&
    one("regulations", c.regulation)?.state === "in_force" &&
    (!c.site || !v.site || c.site === v.site) &&
    ((asked !== undefined && rank >= asked) || (!!c.event && c.event === v.event.trim()))
  );
}

function Changes({ v }: { v: Wanted }) {
  if (may("coord.read")) {
    need("clauses");
    need("regulations");
  }
  const level = one("posture-levels", v.level);
  return level ? (
    <div class="wide posture-changes">
      <p class="dim">{pick(level, "about")}</p>
      <h3>{t("ui.posture.changes")}</h3>
      <ul>
        <li>{t("ui.posture.changes_told")}</li>
        <li>{t("ui.posture.changes_rules")}</li>
        {rows("clauses")
          .filter((c) => opens(c, v))
          .map((c) => (
            <li key={c.id}>
              <Shape of="attention" /> {t("ui.posture.changes_opens")} {clauseText(c)}
            </li>
          ))}
        {level.two && <li>{t("ui.posture.takes_two")}</li>}
      </ul>
    </div>
  ) : null;
}

const Reason = (p: { value: string; onChange: (v: string) => void }) => (
  <Field label={t("ui.reason")} wide>
    <textarea rows={3} required maxLength={500} value={p.value} onInput={(e) => p.onChange(e.currentTarget.value)} />
  </Field>
);

export function DeclareDialog({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({ site: "", level: "", event: "", reason: "", from: "", until: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const everywhere = session.value?.user.roles.some((r) => r.role === "site_commander" && !r.site);
  const body = () => ({
    site: v.site || undefined,
    level: v.level,
    event: v.event.trim() || undefined,
    reason: v.reason,
    from: v.from ? typedTime(v.from) : undefined,
    until: typedTime(v.until),
  });
  return (
    <FormDialog
      title={t("ui.posture.declare")}
      submit={t("ui.posture.declare_do")}
      disabled={!v.level || (!everywhere && !v.site) || !v.reason.trim() || !typedTime(v.until) || (!!v.from && !typedTime(v.from))}
      onSubmit={() => post("/postures", body())}
      onClose={onClose}
    >
      <Field label={t("ui.posture.level")}>
        <Select
          value={v.level}
          required
          none={t("ui.choose")}
          onChange={(level) => set({ level })}
          options={levels().map((l) => [l.id, pick(l, "name")])}
        />
      </Field>
      <SiteField
        value={v.site}
        required={!everywhere}
        none={everywhere ? t("ui.all_sites") : undefined}
        onChange={(site) => set({ site })}
      />
      <Field label={t("ui.posture.event")} help={t("ui.posture.event_help")} wide>
        <input type="text" maxLength={120} value={v.event} onInput={(e) => set({ event: e.currentTarget.value })} />
      </Field>
      <TimeField
        label={t("ui.posture.from")}
        help={t("ui.posture.from_help")}
        value={v.from}
        onChange={(from) => set({ from })}
      />
      <TimeField label={t("ui.posture.until")} required value={v.until} onChange={(until) => set({ until })} />
      <Reason value={v.reason} onChange={(reason) => set({ reason })} />
      <Changes v={v} />
    </FormDialog>
  );
}

const endsNow = (p: Posture) =>
  t("ui.posture.ends_now", { what: `${levelName(p.level)}, ${placeOf(p)}`, time: full(p.ends).slice(0, 16) });

export function ProlongDialog({ p, onClose }: { p: Posture; onClose: () => void }) {
  const [v, setV] = useState({ until: "", reason: "" });
  return (
    <FormDialog
      title={t("ui.posture.prolong")}
      submit={t("ui.posture.prolong")}
      disabled={!typedTime(v.until) || !v.reason.trim()}
      onSubmit={() => post(`/postures/${p.id}/prolong`, { until: typedTime(v.until), reason: v.reason })}
      onClose={onClose}
    >
      <p class="wide">{endsNow(p)}</p>
      <TimeField label={t("ui.posture.until")} required value={v.until} onChange={(until) => setV({ ...v, until })} />
      <Reason value={v.reason} onChange={(reason) => setV({ ...v, reason })} />
    </FormDialog>
  );
}

export function StepDownDialog({ p, onClose }: { p: Posture; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.posture.step_down")}
      submit={t("ui.posture.step_down_do")}
      disabled={!reason.trim()}
      onSubmit={() => post(`/postures/${p.id}/step-down`, { reason })}
      onClose={onClose}
    >
      <p class="wide">{endsNow(p)}</p>
      <p class="wide dim">{t("ui.posture.step_down_more")}</p>
      <Reason value={reason} onChange={setReason} />
    </FormDialog>
  );
}
