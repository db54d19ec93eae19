// SPDX-License-Identifier: Apache-2.0
// Danh mục mục tiêu: the official list as it stood on a day, its versions, when it must be reviewed, and the requests
// to change it with the days by which they must be decided. A version is made by a decision and never altered.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { SiteCase, SiteList, SiteListEntry } from "../api/register.ts";
import { dayText, stood, today, typedDay } from "../lib/day.ts";
import { t, word } from "../lib/i18n.ts";
import { place, setQuery } from "../router.ts";
import { may, now } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { DayField } from "../ui/dayfield.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Chip, Empty, Field, Loaded, PageHead, Select } from "../ui/parts.tsx";

const CASE_KINDS = ["entry", "change", "leave", "reappraisal"];
const OUTCOMES = ["accepted", "refused", "withdrawn"];
const DAY_MS = 86_400_000;

export function daysLeft(due: string, nowMs: number): number {
  return Math.round((Date.parse(due) - Date.parse(today(nowMs))) / DAY_MS);
}

export function Due({ due, late }: { due: string | null; late: boolean }) {
  if (!due) {
    return <span class="dim">{t("ui.sitelist.no_term")}</span>;
  }
  const left = daysLeft(due, now.value);
  return late || left < 0 ? (
    <span class="mark attention">
      <Shape of="attention" />
      {t("ui.sitelist.late", { day: dayText(due), n: -left })}
    </span>
  ) : (
    <span>{t("ui.sitelist.due", { day: dayText(due), n: left })}</span>
  );
}

function IssueForm({ current, onClose }: { current?: SiteList; onClose: () => void }) {
  const listed = rows("site-list-entries").filter((e) => e.list === current?.id);
  const [v, setV] = useState({
    number: "",
    dated: "",
    from: "",
    authority: current?.authority ?? "",
    title: "",
    kind: current ? "change" : "issue",
  });
  const [chosen, setChosen] = useState(new Set(listed.map((e) => e.site)));
  const was = new Set(listed.map((e) => e.site));
  const sites = rows("sites")
    .slice()
    .sort((a, b) => a.name.localeCompare(b.name, "vi"));
  const submit = () =>
    post("/site-lists", {
      number: v.number,
      dated: typedDay(v.dated) ?? v.dated,
      valid_from: v.from ? (typedDay(v.from) ?? v.from) : undefined,
      authority: v.authority,
      title: v.title || undefined,
      kind: v.kind,
      ...(v.kind === "issue"
        ? { sites: sites.filter((s) => chosen.has(s.id)).map((s) => s.id) }
        : {
            add: [...chosen].filter((id) => !was.has(id)),
            remove: [...was].filter((id) => !chosen.has(id)),
          }),
    });
  const text = (key: "number" | "authority" | "title", label: string, required: boolean) => (
    <Field label={label} wide={key !== "number"}>
      <input
        type="text"
        required={required}
        maxLength={key === "number" ? 60 : 200}
        value={v[key]}
        onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
      />
    </Field>
  );
  return (
    <FormDialog
      title={t("ui.sitelist.issue")}
      submit={t("ui.sitelist.issue_do")}
      onClose={onClose}
      onSubmit={submit}
    >
      {current && (
        <Field label={t("ui.sitelist.kind_label")}>
          <Select
            value={v.kind}
            onChange={(kind) => setV({ ...v, kind })}
            options={["change", "issue"].map((k) => [k, word("ui.sitelist.kind", k)])}
          />
        </Field>
      )}
      {text("number", t("ui.sitelist.number"), true)}
      <DayField
        label={t("ui.sitelist.dated")}
        value={v.dated}
        required
        onChange={(dated) => setV({ ...v, dated })}
      />
      <DayField
        label={t("ui.sitelist.valid_from")}
        value={v.from}
        help={t("ui.sitelist.valid_from_help")}
        onChange={(from) => setV({ ...v, from })}
      />
      {text("authority", t("ui.sitelist.authority"), true)}
      {text("title", t("ui.sitelist.title"), false)}
      <fieldset class="wide picks">
        <legend>{t("ui.sitelist.sites")}</legend>
        {sites.map((s) => (
          <label key={s.id} class="check">
            <input
              type="checkbox"
              checked={chosen.has(s.id)}
              onChange={(e) => {
                const next = new Set(chosen);
                if (e.currentTarget.checked) {
                  next.add(s.id);
                } else {
                  next.delete(s.id);
                }
                setChosen(next);
              }}
            />
            <span>{s.name}</span>
          </label>
        ))}
        <Basis of="sitelist.issue.sites" />
      </fieldset>
    </FormDialog>
  );
}

function ReviewForm({ list, onClose }: { list: SiteList; onClose: () => void }) {
  const [on, setOn] = useState(dayText(today(now.peek())));
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title={t("ui.sitelist.review_done")}
      submit={t("ui.action.save")}
      onClose={onClose}
      onSubmit={() =>
        post(`/site-lists/${list.id}/review`, { on: typedDay(on) ?? on, note: note || undefined })
      }
    >
      <DayField label={t("ui.sitelist.review_on")} value={on} required onChange={setOn} />
      <Field label={t("ui.note")} wide>
        <input
          type="text"
          maxLength={500}
          value={note}
          onInput={(e) => setNote(e.currentTarget.value)}
        />
      </Field>
      <Basis of="sitelist.review.on" />
    </FormDialog>
  );
}

function CaseForm({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({
    kind: "entry",
    site: "",
    name: "",
    received: dayText(today(now.peek())),
    note: "",
  });
  return (
    <FormDialog
      title={t("ui.case.open")}
      submit={t("ui.action.add")}
      onClose={onClose}
      onSubmit={() =>
        post("/site-cases", {
          kind: v.kind,
          site: v.site || undefined,
          name: v.name || undefined,
          received: typedDay(v.received) ?? v.received,
          note: v.note || undefined,
        })
      }
    >
      <Field label={t("ui.case.kind_label")}>
        <Select
          value={v.kind}
          onChange={(kind) => setV({ ...v, kind })}
          options={CASE_KINDS.map((k) => [k, word("ui.case.kind", k)])}
        />
      </Field>
      <DayField
        label={t("ui.case.received")}
        value={v.received}
        required
        onChange={(received) => setV({ ...v, received })}
      />
      <Field label={t("ui.case.site")}>
        <Select
          value={v.site}
          none={t("ui.case.no_site")}
          onChange={(site) => setV({ ...v, site })}
          options={rows("sites").map((s) => [s.id, s.name])}
        />
      </Field>
      {!v.site && (
        <Field label={t("ui.case.name")}>
          <input
            type="text"
            required
            maxLength={200}
            value={v.name}
            onInput={(e) => setV({ ...v, name: e.currentTarget.value })}
          />
        </Field>
      )}
      <Field label={t("ui.note")} wide>
        <input
          type="text"
          maxLength={1000}
          value={v.note}
          onInput={(e) => setV({ ...v, note: e.currentTarget.value })}
        />
      </Field>
      <Basis of="sitelist.case_open.kind" />
    </FormDialog>
  );
}

function CloseForm({ of, onClose }: { of: SiteCase; onClose: () => void }) {
  const [outcome, setOutcome] = useState("accepted");
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.case.close", { name: of.name })}
      submit={t("ui.case.close_do")}
      onClose={onClose}
      onSubmit={() => post(`/site-cases/${of.id}/close`, { outcome, reason: reason || undefined })}
    >
      <Field label={t("ui.case.outcome_label")}>
        <Select
          value={outcome}
          onChange={setOutcome}
          options={OUTCOMES.map((k) => [k, word("ui.case.outcome", k)])}
        />
      </Field>
      <Field label={t("ui.case.reason")} wide>
        <input
          type="text"
          required={outcome !== "accepted"}
          maxLength={1000}
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

function Cases() {
  const load = need("site-cases").value;
  const [opening, setOpening] = useState(false);
  const [closing, setClosing] = useState<SiteCase | null>(null);
  const list = rows("site-cases")
    .slice()
    .sort(
      (a, b) =>
        a.state.localeCompare(b.state) * -1 || (a.due ?? "9999").localeCompare(b.due ?? "9999"),
    );
  return (
    <section>
      <h2>
        {t("ui.case.title")}
        {may("sites.edit_list") && (
          <Button kind="plain" icon="plus" onClick={() => setOpening(true)}>
            {t("ui.case.open")}
          </Button>
        )}
      </h2>
      <Loaded load={load} lines={3}>
        {() =>
          list.length === 0 ? (
            <p class="dim">{t("ui.case.none")}</p>
          ) : (
            <ul class="lines">
              {list.map((c) => (
                <li key={c.id}>
                  <b>{c.name}</b>
                  <span class="dim">{word("ui.case.kind", c.kind)}</span>
                  <span class="dim">{t("ui.case.received_on", { day: dayText(c.received) })}</span>
                  {c.state === "open" ? (
                    <Due due={c.due} late={c.late} />
                  ) : (
                    <Chip>
                      {word("ui.case.outcome", c.outcome)} · {dayText(c.closed_on)}
                    </Chip>
                  )}
                  {c.note && <span class="dim">{c.note}</span>}
                  {c.reason && <span class="dim">{c.reason}</span>}
                  {c.state === "open" && c.ref && <Basis refs={[c.ref]} />}
                  {c.state === "open" && may("sites.edit_list") && (
                    <Button kind="plain" onClick={() => setClosing(c)}>
                      {t("ui.case.close_do")}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {opening && <CaseForm onClose={() => setOpening(false)} />}
      {closing && <CloseForm of={closing} onClose={() => setClosing(null)} />}
    </section>
  );
}

function Entries({ entries }: { entries: SiteListEntry[] }) {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col" class="num">
            {t("ui.sitelist.rank")}
          </th>
          <th scope="col">{t("ui.site.name")}</th>
          <th scope="col">{t("ui.site.ground")}</th>
          <th scope="col" class="wide-only">
            {t("ui.site.field")}
          </th>
          <th scope="col" class="wide-only">
            {t("ui.site.agency")}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((e) => (
          <tr key={e.id}>
            <td class="num">{e.rank}</td>
            <td>
              <a href={`/sites/${e.site}`}>{e.name}</a>
            </td>
            <td>{word("ui.site.ground", e.ground)}</td>
            <td class="wide-only">{word("ui.site.field", e.field)}</td>
            <td class="wide-only">{one("sites", e.site)?.agency_name ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Version({ list, on }: { list: SiteList; on: string }) {
  const [reviewing, setReviewing] = useState(false);
  const entries = rows("site-list-entries")
    .filter((e) => e.list === list.id)
    .sort((a, b) => a.rank - b.rank);
  return (
    <section class="version">
      <h2>
        {t("ui.sitelist.decision", { number: list.number, day: dayText(list.dated) })}
        {list.valid_to && (
          <Chip>{t("ui.sitelist.superseded", { day: dayText(list.valid_to) })}</Chip>
        )}
      </h2>
      <p>
        {list.title && <>{list.title}. </>}
        <span class="dim">
          {list.authority} · {word("ui.sitelist.kind", list.kind)} ·{" "}
          {t("ui.sitelist.since", { day: dayText(list.valid_from) })}
        </span>
      </p>
      {!list.valid_to && (
        <p class="row review">
          <span>{t("ui.sitelist.review")}</span>
          <Due due={list.review_due} late={list.review_late} />
          {list.reviewed_on && (
            <span class="dim">{t("ui.sitelist.reviewed", { day: dayText(list.reviewed_on) })}</span>
          )}
          {may("sites.edit_list") && (
            <Button onClick={() => setReviewing(true)}>{t("ui.sitelist.review_done")}</Button>
          )}
          <Basis refs={[list.review_ref]} />
        </p>
      )}
      {on !== today(now.value) && (
        <p class="dim">
          {t("ui.sitelist.stood", {
            day: dayText(on),
            n: entries.length,
          })}
        </p>
      )}
      <Entries entries={entries} />
      {reviewing && <ReviewForm list={list} onClose={() => setReviewing(false)} />}
    </section>
  );
}

export function SiteListPage() {
  const q = place.value.query;
  const load = [need("site-lists").value, need("site-list-entries").value];
  const [issuing, setIssuing] = useState(false);
  const [day, setDay] = useState("");
  const lists = rows("site-lists")
    .slice()
    .sort((a, b) => b.valid_from.localeCompare(a.valid_from));
  const on = typedDay(day) ?? today(now.value);
  const chosen = typedDay(day)
    ? lists.find((l) => stood(l, on))
    : (lists.find((l) => l.id === q.get("version")) ?? lists[0]);
  return (
    <div class="page sitelist">
      <PageHead title={t("ui.nav.sitelist")} sub={t("ui.sitelist.about")}>
        <a class="button" href="/sites">
          {t("ui.sitelist.to_sites")}
        </a>
        {may("sites.edit_list") && (
          <Button kind="primary" onClick={() => setIssuing(true)}>
            {t("ui.sitelist.issue")}
          </Button>
        )}
      </PageHead>
      <div class="toolbar">
        <Field label={t("ui.sitelist.version")}>
          <Select
            value={chosen?.id ?? ""}
            onChange={(id) => {
              setDay("");
              setQuery({ version: id });
            }}
            options={lists.map((l) => [
              l.id,
              t("ui.sitelist.decision", { number: l.number, day: dayText(l.dated) }),
            ])}
          />
        </Field>
        <DayField label={t("ui.sitelist.on")} value={day} onChange={setDay} />
      </div>
      <Loaded load={load} lines={10}>
        {() =>
          chosen ? (
            <Version list={chosen} on={on} />
          ) : (
            <Empty title={lists.length ? t("ui.sitelist.none_then") : t("ui.sitelist.none")}>
              {t("ui.sitelist.none_more")}
            </Empty>
          )
        }
      </Loaded>
      <Cases />
      {issuing && (
        <IssueForm current={lists.find((l) => !l.valid_to)} onClose={() => setIssuing(false)} />
      )}
    </div>
  );
}
