// SPDX-License-Identifier: Apache-2.0
// How often a rule was wrong here: of the last ninety days, the version in force, with the interval that so few cases
// allow. Statistics, not a verdict: asked for once when an alert is opened.
import { useEffect, useState } from "preact/hooks";
import type { RuleRecord, Share } from "../api/alarms.ts";
import { get, query } from "../api/client.ts";
import { percent } from "../lib/alarms.ts";
import { t } from "../lib/i18n.ts";
import { lang } from "../store/prefs.ts";

export const RECORD_DAYS = 90;

// "75 % giả (30–95 %)"; nothing judged: says so.
export function shareWords(s: Share): string {
  return s.judged === 0 || s.share_false === undefined
    ? t("ui.alarms.unjudged")
    : t("ui.alarms.share_false", {
        share: percent(s.share_false, lang.value),
        low: percent(s.low ?? 0, lang.value),
        high: percent(s.high ?? 1, lang.value),
      });
}

// "68 % (46–85 %)", for a column.
export const shareShort = (s: Share): string =>
  s.share_false === undefined
    ? "–"
    : `${percent(s.share_false, lang.value)} (${percent(s.low ?? 0, lang.value)}–${percent(s.high ?? 1, lang.value)})`;

export function RecordHere({ rule, site, version }: { rule: string; site: string; version: string }) {
  const [list, setList] = useState<RuleRecord[] | null>(null);
  useEffect(() => {
    let here = true;
    setList(null);
    get<{ items: RuleRecord[] }>(`/rule-records${query({ rule, site, days: String(RECORD_DAYS) })}`).then(
      (a) => here && setList(a.items),
      () => here && setList([]),
    );
    return () => {
      here = false;
    };
  }, [rule, site, version]);
  const r = list?.find((x) => x.version === version);
  if (!r) {
    return list ? <p class="dim">{t("ui.alarms.record_none", { days: RECORD_DAYS })}</p> : null;
  }
  return (
    <p>
      {t("ui.alarms.record", { n: r.n, days: RECORD_DAYS, bad: r.false, real: r.real })}{" "}
      <span class="dim">
        {shareWords(r)}
        {r.test + r.duplicate + r.unknown + r.unsaid > 0 &&
          ` · ${t("ui.alarms.record_rest", { test: r.test, unknown: r.unknown + r.duplicate, unsaid: r.unsaid })}`}
      </span>
    </p>
  );
}
