// SPDX-License-Identifier: Apache-2.0
// Authorised tests of a site's gates, for whoever may plan and know of them: planned, tried, with the shortcomings they
// showed. The gate learns only what is over.
import { useEffect, useState } from "preact/hooks";
import { get, post, query } from "../../api/client.ts";
import type { Passage, Refusal } from "../../api/gate.ts";
import type { GateTest } from "../../api/gatework.ts";
import type { Page } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Choices, Field, Loaded, Select, TimeField, typedTime } from "../../ui/parts.tsx";

const KINDS = ["no_badge", "expired_pass", "wrong_person", "hidden_object", "vehicle", "tailgating", "other"];
const SHOWN = 20;
const minute = (at: string | null) => full(at).slice(0, 16);

function PlanDialog({ site, onClose }: { site: string; onClose: () => void }) {
  const [v, setV] = useState({ point: "", kind: "no_badge", what: "", tester: "", starts: "", ends: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const points = rows("gate-points").filter((p) => p.site === site && p.state === "active");
  return (
    <FormDialog
      title={t("ui.tight.plan")}
      submit={t("ui.tight.plan_do")}
      disabled={!v.what.trim() || !v.tester.trim() || !typedTime(v.starts) || !typedTime(v.ends)}
      onSubmit={() =>
        post("/gate-tests", {
          ...v,
          site,
          point: v.point || undefined,
          starts: typedTime(v.starts),
          ends: typedTime(v.ends),
        })
      }
      onClose={onClose}
    >
      <Field label={t("ui.tight.point")}>
        <Select
          value={v.point}
          none={t("ui.tight.any_point")}
          onChange={(point) => set({ point })}
          options={points.map((p) => [p.id, p.name])}
        />
      </Field>
      <Field label={t("ui.tight.kind")}>
        <Select value={v.kind} onChange={(kind) => set({ kind })} options={KINDS.map((k) => [k, word("ui.tight.kind", k)])} />
      </Field>
      <TextField wide max={300} label={t("ui.tight.what")} help={t("ui.tight.what_help")} value={v.what} onChange={(what) => set({ what })} />
      <TextField wide max={120} label={t("ui.tight.tester")} value={v.tester} onChange={(tester) => set({ tester })} />
      <TimeField label={t("ui.tight.starts")} required value={v.starts} onChange={(starts) => set({ starts })} />
      <TimeField label={t("ui.tight.ends")} required value={v.ends} onChange={(ends) => set({ ends })} />
      <p class="wide dim">{t("ui.tight.plan_more")}</p>
    </FormDialog>
  );
}

// The last that happened at the point, or anywhere at the site: who was let through and who was stopped: one of them may have been the test.
const LAST = 50;
const lineOf = (at: string, way: string | null, point: string | null, name: string | null, stopped: boolean): string =>
  [full(at), way && word("ui.pass.way", way), point, name, stopped && t("ui.tight.stopped")].filter(Boolean).join(" · ");

function useMoves(site: string, point: string): [string, string][] {
  const [list, setList] = useState<[string, string][]>([]);
  useEffect(() => {
    let here = true;
    const of = query({ site, point: point || undefined, limit: LAST });
    void Promise.all([get<Page<Passage>>(`/passages${of}`), get<Page<Refusal>>(`/refusals${of}`)]).then(
      ([passed, refused]) => {
        const all = [
          ...passed.items.map((p) => ({ id: p.id, at: p.moved, text: lineOf(p.moved, p.way, p.point_name, p.name, false) })),
          ...refused.items.map((r) => ({ id: r.id, at: r.at, text: lineOf(r.at, r.way, r.point_name, r.name, true) })),
        ].sort((a, b) => b.at.localeCompare(a.at));
        return here && setList(all.slice(0, LAST).map((m) => [m.id, m.text]));
      },
      () => undefined, // whoever may not see them names none
    );
    return () => {
      here = false;
    };
  }, [site, point]);
  return list;
}

function CloseDialog({ x, onClose, onDone }: { x: GateTest; onClose: () => void; onDone: () => void }) {
  const [v, setV] = useState({ result: "", point: x.point ?? "", passage: "", done: "", note: "" });
  const moves = useMoves(x.site, v.point);
  const points = rows("gate-points").filter((p) => p.site === x.site && p.state === "active");
  return (
    <FormDialog
      title={t("ui.tight.close")}
      submit={t("ui.tight.close_do")}
      disabled={!v.result || (!!v.done && !typedTime(v.done))}
      onSubmit={async () => {
        await post(`/gate-tests/${x.id}/close`, {
          result: v.result,
          point: v.point || undefined,
          passage: v.passage || undefined,
          note: v.note || undefined,
          done: v.done ? typedTime(v.done) : undefined,
        });
        onDone();
      }}
      onClose={onClose}
    >
      <p class="wide">{x.what}</p>
      <div class="wide">
        <Choices
          name="result"
          legend={t("ui.tight.result")}
          value={v.result}
          onChange={(result) => setV({ ...v, result })}
          options={["caught", "not_caught", "not_done"].map((r) => [r, word("ui.tight.state", r)])}
        />
      </div>
      <Field label={t("ui.tight.point")}>
        <Select
          value={v.point}
          none={t("ui.tight.any_point")}
          onChange={(point) => setV({ ...v, point, passage: "" })}
          options={points.map((p) => [p.id, p.name])}
        />
      </Field>
      <Field label={t("ui.tight.passage")} wide>
        <Select value={v.passage} none={t("ui.tight.passage_none")} onChange={(passage) => setV({ ...v, passage })} options={moves} />
      </Field>
      <TimeField label={t("ui.tight.done")} help={t("ui.tight.done_help")} value={v.done} onChange={(done) => setV({ ...v, done })} />
      <TextField wide required={false} max={500} label={t("ui.tight.note")} value={v.note} onChange={(note) => setV({ ...v, note })} />
    </FormDialog>
  );
}

function Line({ x, close }: { x: GateTest; close: (x: GateTest) => void }) {
  return (
    <li class={x.state}>
      <div>
        <p>
          <Shape of={x.state === "not_caught" ? "attention" : x.state === "planned" ? "unknown" : "info"} />{" "}
          <b>{word("ui.tight.kind", x.kind)}</b> · {x.point_name ?? t("ui.tight.any_point")} · {word("ui.tight.state", x.state)}
        </p>
        <p class="dim">
          {x.what} · {x.tester} · <span class="num">{x.done_at ? minute(x.done_at) : `${minute(x.starts)} – ${minute(x.ends)}`}</span>
          {x.passage_at && ` · ${t("ui.tight.passage")}: ${lineOf(x.passage_at, x.passage_way, null, null, x.stopped)}`}
          {x.note && ` · ${x.note}`}
        </p>
      </div>
      {x.state === "planned" && may("gatetests.plan") && <Button onClick={() => close(x)}>{t("ui.tight.close")}</Button>}
    </li>
  );
}

export function Tests({ site, onDone }: { site: string; onDone: () => void }) {
  const load = [need("gate-tests").value, need("gate-findings").value, need("gate-points").value];
  const [planning, setPlanning] = useState(false);
  const [closing, setClosing] = useState<GateTest | null>(null);
  const tests = rows("gate-tests")
    .filter((x) => x.site === site)
    .sort((a, b) => (a.state === "planned" ? 0 : 1) - (b.state === "planned" ? 0 : 1) || b.starts.localeCompare(a.starts));
  const found = rows("gate-findings").filter((x) => x.site === site);
  return (
    <section aria-labelledby="tight-tests">
      <h2 id="tight-tests">
        {t("ui.tight.tests")}{" "}
        {may("gatetests.plan") && (
          <Button kind="primary" onClick={() => setPlanning(true)}>
            {t("ui.tight.plan")}
          </Button>
        )}
      </h2>
      <Loaded load={load} lines={3}>
        {() => (
          <>
            {tests.length ? (
              <ul class="tight-rows">
                {tests.slice(0, SHOWN).map((x) => (
                  <Line key={x.id} x={x} close={setClosing} />
                ))}
              </ul>
            ) : (
              <p class="dim">{t("ui.tight.none_planned")}</p>
            )}
            {found.length > 0 && <p>{t("ui.tight.findings", { n: found.length })}</p>}
          </>
        )}
      </Loaded>
      {planning && <PlanDialog site={site} onClose={() => setPlanning(false)} />}
      {closing && <CloseDialog x={closing} onDone={onDone} onClose={() => setClosing(null)} />}
    </section>
  );
}
