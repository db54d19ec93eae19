// SPDX-License-Identifier: Apache-2.0
// The dossier of a site: what is missing first, then every heading with its statements in order of time, each with
// its day, its source and who confirmed it. Only what the reader may read is counted and shown.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api/client.ts";
import type { DossierItem, DossierScore, Statement, Verdict } from "../api/register.ts";
import { dayText, today, typedDay } from "../lib/day.ts";
import { t, word } from "../lib/i18n.ts";
import { may, now, session } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { DayField } from "../ui/dayfield.tsx";
import { FormDialog, useCommand } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Chip, Field, Loaded, Select, Time } from "../ui/parts.tsx";
import { Level, levelText, TermOf } from "./documents/parts.tsx";

const SOURCES = ["survey", "document", "host", "patrol", "inspection", "incident", "other"];
const LEVELS = ["normal", "mat", "toi_mat", "tuyet_mat"]; // in the order of levelText
const SHAPES = {
  missing: "attention",
  stale: "unknown",
  unverified: "info",
  good: "normal",
} as const satisfies Record<Verdict, string>;
const TABS: Record<string, string> = {
  central_post: "posts",
  overlook: "posts",
  gates: "overview",
  zones: "zones",
  corridor: "zones",
  drawings: "drawings",
  assembly: "posts",
  patrol_points: "posts",
  sources: "sources",
  supervised_sources: "sources",
  contacts: "contacts",
};
export const mayEdit = () => may("sites.edit") || may("sites.edit_own");

export function useDossier(site: string, tick: unknown): DossierScore | null {
  const [d, setD] = useState<DossierScore | null>(null);
  useEffect(() => {
    let alive = true;
    get<DossierScore>(`/sites/${site}/dossier`).then(
      (x) => alive && setD(x),
      () => alive && setD(null),
    );
    return () => {
      alive = false;
    };
  }, [site, tick]);
  return d;
}

export const itemName = (i: DossierItem): string =>
  i.part === "heading" ? word("ui.dossier.heading", i.item) : word("ui.dossier.item", i.item);

export function Verdicts({ of }: { of: Verdict }) {
  return (
    <span class={`mark ${SHAPES[of]}`}>
      <Shape of={SHAPES[of]} />
      {word("ui.dossier.state", of)}
    </span>
  );
}

function StateForm(props: {
  site: string;
  heading: string;
  headings: string[];
  supersedes?: Statement;
  onClose: () => void;
}) {
  const [v, setV] = useState({
    heading: props.heading,
    text: props.supersedes?.text ?? "",
    source_kind: "survey",
    source: "",
    as_of: dayText(today(now.peek())),
    secrecy: props.supersedes?.secrecy ?? "normal",
    until: "",
  });
  return (
    <FormDialog
      title={props.supersedes ? t("ui.dossier.replace") : t("ui.dossier.add")}
      submit={t("ui.action.save")}
      onClose={props.onClose}
      onSubmit={() =>
        post("/statements", {
          ...v,
          site: props.site,
          as_of: typedDay(v.as_of) ?? v.as_of,
          until: (v.secrecy !== "normal" && typedDay(v.until)) || undefined,
          supersedes: props.supersedes?.id,
        })
      }
    >
      {!props.supersedes && (
        <Field label={t("ui.dossier.heading_label")}>
          <Select
            value={v.heading}
            onChange={(heading) => setV({ ...v, heading })}
            options={props.headings.map((h) => [h, word("ui.dossier.heading", h)])}
          />
        </Field>
      )}
      <DayField
        label={t("ui.dossier.as_of")}
        help={t("ui.dossier.as_of_help")}
        value={v.as_of}
        required
        onChange={(as_of) => setV({ ...v, as_of })}
      />
      <Field label={t("ui.dossier.text")} help={t("ui.dossier.text_help")} wide>
        <textarea
          rows={5}
          required
          maxLength={4000}
          value={v.text}
          onInput={(e) => setV({ ...v, text: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.dossier.source_kind")}>
        <Select
          value={v.source_kind}
          onChange={(source_kind) => setV({ ...v, source_kind })}
          options={SOURCES.map((s) => [s, word("ui.dossier.source", s)])}
        />
      </Field>
      <Field label={t("ui.dossier.source_label")} help={t("ui.dossier.source_help")}>
        <input
          type="text"
          required
          maxLength={200}
          value={v.source}
          onInput={(e) => setV({ ...v, source: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.documents.level")}>
        <Select
          value={v.secrecy}
          onChange={(secrecy) => setV({ ...v, secrecy })}
          options={LEVELS.map((l, n) => [l, levelText(n)])}
        />
      </Field>
      {v.secrecy !== "normal" && (
        <DayField
          label={t("ui.documents.until")}
          help={t("ui.dossier.until_help")}
          value={v.until}
          onChange={(until) => setV({ ...v, until })}
        />
      )}
      <Basis of="dossier.state.as_of" />
    </FormDialog>
  );
}

function WithdrawForm({ of, onClose }: { of: Statement; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.dossier.withdraw")}
      submit={t("ui.dossier.withdraw")}
      onClose={onClose}
      onSubmit={() => post(`/statements/${of.id}/withdraw`, { reason })}
    >
      <Field label={t("ui.dossier.reason")} wide>
        <input
          type="text"
          required
          maxLength={500}
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

function ProlongForm({ of, onClose }: { of: Statement; onClose: () => void }) {
  const [v, setV] = useState({ until: "", reason: "" });
  return (
    <FormDialog
      title={t("ui.dossier.prolong")}
      submit={t("ui.documents.prolong")}
      disabled={!typedDay(v.until)}
      onClose={onClose}
      onSubmit={() => post(`/statements/${of.id}/prolong`, { until: typedDay(v.until), reason: v.reason })}
    >
      <DayField
        label={t("ui.documents.prolong_until")}
        required
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
      <Field label={t("ui.dossier.reason")} wide>
        <input
          type="text"
          required
          maxLength={500}
          value={v.reason}
          onInput={(e) => setV({ ...v, reason: e.currentTarget.value })}
        />
      </Field>
      <Basis of="dossier.prolong.until" />
    </FormDialog>
  );
}

function One({ s, onReplace }: { s: Statement; onReplace: () => void }) {
  const [state, run] = useCommand();
  const [withdrawing, setWithdrawing] = useState(false);
  const [prolonging, setProlonging] = useState(false);
  const level = LEVELS.indexOf(s.secrecy);
  const mine = s.stated_by !== null && s.stated_by === session.value?.user.id;
  return (
    <li class={s.state}>
      <p>{s.text}</p>
      <p class="dim">
        <b>{t("ui.dossier.of_day", { day: dayText(s.as_of) })}</b> ·{" "}
        {word("ui.dossier.source", s.source_kind)}: {s.source} · {s.agency_name ?? "–"} ·{" "}
        {t("ui.dossier.stated")} {s.stated_by_name ?? ""} <Time at={s.stated_at} withAge={false} />
        {s.verified_at && (
          <>
            {" · "}
            {t("ui.dossier.verified")} {s.verified_by_name ?? ""}{" "}
            <Time at={s.verified_at} withAge={false} />
          </>
        )}
      </p>
      {level > 0 && (
        <p>
          <Level n={level} /> {s.state === "current" && <TermOf d={s} />}
        </p>
      )}
      {s.state !== "current" && (
        <Chip>
          {word("ui.dossier.statement", s.state)}
          {s.reason && `: ${s.reason}`}
        </Chip>
      )}
      {state.error && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      {s.state === "current" && mayEdit() && (
        <div class="row">
          {!s.verified_at && !mine && (
            <Button
              busy={state.busy}
              onClick={() => void run(() => post(`/statements/${s.id}/verify`))}
            >
              {t("ui.dossier.verify")}
            </Button>
          )}
          <Button kind="plain" onClick={onReplace}>
            {t("ui.dossier.replace")}
          </Button>
          {level > 0 && s.until && (
            <Button kind="plain" onClick={() => setProlonging(true)}>
              {t("ui.documents.prolong")}
            </Button>
          )}
          <Button kind="plain" onClick={() => setWithdrawing(true)}>
            {t("ui.dossier.withdraw")}
          </Button>
        </div>
      )}
      {prolonging && <ProlongForm of={s} onClose={() => setProlonging(false)} />}
      {withdrawing && <WithdrawForm of={s} onClose={() => setWithdrawing(false)} />}
    </li>
  );
}

function Heading(props: {
  item: DossierItem;
  list: Statement[];
  onAdd: () => void;
  onReplace: (s: Statement) => void;
}) {
  const current = props.list.filter((s) => s.state === "current");
  const past = props.list.filter((s) => s.state !== "current");
  const show = (s: Statement) => <One key={s.id} s={s} onReplace={() => props.onReplace(s)} />;
  return (
    <section class="heading" id={`h-${props.item.item}`}>
      <h3>
        {itemName(props.item)}
        <Verdicts of={props.item.state} />
        {props.item.stale_on && props.item.state !== "stale" && (
          <span class="dim">{t("ui.dossier.stale_on", { day: dayText(props.item.stale_on) })}</span>
        )}
        {mayEdit() && (
          <Button kind="plain" icon="plus" onClick={props.onAdd}>
            {t("ui.action.add")}
          </Button>
        )}
      </h3>
      {current.length > 0 && <ul class="statements">{current.map(show)}</ul>}
      {past.length > 0 && (
        <details>
          <summary>{t("ui.dossier.history", { n: past.length })}</summary>
          <ul class="statements">{past.map(show)}</ul>
        </details>
      )}
    </section>
  );
}

export function DossierTab({ site }: { site: string }) {
  const load = need("statements", { site }).value;
  const list = rows("statements")
    .filter((s) => s.site === site)
    .sort((a, b) => b.as_of.localeCompare(a.as_of) || b.stated_at.localeCompare(a.stated_at));
  const d = useDossier(site, list);
  const [adding, setAdding] = useState<{
    heading: string;
    old?: Statement;
  } | null>(null);
  const headings = d?.items.filter((i) => i.part === "heading") ?? [];
  const open = d?.items.filter((i) => i.state !== "good") ?? [];
  return (
    <Loaded load={load} lines={10}>
      {() =>
        d && (
          <div class="dossier-tab">
            <section class="dossier">
              <h2>
                {t("ui.dossier.title")}{" "}
                <span class="num">{t("ui.dossier.score", { n: d.score })}</span>
              </h2>
              <p class="dim">{t("ui.dossier.own_only")}</p>
              <Basis of="dossier.state.heading" />
              {open.length === 0 ? (
                <p>{t("ui.dossier.full")}</p>
              ) : (
                <ul class="todo">
                  {open.map((i) => (
                    <li key={i.item}>
                      <Verdicts of={i.state} />{" "}
                      <a
                        href={
                          i.part === "heading"
                            ? `#h-${i.item}`
                            : `/sites/${site}?view=${TABS[i.item] ?? ""}`
                        }
                        onClick={(e) => {
                          if (i.part === "heading") {
                            e.preventDefault();
                            document.getElementById(`h-${i.item}`)?.scrollIntoView();
                          }
                        }}
                      >
                        {itemName(i)}
                      </a>
                      {i.as_of && <span class="dim"> {dayText(i.as_of)}</span>}
                    </li>
                  ))}
                </ul>
              )}
            </section>
            {headings.map((h) => (
              <Heading
                key={h.item}
                item={h}
                list={list.filter((s) => s.heading === h.item)}
                onAdd={() => setAdding({ heading: h.item })}
                onReplace={(old) => setAdding({ heading: h.item, old })}
              />
            ))}
            {adding && (
              <StateForm
                site={site}
                heading={adding.heading}
                headings={headings.map((h) => h.item)}
                supersedes={adding.old}
                onClose={() => setAdding(null)}
              />
            )}
          </div>
        )
      }
    </Loaded>
  );
}
