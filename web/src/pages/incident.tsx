// SPDX-License-Identifier: Apache-2.0
// One vụ việc: what and how long (head), the log and a note (left), tasks and alerts (right), the closing record.
import { useState } from "preact/hooks";
import { download, post } from "../api/client.ts";
import type { Incident, LogEntry, Task } from "../api/types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { clock, full, running } from "../lib/time.ts";
import { may, mayOf, now } from "../store/session.ts";
import { useDraft } from "../store/draft.ts";
import { need, needOne, one, rows } from "../store/store.ts";
import { Dialog, Form, FormDialog } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import { Basis } from "../ui/basis.tsx";
import {
  Button,
  Choices,
  Empty,
  Facts,
  Field,
  LevelMark,
  Loaded,
  Time,
  TimeField,
  typedTime,
} from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { AlertBody, alertState } from "./desk/detail.tsx";
import { NotFoundPage } from "./notfound.tsx";

const FOUND_BY = ["sensor", "guard", "staff", "public", "patrol", "other"];
const HARM = ["none", "property", "injury", "death", "unknown"];

// What the system wrote by itself says which event it was; people's lines have their own text.
function logText(e: LogEntry): string {
  const d = (e.data ?? {}) as Record<string, unknown>;
  const part = (k: string) => (typeof d[k] === "string" ? (d[k] as string) : "");
  return [
    part("event") && word("ui.kind", part("event")),
    part("alert_number"),
    part("title"),
    part("assignee"),
    part("note") || part("reason"),
    e.text,
  ]
    .filter(Boolean)
    .join(" · ");
}

function Log({ i }: { i: Incident }) {
  const load = need("incident-log", { incident: i.id }).value;
  const [v, set, clear] = useDraft(`note.${i.id}`, { text: "", kind: "note" });
  const list = rows("incident-log")
    .filter((e) => e.incident === i.id)
    .sort((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
  const line = (e: LogEntry) => (
    <li key={e.id} class={e.kind}>
      <time title={full(e.at)}>{clock(e.at)}</time>
      <div>
        <b>{word("ui.log.kind", e.kind)}</b>
        {e.by_name && <span class="dim"> · {e.by_name}</span>}
        {logText(e) && <p>{logText(e)}</p>}
      </div>
    </li>
  );
  return (
    <section class="log">
      <h2>{t("ui.incident.log")}</h2>
      <Basis of="part.log" />
      {i.state === "open" && may("desk.log") && (
        <Form
          submit={t("ui.incident.note_add")}
          disabled={!v.text.trim()}
          onSubmit={() => post(`/incidents/${i.id}/log`, v)}
          onDone={clear}
        >
          <Field label={t("ui.incident.note")} wide>
            <textarea
              rows={2}
              value={v.text}
              placeholder={t("ui.incident.note_hint")}
              onInput={(e) => set({ text: e.currentTarget.value })}
              onKeyDown={(e) => {
                if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
                  e.currentTarget.form?.requestSubmit();
                }
              }}
            />
          </Field>
          <Choices
            name="kind"
            legend={t("ui.log.kind_of")}
            value={v.kind}
            onChange={(kind) => set({ kind })}
            options={["note", "call"].map((k) => [k, word("ui.log.kind", k)])}
          />
        </Form>
      )}
      <Loaded load={load} lines={6}>
        {() =>
          list.length ? (
            <ol class="log-list">{list.map(line)}</ol>
          ) : (
            <p class="dim">{t("ui.incident.log_none")}</p>
          )
        }
      </Loaded>
    </section>
  );
}

function TaskLine({ x }: { x: Task }) {
  const late =
    x.overdue || (x.state === "open" && x.due_at !== null && Date.parse(x.due_at) < now.value);
  return (
    <li class={x.state}>
      <div>
        <span class="name">{x.title}</span>
        <span class="dim">{[x.assignee, x.done_by_name].filter(Boolean).join(" · ")}</span>
      </div>
      {x.state === "open" ? (
        <>
          {x.due_at && (
            <span class={`mark ${late ? "attention" : ""}`}>
              {late && <Shape of="attention" />}
              {late ? t("ui.task.late") : t("ui.task.due")} <Time at={x.due_at} withAge={false} />
            </span>
          )}
          {may("tasks.done") && (
            <Button
              onClick={() =>
                void attempt(() => post(`/tasks/${x.id}/done`), t("ui.task.done_note"))
              }
            >
              {t("ui.task.done")}
            </Button>
          )}
        </>
      ) : (
        <span class="dim">
          {word("ui.task.state", x.state)} <Time at={x.done_at} withAge={false} />
        </span>
      )}
    </li>
  );
}

function Tasks({ i }: { i: Incident }) {
  const load = need("tasks", { incident: i.id }).value;
  const [adding, setAdding] = useState(false);
  const [v, set] = useState({ title: "", assignee: "", due: "" });
  const list = rows("tasks")
    .filter((x) => x.incident === i.id)
    .sort(
      (a, b) =>
        Number(a.state !== "open") - Number(b.state !== "open") ||
        (a.due_at ?? "9").localeCompare(b.due_at ?? "9"),
    );
  return (
    <section>
      <h2>
        {t("ui.incident.tasks")}
        {i.state === "open" && may("desk.task") && (
          <Button kind="plain" icon="plus" onClick={() => setAdding(true)}>
            {t("ui.task.add")}
          </Button>
        )}
      </h2>
      <Loaded load={load} lines={3}>
        {() =>
          list.length ? (
            <ul class="tasks">
              {list.map((x) => (
                <TaskLine key={x.id} x={x} />
              ))}
            </ul>
          ) : (
            <p class="dim">{t("ui.incident.tasks_none")}</p>
          )
        }
      </Loaded>
      {adding && (
        <FormDialog
          title={t("ui.task.add")}
          submit={t("ui.task.add")}
          onClose={() => setAdding(false)}
          onSubmit={() =>
            post(`/incidents/${i.id}/tasks`, {
              title: v.title,
              assignee: v.assignee || undefined,
              due_at: typedTime(v.due),
            })
          }
        >
          <Field label={t("ui.task.title")} wide>
            <input
              type="text"
              required
              maxLength={200}
              value={v.title}
              onInput={(e) => set({ ...v, title: e.currentTarget.value })}
            />
          </Field>
          <Field label={t("ui.task.assignee")}>
            <input
              type="text"
              maxLength={100}
              value={v.assignee}
              onInput={(e) => set({ ...v, assignee: e.currentTarget.value })}
            />
          </Field>
          <TimeField
            label={t("ui.task.due")}
            value={v.due}
            onChange={(due) => set({ ...v, due })}
          />
        </FormDialog>
      )}
    </section>
  );
}

function CloseIncident({ i, onClose }: { i: Incident; onClose: () => void }) {
  const [v, set, clear] = useDraft(`close.${i.id}`, {
    first_sign: i.first_sign ?? "",
    first_sign_at: full(i.first_sign_at ?? i.opened_at),
    found_by: "",
    surprise: "",
    harm: "",
    summary: "",
  });
  const ready =
    typedTime(v.first_sign_at) &&
    v.first_sign.trim() &&
    v.found_by &&
    v.surprise &&
    v.harm &&
    v.summary.trim();
  return (
    <Dialog title={t("ui.close.title", { number: i.number })} onClose={onClose} class="wide">
      <p class="dim">{t("ui.close.help")}</p>
      <Form
        submit={t("ui.close.do")}
        disabled={!ready}
        onCancel={onClose}
        onDone={() => {
          clear();
          onClose();
        }}
        onSubmit={() =>
          post(`/incidents/${i.id}/close`, {
            first_sign: v.first_sign,
            first_sign_at: typedTime(v.first_sign_at),
            found_by: v.found_by,
            surprise: v.surprise === "yes",
            harm: v.harm,
            summary: v.summary,
          })
        }
      >
        <Field label={t("ui.close.first_sign")} help={t("ui.close.first_sign_help")} wide>
          <input
            type="text"
            maxLength={300}
            value={v.first_sign}
            onInput={(e) => set({ first_sign: e.currentTarget.value })}
          />
        </Field>
        <TimeField
          label={t("ui.close.first_sign_at")}
          value={v.first_sign_at}
          onChange={(first_sign_at) => set({ first_sign_at })}
        />
        <Choices
          name="found"
          legend={t("ui.close.found_by")}
          value={v.found_by}
          onChange={(found_by) => set({ found_by })}
          options={FOUND_BY.map((x) => [x, word("ui.found_by", x)])}
        />
        <Choices
          name="surprise"
          legend={t("ui.close.surprise")}
          value={v.surprise}
          onChange={(surprise) => set({ surprise })}
          options={[
            ["no", t("ui.close.surprise_no")],
            ["yes", t("ui.close.surprise_yes")],
          ]}
        />
        <Choices
          name="harm"
          legend={t("ui.close.harm")}
          value={v.harm}
          onChange={(harm) => set({ harm })}
          options={HARM.map((x) => [x, word("ui.harm", x)])}
        />
        <Field label={t("ui.close.summary")} wide>
          <textarea
            rows={4}
            value={v.summary}
            onInput={(e) => set({ summary: e.currentTarget.value })}
          />
        </Field>
        {!ready && <p class="dim">{t("ui.close.not_ready")}</p>}
      </Form>
    </Dialog>
  );
}

function Reopen({ i, onClose }: { i: Incident; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.reopen.title", { number: i.number })}
      submit={t("ui.reopen.do")}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={() => post(`/incidents/${i.id}/reopen`, { reason })}
    >
      <Field label={t("ui.reason")} wide>
        <textarea
          rows={3}
          required
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

function TakeEvidence({ i, onClose }: { i: Incident; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.evidence.title", { number: i.number })}
      submit={t("ui.evidence.make")}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={() => download(`/incidents/${i.id}/evidence`, { reason })}
    >
      <p class="dim">{t("ui.evidence.help")}</p>
      <Field label={t("ui.reason")} wide>
        <textarea
          rows={2}
          required
          maxLength={300}
          value={reason}
          placeholder={t("ui.evidence.reason_hint")}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function IncidentPage({ id }: { id: string }) {
  const i = one("incidents", id);
  const load = i ? null : needOne("incidents", id).value;
  const alertsLoad = need("alerts", { incident: id }).value;
  const [open, setOpen] = useState<"close" | "reopen" | "evidence" | null>(null);
  if (!i) {
    return load?.error?.status === 404 ? (
      <NotFoundPage what={t("ui.incident.missing")} />
    ) : (
      <div class="page">
        <Loaded load={load!} lines={10}>
          {() => null}
        </Loaded>
      </div>
    );
  }
  const alerts = rows("alerts")
    .filter((a) => a.incident === id)
    .sort((a, b) => a.raised_at.localeCompare(b.raised_at));
  const run = running(i.opened_at, i.closed_at ? Date.parse(i.closed_at) : now.value);
  return (
    <div class="page incident">
      <header class={`incident-head ${i.state}`}>
        <div>
          <p class="line1">
            <a href="/incidents">{t("ui.nav.incidents")}</a> / <b class="num">{i.number}</b>{" "}
            <LevelMark level={i.level} /> <span>{word("ui.incident.state", i.state)}</span>
          </p>
          <h1>{i.title}</h1>
          <p>
            {pick(i, "situation") && <>{pick(i, "situation")} · </>}
            <a href={`/?site=${i.site}&incident=${i.id}`}>{i.site_name}</a>{" "}
            <Basis of={`situation.${i.situation}`} />
          </p>
        </div>
        <div class="clockbox">
          <span class="run num">
            {run.days > 0 && `${t("ui.days", { n: run.days })} `}
            {run.text}
          </span>
          <span class="dim">
            {i.state === "open" ? t("ui.incident.since") : t("ui.incident.took")}{" "}
            <Time at={i.opened_at} withAge={false} />
          </span>
        </div>
        <div class="tools">
          {i.state === "open" && may("desk.close") && (
            <Button kind="primary" onClick={() => setOpen("close")}>
              {t("ui.close.do")}
            </Button>
          )}
          {i.state === "closed" && may("desk.reopen") && (
            <Button onClick={() => setOpen("reopen")}>{t("ui.reopen.do")}</Button>
          )}
          {mayOf("evidence.make", i.agency) && (
            <Button onClick={() => setOpen("evidence")}>{t("ui.evidence.make")}</Button>
          )}
          <Button onClick={() => print()}>{t("ui.action.print")}</Button>
        </div>
      </header>
      {i.state === "closed" && (
        <section class="closing">
          <h2>{t("ui.close.record")}</h2>
          <Facts
            rows={[
              [
                t("ui.close.first_sign"),
                <>
                  {i.first_sign} {i.first_sign_at && <Time at={i.first_sign_at} withAge={false} />}
                </>,
              ],
              [t("ui.close.found_by"), word("ui.found_by", i.found_by)],
              [
                t("ui.close.surprise"),
                i.surprise === null
                  ? null
                  : t(i.surprise ? "ui.close.surprise_yes" : "ui.close.surprise_no"),
              ],
              [t("ui.close.harm"), word("ui.harm", i.harm)],
              [t("ui.close.summary"), i.summary],
              [
                t("ui.close.by"),
                <>
                  {i.closed_by_name} · <Time at={i.closed_at} withAge={false} />
                </>,
              ],
            ]}
          />
        </section>
      )}
      <div class="columns">
        <Log i={i} />
        <div>
          <Tasks i={i} />
          <section>
            <h2>{t("ui.incident.alerts")}</h2>
            <Loaded load={alertsLoad} lines={3}>
              {() =>
                alerts.length ? (
                  alerts.map((a, n) => (
                    <details key={a.id} class="alert-fold" open={n === 0}>
                      <summary>
                        <LevelMark level={a.level} short />
                        <span class="num">{a.number}</span>
                        <b>{pick(a, "title")}</b>
                        <span class="dim">{a.zone_name}</span>
                        {a.absorbed_into && <span class="dim">{alertState(a)}</span>}
                        <Time at={a.raised_at} withAge={false} />
                      </summary>
                      {a.absorbed_into && (
                        <p>
                          <a href={`/?alert=${a.absorbed_into}`}>{alertState(a)}</a>
                        </p>
                      )}
                      <AlertBody a={a} />
                    </details>
                  ))
                ) : (
                  <Empty title={t("ui.incident.alerts_none")} />
                )
              }
            </Loaded>
          </section>
        </div>
      </div>
      {open === "close" && <CloseIncident i={i} onClose={() => setOpen(null)} />}
      {open === "reopen" && <Reopen i={i} onClose={() => setOpen(null)} />}
      {open === "evidence" && <TakeEvidence i={i} onClose={() => setOpen(null)} />}
    </div>
  );
}
