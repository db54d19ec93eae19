// SPDX-License-Identifier: Apache-2.0
// Bàn trực: what waits (left), where it is (centre), why it is believed and what to press (right), the last
// hour (bottom). Without a choice the right side follows the loudest alert; with nothing loud it is calm.
import { useEffect } from "preact/hooks";
import { post } from "../../api/client.ts";
import { t } from "../../lib/i18n.ts";
import { actionOf, step } from "../../lib/keys.ts";
import { loudest, type QueueItem } from "../../lib/urgency.ts";
import { go, place, setQuery } from "../../router.ts";
import { may } from "../../store/session.ts";
import { need, one } from "../../store/store.ts";
import { deskQueue, shownQueue } from "../../store/watch.ts";
import { attempt } from "../../ui/toast.tsx";
import { Guard } from "../../ui/guard.tsx";
import { Board } from "./board.tsx";
import { Detail, type Selection } from "./detail.tsx";
import { Plan } from "./plan.tsx";
import { Queue } from "./queue.tsx";
import { Strip } from "./strip.tsx";

const KINDS = ["alert", "incident", "zone", "source"] as const;

export function selectionOf(query: URLSearchParams): Selection | null {
  const kind = KINDS.find((k) => query.has(k));
  return kind ? { kind, id: query.get(kind)! } : null;
}

export function select(s: Selection | null): void {
  setQuery({
    alert: null,
    incident: null,
    zone: null,
    source: null,
    ...(s ? { [s.kind]: s.id } : {}),
  });
}

function siteOf(s: Selection | null): string | null {
  if (!s) {
    return null;
  }
  const table = (
    { alert: "alerts", incident: "incidents", zone: "zones", source: "sources" } as const
  )[s.kind];
  return one(table, s.id)?.site ?? null;
}

export async function acknowledge(id: string, disposition?: string): Promise<void> {
  const a = one("alerts", id);
  if (a?.state === "open" && may("alerts.acknowledge")) {
    await attempt(
      () => post(`/alerts/${id}/acknowledge`, disposition ? { disposition } : {}),
      t("ui.alert.acknowledged", { number: a.number }),
    );
    select({ kind: "alert", id }); // taken, not done: it stays in view for the next step
  }
}

const asSelection = (i: QueueItem): Selection => ({ kind: i.kind, id: i.id });

export function DeskPage() {
  need("zones");
  const query = place.value.query;
  const items = deskQueue.value;
  const loud = loudest(items);
  const chosen = selectionOf(query);
  const shown: Selection | null = chosen ?? (loud ? { kind: "alert", id: loud } : null);
  const wanted = query.get("site");
  const site = wanted === "all" ? null : (wanted ?? siteOf(shown));

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) {
        return;
      }
      const action = actionOf(e as never);
      const loud = loudest(deskQueue.value);
      const now = selectionOf(place.value.query) ?? (loud ? ({ kind: "alert", id: loud } as Selection) : null);
      const list = shownQueue(now?.id).filter((i) => "id" in i);
      const at = list.findIndex((i) => i.id === now?.id);
      if (action === "next" || action === "prev") {
        const to = list[step(list.length, at, action === "next" ? 1 : -1)];
        if (to) {
          e.preventDefault();
          select(asSelection(to));
        }
      } else if (action === "open" && now) {
        const incident = now.kind === "incident" ? now.id : one("alerts", now.id)?.incident;
        if (incident) {
          e.preventDefault();
          go(`/incidents/${incident}`);
        } else {
          document.getElementById("detail")?.focus();
        }
      } else if (action === "acknowledge" && now?.kind === "alert") {
        void acknowledge(now.id);
      } else if (action === "close") {
        select(null);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <div class={`desk ${chosen ? "has-choice" : ""}`}>
      <h1 class="hidden">{t("ui.nav.desk")}</h1>
      <Guard>
        <Queue items={items} list={shownQueue(shown?.id)} loud={loud} shown={shown} />
      </Guard>
      <section class="centre" aria-label={t("ui.desk.where")}>
        <Guard key={site ?? ""}>{site ? <Plan site={site} shown={shown} /> : <Board />}</Guard>
      </section>
      <Guard key={shown?.id ?? "none"}>
        <Detail shown={shown} followed={!chosen && !!shown} />
      </Guard>
      <Guard>
        <Strip site={site} />
      </Guard>
    </div>
  );
}
