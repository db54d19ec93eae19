// SPDX-License-Identifier: Apache-2.0
// One account as its administrators see it: roles and their times, second factor, sessions, changes to look at.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { User } from "../../api/types.ts";
import { t } from "../../lib/i18n.ts";
import { may, session } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Button, Chip, Empty, Facts, Loaded, PageHead, Time } from "../../ui/parts.tsx";
import { NotFoundPage } from "../notfound.tsx";
import { ChangeLines } from "./changes.tsx";
import { GiveRole, HeldRoles } from "./roles.tsx";
import { Sessions } from "./sessions.tsx";

function TakeFactor({ user, onClose }: { user: User; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.factor.take_title", { name: user.name })}
      submit={t("ui.factor.take")}
      onSubmit={() => post(`/users/${user.id}/factor/remove`, { reason })}
      onClose={onClose}
    >
      <p class="wide">{t("ui.factor.take_more")}</p>
      <TextField label={t("ui.user.role_reason")} wide max={200} value={reason} onChange={setReason} />
    </FormDialog>
  );
}

function FactorOf({ user, edit }: { user: User; edit: boolean }) {
  const [open, setOpen] = useState(false);
  if (!user.factor_at) {
    return <span class="dim">{t("ui.factor.off")}</span>;
  }
  return (
    <>
      {t("ui.factor.on")} · <Time at={user.factor_at} withAge={false} /> ·{" "}
      {t("ui.factor.left", { n: user.recovery_left ?? 0 })}{" "}
      {edit && <Button onClick={() => setOpen(true)}>{t("ui.factor.take")}</Button>}
      {open && <TakeFactor user={user} onClose={() => setOpen(false)} />}
    </>
  );
}

function Account({ user }: { user: User }) {
  const edit = may("accounts.edit");
  const mine = user.id === session.value?.user.id;
  need("permission-changes");
  const changes = rows("permission-changes").filter((c) => c.user === user.id);
  return (
    <>
      <PageHead
        title={
          <>
            {user.name} {user.disabled && <Chip>{t("ui.user.disabled")}</Chip>}
          </>
        }
        sub={[user.login, user.agency_name].filter(Boolean).join(" · ")}
      />
      <Facts
        rows={[
          [t("ui.user.last_login"), <Time at={user.last_login} />],
          [t("ui.factor.title"), <FactorOf user={user} edit={edit && !mine} />],
        ]}
      />
      <section aria-labelledby="user-roles">
        <h2 id="user-roles">{t("ui.user.roles")}</h2>
        <HeldRoles user={user} edit={edit} />
        {edit && !mine && !user.disabled && <GiveRole id={user.id} />}
      </section>
      {edit && (
        <section aria-labelledby="user-sessions">
          <h2 id="user-sessions">{t("ui.session.title")}</h2>
          <Sessions user={mine ? undefined : user.id} />
        </section>
      )}
      <section aria-labelledby="user-changes">
        <h2 id="user-changes">{t("ui.changes")}</h2>
        {changes.length ? <ChangeLines changes={changes} /> : <p class="dim">{t("ui.changes.none")}</p>}
      </section>
    </>
  );
}

export function UserPage({ id }: { id: string }) {
  if (!may("accounts.read")) {
    return <NotFoundPage />;
  }
  const load = needOne("users", id).value;
  need("sites");
  return (
    <div class="page account">
      <Loaded load={load}>
        {() => {
          const user = one("users", id);
          return user ? <Account user={user} /> : <Empty title={t("ui.users.none")} />;
        }}
      </Loaded>
    </div>
  );
}
