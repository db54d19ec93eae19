// SPDX-License-Identifier: Apache-2.0
// One's own roles, and who stands in for one in them: given for a time with an end, taken back at any time.
import { useState } from "preact/hooks";
import type { HeldRole } from "../../api/accounts.ts";
import { post } from "../../api/client.ts";
import type { User } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { may, now, session } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Button, Field, Loaded, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { attempt, say } from "../../ui/toast.tsx";
import { siteName, termText } from "./words.ts";

const NOT_DELEGATED = ["custodian", "auditor"]; // two persons grant them
export const mayDelegate = (): boolean => may("accounts.read");

function DelegateForm({ of, onClose }: { of: HeldRole; onClose: () => void }) {
  const [v, setV] = useState({ to: "", until: "", reason: "" });
  const me = session.value!.user;
  const colleagues = rows("users")
    .filter((u) => u.agency === me.agency && u.id !== me.id && !u.disabled)
    .sort((a, b) => a.name.localeCompare(b.name, "vi"))
    .map((u): [string, string] => [u.id, `${u.name} (${u.login})`]);
  const submit = async () => {
    await post(`/assignments/${of.id}/delegate`, { to: v.to, until: typedTime(v.until), reason: v.reason.trim() });
    say(t("ui.delegate.done"));
  };
  return (
    <FormDialog
      title={t("ui.delegate.of", { role: word("ui.role", of.role) })}
      submit={t("ui.delegate.give")}
      disabled={!v.to || !typedTime(v.until) || !v.reason.trim()}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field label={t("ui.delegate.to")} wide>
        <Select required none={t("ui.choose")} value={v.to} onChange={(to) => setV({ ...v, to })} options={colleagues} />
      </Field>
      <TimeField required label={t("ui.delegate.until")} value={v.until} onChange={(until) => setV({ ...v, until })} />
      <TextField
        label={t("ui.delegate.reason")}
        wide
        max={200}
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
    </FormDialog>
  );
}

const line = (parts: (string | null)[]): string => parts.filter(Boolean).join(" · ");

function StandsIn({ who, role }: { who: User; role: HeldRole }) {
  const takeBack = () =>
    void attempt(() => post(`/assignments/${role.id}/withdraw`), t("ui.delegate.taken_back", { name: who.name }));
  return (
    <li>
      <span>
        {line([t("ui.delegate.stands_in", { name: who.name }), termText(role.from, role.until, now.value), role.reason])}
      </span>
      <Button onClick={takeBack}>{t("ui.delegate.take_back")}</Button>
    </li>
  );
}

function Own({ role }: { role: HeldRole }) {
  const [giving, setGiving] = useState(false);
  const from = role.origin ? t("ui.delegate.given_by", { name: role.given_by ?? "" }) : null;
  return (
    <>
      <li>
        <b>{word("ui.role", role.role)}</b>
        <span class="dim">
          {line([siteName(role.site), termText(role.from, role.until, now.value), from, role.reason])}
        </span>
        {!role.origin && !NOT_DELEGATED.includes(role.role) && (
          <Button onClick={() => setGiving(true)}>{t("ui.delegate.give")}</Button>
        )}
      </li>
      {rows("users").flatMap((u) =>
        u.roles.filter((r) => r.origin === role.id).map((r) => <StandsIn key={r.id} who={u} role={r} />),
      )}
      {giving && <DelegateForm of={role} onClose={() => setGiving(false)} />}
    </>
  );
}

export function MyRoles() {
  const load = need("users").value;
  const me = one("users", session.value!.user.id);
  return (
    <>
      <p class="dim">{t("ui.delegate.more")}</p>
      <Loaded load={load} lines={2}>
        {() => (
          <ul class="lines held">
            {me?.roles.map((r) => <Own key={r.id} role={r} />)}
            {!me?.roles.length && <li class="dim">{t("ui.user.no_role")}</li>}
          </ul>
        )}
      </Loaded>
    </>
  );
}
