// SPDX-License-Identifier: Apache-2.0
// Vụ việc: the list, and the dialog that opens a new one (from nothing, or from an alert).
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Alert, Incident, Level } from "../api/types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { LEVEL_RANK } from "../lib/urgency.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { useDraft } from "../store/draft.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import {
  Button,
  Empty,
  Field,
  Filters,
  LevelMark,
  PageHead,
  Select,
  Time,
} from "../ui/parts.tsx";
import { say } from "../ui/toast.tsx";
import { Basis } from "../ui/basis.tsx";
import { SiteField, SiteFilter } from "../ui/fields.tsx";
import { List, type Column } from "../ui/list.tsx";

const LEVELS: Level[] = ["critical", "high", "medium", "low"];

export function NewIncident({ alert, onClose }: { alert?: Alert; onClose: () => void }) {
  need("situations");
  const [v, set, clear] = useDraft(`incident.${alert?.id ?? "new"}`, {
    site: alert?.site ?? "",
    situation: alert?.situation ?? "",
    title: alert ? pick(alert, "title") : "",
    level: alert?.level ?? ("medium" as string),
  });
  const [busyId] = useState({ id: "" });
  const submit = async () => {
    const answer = alert
      ? await post<{ id: string; incident?: string }>(`/alerts/${alert.id}/open-incident`, {
          situation: v.situation || undefined,
          title: v.title || undefined,
        })
      : await post<{ id: string; incident?: string }>("/incidents", {
          site: v.site,
          situation: v.situation,
          title: v.title || undefined,
          level: v.level,
        });
    busyId.id = answer.incident ?? answer.id;
    clear();
    say(t("ui.incident.opened_note"));
    if (busyId.id && busyId.id !== alert?.id) {
      go(`/incidents/${busyId.id}`);
    }
  };
  const situations = rows("situations");
  const options = (group: string): [string, string][] =>
    situations
      .filter((s) => (s.group === "act11") === (group === "act11"))
      .map((s) => [s.id, pick(s, "title")]);
  return (
    <FormDialog
      title={alert ? t("ui.incident.new_from", { number: alert.number }) : t("ui.incident.new")}
      submit={t("ui.incident.open_do")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!alert && (
        <SiteField wide required value={v.site} onChange={(site) => set({ site })} />
      )}
      <div class="wide">
        <Field
          label={t("ui.incident.situation")}
          help={v.situation ? undefined : t("ui.incident.situation_help")}
        >
          <select
            value={v.situation}
            required={!alert}
            onChange={(e) => set({ situation: e.currentTarget.value })}
          >
            <option value="">{t("ui.choose")}</option>
            <optgroup label={t("ui.situation.act11")}>
              {options("act11").map(([id, text]) => (
                <option key={id} value={id}>
                  {text}
                </option>
              ))}
            </optgroup>
            <optgroup label={t("ui.situation.plan")}>
              {options("plan").map(([id, text]) => (
                <option key={id} value={id}>
                  {text}
                </option>
              ))}
            </optgroup>
          </select>
        </Field>
        <Basis of={`situation.${v.situation}`} />
      </div>
      <Field label={t("ui.incident.title")} wide>
        <input
          type="text"
          maxLength={200}
          value={v.title}
          onInput={(e) => set({ title: e.currentTarget.value })}
        />
      </Field>
      {!alert && (
        <Field label={t("ui.incident.level")}>
          <Select
            value={v.level}
            onChange={(level) => set({ level })}
            options={LEVELS.map((l) => [l, word("ui.level", l)])}
          />
        </Field>
      )}
    </FormDialog>
  );
}

const columns = (): Column<Incident>[] => [
  {
    key: "number",
    title: t("ui.number"),
    width: "11rem",
    cell: (i) => (
      <a class="num" href={`/incidents/${i.id}`}>
        {i.number}
      </a>
    ),
    text: (i) => i.number,
  },
  {
    key: "level",
    title: t("ui.incident.level"),
    width: "9rem",
    cell: (i) =>
      i.state === "open" ? (
        <LevelMark level={i.level} />
      ) : (
        <span class="dim">{word("ui.level", i.level)}</span>
      ),
    text: (i) => word("ui.level", i.level),
    sort: (i) => LEVEL_RANK[i.level],
  },
  { key: "title", title: t("ui.incident.title"), text: (i) => i.title },
  {
    key: "situation",
    title: t("ui.incident.situation"),
    width: "15rem",
    narrow: true,
    text: (i) => pick(i, "situation"),
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "15rem",
    narrow: true,
    text: (i) => i.site_name,
  },
  {
    key: "opened",
    title: t("ui.incident.opened"),
    width: "13rem",
    narrow: true,
    cell: (i) => <Time at={i.opened_at} />,
    text: (i) => full(i.opened_at),
    sort: (i) => i.opened_at,
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "8rem",
    text: (i) => word("ui.incident.state", i.state),
  },
];

export function IncidentsPage() {
  const q = place.value.query;
  const state = q.get("state") ?? "open";
  const site = q.get("site") ?? "";
  const load = need("incidents", state === "all" ? {} : { state }).value;
  const [adding, setAdding] = useState(false);
  const list = rows("incidents")
    .filter((i) => (state === "all" || i.state === state) && (!site || i.site === site))
    .sort(
      (a, b) =>
        (state === "open" ? LEVEL_RANK[b.level] - LEVEL_RANK[a.level] : 0) ||
        b.opened_at.localeCompare(a.opened_at),
    );
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.incidents")}>
        {may("desk.open") && (
          <Button kind="primary" keys="N" onClick={() => setAdding(true)}>
            {t("ui.incident.new")}
          </Button>
        )}
      </PageHead>
      <List
        name="incidents"
        label={t("ui.nav.incidents")}
        rows={list}
        columns={columns()}
        keyOf={(i) => i.id}
        load={load}
        total={site ? undefined : load.total}
        onOpen={(i) => go(`/incidents/${i.id}`)}
        download="incidents"
        downloadParams={{ ...(site ? { site } : {}), ...(state === "all" ? {} : { state }) }}
        filters={["state", "site"]}
        tools={
          <>
            <Filters
              name={t("ui.state")}
              value={state}
              onChange={(v) => setQuery({ state: v === "open" ? null : v })}
              options={["open", "closed", "all"].map((s) => [s, t(`ui.incidents.filter.${s}`)])}
            />
            <SiteFilter value={site} />
          </>
        }
        empty={
          <Empty title={state === "open" ? t("ui.incidents.none_open") : t("ui.incidents.none")}>
            {t("ui.incidents.none_more")}
          </Empty>
        }
      />
      {adding && <NewIncident onClose={() => setAdding(false)} />}
    </div>
  );
}
