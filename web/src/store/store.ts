// SPDX-License-Identifier: Apache-2.0
// Everything the console knows: one table per resource, a signal each that counts its changes, and the
// queries that pages have asked for (read again after `reset` or a long loss). Pages read rows() and
// call need(); they never fetch lists themselves.
import { batch, signal, type Signal } from "@preact/signals";
import { ACCOUNT_NAMES } from "../api/accounts.ts";
import { ApiError, get, list } from "../api/client.ts";
import { COORD_NAMES } from "../api/coord.ts";
import { DOCUMENT_NAMES } from "../api/documents.ts";
import { GATE_WORK_NAMES } from "../api/gatework.ts";
import { MUSTER_NAMES } from "../api/muster.ts";
import { GATE_NAMES } from "../api/gate.ts";
import { POSTURE_NAMES } from "../api/posture.ts";
import { PRIVACY_NAMES } from "../api/privacy.ts";
import { REGISTER_NAMES } from "../api/register.ts";
import type { ResourceName, Resources } from "../api/types.ts";
import { VISIT_NAMES } from "../api/visits.ts";
import { Table, type Params } from "./table.ts";

const MAX_ROWS = 10_000;
const FEED_ROWS = 2_000;

export type LoadState = { state: "loading" | "ready" | "error"; error?: ApiError; total: number };
interface Query {
  name: ResourceName;
  params: Params;
  max: number;
  load: Signal<LoadState>;
}

const NAMES: ResourceName[] = [
  "sites",
  "posts",
  "zones",
  "gates",
  "contacts",
  "sources",
  "source-points",
  "waiting-sources",
  "drawings",
  "drawing-layers",
  "zone-links",
  "site-positions",
  "alerts",
  "alert-storms",
  "rules",
  "rule-texts",
  "rule-trial-sites",
  "rule-progress",
  "rule-shadow",
  "situations",
  "incidents",
  "incident-log",
  "tasks",
  "checklist-templates",
  "checklists",
  "checklist-answers",
  "deadlines",
  "users",
  "agencies",
  "units",
  "persons",
  "person-lookups",
  "force-types",
  "imports",
  "tokens",
  ...REGISTER_NAMES,
  ...COORD_NAMES,
  "second-requests",
  ...ACCOUNT_NAMES,
  ...DOCUMENT_NAMES,
  ...PRIVACY_NAMES,
  ...POSTURE_NAMES,
  ...MUSTER_NAMES,
  ...GATE_WORK_NAMES,
  ...VISIT_NAMES,
  ...GATE_NAMES,
  "links",
  "notice-rules",
  "notice-tests",
  "events",
];

const keyOf = (row: object): string => {
  const r = row as { id?: string; name?: string };
  return r.id ?? r.name ?? "";
};

type Tables = { [N in ResourceName]: Table<Resources[N]> };
const tables = Object.fromEntries(
  NAMES.map((n) => [n, new Table<object>(keyOf)]),
) as unknown as Tables;
const versions = Object.fromEntries(NAMES.map((n) => [n, signal(0)])) as Record<
  ResourceName,
  Signal<number>
>;
const queries = new Map<string, Query>();

// Changed rows of the stream, before and after: the sound and the announcements listen.
type Listener = <N extends ResourceName>(
  name: N,
  row: Resources[N],
  before: Resources[N] | undefined,
) => void;
const listeners: Listener[] = [];
export const onRow = (f: Listener) => void listeners.push(f);

export function rows<N extends ResourceName>(name: N): Resources[N][] {
  void versions[name].value;
  return tables[name].all();
}

export function one<N extends ResourceName>(
  name: N,
  id: string | null | undefined,
): Resources[N] | undefined {
  void versions[name].value;
  return tables[name].get(id);
}

const norm = (name: string) => name.replace(/_/g, "-") as ResourceName;

export function putRow(resource: string, row: object): void {
  const name = norm(resource);
  const table = tables[name] as Table<object> | undefined;
  if (!table) {
    return;
  }
  const before = table.put(row);
  if (name === "events") {
    tables.events.trim(FEED_ROWS, (a, b) => b.at.localeCompare(a.at));
  }
  versions[name].value++;
  for (const f of listeners) {
    f(name, row as never, before as never);
  }
}

export function putRows(changes: { resource: string; row: object }[]): void {
  batch(() => changes.forEach((c) => putRow(c.resource, c.row)));
}

// Parts of rows that are here already: no news of their own, so nobody is told.
export function patchRows<N extends ResourceName>(
  name: N,
  parts: (Partial<Resources[N]> & { id: string })[],
): void {
  const table = tables[name] as Table<object>;
  for (const part of parts) {
    const row = table.get(part.id);
    if (row) {
      table.put({ ...row, ...part });
    }
  }
  versions[name].value++;
}

// Lists are asked for once the stream is open, so that nothing falls between the two.
let gate: Promise<unknown> = Promise.resolve();
export const openAfter = (opened: Promise<unknown>): void => {
  gate = opened;
};

async function run(q: Query): Promise<void> {
  await gate;
  const table = tables[q.name] as Table<object>;
  const since = table.mark();
  try {
    const { items, total } = await list<object>(`/${q.name}`, q.params, q.max);
    batch(() => {
      table.merge(items, q.params, since, items.length >= total && q.name !== "events");
      versions[q.name].value++;
      q.load.value = { state: "ready", total };
    });
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
    // What is on the screen stays; an error is shown only where nothing could be read yet.
    if (q.load.value.state !== "ready") {
      q.load.value = { state: "error", error: e, total: 0 };
    }
  }
}

const queryKey = (name: ResourceName, params: Params) =>
  name + "?" + new URLSearchParams(params).toString();

export function need(name: ResourceName, params: Params = {}, max = MAX_ROWS): Signal<LoadState> {
  const key = queryKey(name, params);
  let q = queries.get(key);
  if (!q) {
    q = { name, params, max, load: signal<LoadState>({ state: "loading", total: 0 }) };
    queries.set(key, q);
    void run(q);
  }
  return q.load;
}

// One row by its id, for an address that names something outside the lists on hand.
const singles = new Map<string, Signal<LoadState>>();

export function needOne(name: ResourceName, id: string): Signal<LoadState> {
  const key = `${name}/${id}`;
  let load = singles.get(key);
  if (!load) {
    load = signal<LoadState>({ state: "loading", total: 0 });
    singles.set(key, load);
    const done = load;
    const since = (tables[name] as Table<object>).mark(); // a live row that comes meanwhile is newer
    get<object>(`/${name}/${encodeURIComponent(id)}`).then(
      (row) =>
        batch(() => {
          (tables[name] as Table<object>).merge([row], {}, since, false);
          versions[name].value++;
          done.value = { state: "ready", total: 1 };
        }),
      (e: ApiError) => {
        done.value = { state: "error", error: e, total: 0 };
      },
    );
  }
  return load;
}

export function retry(name?: ResourceName): void {
  for (const q of queries.values()) {
    if (!name || q.name === name) {
      if (q.load.value.state === "error") {
        q.load.value = { state: "loading", total: 0 };
      }
      void run(q);
    }
  }
  for (const [key, load] of singles) {
    if (load.value.state === "error") {
      singles.delete(key);
    }
  }
}

export const reloadAll = () => retry();

export function clearAll(): void {
  queries.clear();
  singles.clear();
  batch(() =>
    NAMES.forEach((n) => {
      tables[n].clear();
      versions[n].value++;
    }),
  );
}
