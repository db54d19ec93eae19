// SPDX-License-Identifier: Apache-2.0
// A form's fields that survive a lost link, a reload and a walk to another page of the same tab.
import { useState } from "preact/hooks";

export function useDraft<T extends object>(
  key: string,
  empty: T,
): [T, (change: Partial<T>) => void, () => void] {
  const name = `vg.draft.${key}`;
  const read = (): T => {
    try {
      return { ...empty, ...JSON.parse(sessionStorage.getItem(name) ?? "{}") };
    } catch {
      return empty;
    }
  };
  const [held, setHeld] = useState({ name, value: read() });
  const value = held.name === name ? held.value : read();
  const change = (part: Partial<T>) => {
    const next = { ...value, ...part };
    setHeld({ name, value: next });
    try {
      sessionStorage.setItem(name, JSON.stringify(next));
    } catch {
      // Without storage the form still works, only without survival.
    }
  };
  const clear = () => {
    setHeld({ name, value: empty });
    try {
      sessionStorage.removeItem(name);
    } catch {
      // Nothing was kept.
    }
  };
  return [value, change, clear];
}
