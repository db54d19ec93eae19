// SPDX-License-Identifier: Apache-2.0
// A day as it is said here: 22/11/2026. The form holds the text; typedDay() gives what is sent.
import { t } from "../lib/i18n.ts";
import { typedDay } from "../lib/day.ts";
import { Field } from "./parts.tsx";

export function DayField(props: {
  label: string;
  value: string;
  onChange: (v: string) => void;
  required?: boolean;
  help?: string;
  error?: string;
}) {
  const wrong = props.value !== "" && typedDay(props.value) === null;
  return (
    <Field label={props.label} help={props.help} error={wrong ? t("ui.day.wrong") : props.error}>
      <input
        type="text"
        inputMode="numeric"
        autocomplete="off"
        placeholder={t("ui.day.example")}
        required={props.required}
        value={props.value}
        aria-invalid={wrong || undefined}
        onInput={(e) => props.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}
