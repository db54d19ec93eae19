// SPDX-License-Identifier: Apache-2.0
// Short answers to an act, at the edge, gone by themselves; failures stay until dismissed.
import { signal } from "@preact/signals";
import { ApiError, SecondAwaited } from "../api/client.ts";
import { t } from "../lib/i18n.ts";
import { Icon, Shape } from "./icons.tsx";
import { errorText } from "./parts.tsx";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  undo?: () => void;
}
const toasts = signal<Toast[]>([]);
let next = 1;

const drop = (id: number) => {
  toasts.value = toasts.value.filter((x) => x.id !== id);
};

export function say(text: string, undo?: () => void): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-3), { id, text, bad: false, undo }];
  setTimeout(() => drop(id), undo ? 9000 : 4000);
}

export function complain(text: string): void {
  toasts.value = [...toasts.value.slice(-3), { id: next++, text, bad: true }];
}

// Runs an act whose outcome needs no form: says what was done, or what went wrong.
export async function attempt(
  run: () => Promise<unknown>,
  done: string,
  undo?: () => void,
): Promise<boolean> {
  try {
    await run();
    say(done, undo);
    return true;
  } catch (e) {
    if (e instanceof SecondAwaited) {
      return false;
    }
    if (!(e instanceof ApiError)) {
      throw e;
    }
    complain(errorText(e));
    return false;
  }
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((x) => (
        <div key={x.id} class={`toast ${x.bad ? "bad" : ""}`}>
          {x.bad && <Shape of="attention" />}
          <span>{x.text}</span>
          {x.undo && (
            <button
              type="button"
              class="button plain"
              onClick={() => {
                drop(x.id);
                x.undo?.();
              }}
            >
              {t("ui.action.undo")}
            </button>
          )}
          <button type="button" class="button plain" onClick={() => drop(x.id)}>
            <Icon name="close" label={t("ui.action.dismiss_note")} />
          </button>
        </div>
      ))}
    </div>
  );
}
