// SPDX-License-Identifier: Apache-2.0
// Authorised tests of a site's gates, for whoever may plan and know of them: planned, tried, with the shortcomings they
// showed. The gate learns only what is over.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { GateTest } from "../../api/gatework.ts";
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

function CloseDialog({ x, onClose, onDone }: { x: GateTest; onClose: () => void; onDone: () => void }) {
  const [v, setV] = useState({ result: "", done: "", note: "" });
  return (
    <FormDialog
      title={t("ui.tight.close")}
      submit={t("ui.tight.close_do")}
      disabled={!v.result || (!!v.done && !typedTime(v.done))}
      onSubmit={async () => {
        await post(`/gate-tests/${x.id}/close`, {
          result: v.result,
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
