// SPDX-License-Identifier: Apache-2.0
// Whole days as the API has them (2026-11-22) and as people read and type them (22/11/2026). Pure.
export function dayText(day: string | null | undefined): string {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "");
  return m ? `${m[3]}/${m[2]}/${m[1]}` : "–";
}

// What was typed, as the API wants it; null when it is no day of the calendar.
export function typedDay(text: string): string | null {
  const m = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text);
  if (!m) {
    return null;
  }
  const [d, mo, y] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const at = new Date(Date.UTC(y, mo - 1, d));
  return at.getUTCFullYear() === y && at.getUTCMonth() === mo - 1 && at.getUTCDate() === d
    ? at.toISOString().slice(0, 10)
    : null;
}

const VN_MS = 7 * 3600_000;
export const today = (nowMs: number): string => new Date(nowMs + VN_MS).toISOString().slice(0, 10);

export const stood = (
  row: { valid_from: string | null; valid_to: string | null },
  on: string,
): boolean => (row.valid_from ?? "") <= on && on <= (row.valid_to ?? "9999");
