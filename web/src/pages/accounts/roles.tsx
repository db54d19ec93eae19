// SPDX-License-Identifier: Apache-2.0
// The roles somebody holds, each to be taken back, and one more to give, for ever or for a time.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { User } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { now } from "../../store/session.ts";
import { Form } from "../../ui/dialog.tsx";
import { RoleFields, TextField } from "../../ui/fields.tsx";
import { Button, TimeField, typedTime } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { siteName, termText } from "./words.ts";

export function HeldRoles({ user, edit }: { user: User; edit: boolean }) {
  return (
    <ul class="lines held">
      {user.roles.map((r) => (
        <li key={r.id}>
          <b>{word("ui.role", r.role)}</b>
          <span class="dim">
            {[siteName(r.site), termText(r.from, r.until, now.value), r.origin && t("ui.delegate.given_by", { name: r.given_by ?? "" }), r.reason].filter(Boolean).join(" · ")}
          </span>
          {edit && (
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
          )}
        </li>
      ))}
      {user.roles.length === 0 && <li class="dim">{t("ui.user.no_role")}</li>}
    </ul>
  );
}

const NOTHING = { role: "", site: "", from: "", until: "", reason: "" };

export function GiveRole({ id, onCancel }: { id: string; onCancel?: () => void }) {
  const [v, setV] = useState(NOTHING);
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const timed = v.from !== "" || v.until !== "";
  const wrong = (text: string) => text !== "" && !typedTime(text);
  const submit = () =>
    post(`/users/${id}/roles`, {
      role: v.role,
      site: v.site || undefined,
      from: typedTime(v.from),
      until: typedTime(v.until),
      reason: v.reason.trim() || undefined,
    });
  return (
    <Form
      submit={t("ui.user.role_add")}
      disabled={!v.role || wrong(v.from) || wrong(v.until)}
      onCancel={onCancel}
      onDone={() => setV(NOTHING)}
      onSubmit={submit}
    >
      <RoleFields value={v} onChange={set} />
      <TimeField
        label={t("ui.user.role_begins")}
        help={t("ui.user.role_begins_help")}
        value={v.from}
        onChange={(from) => set({ from })}
      />
      <TimeField
        label={t("ui.user.role_ends")}
        help={t("ui.user.role_ends_help")}
        value={v.until}
        onChange={(until) => set({ until })}
      />
      {timed && (
        <TextField
          label={t("ui.user.role_reason")}
          wide
          max={200}
          value={v.reason}
          onChange={(reason) => set({ reason })}
        />
      )}
    </Form>
  );
}
