// SPDX-License-Identifier: Apache-2.0
// Vi phạm dữ liệu cá nhân: what was found, the clock to telling the competent body, the parts that were told.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Breach, BreachNotice } from "../../api/privacy.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { now } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { Button, Choices, Field, TimeField, typedTime } from "../../ui/parts.tsx";
import { Area, Clock, isOver, mayEdit, minuteOf, Picks, ReasonDialog, wordsOf } from "./parts.tsx";

// A new one, or what has become known since of the one that is given.
export function BreachForm({ b, onClose }: { b?: Breach; onClose: () => void }) {
  need("sites");
  const [v, setV] = useState({
    found: full(now.peek()).slice(0, 16),
    site: "",
    what: b?.what ?? "",
    data: b?.data ?? [],
    people: b?.people ?? [],
    count: b?.about_count?.toString() ?? "",
    measures: b?.measures ?? "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = () =>
    post(b ? `/breaches/${b.id}` : "/breaches", {
      ...(b ? {} : { found_at: typedTime(v.found), site: v.site || undefined }),
      what: v.what,
      data: v.data,
      people: v.people,
      about_count: v.count ? Number(v.count) : undefined,
      measures: v.measures || undefined,
    });
  return (
    <FormDialog
      title={b ? t("ui.privacy.breach_update_of", { number: b.number }) : t("ui.privacy.breach_add")}
      submit={b ? t("ui.action.save") : t("ui.action.add")}
      disabled={!v.data.length || !v.people.length || !typedTime(v.found)}
      onSubmit={submit}
      onClose={onClose}
    >
      {!b && (
        <>
          <TimeField
            label={t("ui.privacy.found")}
            required
            value={v.found}
            onChange={(found) => set({ found })}
          />
          <SiteField value={v.site} none={t("ui.privacy.no_site")} onChange={(site) => set({ site })} />
        </>
      )}
      <Area
        label={t("ui.privacy.what")}
        help={t("ui.privacy.no_names")}
        max={1000}
        required
        value={v.what}
        onChange={(what) => set({ what })}
      />
      <Picks set="data" value={v.data} onChange={(data) => set({ data })} />
      <Picks set="people" value={v.people} onChange={(people) => set({ people })} />
      <Field label={t("ui.privacy.count")} help={t("ui.privacy.count_help")}>
        <input
          type="text"
          inputMode="numeric"
          pattern="[0-9]{1,8}"
          value={v.count}
          onInput={(e) => set({ count: e.currentTarget.value })}
        />
      </Field>
      <Area
        label={t("ui.privacy.measures")}
        max={4000}
        value={v.measures}
        onChange={(measures) => set({ measures })}
      />
      {!b && <Basis of="privacy.breach_open.found_at" />}
    </FormDialog>
  );
}

function NotifyForm({ b, onClose }: { b: Breach; onClose: () => void }) {
  const [v, setV] = useState({
    sent: full(now.peek()).slice(0, 16),
    recipient: t("ui.privacy.a05"),
    reference: "",
    all: "yes",
    late: "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const sent = typedTime(v.sent);
  const late = !b.notified_at && !!b.due && !!sent && Date.parse(sent) > Date.parse(b.due);
  return (
    <FormDialog
      title={t("ui.privacy.notify_of", { number: b.number })}
      submit={t("ui.privacy.notify_do")}
      disabled={!sent}
      onSubmit={() =>
        post(`/breaches/${b.id}/notify`, {
          sent_at: sent,
          recipient: v.recipient,
          reference: v.reference,
          complete: v.all === "yes",
          late_reason: v.late || undefined,
        })
      }
      onClose={onClose}
    >
      <TimeField label={t("ui.privacy.sent")} required value={v.sent} onChange={(s) => set({ sent: s })} />
      <TextField
        label={t("ui.privacy.reference")}
        max={100}
        value={v.reference}
        onChange={(reference) => set({ reference })}
      />
      <TextField
        label={t("ui.privacy.recipient")}
        max={200}
        wide
        value={v.recipient}
        onChange={(recipient) => set({ recipient })}
      />
      <Choices
        name="complete"
        legend={t("ui.privacy.how_much")}
        value={v.all}
        onChange={(all) => set({ all })}
        options={[
          ["yes", t("ui.privacy.all")],
          ["no", t("ui.privacy.part")],
        ]}
      />
      {late && (
        <Area
          label={t("ui.privacy.late_reason")}
          help={t("ui.privacy.no_names")}
          max={1000}
          required
          value={v.late}
          onChange={(text) => set({ late: text })}
        />
      )}
      <Basis of="privacy.breach_notify.sent_at" />
    </FormDialog>
  );
}

function Told({ of }: { of: BreachNotice[] }) {
  return of.length === 0 ? null : (
    <ul class="privacy-told">
      {of.map((n) => (
        <li key={n.id}>
          <span class="num">{minuteOf(n.sent_at)}</span> · {n.recipient} · {n.reference} ·{" "}
          {n.complete ? t("ui.privacy.all") : t("ui.privacy.part")}
          {n.late_reason && ` · ${t("ui.privacy.late_because", { reason: n.late_reason })}`}
        </li>
      ))}
    </ul>
  );
}

type Act = "update" | "notify" | "close";

function Acting({ b, act, close }: { b: Breach; act: Act; close: () => void }) {
  if (act === "update") {
    return <BreachForm b={b} onClose={close} />;
  }
  if (act === "notify") {
    return <NotifyForm b={b} onClose={close} />;
  }
  const untold = b.state === "open";
  return (
    <ReasonDialog
      title={t("ui.privacy.close_of", { number: b.number })}
      submit={t("ui.privacy.close_do")}
      text={untold ? t("ui.privacy.untold") : undefined}
      label={untold ? t("ui.privacy.untold_reason") : t("ui.privacy.closing")}
      required={untold}
      run={(reason) => post(`/breaches/${b.id}/close`, { reason })}
      onClose={close}
    />
  );
}

function Tools({ b, open }: { b: Breach; open: (act: Act) => void }) {
  return (
    <span class="row tools">
      <Button onClick={() => open("update")}>{t("ui.privacy.breach_update")}</Button>
      {b.state !== "partial" && <Button onClick={() => open("close")}>{t("ui.privacy.close")}</Button>}
      {b.state !== "notified" && (
        <Button onClick={() => open("notify")}>
          {b.state === "partial" ? t("ui.privacy.notify_rest") : t("ui.privacy.notify")}
        </Button>
      )}
    </span>
  );
}

export function BreachItem({ b }: { b: Breach }) {
  const [act, setAct] = useState<Act | null>(null);
  const told = rows("breach-notices")
    .filter((n) => n.breach === b.id)
    .sort((x, y) => x.n - y.n);
  const count = b.about_count === null ? "" : t("ui.privacy.about", { n: b.about_count });
  return (
    <li class={b.state === "open" && isOver(b.due) ? "late" : ""}>
      <div>
        <p>
          <b>{b.what}</b> <span class="num dim">{b.number}</span>
        </p>
        <p class="dim">
          {[
            b.site_name,
            t("ui.privacy.found_at", { time: minuteOf(b.found_at) }),
            wordsOf("data", b.data),
            wordsOf("people", b.people),
            count,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
        {b.measures && <p class="privacy-text">{b.measures}</p>}
        {b.state === "open" ? (
          <Clock what={t("ui.privacy.to_notify")} due={b.due} refs={[b.ref]} />
        ) : (
          <p>
            {word("ui.privacy.breach", b.state)}
            {b.closed_at && <span class="num"> · {minuteOf(b.closed_at)}</span>}
            {b.reason && ` · ${b.reason}`}
          </p>
        )}
        <Told of={told} />
      </div>
      {b.state !== "closed" && mayEdit() && <Tools b={b} open={setAct} />}
      {act && <Acting b={b} act={act} close={() => setAct(null)} />}
    </li>
  );
}
