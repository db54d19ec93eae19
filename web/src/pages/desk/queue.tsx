// SPDX-License-Identifier: Apache-2.0
// What is open, by urgency. The first act-now alert that nobody has taken is the only filled red on the page.
import { t, pick, word } from "../../lib/i18n.ts";
import { alertSite } from "../../lib/place.ts";
import { LEVEL_RANK, loudnessOf, type Fold, type QueueItem } from "../../lib/urgency.ts";
import { rows, need } from "../../store/store.ts";
import { isMissing } from "../../lib/urgency.ts";
import { may } from "../../store/session.ts";
import { storms, unfold, unfolded } from "../../store/watch.ts";
import { Icon, Shape } from "../../ui/icons.tsx";
import { Chip, Loaded, Time } from "../../ui/parts.tsx";
import { select } from "./desk.tsx";
import type { Selection } from "./detail.tsx";

const MANY = 200;

function Item({ item, loud, shown }: { item: QueueItem; loud: boolean; shown: boolean }) {
  const a = item.alert;
  const i = item.incident;
  const of = item.waiting ? loudnessOf(item.level) : item.kind === "incident" ? "info" : "normal";
  const title = a ? pick(a, "title") : i!.title;
  return (
    <li>
      <button
        type="button"
        class={`item ${of} ${loud ? "loud" : ""} ${item.waiting ? "waiting" : ""}`}
        aria-current={shown ? "true" : undefined}
        onClick={() => select({ kind: item.kind, id: item.id })}
      >
        <span class="line1">
          <Shape of={of} filled={loud} />
          <span class="state">
            {item.waiting
              ? word("ui.level", item.level)
              : a
                ? t("ui.alert.state.acknowledged")
                : t("ui.nav.incident_one")}
          </span>
          {a?.test && <Chip kind="test">{t("ui.alert.test")}</Chip>}
          <Time at={item.at} />
        </span>
        <span class="title">{title}</span>
        <span class="line3">
          <span>{[a?.zone_name, a ? alertSite(a) : i?.site_name].filter(Boolean).join(" · ")}</span>
          <span class="num">
            {a?.number ?? i?.number}
            {a && a.count > 1 ? ` · ×${a.count}` : ""}
            {i?.alerts_n ? ` · ${t("ui.incident.alerts_n", { n: i.alerts_n })}` : ""}
          </span>
        </span>
      </button>
    </li>
  );
}

function Storms() {
  const on = [...storms.value.values()];
  return on.length === 0 ? null : (
    <div class="storm-bar">
      {on.map((s) => (
        <p key={s.id}>
          <Shape of="attention" />
          <span>
            <b>{t("ui.storm.bar", { site: s.site_name ?? "", n: s.n })}</b>{" "}
            <span class="dim">
              {t("ui.storm.since")} <Time at={s.began_at} withAge={false} /> · {t("ui.storm.last")} <Time at={s.last_at} />
            </span>
          </span>
        </p>
      ))}
      <p class="dim">{t("ui.storm.help")}</p>
    </div>
  );
}

function Folded({ fold }: { fold: Fold }) {
  const open = unfolded.value.has(fold.site);
  const waiting = fold.items.filter((i) => i.waiting);
  const of = waiting.some((i) => LEVEL_RANK[i.level] > 0) ? "attention" : "info";
  return (
    <li>
      <button type="button" class={`item fold ${waiting.length ? `${of} waiting` : ""}`} aria-expanded={open} onClick={() => unfold(fold.site, !open)}>
        <span class="line1">
          <Shape of={of} />
          <span class="state">{t("ui.storm.folded_waiting", { n: waiting.length })}</span>
          <Icon name="down" />
        </span>
        <span class="title">{t("ui.storm.folded", { n: fold.items.length, site: storms.value.get(fold.site)?.site_name ?? "" })}</span>
      </button>
    </li>
  );
}

export function Queue({
  items,
  list,
  loud,
  shown,
}: {
  items: QueueItem[];
  list: (QueueItem | Fold)[];
  loud: string | null;
  shown: Selection | null;
}) {
  const load = [
    need("alerts", { state: "open" }).value,
    need("alerts", { state: "acknowledged" }).value,
    need("incidents", { state: "open" }).value,
  ];
  const waiting = items.filter((i) => i.waiting).length;
  const missing = rows("sources").filter(isMissing).length;
  const stations = may("sites.waiting")
    ? rows("waiting-sources").filter((w) => w.state === "waiting").length
    : 0;
  return (
    <section class="queue" aria-label={t("ui.desk.queue")}>
      <header class="panel-head">
        <h2>{t("ui.desk.queue")}</h2>
        <span class="dim num">{t("ui.desk.queue_n", { waiting, open: items.length })}</span>
      </header>
      <Storms />
      <Loaded load={load} lines={8}>
        {() =>
          items.length === 0 ? (
            <div class="calm">
              <p>{t("ui.desk.quiet")}</p>
            </div>
          ) : (
            <ul class="items">
              {list.slice(0, MANY).map((i) =>
                "items" in i ? (
                  <Folded key={i.site} fold={i} />
                ) : (
                  <Item key={i.id} item={i} loud={i.id === loud} shown={shown?.id === i.id} />
                ),
              )}
              {list.length > MANY && (
                <li class="dim more">{t("ui.desk.queue_more", { n: list.length - MANY })}</li>
              )}
            </ul>
          )
        }
      </Loaded>
      {(missing > 0 || stations > 0) && (
        <footer class="queue-foot">
          {missing > 0 && (
            <a href="/sources?state=missing">
              <span class="mark unknown">
                <Shape of="unknown" />
                {t("ui.desk.missing", { n: missing })}
              </span>
            </a>
          )}
          {stations > 0 && (
            <a href="/sources?view=waiting">
              <span class="mark info">
                <Shape of="info" />
                {t("ui.desk.waiting", { n: stations })}
              </span>
            </a>
          )}
        </footer>
      )}
    </section>
  );
}
