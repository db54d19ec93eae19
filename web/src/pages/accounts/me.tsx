// SPDX-License-Identifier: Apache-2.0
// One's own account: what one logs in with, and where one is logged in.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import { t, word } from "../../lib/i18n.ts";
import { session } from "../../store/session.ts";
import { need } from "../../store/store.ts";
import { Form } from "../../ui/dialog.tsx";
import { NewPasswordField, PasswordField } from "../../ui/fields.tsx";
import { PageHead } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { mayDelegate, MyRoles } from "./delegate.tsx";
import { Factor } from "./factor.tsx";
import { Sessions } from "./sessions.tsx";
import { siteName } from "./words.ts";

const NOTHING = { old: "", password: "" };

function ChangePassword({ id }: { id: string }) {
  const [v, setV] = useState(NOTHING);
  return (
    <Form
      submit={t("ui.me.password_change")}
      onSubmit={() => post(`/users/${id}/password`, v)}
      onDone={() => {
        setV(NOTHING);
        say(t("ui.me.password_changed"));
      }}
    >
      <PasswordField label={t("ui.me.password_now")} value={v.old} onChange={(old) => setV({ ...v, old })} />
      <NewPasswordField
        label={t("ui.me.password_new")}
        value={v.password}
        onChange={(password) => setV({ ...v, password })}
      />
    </Form>
  );
}

export function MePage() {
  const me = session.value!.user;
  need("sites");
  const roles = me.roles.map((r) => `${word("ui.role", r.role)} (${siteName(r.site)})`).join(", ");
  return (
    <div class="page account">
      <PageHead title={t("ui.me.title")} sub={[me.name, me.login, roles].filter(Boolean).join(" · ")} />
      {mayDelegate() && (
        <section aria-labelledby="me-roles">
          <h2 id="me-roles">{t("ui.delegate.title")}</h2>
          <MyRoles />
        </section>
      )}
      <section aria-labelledby="me-factor">
        <h2 id="me-factor">{t("ui.factor.title")}</h2>
        <Factor />
      </section>
      <section aria-labelledby="me-password">
        <h2 id="me-password">{t("ui.login.password")}</h2>
        <ChangePassword id={me.id} />
      </section>
      <section aria-labelledby="me-sessions">
        <h2 id="me-sessions">{t("ui.session.title")}</h2>
        <p class="dim">{t("ui.session.more")}</p>
        <Sessions />
      </section>
    </div>
  );
}
