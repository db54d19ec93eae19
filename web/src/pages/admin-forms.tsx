// SPDX-License-Identifier: Apache-2.0
// The dialogs of Quản trị. Nobody can give himself a role (the server refuses); a password is set, never shown.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { User } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { one, rows } from "../store/store.ts";
import { Dialog, Form, FormDialog } from "../ui/dialog.tsx";
import { Button, Field, Select } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";

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
const PASSWORD_MIN = 10;

export const siteName = (id: string | null): string =>
  id ? (one("sites", id)?.name ?? id) : t("ui.all_sites");

export function AddUser({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({
    login: "",
    name: "",
    agency: rows("agencies").find((a) => a.custodian)?.id ?? "",
    password: "",
  });
  return (
    <FormDialog
      title={t("ui.user.add")}
      submit={t("ui.user.add")}
      onClose={onClose}
      onSubmit={() => post("/users", { ...v, agency: v.agency || undefined })}
    >
      <Field label={t("ui.login.name")}>
        <input
          type="text"
          required
          maxLength={40}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={v.login}
          onInput={(e) => setV({ ...v, login: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.user.name")}>
        <input
          type="text"
          required
          maxLength={80}
          value={v.name}
          onInput={(e) => setV({ ...v, name: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.agency.one")} wide>
        <Select
          value={v.agency}
          required
          none={t("ui.choose")}
          onChange={(agency) => setV({ ...v, agency })}
          options={rows("agencies").map((a) => [a.id, a.name])}
        />
      </Field>
      <Field
        label={t("ui.login.password")}
        help={t("ui.user.password_help", { n: PASSWORD_MIN })}
        wide
      >
        <input
          type="password"
          required
          minLength={PASSWORD_MIN}
          autocomplete="new-password"
          value={v.password}
          onInput={(e) => setV({ ...v, password: e.currentTarget.value })}
        />
      </Field>
    </FormDialog>
  );
}

export function AddAgency({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({ code: "", name: "" });
  return (
    <FormDialog
      title={t("ui.agency.add")}
      submit={t("ui.agency.add")}
      onClose={onClose}
      onSubmit={() => post("/agencies", v)}
    >
      <Field label={t("ui.agency.code")}>
        <input
          type="text"
          required
          maxLength={20}
          value={v.code}
          onInput={(e) => setV({ ...v, code: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.name")} wide>
        <input
          type="text"
          required
          maxLength={120}
          value={v.name}
          onInput={(e) => setV({ ...v, name: e.currentTarget.value })}
        />
      </Field>
    </FormDialog>
  );
}

// Every role one holds, each to be taken back, and one more to give.
export function Roles({ id, onClose }: { id: string; onClose: () => void }) {
  const user = one("users", id)!;
  const [v, setV] = useState({ role: "", site: "" });
  return (
    <Dialog title={t("ui.user.roles_title", { name: user.name })} onClose={onClose}>
      <ul class="lines held">
        {user.roles.map((r) => (
          <li key={r.id}>
            <b>{word("ui.role", r.role)}</b>
            <span class="dim">{siteName(r.site)}</span>
            <Button
              onClick={() =>
                void attempt(
                  () => post(`/assignments/${r.id}/revoke`),
                  t("ui.user.role_revoked", { role: word("ui.role", r.role), name: user.name }),
                )
              }
            >
              {t("ui.user.role_revoke")}
            </Button>
          </li>
        ))}
        {user.roles.length === 0 && <li class="dim">{t("ui.user.no_role")}</li>}
      </ul>
      <Form
        submit={t("ui.user.role_add")}
        disabled={!v.role}
        onCancel={onClose}
        onDone={() => setV({ role: "", site: "" })}
        onSubmit={() => post(`/users/${id}/roles`, { role: v.role, site: v.site || undefined })}
      >
        <Field label={t("ui.user.role")}>
          <Select
            value={v.role}
            required
            none={t("ui.choose")}
            onChange={(role) => setV({ ...v, role })}
            options={ROLES.map((r) => [r, word("ui.role", r)])}
          />
        </Field>
        <Field label={t("ui.board.site")}>
          <Select
            value={v.site}
            none={t("ui.all_sites")}
            onChange={(site) => setV({ ...v, site })}
            options={rows("sites").map((x) => [x.id, x.name])}
          />
        </Field>
      </Form>
    </Dialog>
  );
}

export function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={t("ui.user.password_title", { name: user.name })}
      submit={t("ui.action.save")}
      onClose={onClose}
      onSubmit={() => post(`/users/${user.id}/password`, { password })}
    >
      <Field
        label={t("ui.login.password")}
        help={t("ui.user.password_help", { n: PASSWORD_MIN })}
        wide
      >
        <input
          type="password"
          required
          minLength={PASSWORD_MIN}
          autocomplete="new-password"
          value={password}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function Disable({ user, onClose }: { user: User; onClose: () => void }) {
  return (
    <FormDialog
      title={t("ui.user.disable_title", { name: user.name })}
      submit={t("ui.user.disable")}
      onClose={onClose}
      onSubmit={() => post(`/users/${user.id}/disable`)}
    >
      <p class="wide">{t("ui.user.disable_help")}</p>
    </FormDialog>
  );
}
