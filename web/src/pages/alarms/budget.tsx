// SPDX-License-Identifier: Apache-2.0
// The false-alarm budget: what the desk accepts a month against what it had, and which count the budget would let a
// counting rule start from at each place. A proposal is copied into a rule by a person; nothing here changes a rule.
import { useEffect, useState } from "preact/hooks";
import type { Budget, Measured, Thresholds, Usual } from "../../api/alarms.ts";
import { get, post, query, type ApiError } from "../../api/client.ts";
import { hourOfWeek } from "../../lib/alarms.ts";
import { t, word } from "../../lib/i18n.ts";
import { number } from "../../lib/text.ts";
import { near } from "../../lib/time.ts";
import { lang } from "../../store/prefs.ts";
import { may, now } from "../../store/session.ts";
import { one } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, ErrorBox, Field, Select } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";

const WINDOWS = [2, 10, 60, 480];
const rounded = (n: number): string => number(Math.round(n * (n < 10 ? 10 : 1)) / (n < 10 ? 10 : 1), lang.value);

function SetBudget({ site, accepted, onClose, onDone }: { site: string; accepted?: number; onClose: () => void; onDone: () => void }) {
  const [text, setText] = useState(accepted === undefined ? "" : String(accepted));
  return (
    <FormDialog
      title={t(site ? "ui.alarms.budget.set_site" : "ui.alarms.budget.set_desk", { site: one("sites", site)?.name ?? "" })}
      submit={t("ui.action.save")}
      onSubmit={async () => {
        await post("/alarm-budgets", {
          site: site || undefined,
          accepted: text.trim() === "" ? undefined : Number(text),
        });
        say(t(text.trim() === "" ? "ui.alarms.budget.withdrawn" : "ui.alarms.budget.saved"));
        onDone();
      }}
      onClose={onClose}
    >
      <Field label={t("ui.alarms.budget.accepted")} help={t("ui.alarms.budget.help")} wide>
        <input
          type="number"
          min={0}
          max={10000}
          step={1}
          inputMode="numeric"
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

function Verdict({ m }: { m: Measured }) {
  return m.verdict ? (
    <span class={`mark ${m.verdict === "over" ? "attention" : ""}`}>
      <Shape of={m.verdict === "over" ? "attention" : m.verdict === "unknown" ? "unknown" : "normal"} />
      {t(`ui.alarms.budget.verdict.${m.verdict}`)}
    </span>
  ) : null;
}

function Line({ m }: { m: Measured }) {
  return (
    <>
      <p>
        {m.accepted === undefined
          ? t("ui.alarms.budget.none", { n: m.measured, days: m.days })
          : t("ui.alarms.budget.line", {
              accepted: m.accepted,
              n: m.measured,
              days: m.days,
              expected: rounded(m.expected ?? 0),
            })}{" "}
        <Verdict m={m} />
      </p>
      {typeof m.arl0_hours === "number" && m.arl0_hours > 0 && (
        <p class="dim">{t("ui.alarms.budget.arl0", { zones: m.zones, days: rounded(m.arl0_hours / 24) })}</p>
      )}
    </>
  );
}

const usualWords = (u: Usual): string => {
  if (u.silent || u.busy_hour === undefined) {
    return t("ui.alarms.usual.silent", { weeks: rounded(u.weeks) });
  }
  const [day, hour] = hourOfWeek(u.busy_hour);
  return t("ui.alarms.usual.words", {
    n: rounded((u.an_hour ?? 0) * 168),
    busy: rounded(u.busy_usual ?? 0),
    day: t(`ui.alarms.weekday.${day}`),
    hour,
  });
};
const peakWords = (u: Usual): string =>
  !u.peak || u.silent || u.peak.chance > 0.05
    ? "–"
    : t(u.peak.every_weeks > 520 ? "ui.alarms.usual.peak_rare" : "ui.alarms.usual.peak", {
        time: near(u.peak.from, now.value),
        n: u.peak.n,
        usual: rounded(u.peak.usual),
        weeks: rounded(Math.max(u.peak.every_weeks, 0.1)),
      });

const columns = (x: Thresholds): Column<Usual>[] => [
  { key: "zone", title: t("ui.alarms.usual.place"), width: "15rem", text: (u) => u.zone_name },
  { key: "site", title: t("ui.board.site"), width: "13rem", mid: true, text: (u) => u.site_name },
  { key: "kind", title: t("ui.alarms.usual.kind"), width: "12rem", text: (u) => word("signal", u.kind) },
  { key: "usual", title: t("ui.alarms.usual.usual"), narrow: true, cell: usualWords, text: usualWords, sort: (u) => u.an_hour ?? -1 },
  { key: "peak", title: t("ui.alarms.usual.last_day"), width: "24rem", narrow: true, mid: true, cell: peakWords, text: peakWords, sort: (u) => -(u.peak?.chance ?? 1) },
  {
    key: "threshold",
    title: t("ui.alarms.usual.threshold", { n: x.window_min }),
    width: "15rem",
    cell: (u) =>
      u.threshold === undefined
        ? "–"
        : t("ui.alarms.usual.at_least", { n: u.threshold, often: rounded(u.expected_a_month ?? 0) }),
    text: (u) => u.threshold,
    sort: (u) => u.threshold ?? -1,
  },
];

function Proposals({ site, turn }: { site: string; turn: number }) {
  const [window, setWindow] = useState("60");
  const [x, setX] = useState<Thresholds | null>(null);
  useEffect(() => {
    let here = true;
    get<Thresholds>(`/alarm-thresholds${query({ site, window_min: window })}`).then(
      (a) => here && setX(a),
      () => here && setX(null),
    );
    return () => {
      here = false;
    };
  }, [site, window, turn]);
  if (!x) {
    return null;
  }
  return (
    <section>
      <h2>{t("ui.alarms.usual.title")}</h2>
      <p class="dim">
        {t("ui.alarms.usual.about", { weeks: x.weeks_needed })}
        {x.accepted === undefined && ` ${t("ui.alarms.usual.no_budget")}`}
      </p>
      <List
        name="alarm-usual"
        label={t("ui.alarms.usual.title")}
        rows={x.items}
        columns={columns(x)}
        keyOf={(u) => u.zone + u.kind}
        exportName={t("ui.alarms.file.usual")}
        tools={
          <Field label={t("ui.alarms.usual.window")}>
            <Select
              value={window}
              onChange={setWindow}
              options={WINDOWS.map((m) => [String(m), t(m < 60 ? "ui.alarms.usual.minutes" : "ui.alarms.usual.hours", { n: m < 60 ? m : m / 60 })])}
            />
          </Field>
        }
        empty={<Empty title={t("ui.alarms.usual.none")}>{t("ui.alarms.usual.none_more")}</Empty>}
      />
    </section>
  );
}

export function BudgetPart({ site }: { site: string }) {
  const [b, setB] = useState<Budget | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  const [setting, setSetting] = useState(false);
  useEffect(() => {
    let here = true;
    get<Budget>(`/alarm-budgets${query({ site })}`).then(
      (a) => here && (setB(a), setError(null)),
      (e: ApiError) => here && setError(e),
    );
    return () => {
      here = false;
    };
  }, [site, turn]);
  return (
    <>
      <section aria-labelledby="alarm-budget" class="alarm-budget">
        <h2 id="alarm-budget">
          {t("ui.alarms.budget.title")}
          {may("alerts.budget") && b && (
            <Button onClick={() => setSetting(true)}>{t("ui.alarms.budget.set")}</Button>
          )}
        </h2>
        {error && <ErrorBox error={error} again={() => setTurn(turn + 1)} />}
        {b && <Line m={b} />}
        {b && b.sites.length > 0 && (
          <ul>
            {b.sites.map((s) => (
              <li key={s.site}>
                <b>{s.site_name}</b> <Line m={s} />
              </li>
            ))}
          </ul>
        )}
        {b?.set_at && <p class="dim">{t("ui.alarms.budget.by", { who: b.set_by_name || "–", time: near(b.set_at, now.value) })}</p>}
      </section>
      <Proposals site={site} turn={turn} />
      {setting && b && (
        <SetBudget site={site} accepted={b.accepted} onClose={() => setSetting(false)} onDone={() => setTurn(turn + 1)} />
      )}
    </>
  );
}
