// SPDX-License-Identifier: Apache-2.0
// Nhập danh sách: choose a file, see what every column was taken for and what each row would do, apply all of it
// or nothing, take it back. What the file means is found by the server; this page shows it and asks.
import { useEffect, useState } from "preact/hooks";
import { get, post, upload } from "../api/client.ts";
import type { ImportJob, ImportPreview } from "../api/people-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { number } from "../lib/text.ts";
import { go, place } from "../router.ts";
import { lang } from "../store/prefs.ts";
import { needOne, need, one, reloadAll, rows } from "../store/store.ts";
import { useCommand } from "../ui/dialog.tsx";
import { FileField } from "../ui/fields.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Button, Empty, Field, Loaded, PageHead, Select, Time } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";

const TARGETS = ["persons", "units", "sites", "sources", "contacts", "badges", "registered-vehicles", "visits", "vehicles"];
const WORKING = ["reading", "checking", "applying", "failing", "undoing"];
const n = (v: number) => number(v, lang.value);

function Begin() {
  const [target, setTarget] = useState(place.value.query.get("target") ?? "persons");
  const [file, setFile] = useState<File | null>(null);
  const [state, run] = useCommand();
  return (
    <form
      class="form import-begin"
      onSubmit={(e) => {
        e.preventDefault();
        if (file) {
          void run(async () => {
            const answer = await upload<{ id: string }>("/imports", { target, file: file.name }, file);
            go(`/imports/${answer.id}`);
          });
        }
      }}
    >
      <div class="fields">
        <Field label={t("ui.import.target")}>
          <Select
            value={target}
            required
            onChange={setTarget}
            options={TARGETS.map((x) => [x, word("ui.import.target", x)])}
          />
        </Field>
        <FileField
          label={t("ui.import.file")}
          help={t("ui.import.file_help")}
          required
          accept=".csv,.txt,.tsv,.xlsx"
          onChange={(f) => setFile(f ?? null)}
        />
      </div>
      {state.error && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      <div class="buttons">
        <Button kind="primary" type="submit" busy={state.busy} disabled={!file}>
          {t("ui.import.read")}
        </Button>
      </div>
    </form>
  );
}

const columns = (): Column<ImportJob>[] => [
  { key: "file", title: t("ui.import.file"), cell: (j) => <a href={`/imports/${j.id}`}>{j.file}</a>, text: (j) => j.file },
  { key: "target", title: t("ui.import.target"), width: "10rem", narrow: true, cell: (j) => word("ui.import.target", j.target), text: (j) => j.target },
  { key: "state", title: t("ui.import.state"), width: "11rem", cell: (j) => word("ui.import.state", j.state), text: (j) => j.state },
  { key: "rows", title: t("ui.import.rows"), width: "6rem", narrow: true, cell: (j) => <span class="num">{n(j.rows)}</span>, text: (j) => j.rows },
  { key: "by", title: t("ui.import.by"), width: "12rem", mid: true, text: (j) => j.by_name },
  { key: "at", title: t("ui.import.at"), width: "11rem", narrow: true, cell: (j) => <Time at={j.at} withAge={false} />, text: (j) => j.at },
];

export function ImportsPage() {
  const load = need("imports").value;
  const list = rows("imports").slice().sort((a, b) => b.at.localeCompare(a.at));
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.imports")} />
      <Begin />
      <List
        name="imports"
        label={t("ui.nav.imports")}
        rows={list}
        columns={columns()}
        keyOf={(j) => j.id}
        load={load}
        onOpen={(j) => go(`/imports/${j.id}`)}
        download="imports"
        empty={<Empty title={t("ui.import.none")} />}
      />
    </div>
  );
}

// --- one job --------------------------------------------------------------------------------------
type Mapping = { header: number; sheet?: number; columns: Record<string, number>; fixed: Record<string, string>; skip: number[] };

function Counts({ job }: { job: ImportJob }) {
  const of: [string, number][] = [
    ["added", job.added],
    ["changed", job.changed],
    ["same", job.same],
    ["wrong", job.wrong],
  ];
  return (
    <dl class="import-counts">
      {of.map(([key, v]) => (
        <div key={key} class={key === "wrong" && v ? "bad" : ""}>
          <dt>{t(`ui.import.count.${key}`)}</dt>
          <dd class="num">{n(v)}</dd>
        </div>
      ))}
    </dl>
  );
}

function MappingForm({ preview, mapping, onChange, busy }: { preview: ImportPreview; mapping: Mapping; onChange: (m: Mapping) => void; busy: boolean }) {
  const options = preview.file_columns.map((c): [string, string] => [
    String(c.index),
    `${c.letter} · ${c.name || c.sample || t("ui.import.no_name")}`,
  ]);
  return (
    <fieldset class="import-mapping" disabled={busy}>
      <legend>{t("ui.import.mapping")}</legend>
      <div class="fields">
        <Field label={t("ui.import.header")}>
          <Select
            value={String(mapping.header)}
            required
            onChange={(v) => onChange({ header: Number(v), sheet: mapping.sheet, columns: {}, fixed: {}, skip: [] })}
            options={preview.head.map((h) => [
              String(h.row),
              `${h.row}: ${h.cells.filter(Boolean).slice(0, 4).join(" · ")}`,
            ])}
          />
        </Field>
        {preview.sheets > 1 && (
          <Field label={t("ui.import.sheet")}>
            <Select
              value={String(preview.sheet)}
              required
              onChange={(v) => onChange({ header: 0, sheet: Number(v), columns: {}, fixed: {}, skip: [] })}
              options={Array.from({ length: preview.sheets }, (_, i) => [
                String(i),
                i === preview.sheet ? `${i + 1} · ${preview.sheet_name}` : String(i + 1),
              ])}
            />
          </Field>
        )}
        {preview.fields.map((f) => {
          const at = mapping.columns[f.name];
          return (
            <div class="import-field" key={f.name}>
              <Field label={pick(f, "title") + (f.required ? " *" : "")}>
                <Select
                  value={at === undefined ? "" : String(at)}
                  none={t("ui.import.no_column")}
                  onChange={(v) => {
                    const next = { ...mapping.columns };
                    delete next[f.name];
                    if (v) {
                      next[f.name] = Number(v);
                    }
                    onChange({ ...mapping, columns: next });
                  }}
                  options={options}
                />
              </Field>
              {at === undefined && (
                <input
                  type="text"
                  maxLength={120}
                  placeholder={t("ui.import.fixed")}
                  aria-label={`${pick(f, "title")}: ${t("ui.import.fixed")}`}
                  defaultValue={mapping.fixed[f.name] ?? ""}
                  onChange={(e) => onChange({ ...mapping, fixed: { ...mapping.fixed, [f.name]: e.currentTarget.value } })}
                />
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

function Problems({ preview, onSkip, busy }: { preview: ImportPreview; onSkip: (r: number[]) => void; busy: boolean }) {
  const all = [...new Set(preview.problems.map((p) => p.row))];
  return (
    <section class="import-problems">
      <h2>{t("ui.import.problems", { n: n(preview.problems_n) })}</h2>
      {preview.problems_n <= all.length && (
        <Button disabled={busy} onClick={() => onSkip(all)}>
          {t("ui.import.skip_all")}
        </Button>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{t("ui.import.cell")}</th>
            <th scope="col">{t("ui.import.column")}</th>
            <th scope="col">{t("ui.import.value")}</th>
            <th scope="col">{t("ui.import.what")}</th>
            <th scope="col">{t("ui.waiting.do")}</th>
          </tr>
        </thead>
        <tbody>
          {preview.problems.slice(0, 100).map((p, i) => (
            <tr key={i}>
              <td class="num">{p.cell}</td>
              <td>{p.title_vi ? pick(p, "title") : t("ui.import.whole_row")}</td>
              <td>{p.value}</td>
              <td>{pick(p, "text")}</td>
              <td>
                <Button kind="plain" disabled={busy} onClick={() => onSkip([p.row])} aria-label={t("ui.import.skip_row", { row: p.row })}>
                  {t("ui.import.skip")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Samples({ preview }: { preview: ImportPreview }) {
  const title = (name: string) => pick(preview.fields.find((f) => f.name === name), "title") || name;
  return (
    <section class="import-samples">
      <h2>{t("ui.import.samples")}</h2>
      <ul class="lines">
        {preview.samples.map((s) => (
          <li key={s.row}>
            <b>{s.act === "add" ? t("ui.import.will_add") : t("ui.import.will_set")}</b>{" "}
            <span class="dim">{t("ui.import.row", { row: s.row })}</span>{" "}
            {s.values.map((v) => `${title(v.field)}: ${v.before ? `${v.before} → ` : ""}${v.value}`).join(" · ")}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ready({ job }: { job: ImportJob }) {
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  useEffect(() => {
    void get<ImportPreview>(`/imports/${job.id}/preview`).then(
      (p) => {
        setPreview(p);
        setMapping((m) => ({ header: p.header, sheet: p.sheets > 1 ? p.sheet : undefined, columns: p.columns, fixed: p.fixed, skip: m?.skip ?? [] }));
      },
      () => setPreview(null),
    );
  }, [job.id, job.state, job.changed_at]);
  if (!preview || !mapping) {
    return null;
  }
  const busy = job.state !== "ready";
  const change = (m: Mapping) => {
    setMapping(m);
    const body: Record<string, unknown> = { header: m.header, sheet: m.sheet, skip: m.skip };
    if (Object.keys(m.columns).length) {
      body.columns = m.columns;
      body.fixed = m.fixed;
    }
    void attempt(() => post(`/imports/${job.id}/map`, { mapping: body }), t("ui.import.state.reading"));
  };
  return (
    <>
      <p class="dim">
        {t("ui.import.read_as", { format: preview.format.toUpperCase(), encoding: preview.encoding })}
      </p>
      <MappingForm preview={preview} mapping={mapping} onChange={change} busy={busy} />
      {preview.problems.length > 0 && (
        <Problems preview={preview} busy={busy} onSkip={(r) => change({ ...mapping, skip: [...new Set([...mapping.skip, ...r])] })} />
      )}
      {preview.samples.length > 0 && <Samples preview={preview} />}
    </>
  );
}

function Acts({ job }: { job: ImportJob }) {
  const act = (what: string, done: string) =>
    void attempt(() => post(`/imports/${job.id}/${what}`), t(done));
  return (
    <>
      {job.state === "applied" && (
        <Button onClick={() => act("undo", "ui.import.undoing")}>{t("ui.import.undo")}</Button>
      )}
      {["reading", "ready", "unreadable"].includes(job.state) && (
        <Button kind="quiet" onClick={() => act("cancel", "ui.import.cancelled")}>
          {t("ui.import.cancel")}
        </Button>
      )}
      {job.state === "ready" && (
        <Button
          kind="primary"
          disabled={job.wrong > 0 || job.added + job.changed === 0}
          onClick={() => act("apply", "ui.import.applying")}
        >
          {t("ui.import.apply", { n: n(job.added + job.changed) })}
        </Button>
      )}
    </>
  );
}

export function ImportPage({ id }: { id: string }) {
  const load = needOne("imports", id).value;
  const job = one("imports", id);
  const state = job?.state;
  // Thousands of rows came or went: lists are read anew rather than row by row.
  useEffect(() => {
    if (state === "applied" || state === "undone" || state === "failed") {
      reloadAll();
    }
  }, [state]);
  return (
    <div class="page">
      <PageHead title={job ? job.file : t("ui.nav.imports")}>{job && <Acts job={job} />}</PageHead>
      <Loaded load={load} lines={6}>
        {() =>
          job && (
            <>
              <p aria-live="polite" class={`import-state ${job.state}`}>
                <b>{word("ui.import.state", job.state)}</b> · {word("ui.import.target", job.target)} ·{" "}
                {t("ui.import.of_rows", { n: n(job.rows) })}
                {job.kept > 0 && <> · {t("ui.import.kept", { n: n(job.kept) })}</>}
              </p>
              {pick(job, "problem") && <p class="error">{pick(job, "problem")}</p>}
              {WORKING.includes(job.state) && (
                <progress
                  max={Math.max(1, job.added + job.changed)}
                  value={job.state === "reading" || job.state === "checking" ? undefined : job.done}
                  aria-label={word("ui.import.state", job.state)}
                />
              )}
              {job.rows > 0 && <Counts job={job} />}
              {(job.state === "ready" || job.state === "reading") && <Ready job={job} />}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
