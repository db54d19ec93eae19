// SPDX-License-Identifier: Apache-2.0
// Drawing a regulation up, or a draft anew. What is typed survives a reload; what is wrong is said at its field.
import { post } from "../../api/client.ts";
import type { Clause, Regulation } from "../../api/coord.ts";
import { typedDay } from "../../lib/day.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { date, full, parseTyped } from "../../lib/time.ts";
import { go } from "../../router.ts";
import { useDraft } from "../../store/draft.ts";
import { now, session } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { DayField } from "../../ui/dayfield.tsx";
import { useCommand, type FormState } from "../../ui/dialog.tsx";
import { siteOptions } from "../../ui/fields.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Button, Field, Loaded, PageHead, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { dayEnd } from "./dialogs.tsx";
import { CEILINGS, clauseText, COMPARTMENTS, CONDITIONS, VIEWS } from "./words.ts";

interface Row {
  from: string;
  to: string;
  view: string; // none: compartment and ceiling are as chosen
  compartment: string;
  sites: string[]; // none: everywhere
  ceiling: string;
  condition: string;
  situation: string;
  minutes: string;
  starts: string;
  ends: string;
  posture: string;
  event: string;
}
const SITES_MAX = 50;

interface Draft {
  number: string;
  title: string;
  note: string;
  parties: string[]; // the others
  valid_from: string;
  valid_until: string;
  review_due: string;
  signed: string;
  signer: string;
  paper_number: string;
  clauses: Row[];
}

const EMPTY: Row = {
  from: "",
  to: "",
  view: "",
  compartment: "means",
  sites: [],
  ceiling: "0",
  condition: "incident",
  situation: "",
  minutes: "60",
  starts: "",
  ends: "",
  posture: "",
  event: "",
};
const timeText = (at: string | null) => (at ? full(at).slice(0, 16) : "");

const rowOf = (c: Clause): Row => ({
  from: c.giver,
  to: c.taker,
  view: c.view ?? "",
  compartment: c.compartment,
  sites: c.sites.length ? c.sites.map((s) => s.site) : [c.site].filter(Boolean),
  ceiling: String(c.ceiling),
  condition: c.condition,
  situation: c.situation ?? "",
  minutes: String(c.minutes || 60),
  starts: timeText(c.starts),
  ends: timeText(c.ends),
  posture: c.posture ?? "",
  event: c.event ?? "",
});

const draftOf = (r?: Regulation, clauses: Clause[] = []): Draft => ({
  number: r?.number ?? "",
  title: r?.title ?? "",
  note: r?.note ?? "",
  parties: r?.parties.map((p) => p.party).filter((p) => p !== r.agency) ?? [],
  valid_from: r ? date(r.valid_from) : "",
  valid_until: r ? date(r.valid_until) : "",
  review_due: r ? date(r.review_due) : "",
  signed: r?.signed ? date(r.signed) : "",
  signer: r?.signer ?? "",
  paper_number: r?.paper_number ?? "",
  clauses: clauses.length ? clauses.map(rowOf) : [EMPTY],
});

const clauseBody = (c: Row) => ({
  from: c.from,
  to: c.to,
  ...(c.view ? { view: c.view } : { compartment: c.compartment, ceiling: Number(c.ceiling) }),
  ...(c.sites.length > 1 ? { sites: c.sites } : { site: c.sites[0] }),
  condition: c.condition,
  ...(c.condition === "incident" && { situation: c.situation, minutes: Number(c.minutes) }),
  ...(c.condition === "period" && { starts: typedTime(c.starts), ends: typedTime(c.ends) }),
  ...(c.condition === "posture" && { posture: c.posture || undefined, event: c.event?.trim() || undefined }),
});

const bodyOf = (v: Draft, own: string) => ({
  number: v.number,
  title: v.title,
  note: v.note || undefined,
  parties: [own, ...v.parties],
  clauses: v.clauses.map(clauseBody),
  valid_from: `${typedDay(v.valid_from)}T00:00:00+07:00`,
  valid_until: dayEnd(v.valid_until),
  review_due: dayEnd(v.review_due),
  signed: v.signed ? `${typedDay(v.signed)}T00:00:00+07:00` : undefined,
  signer: v.signer || undefined,
  paper_number: v.paper_number || undefined,
});

const agencyName = (id: string) => one("agencies", id)?.name ?? null;

function whenWhole(c: Row): boolean {
  const told: Record<string, unknown> = {
    always: true,
    incident: c.situation && c.minutes,
    period: c.starts && c.ends,
    posture: c.posture || c.event?.trim(),
  };
  return !!told[c.condition];
}

const siteName = (id: string | undefined) => one("sites", id)?.name ?? null;

// The clause as it will stand, once it is whole.
function Sentence({ c }: { c: Row }) {
  if (!c.from || !c.to || c.from === c.to || !whenWhole(c)) {
    return null;
  }
  const at = (text: string) => parseTyped(text, now.value);
  return (
    <p class="wide coord-sentence">
      {clauseText({
        id: "",
        regulation: "",
        n: 0,
        giver: c.from,
        giver_name: agencyName(c.from),
        taker: c.to,
        taker_name: agencyName(c.to),
        view: c.view || null,
        compartment: c.compartment,
        site: c.sites[0] ?? "",
        site_name: siteName(c.sites[0]),
        sites: c.sites.map((site) => ({ site, name: siteName(site) })),
        ceiling: Number(c.ceiling),
        condition: c.condition as Clause["condition"],
        situation: c.situation,
        minutes: Number(c.minutes),
        starts: at(c.starts),
        ends: at(c.ends),
        posture: c.posture,
        event: c.event,
      })}
    </p>
  );
}

function PostureFields({ c, set }: { c: Row; set: (change: Partial<Row>) => void }) {
  const levels = rows("posture-levels")
    .filter((l) => l.rank > 0)
    .sort((a, b) => a.rank - b.rank);
  return (
    <>
      <Field label={t("ui.coord.posture")}>
        <Select
          value={c.posture ?? ""}
          none={t("ui.coord.any_posture")}
          onChange={(posture) => set({ posture })}
          options={levels.map((l) => [l.id, pick(l, "name")])}
        />
      </Field>
      <Field label={t("ui.coord.event")} help={t("ui.coord.event_help")}>
        <input
          type="text"
          maxLength={120}
          required={!c.posture}
          value={c.event ?? ""}
          onInput={(e) => set({ event: e.currentTarget.value })}
        />
      </Field>
    </>
  );
}

function Condition({ c, set }: { c: Row; set: (change: Partial<Row>) => void }) {
  if (c.condition === "incident") {
    return (
      <>
        <Field label={t("ui.coord.situation")}>
          <Select
            value={c.situation}
            required
            none={t("ui.choose")}
            onChange={(situation) => set({ situation })}
            options={rows("situations").map((s) => [s.id, pick(s, "title")])}
          />
        </Field>
        <Field label={t("ui.coord.minutes")}>
          <input
            type="number"
            required
            min={1}
            max={10080}
            value={c.minutes}
            onInput={(e) => set({ minutes: e.currentTarget.value })}
          />
        </Field>
      </>
    );
  }
  if (c.condition === "posture") {
    return <PostureFields c={c} set={set} />;
  }
  return c.condition === "period" ? (
    <>
      <TimeField label={t("ui.coord.starts")} required value={c.starts} onChange={(starts) => set({ starts })} />
      <TimeField label={t("ui.coord.ends")} required value={c.ends} onChange={(ends) => set({ ends })} />
    </>
  ) : null;
}

const periodWrong = (c: Row): boolean => {
  const [a, b] = [typedTime(c.starts), typedTime(c.ends)];
  return c.condition === "period" && !!a && !!b && Date.parse(b) <= Date.parse(a);
};

// One after the other; none is everywhere.
function Sites(p: { value: string[]; onChange: (v: string[]) => void }) {
  const left = siteOptions().filter(([id]) => !p.value.includes(id));
  return (
    <div>
      <Field label={t("ui.board.site")}>
        <Select
          value=""
          none={p.value.length ? t("ui.coord.more_site") : t("ui.all_sites")}
          onChange={(id) => id && p.onChange([...p.value, id])}
          options={p.value.length < SITES_MAX ? left : []}
        />
      </Field>
      {p.value.length > 0 && (
        <ul class="coord-sites">
          {p.value.map((id) => (
            <li key={id}>
              {siteName(id) ?? id}
              <Button
                kind="plain"
                aria-label={t("ui.coord.drop_site", { site: siteName(id) ?? id })}
                onClick={() => p.onChange(p.value.filter((x) => x !== id))}
              >
                <Icon name="close" />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ClauseFields(p: {
  c: Row;
  n: number;
  parties: [string, string][];
  set: (change: Partial<Row>) => void;
  drop?: () => void;
}) {
  const { c, set } = p;
  return (
    <fieldset class="coord-clause">
      <legend>{t("ui.coord.clause_n", { n: p.n })}</legend>
      <div class="fields">
        <Field label={t("ui.coord.from")}>
          <Select value={c.from} required none={t("ui.choose")} onChange={(from) => set({ from })} options={p.parties} />
        </Field>
        <Field label={t("ui.coord.to")} error={c.to && c.to === c.from ? t("ui.coord.same_party") : undefined}>
          <Select value={c.to} required none={t("ui.choose")} onChange={(to) => set({ to })} options={p.parties} />
        </Field>
        <Field label={t("ui.coord.compartment")}>
          <Select
            value={c.view || c.compartment}
            onChange={(x) => {
              const view = VIEWS[x];
              set(view ? { view: x, compartment: view.compartment, ceiling: String(view.ceiling) } : { view: "", compartment: x });
            }}
            options={[
              ...COMPARTMENTS.map((x): [string, string] => [x, word("ui.coord.what", x)]),
              ...Object.keys(VIEWS).map((x): [string, string] => [x, `“${word("ui.coord.view_of", x)}”`]),
            ]}
          />
        </Field>
        <Sites value={c.sites} onChange={(sites) => set({ sites })} />
        {!c.view && (
          <Field label={t("ui.coord.ceiling")}>
            <Select
              value={c.ceiling}
              onChange={(ceiling) => set({ ceiling })}
              options={CEILINGS.map((x) => [x, word("ui.coord.ceiling_of", x)])}
            />
          </Field>
        )}
        <Field label={t("ui.coord.condition")}>
          <Select
            value={c.condition}
            onChange={(condition) => set({ condition })}
            options={CONDITIONS.map((x) => [x, word("ui.coord.condition_of", x)])}
          />
        </Field>
        <Condition c={c} set={set} />
        {periodWrong(c) && (
          <p class="error wide" role="alert">
            {t("ui.coord.period_wrong")}
          </p>
        )}
        <Sentence c={c} />
      </div>
      {p.drop && (
        <Button kind="plain" onClick={p.drop}>
          {t("ui.coord.drop_clause", { n: p.n })}
        </Button>
      )}
    </fieldset>
  );
}

function Parties(p: { own: string; value: string[]; error?: string; onChange: (v: string[]) => void }) {
  const others = rows("agencies").filter((a) => a.id !== p.own && a.state === "active");
  return (
    <fieldset class={`coord-parties ${p.error ? "wrong" : ""}`}>
      <legend>{t("ui.coord.parties")}</legend>
      <label class="check">
        <input type="checkbox" checked disabled />
        <span>
          {agencyName(p.own)} ({t("ui.coord.own")})
        </span>
      </label>
      {others.map((a) => (
        <label class="check" key={a.id}>
          <input
            type="checkbox"
            checked={p.value.includes(a.id)}
            onChange={(e) =>
              p.onChange(e.currentTarget.checked ? [...p.value, a.id] : p.value.filter((x) => x !== a.id))
            }
          />
          <span>{a.name}</span>
        </label>
      ))}
      {p.error && (
        <span class="error" role="alert">
          {p.error}
        </span>
      )}
    </fieldset>
  );
}

const PAPER_FIELDS = ["number", "title", "note", "parties", "valid_from", "valid_until", "review_due", "signed"];

function Paper(p: { v: Draft; set: (change: Partial<Draft>) => void; state: FormState; own: string }) {
  const { v, set } = p;
  const wrong = (field: string) => (p.state.field === field ? (p.state.error ?? undefined) : undefined);
  return (
    <>
      <div class="fields">
        <Field label={t("ui.number")} error={wrong("number")}>
          <input
            type="text"
            required
            maxLength={60}
            placeholder={t("ui.coord.number_example")}
            value={v.number}
            onInput={(e) => set({ number: e.currentTarget.value })}
          />
        </Field>
        <Field label={t("ui.coord.title")} error={wrong("title")}>
          <input type="text" required maxLength={200} value={v.title} onInput={(e) => set({ title: e.currentTarget.value })} />
        </Field>
      </div>
      <Parties own={p.own} value={v.parties} error={wrong("parties")} onChange={(parties) => set({ parties })} />
      <div class="fields coord-days">
        <DayField label={t("ui.coord.valid_from")} required value={v.valid_from} onChange={(valid_from) => set({ valid_from })} />
        <DayField
          label={t("ui.coord.valid_until")}
          required
          value={v.valid_until}
          error={wrong("valid_until")}
          onChange={(valid_until) => set({ valid_until })}
        />
        <DayField
          label={t("ui.coord.review_due")}
          help={t("ui.coord.review_help")}
          required
          value={v.review_due}
          error={wrong("review_due")}
          onChange={(review_due) => set({ review_due })}
        />
      </div>
      <div class="fields">
        <DayField
          label={t("ui.coord.signed_day")}
          help={t("ui.coord.signed_help")}
          value={v.signed}
          error={wrong("signed")}
          onChange={(signed) => set({ signed })}
        />
        <Field label={t("ui.coord.signer")}>
          <input type="text" maxLength={200} value={v.signer} onInput={(e) => set({ signer: e.currentTarget.value })} />
        </Field>
        <Field label={t("ui.coord.paper_number")}>
          <input
            type="text"
            maxLength={60}
            value={v.paper_number}
            onInput={(e) => set({ paper_number: e.currentTarget.value })}
          />
        </Field>
      </div>
      <Field label={t("ui.coord.note")} wide>
        <textarea rows={2} maxLength={4000} value={v.note} onInput={(e) => set({ note: e.currentTarget.value })} />
      </Field>
    </>
  );
}

export function DraftForm({ r, clauses }: { r?: Regulation; clauses?: Clause[] }) {
  const own = r?.agency ?? session.value?.user.agency ?? "";
  const [v, set, clear] = useDraft(`coord.signed.${r?.id ?? "new"}`, draftOf(r, clauses));
  const [state, run] = useCommand();
  const parties = [own, ...v.parties].map((id): [string, string] => [id, agencyName(id) ?? id]);
  const setRow = (i: number, change: Partial<Row>) =>
    set({ clauses: v.clauses.map((c, k) => (k === i ? { ...c, ...change } : c)) });
  const bad =
    !typedDay(v.valid_from) ||
    !typedDay(v.valid_until) ||
    !typedDay(v.review_due) ||
    (v.signed !== "" && !typedDay(v.signed)) ||
    v.clauses.some((c) => c.from === c.to || periodWrong(c));
  const save = async () => {
    const { id } = await post(r ? `/regulations/${r.id}` : "/regulations", bodyOf(v, own));
    clear();
    say(t("ui.coord.saved"));
    go(`/coord/${id}`, !!r);
  };
  return (
    <>
      <PageHead title={t(r ? "ui.coord.redraft" : "ui.coord.draft")} sub={t("ui.coord.draft_more")} />
      <form
        class="form coord-draft"
        onSubmit={(e) => {
          e.preventDefault();
          void run(save);
        }}
      >
        <Paper v={v} set={set} state={state} own={own} />
        <h2>{t("ui.coord.clauses")}</h2>
        <p class="dim">{t("ui.coord.clauses_limit")}</p>
        {v.clauses.map((c, i) => (
          <ClauseFields
            key={i}
            n={i + 1}
            c={c}
            parties={parties}
            set={(change) => setRow(i, change)}
            drop={v.clauses.length > 1 ? () => set({ clauses: v.clauses.filter((_, k) => k !== i) }) : undefined}
          />
        ))}
        <div>
          <Button icon="plus" onClick={() => set({ clauses: [...v.clauses, { ...EMPTY, from: own }] })}>
            {t("ui.coord.add_clause")}
          </Button>
        </div>
        {state.error && !PAPER_FIELDS.includes(state.field ?? "") && (
          <p class="error" role="alert">
            {state.error}
          </p>
        )}
        <div class="buttons">
          <a class="button quiet" href={r ? `/coord/${r.id}` : "/coord"} onClick={clear}>
            {t("ui.action.cancel")}
          </a>
          <Button kind="primary" type="submit" busy={state.busy} disabled={bad}>
            {t("ui.coord.save")}
          </Button>
        </div>
      </form>
    </>
  );
}

export function DraftPage() {
  const loads = [need("agencies").value, need("sites").value, need("situations").value];
  return (
    <div class="page coord one">
      <Loaded load={loads} lines={8}>
        {() => <DraftForm />}
      </Loaded>
    </div>
  );
}
