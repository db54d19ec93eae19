// SPDX-License-Identifier: Apache-2.0
// Yêu cầu của chủ thể dữ liệu: who asks for what, and the two clocks that run.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { SubjectRequest } from "../../api/privacy.ts";
import { typedDay } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { may, now, session } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { DayField } from "../../ui/dayfield.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { Button, Field, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { Area, Clock, isOver, mayEdit, minuteOf } from "./parts.tsx";

const KINDS = ["access", "correction", "withdrawal", "restriction", "deletion", "objection"];
const OUTCOMES = ["answered", "refused", "withdrawn"];

function PersonField(p: { value: string; onChange: (v: string) => void }) {
  need("persons");
  const own = rows("persons").filter((x) => x.name);
  return own.length === 0 ? null : (
    <Field label={t("ui.privacy.person")} help={t("ui.privacy.person_help")}>
      <Select
        value={p.value}
        none={t("ui.privacy.no_person")}
        onChange={p.onChange}
        options={own.map((x) => [x.id, x.name ?? ""])}
      />
    </Field>
  );
}

export function RequestForm({ onClose }: { onClose: () => void }) {
  need("sites");
  const [v, setV] = useState({
    kind: "access",
    received: full(now.peek()).slice(0, 16),
    name: "",
    contact: "",
    wish: "",
    site: "",
    person: "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = () =>
    post("/subject-requests", {
      kind: v.kind,
      received_at: typedTime(v.received),
      name: v.name,
      contact: v.contact || undefined,
      wish: v.wish || undefined,
      site: v.site || undefined,
      person: v.person || undefined,
    });
  return (
    <FormDialog
      title={t("ui.privacy.request_add")}
      submit={t("ui.action.add")}
      disabled={!typedTime(v.received)}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t("ui.privacy.asks")}>
        <Select
          value={v.kind}
          onChange={(kind) => set({ kind })}
          options={KINDS.map((k) => [k, word("ui.privacy.request", k)])}
        />
      </Field>
      <TimeField
        label={t("ui.privacy.received")}
        required
        value={v.received}
        onChange={(received) => set({ received })}
      />
      <TextField label={t("ui.privacy.name")} max={80} value={v.name} onChange={(name) => set({ name })} />
      <TextField
        label={t("ui.privacy.contact")}
        max={120}
        required={false}
        value={v.contact}
        onChange={(contact) => set({ contact })}
      />
      <Area
        label={t("ui.privacy.wish")}
        help={t("ui.privacy.wish_help")}
        max={2000}
        value={v.wish}
        onChange={(wish) => set({ wish })}
      />
      <SiteField value={v.site} none={t("ui.privacy.no_site")} onChange={(site) => set({ site })} />
      {may("people.read") && <PersonField value={v.person} onChange={(person) => set({ person })} />}
      <Basis of="privacy.request_open.kind" />
    </FormDialog>
  );
}

function ExtendForm({ r, onClose }: { r: SubjectRequest; onClose: () => void }) {
  const [v, setV] = useState({ until: "", reason: "" });
  return (
    <FormDialog
      title={t("ui.privacy.extend_of", { number: r.number })}
      submit={t("ui.privacy.extend")}
      disabled={!typedDay(v.until)}
      onSubmit={() =>
        post(`/subject-requests/${r.id}/extend`, { until: typedDay(v.until), reason: v.reason })
      }
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.privacy.extend_once")}</p>
      <DayField
        label={t("ui.privacy.until")}
        required
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
      <Area
        label={t("ui.privacy.reason")}
        help={t("ui.privacy.no_names")}
        max={500}
        required
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
    </FormDialog>
  );
}

// Two persons: who recorded the request leaves this to another.
function Erase(p: { r: SubjectRequest; value: boolean; onChange: (v: boolean) => void }) {
  return p.r.opened_by === session.value?.user.id ? (
    <p class="wide dim">{t("ui.privacy.erase_other")}</p>
  ) : (
    <label class="check wide">
      <input
        type="checkbox"
        checked={p.value}
        onChange={(e) => p.onChange(e.currentTarget.checked)}
      />
      <span>
        {t("ui.privacy.erase")}
        <span class="sub dim">{t("ui.privacy.erase_help")}</span>
      </span>
    </label>
  );
}

function AnswerForm({ r, onClose }: { r: SubjectRequest; onClose: () => void }) {
  const [v, setV] = useState({ outcome: "answered", reason: "", erase: false });
  const late = isOver(r.due);
  return (
    <FormDialog
      title={t("ui.privacy.answer_of", { number: r.number })}
      submit={t("ui.privacy.answer_do")}
      onSubmit={() =>
        post(`/subject-requests/${r.id}/close`, {
          outcome: v.outcome,
          reason: v.reason || undefined,
          erase: (v.erase && v.outcome === "answered") || undefined,
        })
      }
      onClose={onClose}
    >
      <Field label={t("ui.privacy.outcome_label")}>
        <Select
          value={v.outcome}
          onChange={(outcome) => setV({ ...v, outcome })}
          options={OUTCOMES.map((o) => [o, word("ui.privacy.outcome", o)])}
        />
      </Field>
      <Area
        label={late ? t("ui.privacy.late_reason") : t("ui.privacy.reason")}
        help={t("ui.privacy.no_names")}
        max={1000}
        required={late || v.outcome === "refused"}
        value={v.reason}
        onChange={(reason) => setV({ ...v, reason })}
      />
      {r.kind === "deletion" && v.outcome === "answered" && !r.forgotten && (
        <Erase r={r} value={v.erase} onChange={(erase) => setV({ ...v, erase })} />
      )}
    </FormDialog>
  );
}

function Tools({ r, open }: { r: SubjectRequest; open: (act: "extend" | "answer") => void }) {
  const acknowledge = () =>
    attempt(() => post(`/subject-requests/${r.id}/acknowledge`), t("ui.privacy.acknowledged_note"));
  return (
    <span class="row tools">
      {!r.acknowledged_at && (
        <Button onClick={() => void acknowledge()}>{t("ui.privacy.acknowledge")}</Button>
      )}
      {r.due && !r.extended_until && !isOver(r.due) && (
        <Button onClick={() => open("extend")}>{t("ui.privacy.extend")}</Button>
      )}
      <Button onClick={() => open("answer")}>{t("ui.privacy.answer")}</Button>
    </span>
  );
}

function Who({ r }: { r: SubjectRequest }) {
  return r.forgotten ? (
    <p class="dim">{t("ui.privacy.forgotten")}</p>
  ) : (
    <p>{[r.name, r.contact, r.site_name].filter(Boolean).join(" · ")}</p>
  );
}

function Clocks({ r }: { r: SubjectRequest }) {
  return r.state !== "open" ? (
    <p class="dim">
      {word("ui.privacy.outcome", r.state)} · <span class="num">{minuteOf(r.closed_at)}</span>
      {r.reason && ` · ${r.reason}`}
    </p>
  ) : (
    <>
      {!r.acknowledged_at && r.ack_due && (
        <Clock what={t("ui.privacy.to_acknowledge")} due={r.ack_due} refs={[r.ack_ref]} />
      )}
      <Clock what={t("ui.privacy.to_answer")} due={r.due} refs={[r.ref]} />
      {r.extended_until && (
        <p class="dim">{t("ui.privacy.extended", { reason: r.extend_reason ?? "" })}</p>
      )}
    </>
  );
}

export function RequestItem({ r }: { r: SubjectRequest }) {
  const [act, setAct] = useState<"extend" | "answer" | null>(null);
  const close = () => setAct(null);
  return (
    <li class={r.state === "open" && isOver(r.due) ? "late" : ""}>
      <div>
        <p>
          <b>{word("ui.privacy.request", r.kind)}</b> <span class="num dim">{r.number}</span>
        </p>
        <Who r={r} />
        {r.wish && <p class="privacy-text">{r.wish}</p>}
        <p class="dim">
          {t("ui.privacy.received_at", { time: minuteOf(r.received_at) })}
          {r.acknowledged_at &&
            ` · ${t("ui.privacy.acknowledged_at", { time: minuteOf(r.acknowledged_at) })}`}
        </p>
        <Clocks r={r} />
      </div>
      {r.state === "open" && mayEdit() && <Tools r={r} open={setAct} />}
      {act === "extend" && <ExtendForm r={r} onClose={close} />}
      {act === "answer" && <AnswerForm r={r} onClose={close} />}
    </li>
  );
}
