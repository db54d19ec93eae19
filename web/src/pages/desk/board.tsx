// SPDX-License-Identifier: Apache-2.0
// Every site on one calm table, the loudest first. Words and counts; colour only where something is wrong.
import { t, word } from "../../lib/i18n.ts";
import { isBypassed, isMissing, loudnessOf, type Loudness } from "../../lib/urgency.ts";
import { setQuery } from "../../router.ts";
import type { Site, Zone } from "../../api/types.ts";
import { now } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { deskQueue } from "../../store/watch.ts";
import { Shape } from "../../ui/icons.tsx";
import { Empty, Loaded, Time } from "../../ui/parts.tsx";

export interface Line {
  site: Site;
  of: Loudness;
  what: string;
  zones: Zone[];
  armed: number;
  bypassed: number;
  sources: number;
  missing: number;
  open: number;
  last: string | null;
}
export const LOUD_RANK: Record<Loudness, number> = { act: 0, attention: 1, unknown: 2, info: 3, normal: 4 };

function group<T extends { site: string }>(list: T[]): Map<string, T[]> {
  const by = new Map<string, T[]>();
  for (const x of list) {
    const g = by.get(x.site);
    if (g) {
      g.push(x);
    } else {
      by.set(x.site, [x]);
    }
  }
  return by;
}

export function siteLines(): Line[] {
  const zones = group(rows("zones"));
  const sources = group(rows("sources"));
  const items = group(
    deskQueue.value.map((i) => ({ site: (i.alert ?? i.incident)!.site, item: i })),
  );
  return rows("sites")
    .map((site): Line => {
      const z = zones.get(site.id) ?? [];
      const s = sources.get(site.id) ?? [];
      const open = items.get(site.id) ?? [];
      const alarms = z.filter((x) => x.alarm_state === "alarm");
      const trouble = z.filter((x) => x.alarm_state === "trouble");
      const missing = s.filter(isMissing).length;
      const waits = open.find((x) => x.item.waiting);
      const waiting = waits ? loudnessOf(waits.item.level) : "normal";
      const of: Loudness = alarms.length
        ? "act"
        : waiting === "act" || waiting === "attention"
          ? waiting
          : trouble.length
            ? "attention"
            : missing
              ? "unknown"
              : "normal";
      const what = alarms.length
        ? t("ui.board.alarm", { zones: alarms.map((x) => x.name).join(", ") })
        : waits
          ? t("ui.board.waits")
          : trouble.length
            ? t("ui.board.trouble", { zones: trouble.map((x) => x.name).join(", ") })
            : missing
              ? t("ui.board.missing", { n: missing })
              : t("ui.board.normal");
      const last =
        [...z.map((x) => x.last_signal_at), ...s.map((x) => x.last_seen)]
          .filter(Boolean)
          .sort()
          .pop() ?? null;
      return {
        site,
        of,
        what,
        zones: z,
        armed: z.filter((x) => x.arm_state === "armed").length,
        bypassed: z.filter((x) => isBypassed(x, now.peek())).length,
        sources: s.length,
        missing,
        open: open.length,
        last,
      };
    })
    .sort(
      (a, b) =>
        LOUD_RANK[a.of] - LOUD_RANK[b.of] ||
        Number(b.site.key_site) - Number(a.site.key_site) ||
        a.site.name.localeCompare(b.site.name, "vi"),
    );
}

export function Board() {
  const load = [need("sites").value, need("zones").value, need("sources").value];
  return (
    <div class="board">
      <header class="panel-head">
        <h2>{t("ui.board.title")}</h2>
        <a class="to-dossier" href="/map">
          {t("ui.map.link")}
        </a>
      </header>
      <Loaded load={load} lines={8}>
        {() => {
          const all = siteLines();
          return all.length === 0 ? (
            <Empty title={t("ui.board.empty")}>
              <a href="/sites">{t("ui.board.empty_add")}</a>
            </Empty>
          ) : (
            <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.board.title")}>
              <table class="rows">
                <thead>
                  <tr>
                    <th scope="col" class="w-site">
                      {t("ui.board.site")}
                    </th>
                    <th scope="col" class="w-state">
                      {t("ui.board.state")}
                    </th>
                    <th scope="col" class="r wide-only">
                      {t("ui.board.armed")}
                    </th>
                    <th scope="col" class="r wide-only">
                      {t("ui.board.sources")}
                    </th>
                    <th scope="col" class="r wide-only">
                      {t("ui.board.open")}
                    </th>
                    <th scope="col" class="wide-only mid-only">
                      {t("ui.board.last")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((l) => (
                    <tr
                      key={l.site.id}
                      class="opens"
                      onClick={(e) =>
                        (e.target as Element).closest("a") || setQuery({ site: l.site.id })
                      }
                    >
                      <td>
                        <a href={`/?site=${l.site.id}`}>{l.site.name}</a>
                        <span class="sub dim">
                          {word("ui.site.kind", l.site.kind)}
                          {l.site.key_site ? ` · ${t("ui.site.key")}` : ""}
                        </span>
                      </td>
                      <td>
                        <span class={`mark ${l.of}`}>
                          <Shape of={l.of} />
                          {l.what}
                        </span>
                      </td>
                      <td class="r num wide-only">
                        {l.armed}/{l.zones.length}
                        {l.bypassed > 0 && (
                          <span class="sub">{t("ui.board.bypassed", { n: l.bypassed })}</span>
                        )}
                      </td>
                      <td class="r num wide-only">
                        {l.sources - l.missing}/{l.sources}
                      </td>
                      <td class="r num wide-only">{l.open || <span class="dim">0</span>}</td>
                      <td class="wide-only mid-only">
                        <Time at={l.last} withAge={false} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}
