// SPDX-License-Identifier: Apache-2.0
// Where an account is logged in; what one does not know is ended from here.
import { useEffect, useState } from "preact/hooks";
import type { SessionRow } from "../../api/accounts.ts";
import { get, post, query, type ApiError } from "../../api/client.ts";
import { t } from "../../lib/i18n.ts";
import { Button, Chip, ErrorBox, Skeleton, Time } from "../../ui/parts.tsx";
import { printRegister } from "../../ui/register.tsx";
import { attempt } from "../../ui/toast.tsx";
import { minuteOf } from "./words.ts";

const AGAIN_MS = 30_000;

function Line({ s, end }: { s: SessionRow; end: () => void }) {
  return (
    <li>
      <div class="grow">
        <b>{s.device || t("ui.session.unknown")}</b> {s.current && <Chip>{t("ui.session.this")}</Chip>}
        <div class="dim">
          {t("ui.session.since")} <Time at={s.since} withAge={false} /> · {t("ui.session.seen")} <Time at={s.seen} />
          {s.address && (
            <>
              {" "}
              · <span class="num">{s.address}</span>
            </>
          )}
        </div>
      </div>
      {!s.current && <Button onClick={end}>{t("ui.session.end")}</Button>}
    </li>
  );
}

const printSessions = (list: SessionRow[]): void =>
  printRegister({
    title: t("ui.session.register"),
    heads: [t("ui.session.device"), t("ui.session.since"), t("ui.session.seen"), t("ui.session.address")],
    lines: list.map((s) => [s.device || t("ui.session.unknown"), minuteOf(s.since), minuteOf(s.seen), s.address]),
  });

// user: another's, for who administers accounts; none: one's own.
export function Sessions({ user }: { user?: string }) {
  const [list, setList] = useState<SessionRow[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  const again = () => setTurn((n) => n + 1);
  useEffect(() => {
    let here = true;
    get<{ items: SessionRow[] }>(`/sessions${query({ user })}`).then(
      (l) => {
        if (here) {
          setList(l.items);
          setError(null);
        }
      },
      (e: ApiError) => here && setError(e),
    );
    const timer = setTimeout(again, AGAIN_MS);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [user, turn]);
  if (!list) {
    return error ? <ErrorBox error={error} again={again} /> : <Skeleton lines={2} />;
  }
  const end = (path: string, said: string) => void attempt(() => post(path), said).then(again);
  const others = list.filter((s) => !s.current);
  return (
    <>
      {list.length === 0 && <p class="dim">{t("ui.session.none")}</p>}
      <ul class="lines sessions">
        {list.map((s) => (
          <Line key={s.id} s={s} end={() => end(`/sessions/${s.id}/end`, t("ui.session.ended"))} />
        ))}
      </ul>
      {list.length > 0 && <Button onClick={() => printSessions(list)}>{t("ui.register.print")}</Button>}{" "}
      {!user && others.length > 1 && (
        <Button onClick={() => end("/sessions/end-others", t("ui.session.ended_others"))}>
          {t("ui.session.end_others")}
        </Button>
      )}
    </>
  );
}
