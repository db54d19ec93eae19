// SPDX-License-Identifier: Apache-2.0
// Tra cứu hồ sơ: what is asked before somebody's personal part is shown, the record for as long as it is needed, and the
// register of who looked at whose.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, post } from "../../api/client.ts";
import type { GateLookup } from "../../api/gate.ts";
import type { Person, PersonLookup, PersonRecord } from "../../api/people-types.ts";
import { t, word } from "../../lib/i18n.ts";
import { date } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Chip, Empty, errorText, Facts, Field, Select } from "../../ui/parts.tsx";
import { complain } from "../../ui/toast.tsx";
import { Downloads } from "../../ui/vtable.tsx";
import { Area, minuteOf } from "./parts.tsx";

const PURPOSES = ["duty", "incident", "inspection", "subject"]; // and "edit", said by the form that edits
const SHOWN_MS = 5 * 60_000;
const INCIDENTS_SHOWN = 100;

export const mayLook = (): boolean => may("people.look");
export const mayReadLookups = (): boolean => may("people.lookups");

const look = (person: string, why: object): Promise<PersonRecord> =>
  post<PersonRecord>(`/persons/${person}/look`, why);

// Editing is a look-up, too; null: it failed, and that was said.
export async function lookToEdit(person: string): Promise<PersonRecord | null> {
  try {
    return await look(person, { purpose: "edit" });
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
    complain(errorText(e));
    return null;
  }
}

function IncidentField(p: { value: string; onChange: (v: string) => void }) {
  need("incidents");
  const options = rows("incidents")
    .slice()
    .sort((a, b) => b.opened_at.localeCompare(a.opened_at))
    .slice(0, INCIDENTS_SHOWN)
    .map((i): [string, string] => [i.id, `${i.number} ${i.title ?? ""}`]);
  return (
    <Field label={t("ui.look.incident")} wide>
      <Select required none={t("ui.choose")} options={options} {...p} />
    </Field>
  );
}

export function LookDialog(p: {
  person: Person;
  onRecord: (r: PersonRecord) => void;
  onClose: () => void;
}) {
  return (
    <PurposeDialog
      title={t("ui.look.title", { name: p.person.name ?? "" })}
      about={t("ui.look.about")}
      look={async (why) => p.onRecord(await look(p.person.id, why))}
      onClose={p.onClose}
    />
  );
}

// What for: asked before anything of one person is shown that is in no list.
export function PurposeDialog(p: {
  title: string;
  about: string;
  look: (why: object) => Promise<void>;
  onClose: () => void;
}) {
  const [v, setV] = useState({ purpose: "", note: "", incident: "" });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const ofIncident = v.purpose === "incident";
  const offered = PURPOSES.filter((x) => x !== "incident" || may("desk.read"));
  const submit = async () => {
    const incident = ofIncident ? v.incident : undefined;
    await p.look({ purpose: v.purpose, note: v.note || undefined, incident });
  };
  return (
    <FormDialog
      title={p.title}
      submit={t("ui.look.submit")}
      onSubmit={submit}
      onClose={p.onClose}
    >
      <p class="wide dim">{p.about}</p>
      <Field label={t("ui.look.purpose")} wide>
        <Select
          value={v.purpose}
          required
          none={t("ui.choose")}
          onChange={(purpose) => set({ purpose })}
          options={offered.map((x): [string, string] => [x, word("ui.look.for", x)])}
        />
      </Field>
      {ofIncident && <IncidentField value={v.incident} onChange={(incident) => set({ incident })} />}
      <Area
        label={ofIncident ? t("ui.look.note_optional") : t("ui.look.note")}
        help={t("ui.look.note_help")}
        max={300}
        rows={2}
        required={!ofIncident}
        value={v.note}
        onChange={(note) => set({ note })}
      />
    </FormDialog>
  );
}

// Until it is hidden, the page is left or the time is over; it is kept nowhere else and not printed.
export function RecordShown({ record, onClose }: { record: PersonRecord; onClose: () => void }) {
  useEffect(() => {
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [record]);
  const phone = record.phone;
  return (
    <section class="person-record" aria-label={t("ui.look.record")} aria-live="polite">
      <header>
        <h2>{record.name}</h2>
        {mayReadLookups() && (
          <a href={`/people?view=lookups&of=${record.id}`}>{t("ui.look.who_looked")}</a>
        )}
        <Button onClick={onClose}>{t("ui.look.hide")}</Button>
      </header>
      <Facts
        rows={[
          [
            t("ui.person.phone"),
            phone && (
              <a class="num" href={`tel:${phone.replace(/[^+\d]/g, "")}`}>
                {phone}
              </a>
            ),
          ],
          [t("ui.person.since"), record.since && date(record.since)],
        ]}
      />
      <p class="dim">{t("ui.look.shown_for", { n: SHOWN_MS / 60_000 })}</p>
    </section>
  );
}

// Both kinds in one register: records, and when somebody went in and out.
interface Entry extends PersonLookup {
  what: "record" | "passages";
}
const ofGate = (r: GateLookup): Entry => ({ ...r, person: r.holder, person_name: r.holder_name, person_code: null, what: "passages" });
const entries = (): Entry[] => [
  ...rows("person-lookups").map((r): Entry => ({ ...r, what: "record" })),
  ...rows("gate-lookups").map(ofGate),
];

const columns = (): Column<Entry>[] => [
  { key: "at", title: t("ui.look.at"), width: "12rem", cell: (r) => <span class="num">{minuteOf(r.at)}</span>, text: (r) => minuteOf(r.at), sort: (r) => r.at },
  {
    key: "person",
    title: t("ui.look.whose"),
    width: "14rem",
    cell: (r) => r.person_name ?? t("ui.look.no_name"),
    text: (r) => r.person_name,
  },
  {
    key: "what",
    title: t("ui.look.what"),
    width: "9rem",
    narrow: true,
    cell: (r) => word("ui.look.of", r.what),
    text: (r) => word("ui.look.of", r.what),
  },
  {
    key: "purpose",
    title: t("ui.look.purpose"),
    width: "20rem",
    narrow: true,
    cell: (r) => (
      <>
        {word("ui.look.for", r.purpose)}
        {r.incident_number && (
          <>
            {" "}
            <a href={`/incidents/${r.incident}`}>{r.incident_number}</a>
          </>
        )}
      </>
    ),
    text: (r) => word("ui.look.for", r.purpose),
  },
  { key: "note", title: t("ui.look.said"), narrow: true, cell: (r) => r.note ?? "–", text: (r) => r.note },
  {
    key: "by",
    title: t("ui.look.by"),
    width: "16rem",
    cell: (r) => (
      <>
        {r.looked_by_name ?? r.looked_by}
        {r.many && <Chip kind="unsure">{t("ui.look.many")}</Chip>}
      </>
    ),
    text: (r) => r.looked_by_name ?? r.looked_by,
  },
];

function RegisterTools({ of, purpose }: { of: string; purpose: string }) {
  const people = [...new Map(entries().map((r) => [r.person, r.person_name]))]
    .filter(([id, name]) => name !== null || id === of)
    .map(([id, name]): [string, string] => [id, name ?? t("ui.look.no_name")])
    .sort((a, b) => a[1].localeCompare(b[1], "vi"));
  return (
    <>
      <Select
        label={t("ui.look.whose")}
        value={of}
        none={t("ui.look.everybody")}
        onChange={(v) => setQuery({ of: v || null })}
        options={people}
      />
      <Select
        label={t("ui.look.purpose")}
        value={purpose}
        none={t("ui.look.any_purpose")}
        onChange={(v) => setQuery({ for: v || null })}
        options={[...PURPOSES, "edit"].map((x): [string, string] => [x, word("ui.look.for", x)])}
      />
    </>
  );
}

export function Lookups({ views }: { views: ComponentChildren }) {
  const of = place.value.query.get("of") ?? "";
  const purpose = place.value.query.get("for") ?? "";
  const load = need("person-lookups").value;
  const gate = may("gate.read") ? need("gate-lookups").value : null;
  const shown = entries()
    .filter((r) => (!of || r.person === of) && (!purpose || r.purpose === purpose))
    .sort((a, b) => b.at.localeCompare(a.at));
  return (
    <List
      name="person-lookups"
      key="person-lookups"
      label={t("ui.look.register")}
      rows={shown}
      columns={columns()}
      keyOf={(r) => r.id}
      load={load}
      total={of || purpose || gate ? undefined : load.total}
      filters={["view", "of", "for"]}
      paper
      download="person-lookups"
      downloadParams={{ ...(of && { person: of }), ...(purpose && { purpose }) }}
      extra={
        gate && (
          <Downloads
            of="gate-lookups"
            params={{ ...(of && { holder: of }), ...(purpose && { purpose }) }}
            label={t("ui.look.register_gate")}
            named
          />
        )
      }
      tools={
        <>
          {views}
          <RegisterTools of={of} purpose={purpose} />
        </>
      }
      empty={<Empty title={t("ui.look.none")}>{t("ui.look.none_more")}</Empty>}
    />
  );
}
