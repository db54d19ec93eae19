// SPDX-License-Identifier: Apache-2.0
// Bắt đầu: from an empty node to a guarded site. The node counts what is there; the first step that is not done is
// the one that speaks, those that are done are quiet.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "../api/client.ts";
import { t, word } from "../lib/i18n.ts";
import { go } from "../router.ts";
import { may, session } from "../store/session.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, ErrorBox, PageHead, Skeleton } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";

interface Step {
  step: string;
  done: boolean;
  n: number;
  page: string;
}
interface Start {
  steps: Step[];
  total: number;
  done: number;
  complete: boolean;
  dismissed: boolean;
}

// A custodian who has steps before him begins his session on this page, once, and only from the desk.
const offered = new Set<string>();
export function useFirstSteps(path: string): void {
  const user = session.value?.user.id;
  useEffect(() => {
    if (!user || offered.has(user) || path !== "/" || !may("accounts.edit")) {
      return;
    }
    offered.add(user);
    if (stored(user)) {
      return;
    }
    get<Start>("/start").then(
      (s) => {
        remember(user);
        if (!s.complete && !s.dismissed && location.pathname === "/") {
          go("/start", true);
        }
      },
      () => {},
    );
  }, [user, path]);
}

// Once a session of the browser: who goes back to the desk is left there.
const KEY = "vg.start.seen";
function stored(user: string): boolean {
  try {
    return sessionStorage.getItem(KEY) === user;
  } catch {
    return false;
  }
}
function remember(user: string): void {
  try {
    sessionStorage.setItem(KEY, user);
  } catch {
    // Without storage the page is offered again after a reload.
  }
}

function Line({ s, next, number }: { s: Step; next: boolean; number: number }) {
  return (
    <li class={`step ${s.done ? "done" : ""} ${next ? "next" : ""}`} aria-current={next ? "step" : undefined}>
      <span class="step-mark num" aria-hidden="true">
        {s.done ? <Icon name="check" /> : number}
      </span>
      <span class="step-text">
        <b>{word("ui.start.step", s.step)}</b>
        <span class="hidden">{t(s.done ? "ui.start.is_done" : "ui.start.is_open")}</span>
        {!s.done && <span class="dim">{word("ui.start.why", s.step)}</span>}
      </span>
      <a class={`button ${next ? "primary" : "plain"}`} href={s.page} target={s.page === "/ca" ? "_blank" : undefined}>
        {s.done ? word("ui.start.see", s.step) : word("ui.start.do", s.step)}
      </a>
    </li>
  );
}

export function StartPage() {
  const [start, setStart] = useState<Start | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = () => get<Start>("/start").then(setStart, setError);
  useEffect(() => void read(), []);
  const nextOne = start?.steps.find((s) => !s.done)?.step;
  const aside = () =>
    void attempt(async () => {
      await post("/start/dismiss");
      go("/");
    }, t("ui.start.dismissed"));
  return (
    <div class="page start">
      <PageHead
        title={t("ui.start.title")}
        sub={start && t("ui.start.sub", { done: start.done, total: start.total })}
      >
        {start && !start.complete && !start.dismissed && (
          <Button kind="plain" onClick={aside}>
            {t("ui.start.dismiss")}
          </Button>
        )}
      </PageHead>
      {error && <ErrorBox error={error} again={() => void read()} />}
      {!start && !error && <Skeleton lines={8} />}
      {start?.complete && <p class="start-end">{t("ui.start.complete")}</p>}
      {start && (
        <ol class="steps">
          {start.steps.map((s, i) => (
            <Line key={s.step} s={s} next={s.step === nextOne} number={i + 1} />
          ))}
        </ol>
      )}
    </div>
  );
}
