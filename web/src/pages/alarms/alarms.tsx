// SPDX-License-Identifier: Apache-2.0
// Chất lượng báo động: is the desk in flood, and which three bad actors to work off. The rest (how the load is spread,
// standards, the lists, the budget) stands below for who wants it. Alarms are measured here, never people.
import { useEffect, useState } from "preact/hooks";
import type { Performance } from "../../api/alarms.ts";
import { get, query, type ApiError } from "../../api/client.ts";
import { BINS, bins, figures, percent, worstThree, type Figure } from "../../lib/alarms.ts";
import { t, word } from "../../lib/i18n.ts";
import { number } from "../../lib/text.ts";
import { date, ms, near } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { lang } from "../../store/prefs.ts";
import { now } from "../../store/session.ts";
import { Basis } from "../../ui/basis.tsx";
import { SiteFilter } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, ErrorBox, Filters, LevelMark, PageHead, Skeleton } from "../../ui/parts.tsx";
import { ActorCard, Actors } from "./actors.tsx";
import { BudgetPart } from "./budget.tsx";

const PERIODS = [1, 7, 30, 90];
const AGAIN_MS = 30_000;
const DAY_MS = 86_400_000;

function usePerformance(days: number, site: string): [Performance | null, ApiError | null, () => void] {
  const [p, setP] = useState<Performance | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    const read = () =>
      get<Performance>(`/alarm-performance${query({ days: String(days), site })}`).then(
        (a) => {
          if (here) {
            setP(a);
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
  }, [days, site, turn]);
  return [p, error, () => setTurn(turn + 1)];
}

// The one thing to know.
function State({ p, days }: { p: Performance; days: number }) {
  const limit = p.standards.find((s) => s.code === "alarm.flood");
  const allowed = p.standards.find((s) => s.code === "alarm.flood_share");
  const share = percent(p.load.flood_share, lang.value);
  const late = (ms(p.from) ?? 0) - ((ms(p.to) ?? 0) - days * DAY_MS) > DAY_MS;
  const over = allowed && p.load.flood_share * 100 > allowed.value;
  return (
    <section class={`alarm-state ${p.now.flood ? "act" : ""}`} aria-live="polite">
      <p class="alarm-now">
        <Shape of={p.now.flood ? "act" : "normal"} filled={p.now.flood} />{" "}
        <b>{t(p.now.flood ? "ui.alarms.flood_now" : "ui.alarms.calm_now")}</b>
        <span> · {t("ui.alarms.last_ten", { n: p.now.last_10_min })}</span>
      </p>
      <p>
        {over && (
          <>
            <Shape of="attention" />{" "}
          </>
        )}
        {t("ui.alarms.flood_time", { share, days, n: p.load.floods })}
        {allowed && <span class="dim"> {t("ui.alarms.wanted_below", { value: allowed.value })}</span>}
        {late && <span class="dim"> {t("ui.alarms.since", { time: date(p.from) })}</span>}
      </p>
      {limit && (
        <p class="dim">
          {t("ui.alarms.flood_is", { value: limit.value })} <Basis refs={[limit.ref]} />
        </p>
      )}
    </section>
  );
}

function Spread({ p }: { p: Performance }) {
  const counts = bins(p.load.distribution);
  const label = ([from, to]: [number, number]) =>
    from === to ? String(from) : to === Infinity ? t("ui.alarms.more_than", { n: from - 1 }) : `${from}–${to}`;
  return (
    <section aria-labelledby="alarm-spread">
      <h2 id="alarm-spread">{t("ui.alarms.spread")}</h2>
      <table class="rows alarm-spread">
        <thead>
          <tr>
            <th scope="col">{t("ui.alarms.in_ten")}</th>
            <th scope="col">{t("ui.alarms.of_time")}</th>
            <th scope="col" class="bar">
              <span class="hidden">{t("ui.alarms.bar")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {BINS.map((b, i) => {
            const share = p.load.slots ? counts[i]! / p.load.slots : 0;
            return (
              <tr key={b[0]}>
                <th scope="row" class="num">
                  {label(b)}
                </th>
                <td class="num">{percent(share, lang.value)}</td>
                <td class="bar">
                  <meter min={0} max={1} value={share} class={b[1] === Infinity ? "flood" : ""}>
                    {percent(share, lang.value)}
                  </meter>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="dim">
        {t("ui.alarms.spread_words", { median: p.load.median, p90: p.load.p90, p99: p.load.p99, max: p.load.max })}
      </p>
      {p.load.last_floods.length > 0 && (
        <details>
          <summary>{t("ui.alarms.floods", { n: p.load.floods })}</summary>
          <ul class="alarm-floods">
            {p.load.last_floods.map((f) => (
              <li key={f.from} class="num">
                {near(f.from, now.value)} – {near(f.to, now.value)}:{" "}
                {t("ui.alarms.flood_line", { n: f.alarms, peak: f.peak })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const shown = (f: Figure, v: number): string => (f.share ? percent(v, lang.value) : number(v, lang.value));

function Standards({ p }: { p: Performance }) {
  return (
    <section aria-labelledby="alarm-standards">
      <h2 id="alarm-standards">{t("ui.alarms.standards")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.alarms.figure_head")}</th>
            <th scope="col" class="r">
              {t("ui.alarms.measured")}
            </th>
            <th scope="col" class="r">
              {t("ui.alarms.wanted")}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures(p).map((f) => (
            <tr key={f.key}>
              <td>
                {t(`ui.alarms.figure.${f.key}`)}
                <Basis refs={[f.standard?.ref ?? null]} />
              </td>
              <td class="r num">
                {f.over && (
                  <>
                    <Shape of="attention" /> <span class="hidden">{t("ui.alarms.over")}</span>
                  </>
                )}
                {shown(f, f.value)}
              </td>
              <td class="r num">{f.limit === undefined ? "–" : f.limit === 0 ? "0" : `≤ ${shown(f, f.limit)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Levels({ p }: { p: Performance }) {
  return (
    <section aria-labelledby="alarm-levels">
      <h2 id="alarm-levels">{t("ui.alarms.levels")}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">{t("ui.alarms.level")}</th>
            <th scope="col" class="r">
              {t("ui.alarms.count")}
            </th>
            <th scope="col" class="r">
              {t("ui.alarms.share")}
            </th>
            <th scope="col" class="r">
              {t("ui.alarms.wanted")}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...p.levels].reverse().map((l) => {
            const s = p.standards.find((x) => x.code === `alarm.${l.level}`);
            return (
              <tr key={l.level}>
                <td>
                  <LevelMark level={l.level} />
                </td>
                <td class="r num">{number(l.n, lang.value)}</td>
                <td class="r num">{p.total.n ? percent(l.share, lang.value) : "–"}</td>
                <td class="r num">{s ? t("ui.alarms.about", { value: s.value }) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="dim">
        {t("ui.alarms.levels_words")} <Basis refs={[p.standards.find((s) => s.code === "alarm.low")?.ref ?? null]} />
      </p>
    </section>
  );
}

export function AlarmsPage() {
  const q = place.value.query;
  const asked = Number(q.get("days"));
  const days = PERIODS.includes(asked) ? asked : 7;
  const site = q.get("site") ?? "";
  const [p, error, again] = usePerformance(days, site);
  const three = p ? worstThree(p) : [];
  return (
    <div class="page alarms">
      <PageHead title={t("ui.alarms.title")} sub={t("ui.alarms.sub")}>
        <Button class="wide-only" onClick={() => print()}>{t("ui.action.print")}</Button>
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.alarms.period")}
          value={String(days)}
          onChange={(v) => setQuery({ days: v === "7" ? null : v })}
          options={PERIODS.map((d) => [String(d), t(d === 1 ? "ui.alarms.today" : "ui.alarms.days", { n: d })])}
        />
        <SiteFilter value={site} />
      </div>
      {error && !p && <ErrorBox error={error} again={again} />}
      {!p && !error && <Skeleton lines={10} />}
      {p && (
        <>
          <State p={p} days={days} />
          <section aria-labelledby="alarm-worst">
            <h2 id="alarm-worst">{t("ui.alarms.worst")}</h2>
            {three.length === 0 ? (
              <p class="dim">{t("ui.alarms.none")}</p>
            ) : (
              <ol class="alarm-worst">
                {three.map(([kind, a]) => (
                  <ActorCard key={`${kind}${a.id}`} kind={kind} a={a} />
                ))}
              </ol>
            )}
          </section>
          <div class="columns">
            <Spread p={p} />
            <Standards p={p} />
          </div>
          <Actors p={p} />
          <Levels p={p} />
          <BudgetPart site={site} />
          <p class="dim">{t("ui.alarms.about_desk", { word: word("ui.alarms.scope", site ? "site" : "desk") })}</p>
        </>
      )}
    </div>
  );
}
