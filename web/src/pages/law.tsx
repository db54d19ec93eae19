// SPDX-License-Identifier: Apache-2.0
// Căn cứ pháp lý: acts, their articles, the numbers that come from them; as they were in force on a day. What nobody
// has read in full is marked, so that nobody leans on it unknowingly.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client.ts";
import type { LawRef } from "../api/register.ts";
import { dayText, stood, today, typedDay } from "../lib/day.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { fold } from "../lib/text.ts";
import { place, setQuery } from "../router.ts";
import { now } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { refTitle } from "../ui/basis.tsx";
import { DayField } from "../ui/dayfield.tsx";
import { Chip, Empty, Filters, Loaded, PageHead } from "../ui/parts.tsx";

function span({ valid_from: from, valid_to: to }: { valid_from: string | null; valid_to: string | null }): string {
  if (from && to) {
    return t("ui.law.span", { from: dayText(from), to: dayText(to) });
  }
  return from
    ? t("ui.law.since", { day: dayText(from) })
    : to
      ? t("ui.law.until", { day: dayText(to) })
      : t("ui.law.span_unknown");
}

function Certainty({ of }: { of: string }) {
  return <Chip kind={of.startsWith("A") ? "" : "unsure"}>{word("ui.law.certainty", of)}</Chip>;
}

function Act({
  act,
  used,
  selected,
}: {
  act: LawRef;
  used: Map<string, string[]>;
  selected: string;
}) {
  const articles = rows("law-articles")
    .filter((a) => a.act === act.id)
    .sort((a, b) => a.rank - b.rank);
  const inForce = stood(act, today(now.value));
  return (
    <li class={`act ${selected.split("/")[0] === act.id ? "selected" : ""}`} id={act.id}>
      <h2>
        {pick(act, "title")} <Certainty of={act.certainty} />
        {!inForce && <Chip>{t("ui.law.ended")}</Chip>}
      </h2>
      <p>{act.about}</p>
      <p class="dim">
        {span(act)}
        {act.replaced_by && (
          <>
            {" · "}
            {t("ui.law.replaced_by")}{" "}
            <a href={`/law?ref=${act.replaced_by}`}>{act.replaced_by_title ?? act.replaced_by}</a>
          </>
        )}
        {act.note && <> · {act.note}</>}
      </p>
      {articles.length > 0 && (
        <ul class="articles">
          {articles.map((a) => (
            <li key={a.id} class={selected === a.id ? "selected" : ""}>
              <b>
                {a.number && `${t("ui.law.article_short", { n: a.number })} `}
                {a.heading}
              </b>{" "}
              {a.certainty !== act.certainty && <Certainty of={a.certainty} />}
              {a.text && <p>{a.text}</p>}
              {used.has(a.id) && (
                <p class="dim">{t("ui.law.used", { n: used.get(a.id)!.length })}</p>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Terms({ on }: { on: string }) {
  const list = rows("law-terms")
    .filter((x) => stood(x, on))
    .sort((a, b) => a.code.localeCompare(b.code));
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t("ui.law.term")}</th>
          <th scope="col">{t("ui.law.value")}</th>
          <th scope="col">{t("ui.law.basis_head")}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((x) => (
          <tr key={x.id}>
            <td>
              {word("ui.law.of", x.code)}
              {x.note && <span class="sub dim">{x.note}</span>}
            </td>
            <td class="num">
              {x.value} {word("ui.law.unit", x.unit)}
            </td>
            <td>
              <a href={`/law?ref=${encodeURIComponent(x.ref)}`}>{refTitle(x.ref)}</a>{" "}
              <Certainty of={x.certainty} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useUsed(): Map<string, string[]> {
  const [used, setUsed] = useState(new Map<string, string[]>());
  useEffect(() => {
    get<{ items: { of: string; refs: string[] }[] }>("/law-basis").then(
      ({ items }) => {
        const m = new Map<string, string[]>();
        items.forEach((i) => i.refs.forEach((r) => m.set(r, [...(m.get(r) ?? []), i.of])));
        setUsed(m);
      },
      () => {},
    );
  }, []);
  return used;
}

export function LawPage() {
  const q = place.value.query;
  const view = q.get("view") ?? "";
  const selected = q.get("ref") ?? "";
  const [find, setFind] = useState("");
  const [day, setDay] = useState("");
  const load = [need("law-refs").value, need("law-articles").value, need("law-terms").value];
  const ready = load.every((l) => l.state === "ready");
  const used = useUsed();
  const on = typedDay(day);
  useEffect(() => {
    if (ready && selected) {
      document.getElementById(selected.split("/")[0]!)?.scrollIntoView({ block: "start" });
    }
  }, [ready, selected]);
  const acts = rows("law-refs")
    .filter((a) => !on || stood(a, on))
    .filter(
      (a) => !find || fold(`${a.title_vi} ${a.title_en ?? ""} ${a.about}`).includes(fold(find)),
    )
    .sort((a, b) => a.id.localeCompare(b.id));
  return (
    <div class="page law">
      <PageHead title={t("ui.nav.law")} sub={t("ui.law.about")} />
      <div class="toolbar">
        <Filters
          name={t("ui.law.views")}
          value={view}
          onChange={(v) => setQuery({ view: v })}
          options={[
            ["", t("ui.law.view_acts")],
            ["terms", t("ui.law.view_terms")],
          ]}
        />
        <DayField label={t("ui.law.on")} value={day} onChange={setDay} />
        {view === "" && (
          <label class="field">
            <span class="label">{t("ui.law.find")}</span>
            <input type="text" value={find} onInput={(e) => setFind(e.currentTarget.value)} />
          </label>
        )}
      </div>
      <Loaded load={load} lines={10}>
        {() =>
          view === "terms" ? (
            <Terms on={on ?? today(now.value)} />
          ) : acts.length === 0 ? (
            <Empty title={t("ui.law.none")} />
          ) : (
            <ul class="acts">
              {acts.map((a) => (
                <Act key={a.id} act={a} used={used} selected={selected} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
