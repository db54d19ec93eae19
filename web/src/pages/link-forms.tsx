// SPDX-License-Identifier: Apache-2.0
// The forms of Đường nối: add or edit one (its fields by kind), set its secret, remove it.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { LinkRow } from "../api/notices.ts";
import { t, word } from "../lib/i18n.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { SiteField, TextField } from "../ui/fields.tsx";
import { Field, Select } from "../ui/parts.tsx";
import { formOf, LINK_KINDS, optionsOf, type LinkField } from "./link-kinds.ts";

type Form = Record<string, string>;

function OptionField(p: { f: LinkField; site: string; form: Form; set: (v: Form) => void }) {
  const { f } = p;
  const value = p.form[f.name] ?? "";
  const set = (v: string) => p.set({ ...p.form, [f.name]: v });
  const label = t(`ui.link.field.${f.name}`);
  const help = f.help ? t(`ui.link.help.${f.name}`) : undefined;
  if (f.type === "yes") {
    return (
      <label class="check">
        <input
          type="checkbox"
          checked={value === "yes"}
          onChange={(e) => set(e.currentTarget.checked ? "yes" : "")}
        />
        <span>{label}</span>
      </label>
    );
  }
  if (f.type === "choice" || f.type === "source") {
    const options: [string, string][] =
      f.type === "source"
        ? rows("sources")
            .filter((s) => !p.site || s.site === p.site)
            .map((s) => [s.id, s.name])
        : (f.choices ?? []).map((c) => [c, t(`ui.link.choice.${c}`)]);
    return (
      <Field label={label} help={help}>
        <Select
          value={value}
          required={f.required}
          none={f.required ? t("ui.choose") : t("ui.link.default")}
          onChange={set}
          options={options}
        />
      </Field>
    );
  }
  if (f.type === "lines" || f.type === "json") {
    return (
      <Field label={label} help={help} wide>
        <textarea
          rows={f.type === "json" ? 6 : 3}
          maxLength={f.max}
          required={f.required}
          spellcheck={false}
          value={value}
          onInput={(e) => set(e.currentTarget.value)}
        />
      </Field>
    );
  }
  return (
    <Field label={label} help={help}>
      <input
        type={f.type === "number" ? "number" : "text"}
        max={f.type === "number" ? f.max : undefined}
        maxLength={f.type === "number" ? undefined : f.max}
        required={f.required}
        autocomplete="off"
        value={value}
        onInput={(e) => set(e.currentTarget.value)}
      />
    </Field>
  );
}

// link: the one to edit; without it a new one.
export function EditLink({ link, onClose }: { link?: LinkRow; onClose: () => void }) {
  need("sources");
  const [kindName, setKind] = useState(link?.kind ?? "mqtt");
  const kind = LINK_KINDS[kindName]!;
  const [v, setV] = useState({
    name: link?.name ?? "",
    address: link?.address ?? "",
    site: link?.site ?? "",
    login: link?.login ?? "",
    secret: "",
  });
  const [form, setForm] = useState<Form>(link ? formOf(kind, link.options) : {});
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const submit = async () => {
    const options = optionsOf(kind, form);
    const login = kind.login ? v.login : "";
    if (link) {
      await post(`/links/${link.id}`, { name: v.name, address: v.address, login, options });
    } else {
      await post("/links", {
        kind: kindName,
        name: v.name,
        address: v.address,
        site: v.site || undefined,
        login: login || undefined,
        secret: v.secret || undefined,
        options,
      });
    }
  };
  const bad = kind.fields.find((f) => {
    try {
      optionsOf({ ...kind, fields: [f] }, form);
      return false;
    } catch {
      return true;
    }
  });
  return (
    <FormDialog
      title={link ? t("ui.link.edit") : t("ui.link.add")}
      submit={link ? t("ui.action.save") : t("ui.action.add")}
      onSubmit={submit}
      onClose={onClose}
      disabled={!!bad}
    >
      {!link && (
        <Field label={t("ui.link.kind")} wide>
          <Select
            value={kindName}
            onChange={(k) => {
              setKind(k);
              setForm({});
            }}
            options={Object.keys(LINK_KINDS).map((k) => [k, word("link.kind", k)])}
          />
        </Field>
      )}
      <TextField label={t("ui.name")} max={80} value={v.name} onChange={(name) => set({ name })} />
      <TextField
        label={t("ui.link.address")}
        help={t(`ui.link.address_help.${kind.address}`)}
        max={300}
        plain
        value={v.address}
        onChange={(address) => set({ address })}
      />
      {!link && (
        <SiteField
          value={v.site}
          required={kind.site}
          none={kind.site ? undefined : t("ui.link.of_node")}
          onChange={(site) => set({ site })}
        />
      )}
      {kind.login && (
        <TextField
          label={t("ui.login.name")}
          max={120}
          plain
          required={false}
          value={v.login}
          onChange={(login) => set({ login })}
        />
      )}
      {!link && kind.secret && (
        <Field label={t("ui.link.secret")}>
          <input
            type="password"
            maxLength={500}
            autocomplete="new-password"
            value={v.secret}
            onInput={(e) => set({ secret: e.currentTarget.value })}
          />
        </Field>
      )}
      {kind.fields.map((f) => (
        <OptionField key={`${kindName}.${f.name}`} f={f} site={v.site} form={form} set={setForm} />
      ))}
      {bad && (
        <p class="error wide" role="alert">
          {t("ui.link.not_json", { name: t(`ui.link.field.${bad.name}`) })}
        </p>
      )}
    </FormDialog>
  );
}

export function LinkSecret({ link, onClose }: { link: LinkRow; onClose: () => void }) {
  const [secret, setSecret] = useState("");
  return (
    <FormDialog
      title={t("ui.link.secret_of", { name: link.name })}
      submit={t("ui.action.save")}
      onSubmit={() => post(`/links/${link.id}/secret`, { secret })}
      onClose={onClose}
    >
      <Field label={t("ui.link.secret")} help={t("ui.link.secret_help")} wide>
        <input
          type="password"
          required
          maxLength={500}
          autocomplete="new-password"
          value={secret}
          onInput={(e) => setSecret(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function RemoveLink({ link, onClose }: { link: LinkRow; onClose: () => void }) {
  return (
    <FormDialog
      title={t("ui.link.remove_of", { name: link.name })}
      submit={t("ui.link.remove")}
      onSubmit={() => post(`/links/${link.id}/remove`)}
      onClose={onClose}
    >
      <p class="wide">{t("ui.link.remove_more")}</p>
    </FormDialog>
  );
}
