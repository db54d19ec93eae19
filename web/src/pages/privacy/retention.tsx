// SPDX-License-Identifier: Apache-2.0
// Thời hạn lưu giữ: how long each class is kept, whose number that is, and whether the program itself deletes it.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { RetentionClass } from "../../api/privacy.ts";
import { pick, t } from "../../lib/i18n.ts";
import { date } from "../../lib/time.ts";
import { need, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Button, Chip, Field, Loaded } from "../../ui/parts.tsx";
import { Area, mayEdit } from "./parts.tsx";

const choiceOf = (code: string) => rows("retention-choices").find((c) => c.class === code);

// The days an agency goes by: its own decision, else the default.
export function daysOf(code: string): number | undefined {
  return choiceOf(code)?.days ?? rows("retention-classes").find((c) => c.id === code)?.days;
}

function RetentionForm({ of, onClose }: { of: RetentionClass; onClose: () => void }) {
  const [v, setV] = useState({ days: String(daysOf(of.id) ?? of.days), reason: "" });
  return (
    <FormDialog
      title={t("ui.privacy.retention_of", { name: pick(of, "name") })}
      submit={t("ui.action.save")}
      onSubmit={() =>
        post("/retention-choices", { class: of.id, days: Number(v.days), reason: v.reason })
      }
      onClose={onClose}
    >
      <Field label={t("ui.privacy.days")}>
        <input
          type="text"
          inputMode="numeric"
          pattern="[0-9]{1,5}"
          required
          value={v.days}
          onInput={(e) => setV({ ...v, days: e.currentTarget.value })}
        />
      </Field>
      <Area
        label={t("ui.privacy.reason")}
        max={500}
        required
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
      <p class="wide dim">{of.enforced ? pick(of, "how") : t("ui.privacy.paper_only")}</p>
    </FormDialog>
  );
}

function Whose({ c }: { c: RetentionClass }) {
  const own = choiceOf(c.id);
  if (own) {
    return (
      <>
        <Chip>{t("ui.privacy.own")}</Chip>
        <span class="sub dim">{t("ui.privacy.own_since", { day: date(own.chosen_at), reason: own.reason })}</span>
        <Basis refs={[own.ref]} />
      </>
    );
  }
  return c.origin === "law" ? <Basis refs={[c.ref]} /> : <Chip kind="unsure">{t("ui.privacy.ours")}</Chip>;
}

function Row({ c, open }: { c: RetentionClass; open: () => void }) {
  return (
    <tr>
      <td>
        <b>{pick(c, "name")}</b>
        <span class="sub dim">{pick(c, "about")}</span>
      </td>
      <td class="num">{t("ui.span.days", { n: daysOf(c.id) ?? c.days })}</td>
      <td>
        <Whose c={c} />
      </td>
      <td>
        {c.enforced ? t("ui.privacy.enforced") : t("ui.privacy.recorded_only")}
        {c.enforced && <span class="sub dim">{pick(c, "how")}</span>}
      </td>
      <td>
        {mayEdit() && !c.fixed && (
          <Button kind="plain" onClick={open}>
            {t("ui.privacy.change")}
            <span class="hidden"> {pick(c, "name")}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}

export function Retention() {
  const load = [need("retention-classes").value, need("retention-choices").value];
  const [changing, setChanging] = useState<RetentionClass | null>(null);
  const list = rows("retention-classes")
    .slice()
    .sort((a, b) => a.rank - b.rank);
  return (
    <section>
      <Loaded load={load} lines={8}>
        {() => (
          <>
            <p class="privacy-about">
              {t("ui.privacy.retention_about", { n: list.filter((c) => c.enforced).length, all: list.length })}
            </p>
            <div class="privacy-table" tabIndex={0} role="region" aria-label={t("ui.privacy.view_retention")}>
              <table class="rows">
                <thead>
                  <tr>
                    <th scope="col">{t("ui.privacy.class")}</th>
                    <th scope="col">{t("ui.privacy.kept_for")}</th>
                    <th scope="col">{t("ui.privacy.whose_number")}</th>
                    <th scope="col">{t("ui.privacy.who_deletes")}</th>
                    <th scope="col">
                      <span class="hidden">{t("ui.privacy.change")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((c) => (
                    <Row key={c.id} c={c} open={() => setChanging(c)} />
                  ))}
                </tbody>
              </table>
            </div>
            <p class="dim privacy-about">{t("ui.privacy.journal_stays")}</p>
          </>
        )}
      </Loaded>
      {changing && <RetentionForm of={changing} onClose={() => setChanging(null)} />}
    </section>
  );
}
