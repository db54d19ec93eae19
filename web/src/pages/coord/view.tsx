// SPDX-License-Identifier: Apache-2.0
// "Họ thấy gì": of what is one's own, what a partner in a role sees at a moment, by the very lists that answer him.
import { useEffect, useState } from "preact/hooks";
import { get, query, type ApiError } from "../../api/client.ts";
import type { Regulation } from "../../api/coord.ts";
import type { Page } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { full, ms, parseTyped } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { lang } from "../../store/prefs.ts";
import { may, now, session } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { SiteField } from "../../ui/fields.tsx";
import { Button, Empty, ErrorBox, Field, PageHead, Select, Skeleton, TimeField } from "../../ui/parts.tsx";
import { clauseText } from "./words.ts";

const ROLES_SEEING = ["agency_officer", "duty_officer", "site_commander", "shift_leader", "staff_officer", "guard", "auditor", "custodian"];
const CLEARANCES = ["0", "1", "2", "3"];
type Row = Record<string, unknown>;
interface Count {
  resource: string;
  total: number;
  of_today: boolean; // of a past moment: nothing tells what was there then
}
type Got<T> = { data: T | null; error: ApiError | null };

// The answer for an address; asked again when it changes or `turn` does.
function useAnswer<T>(address: string, turn: number): Got<T> {
  const [got, setGot] = useState<Got<T>>({ data: null, error: null });
  useEffect(() => {
    let here = true;
    setGot({ data: null, error: null });
    if (address) {
      get<T>(address).then(
        (data) => here && setGot({ data, error: null }),
        (error: ApiError) => here && setGot({ data: null, error }),
      );
    }
    return () => {
      here = false;
    };
  }, [address, turn]);
  return got;
}

const ID = /^[0-9a-z]{16}$/;
const TIME = /^\d{4}-\d\d-\d\dT/;
// One word for a thing and its name, and for its words in two languages.
const titleOf = (key: string) => word("ui.coord.col", key.replace(/_(vi|en|name)$/, ""));
const isForeign = (key: string) => key.endsWith(lang.value === "vi" ? "_en" : "_vi");

// Columns worth reading: no ids, no other language, nothing that is empty in every row.
const columnsOf = (list: Row[]): string[] =>
  [...new Set(list.flatMap((r) => Object.keys(r)))].filter(
    (k) =>
      !isForeign(k) &&
      list.some((r) => r[k] !== null && r[k] !== "" && typeof r[k] !== "object" && !ID.test(String(r[k]))),
  );

// Sets of words for what columns hold, where the catalogue has them.
const WORDS: Record<string, string> = { "sources.state": "ui.source.state", "alerts.level": "ui.level", "incidents.level": "ui.level" };

function shown(v: unknown, of: string): string {
  if (v === null || v === undefined || typeof v === "object") {
    return "–";
  }
  if (typeof v === "boolean") {
    return t(v ? "ui.coord.yes" : "ui.coord.no");
  }
  const text = String(v);
  if (WORDS[of]) {
    return word(WORDS[of], text);
  }
  return ID.test(text) ? "–" : TIME.test(text) ? full(text) : text;
}

function Rows({ resource, params, turn }: { resource: string; params: string; turn: number }) {
  const [cursor, setCursor] = useState("");
  const address = `/coord/view/${resource}${params}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
  const { data, error } = useAnswer<Page<Row>>(address, turn);
  const name = word("ui.coord.thing", resource);
  if (error) {
    return <ErrorBox error={error} again={() => setCursor("")} />;
  }
  if (!data) {
    return <Skeleton lines={5} />;
  }
  const columns = columnsOf(data.items);
  return (
    <section>
      <h2 id="coord-rows">{name}</h2>
      <div class="coord-table" tabIndex={0} role="region" aria-labelledby="coord-rows">
        <table class="rows">
          <thead>
            <tr>
              {columns.map((k) => (
                <th scope="col" key={k}>
                  {titleOf(k)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.items.map((r, i) => (
              <tr key={(r.id as string) ?? i}>
                {columns.map((k) => (
                  <td key={k}>{shown(r[k], `${resource}.${k}`)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="row">
        {cursor && <Button onClick={() => setCursor("")}>{t("ui.coord.first_rows")}</Button>}
        {data.next && <Button onClick={() => setCursor(data.next!)}>{t("ui.coord.more_rows")}</Button>}
      </div>
    </section>
  );
}

function Counts({ list, chosen }: { list: Count[]; chosen: string }) {
  return (
    <ul class="coord-things">
      {list.map((c) => (
        <li key={c.resource}>
          <button
            type="button"
            class="filter"
            aria-pressed={chosen === c.resource}
            data-resource={c.resource}
            onClick={() => setQuery({ of: chosen === c.resource ? null : c.resource })}
          >
            {word("ui.coord.thing", c.resource)} <span class="n">{c.total}</span>
            {c.of_today && <span class="dim"> {t("ui.coord.of_today")}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Things({ params, chosen, turn, again }: { params: string; chosen: string; turn: number; again: () => void }) {
  const { data, error } = useAnswer<{ items: Count[] }>(`/coord/view${params}`, turn);
  if (error) {
    return <ErrorBox error={error} again={again} />;
  }
  if (!data) {
    return <Skeleton lines={5} />;
  }
  return (
    <>
      {data.items.length ? (
        <Counts list={data.items} chosen={chosen} />
      ) : (
        <Empty title={t("ui.coord.sees_nothing")}>{t("ui.coord.sees_nothing_more")}</Empty>
      )}
      {data.items.some((c) => c.resource === chosen) && (
        <Rows key={chosen + params} resource={chosen} params={params} turn={turn} />
      )}
    </>
  );
}

// What was agreed with him, as it is said: with the names of the views.
function Agreed({ agency, at }: { agency: string; at: number }) {
  need("regulations");
  need("clauses");
  need("situations");
  const stood = (r?: Regulation) =>
    !!r?.in_force_at &&
    Math.max(ms(r.in_force_at) ?? 0, ms(r.valid_from) ?? 0) <= at &&
    at < Math.min(ms(r.valid_until) ?? 0, ms(r.ended_at) ?? Infinity);
  const list = rows("clauses").filter(
    (c) => c.giver === session.value?.user.agency && c.taker === agency && stood(one("regulations", c.regulation)),
  );
  return list.length ? (
    <section>
      <h2>{t("ui.coord.clauses")}</h2>
      <ul class="coord-rows">
        {list.map((c) => (
          <li key={c.id}>
            <p>
              <a class="num" href={`/coord/${c.regulation}`}>
                {one("regulations", c.regulation)?.number}
              </a>{" "}
              {clauseText(c)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  ) : null;
}

export function ViewPage() {
  need("agencies");
  need("sites");
  const [turn, setTurn] = useState(0);
  const q = place.value.query;
  const v = {
    agency: q.get("agency") ?? "",
    role: q.get("role") ?? "duty_officer",
    site: q.get("site") ?? "",
    clearance: q.get("clearance") ?? "",
    at: q.get("at") ?? "",
  };
  const [typed, setTyped] = useState(v.at ? full(v.at).slice(0, 16) : "");
  const again = () => setTurn(turn + 1);
  const others = rows("agencies").filter((a) => a.id !== session.value?.user.agency);
  const whose = one("agencies", v.agency)?.name;
  return (
    <div class="page coord">
      <PageHead title={t("ui.coord.view")}>
        {v.agency && <Button onClick={again}>{t("ui.coord.look_again")}</Button>}
      </PageHead>
      <p class="coord-about">{t("ui.coord.view_about")}</p>
      <div class="coord-who">
        <Field label={t("ui.coord.partner")}>
          <Select
            value={v.agency}
            none={t("ui.choose")}
            onChange={(agency) => setQuery({ agency })}
            options={others.map((a) => [a.id, a.name])}
          />
        </Field>
        <Field label={t("ui.user.role")}>
          <Select
            value={v.role}
            onChange={(role) => setQuery({ role })}
            options={ROLES_SEEING.map((r) => [r, word("ui.role", r)])}
          />
        </Field>
        <Field label={t("ui.coord.clearance")} help={t("ui.coord.clearance_help")}>
          <Select
            value={v.clearance}
            none={t("ui.coord.clearance_any")}
            onChange={(clearance) => setQuery({ clearance })}
            options={CLEARANCES.map((n) => [n, word("ui.documents.level_n", n)])}
          />
        </Field>
        <SiteField value={v.site} none={t("ui.all_sites")} onChange={(site) => setQuery({ site })} />
        <TimeField
          label={t("ui.coord.moment")}
          help={t("ui.coord.moment_help")}
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setQuery({ at: parseTyped(text, now.peek()) });
          }}
        />
      </div>
      {v.agency ? (
        <>
          <p>
            {t("ui.coord.sees", {
              who: whose ?? "…",
              role: word("ui.role", v.role),
              time: v.at ? full(v.at).slice(0, 16) : t("ui.coord.this_moment"),
            })}
          </p>
          {v.at && (ms(v.at) ?? 0) < now.value && <p class="dim">{t("ui.coord.past_rows")}</p>}
          {may("coord.read") && <Agreed agency={v.agency} at={ms(v.at) ?? now.value} />}
          <Things params={query(v)} chosen={q.get("of") ?? ""} turn={turn} again={again} />
        </>
      ) : (
        <Empty title={t("ui.coord.choose_partner")} />
      )}
    </div>
  );
}
