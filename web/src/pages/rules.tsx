// SPDX-License-Identifier: Apache-2.0
// Quy tắc, to read: each rule as a sentence, its level, and how often its alerts were right.
import type { Rule } from "../api/types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { LEVEL_RANK } from "../lib/urgency.ts";
import { place } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { Empty, LevelMark, Loaded, PageHead } from "../ui/parts.tsx";

const record = (r: Rule): string =>
  r.record_n === 0
    ? t("ui.alert.record_none")
    : t("ui.alert.record_n", {
        n: r.record_n,
        bad: r.record_false,
        good: r.record_n - r.record_false,
      });

function RuleLine({ r, chosen }: { r: Rule; chosen: boolean }) {
  return (
    <article
      class={`rule ${chosen ? "selected" : ""}`}
      id={`rule-${r.id}`}
      aria-current={chosen ? "true" : undefined}
    >
      <header>
        <h2>{pick(r, "title")}</h2>
        <LevelMark level={r.level} />
        <span class="dim num">
          {r.file}: {r.id} · {t("ui.rule.version", { n: r.version.slice(0, 8) })} ·{" "}
          {word("ui.rule.state", r.state)}
        </span>
      </header>
      <p>{pick(r, "sentence") || t("ui.rule.no_sentence")}</p>
      <Basis of={`situation.${r.situation}`} />
      <p class="dim">
        {t("ui.alert.record")}: {record(r)}
      </p>
    </article>
  );
}

export function RulesPage() {
  const load = need("rules").value;
  const chosen = place.value.query.get("rule");
  const list = rows("rules")
    .slice()
    .sort(
      (a, b) =>
        Number(b.id === chosen) - Number(a.id === chosen) ||
        LEVEL_RANK[b.level] - LEVEL_RANK[a.level] ||
        a.id.localeCompare(b.id),
    );
  return (
    <div class="page">
      <PageHead title={t("ui.nav.rules")} sub={t("ui.rule.read_only")}>
        {may("notices.read") && (
          <a class="button" href="/notices">
            {t("ui.nav.notices")}
          </a>
        )}
      </PageHead>
      <Loaded load={load} lines={8}>
        {() =>
          list.length === 0 ? (
            <Empty title={t("ui.rule.none")} />
          ) : (
            <div class="rules">
              {list.map((r) => (
                <RuleLine key={r.id} r={r} chosen={r.id === chosen} />
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}
