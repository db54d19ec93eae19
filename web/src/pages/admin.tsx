// SPDX-License-Identifier: Apache-2.0
// Quản trị: who may work here, and the agencies they belong to. Nobody can give himself a role (the server
// refuses); a password is set, never shown.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Agency, User } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import {
  Button,
  Chip,
  Empty,
  Field,
  Filters,
  Loaded,
  PageHead,
  Select,
  Time,
} from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { VTable, type Column } from "../ui/vtable.tsx";

const ROLES = [
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
type Open = { what: "user" | "agency" } | { what: "role" | "password" | "disable"; user: User };

function AddUser({ onClose }: { onClose: () => void }) {
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

function AddAgency({ onClose }: { onClose: () => void }) {
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

function AddRole({ user, onClose }: { user: User; onClose: () => void }) {
  const [v, setV] = useState({ role: "", site: "" });
  return (
    <FormDialog
      title={t("ui.user.role_title", { name: user.name })}
      submit={t("ui.user.role_add")}
      onClose={onClose}
      onSubmit={() => post(`/users/${user.id}/roles`, { role: v.role, site: v.site || undefined })}
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
          options={rows("sites").map((s) => [s.id, s.name])}
        />
      </Field>
    </FormDialog>
  );
}

function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
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

function Disable({ user, onClose }: { user: User; onClose: () => void }) {
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

const rolesOf = (u: User) =>
  u.roles
    .map(
      (r) => word("ui.role", r.role) + (r.site ? ` (${one("sites", r.site)?.name ?? r.site})` : ""),
    )
    .join(", ");

export function AdminPage() {
  const view = place.value.query.get("view") ?? "users";
  const load = [need("users").value, need("agencies").value];
  const edit = may("accounts.edit");
  const [open, setOpen] = useState<Open | null>(null);
  const users: Column<User>[] = [
    {
      key: "name",
      title: t("ui.user.name"),
      cell: (u) => (
        <>
          {u.name}
          {u.disabled && <Chip>{t("ui.user.disabled")}</Chip>}
        </>
      ),
      text: (u) => u.name,
    },
    {
      key: "login",
      title: t("ui.login.name"),
      width: "10rem",
      cell: (u) => <span class="num">{u.login}</span>,
      text: (u) => u.login,
    },
    {
      key: "agency",
      title: t("ui.agency.one"),
      width: "18rem",
      narrow: true,
      cell: (u) => u.agency_name,
      text: (u) => u.agency_name,
    },
    {
      key: "roles",
      title: t("ui.user.roles"),
      narrow: true,
      cell: (u) => rolesOf(u) || <span class="dim">{t("ui.user.no_role")}</span>,
      text: rolesOf,
    },
    {
      key: "seen",
      title: t("ui.user.last_login"),
      width: "13rem",
      narrow: true,
      cell: (u) => <Time at={u.last_login} />,
    },
    ...(edit
      ? [
          {
            key: "do",
            title: t("ui.waiting.do"),
            width: "20rem",
            cell: (u: User) =>
              u.disabled ? (
                <Button
                  kind="plain"
                  onClick={() =>
                    void attempt(
                      () => post(`/users/${u.id}/enable`),
                      t("ui.user.enabled", { name: u.name }),
                    )
                  }
                >
                  {t("ui.user.enable")}
                </Button>
              ) : (
                <span class="row">
                  <Button kind="plain" onClick={() => setOpen({ what: "role", user: u })}>
                    {t("ui.user.role_add")}
                  </Button>
                  <Button kind="plain" onClick={() => setOpen({ what: "password", user: u })}>
                    {t("ui.user.password")}
                  </Button>
                  <Button kind="plain" onClick={() => setOpen({ what: "disable", user: u })}>
                    {t("ui.user.disable")}
                  </Button>
                </span>
              ),
          },
        ]
      : []),
  ];
  const agencies: Column<Agency>[] = [
    {
      key: "code",
      title: t("ui.agency.code"),
      width: "10rem",
      cell: (a) => <span class="num">{a.code}</span>,
      text: (a) => a.code,
    },
    {
      key: "name",
      title: t("ui.name"),
      cell: (a) => (
        <>
          {a.name}
          {a.custodian && <Chip>{t("ui.agency.custodian")}</Chip>}
        </>
      ),
      text: (a) => a.name,
    },
  ];
  const userRows = rows("users")
    .slice()
    .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.name.localeCompare(b.name, "vi"));
  const close = () => setOpen(null);
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.admin")}>
        {edit && (
          <Button
            kind="primary"
            onClick={() => setOpen({ what: view === "users" ? "user" : "agency" })}
          >
            {view === "users" ? t("ui.user.add") : t("ui.agency.add")}
          </Button>
        )}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.site.views")}
          value={view}
          onChange={(v) => setQuery({ view: v === "users" ? null : v })}
          options={[
            ["users", t("ui.users"), rows("users").length],
            ["agencies", t("ui.agencies"), rows("agencies").length],
          ]}
        />
      </div>
      <Loaded load={load} lines={8}>
        {() =>
          view === "users" ? (
            userRows.length ? (
              <VTable
                rows={userRows}
                columns={users}
                keyOf={(u) => u.id}
                label={t("ui.users")}
                exportName="nguoi-dung"
              />
            ) : (
              <Empty title={t("ui.users.none")} />
            )
          ) : (
            <VTable
              rows={rows("agencies")}
              columns={agencies}
              keyOf={(a) => a.id}
              label={t("ui.agencies")}
              exportName="co-quan"
            />
          )
        }
      </Loaded>
      {open?.what === "user" && <AddUser onClose={close} />}
      {open?.what === "agency" && <AddAgency onClose={close} />}
      {open?.what === "role" && <AddRole user={open.user} onClose={close} />}
      {open?.what === "password" && <SetPassword user={open.user} onClose={close} />}
      {open?.what === "disable" && <Disable user={open.user} onClose={close} />}
    </div>
  );
}
