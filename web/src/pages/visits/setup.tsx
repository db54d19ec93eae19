// SPDX-License-Identifier: Apache-2.0
// What a site sets for its visitors: times and numbers, who agrees, the house rules.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { VisitSetting } from "../../api/visits.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Button, Empty, Facts, Field, Loaded, Select } from "../../ui/parts.tsx";
import { Check, useAreas } from "./parts.tsx";

const NEEDS = ["none", "supervisor", "named"];
const clock = (min: number): string =>
  `${String(Math.floor(min / 60)).padStart(2, "0")}:${String(min % 60).padStart(2, "0")}`;
const minutes = (text: string): number | undefined => {
  const m = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return m ? Number(m[1]) * 60 + Number(m[2]) : undefined;
};

function NumberField(p: { label: string; value: string; onChange: (v: string) => void }) {
  return (
    <Field label={p.label}>
      <input
        type="text"
        inputMode="numeric"
        pattern="[0-9]{1,4}"
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

function SettingForm(p: { site: string; s?: VisitSetting; onClose: () => void }) {
  const [v, setV] = useState({
    closing: p.s?.closing_min ? clock(p.s.closing_min) : "17:00",
    most: p.s?.host_most?.toString() ?? "",
    escort: p.s?.escort_s?.toString() ?? "",
    certificates: p.s?.certificates ?? true,
  });
  return (
    <FormDialog
      title={t("ui.visits.setting_edit")}
      submit={t("ui.action.save")}
      disabled={minutes(v.closing) === undefined}
      onSubmit={() =>
        post("/visit-settings", {
          site: p.site,
          closing_min: minutes(v.closing),
          host_most: v.most ? Number(v.most) : undefined,
          escort_s: v.escort ? Number(v.escort) : undefined,
          certificates: v.certificates,
        })
      }
      onClose={p.onClose}
    >
      <Field label={t("ui.visits.closing")}>
        <input
          type="text"
          inputMode="numeric"
          pattern="([01]?[0-9]|2[0-3]):[0-5][0-9]"
          value={v.closing}
          onInput={(e) => setV({ ...v, closing: e.currentTarget.value })}
        />
      </Field>
      <NumberField label={t("ui.visits.host_most")} value={v.most} onChange={(most) => setV({ ...v, most })} />
      <NumberField label={t("ui.visits.escort_s")} value={v.escort} onChange={(escort) => setV({ ...v, escort })} />
      <Check
        label={t("ui.visits.certificates")}
        checked={v.certificates}
        onChange={(certificates) => setV({ ...v, certificates })}
      />
    </FormDialog>
  );
}

function ApprovalForm({ site, onClose }: { site: string; onClose: () => void }) {
  need("users");
  const areas = useAreas(site);
  const [v, setV] = useState({ area: "", need: "supervisor", named: "" });
  return (
    <FormDialog
      title={t("ui.visits.approval_set")}
      submit={t("ui.action.save")}
      disabled={v.need === "named" && !v.named}
      onSubmit={() =>
        post("/visit-approvals", {
          site,
          area: v.area || undefined,
          need: v.need,
          named: v.need === "named" ? v.named : undefined,
        })
      }
      onClose={onClose}
    >
      <Field label={t("ui.visits.areas")}>
        <Select
          value={v.area}
          none={t("ui.visits.step_site")}
          onChange={(area) => setV({ ...v, area })}
          options={areas.map((a) => [a.id, a.name])}
        />
      </Field>
      <Field label={t("ui.visits.approvals")}>
        <Select
          value={v.need}
          onChange={(n) => setV({ ...v, need: n })}
          options={NEEDS.map((n) => [n, word("ui.visits.need", n)])}
        />
      </Field>
      {v.need === "named" && (
        <Field label={t("ui.visits.named")}>
          <Select
            value={v.named}
            none={t("ui.choose")}
            required
            onChange={(named) => setV({ ...v, named })}
            options={rows("users").map((u) => [u.id, u.name])}
          />
        </Field>
      )}
    </FormDialog>
  );
}

function RulesForm({ site, onClose }: { site: string; onClose: () => void }) {
  const [v, setV] = useState({ vi: "", en: "" });
  const area = (label: string, value: string, onChange: (x: string) => void) => (
    <Field label={label} wide>
      <textarea
        rows={6}
        maxLength={4000}
        required
        value={value}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
    </Field>
  );
  return (
    <FormDialog
      title={t("ui.visits.rules_set")}
      submit={t("ui.visits.rules_set")}
      disabled={!v.vi.trim() || !v.en.trim()}
      onSubmit={() => post("/visit-rules", { site, text_vi: v.vi, text_en: v.en })}
      onClose={onClose}
    >
      {area(t("ui.visits.rules_vi"), v.vi, (vi) => setV({ ...v, vi }))}
      {area(t("ui.visits.rules_en"), v.en, (en) => setV({ ...v, en }))}
    </FormDialog>
  );
}

function Sections({ site }: { site: string }) {
  const [form, setForm] = useState("");
  const close = () => setForm("");
  const s = rows("visit-settings").find((x) => x.site === site);
  const approvals = rows("visit-approvals").filter((a) => a.site === site);
  const rules = rows("visit-rules")
    .filter((r) => r.site === site)
    .sort((a, b) => b.n - a.n)[0];
  const edit = (what: string, text: string) =>
    may("visits.edit") && <Button onClick={() => setForm(what)}>{text}</Button>;
  return (
    <>
      <section>
        <Facts
          rows={[
            [t("ui.visits.closing"), s?.closing_min ? clock(s.closing_min) : t("ui.visits.closing_default")],
            [t("ui.visits.host_most"), s?.host_most || t("ui.visits.host_most_none")],
            [t("ui.visits.escort_s"), s?.escort_s || t("ui.visits.escort_default")],
            [t("ui.visits.certificates"), t(s?.certificates ?? true ? "ui.yes" : "ui.no")],
          ]}
        />
        {edit("setting", t("ui.visits.setting_edit"))}
      </section>
      <section aria-labelledby="visit-approvals">
        <h2 id="visit-approvals">{t("ui.visits.approvals")}</h2>
        {approvals.length === 0 && <p class="dim">{t("ui.visits.no_steps")}</p>}
        <ul class="privacy-rows">
          {approvals.map((a) => (
            <li key={a.id}>
              <p>
                <b>{a.area_name ?? t("ui.visits.step_site")}</b> · {word("ui.visits.need", a.need)}
                {a.named_name && ` · ${a.named_name}`}
              </p>
            </li>
          ))}
        </ul>
        {edit("approval", t("ui.visits.approval_set"))}
      </section>
      <section aria-labelledby="visit-rules">
        <h2 id="visit-rules">{t("ui.visits.rules")}</h2>
        {rules ? (
          <>
            <p class="dim">{t("ui.visits.rules_n", { n: rules.n })}</p>
            <p class="prose">{pick(rules, "text")}</p>
          </>
        ) : (
          <p class="dim">{t("ui.visits.rules_none")}</p>
        )}
        {edit("rules", t("ui.visits.rules_set"))}
      </section>
      {form === "setting" && <SettingForm site={site} s={s} onClose={close} />}
      {form === "approval" && <ApprovalForm site={site} onClose={close} />}
      {form === "rules" && <RulesForm site={site} onClose={close} />}
    </>
  );
}

export function Setup({ site }: { site: string }) {
  const load = [need("visit-settings").value, need("visit-approvals").value, need("visit-rules").value];
  return site ? (
    <Loaded load={load}>{() => <Sections site={site} />}</Loaded>
  ) : (
    <Empty title={t("ui.visits.setup_site")} />
  );
}
