// SPDX-License-Identifier: Apache-2.0
// How a list is looked at: which columns, in what order its rows, and the views somebody has saved of it.
// Pure; what is kept is read with distrust, for it may come from an older console.
export interface Looks {
  columns: Record<string, boolean>; // by key: chosen or taken out; absent: as the list has it
  views: View[];
}
export interface View {
  name: string;
  query: Record<string, string>; // filters and sort, as in the address
  columns: Record<string, boolean>;
}
export interface Sortable<T> {
  key: string;
  text?: (row: T) => string | number | null | undefined;
  sort?: (row: T) => string | number | null | undefined;
}

export const VIEWS_MAX = 20;
export const NAME_MAX = 40;
const EMPTY: Looks = { columns: {}, views: [] };

const isRecord = (v: unknown): v is Record<string, unknown> =>
  typeof v === "object" && v !== null && !Array.isArray(v);

function only<T>(v: unknown, type: string): Record<string, T> {
  return isRecord(v)
    ? (Object.fromEntries(Object.entries(v).filter(([, x]) => typeof x === type)) as Record<string, T>)
    : {};
}

export function readLooks(text: string): Looks {
  try {
    const v: unknown = JSON.parse(text);
    if (!isRecord(v)) {
      return EMPTY;
    }
    const views = (Array.isArray(v.views) ? v.views : [])
      .filter((x): x is Record<string, unknown> => isRecord(x) && typeof x.name === "string")
      .slice(0, VIEWS_MAX)
      .map((x) => ({
        name: (x.name as string).slice(0, NAME_MAX),
        query: only<string>(x.query, "string"),
        columns: only<boolean>(x.columns, "boolean"),
      }));
    return { columns: only<boolean>(v.columns, "boolean"), views };
  } catch {
    return EMPTY;
  }
}

// A view of the same name is replaced; the newest stands last.
export function withView(looks: Looks, view: View): Looks {
  const others = looks.views.filter((v) => v.name !== view.name);
  return { ...looks, views: [...others, view].slice(-VIEWS_MAX) };
}

const same = (a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([k, v]) => b[k] === v);

// The saved view that is on the screen now.
export const viewShown = (
  looks: Looks,
  query: Record<string, string>,
  columns: Record<string, boolean>,
): View | undefined =>
  looks.views.find((v) => same(v.query, query) && same(v.columns, columns));

// "-opened": newest first; the first press on a head goes up, the second down, the third back.
export function nextSort(now: string, key: string): string | null {
  return now === key ? `-${key}` : now === `-${key}` ? null : key;
}

const collator = new Intl.Collator("vi", { numeric: true, sensitivity: "base" });

// Rows without a value stand last, whichever way; rows that are equal stay as they came.
export function sortRows<T>(rows: T[], columns: Sortable<T>[], by: string): T[] {
  const down = by.startsWith("-");
  const column = columns.find((c) => c.key === (down ? by.slice(1) : by));
  const value = column?.sort ?? column?.text;
  if (!value) {
    return rows;
  }
  const empty = (v: unknown) => v === null || v === undefined || v === "";
  const keyed = rows.map((row) => ({ row, v: value(row) }));
  const order = (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : collator.compare(String(a), String(b));
  keyed.sort(
    (a, b) =>
      Number(empty(a.v)) - Number(empty(b.v)) ||
      (empty(a.v) ? 0 : order(a.v, b.v) * (down ? -1 : 1)),
  );
  return keyed.map((k) => k.row);
}
