// SPDX-License-Identifier: Apache-2.0
// Admission codes: another program or device is let in as one role, for a time. The code itself is shown
// once, when it is made; the node keeps only its digest.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Token } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { now } from "../store/session.ts";
import { need, one, retry, rows } from "../store/store.ts";
import { Dialog, Form } from "../ui/dialog.tsx";
import { AgencyField, RoleFields, TextField } from "../ui/fields.tsx";
import { Button, Empty, Field, Time } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { List, type Column } from "../ui/list.tsx";
import { siteName } from "./accounts/words.ts";

const DAYS_MAX = 400;

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <Dialog title={t("ui.token.made")} onClose={onClose}>
      <p>{t("ui.token.once")}</p>
      <p>
        <code class="hash">{secret}</code>
      </p>
      <div class="row">
        {navigator.clipboard && (
          <Button
            onClick={() =>
              void navigator.clipboard.writeText(secret).then(
                () => setCopied(true),
                () => {},
              )
            }
          >
            {t(copied ? "ui.token.copied" : "ui.token.copy")}
          </Button>
        )}
        <Button kind="primary" onClick={onClose}>
          {t("ui.token.kept")}
        </Button>
      </div>
    </Dialog>
  );
}

export function AddToken({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({ name: "", role: "", site: "", agency: "", days: "90" });
  const [secret, setSecret] = useState("");
  const submit = async () => {
    const answer = await post<{ id: string; token: string }>("/tokens", {
      name: v.name,
      role: v.role,
      site: v.site || undefined,
      agency: v.agency || undefined,
      days: Number(v.days),
    });
    retry("tokens");
    setSecret(answer.token);
  };
  if (secret) {
    return <Secret secret={secret} onClose={onClose} />;
  }
  return (
    <Dialog title={t("ui.token.add")} onClose={onClose}>
      <Form submit={t("ui.token.add")} onSubmit={submit} onCancel={onClose}>
        <TextField
          label={t("ui.token.name")}
          help={t("ui.token.name_help")}
          wide
          max={60}
          value={v.name}
          onChange={(name) => setV({ ...v, name })}
        />
        <RoleFields
          value={v}
          except="custodian"
          onChange={(change) => setV({ ...v, ...change })}
        />
        <AgencyField
          value={v.agency}
          none={t("ui.token.own_agency")}
          onChange={(agency) => setV({ ...v, agency })}
        />
        <Field label={t("ui.token.days")}>
          <input
            type="number"
            required
            min={1}
            max={DAYS_MAX}
            value={v.days}
            onInput={(e) => setV({ ...v, days: e.currentTarget.value })}
          />
        </Field>
      </Form>
    </Dialog>
  );
}

const stateOf = (x: Token): string =>
  x.state === "active" && Date.parse(x.expires) <= now.peek() ? "expired" : x.state;

const columns = (): Column<Token>[] => [
  { key: "name", title: t("ui.token.name"), text: (x) => x.name },
  {
    key: "role",
    title: t("ui.user.role"),
    width: "12rem",
    narrow: true,
    text: (x) => word("ui.role", x.role),
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "12rem",
    narrow: true,
    text: (x) => siteName(x.site),
  },
  {
    key: "agency",
    title: t("ui.agency.one"),
    width: "13rem",
    narrow: true,
    text: (x) => one("agencies", x.agency)?.name,
  },
  {
    key: "expires",
    title: t("ui.token.expires"),
    width: "14rem",
    narrow: true,
    cell: (x) => <Time at={x.expires} withAge={false} />,
    text: (x) => full(x.expires),
    sort: (x) => x.expires,
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "9rem",
    text: (x) => word("ui.token.state", stateOf(x)),
  },
  {
    key: "do",
    fixed: true,
    title: t("ui.waiting.do"),
    width: "7rem",
    cell: (x) =>
      stateOf(x) === "active" && (
        <Button
          kind="plain"
          onClick={() =>
            void attempt(
              () => post(`/tokens/${x.id}/revoke`).then(() => retry("tokens")),
              t("ui.token.revoked", { name: x.name }),
            )
          }
        >
          {t("ui.token.revoke")}
        </Button>
      ),
  },
];

export function Tokens({ tools }: { tools: ComponentChildren }) {
  const load = need("tokens").value;
  const list = rows("tokens")
    .slice()
    .sort(
      (a, b) =>
        Number(stateOf(a) !== "active") - Number(stateOf(b) !== "active") ||
        b.made_at.localeCompare(a.made_at),
    );
  return (
    <List
      name="tokens"
      label={t("ui.tokens")}
      rows={list}
      columns={columns()}
      keyOf={(x) => x.id}
      load={load}
      download="tokens"
      filters={["view"]}
      tools={tools}
      empty={<Empty title={t("ui.tokens.none")}>{t("ui.tokens.none_more")}</Empty>}
    />
  );
}
