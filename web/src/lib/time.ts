// SPDX-License-Identifier: Apache-2.0
// Times as the desk reads them: always Viet Nam's clock (+07:00, no summer time), whatever this machine is
// set to. Pure.
const OFFSET_MS = 7 * 3600_000;
const two = (n: number) => String(n).padStart(2, "0");

export type TimeLike = string | number | null | undefined;

export function ms(t: TimeLike): number | null {
  if (t === null || t === undefined || t === "") {
    return null;
  }
  const n = typeof t === "number" ? t : Date.parse(t);
  return Number.isNaN(n) ? null : n;
}

function parts(at: number) {
  const d = new Date(at + OFFSET_MS);
  return {
    date: `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`,
    day: Math.floor((at + OFFSET_MS) / 86400_000),
    minute: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`,
    time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`,
  };
}

export function clock(t: TimeLike): string {
  const at = ms(t);
  return at === null ? "–" : parts(at).time;
}

export function minute(t: TimeLike): string {
  const at = ms(t);
  return at === null ? "–" : parts(at).minute;
}

export function date(t: TimeLike): string {
  const at = ms(t);
  return at === null ? "–" : parts(at).date;
}

// dd/MM/yyyy HH:mm:ss
export function full(t: TimeLike): string {
  const at = ms(t);
  return at === null ? "–" : `${parts(at).date} ${parts(at).time}`;
}

const HALF_DAY_MS = 12 * 3600_000;

// The time alone today and within a night shift, the date before it otherwise.
export function near(t: TimeLike, nowMs: number): string {
  const at = ms(t);
  if (at === null) {
    return "–";
  }
  const p = parts(at);
  return p.day === parts(nowMs).day || Math.abs(nowMs - at) < HALF_DAY_MS
    ? p.time
    : `${p.date} ${p.time}`;
}

export type AgeUnit = "now" | "second" | "minute" | "hour" | "day";
export function age(t: TimeLike, nowMs: number): { unit: AgeUnit; n: number } | null {
  const at = ms(t);
  if (at === null) {
    return null;
  }
  const s = Math.max(0, Math.floor((nowMs - at) / 1000));
  if (s < 5) {
    return { unit: "now", n: 0 };
  }
  if (s < 60) {
    return { unit: "second", n: s };
  }
  if (s < 3600) {
    return { unit: "minute", n: Math.floor(s / 60) };
  }
  return s < 86400
    ? { unit: "hour", n: Math.floor(s / 3600) }
    : { unit: "day", n: Math.floor(s / 86400) };
}

// A running clock: 04:07, 1:04:07, 2 d 01:04:07 as [days, text].
export function running(from: TimeLike, to: number): { days: number; text: string } {
  const at = ms(from) ?? to;
  const s = Math.max(0, Math.floor((to - at) / 1000));
  const days = Math.floor(s / 86400);
  const h = Math.floor((s % 86400) / 3600);
  const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return { days, text: h || days ? `${days ? two(h) : h}:${rest}` : rest };
}

// What a person types, dd/MM/yyyy HH:mm[:ss] or HH:mm[:ss] of today, to RFC 3339; null if it is no time.
// The browser's own field is not used: it follows the browser's language, not the officer's.
export function parseTyped(text: string, nowMs: number): string | null {
  const m =
    /^(?:(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ ,T]+)?(\d{1,2})[:hg](\d{2})(?::(\d{2}))?$/.exec(
      text.trim(),
    );
  if (!m) {
    return null;
  }
  const [d, mo, y] = m[1]
    ? [m[1], m[2]!, m[3]!]
    : (date(nowMs).split("/") as [string, string, string]);
  const iso = `${y}-${two(Number(mo))}-${two(Number(d))}T${two(Number(m[4]))}:${m[5]}:${m[6] ?? "00"}`;
  const at = Date.parse(`${iso}+07:00`);
  return !Number.isNaN(at) && new Date(at + OFFSET_MS).toISOString().startsWith(iso)
    ? `${iso}+07:00`
    : null;
}
