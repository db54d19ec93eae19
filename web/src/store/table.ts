// SPDX-License-Identifier: Apache-2.0
// The rows of one resource by id, fed by lists and by the live stream. Pure: no fetch, no signals.
// Invariant: a row from the stream is never overwritten by a list that was asked for before it came;
// a list read again drops the rows it covers and no longer names.
export type Params = Record<string, string>;

const matches = (row: object, params: Params) =>
  Object.entries(params).every(([k, v]) => String((row as Record<string, unknown>)[k]) === v);

export class Table<T extends object> {
  private readonly rows = new Map<string, T>();
  private readonly touched = new Map<string, number>(); // id -> tick of the last live row
  private ticks = 0;
  private sorted: T[] | null = null;

  constructor(private readonly keyOf: (row: T) => string) {}

  get(id: string | null | undefined): T | undefined {
    return id ? this.rows.get(id) : undefined;
  }

  get size(): number {
    return this.rows.size;
  }

  // Without what has been removed from the register (it stays readable by its id).
  all(): T[] {
    return (this.sorted ??= [...this.rows.values()].filter(
      (r) => (r as { state?: string }).state !== "removed",
    ));
  }

  // A live row; returns what stood there before.
  put(row: T): T | undefined {
    const key = this.keyOf(row);
    const before = this.rows.get(key);
    this.rows.set(key, row);
    this.touched.set(key, ++this.ticks);
    this.sorted = null;
    return before;
  }

  // To be called before a list is asked for; give the answer to merge().
  mark(): number {
    return this.ticks;
  }

  // complete: the list holds every row that matches params, so others that match are gone.
  merge(items: T[], params: Params, since: number, complete: boolean): void {
    const named = new Set<string>();
    for (const row of items) {
      const key = this.keyOf(row);
      named.add(key);
      if ((this.touched.get(key) ?? 0) <= since) {
        this.rows.set(key, row);
      }
    }
    if (complete) {
      for (const [key, row] of this.rows) {
        if (!named.has(key) && matches(row, params) && (this.touched.get(key) ?? 0) <= since) {
          this.rows.delete(key);
        }
      }
    }
    this.sorted = null;
  }

  // Keeps the newest `keep` rows by order (feeds that only grow).
  trim(keep: number, newestFirst: (a: T, b: T) => number): void {
    if (this.rows.size <= keep * 1.2) {
      return;
    }
    for (const row of this.all().slice().sort(newestFirst).slice(keep)) {
      this.rows.delete(this.keyOf(row));
      this.touched.delete(this.keyOf(row));
    }
    this.sorted = null;
  }

  clear(): void {
    this.rows.clear();
    this.touched.clear();
    this.sorted = null;
  }
}
