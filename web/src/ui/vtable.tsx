// SPDX-License-Identifier: Apache-2.0
// A table that draws only the rows in sight: 10,000 rows scroll as easily as ten. Row height is fixed by
// the style sheet (--row). The head sticks; the total is what the server says there is.
import { Component, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { BASE, query } from "../api/client.ts";
import { t } from "../lib/i18n.ts";
import { csv, number } from "../lib/text.ts";
import { density, lang } from "../store/prefs.ts";
import { Button } from "./parts.tsx";

export interface Column<T> {
  key: string;
  title: string;
  cell?: (row: T) => ComponentChildren; // what is shown; the text without it
  width?: string;
  narrow?: boolean; // left out on a phone
  mid?: boolean; // and on a small desk: the row's own page has it
  fixed?: boolean; // cannot be taken out
  off?: boolean; // not shown until chosen
  sort?: (row: T) => string | number | null | undefined; // to order by; the text without it
  text?: (row: T) => string | number | null | undefined; // for export; the column is left out without it
}

const ABOVE = 8;
const shownOn = (c: { narrow?: boolean; mid?: boolean }) =>
  c.mid ? "wide-only mid-only" : c.narrow ? "wide-only" : "";

interface RowProps<T> {
  row: T;
  index: number;
  columns: Column<T>[];
  selected: boolean;
  onOpen?: (row: T) => void;
  cls: string;
}

// Scrolling draws only the rows that come into sight; those already there are left alone.
class Row<T> extends Component<RowProps<T>> {
  // A changed state is a signal that a cell has read (a name that came later).
  shouldComponentUpdate(next: Readonly<RowProps<T>>, state: object) {
    const p = this.props;
    return (
      this.state !== state ||
      p.row !== next.row ||
      p.columns !== next.columns ||
      p.selected !== next.selected ||
      p.index !== next.index ||
      p.cls !== next.cls
    );
  }

  render({ row, index, columns, selected, onOpen, cls }: RowProps<T>) {
    return (
      <tr
        aria-rowindex={index}
        aria-selected={selected ? "true" : undefined}
        class={`${onOpen ? "opens" : ""} ${selected ? "selected" : ""} ${cls}`}
        onClick={
          onOpen &&
          ((e) => {
            if (!(e.target as Element).closest("a,button,input")) {
              onOpen(row);
            }
          })
        }
      >
        {columns.map((c) => (
          <td key={c.key} class={shownOn(c)}>
            <div class="cell">{c.cell ? c.cell(row) : c.text?.(row)}</div>
          </td>
        ))}
      </tr>
    );
  }
}

function Head<T>(p: { c: Column<T>; sort: string; onSort?: (key: string) => void }) {
  const { c, sort, onSort } = p;
  const way = sort === c.key ? "ascending" : sort === `-${c.key}` ? "descending" : undefined;
  return (
    <th scope="col" class={shownOn(c)} aria-sort={way}>
      {onSort && (c.sort || c.text) ? (
        <button type="button" class="head" onClick={() => onSort(c.key)}>
          {c.title}
          <span class="way" aria-hidden="true">
            {way === "ascending" ? "▲" : way === "descending" ? "▼" : ""}
          </span>
        </button>
      ) : (
        c.title
      )}
    </th>
  );
}

// The list `of` as the server writes it. named: it stands beside another's, and says which it is.
export function Downloads(p: { of: string; params?: Record<string, string>; label: string; named?: boolean }) {
  return (
    <span class="download">
      {["xlsx", "csv"].map((format) => (
        <a
          key={format}
          class="button plain"
          download
          href={`${BASE}/${p.of}${query({ ...p.params, format })}`}
          aria-label={t("ui.list.download", { label: p.label, format: format.toUpperCase() })}
        >
          {p.named && `${p.label} `}
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}

export function VTable<T>(props: {
  rows: T[];
  columns: Column<T>[];
  keyOf: (row: T) => string;
  label: string;
  total?: number;
  onOpen?: (row: T) => void;
  selected?: string | null;
  rowClass?: (row: T) => string;
  exportName?: string;
  download?: string;
  downloadParams?: Record<string, string>;
  extra?: ComponentChildren;
  sort?: string; // "key", or "-key" downwards
  onSort?: (key: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600, row: 32 });
  useLayoutEffect(() => {
    const el = box.current!;
    const measure = () => {
      const row = parseFloat(getComputedStyle(el).getPropertyValue("--row")) || 32;
      setView((v) => ({ top: el.scrollTop, height: el.clientHeight || v.height, row }));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    return () => watch.disconnect();
  }, [density.value]);
  useEffect(() => {
    const at = props.selected ? props.rows.findIndex((r) => props.keyOf(r) === props.selected) : -1;
    const el = box.current;
    if (el && at >= 0) {
      const top = at * view.row;
      if (top < el.scrollTop || top + view.row > el.scrollTop + el.clientHeight - view.row) {
        el.scrollTop = Math.max(0, top - el.clientHeight / 2);
      }
    }
  }, [props.selected]);
  const first = Math.max(
    0,
    Math.min(Math.floor(view.top / view.row) - ABOVE, props.rows.length - 1),
  );
  const last = Math.min(props.rows.length, Math.ceil((view.top + view.height) / view.row) + ABOVE);
  const part = props.rows.slice(first, last);
  return (
    <div class="vtable-wrap">
      <div
        class="vtable"
        ref={box}
        tabIndex={0}
        role="region"
        aria-label={props.label}
        onScroll={(e) => {
          // Whole rows only: a scroll of some pixels inside a row draws nothing.
          const top = Math.floor((e.target as HTMLElement).scrollTop / view.row) * view.row;
          setView((v) => (v.top === top ? v : { ...v, top }));
        }}
      >
        <table aria-rowcount={props.rows.length + 1}>
          <colgroup>
            {props.columns.map((c) => (
              <col
                key={c.key}
                class={shownOn(c)}
                style={c.width ? { width: c.width } : undefined}
              />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {props.columns.map((c) => (
                <Head key={c.key} c={c} sort={props.sort ?? ""} onSort={props.onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && (
              <tr aria-hidden="true" class="pad">
                <td colSpan={props.columns.length} style={{ height: `${first * view.row}px` }} />
              </tr>
            )}
            {part.map((r, i) => {
              const key = props.keyOf(r);
              return (
                <Row
                  key={key}
                  row={r}
                  index={first + i + 2}
                  columns={props.columns}
                  selected={props.selected === key}
                  onOpen={props.onOpen}
                  cls={props.rowClass?.(r) ?? ""}
                />
              );
            })}
            {last < props.rows.length && (
              <tr aria-hidden="true" class="pad">
                <td
                  colSpan={props.columns.length}
                  style={{ height: `${(props.rows.length - last) * view.row}px` }}
                />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <footer class="table-foot">
        <span class="num">
          {props.total !== undefined && props.total > props.rows.length
            ? t("ui.list.some", {
                n: number(props.rows.length, lang.value),
                total: number(props.total, lang.value),
              })
            : t("ui.list.all", { n: number(props.rows.length, lang.value) })}
        </span>
        {props.extra}
        {props.download && <Downloads of={props.download} params={props.downloadParams} label={props.label} />}
        {!props.download && props.exportName && props.rows.length > 0 && (
          <Button kind="plain" onClick={() => save(props.exportName!, props.columns, props.rows)}>
            {t("ui.action.export_csv")}
          </Button>
        )}
      </footer>
    </div>
  );
}

function save<T>(name: string, columns: Column<T>[], rows: T[]): void {
  const used = columns.filter((c) => c.text);
  const text = csv(
    used.map((c) => c.title),
    rows.map((r) => used.map((c) => c.text!(r))),
  );
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  a.download = `${name}.csv`;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}
