// SPDX-License-Identifier: Apache-2.0
// Quy tắc: each rule as a sentence, its level, whether it is in force, and how often its alerts were right. Rules
// that are being written stand between the others, by their state.
import type { RuleState, RuleText } from "../api/rule-types.ts";
import type { Level, Rule } from "../api/types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { LEVEL_RANK } from "../lib/urgency.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { Button, Chip, Empty, Filters, LevelMark, Loaded, PageHead } from "../ui/parts.tsx";

const record = (r: Rule): string =>
  r.record_n === 0
    ? t("ui.alert.record_none")
    : t("ui.alert.record_n", {
        n: r.record_n,
        bad: r.record_false,
        good: r.record_n - r.record_false,
      });

interface Line {
  name: string;
  level: Level;
  rule?: Rule; // in force, as the engine told
  texts: RuleText[]; // written here and not over
}
const LIVING: RuleState[] = ["draft", "shadow", "active"];
export const living = (x: RuleText): boolean => LIVING.includes(x.state);

function lines(): Line[] {
  const all = new Map<string, Line>();
  for (const r of rows("rules")) {
    all.set(r.id, { name: r.id, level: r.level, rule: r, texts: [] });
  }
  for (const x of rows("rule-texts").filter(living)) {
    const l = all.get(x.name) ?? { name: x.name, level: x.level, texts: [] };
    l.texts.push(x);
    all.set(x.name, l);
  }
  return [...all.values()];
}

const inForce = (l: Line): boolean =>
  l.rule?.state === "active" || l.texts.some((x) => x.state === "active");
const written = (l: Line): boolean => l.texts.some((x) => x.state !== "active");
const VIEWS: Record<string, (l: Line) => boolean> = {
  all: () => true,
  active: inForce,
  written,
  retired: (l) => !inForce(l) && !written(l),
};

function RuleLine({ l, chosen }: { l: Line; chosen: boolean }) {
  const own = l.texts.find((x) => x.state === "active");
  const shown = own ?? (l.rule?.state === "active" ? l.rule : l.texts[0]) ?? l.rule;
  const state = own || l.rule?.state === "active" ? "active" : (l.texts[0]?.state ?? l.rule?.state);
  return (
    <article
      class={`rule ${chosen ? "selected" : ""}`}
      id={`rule-${l.name}`}
      aria-current={chosen ? "true" : undefined}
    >
      <header>
        <h2>
          <a href={`/rules/${encodeURIComponent(l.name)}`}>{pick(shown, "title")}</a>
        </h2>
        <LevelMark level={shown?.level ?? l.level} />
        {l.texts
          .filter((x) => x.state !== "active")
          .map((x) => (
            <Chip key={x.id}>{word("ui.rule.state", x.state)}</Chip>
          ))}
        <span class="dim num">
          {own ? t("ui.rule.own") : (l.rule?.file ?? t("ui.rule.own"))}: {l.name} ·{" "}
          {t("ui.rule.version", { n: (shown?.version ?? "").slice(0, 8) })} ·{" "}
          {word("ui.rule.state", state)}
        </span>
      </header>
      <p>{pick(shown, "sentence") || t("ui.rule.no_sentence")}</p>
      {l.rule && <Basis of={`situation.${l.rule.situation}`} />}
      {l.rule && (
        <p class="dim">
          {t("ui.alert.record")}: {record(l.rule)}
        </p>
      )}
    </article>
  );
}

export function RulesPage() {
  const load = [need("rules").value, need("rule-texts").value];
  const chosen = place.value.query.get("rule");
  const view = place.value.query.get("view") ?? "all";
  const all = lines();
  const list = all
    .filter(VIEWS[view] ?? (() => true))
    .sort(
      (a, b) =>
        Number(b.name === chosen) - Number(a.name === chosen) ||
        Number(written(b)) - Number(written(a)) ||
        LEVEL_RANK[b.level] - LEVEL_RANK[a.level] ||
        a.name.localeCompare(b.name),
    );
  return (
    <div class="page">
      <PageHead title={t("ui.nav.rules")} sub={t("ui.rule.sub")}>
        {may("notices.read") && (
          <a class="button" href="/notices">
            {t("ui.nav.notices")}
          </a>
        )}
        {may("rules.draft") && (
          <Button kind="primary" icon="plus" onClick={() => go("/rules/new")}>
            {t("ui.rule.write")}
          </Button>
        )}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.rule.show")}
          value={view}
          onChange={(v) => setQuery({ view: v === "all" ? null : v })}
          options={Object.keys(VIEWS).map((v) => [v, word("ui.rule.view", v), all.filter(VIEWS[v]!).length])}
        />
      </div>
      <Loaded load={load} lines={8}>
        {() =>
          list.length === 0 ? (
            <Empty title={t("ui.rule.none")} />
          ) : (
            <div class="rules">
              {list.map((l) => (
                <RuleLine key={l.name} l={l} chosen={l.name === chosen} />
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}
