// SPDX-License-Identifier: Apache-2.0
// One function per way of asking. A failure is always an ApiError: with the server's problem when it
// answered, with status 0 when it could not be reached. A 401 outside the login ends the session.
import type { Page, Problem } from "./types.ts";

export const BASE = "/api/v1";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail || problem.title || String(status));
  }
  get offline(): boolean {
    return this.status === 0;
  }
}

// Not done and not refused: it waits for a second person. Said once for all, by onSecond; whoever runs an act (useCommand,
// attempt) only takes it for neither.
export class SecondAwaited extends Error {}

const shared = { csrf: "", lang: "vi", onUnauthorised: () => {}, onSecond: () => {} };
export const clientState = shared;

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body = (await answer.json()) as Problem;
    return { ...body, status: answer.status };
  } catch {
    return { status: answer.status, title: answer.statusText };
  }
}

export async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<T> {
  const headers: Record<string, string> = {
    ...more,
    Accept: "application/json",
    "Accept-Language": shared.lang,
  };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET") {
    headers["X-CSRF-Token"] = shared.csrf;
    headers["Idempotency-Key"] ??= crypto.getRandomValues(new Uint32Array(4)).join("-");
  }
  let answer: Response;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { status: 0 });
  }
  if (!answer.ok) {
    if (answer.status === 401 && path !== "/session") {
      shared.onUnauthorised();
    }
    throw new ApiError(answer.status, await problemOf(answer));
  }
  const text = await answer.text();
  if (answer.status === 202) {
    shared.onSecond();
    throw new SecondAwaited(text);
  }
  return (text ? JSON.parse(text) : {}) as T;
}

// A file as it is, with what it is for in the query.
export async function upload<T>(path: string, params: Record<string, string>, file: Blob): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(BASE + path + query(params), {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Accept-Language": shared.lang,
        "Content-Type": "application/octet-stream",
        "X-CSRF-Token": shared.csrf,
      },
      credentials: "same-origin",
      body: file,
    });
  } catch {
    throw new ApiError(0, { status: 0 });
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, await problemOf(answer));
  }
  return (await answer.json()) as T;
}

// What the server answers with a file: the browser keeps it under the name it was given.
export async function download(path: string, body: unknown): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(BASE + path, {
      method: "POST",
      headers: {
        "Accept-Language": shared.lang,
        "Content-Type": "application/json",
        "X-CSRF-Token": shared.csrf,
      },
      credentials: "same-origin",
      cache: "no-store",
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { status: 0 });
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, await problemOf(answer));
  }
  const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
  const a = document.createElement("a");
  a.href = URL.createObjectURL(await answer.blob());
  a.download = named?.[1] ?? "";
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}

export const get = <T>(path: string) => ask<T>("GET", path);
export const post = <T = { id: string }>(path: string, body: unknown = {}) =>
  ask<T>("POST", path, body);

export function query(params: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(params).filter(([, v]) => v !== undefined && v !== "");
  return pairs.length
    ? "?" + pairs.map(([k, v]) => `${k}=${encodeURIComponent(String(v))}`).join("&")
    : "";
}

const PAGE_MAX = 200; // what the server gives at most

// Every page of a list, at most `max` rows; total is what the server says there is.
export async function list<T>(
  path: string,
  params: Record<string, string>,
  max: number,
): Promise<{ items: T[]; total: number }> {
  const items: T[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page: Page<T> = await get(
      path + query({ ...params, limit: Math.min(PAGE_MAX, max - items.length), cursor }),
    );
    items.push(...page.items);
    total = page.total ?? items.length;
    cursor = page.next ?? undefined;
  } while (cursor && items.length < max);
  return { items, total: Math.max(total, items.length) };
}
