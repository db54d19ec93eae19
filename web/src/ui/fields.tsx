// SPDX-License-Identifier: Apache-2.0
// The fields that forms and filters share: a line of text, a password, and the choices of site, agency and role.
import { useState } from "preact/hooks";
import { t, word } from "../lib/i18n.ts";
import { setQuery } from "../router.ts";
import { rows } from "../store/store.ts";
import { Field, Select } from "./parts.tsx";

export const ROLES = [
  "guard",
  "shift_leader",
  "site_commander",
  "duty_officer",
  "agency_officer",
  "staff_officer",
  "auditor",
  "custodian",
];
export const PASSWORD_MIN = 10;

interface Common {
  value: string;
  onChange: (v: string) => void;
  wide?: boolean;
  required?: boolean;
}

export function TextField(
  p: Common & { label: string; max: number; help?: string; plain?: boolean },
) {
  return (
    <Field label={p.label} help={p.help} wide={p.wide}>
      <input
        type="text"
        required={p.required ?? true}
        maxLength={p.max}
        autocomplete={p.plain ? "off" : undefined}
        autocapitalize={p.plain ? "none" : undefined}
        spellcheck={p.plain ? false : undefined}
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

// A file to be chosen. The browser's own field speaks the browser's language; this one speaks ours. The input itself
// stays where it is, unseen: it takes the focus, the keys and a file that is dropped on it.
export function FileField(p: {
  label: string;
  help?: string;
  error?: string;
  wide?: boolean;
  required?: boolean;
  accept: string;
  onChange: (file: File | undefined) => void;
}) {
  const [name, setName] = useState("");
  return (
    <Field label={p.label} help={p.help} error={p.error} wide={p.wide}>
      <span class="file-field">
        <input
          type="file"
          required={p.required}
          accept={p.accept}
          onChange={(e) => {
            const file = e.currentTarget.files?.[0];
            setName(file?.name ?? "");
            p.onChange(file);
          }}
        />
        <span class="button" aria-hidden="true">
          {t("ui.file.choose")}
        </span>
        <span class={name ? "" : "dim"}>{name || t("ui.file.none")}</span>
      </span>
    </Field>
  );
}

// The password one has.
export function PasswordField(p: Common & { label: string }) {
  return (
    <Field label={p.label} wide>
      <input
        type="password"
        required
        autocomplete="current-password"
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

// A code of the telephone or of the recovery sheet.
export function CodeField(p: Common & { label: string; help?: string; name?: string }) {
  return (
    <Field label={p.label} help={p.help} wide>
      <input
        type="text"
        class="num"
        name={p.name}
        required
        maxLength={20}
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export function NewPasswordField(p: Common & { label?: string }) {
  return (
    <Field
      label={p.label ?? t("ui.login.password")}
      help={t("ui.user.password_help", { n: PASSWORD_MIN })}
      wide
    >
      <input
        type="password"
        required
        minLength={PASSWORD_MIN}
        autocomplete="new-password"
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export const siteOptions = (): [string, string][] => rows("sites").map((s) => [s.id, s.name]);

// none: what it means to choose no site; without it one must be chosen.
export function SiteField(p: Common & { none?: string }) {
  return (
    <Field label={t("ui.board.site")} wide={p.wide}>
      <Select
        value={p.value}
        required={p.required}
        none={p.none ?? t("ui.choose")}
        onChange={p.onChange}
        options={siteOptions()}
      />
    </Field>
  );
}

export function AgencyField(p: Common & { none?: string; label?: string }) {
  return (
    <Field label={p.label ?? t("ui.agency.one")} wide={p.wide}>
      <Select
        value={p.value}
        required={p.required}
        none={p.none ?? t("ui.choose")}
        onChange={p.onChange}
        options={rows("agencies")
          .filter((a) => a.state === "active" || a.id === p.value)
          .map((a) => [a.id, a.name])}
      />
    </Field>
  );
}

// A role and where it holds.
export function RoleFields(p: {
  value: { role: string; site: string };
  onChange: (change: { role?: string; site?: string }) => void;
  except?: string;
}) {
  return (
    <>
      <Field label={t("ui.user.role")}>
        <Select
          value={p.value.role}
          required
          none={t("ui.choose")}
          onChange={(role) => p.onChange({ role })}
          options={ROLES.filter((r) => r !== p.except).map((r) => [r, word("ui.role", r)])}
        />
      </Field>
      <SiteField
        value={p.value.site}
        none={t("ui.all_sites")}
        onChange={(site) => p.onChange({ site })}
      />
    </>
  );
}

// In a toolbar: the list of one site, in the address.
export function SiteFilter({ value }: { value: string }) {
  return (
    <Select
      label={t("ui.board.site")}
      value={value}
      none={t("ui.all_sites")}
      onChange={(site) => setQuery({ site })}
      options={siteOptions()}
    />
  );
}
