// SPDX-License-Identifier: Apache-2.0
// Việc đến hạn: every agreed deadline this person may know of, late ones first. Read again every half minute
// and when a deadline is set; what is done disappears by itself.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, query } from "../api/client.ts";
import { DUE_GROUPS, dueGroup, type DueGroup } from "../lib/due.ts";
import { t, word } from "../lib/i18n.ts";
import { full, ms } from "../lib/time.ts";
import { mayOpen } from "../pages.tsx";
import { place } from "../router.ts";
import { lateCount } from "../store/late.ts";
import { now } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { SiteFilter } from "../ui/fields.tsx";
import { Shape } from "../ui/icons.tsx";
import { ageText, Empty, ErrorBox, PageHead, Skeleton } from "../ui/parts.tsx";

interface Due {
  id: string;
  kind: string;
  subject: string;
  site: string;
  due: string;
  overdue: boolean;
  title?: string;
  page?: string;
}
interface DueList {
  total: number;
  overdue: number;
  items: Due[];
}

const AGAIN_MS = 30_000;

function useDue(site: string): [DueList | null, ApiError | null, () => void] {
  const [list, setList] = useState<DueList | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  need("deadlines");
  const known = rows("deadlines");
  useEffect(() => {
    let here = true;
    const read = () =>
      get<DueList>(`/due${query({ site })}`).then(
        (l) => {
          if (here) {
            setList(l);
            if (!site) {
              lateCount.value = l.overdue;
            }
            setError(null);
          }
        },
        (e: ApiError) => here && setError(e),
      );
    void read();
    const timer = setInterval(read, AGAIN_MS);
    return () => {
      here = false;
      clearInterval(timer);
    };
  }, [site, turn, known]);
  return [list, error, () => setTurn(turn + 1)];
}

// A deadline is told to the minute; one of a whole day has no hour to say.
const when = (due: string): string => full(due).replace(/:\d\d$/, "").replace(/ 00:00$/, "");

function Line({ d }: { d: Due }) {
  const site = one("sites", d.site)?.name;
  const kind = word("due", d.kind);
  return (
    <li class={`due-line ${d.overdue ? "late" : ""}`}>
      <span class="due-when num">
        {d.overdue && <Shape of="attention" />} {when(d.due)}
        {d.overdue && <span class="dim"> · {ageText(d.due, now.value)}</span>}
      </span>
      <span class="due-what">
        {d.page && mayOpen(d.page) ? <a href={d.page}>{d.title ?? kind}</a> : (d.title ?? kind)}
        <span class="dim">{[d.title && kind, site].filter(Boolean).join(" · ")}</span>
        <Basis of={`due.${d.kind}`} />
      </span>
    </li>
  );
}

export function DuePage() {
  const site = place.value.query.get("site") ?? "";
  const [list, error, again] = useDue(site);
  const items = list?.items ?? [];
  const groups = new Map<DueGroup, Due[]>(DUE_GROUPS.map((g) => [g, []]));
  for (const d of items) {
    groups.get(dueGroup(ms(d.due) ?? 0, now.value))!.push(d);
  }
  return (
    <div class="page dues">
      <PageHead
        title={t("ui.due.title")}
        sub={list && t("ui.due.sub", { n: list.total, late: list.overdue })}
      />
      <div class="toolbar">
        <SiteFilter value={site} />
      </div>
      {error && !list && <ErrorBox error={error} again={again} />}
      {!list && !error && <Skeleton lines={6} />}
      {list && items.length === 0 && (
        <Empty title={t("ui.due.none")}>{t("ui.due.none_more")}</Empty>
      )}
      {DUE_GROUPS.filter((g) => groups.get(g)!.length).map((g) => (
        <section key={g} aria-labelledby={`due-${g}`}>
          <h2 id={`due-${g}`}>
            {t(`ui.due.group.${g}`)} <span class="n">{groups.get(g)!.length}</span>
          </h2>
          <ul class="due-list">
            {groups.get(g)!.map((d) => (
              <Line key={d.id} d={d} />
            ))}
          </ul>
        </section>
      ))}
      {list && items.length < list.total && (
        <p class="dim">{t("ui.due.more", { n: list.total - items.length })}</p>
      )}
    </div>
  );
}
