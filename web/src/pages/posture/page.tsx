// SPDX-License-Identifier: Apache-2.0
// Tư thế: what is in force and what is to come, then what the levels are, then what was.
import { useState } from "preact/hooks";
import type { Posture } from "../../api/posture.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { inForce, levelName, placeOf } from "../../store/posture.ts";
import { may, session } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Loaded, PageHead } from "../../ui/parts.tsx";
import { DeclareDialog, ProlongDialog, StepDownDialog } from "./forms.tsx";

type Act = { what: "prolong" | "step_down"; p: Posture };

const minute = (at: string | null) => full(at).slice(0, 16);
const span = (p: Posture) => t("ui.posture.span", { from: minute(p.starts), to: minute(p.ended_at ?? p.ends) });
const why = (p: Posture) => p.ended_reason ?? p.reason;
const stateOf = (p: Posture) => word("ui.posture.state", p.state);

// Whoever commands only at some sites does not end what was declared for all of them.
const commands = (p: Posture): boolean =>
  may("posture.declare") &&
  !!session.value?.user.roles.some((r) => r.role === "site_commander" && (!r.site || r.site === p.site));

function Line({ p, act }: { p: Posture; act: (a: Act) => void }) {
  return (
    <li class={`rank-${p.rank}`}>
      <div>
        <p>
          <Shape of={p.rank > 1 ? "attention" : "info"} /> <b>{levelName(p.level)}</b> · {placeOf(p)}
          {p.event && ` · ${p.event}`}
          {p.state === "planned" && ` · ${stateOf(p)}`}
        </p>
        <p class="dim">
          <span class="num">{span(p)}</span>
          {p.prolonged > 0 && ` · ${t("ui.posture.prolonged_n", { n: p.prolonged })}`} · {p.reason}
          {p.declared_by_name && ` · ${p.declared_by_name}`}
        </p>
      </div>
      {commands(p) && (
        <span class="row tools">
          <Button onClick={() => act({ what: "prolong", p })}>{t("ui.posture.prolong")}</Button>
          <Button onClick={() => act({ what: "step_down", p })}>{t("ui.posture.step_down")}</Button>
        </span>
      )}
    </li>
  );
}

function Levels() {
  const list = [...rows("posture-levels")].sort((a, b) => a.rank - b.rank);
  return (
    <section aria-labelledby="posture-levels">
      <h2 id="posture-levels">{t("ui.posture.levels")}</h2>
      <dl class="posture-levels">
        {list.map((l) => (
          <div key={l.id}>
            <dt>{pick(l, "name")}</dt>
            <dd>{pick(l, "about")}</dd>
          </div>
        ))}
      </dl>
      {list.some((l) => !l.ref) && <p class="dim">{t("ui.posture.no_basis")}</p>}
    </section>
  );
}

const columns = (): Column<Posture>[] => [
  {
    key: "level",
    title: t("ui.posture.level"),
    width: "9rem",
    text: (p) => levelName(p.level),
    sort: (p) => p.rank,
  },
  { key: "place", title: t("ui.board.site"), cell: placeOf, text: placeOf },
  {
    key: "event",
    title: t("ui.posture.event"),
    narrow: true,
    cell: (p) => p.event ?? "–",
    text: (p) => p.event ?? "",
  },
  {
    key: "span",
    title: t("ui.posture.when"),
    width: "22rem",
    narrow: true,
    cell: (p) => <span class="num">{span(p)}</span>,
    text: span,
    sort: (p) => p.starts,
  },
  { key: "state", title: t("ui.state"), width: "10rem", cell: stateOf, text: stateOf },
  { key: "why", title: t("ui.reason"), mid: true, narrow: true, cell: why, text: why },
];

export function PosturePage() {
  const load = [need("postures").value, need("posture-levels").value];
  const [act, setAct] = useState<Act | null>(null);
  const [declaring, setDeclaring] = useState(false);
  const planned = rows("postures").filter((p) => p.state === "planned");
  const current = [...inForce(), ...planned.sort((a, b) => a.starts.localeCompare(b.starts))];
  const past = rows("postures")
    .filter((p) => p.state === "over" || p.state === "stepped_down")
    .sort((a, b) => b.starts.localeCompare(a.starts));
  const close = () => setAct(null);
  return (
    <div class="page posture">
      <PageHead title={t("ui.posture.title")} sub={t("ui.posture.title_more")}>
        {may("posture.declare") && (
          <Button kind="primary" onClick={() => setDeclaring(true)}>
            {t("ui.posture.declare")}
          </Button>
        )}
      </PageHead>
      <section aria-labelledby="posture-now">
        <h2 id="posture-now">{t("ui.posture.current")}</h2>
        <Loaded load={load} lines={3}>
          {() =>
            current.length ? (
              <ul class="posture-rows">
                {current.map((p) => (
                  <Line key={p.id} p={p} act={setAct} />
                ))}
              </ul>
            ) : (
              <p class="dim">{t("ui.posture.none")}</p>
            )
          }
        </Loaded>
      </section>
      <Levels />
      <section>
        <h2>{t("ui.posture.past")}</h2>
        <List
          name="postures"
          label={t("ui.posture.past")}
          rows={past}
          columns={columns()}
          keyOf={(p) => p.id}
          load={load}
          exportName="tu-the"
          empty={<Empty title={t("ui.posture.none_past")} />}
        />
      </section>
      {declaring && <DeclareDialog onClose={() => setDeclaring(false)} />}
      {act?.what === "prolong" && <ProlongDialog p={act.p} onClose={close} />}
      {act?.what === "step_down" && <StepDownDialog p={act.p} onClose={close} />}
    </div>
  );
}
