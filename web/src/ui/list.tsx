// SPDX-License-Identifier: Apache-2.0
// A list as every page has it: filters and views above, the table, totals below. Columns can be chosen, rows
// ordered by a head, and the whole (filters, order, columns) saved under a name. Filters and order live in the
// address; columns and saved views in this browser, for this person. A page gives rows, columns and its name.
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { t } from "../lib/i18n.ts";
import { NAME_MAX, nextSort, sortRows, viewShown, withView, type View } from "../lib/lists.ts";
import { place, setQuery } from "../router.ts";
import { looksOf, setLooks } from "../store/looks.ts";
import { density } from "../store/prefs.ts";
import type { LoadState } from "../store/store.ts";
import { Icon } from "./icons.tsx";
import { Button, Choices, Loaded, Select } from "./parts.tsx";
import { Popover } from "./popover.tsx";
import { printRegister } from "./register.tsx";
import { VTable, type Column } from "./vtable.tsx";

export type { Column } from "./vtable.tsx";

interface Props<T> {
  name: string; // what is kept of this list is kept under it
  label: string;
  rows: T[];
  columns: Column<T>[];
  keyOf: (row: T) => string;
  empty: ComponentChildren;
  load?: LoadState | LoadState[];
  tools?: ComponentChildren; // filters, before the views
  filters?: string[]; // their names in the address: part of a saved view
  crowded?: string[]; // columns there is no room for now
  part?: boolean; // only some of the rows are here: they keep the server's order
  total?: number;
  onOpen?: (row: T) => void;
  selected?: string | null;
  rowClass?: (row: T) => string;
  exportName?: string;
  download?: string; // the list as the server writes it: its name in the API
  downloadParams?: Record<string, string>;
  extra?: ComponentChildren;
  paper?: boolean; // prints as a register: what is shown here, every line
}

const NONE: Record<string, boolean> = {};

// What is chosen by hand is shown on a small window, too.
function chosen<T>(all: Column<T>[], choice: Record<string, boolean>, crowded: string[]): Column<T>[] {
  return all
    .filter((c, i) => i === 0 || c.fixed || (choice[c.key] ?? !crowded.includes(c.key)))
    .map((c) => (choice[c.key] ? { ...c, narrow: false, mid: false } : c));
}

// As the style sheet leaves columns out (phone.css, desk.css), where nobody has chosen.
function standing<T>(c: Column<T>, props: Props<T>): boolean {
  const below = (px: number) => matchMedia(`(max-width: ${px}px)`).matches;
  return !(
    c.off ||
    props.crowded?.includes(c.key) ||
    ((c.narrow || c.mid) && below(760)) ||
    (c.mid && below(1360))
  );
}

function Columns<T>({ props }: { props: Props<T> }) {
  const looks = looksOf(props.name);
  return (
    <fieldset>
      <legend>{t("ui.list.columns")}</legend>
      {props.columns.map((c, i) => (
        <label class="check" key={c.key}>
          <input
            type="checkbox"
            disabled={i === 0 || c.fixed}
            checked={i === 0 || c.fixed || (looks.columns[c.key] ?? standing(c, props))}
            onChange={(e) =>
              setLooks(props.name, {
                ...looks,
                columns: { ...looks.columns, [c.key]: e.currentTarget.checked },
              })
            }
          />
          <span>{c.title}</span>
        </label>
      ))}
      {Object.keys(looks.columns).length > 0 && (
        <Button kind="plain" onClick={() => setLooks(props.name, { ...looks, columns: NONE })}>
          {t("ui.list.columns_reset")}
        </Button>
      )}
    </fieldset>
  );
}

function Views({ name, query }: { name: string; query: Record<string, string> }) {
  const looks = looksOf(name);
  const [text, setText] = useState("");
  return (
    <fieldset>
      <legend>{t("ui.list.views")}</legend>
      {looks.views.map((v) => (
        <div class="saved" key={v.name}>
          <span>{v.name}</span>
          <Button
            kind="plain"
            aria-label={t("ui.list.view_drop", { name: v.name })}
            onClick={() =>
              setLooks(name, { ...looks, views: looks.views.filter((x) => x !== v) })
            }
          >
            <Icon name="close" />
          </Button>
        </div>
      ))}
      <form
        class="save-view"
        onSubmit={(e) => {
          e.preventDefault();
          const view: View = { name: text.trim(), query, columns: looks.columns };
          if (view.name) {
            setLooks(name, withView(looks, view));
            setText("");
            e.currentTarget.querySelector("input")?.focus();
          }
        }}
      >
        <input
          type="text"
          maxLength={NAME_MAX}
          value={text}
          aria-label={t("ui.list.view_name")}
          placeholder={t("ui.list.view_name")}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <Button type="submit" disabled={!text.trim()}>
          {t("ui.list.view_save")}
        </Button>
      </form>
    </fieldset>
  );
}

function Tools<T>({ props, query }: { props: Props<T>; query: Record<string, string> }) {
  const looks = looksOf(props.name);
  const now = viewShown(looks, query, looks.columns);
  const apply = (v: View | undefined) => {
    const parts = ["sort", ...(props.filters ?? [])];
    setQuery(Object.fromEntries(parts.map((p) => [p, v?.query[p] ?? null])));
    setLooks(props.name, { ...looks, columns: v?.columns ?? NONE });
  };
  return (
    <span class="list-tools">
      {looks.views.length > 0 && (
        <Select
          label={t("ui.list.views")}
          value={now?.name ?? ""}
          none={t("ui.list.view_default")}
          onChange={(name) => apply(looks.views.find((v) => v.name === name))}
          options={looks.views.map((v) => [v.name, v.name])}
        />
      )}
      <Popover
        label={t("ui.list.look")}
        button={
          <>
            <Icon name="columns" />
            <span>{t("ui.list.look")}</span>
          </>
        }
      >
        <Columns props={props} />
        <Choices
          name={`density-${props.name}`}
          legend={t("ui.list.density")}
          value={density.value}
          onChange={(v) => {
            density.value = v === "compact" ? "compact" : "normal";
          }}
          options={[
            ["normal", t("ui.list.density_normal")],
            ["compact", t("ui.list.density_compact")],
          ]}
        />
        <Views name={props.name} query={query} />
      </Popover>
    </span>
  );
}

function printList<T>(label: string, rows: T[], columns: Column<T>[]): void {
  const told = columns.filter((c) => c.text);
  printRegister({
    title: label,
    heads: told.map((c) => c.title),
    lines: rows.map((r) => told.map((c) => c.text!(r) ?? "")),
  });
}

export function List<T>(props: Props<T>) {
  const q = place.value.query;
  const sort = props.part ? "" : (q.get("sort") ?? "");
  const query: Record<string, string> = {};
  for (const part of ["sort", ...(props.filters ?? [])]) {
    const v = q.get(part);
    if (v) {
      query[part] = v;
    }
  }
  const looks = looksOf(props.name);
  const off = props.columns.filter((c) => c.off).map((c) => c.key);
  const columns = chosen(props.columns, looks.columns, [...off, ...(props.crowded ?? [])]);
  const rows = useMemo(
    () => (sort ? sortRows(props.rows, props.columns, sort) : props.rows),
    [props.rows, sort],
  );
  const body = () =>
    rows.length === 0 ? (
      props.empty
    ) : (
      <VTable
        rows={rows}
        columns={columns}
        keyOf={props.keyOf}
        label={props.label}
        total={props.total}
        onOpen={props.onOpen}
        selected={props.selected}
        rowClass={props.rowClass}
        exportName={props.exportName}
        download={props.download}
        downloadParams={props.downloadParams}
        extra={props.extra}
        sort={sort}
        onSort={props.part ? undefined : (key) => setQuery({ sort: nextSort(sort, key) })}
      />
    );
  return (
    <>
      <div class="toolbar">
        {props.tools}
        <Tools props={props} query={query} />
        {props.paper && rows.length > 0 && (
          <Button onClick={() => printList(props.label, rows, columns)}>{t("ui.register.print")}</Button>
        )}
      </div>
      {props.load ? (
        <Loaded load={props.load} lines={10}>
          {body}
        </Loaded>
      ) : (
        body()
      )}
    </>
  );
}
