// SPDX-License-Identifier: Apache-2.0
// What the pages of personal data share: the running clock of a duty, fixed lists to tick, a reason.
import { useState } from "preact/hooks";
import { t, word } from "../../lib/i18n.ts";
import { inSentence } from "../../lib/text.ts";
import { full, ms } from "../../lib/time.ts";
import { may, now } from "../../store/session.ts";
import { Basis } from "../../ui/basis.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { ageText, Field } from "../../ui/parts.tsx";

export const mayEdit = (): boolean => may("privacy.edit");
export const minuteOf = (at: string | null): string => full(at).slice(0, 16);
export const isOver = (due: string | null): boolean => (ms(due) ?? Infinity) <= now.value;
const HOUR_MS = 3600_000;

// Until when: a whole day is named by its last day, anything else to the minute.
function untilText(due: string): string {
  const text = minuteOf(due);
  return text.endsWith(" 00:00")
    ? t("ui.privacy.end_of_day", { day: full(ms(due)! - 1).slice(0, 10) })
    : text;
}

function leftText(due: string): string {
  const hours = Math.floor(((ms(due) ?? 0) - now.value) / HOUR_MS);
  return hours < 72 ? t("ui.span.hours", { n: hours }) : t("ui.span.days", { n: Math.floor(hours / 24) });
}

// A duty with its day and what it stands on. No clock: the law has no number on record, and that is said.
export function Clock(p: { what: string; due: string | null; refs: (string | null)[] }) {
  if (!p.due) {
    return <p class="dim">{t("ui.privacy.no_clock", { what: p.what })}</p>;
  }
  const over = isOver(p.due);
  const args = { what: p.what, time: untilText(p.due) };
  return (
    <p class={`privacy-clock ${over ? "late" : ""}`}>
      {over && <Shape of="attention" />}
      <span>
        {over
          ? t("ui.privacy.overdue", { ...args, age: ageText(p.due, now.value) })
          : t("ui.privacy.due", { ...args, left: leftText(p.due) })}
      </span>
      <Basis refs={p.refs} />
    </p>
  );
}

export const DATA = [
  "name",
  "id_number",
  "phone",
  "number_plate",
  "position",
  "account",
  "entries",
  "pictures",
  "reports",
  "location",
];
export const PEOPLE = [
  "forces",
  "staff",
  "visitors",
  "contractors",
  "drivers",
  "reporters",
  "contacts",
  "users",
  "passers",
];
const wordOf = (set: "data" | "people", w: string): string =>
  set === "data" ? word("ui.privacy.data", w) : word("ui.privacy.people", w);
export const wordsOf = (set: "data" | "people", list: string[]): string =>
  list.map((w, i) => (i ? inSentence(wordOf(set, w)) : wordOf(set, w))).join(", ");

export function Picks(p: {
  set: "data" | "people";
  value: string[];
  onChange: (v: string[]) => void;
}) {
  const all = p.set === "data" ? DATA : PEOPLE;
  return (
    <fieldset class="wide picks privacy-picks">
      <legend>{p.set === "data" ? t("ui.privacy.which_data") : t("ui.privacy.whose")}</legend>
      {all.map((w) => (
        <label key={w} class="check">
          <input
            type="checkbox"
            checked={p.value.includes(w)}
            onChange={(e) =>
              p.onChange(e.currentTarget.checked ? [...p.value, w] : p.value.filter((x) => x !== w))
            }
          />
          <span>{wordOf(p.set, w)}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Area(p: {
  label: string;
  value: string;
  max: number;
  required?: boolean;
  help?: string;
  rows?: number;
  onChange: (v: string) => void;
}) {
  return (
    <Field label={p.label} help={p.help} wide>
      <textarea
        rows={p.rows ?? 3}
        maxLength={p.max}
        required={p.required}
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export function ReasonDialog(p: {
  title: string;
  submit: string;
  text?: string;
  label: string;
  required: boolean;
  run: (reason: string | undefined) => Promise<unknown>;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={p.title}
      submit={p.submit}
      onSubmit={() => p.run(reason || undefined)}
      onClose={p.onClose}
    >
      {p.text && <p class="wide">{p.text}</p>}
      <Area
        label={p.label}
        help={t("ui.privacy.no_names")}
        max={1000}
        required={p.required}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}
