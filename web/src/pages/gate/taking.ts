// SPDX-License-Identifier: Apache-2.0
// Between what arrives by itself and the decision: who waits first, and who is taken up as the one being decided.
import { useEffect, useRef } from "preact/hooks";
import type { Shown } from "../../lib/gatekeeper.ts";

export interface Taken {
  shown: Shown;
  text: string; // what to find him by if that is not known as it is
}

let first: Taken | null = null;
const hearers = new Set<(x: Taken) => void>();

export const setFirst = (x: Taken | null): void => {
  first = x;
};
export const firstWaiting = (): Taken | null => first;
export const takeUp = (x: Taken): void => hearers.forEach((f) => f(x));

export function useTaken(hear: (x: Taken) => void): void {
  const last = useRef(hear);
  last.current = hear;
  useEffect(() => {
    const f = (x: Taken) => last.current(x);
    hearers.add(f);
    return () => void hearers.delete(f);
  }, []);
}
