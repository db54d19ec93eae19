// SPDX-License-Identifier: Apache-2.0
// Dialogs on the platform's <dialog>: focus is held inside and returns, Escape closes.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ApiError, SecondAwaited } from "../api/client.ts";
import { t } from "../lib/i18n.ts";
import { Icon } from "./icons.tsx";
import { Button, errorText } from "./parts.tsx";

export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
  bare?: boolean;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const d = ref.current;
    const back = document.activeElement as HTMLElement | null;
    d?.showModal();
    d?.querySelector<HTMLElement>(
      "form input, form select, form textarea, .palette-input input",
    )?.focus();
    return () => {
      d?.close();
      back?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${props.class ?? ""}`}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        props.onClose();
      }}
      onMouseDown={(e) => e.target === ref.current && props.onClose()}
    >
      <div class="dialog-body">
        <header class={props.bare ? "hidden" : ""}>
          <h2 id={id}>{props.title}</h2>
          <button type="button" class="button plain" onClick={props.onClose}>
            <Icon name="close" label={t("ui.action.close_dialog")} />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

export interface FormState {
  busy: boolean;
  error: string | null;
  field: string | null;
}

// Runs a command for a form: busy meanwhile, the server's words on failure, the field it names.
export function useCommand(): [FormState, (run: () => Promise<unknown>) => Promise<boolean>] {
  const [state, setState] = useState<FormState>({ busy: false, error: null, field: null });
  const alive = useRef(true);
  useEffect(
    () => () => {
      alive.current = false;
    },
    [],
  );
  const run = async (work: () => Promise<unknown>) => {
    setState({ busy: true, error: null, field: null });
    try {
      await work();
      if (alive.current) {
        setState({ busy: false, error: null, field: null });
      }
      return true;
    } catch (e) {
      if (e instanceof SecondAwaited) {
        if (alive.current) {
          setState({ busy: false, error: null, field: null });
        }
        return true;
      }
      if (!(e instanceof ApiError)) {
        throw e;
      }
      if (alive.current) {
        setState({ busy: false, error: errorText(e), field: e.problem.field ?? null });
      }
      return false;
    }
  };
  return [state, run];
}

export function Form(props: {
  children: ComponentChildren;
  submit: string;
  onSubmit: () => Promise<unknown>;
  onDone?: () => void;
  onCancel?: () => void;
  inline?: boolean;
  disabled?: boolean;
  quiet?: boolean; // the error is shown at its field
}) {
  const [state, run] = useCommand();
  return (
    <form
      class={`form ${props.inline ? "inline" : ""}`}
      onSubmit={(e) => {
        e.preventDefault();
        void run(props.onSubmit).then((ok) => ok && props.onDone?.());
      }}
    >
      <div class="fields">{props.children}</div>
      {state.error && !props.quiet && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      <div class="buttons">
        {props.onCancel && (
          <Button kind="quiet" onClick={props.onCancel}>
            {t("ui.action.cancel")}
          </Button>
        )}
        <Button kind="primary" type="submit" busy={state.busy} disabled={props.disabled}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}

// A dialog around one form.
export function FormDialog(props: {
  title: string;
  submit: string;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  children: ComponentChildren;
  disabled?: boolean;
  quiet?: boolean;
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Form
        submit={props.submit}
        onSubmit={props.onSubmit}
        onDone={props.onClose}
        onCancel={props.onClose}
        disabled={props.disabled}
        quiet={props.quiet}
      >
        {props.children}
      </Form>
    </Dialog>
  );
}
