// SPDX-License-Identifier: Apache-2.0
// One version of a template, to read and to print empty: items by section, conditions as sentences, law.
import { useState } from "preact/hooks";
import type { ChecklistItem, ChecklistTemplate } from "../../api/types.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { needOne, one } from "../../store/store.ts";
import { Basis, hasBasis } from "../../ui/basis.tsx";
import { Button, Chip, Facts, Loaded, PageHead } from "../../ui/parts.tsx";
import { StartChecklist } from "./list.tsx";

export function sections(items: ChecklistItem[]): [string, ChecklistItem[]][] {
  const all: [string, ChecklistItem[]][] = [];
  for (const i of items) {
    const name = pick(i, "section");
    const last = all[all.length - 1];
    if (last && last[0] === name) {
      last[1].push(i);
    } else {
      all.push([name, [i]]);
    }
  }
  return all;
}

export const unitOf = (i: ChecklistItem): string =>
  pick({ unit_vi: i.unit, unit_en: i.unit_en }, "unit");

export function limits(i: ChecklistItem): string {
  const range =
    i.min !== undefined && i.max !== undefined
      ? t("ui.check.between", { min: i.min, max: i.max })
      : i.min !== undefined
        ? t("ui.check.at_least", { min: i.min })
        : i.max !== undefined
          ? t("ui.check.at_most", { max: i.max })
          : "";
  return [range, unitOf(i)].filter(Boolean).join(" ");
}

function Item({ i, of }: { i: ChecklistItem; of: string }) {
  return (
    <li class="check-row">
      <p>
        {pick(i, "text")} {i.optional && <Chip>{t("ui.check.optional")}</Chip>}
      </p>
      <p class="dim">
        {word("ui.check.item", i.kind)}
        {limits(i) && `: ${limits(i)}`}
        {i.choices && `: ${i.choices.map((c) => pick(c, "text")).join(" · ")}`}
        {i.law && !hasBasis(of) && ` · ${i.law}`}
      </p>
      <Basis of={of} />
      {i.applies && (
        <p class="dim">
          {t("ui.check.applies", { when: pick(i, "applies") })} <code>{i.applies}</code>
        </p>
      )}
    </li>
  );
}

function Body({ k }: { k: ChecklistTemplate }) {
  const [starting, setStarting] = useState(false);
  return (
    <>
      <PageHead
        title={pick(k, "title")}
        sub={`${word("ui.check.kind", k.kind)} · ${t("ui.check.version_n", { n: k.version })} · ${
          k.agency ? t("ui.check.own") : t("ui.check.shipped")
        }`}
      >
        <Button onClick={() => print()}>{t("ui.check.print")}</Button>
        {k.state === "active" && may("checklists.run") && (
          <Button kind="primary" onClick={() => setStarting(true)}>
            {t("ui.check.start")}
          </Button>
        )}
      </PageHead>
      <Facts
        rows={[
          [
            t("ui.check.law"),
            hasBasis(`check.${k.code}`) ? <Basis of={`check.${k.code}`} bare /> : k.spec.law.join("; "),
          ],
          [t("ui.check.signs"), t("ui.check.signs_n", { n: k.signs })],
          [
            t("ui.check.within"),
            k.within_s ? t("ui.check.hours", { n: Math.round(k.within_s / 3600) }) : "",
          ],
        ]}
      />
      {sections(k.spec.items).map(([name, items]) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul class="check-rows">
            {items.map((i) => (
              <Item key={i.code} i={i} of={`check.${k.code}.${i.code}`} />
            ))}
          </ul>
        </section>
      ))}
      {starting && <StartChecklist template={k.id} onClose={() => setStarting(false)} />}
    </>
  );
}

export function TemplatePage({ id }: { id: string }) {
  const load = needOne("checklist-templates", id).value;
  const k = one("checklist-templates", id);
  return (
    <div class="page checking">
      {k ? (
        <Body k={k} />
      ) : (
        <Loaded load={load} lines={8}>
          {() => null}
        </Loaded>
      )}
    </div>
  );
}
