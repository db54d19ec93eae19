// SPDX-License-Identifier: Apache-2.0
// How each person looks at each list, kept in this browser: nobody else's screen changes by it.
import { signal, type Signal } from "@preact/signals";
import { readLooks, type Looks } from "../lib/lists.ts";
import { keep, stored } from "./prefs.ts";
import { session } from "./session.ts";

const all = new Map<string, Signal<Looks>>();

function signalOf(list: string): [string, Signal<Looks>] {
  const key = `vg.list.${session.value?.user.id ?? ""}.${list}`;
  let s = all.get(key);
  if (!s) {
    s = signal(readLooks(stored(key, "")));
    all.set(key, s);
  }
  return [key, s];
}

export const looksOf = (list: string): Looks => signalOf(list)[1].value;

export function setLooks(list: string, looks: Looks): void {
  const [key, s] = signalOf(list);
  s.value = looks;
  keep(key, JSON.stringify(looks));
}
