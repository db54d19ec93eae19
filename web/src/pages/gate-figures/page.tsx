// SPDX-License-Identifier: Apache-2.0
// Độ chặt của cổng: what authorised tests showed, with the interval that so few allow; who came in and did not go out;
// in against out by day and point; how close upon one another people come. Points and hours are measured, never people.
import { useEffect, useState } from "preact/hooks";
import { get, query, type ApiError } from "../../api/client.ts";
import type { CheckFigures, DayFigures, GateFigures, PointFigures, ServiceFigures, TestFigures, Unmatched } from "../../api/gatework.ts";
import { percent } from "../../lib/alarms.ts";
import { t, word } from "../../lib/i18n.ts";
import { date, full } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { lang } from "../../store/prefs.ts";
import { may } from "../../store/session.ts";
import { rows } from "../../store/store.ts";
import { List, type Column } from "../../ui/list.tsx";
import { Empty, ErrorBox, Filters, PageHead, Select, Skeleton } from "../../ui/parts.tsx";
import { Tests } from "./tests.tsx";

const PERIODS = [7, 30, 90];

function useFigures(site: string, days: number): [GateFigures | null, ApiError | null, () => void] {
  const [f, setF] = useState<GateFigures | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    setF(null);
    setError(null);
    if (site) {
      get<GateFigures>(`/gate-figures${query({ site, days })}`).then(
        (a) => here && setF(a),
        (e: ApiError) => here && setError(e),
      );
    }
    return () => {
      here = false;
    };
  }, [site, days, turn]);
  return [f, error, () => setTurn(turn + 1)];
}

const rate = (n: number, x: { n: number; low: number; high: number }): string =>
  t("ui.tight.rate", {
    share: percent(n / x.n, lang.value),
    low: percent(x.low, lang.value),
    high: percent(x.high, lang.value),
  });

function Rates({ tests }: { tests: TestFigures[] }) {
  return tests.length ? (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t("ui.tight.point")}</th>
          <th scope="col">{t("ui.tight.band")}</th>
          <th scope="col">{t("ui.tight.tests_n")}</th>
          <th scope="col">{t("ui.tight.caught")}</th>
        </tr>
      </thead>
      <tbody>
        {tests.map((x) => (
          <tr key={x.point + x.band}>
            <th scope="row">{x.name || t("ui.tight.any_point")}</th>
            <td class="num">{word("ui.tight.band", x.band)}</td>
            <td class="num">{x.n}</td>
            <td class="num">{rate(x.caught, x)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ) : (
    <p class="dim">{t("ui.tight.no_tests")}</p>
  );
}

const count = (key: keyof DayFigures & string, mid = false): Column<DayFigures> => ({
  key,
  title: t(`ui.tight.${key}`),
  width: "9.5rem",
  mid,
  narrow: mid,
  cell: (d) => <span class={`num ${d[key] ? "" : "dim"}`}>{d[key]}</span>,
  text: (d) => String(d[key]),
  sort: (d) => d[key],
});

const dayColumns = (): Column<DayFigures>[] => [
  { key: "day", title: t("ui.tight.day"), width: "8rem", cell: (d) => date(d.day), text: (d) => d.day, sort: (d) => d.day },
  { key: "point", title: t("ui.tight.point"), text: (d) => d.name },
  count("in"),
  count("out"),
  count("against"),
  count("unsaid", true),
  count("unentered", true),
  count("again", true),
  count("skipped", true),
];

const whoColumns = (where: "area_name" | "point_name"): Column<Unmatched>[] => [
  { key: "name", title: t("ui.muster.name"), cell: (p) => p.name || "–", text: (p) => p.name },
  { key: "kind", title: t("ui.tight.who"), width: "10rem", narrow: true, text: (p) => word("ui.holder.kind", p.kind) },
  { key: "where", title: t("ui.tight.where"), cell: (p) => p[where] || "–", text: (p) => p[where] ?? "" },
  {
    key: "at",
    title: t("ui.tight.since"),
    width: "12rem",
    cell: (p) => <span class="num">{full(p.at).slice(0, 16)}</span>,
    text: (p) => full(p.at),
    sort: (p) => p.at,
  },
];

function Who({ name, list, where }: { name: "inside" | "unentered"; list: Unmatched[]; where: "area_name" | "point_name" }) {
  return (
    <section>
      <h2>{t(`ui.tight.list.${name}`, { n: list.length })}</h2>
      {list.length ? (
        <List
          name={`gate-${name}`}
          label={t(`ui.tight.list.${name}`, { n: list.length })}
          rows={list}
          columns={whoColumns(where)}
          keyOf={(p) => p.holder + p.at}
          exportName={`cong-${name}`}
          empty={<Empty title={t("ui.tight.nobody")} />}
        />
      ) : (
        <p class="dim">{t("ui.tight.nobody")}</p>
      )}
    </section>
  );
}

function Pace({ points }: { points: PointFigures[] }) {
  const busy = points.filter((p) => p.busiest > 0);
  return busy.length ? (
    <section aria-labelledby="tight-pace">
      <h2 id="tight-pace">{t("ui.tight.pace")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.tight.point")}</th>
            <th scope="col">{t("ui.tight.busiest")}</th>
            <th scope="col">{t("ui.tight.gap_half")}</th>
            <th scope="col">{t("ui.tight.gap_tenth")}</th>
          </tr>
        </thead>
        <tbody>
          {busy.map((p) => (
            <tr key={p.point}>
              <th scope="row">{p.name}</th>
              <td class="num">{p.busiest}</td>
              <td class="num">{p.gap_half_s === undefined ? "–" : t("ui.tight.seconds", { n: p.gap_half_s })}</td>
              <td class="num">{p.gap_tenth_s === undefined ? "–" : t("ui.tight.seconds", { n: p.gap_tenth_s })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">{t("ui.tight.pace_more")}</p>
    </section>
  ) : null;
}

const seconds = (n: number | undefined): string =>
  n === undefined
    ? "–"
    : t("ui.tight.seconds", { n: (n / 1000).toLocaleString(lang.value, { maximumFractionDigits: n < 10_000 ? 1 : 0 }) });

function Service({ list }: { list: ServiceFigures[] }) {
  return list.length ? (
    <section aria-labelledby="tight-service">
      <h2 id="tight-service">{t("ui.tight.service")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.tight.point")}</th>
            <th scope="col">{t("ui.tight.band")}</th>
            <th scope="col">{t("ui.tight.service_n")}</th>
            <th scope="col">{t("ui.tight.service_half")}</th>
            <th scope="col">{t("ui.tight.service_ninety")}</th>
            <th scope="col">{t("ui.tight.pressure")}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((s) => (
            <tr key={s.point + s.band}>
              <th scope="row">{s.name}</th>
              <td class="num">{word("ui.tight.band", s.band)}</td>
              <td class="num">{s.n}</td>
              <td class="num">{seconds(s.half_ms)}</td>
              <td class="num">{seconds(s.ninety_ms)}</td>
              <td class="num">
                {s.busiest > 0 ? t("ui.tight.pressure_at", { n: s.busiest, time: full(s.busiest_at).slice(0, 16) }) : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">{t("ui.tight.service_more")} {t("ui.tight.bands_more")}</p>
    </section>
  ) : null;
}

// Only of arrivals that a device told of: where none does, nobody knows how long somebody stood there.
function Queue({ list }: { list: ServiceFigures[] }) {
  const told = list.filter((s) => s.queue_n > 0);
  return told.length ? (
    <section aria-labelledby="tight-queue">
      <h2 id="tight-queue">{t("ui.tight.queue")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.tight.point")}</th>
            <th scope="col">{t("ui.tight.band")}</th>
            <th scope="col">{t("ui.tight.queue_n")}</th>
            <th scope="col">{t("ui.tight.queue_half")}</th>
            <th scope="col">{t("ui.tight.queue_ninety")}</th>
          </tr>
        </thead>
        <tbody>
          {told.map((s) => (
            <tr key={s.point + s.band}>
              <th scope="row">{s.name}</th>
              <td class="num">{word("ui.tight.band", s.band)}</td>
              <td class="num">{s.queue_n}</td>
              <td class="num">{seconds(s.queue_half_ms)}</td>
              <td class="num">{seconds(s.queue_ninety_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">{t("ui.tight.queue_more")}</p>
    </section>
  ) : null;
}

const LEFT_OUT = ["rules", "certificate", "pass", "escort"] as const;

function Checks({ list }: { list: CheckFigures[] }) {
  return list.length ? (
    <section aria-labelledby="tight-checks">
      <h2 id="tight-checks">{t("ui.tight.checks")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.tight.point")}</th>
            <th scope="col">{t("ui.tight.band")}</th>
            <th scope="col">{t("ui.tight.checks_n")}</th>
            <th scope="col">{t("ui.tight.without")}</th>
            {LEFT_OUT.map((k) => (
              <th scope="col" key={k}>
                {t(`ui.tight.check.${k}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.map((x) => (
            <tr key={x.point + x.band}>
              <th scope="row">{x.name}</th>
              <td class="num">{word("ui.tight.band", x.band)}</td>
              <td class="num">{x.n}</td>
              <td class="num">
                {x.without}: {rate(x.without, x)}
              </td>
              {LEFT_OUT.map((k) => (
                <td class="num" key={k}>
                  {x[k]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">{t("ui.tight.checks_more")}</p>
    </section>
  ) : null;
}

function Figures({ f }: { f: GateFigures }) {
  return (
    <>
      <section aria-labelledby="tight-rates">
        <h2 id="tight-rates">{t("ui.tight.rates")}</h2>
        <Rates tests={f.tests} />
      </section>
      <Who name="inside" list={f.inside} where="area_name" />
      <Who name="unentered" list={f.unentered} where="point_name" />
      <section>
        <h2>{t("ui.tight.days")}</h2>
        <List
          name="gate-days"
          label={t("ui.tight.days")}
          rows={f.days}
          columns={dayColumns()}
          keyOf={(d) => d.day + d.point}
          exportName="cong-theo-ngay"
          empty={<Empty title={t("ui.tight.no_days")} />}
        />
      </section>
      <Checks list={f.checks} />
      <Service list={f.service} />
      <Queue list={f.service} />
      <Pace points={f.points} />
    </>
  );
}

export function GateFiguresPage() {
  const asked = place.value.query;
  const sites = rows("sites");
  const site = asked.get("site") ?? sites[0]?.id ?? "";
  const days = Number(asked.get("days") ?? 30);
  const [f, error, again] = useFigures(site, days);
  return (
    <div class="page tight">
      <PageHead title={t("ui.tight.title")} sub={t("ui.tight.title_more")} />
      <div class="toolbar">
        <Select
          label={t("ui.board.site")}
          value={site}
          onChange={(v) => setQuery({ site: v })}
          options={sites.map((s) => [s.id, s.name])}
        />
        <Filters
          name={t("ui.tight.period")}
          value={String(days)}
          onChange={(v) => setQuery({ days: v })}
          options={PERIODS.map((d) => [String(d), t("ui.tight.last_days", { n: d })])}
        />
      </div>
      {may("gatetests.read") && site && <Tests site={site} onDone={again} />}
      {error ? <ErrorBox error={error} again={again} /> : f ? <Figures f={f} /> : site ? <Skeleton /> : null}
    </div>
  );
}
