// SPDX-License-Identifier: Apache-2.0
// Sổ hoạt động xử lý dữ liệu cá nhân: what is processed, whose, what for, on what ground, and whether its impact has
// been assessed.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Processing } from "../../api/privacy.ts";
import { dayText, today, typedDay } from "../../lib/day.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { now } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { Basis, refTitle } from "../../ui/basis.tsx";
import { DayField } from "../../ui/dayfield.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Button, Field, Select } from "../../ui/parts.tsx";
import { Area, Clock, isOver, mayEdit, Picks, wordsOf } from "./parts.tsx";

const GROUNDS = ["consent", "state_function", "emergency", "contract", "other_law"];

const refOptions = (): [string, string][] =>
  [
    ...rows("law-refs").map((a): [string, string] => [a.id, pick(a, "title")]),
    ...rows("law-articles").map((a): [string, string] => [a.id, `${refTitle(a.id)}: ${a.heading}`]),
  ].sort((a, b) => a[1].localeCompare(b[1], "vi"));

export const classOptions = (): [string, string][] =>
  rows("retention-classes")
    .slice()
    .sort((a, b) => a.rank - b.rank)
    .map((c) => [c.id, pick(c, "name")]);

export function ProcessingForm({ of, onClose }: { of?: Processing; onClose: () => void }) {
  need("law-refs");
  need("law-articles");
  const [v, setV] = useState({
    name: of?.name ?? "",
    purpose: of?.purpose ?? "",
    ground: of?.ground ?? "state_function",
    ref: of?.ref ?? "",
    data: of?.data ?? [],
    people: of?.people ?? [],
    recipients: of?.recipients ?? "",
    retention: of?.retention ?? "",
    started: of ? dayText(of.started) : dayText(today(now.peek())),
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  return (
    <FormDialog
      title={of ? t("ui.privacy.processing_edit") : t("ui.privacy.processing_add")}
      submit={of ? t("ui.action.save") : t("ui.action.add")}
      disabled={!v.data.length || !v.people.length || !typedDay(v.started)}
      onSubmit={() =>
        post(of ? `/processing-activities/${of.id}` : "/processing-activities", {
          ...v,
          started: typedDay(v.started),
        })
      }
      onClose={onClose}
    >
      <TextField
        label={t("ui.privacy.processing")}
        max={120}
        wide
        value={v.name}
        onChange={(name) => set({ name })}
      />
      <Area
        label={t("ui.privacy.purpose")}
        max={1000}
        required
        value={v.purpose}
        onChange={(purpose) => set({ purpose })}
      />
      <Field label={t("ui.privacy.ground_label")}>
        <Select
          value={v.ground}
          onChange={(ground) => set({ ground })}
          options={GROUNDS.map((g) => [g, word("ui.privacy.ground", g)])}
        />
      </Field>
      <Field label={t("ui.privacy.ref")}>
        <Select
          value={v.ref}
          required
          none={t("ui.choose")}
          onChange={(ref) => set({ ref })}
          options={refOptions()}
        />
      </Field>
      <Picks set="data" value={v.data} onChange={(data) => set({ data })} />
      <Picks set="people" value={v.people} onChange={(people) => set({ people })} />
      <TextField
        label={t("ui.privacy.recipients")}
        help={t("ui.privacy.recipients_help")}
        max={500}
        wide
        value={v.recipients}
        onChange={(recipients) => set({ recipients })}
      />
      <Field label={t("ui.privacy.kept_as")}>
        <Select
          value={v.retention}
          required
          none={t("ui.choose")}
          onChange={(retention) => set({ retention })}
          options={classOptions()}
        />
      </Field>
      <DayField
        label={t("ui.privacy.started")}
        required
        value={v.started}
        onChange={(started) => set({ started })}
      />
      <Basis of={["privacy.processing_add.ground", "privacy.processing_add.started"]} />
    </FormDialog>
  );
}

function AssessForm({ of, onClose }: { of: Processing; onClose: () => void }) {
  const [v, setV] = useState({ on: dayText(today(now.peek())), number: of.assessment ?? "" });
  return (
    <FormDialog
      title={t("ui.privacy.assess_of", { name: of.name })}
      submit={t("ui.action.save")}
      disabled={!typedDay(v.on)}
      onSubmit={() =>
        post(`/processing-activities/${of.id}/assess`, { on: typedDay(v.on), number: v.number })
      }
      onClose={onClose}
    >
      <DayField label={t("ui.privacy.assessed_on")} required value={v.on} onChange={(on) => setV({ ...v, on })} />
      <TextField
        label={t("ui.privacy.assessment")}
        max={60}
        value={v.number}
        onChange={(number) => setV({ ...v, number })}
      />
      <Basis of="privacy.assess.on" />
    </FormDialog>
  );
}

function EndForm({ of, onClose }: { of: Processing; onClose: () => void }) {
  const [v, setV] = useState({ on: dayText(today(now.peek())), reason: "" });
  return (
    <FormDialog
      title={t("ui.privacy.end_of", { name: of.name })}
      submit={t("ui.privacy.end")}
      disabled={!typedDay(v.on)}
      onSubmit={() =>
        post(`/processing-activities/${of.id}/end`, { on: typedDay(v.on), reason: v.reason })
      }
      onClose={onClose}
    >
      <DayField label={t("ui.privacy.ended_on")} required value={v.on} onChange={(on) => setV({ ...v, on })} />
      <Area
        label={t("ui.privacy.reason")}
        max={500}
        required
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
    </FormDialog>
  );
}

function Assessed({ p }: { p: Processing }) {
  if (p.assessed_on) {
    return (
      <p class="dim">
        {t("ui.privacy.assessed", { day: dayText(p.assessed_on), number: p.assessment ?? "" })}
      </p>
    );
  }
  return p.state === "active" ? (
    <Clock what={t("ui.privacy.to_assess")} due={p.due} refs={[p.due_ref]} />
  ) : (
    <p class="dim">{t("ui.privacy.never_assessed")}</p>
  );
}

export const isToAssess = (p: Processing): boolean => p.state === "active" && !p.assessed_on;

type Act = "edit" | "assess" | "end";

function Tools({ p, open }: { p: Processing; open: (act: Act) => void }) {
  return (
    <span class="row tools">
      <Button onClick={() => open("edit")}>{t("ui.privacy.edit")}</Button>
      <Button onClick={() => open("end")}>{t("ui.privacy.end")}</Button>
      {!p.assessed_on && (
        <Button onClick={() => open("assess")}>{t("ui.privacy.assess")}</Button>
      )}
    </span>
  );
}

export function ProcessingItem({ p }: { p: Processing }) {
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  return (
    <li class={isToAssess(p) && isOver(p.due) ? "late" : ""}>
      <div>
        <p>
          <b>{p.name}</b>{" "}
          <span class="dim">
            {p.state === "ended"
              ? t("ui.privacy.ended", { day: dayText(p.ended_on), reason: p.reason ?? "" })
              : t("ui.privacy.since", { day: dayText(p.started) })}
          </span>
        </p>
        <p class="privacy-text">{p.purpose}</p>
        <p class="dim">
          {wordsOf("people", p.people)}: {wordsOf("data", p.data)}
          {p.data.includes("location") && ` (${t("ui.privacy.sensitive")})`}
        </p>
        <p class="dim">
          {t("ui.privacy.goes_to", { who: p.recipients })} ·{" "}
          {t("ui.privacy.kept", { name: pick(one("retention-classes", p.retention), "name") })}
        </p>
        <p>
          {word("ui.privacy.ground", p.ground)} <Basis refs={[p.ref]} />
        </p>
        <Assessed p={p} />
      </div>
      {p.state === "active" && mayEdit() && <Tools p={p} open={setAct} />}
      {act === "edit" && <ProcessingForm of={p} onClose={close} />}
      {act === "assess" && <AssessForm of={p} onClose={close} />}
      {act === "end" && <EndForm of={p} onClose={close} />}
    </li>
  );
}
