// SPDX-License-Identifier: Apache-2.0
// Quản trị: who may work here, the agencies they belong to, and the codes that let other programs in.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Agency, User } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { place, setQuery } from "../router.ts";
import { unconfirmedCount } from "../store/changes.ts";
import { secondCount } from "../store/second.ts";
import { may, now } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Button, Chip, Empty, Filters, PageHead, Time } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Changes } from "./accounts/changes.tsx";
import { AddDevice, Devices } from "./accounts/devices.tsx";
import { termText } from "./accounts/words.ts";
import { AddAgency, AddUser, CloseAgency, Disable, RenameAgency, Roles, SetPassword } from "./admin-forms.tsx";
import { AddToken, Tokens } from "./tokens.tsx";

type View = "users" | "agencies" | "changes" | "tokens" | "devices";
type Open =
  | { what: "users" | "agencies" | "tokens" | "devices" }
  | { what: "rename" | "close"; agency: Agency }
  | { what: "role" | "password" | "disable"; user: User };
const ADD = { users: "ui.user.add", agencies: "ui.agency.add", tokens: "ui.token.add", devices: "ui.machine.add" };

const rolesOf = (u: User) =>
  u.roles
    .map((r) =>
      [
        word("ui.role", r.role) + (r.site ? ` (${one("sites", r.site)?.code ?? r.site})` : ""),
        termText(r.from, r.until, now.value),
      ]
        .filter(Boolean)
        .join(" "),
    )
    .join(", ");

export function AdminPage() {
  const edit = may("accounts.edit");
  const asked = place.value.query.get("view");
  const view: View =
    asked === "agencies" || asked === "changes" || ((asked === "tokens" || asked === "devices") && edit)
      ? (asked as View)
      : "users";
  const load = [need("users").value, need("agencies").value, need("sites").value];
  const [open, setOpen] = useState<Open | null>(null);
  const users: Column<User>[] = [
    {
      key: "name",
      title: t("ui.user.name"),
      cell: (u) => (
        <>
          <a href={`/admin/users/${u.id}`}>{u.name}</a>
          {u.disabled && <Chip>{t("ui.user.disabled")}</Chip>}
        </>
      ),
      text: (u) => u.name,
    },
    {
      key: "login",
      title: t("ui.login.name"),
      width: "10rem",
      narrow: true,
      cell: (u) => <span class="num">{u.login}</span>,
      text: (u) => u.login,
    },
    {
      key: "agency",
      title: t("ui.agency.one"),
      width: "13rem",
      narrow: true,
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
      width: "11rem",
      narrow: true,
      cell: (u) => <Time at={u.last_login} withAge={false} />,
      text: (u) => full(u.last_login),
      sort: (u) => u.last_login,
    },
    ...(edit
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.waiting.do"),
            width: "18rem",
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
                    {t("ui.user.roles")}
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
          {a.state === "closed" && <Chip>{t("ui.agency.closed")}</Chip>}
        </>
      ),
      text: (a) => a.name,
    },
    ...(edit
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.waiting.do"),
            width: "14rem",
            cell: (a: Agency) =>
              a.state === "active" && (
                <span class="row">
                  <Button kind="plain" onClick={() => setOpen({ what: "rename", agency: a })}>
                    {t("ui.agency.rename")}
                  </Button>
                  {!a.custodian && (
                    <Button kind="plain" onClick={() => setOpen({ what: "close", agency: a })}>
                      {t("ui.agency.close")}
                    </Button>
                  )}
                </span>
              ),
          },
        ]
      : []),
  ];
  const userRows = rows("users")
    .slice()
    .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.name.localeCompare(b.name, "vi"));
  const close = () => setOpen(null);
  const tools = (
    <Filters
      name={t("ui.site.views")}
      value={view}
      onChange={(v) => setQuery({ view: v === "users" ? null : v, state: null })}
      options={[
        ["users", t("ui.users"), rows("users").length],
        ["agencies", t("ui.agencies"), rows("agencies").length],
        ["changes", t("ui.changes"), unconfirmedCount.value || undefined],
        ...(edit
          ? [
              ["tokens", t("ui.tokens")] as [string, string],
              ["devices", t("ui.machines")] as [string, string],
            ]
          : []),
      ]}
    />
  );
  return (
    <div class="page full">
      <PageHead
        title={t("ui.nav.admin")}
        sub={
          secondCount.value > 0 && <a href="/second">{t("ui.nav.second", { n: secondCount.value })}</a>
        }
      >
        {edit && view !== "changes" && (
          <Button kind="primary" onClick={() => setOpen({ what: view })}>
            {t(ADD[view])}
          </Button>
        )}
      </PageHead>
      {view === "tokens" ? (
        <Tokens tools={tools} />
      ) : view === "devices" ? (
        <Devices tools={tools} />
      ) : view === "changes" ? (
        <Changes tools={tools} />
      ) : view === "users" ? (
        <List
          name="users"
          label={t("ui.users")}
          rows={userRows}
          columns={users}
          keyOf={(u) => u.id}
          load={load}
          download="users"
          tools={tools}
          empty={<Empty title={t("ui.users.none")} />}
        />
      ) : (
        <List
          name="agencies"
          label={t("ui.agencies")}
          rows={rows("agencies")}
          columns={agencies}
          keyOf={(a) => a.id}
          load={load}
          download="agencies"
          filters={["view"]}
          tools={tools}
          empty={<Empty title={t("ui.list.none")} />}
        />
      )}
      {open?.what === "users" && <AddUser onClose={close} />}
      {open?.what === "agencies" && <AddAgency onClose={close} />}
      {open?.what === "rename" && <RenameAgency agency={open.agency} onClose={close} />}
      {open?.what === "close" && <CloseAgency agency={open.agency} onClose={close} />}
      {open?.what === "tokens" && <AddToken onClose={close} />}
      {open?.what === "devices" && <AddDevice onClose={close} />}
      {open?.what === "role" && <Roles id={open.user.id} onClose={close} />}
      {open?.what === "password" && <SetPassword user={open.user} onClose={close} />}
      {open?.what === "disable" && <Disable user={open.user} onClose={close} />}
    </div>
  );
}
