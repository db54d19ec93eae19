// SPDX-License-Identifier: Apache-2.0
// One checklist, for a person standing at the post with a phone: items by section, one tap an answer, sent at
// once or, without network, kept and sent later (store/queue.ts). What has not been sent says so. The same page
// prints as the record, with the signatures.
import { useEffect, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Checklist, ChecklistAnswer, ChecklistItem, ChecklistTemplate } from "../../api/types.ts";
import { pick, t } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { enqueue, openQueue, pieces, type Piece } from "../../store/queue.ts";
import { may, now, session } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { Basis, hasBasis } from "../../ui/basis.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Choices, Facts, LevelMark, Loaded, PageHead } from "../../ui/parts.tsx";
import { StateMark } from "./list.tsx";
import { limits, sections, unitOf } from "./template.tsx";

interface Given {
  value: string;
  note: string;
  waiting: boolean; // not with the server yet
  by?: string | null;
  at?: string;
}

const YES_NO = ["yes", "no", "na"];

// The server's answers with what this phone has not sent yet laid over them.
function given(answers: ChecklistAnswer[], queue: Piece[], path: string): Map<string, Given> {
  const all = new Map<string, Given>();
  for (const a of answers) {
    all.set(a.item, {
      value: a.value,
      note: a.note ?? "",
      waiting: false,
      by: a.by_name,
      at: a.answered_at,
    });
  }
  for (const p of queue) {
    if (p.path === path) {
      all.set(p.body.item!, { value: p.body.value!, note: p.body.note ?? "", waiting: true });
    }
  }
  return all;
}

export function isBad(i: ChecklistItem, value: string): boolean {
  if (i.kind === "yes_no") {
    return value === i.finding;
  }
  if (i.kind === "number" && value !== "") {
    const n = Number(value);
    return (
      (i.min !== undefined && n < Number(i.min)) || (i.max !== undefined && n > Number(i.max))
    );
  }
  return i.choices?.some((c) => c.code === value && c.finding) ?? false;
}

const shownValue = (i: ChecklistItem, value: string): string =>
  i.kind === "yes_no"
    ? t(`ui.check.answer.${value}`)
    : i.kind === "choice"
      ? pick(i.choices?.find((c) => c.code === value), "text")
      : [value, unitOf(i)].filter(Boolean).join(" ");

// A text that is sent when the person leaves it, not letter by letter.
function Written(props: {
  label: string;
  value: string;
  onDone: (v: string) => void;
  number?: boolean;
  long?: boolean;
  hint?: string;
}) {
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  const done = () => {
    const v = props.number ? text.trim().replace(",", ".") : text.trim();
    if (v && v !== props.value) {
      props.onDone(v);
    }
  };
  const common = {
    value: text,
    "aria-label": props.label,
    onInput: (e: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      setText(e.currentTarget.value),
    onBlur: done,
  };
  return (
    <span class="written">
      {props.long ? (
        <textarea rows={2} maxLength={2000} {...common} />
      ) : (
        <input
          type="text"
          maxLength={200}
          inputMode={props.number ? "decimal" : undefined}
          pattern={props.number ? "-?[0-9]{1,9}([.,][0-9]{1,3})?" : undefined}
          onKeyDown={(e) => e.key === "Enter" && done()}
          {...common}
        />
      )}
      {props.hint && <span class="dim">{props.hint}</span>}
    </span>
  );
}

function Answer({ i, g, put }: { i: ChecklistItem; g?: Given; put: (value: string) => void }) {
  const label = pick(i, "text");
  const value = g?.value ?? "";
  if (i.kind === "yes_no" || i.kind === "choice") {
    return (
      <Choices
        name={`item-${i.code}`}
        legend={label}
        value={value}
        onChange={put}
        options={
          i.kind === "yes_no"
            ? YES_NO.map((v) => [v, t(`ui.check.answer.${v}`)])
            : (i.choices ?? []).map((c) => [c.code, pick(c, "text")])
        }
      />
    );
  }
  return (
    <>
      <p class="question" aria-hidden="true">
        {label}
      </p>
      <Written
        label={label}
        value={value}
        onDone={put}
        number={i.kind === "number"}
        long={i.kind === "text"}
        hint={
          i.kind === "number"
            ? limits(i)
            : i.kind === "photo"
              ? t("ui.check.photo_hint")
              : i.kind === "signature"
                ? t("ui.check.signature_hint")
                : undefined
        }
      />
    </>
  );
}

interface RowProps {
  c: Checklist;
  i: ChecklistItem;
  g?: Given;
  open: boolean;
  of: string; // its name in the table of legal bases
}

function Row({ c, i, g, open, of }: RowProps) {
  const [noting, setNoting] = useState(false);
  const bad = g !== undefined && isBad(i, g.value);
  const path = `/checklists/${c.id}/answers`;
  const put = (value: string, note = g?.note ?? "") => {
    const body: Record<string, string> = {
      item: i.code,
      value,
      answered_at: new Date(now.peek()).toISOString(),
    };
    if (note) {
      body.note = note;
    }
    enqueue(path, body, (p) => p.body.item === i.code);
  };
  const writesNote = open && g && i.kind !== "text" && (bad || noting || g.note);
  return (
    <li class={`check-row ${bad ? "bad" : ""} ${g ? "given" : ""}`}>
      {open ? (
        <Answer i={i} g={g} put={(v) => put(v)} />
      ) : (
        <p class="question">{pick(i, "text")}</p>
      )}
      <p class={`kept ${open ? "print-only" : ""}`}>
        <b>{g ? shownValue(i, g.value) : t("ui.check.no_answer")}</b>
        {g?.note && ` · ${g.note}`}
      </p>
      {writesNote && (
        <Written
          label={`${t("ui.check.note")}: ${pick(i, "text")}`}
          value={g.note}
          onDone={(note) => put(g.value, note)}
          hint={t("ui.check.note")}
        />
      )}
      <p class="foot dim">
        {bad && <LevelMark level={i.level} />}
        {g?.waiting && (
          <span class="waiting">
            <Shape of="unknown" /> {t("ui.check.waiting")}
          </span>
        )}
        {i.optional && <span>{t("ui.check.optional")}</span>}
        {hasBasis(of) ? <Basis of={of} /> : i.law && <span>{i.law}</span>}
        {open && g && i.kind !== "text" && !writesNote && (
          <Button kind="quiet" onClick={() => setNoting(true)}>
            {t("ui.check.add_note")}
          </Button>
        )}
      </p>
    </li>
  );
}

function Sign({ c, onClose }: { c: Checklist; onClose: () => void }) {
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title={c.state === "open" ? t("ui.check.sign_first") : t("ui.check.sign_second")}
      submit={t("ui.check.sign_do")}
      onSubmit={() => post(`/checklists/${c.id}/sign`, { note: note || undefined })}
      onClose={onClose}
    >
      <p class="wide dim">{t(c.state === "open" ? "ui.check.sign_help" : "ui.check.sign_help2")}</p>
      <TextField
        wide
        required={false}
        max={500}
        label={t("ui.check.note")}
        value={note}
        onChange={setNote}
      />
    </FormDialog>
  );
}

function Cancel({ c, onClose }: { c: Checklist; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.check.cancel")}
      submit={t("ui.check.cancel_do")}
      onSubmit={() => post(`/checklists/${c.id}/cancel`, { reason })}
      onClose={onClose}
    >
      <TextField wide max={500} label={t("ui.check.reason")} value={reason} onChange={setReason} />
    </FormDialog>
  );
}

function Signatures({ c }: { c: Checklist }) {
  const line = (title: string, name?: string | null, at?: string | null, note?: string | null) => (
    <div class="signature">
      <p>{title}</p>
      <p class="name">{name ?? (at ? t("ui.check.signed") : "")}</p>
      <p class="dim">{at ? full(at) : t("ui.check.not_signed")}</p>
      {note && <p>{note}</p>}
    </div>
  );
  return (
    <section class="signatures" aria-label={t("ui.check.signatures")}>
      {line(
        c.signs > 1 ? t("ui.check.signer1") : t("ui.check.signer"),
        c.first_by_name,
        c.first_at,
        c.first_note,
      )}
      {c.signs > 1 &&
        line(t("ui.check.signer2"), c.second_by_name, c.second_at, c.second_note)}
    </section>
  );
}

function Bar({ c, done, all, waiting }: { c: Checklist; done: number; all: number; waiting: number }) {
  const [signing, setSigning] = useState(false);
  const second = c.state === "signed" && c.first_by === session.value?.user.id;
  return (
    <div class="check-bar" role="group" aria-label={t("ui.check.progress")}>
      <span class="num" role="status">
        {t("ui.check.progress_n", { done, all })}
        {waiting > 0 && ` · ${t("ui.check.waiting_n", { n: waiting })}`}
      </span>
      <progress value={done} max={Math.max(1, all)} aria-label={t("ui.check.progress")} />
      {may("checklists.sign") && (
        <Button
          kind="primary"
          disabled={waiting > 0 || second}
          title={second ? t("ui.check.other_person") : undefined}
          onClick={() => setSigning(true)}
        >
          {c.state === "open" ? t("ui.check.sign_first") : t("ui.check.sign_second")}
        </Button>
      )}
      {signing && <Sign c={c} onClose={() => setSigning(false)} />}
    </div>
  );
}

const filled = (all: [string, string | null][]): [string, string][] =>
  all.filter((r): r is [string, string] => !!r[1]);

function Body({ c, k }: { c: Checklist; k: ChecklistTemplate }) {
  const items = k.spec.items;
  const path = `/checklists/${c.id}/answers`;
  const answers = given(
    rows("checklist-answers").filter((a) => a.checklist === c.id),
    pieces.value,
    path,
  );
  const asked = items.filter((i) => !c.skipped.includes(i.code));
  const done = asked.filter((i) => answers.has(i.code)).length;
  const waiting = pieces.value.filter((p) => p.path === path).length;
  const live = c.state === "open" || c.state === "signed";
  const [cancelling, setCancelling] = useState(false);
  const writable = c.state === "open" && may("checklists.run");
  return (
    <>
      <PageHead
        title={pick(c, "title")}
        sub={
          <>
            <span class="num">{c.number}</span> ·{" "}
            {[c.site_name, c.post_name, c.subject].filter(Boolean).join(" · ")}
          </>
        }
      >
        {live && may("checklists.sign") && (
          <Button kind="quiet" onClick={() => setCancelling(true)}>
            {t("ui.check.cancel")}
          </Button>
        )}
        <Button onClick={() => print()}>{t("ui.check.print")}</Button>
      </PageHead>
      {cancelling && <Cancel c={c} onClose={() => setCancelling(false)} />}
      <Facts
        rows={[
          [t("ui.state"), <StateMark c={c} />],
          [
            t("ui.check.started"),
            [full(c.started_at), c.started_by_name].filter(Boolean).join(" · "),
          ],
          ...filled([
            [t("ui.check.due"), c.due_at && full(c.due_at)],
            [t("ui.check.findings"), c.findings_n ? String(c.findings_n) : null],
            [t("ui.check.reason"), c.reason],
          ]),
        ]}
      />
      {sections(asked).map(([name, list]) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul class="check-rows">
            {list.map((i) => (
              <Row
                key={i.code}
                c={c}
                i={i}
                g={answers.get(i.code)}
                open={writable}
                of={`check.${k.code}.${i.code}`}
              />
            ))}
          </ul>
        </section>
      ))}
      {c.skipped.length > 0 && (
        <p class="dim">{t("ui.check.skipped", { n: c.skipped.length })}</p>
      )}
      <Signatures c={c} />
      {live && <Bar c={c} done={done} all={asked.length} waiting={waiting} />}
    </>
  );
}

export function ChecklistPage({ id }: { id: string }) {
  useEffect(openQueue, []);
  const loadRun = needOne("checklists", id).value;
  const loadAnswers = need("checklist-answers", { checklist: id }).value;
  const c = one("checklists", id);
  const loadTemplate = c && needOne("checklist-templates", c.template).value;
  const k = one("checklist-templates", c?.template);
  const loads = loadTemplate ? [loadRun, loadAnswers, loadTemplate] : [loadRun, loadAnswers];
  return (
    <div class="page checking">
      <Loaded load={loads} lines={8}>
        {() => (c && k ? <Body c={c} k={k} /> : null)}
      </Loaded>
    </div>
  );
}
