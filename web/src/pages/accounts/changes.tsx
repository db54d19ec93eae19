// SPDX-License-Identifier: Apache-2.0
// Changes of rights, open ones first: what, whose, by whom, until when somebody else must have looked.
import type { ComponentChildren } from "preact";
import type { PermissionChange } from "../../api/accounts.ts";
import { post } from "../../api/client.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { mayConfirm } from "../../store/changes.ts";
import { now } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Select, Time } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { actorName, minuteOf, siteName, termText } from "./words.ts";

const detail = (c: PermissionChange): string =>
  [
    c.role && `${word("ui.role", c.role)} (${siteName(c.site)})`,
    c.clearance !== null && t("ui.change.clearance", { n: c.clearance }),
    termText(c.from, c.until, now.value),
    c.reason,
    c.detail && t("ui.change.goes_to", { address: c.detail }),
  ]
    .filter(Boolean)
    .join(" · ");

const by = (c: PermissionChange) =>
  [actorName(c.by, c.by_name), c.also_by && actorName(c.also_by, c.also_by_name)].filter(Boolean).join(", ");
const whose = (c: PermissionChange) => c.name ?? c.user ?? "";

function where(c: PermissionChange): string | null {
  if (c.what.startsWith("coord.")) {
    return `/coord/${c.subject}`;
  }
  return c.user && `/admin/users/${c.user}`;
}

function Whose({ c }: { c: PermissionChange }) {
  const page = where(c);
  return page ? <a href={page}>{whose(c)}</a> : <>{whose(c)}</>;
}

const stateText = (c: PermissionChange): string =>
  c.state === "confirmed"
    ? t("ui.change.confirmed", {
        name: actorName(c.confirmed_by ?? "", c.confirmed_by_name),
        time: minuteOf(c.confirmed_at),
      })
    : t(c.late ? "ui.change.late" : "ui.change.open", { time: minuteOf(c.confirm_by) });

function State({ c }: { c: PermissionChange }) {
  return c.state === "confirmed" ? (
    <span class="dim">{stateText(c)}</span>
  ) : (
    <span>
      <Shape of={c.late ? "attention" : "info"} /> {stateText(c)}
    </span>
  );
}

function Confirm({ c }: { c: PermissionChange }) {
  return mayConfirm(c) ? (
    <Button
      onClick={() =>
        void attempt(() => post(`/permission-changes/${c.id}/confirm`), t("ui.change.confirmed_note"))
      }
    >
      {t("ui.change.confirm")}
    </Button>
  ) : null;
}

// In order of attention: open, then the newest.
const ordered = (list: PermissionChange[]) =>
  list
    .slice()
    .sort((a, b) => Number(a.state !== "open") - Number(b.state !== "open") || b.at.localeCompare(a.at));

export function ChangeLines({ changes }: { changes: PermissionChange[] }) {
  return (
    <ul class="lines changes">
      {ordered(changes).map((c) => (
        <li key={c.id}>
          <div class="grow">
            <b>{word("ui.kind", c.what)}</b> {detail(c)}
            <div class="dim">
              {by(c)} · <Time at={c.at} withAge={false} /> · <State c={c} />
            </div>
          </div>
          <Confirm c={c} />
        </li>
      ))}
    </ul>
  );
}

const columns = (): Column<PermissionChange>[] => [
  {
    key: "what",
    title: t("ui.change.what"),
    cell: (c) => (
      <>
        <b>{word("ui.kind", c.what)}</b> {detail(c)}
      </>
    ),
    text: (c) => `${word("ui.kind", c.what)} ${detail(c)}`,
  },
  {
    key: "whose",
    title: t("ui.change.whose"),
    width: "13rem",
    cell: (c) => <Whose c={c} />,
    text: whose,
  },
  { key: "by", title: t("ui.change.by_whom"), width: "12rem", narrow: true, cell: by, text: by },
  {
    key: "at",
    title: t("ui.change.at"),
    width: "11rem",
    narrow: true,
    cell: (c) => <Time at={c.at} withAge={false} />,
    text: (c) => full(c.at),
    sort: (c) => c.at,
  },
  { key: "state", title: t("ui.state"), width: "20rem", narrow: true, cell: (c) => <State c={c} />, text: stateText },
  { key: "do", fixed: true, title: t("ui.waiting.do"), width: "8rem", cell: (c) => <Confirm c={c} /> },
];

export function Changes({ tools }: { tools: ComponentChildren }) {
  const load = need("permission-changes").value;
  const state = place.value.query.get("state") ?? "";
  const list = ordered(rows("permission-changes")).filter((c) => !state || c.state === state);
  return (
    <List
      name="permission-changes"
      label={t("ui.changes")}
      rows={list}
      columns={columns()}
      keyOf={(c) => c.id}
      load={load}
      paper
      download="permission-changes"
      downloadParams={state ? { state } : undefined}
      filters={["view", "state"]}
      tools={
        <>
          {tools}
          <Select
            label={t("ui.state")}
            value={state}
            none={t("ui.changes.all")}
            onChange={(v) => setQuery({ state: v || null })}
            options={[
              ["open", t("ui.changes.open")],
              ["confirmed", t("ui.changes.confirmed")],
            ]}
          />
        </>
      }
      empty={<Empty title={t("ui.changes.none")}>{t("ui.changes.none_more")}</Empty>}
    />
  );
}
