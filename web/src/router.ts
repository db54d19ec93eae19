// SPDX-License-Identifier: Apache-2.0
// Pages by path; filters and selection in the query, so that every view has an address. Plain links work:
// a click on one inside the console is taken over.
import { signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
}
const here = (): Place => ({
  path: location.pathname.replace(/(.)\/+$/, "$1"),
  query: new URLSearchParams(location.search),
});
export const place = signal<Place>(here());

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) {
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", to);
  const before = place.value.path;
  place.value = here();
  if (before !== place.value.path) {
    scrollTo(0, 0);
    queueMicrotask(() => document.getElementById("main")?.focus({ preventScroll: true }));
  }
}

// Changes parts of the query; an empty value takes the part out.
export function setQuery(change: Record<string, string | null>, replace = true): void {
  const q = new URLSearchParams(place.value.query);
  for (const [k, v] of Object.entries(change)) {
    if (v) {
      q.set(k, v);
    } else {
      q.delete(k);
    }
  }
  const text = q.toString();
  go(place.value.path + (text ? "?" + text : ""), replace);
}

export function startRouter(): void {
  addEventListener("popstate", () => {
    place.value = here();
  });
  document.addEventListener("click", (e) => {
    const a = (e.target as Element | null)?.closest("a");
    if (
      !a ||
      e.defaultPrevented ||
      e.button !== 0 ||
      e.ctrlKey ||
      e.metaKey ||
      e.shiftKey ||
      a.target ||
      a.hasAttribute("download") ||
      a.origin !== location.origin ||
      a.pathname.startsWith("/api/")
    ) {
      return;
    }
    e.preventDefault();
    go(a.pathname + a.search);
  });
}
