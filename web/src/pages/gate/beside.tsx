// SPDX-License-Identifier: Apache-2.0
// Beside the decision: who came and went last, and how many are inside, read again whenever somebody passes.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../api/client.ts";
import type { Inside, Passage, Refusal, Say } from "../../api/gate.ts";
import { flagsOf } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { clock } from "../../lib/time.ts";
import { onRow, need, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import type { Act, Entry } from "../../terminal/keep.ts";
import { queue } from "../../terminal/keep.ts";
import { carried, nameOf, terminal } from "../../terminal/terminal.ts";
import { SHAPE } from "./words.ts";

const SHOWN = 30;
export interface Came {
  id: string;
  at: string;
  who: string;
  what: string;
  say: Say;
  turned: boolean;
}

const passageLine = (p: Passage): Came => ({
  id: p.id,
  at: p.moved,
  who: p.name ?? word("ui.pass.kind", p.holder_kind),
  what: [word("ui.pass.way", p.way), p.point_name, p.source && t("ui.pass.by_itself"), ...flagsOf(p.flags).map((f) => t(`ui.pass.flag.${f}`))]
    .filter(Boolean)
    .join(" · "),
  say: p.advice,
  turned: false,
});
const refusalLine = (r: Refusal): Came => ({
  id: r.id,
  at: r.at,
  who: r.name ?? t("ui.pass.unknown_one"),
  what: [t("ui.pass.turned"), r.point_name, r.source && t("ui.pass.by_itself")].filter(Boolean).join(" · "),
  say: r.advice,
  turned: true,
});

// The last of many: a storm of passages must not make the page slow.
function last<T>(all: T[], at: (x: T) => string, keep: (x: T) => boolean): T[] {
  let best: T[] = [];
  let floor = "";
  for (const x of all) {
    if (at(x) > floor && keep(x)) {
      best.push(x);
      if (best.length >= 4 * SHOWN) {
        best = best.sort((a, b) => at(b).localeCompare(at(a))).slice(0, SHOWN);
        floor = at(best[SHOWN - 1]!);
      }
    }
  }
  return best.sort((a, b) => at(b).localeCompare(at(a))).slice(0, SHOWN);
}

export function recent(site: string): Came[] {
  need("passages", { site }, SHOWN);
  need("refusals", { site }, SHOWN);
  const moves = last(rows("passages"), (p) => p.moved, (p) => p.site === site && p.kind === "move");
  const turned = last(rows("refusals"), (r) => r.at, (r) => r.site === site);
  return [...moves.map(passageLine), ...turned.map(refusalLine)]
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, SHOWN);
}

export function Recent({ list }: { list: Came[] }) {
  return (
    <section class="gate-recent" aria-labelledby="gate-recent">
      <h2 id="gate-recent">{t("ui.pass.recent")}</h2>
      <ol tabIndex={0} aria-label={t("ui.pass.recent")}>
        {list.map((c) => (
          <li key={c.id} class={c.turned ? "turned" : ""}>
            <time class="num">{clock(c.at)}</time>
            <span>
              <b>{c.who}</b>
              <span class="dim">
                {c.say !== "green" && <Shape of={SHAPE[c.say]} />} {c.what}
              </span>
            </span>
          </li>
        ))}
        {list.length === 0 && <li class="dim">{t("ui.pass.recent_none")}</li>}
      </ol>
    </section>
  );
}

// What this terminal has written and not brought back yet.
export function useWritten(): Came[] {
  const [list, setList] = useState<Came[]>([]);
  const n = terminal.value?.waiting ?? 0;
  useEffect(() => {
    if (n === 0) {
      setList([]);
      return;
    }
    void queue().then((all) => setList(all.slice(-SHOWN).reverse().map(writtenLine)));
  }, [n]);
  return list;
}
function writtenLine(e: Entry): Came {
  const a = JSON.parse(e.text) as Act & { told: number };
  const h = carried.value?.holders.get(a.holder);
  return {
    id: `w${e.seq}`,
    at: new Date(a.told / 1000).toISOString(),
    who: nameOf(a.holder) ?? (h ? word("ui.pass.kind", h.kind) : a.shown || t("ui.pass.unknown_one")),
    what: [a.act === "pass" ? word("ui.pass.way", a.way) : t("ui.pass.turned"), t("ui.pass.to_send")].join(" · "),
    say: a.say,
    turned: a.act === "refuse",
  };
}

interface Count {
  name: string;
  most: number | null;
  people: number;
  vehicles: number;
}
export function countsOf(i: Inside): Count[] {
  const by = new Map<string, Count>();
  for (const a of i.areas) {
    const c = by.get(a.area) ?? { name: a.name, most: a.most || null, people: 0, vehicles: 0 };
    c[a.kind === "vehicle" ? "vehicles" : "people"] += a.inside;
    by.set(a.area, c);
  }
  return [...by.values()];
}

// A burst of passages is one question.
const SETTLE_MS = 250;
const heard = new Set<(site: string) => void>();
onRow((name, row) => {
  if (name === "passages") {
    heard.forEach((f) => f((row as Passage).site));
  }
});

export function useInside(site: string): Inside | null {
  const [inside, setInside] = useState<Inside | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () =>
      get<Inside>(`/gate/inside?site=${site}`).then(setInside, () => {
        // The figure on the screen stays; the band says that the link is lost.
      });
    const hear = (at: string) => {
      if (at === site) {
        clearTimeout(timer);
        timer = setTimeout(() => void read(), SETTLE_MS);
      }
    };
    void read();
    heard.add(hear);
    return () => {
      heard.delete(hear);
      clearTimeout(timer);
    };
  }, [site]);
  return inside;
}

export function InsideCounts({ counts }: { counts: Count[] }) {
  return (
    <section class="gate-inside" aria-labelledby="gate-inside">
      <h2 id="gate-inside">{t("ui.pass.inside")}</h2>
      <dl>
        {counts.map((c) => (
          <div key={c.name}>
            <dt>{c.name}</dt>
            <dd class="num">
              {c.most !== null && c.people >= c.most && <Shape of="attention" />}
              {c.most === null ? c.people : `${c.people}/${c.most}`}
              {c.vehicles > 0 && (
                <span class="dim">
                  {" "}
                  · {t("ui.pass.vehicles_n", { n: c.vehicles })}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
