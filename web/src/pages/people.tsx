// SPDX-License-Identifier: Apache-2.0
// Con người: the units of one's agency and who serves in them, as the duty needs them. The personal part of a record is
// looked up, with a purpose (privacy/lookups.tsx); a list read from a file goes through Nhập danh sách.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Person, PersonRecord, Unit } from "../api/people-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Button, Chip, Empty, Field, Filters, PageHead, Select } from "../ui/parts.tsx";
import { LookDialog, Lookups, lookToEdit, mayLook, mayReadLookups, RecordShown } from "./privacy/lookups.tsx";

const mayEdit = () => may("people.edit");
const unitOptions = (): [string, string][] =>
  rows("units")
    .filter((u) => u.state === "active")
    .map((u): [string, string] => [u.id, u.agency_name ? `${u.name} (${u.agency_name})` : u.name])
    .sort((a, b) => a[1].localeCompare(b[1], "vi"));

function Text(props: {
  label: string;
  value: string;
  max: number;
  onInput: (v: string) => void;
  required?: boolean;
  wide?: boolean;
  type?: string;
}) {
  return (
    <Field label={props.label} wide={props.wide}>
      <input
        type={props.type ?? "text"}
        maxLength={props.max}
        required={props.required}
        value={props.value}
        autocomplete="off"
        onInput={(e) => props.onInput(e.currentTarget.value)}
      />
    </Field>
  );
}

function PersonForm({
  person,
  record,
  onClose,
}: {
  person?: Person;
  record?: PersonRecord;
  onClose: () => void;
}) {
  const [v, setV] = useState({
    unit: person?.unit ?? place.value.query.get("unit") ?? "",
    name: person?.name ?? "",
    code: person?.code ?? "",
    rank: person?.rank ?? "",
    title: person?.title ?? "",
    phone: record?.phone ?? "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  return (
    <FormDialog
      title={person ? t("ui.person.edit") : t("ui.person.add")}
      submit={person ? t("ui.action.save") : t("ui.person.add")}
      onClose={onClose}
      onSubmit={() => post(person ? `/persons/${person.id}` : "/persons", v)}
    >
      <Field label={t("ui.person.unit")} wide>
        <Select
          value={v.unit}
          required
          none={t("ui.choose")}
          onChange={(unit) => set({ unit })}
          options={unitOptions()}
        />
      </Field>
      <Text label={t("ui.person.name")} required max={80} wide value={v.name} onInput={(name) => set({ name })} />
      <Text label={t("ui.person.code")} max={32} value={v.code} onInput={(code) => set({ code })} />
      <Text label={t("ui.person.rank")} max={60} value={v.rank} onInput={(rank) => set({ rank })} />
      <Text label={t("ui.person.title")} max={80} value={v.title} onInput={(title) => set({ title })} />
      <Text label={t("ui.person.phone")} max={40} type="tel" value={v.phone} onInput={(phone) => set({ phone })} />
    </FormDialog>
  );
}

function RetireForm({ person, onClose }: { person: Person; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.person.retire_title", { name: person.name ?? "" })}
      submit={t("ui.person.retire")}
      onClose={onClose}
      onSubmit={() => post(`/persons/${person.id}/retire`, { reason })}
    >
      <Text label={t("ui.reason")} required max={200} wide value={reason} onInput={setReason} />
    </FormDialog>
  );
}

function UnitForm({ unit, onClose }: { unit?: Unit; onClose: () => void }) {
  need("force-types");
  const [v, setV] = useState({
    code: unit?.code ?? "",
    name: unit?.name ?? "",
    force: unit?.force ?? "",
    parent: unit?.parent ?? "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  return (
    <FormDialog
      title={unit ? t("ui.unit.edit") : t("ui.unit.add")}
      submit={unit ? t("ui.action.save") : t("ui.unit.add")}
      onClose={onClose}
      onSubmit={() => post(unit ? `/units/${unit.id}` : "/units", { ...v, parent: v.parent || undefined })}
    >
      <Text label={t("ui.unit.code")} required max={32} value={v.code} onInput={(code) => set({ code })} />
      <Field label={t("ui.unit.force")}>
        <Select
          value={v.force}
          required
          none={t("ui.choose")}
          onChange={(force) => set({ force })}
          options={rows("force-types").map((f) => [f.id, pick(f, "name")])}
        />
      </Field>
      <Text label={t("ui.unit.name")} required max={120} wide value={v.name} onInput={(name) => set({ name })} />
      <Field label={t("ui.unit.parent")} wide>
        <Select
          value={v.parent}
          none={t("ui.unit.no_parent")}
          onChange={(parent) => set({ parent })}
          options={unitOptions().filter(([id]) => id !== unit?.id)}
        />
      </Field>
    </FormDialog>
  );
}

type Open =
  | { what: "person"; row?: Person; record?: PersonRecord }
  | { what: "look"; row: Person }
  | { what: "retire"; row: Person }
  | { what: "unit"; row?: Unit };

async function edit(row: Person, open: (o: Open) => void): Promise<void> {
  const record = await lookToEdit(row.id);
  if (record) {
    open({ what: "person", row, record });
  }
}

const personColumns = (open: (o: Open) => void): Column<Person>[] => [
  {
    key: "name",
    title: t("ui.person.name"),
    cell: (p) => (
      <>
        {p.name ?? "–"}
        {p.state !== "active" && <Chip>{word("ui.person.state", p.state)}</Chip>}
      </>
    ),
    text: (p) => p.name,
  },
  { key: "code", title: t("ui.person.code"), width: "8rem", narrow: true, cell: (p) => <span class="num">{p.code ?? "–"}</span>, text: (p) => p.code },
  { key: "rank", title: t("ui.person.rank"), width: "9rem", narrow: true, cell: (p) => p.rank ?? "–", text: (p) => p.rank },
  { key: "title", title: t("ui.person.title"), width: "11rem", narrow: true, cell: (p) => p.title ?? "–", text: (p) => p.title },
  { key: "unit", title: t("ui.person.unit"), width: "15rem", narrow: true, cell: (p) => p.unit_name ?? "–", text: (p) => p.unit_name },
  ...(mayLook()
    ? [
        {
          key: "look",
          title: t("ui.look.column"),
          width: "8rem",
          cell: (p: Person) =>
            p.state !== "forgotten" && (
              <Button kind="plain" onClick={() => open({ what: "look", row: p })}>
                {t("ui.look.open")}
                <span class="hidden"> {p.name}</span>
              </Button>
            ),
        },
      ]
    : []),
  ...(mayEdit()
    ? [
        {
          key: "do",
          title: t("ui.waiting.do"),
          width: "14rem",
          narrow: true,
          cell: (p: Person) =>
            p.state === "active" && (
              <span class="row">
                <Button kind="plain" onClick={() => void edit(p, open)}>
                  {t("ui.action.edit")}
                </Button>
                <Button kind="plain" onClick={() => open({ what: "retire", row: p })}>
                  {t("ui.person.retire")}
                </Button>
              </span>
            ),
        },
      ]
    : []),
];

const unitColumns = (open: (o: Open) => void): Column<Unit>[] => [
  { key: "name", title: t("ui.unit.name"), cell: (u) => <a href={`/people?unit=${u.id}`}>{u.name}</a>, text: (u) => u.name },
  { key: "code", title: t("ui.unit.code"), width: "9rem", cell: (u) => <span class="num">{u.code}</span>, text: (u) => u.code },
  { key: "force", title: t("ui.unit.force"), width: "16rem", narrow: true, text: (u) => pick(u, "force") },
  { key: "parent", title: t("ui.unit.parent"), width: "16rem", narrow: true, cell: (u) => u.parent_name ?? "–", text: (u) => u.parent_name },
  { key: "agency", title: t("ui.agency.one"), width: "14rem", mid: true, cell: (u) => u.agency_name ?? "–", text: (u) => u.agency_name },
  ...(mayEdit()
    ? [
        {
          key: "do",
          title: t("ui.waiting.do"),
          width: "6rem",
          narrow: true,
          cell: (u: Unit) => (
            <Button kind="plain" onClick={() => open({ what: "unit", row: u })}>
              {t("ui.action.edit")}
            </Button>
          ),
        },
      ]
    : []),
];

export function PeoplePage() {
  const [open, setOpen] = useState<Open | null>(null);
  const [record, setRecord] = useState<PersonRecord | null>(null);
  const view = place.value.query.get("view");
  const units = view === "units";
  const lookups = view === "lookups" && mayReadLookups();
  const unit = place.value.query.get("unit") ?? "";
  const person = place.value.query.get("person");
  const load = [need("units").value, need("persons").value];
  const persons = rows("persons")
    .filter((p) => !unit || p.unit === unit)
    .sort((a, b) => (a.name ?? "").localeCompare(b.name ?? "", "vi"));
  const unitRows = rows("units").slice().sort((a, b) => a.name.localeCompare(b.name, "vi"));
  const close = () => setOpen(null);
  const views = (
    <Filters
      name={t("ui.site.views")}
      value={lookups ? "lookups" : units ? "units" : "persons"}
      onChange={(v) => {
        setRecord(null);
        setQuery({ view: v === "persons" ? null : v, unit: null, of: null, for: null, sort: null });
      }}
      options={[
        ["persons", t("ui.persons"), rows("persons").length],
        ["units", t("ui.units"), unitRows.length],
        ...(mayReadLookups() ? [["lookups", t("ui.look.register")] as [string, string]] : []),
      ]}
    />
  );
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.people")}>
        {mayEdit() && !lookups && may("imports.use") && (
          <a class="button" href={`/imports?target=${units ? "units" : "persons"}`}>
            {t("ui.import.begin")}
          </a>
        )}
        {mayEdit() && !lookups && (
          <Button kind="primary" onClick={() => setOpen({ what: units ? "unit" : "person" })}>
            {units ? t("ui.unit.add") : t("ui.person.add")}
          </Button>
        )}
      </PageHead>
      {record && !lookups && <RecordShown record={record} onClose={() => setRecord(null)} />}
      {lookups ? (
        <Lookups views={views} />
      ) : units ? (
        <List
          name="units"
          key="units"
          label={t("ui.units")}
          rows={unitRows}
          columns={unitColumns(setOpen)}
          keyOf={(u) => u.id}
          load={load}
          filters={["view"]}
          tools={views}
          download="units"
          empty={<Empty title={t("ui.units.none")} />}
        />
      ) : (
        <List
          name="persons"
          key="persons"
          label={t("ui.persons")}
          rows={persons}
          columns={personColumns(setOpen)}
          keyOf={(p) => p.id}
          load={load}
          total={unit ? undefined : load[1]!.total}
          filters={["unit"]}
          download="persons"
          selected={person}
          downloadParams={unit ? { unit } : undefined}
          tools={
            <>
              {views}
              <Select
                label={t("ui.person.unit")}
                value={unit}
                none={t("ui.person.all_units")}
                onChange={(v) => setQuery({ unit: v })}
                options={unitOptions()}
              />
            </>
          }
          empty={<Empty title={t("ui.persons.none")}>{t("ui.persons.none_more")}</Empty>}
        />
      )}
      {open?.what === "person" && <PersonForm person={open.row} record={open.record} onClose={close} />}
      {open?.what === "look" && <LookDialog person={open.row} onRecord={setRecord} onClose={close} />}
      {open?.what === "retire" && <RetireForm person={open.row} onClose={close} />}
      {open?.what === "unit" && <UnitForm unit={open.row} onClose={close} />}
    </div>
  );
}
