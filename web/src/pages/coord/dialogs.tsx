// SPDX-License-Identifier: Apache-2.0
// The acts on a regulation that ask for words, a day or a second look.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Regulation } from "../../api/coord.ts";
import { typedDay } from "../../lib/day.ts";
import { t } from "../../lib/i18n.ts";
import { date } from "../../lib/time.ts";
import { DayField } from "../../ui/dayfield.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Field } from "../../ui/parts.tsx";
import { partyOf } from "./words.ts";

export const dayEnd = (text: string): string | undefined => {
  const day = typedDay(text);
  return day ? `${day}T23:59:59+07:00` : undefined;
};

const Reason = (p: { label: string; value: string; required?: boolean; onChange: (v: string) => void }) => (
  <Field label={p.label} wide>
    <textarea
      rows={3}
      maxLength={500}
      required={p.required}
      value={p.value}
      onInput={(e) => p.onChange(e.currentTarget.value)}
    />
  </Field>
);

export function ReasonDialog(p: {
  title: string;
  warning: string;
  submit: string;
  run: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={p.title} submit={p.submit} onSubmit={() => p.run(reason)} onClose={p.onClose}>
      <p class="wide coord-warning">
        <Shape of="attention" /> <span>{p.warning}</span>
      </p>
      <Reason label={t("ui.coord.reason")} required value={reason} onChange={setReason} />
    </FormDialog>
  );
}

// One more look before what cannot be taken back; text says what happens.
export function SureDialog(p: {
  title: string;
  text: string;
  submit: string;
  run: () => Promise<unknown>;
  onClose: () => void;
}) {
  return (
    <FormDialog title={p.title} submit={p.submit} onSubmit={p.run} onClose={p.onClose}>
      <p class="wide">{p.text}</p>
    </FormDialog>
  );
}

export function ReviewDialog({ r, onClose }: { r: Regulation; onClose: () => void }) {
  const [v, setV] = useState({ due: "", note: "" });
  const submit = () =>
    post(`/regulations/${r.id}/review`, { review_due: dayEnd(v.due), note: v.note || undefined });
  return (
    <FormDialog
      title={t("ui.coord.review")}
      submit={t("ui.coord.review_do")}
      disabled={!dayEnd(v.due)}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.coord.review_more")}</p>
      <DayField
        label={t("ui.coord.next_review")}
        required
        value={v.due}
        help={t("ui.coord.not_after", { date: date(r.valid_until) })}
        onChange={(due) => setV({ ...v, due })}
      />
      <Reason label={t("ui.coord.review_note")} value={v.note} onChange={(note) => setV({ ...v, note })} />
    </FormDialog>
  );
}

export function ContactDialog({ r, onClose }: { r: Regulation; onClose: () => void }) {
  const own = partyOf(r);
  const [v, setV] = useState({ contact: own?.contact ?? "", phone: own?.phone ?? "" });
  const submit = () => post(`/regulations/${r.id}/contact`, v);
  return (
    <FormDialog title={t("ui.coord.contact_set")} submit={t("ui.action.save")} onSubmit={submit} onClose={onClose}>
      <TextField
        label={t("ui.coord.contact")}
        help={t("ui.coord.contact_help")}
        max={100}
        value={v.contact}
        onChange={(contact) => setV({ ...v, contact })}
      />
      <TextField label={t("ui.coord.phone")} max={40} plain value={v.phone} onChange={(phone) => setV({ ...v, phone })} />
    </FormDialog>
  );
}
