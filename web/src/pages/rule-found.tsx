// SPDX-License-Identifier: Apache-2.0
// What a rule would have found: its back-test set against the version in force, and its days in the shadow.
import { post } from "../api/client.ts";
import type { FileTrial, RuleText, ShadowDay, TrialExample, TrialFound } from "../api/rule-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { eventName, number } from "../lib/text.ts";
import { date, full } from "../lib/time.ts";
import { lang } from "../store/prefs.ts";
import { may } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Shape } from "../ui/icons.tsx";
import { Button, Empty, Loaded } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";

const EXAMPLES = 10;
const WEEKS = 60; // what the server counts
const sum = (v: number[]): number => v.reduce((a, b) => a + b, 0);

function Evidence({ names }: { names: string[] }) {
  return (
    <>
      {names.map((n) =>
        !/^\d+$/.test(n) && may("journal.read") ? (
          <a key={n} class="num" href={`/journal/${n}`}>
            {eventName(n)}
          </a>
        ) : (
          <span key={n} class="num">
            {eventName(n)}
          </span>
        ),
      )}
    </>
  );
}

function Examples({ of, sites }: { of: TrialExample["of"]; sites: TrialFound[] }) {
  const all = sites
    .flatMap((s) => s.examples.filter((e) => e.of === of).map((e) => ({ e, s })))
    .sort((a, b) => b.e.at.localeCompare(a.e.at))
    .slice(0, EXAMPLES);
  return all.length === 0 ? null : (
    <section class="examples">
      <h3>{word("ui.rule.examples", of)}</h3>
      <ul>
        {all.map(({ e, s }, i) => (
          <li key={i}>
            <time dateTime={e.at}>{full(e.at)}</time> · {s.site_name ?? s.site}
            {e.zone && ` · ${one("zones", e.zone)?.name ?? (s.site_name === undefined ? e.zone : "")}`}
            {e.kind && ` · ${word("signal", e.kind)}`} · <Evidence names={e.evidence} />
          </li>
        ))}
      </ul>
    </section>
  );
}

// Findings by week, the newest first: bars for the eye, numbers for everybody.
function Weeks({ weeks, budget }: { weeks: [number, number][]; budget: number }) {
  const most = Math.max(1, budget, ...weeks.flat());
  return (
    <table class="weeks">
      <caption class="hidden">{t("ui.rule.by_week")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("ui.rule.week")}</th>
          <th scope="col">{t("ui.rule.this_text")}</th>
          <th scope="col">{t("ui.rule.in_force")}</th>
        </tr>
      </thead>
      <tbody>
        {weeks.map(([d, a], i) => (
          <tr key={i} class={d > budget ? "over" : ""}>
            <th scope="row">{i === 0 ? t("ui.rule.last_week") : t("ui.rule.weeks_ago", { n: i })}</th>
            <td>
              <meter min={0} max={most} value={d} aria-hidden="true" /> <span class="num">{d}</span>
              {d > budget && (
                <>
                  {" "}
                  <Shape of="attention" /> {t("ui.rule.over")}
                </>
              )}
            </td>
            <td>
              <meter min={0} max={most} value={a} aria-hidden="true" /> <span class="num">{a}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Counts({ sites }: { sites: TrialFound[] }) {
  const [d, a, b] = (["only_draft", "only_active", "both"] as const).map((k) => sum(sites.map((s) => s[k])));
  return (
    <dl class="counts">
      {(
        [
          ["ui.rule.n_this", d! + b!],
          ["ui.rule.n_force", a! + b!],
          ["ui.rule.n_more", d!],
          ["ui.rule.n_less", a!],
          ["ui.rule.n_both", b!],
        ] as [string, number][]
      ).map(([k, n]) => (
        <div key={k}>
          <dt>{t(k)}</dt>
          <dd class="num">{n}</dd>
        </div>
      ))}
    </dl>
  );
}

type Between = { x: RuleText; sites: TrialFound[]; from: string | null; to: string | null };

function Found({ x, sites, from, to }: Between) {
  const n = Math.ceil((Date.parse(to ?? "") - Date.parse(from ?? "")) / (7 * 86400e3));
  const weeks = Array.from(
    { length: Math.min(WEEKS, Math.max(1, n)) },
    (_, i) => [0, 1].map((k) => sum(sites.map((s) => s.weeks[i]?.[k] ?? 0))) as [number, number],
  );
  return (
    <>
      <Counts sites={sites} />
      <Weeks weeks={weeks} budget={x.budget} />
      {(["draft", "active", "both"] as const).map((of) => (
        <Examples key={of} of={of} sites={sites} />
      ))}
    </>
  );
}

function Result({ x, sites }: { x: RuleText; sites: TrialFound[] }) {
  return (
    <>
      <p>
        {t("ui.rule.tried", { from: date(x.trial_from), to: date(x.trial_to) })}{" "}
        {x.trial_over ? (
          <b>
            <Shape of="attention" /> {t("ui.rule.over_budget", { n: x.budget })}
          </b>
        ) : (
          t("ui.rule.within_budget", { n: x.budget })
        )}
      </p>
      <Found x={x} sites={sites} from={x.trial_from} to={x.trial_to} />
    </>
  );
}

// Of a file nothing is kept: this is here until the page is left.
export function TrialOfFile({ x, of }: { x: RuleText; of: FileTrial }) {
  const n = (v: number) => number(v, lang.value);
  return (
    <section aria-labelledby="rule-file">
      <h2 id="rule-file">{t("ui.rule.file_trial", { name: of.name })}</h2>
      <p role="status">{t("ui.rule.file_read", { n: n(of.events), from: full(of.from), to: full(of.to) })}</p>
      {of.unknown > 0 && <p class="note-box">{t("ui.rule.file_unknown", { n: n(of.unknown) })}</p>}
      {of.late > 0 && <p class="note-box">{t("ui.rule.file_late", { n: n(of.late) })}</p>}
      <p class="dim">{t("ui.rule.file_only")}</p>
      <Found x={x} sites={of.sites} from={of.from} to={of.to} />
    </section>
  );
}

function Running({ x }: { x: RuleText }) {
  need("rule-progress");
  const p = one("rule-progress", x.id);
  const part = p && p.total > 0 ? Math.min(100, Math.round((100 * p.done) / p.total)) : 0;
  return (
    <div class="trial-running" role="status">
      <progress max={100} value={part} aria-label={t("ui.rule.trying")} />
      <span>{t("ui.rule.trying_n", { n: part })}</span>
      {may("rules.draft") && (
        <Button
          onClick={() =>
            void attempt(() => post(`/rule-texts/${x.id}/cancel-try`), t("ui.rule.try_cancelled"))
          }
        >
          {t("ui.rule.try_stop")}
        </Button>
      )}
    </div>
  );
}

export function Trial({ x }: { x: RuleText }) {
  const load = need("rule-trial-sites", { text: x.id }).value;
  need("zones");
  const sites = rows("rule-trial-sites").filter((s) => s.text === x.id && s.current);
  return (
    <section aria-labelledby="rule-trial">
      <h2 id="rule-trial">{t("ui.rule.trial")}</h2>
      {x.trial_state === "" && <p class="dim">{t("ui.rule.untried")}</p>}
      {x.trial_state === "asked" && <Running x={x} />}
      {x.trial_state === "failed" && (
        <p class="error" role="alert">
          {t("ui.rule.try_failed")}: {pick(x, "trial_problem")}
        </p>
      )}
      {x.trial_state === "done" && <Loaded load={load}>{() => <Result x={x} sites={sites} />}</Loaded>}
    </section>
  );
}

export function Shadow({ x }: { x: RuleText }) {
  const load = need("rule-shadow", { rule: x.name }).value;
  const days = new Map<string, ShadowDay[]>();
  for (const d of rows("rule-shadow").filter((s) => s.rule === x.name && s.version === x.version)) {
    days.set(d.day, [...(days.get(d.day) ?? []), d]);
  }
  const list = [...days.entries()].sort((a, b) => b[0].localeCompare(a[0]));
  const most = Math.max(1, ...list.map(([, v]) => sum(v.map((d) => d.n))));
  if (x.state !== "shadow" && list.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="rule-shadow">
      <h2 id="rule-shadow">{t("ui.rule.shadow")}</h2>
      <p class="dim">{t("ui.rule.shadow_help")}</p>
      <Loaded load={load}>
        {() =>
          list.length === 0 ? (
            <Empty title={t("ui.rule.shadow_none")} />
          ) : (
            <table class="weeks">
              <thead>
                <tr>
                  <th scope="col">{t("ui.rule.day")}</th>
                  <th scope="col">{t("ui.rule.would")}</th>
                  <th scope="col">{t("ui.rule.evidence")}</th>
                </tr>
              </thead>
              <tbody>
                {list.map(([day, v]) => (
                  <tr key={day}>
                    <th scope="row">{day.split("-").reverse().join("/")}</th>
                    <td>
                      <meter min={0} max={most} value={sum(v.map((d) => d.n))} aria-hidden="true" />{" "}
                      <span class="num">{sum(v.map((d) => d.n))}</span>
                    </td>
                    <td>
                      <Evidence names={v.flatMap((d) => d.examples.map((e) => e.evidence[0] ?? "")).filter(Boolean).slice(0, 5)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </section>
  );
}
