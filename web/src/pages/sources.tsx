// SPDX-License-Identifier: Apache-2.0
// Nguồn tin: every device that speaks, whether it can be relied on now, and those that knock unknown.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Source, WaitingSource } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { compareSources, isMissing } from "../lib/urgency.ts";
import { place, setQuery } from "../router.ts";
import { useSeen } from "../store/seen.ts";
import { may, mayAny, mayOf } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Icon, Shape } from "../ui/icons.tsx";
import {
  Button,
  Empty,
  Facts,
  Filters,
  Loaded,
  PageHead,
  SourceMark,
  Time,
} from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { SiteFilter } from "../ui/fields.tsx";
import { List, type Column } from "../ui/list.tsx";
import { DeviceSetup, HTTP_DEVICES } from "./source-device.tsx";
import {
  AcceptWaiting,
  AddPoint,
  AddSource,
  DisableSource,
  DismissWaiting,
} from "./source-forms.tsx";

function skew(s: Source): string {
  if (s.skew_ms === null) {
    return "–";
  }
  const n = (s.skew_ms / 1000).toFixed(Math.abs(s.skew_ms) < 10_000 ? 1 : 0);
  return t("ui.source.skew_s", { n: n === "-0.0" ? "0.0" : n });
}

const columns = (): Column<Source>[] => [
  {
    key: "state",
    title: t("ui.source.state_title"),
    width: "17rem",
    cell: (s) => <SourceMark source={s} />,
    text: (s) => word("ui.source.state", s.state),
  },
  {
    key: "name",
    title: t("ui.source.name"),
    cell: (s) => <a href={`/sources?source=${s.id}`}>{s.name}</a>,
    text: (s) => s.name,
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "16rem",
    narrow: true,
    text: (s) => s.site_name,
  },
  {
    key: "zone",
    title: t("ui.zone.one"),
    width: "11rem",
    narrow: true,
    cell: (s) => s.zone_name ?? "–",
    text: (s) => s.zone_name,
  },
  {
    key: "seen",
    title: t("ui.source.last_seen"),
    width: "13rem",
    narrow: true,
    cell: (s) => <Time at={s.last_seen} />,
    text: (s) => full(s.last_seen),
    sort: (s) => s.last_seen,
  },
  {
    key: "deadline",
    title: t("ui.source.deadline"),
    width: "7rem",
    narrow: true,
    cell: (s) => (
      <span class="num">{s.deadline_s ? t("ui.seconds", { n: s.deadline_s }) : "–"}</span>
    ),
    text: (s) => s.deadline_s,
  },
  {
    key: "skew",
    title: t("ui.source.skew"),
    width: "7rem",
    narrow: true,
    cell: (s) =>
      s.clock_off_ms !== null ? (
        <span class="mark attention num">
          <Shape of="attention" />
          {skew(s)}
        </span>
      ) : (
        <span class="num">{skew(s)}</span>
      ),
    text: (s) => s.skew_ms,
  },
  {
    key: "proto",
    title: t("ui.source.proto"),
    width: "8rem",
    mid: true,
    cell: (s) => word("ui.proto", s.proto),
    text: (s) => s.proto,
  },
  {
    key: "signals",
    title: t("ui.source.signals"),
    width: "6.5rem",
    mid: true,
    cell: (s) => <span class="num">{s.signals_n}</span>,
    text: (s) => s.signals_n,
  },
  {
    key: "address",
    title: t("ui.source.address"),
    width: "9rem",
    off: true,
    cell: (s) => <code>{s.address}</code>,
    text: (s) => s.address,
  },
  {
    key: "peer",
    title: t("ui.source.peer"),
    width: "10rem",
    off: true,
    cell: (s) => (s.last_peer ? <code>{s.last_peer}</code> : "–"),
    text: (s) => s.last_peer,
  },
  {
    key: "since",
    title: t("ui.source.state_since"),
    width: "13rem",
    off: true,
    cell: (s) => <Time at={s.state_since} />,
    text: (s) => full(s.state_since),
    sort: (s) => s.state_since,
  },
];

const CROWDED = ["zone", "proto", "signals", "skew", "deadline"]; // beside the open source

function Points({ s }: { s: Source }) {
  const load = need("source-points", { source: s.id }).value;
  const [adding, setAdding] = useState(false);
  const list = rows("source-points")
    .filter((p) => p.source === s.id)
    .sort((a, b) => (a.area ?? "").localeCompare(b.area ?? "") || a.point.localeCompare(b.point));
  return (
    <section>
      <h3>
        {t("ui.source.points")}
        {may("sites.source_edit") && (
          <Button kind="plain" icon="plus" onClick={() => setAdding(true)}>
            {t("ui.action.add")}
          </Button>
        )}
      </h3>
      <Loaded load={load} lines={3}>
        {() =>
          list.length === 0 ? (
            <p class="dim">{t("ui.source.points_none")}</p>
          ) : (
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">{t("ui.source.area")}</th>
                  <th scope="col">{t("ui.source.point")}</th>
                  <th scope="col">{t("ui.zone.one")}</th>
                  <th scope="col">{t("ui.source.meaning")}</th>
                </tr>
              </thead>
              <tbody>
                {list.map((p) => (
                  <tr key={p.id}>
                    <td class="num">{p.area || "–"}</td>
                    <td class="num">{p.point}</td>
                    <td>{p.zone_name}</td>
                    <td>
                      {p.kind ? (
                        word("signal", p.kind)
                      ) : (
                        <span class="dim">{t("ui.source.meaning_code")}</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {adding && <AddPoint s={s} onClose={() => setAdding(false)} />}
    </section>
  );
}

// Its owner's word: all with a role at the site read its alerts.
function Told({ s }: { s: Source }) {
  return mayOf("sites.source_edit", s.agency) ? (
    <input
      type="checkbox"
      aria-label={t("ui.source.told")}
      checked={s.told_in_alerts}
      onChange={() =>
        void attempt(
          () => post(`/sources/${s.id}`, { told_in_alerts: !s.told_in_alerts }),
          t(s.told_in_alerts ? "ui.source.told_no" : "ui.source.told_yes", { name: s.name }),
        )
      }
    />
  ) : (
    <>{t(s.told_in_alerts ? "ui.yes" : "ui.no")}</>
  );
}

function Side({ s }: { s: Source }) {
  const [disabling, setDisabling] = useState(false);
  const [setup, setSetup] = useState(false);
  return (
    <aside class="side" aria-label={s.name}>
      <header class="what">
        <button type="button" class="button plain back" onClick={() => setQuery({ source: null })}>
          <Icon name="close" label={t("ui.action.deselect")} />
        </button>
        <p class="line1">
          <SourceMark source={s} />
        </p>
        <h2>{s.name}</h2>
        <p>{[s.zone_name, s.site_name].filter(Boolean).join(" · ")}</p>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.desk.detail")}>
        <section>
          <Facts
            rows={[
              [t("ui.source.last_seen"), <Time at={s.last_seen} />],
              [t("ui.source.state_since"), <Time at={s.state_since} />],
              [
                t("ui.source.deadline"),
                s.deadline_s ? t("ui.seconds", { n: s.deadline_s }) : t("ui.source.no_deadline"),
              ],
              [t("ui.source.skew"), skew(s)],
              [t("ui.source.proto"), word("ui.proto", s.proto)],
              [t("ui.source.address"), <code>{s.address}</code>],
              [t("ui.source.peer"), s.last_peer && <code>{s.last_peer}</code>],
              ...(s.peers
                ? [[t("ui.source.peers"), <code>{s.peers}</code>] as [string, preact.ComponentChild]]
                : []),
              ...(s.certificate
                ? [
                    [t("ui.source.certificate"), <code>{s.certificate}</code>] as [
                      string,
                      preact.ComponentChild,
                    ],
                  ]
                : []),
              [t("ui.source.key"), t(s.authenticated ? "ui.source.key_yes" : "ui.source.key_no")],
              [t("ui.source.encrypted"), t(s.encrypted ? "ui.yes" : "ui.no")],
              [t("ui.source.told"), <Told s={s} />],
              [t("ui.source.signals"), String(s.signals_n)],
              ...(s.disabled
                ? [
                    [
                      t("ui.source.disabled_why"),
                      <>
                        {s.disabled_reason} · {s.disabled_by_name}{" "}
                        {s.disabled_until && (
                          <>
                            · {t("ui.until")} <Time at={s.disabled_until} withAge={false} />
                          </>
                        )}
                      </>,
                    ] as [string, preact.ComponentChild],
                  ]
                : []),
            ]}
          />
        </section>
        {HTTP_DEVICES.includes(s.proto) && may("sites.source_edit") && (
          <section>
            <Button onClick={() => setSetup(true)}>{t("ui.device.open")}</Button>
          </section>
        )}
        <Points s={s} />
      </div>
      {may("sites.bypass") && (
        <footer class="actions">
          {s.disabled ? (
            <Button
              kind="primary"
              onClick={() =>
                void attempt(
                  () => post(`/sources/${s.id}/enable`),
                  t("ui.source.enabled_note", { name: s.name }),
                )
              }
            >
              {t("ui.source.enable")}
            </Button>
          ) : (
            <Button onClick={() => setDisabling(true)}>{t("ui.source.disable")}</Button>
          )}
        </footer>
      )}
      {disabling && <DisableSource s={s} onClose={() => setDisabling(false)} />}
      {setup && <DeviceSetup s={s} onClose={() => setSetup(false)} />}
    </aside>
  );
}

function Waiting({ tools }: { tools: preact.ComponentChildren }) {
  const load = need("waiting-sources", { state: "waiting" }).value;
  const [open, setOpen] = useState<{ what: "accept" | "dismiss"; w: WaitingSource } | null>(null);
  const list = rows("waiting-sources")
    .filter((w) => w.state === "waiting")
    .sort((a, b) => b.last_seen.localeCompare(a.last_seen));
  const cols: Column<WaitingSource>[] = [
    {
      key: "address",
      title: t("ui.source.address"),
      width: "14rem",
      cell: (w) => <code>{w.address}</code>,
      text: (w) => w.address,
    },
    {
      key: "proto",
      title: t("ui.source.proto"),
      width: "8rem",
      narrow: true,
      cell: (w) => word("ui.proto", w.proto),
      text: (w) => w.proto,
    },
    {
      key: "peer",
      title: t("ui.source.peer"),
      width: "11rem",
      narrow: true,
      cell: (w) => <code>{w.peer}</code>,
      text: (w) => w.peer,
    },
    {
      key: "first",
      title: t("ui.waiting.first"),
      width: "12rem",
      narrow: true,
      cell: (w) => <Time at={w.first_seen} withAge={false} />,
      text: (w) => full(w.first_seen),
      sort: (w) => w.first_seen,
    },
    {
      key: "last",
      title: t("ui.waiting.last"),
      width: "13rem",
      narrow: true,
      cell: (w) => <Time at={w.last_seen} />,
      text: (w) => full(w.last_seen),
      sort: (w) => w.last_seen,
    },
    {
      key: "count",
      title: t("ui.waiting.count"),
      width: "6rem",
      narrow: true,
      cell: (w) => <span class="num">{w.count}</span>,
      text: (w) => w.count,
    },
    {
      key: "text",
      title: t("ui.waiting.text"),
      narrow: true,
      cell: (w) => <code class="dim">{w.last_text}</code>,
      text: (w) => w.last_text,
    },
    ...(mayAny("sites.source_edit")
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.waiting.do"),
            width: "13rem",
            cell: (w: WaitingSource) => (
              <span class="row">
                <Button onClick={() => setOpen({ what: "accept", w })}>
                  {t("ui.waiting.accept")}
                </Button>
                <Button kind="plain" onClick={() => setOpen({ what: "dismiss", w })}>
                  {t("ui.waiting.dismiss")}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <List
        name="waiting"
        label={t("ui.waiting.title")}
        rows={list}
        columns={cols}
        keyOf={(w) => w.id}
        load={load}
        download="waiting-sources"
        filters={["view"]}
        tools={tools}
        empty={<Empty title={t("ui.waiting.none")}>{t("ui.waiting.none_more")}</Empty>}
      />
      {open?.what === "accept" && <AcceptWaiting w={open.w} onClose={() => setOpen(null)} />}
      {open?.what === "dismiss" && <DismissWaiting w={open.w} onClose={() => setOpen(null)} />}
    </>
  );
}

export function SourcesPage() {
  useSeen();
  const q = place.value.query;
  const edit = may("sites.source_edit");
  const seesWaiting = may("sites.waiting");
  const waiting = seesWaiting && q.get("view") === "waiting";
  const state = q.get("state") ?? "";
  const site = q.get("site") ?? "";
  const load = need("sources").value;
  if (seesWaiting) {
    need("waiting-sources", { state: "waiting" });
  }
  const [adding, setAdding] = useState(false);
  const all = rows("sources").filter((s) => !site || s.site === site);
  const list = all
    .filter((s) => !state || (state === "missing" ? isMissing(s) : s.state === state))
    .sort(compareSources);
  const chosen = all.find((s) => s.id === q.get("source"));
  const n = (f: (s: Source) => boolean) => all.filter(f).length;
  const knocking = rows("waiting-sources").filter((w) => w.state === "waiting").length;
  const tools = (
    <>
      <Filters
        name={t("ui.state")}
        value={waiting ? "waiting" : state}
        onChange={(v) =>
          setQuery({
            view: v === "waiting" ? v : null,
            state: v === "waiting" ? null : v,
            source: null,
          })
        }
        options={[
          ["", t("ui.all"), all.length],
          ["missing", t("ui.source.filter.missing"), n(isMissing)],
          ["alive", t("ui.source.state.alive"), n((s) => s.state === "alive")],
          ["disabled", t("ui.source.state.disabled"), n((s) => s.disabled)],
          ...(seesWaiting
            ? [["waiting", t("ui.waiting.title"), knocking] as [string, string, number]]
            : []),
        ]}
      />
      {!waiting && <SiteFilter value={site} />}
    </>
  );
  return (
    <div class={`page full ${chosen && !waiting ? "with-side" : ""}`}>
      <PageHead title={t("ui.nav.sources")}>
        {edit && may("imports.use") && (
          <a class="button" href="/imports?target=sources">
            {t("ui.import.begin")}
          </a>
        )}
        {edit && (
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t("ui.source.add")}
          </Button>
        )}
      </PageHead>
      {waiting ? (
        <Waiting tools={tools} />
      ) : (
        <div class="split">
          <div class="split-main">
            <List
              name="sources"
              label={t("ui.nav.sources")}
              rows={list}
              columns={columns()}
              keyOf={(s) => s.id}
              load={load}
              crowded={chosen ? CROWDED : []}
              selected={chosen?.id ?? null}
              onOpen={(s) => setQuery({ source: s.id })}
              download="sources"
              filters={["state", "site"]}
              tools={tools}
              empty={
                <Empty title={all.length ? t("ui.sources.none_filter") : t("ui.sources.none")}>
                  {!all.length && t("ui.sources.none_more")}
                </Empty>
              }
            />
          </div>
          {chosen && <Side s={chosen} key={chosen.id} />}
        </div>
      )}
      {adding && <AddSource onClose={() => setAdding(false)} />}
    </div>
  );
}
