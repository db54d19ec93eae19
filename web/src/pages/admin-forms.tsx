// SPDX-License-Identifier: Apache-2.0
// The dialogs of Quản trị. Nobody can give himself a role (the server refuses); a password is set, never shown.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Agency, User } from "../api/types.ts";
import { t } from "../lib/i18n.ts";
import { one, rows } from "../store/store.ts";
import { Dialog, FormDialog } from "../ui/dialog.tsx";
import { AgencyField, NewPasswordField, TextField } from "../ui/fields.tsx";
import { GiveRole, HeldRoles } from "./accounts/roles.tsx";

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
      <TextField
        label={t("ui.login.name")}
        plain
        max={40}
        value={v.login}
        onChange={(login) => setV({ ...v, login })}
      />
      <TextField
        label={t("ui.user.name")}
        max={80}
        value={v.name}
        onChange={(name) => setV({ ...v, name })}
      />
      <AgencyField
        wide
        required
        value={v.agency}
        onChange={(agency) => setV({ ...v, agency })}
      />
      <NewPasswordField value={v.password} onChange={(password) => setV({ ...v, password })} />
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
      <TextField
        label={t("ui.agency.code")}
        max={20}
        value={v.code}
        onChange={(code) => setV({ ...v, code })}
      />
      <TextField
        label={t("ui.name")}
        wide
        max={120}
        value={v.name}
        onChange={(name) => setV({ ...v, name })}
      />
    </FormDialog>
  );
}

export function RenameAgency({ agency, onClose }: { agency: Agency; onClose: () => void }) {
  const [name, setName] = useState(agency.name);
  return (
    <FormDialog
      title={t("ui.agency.rename_title", { name: agency.name })}
      submit={t("ui.action.save")}
      onClose={onClose}
      onSubmit={() => post(`/agencies/${agency.id}`, { name })}
    >
      <TextField label={t("ui.name")} wide max={120} value={name} onChange={setName} />
      <p class="wide dim">{t("ui.agency.rename_help")}</p>
    </FormDialog>
  );
}

export function CloseAgency({ agency, onClose }: { agency: Agency; onClose: () => void }) {
  return (
    <FormDialog
      title={t("ui.agency.close_title", { name: agency.name })}
      submit={t("ui.agency.close")}
      onClose={onClose}
      onSubmit={() => post(`/agencies/${agency.id}/close`)}
    >
      <p class="wide">{t("ui.agency.close_help")}</p>
    </FormDialog>
  );
}

export function Roles({ id, onClose }: { id: string; onClose: () => void }) {
  const user = one("users", id)!;
  return (
    <Dialog title={t("ui.user.roles_title", { name: user.name })} onClose={onClose}>
      <HeldRoles user={user} edit />
      <GiveRole id={id} onCancel={onClose} />
      <p class="wide dim">{t("ui.second.roles_help")}</p>
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
      <NewPasswordField value={password} onChange={setPassword} />
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
