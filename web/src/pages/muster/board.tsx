// SPDX-License-Identifier: Apache-2.0
// One evacuation: how many are accounted for, who is still inside and where each was last seen, who gathered where. It
// is the same page on paper: whoever goes in to search carries that list.
import { useEffect, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Muster } from "../../api/muster.ts";
import { t } from "../../lib/i18n.ts";
import { clock, full } from "../../lib/time.ts";
import { isMissing, peopleOf, type Somebody } from "../../store/muster.ts";
import { openQueue } from "../../store/queue.ts";
import { may, now } from "../../store/session.ts";
import { need, needOne, one } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Loaded, PageHead } from "../../ui/parts.tsx";
import { Counts, Kind, placeOf, StateMark } from "./parts.tsx";

type Exclude = ((p: Somebody) => void) | undefined;

const lastSeen = (p: Somebody): string =>
  p.seen_at
    ? [p.area_name ?? "–", p.point_name ?? "–", full(p.seen_at).slice(0, 16)].join(" · ")
    : t("ui.muster.seen_never");

const told = (p: Somebody): string =>
  [
    p.state_at && clock(p.state_at),
    p.state_point_name,
    p.state_by_name,
    p.state_why,
    p.after_end && t("ui.muster.after_end"),
  ]
    .filter(Boolean)
    .join(" · ");

function Person({ p, exclude }: { p: Somebody; exclude: Exclude }) {
  return (
    <tr class={p.state}>
      <td>
        <b>{p.name ?? t("ui.muster.no_name")}</b>
        {p.more && <span class="dim"> · {p.more}</span>}
        {p.origin !== "listed" && <span class="dim"> · {t(`ui.muster.origin.${p.origin}`)}</span>}
      </td>
      <td>
        {lastSeen(p)}
        {p.left_at && (
          <span class="dim"> · {t("ui.muster.left", { time: clock(p.left_at) })}</span>
        )}
      </td>
      <td>
        <StateMark state={p.state} /> <span class="dim num">{told(p)}</span>
      </td>
      <td class="tools">
        {exclude && (
          <Button kind="quiet" onClick={() => exclude(p)}>
            {t("ui.muster.exclude")}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Table({ label, people, exclude }: { label: string; people: Somebody[]; exclude?: Exclude }) {
  return (
    <table class="muster-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t("ui.muster.name")}</th>
          <th scope="col">{t("ui.muster.last_seen")}</th>
          <th scope="col">{t("ui.state")}</th>
          <td class="tools" />
        </tr>
      </thead>
      <tbody>
        {people.map((p) => (
          <Person key={p.id} p={p} exclude={exclude} />
        ))}
      </tbody>
    </table>
  );
}

// How many by a name, the most first.
function groups(people: Somebody[], nameOf: (p: Somebody) => string): [string, Somebody[]][] {
  const all = new Map<string, Somebody[]>();
  for (const p of people) {
    all.set(nameOf(p), [...(all.get(nameOf(p)) ?? []), p]);
  }
  return [...all].sort((a, b) => b[1].length - a[1].length);
}

function Points({ people }: { people: Somebody[] }) {
  const safe = people.filter((p) => p.state === "safe");
  return safe.length ? (
    <section aria-labelledby="muster-points">
      <h2 id="muster-points">{t("ui.muster.points")}</h2>
      <ul class="muster-points">
        {groups(safe, (p) => p.state_point_name ?? t("ui.muster.no_point")).map(([name, of]) => (
          <li key={name}>
            {name}: <b>{of.length}</b>
          </li>
        ))}
      </ul>
    </section>
  ) : null;
}

function ExcludeDialog({ p, onClose }: { p: Somebody; onClose: () => void }) {
  const [why, setWhy] = useState("");
  return (
    <FormDialog
      title={t("ui.muster.exclude")}
      submit={t("ui.muster.exclude")}
      disabled={!why.trim()}
      onSubmit={() => post(`/muster-people/${p.id}/exclude`, { why })}
      onClose={onClose}
    >
      <p class="wide">
        {p.name} · {lastSeen(p)}
      </p>
      <TextField wide max={200} label={t("ui.muster.exclude_why")} value={why} onChange={setWhy} />
    </FormDialog>
  );
}

function EndDialog({ m, n, onClose }: { m: Muster; n: number; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.muster.end")}
      submit={t("ui.muster.end_do")}
      disabled={n > 0 && !reason.trim()}
      onSubmit={() => post(`/musters/${m.id}/end`, { reason: reason || undefined })}
      onClose={onClose}
    >
      <p class="wide">
        {n > 0 && <Shape of="act" />}{" "}
        {n ? t("ui.muster.end_missing", { n }) : t("ui.muster.all_out")}
      </p>
      <TextField
        wide
        required={n > 0}
        max={300}
        label={t("ui.reason")}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

function Head({ m, people }: { m: Muster; people: Somebody[] }) {
  const [ending, setEnding] = useState(false);
  const missing = people.filter(isMissing).length;
  const open = m.state === "open";
  return (
    <>
      <PageHead
        title={
          <>
            {t("ui.muster.one", { place: placeOf(m) })} <Kind m={m} />
          </>
        }
        sub={[m.reason, full(m.declared_at), m.declared_by_name].filter(Boolean).join(" · ")}
      >
        {may("muster.mark") && (
          <a class="button primary" href={`/musters/${m.id}/list`}>
            {t("ui.muster.marshal")}
          </a>
        )}
        <Button onClick={() => window.print()}>{t("ui.action.print")}</Button>
        {open && may("muster.end") && (
          <Button onClick={() => setEnding(true)}>{t("ui.muster.end")}</Button>
        )}
      </PageHead>
      {m.ended_at && (
        <p>
          {t("ui.muster.ended", { time: full(m.ended_at), by: m.ended_by_name ?? "–" })}
          {m.ended_reason && ` · ${m.ended_reason}`}
        </p>
      )}
      <p class="print-only">{t("ui.muster.printed", { time: full(now.value) })}</p>
      <Counts people={people} />
      {!missing && open && (
        <p role="status">
          <Shape of="normal" /> {t("ui.muster.all_out_more")}
        </p>
      )}
      {ending && <EndDialog m={m} n={missing} onClose={() => setEnding(false)} />}
    </>
  );
}

function Inside({ people, exclude }: { people: Somebody[]; exclude: Exclude }) {
  return (
    <section aria-labelledby="muster-inside">
      <h2 id="muster-inside">{t("ui.muster.inside", { n: people.length })}</h2>
      {groups(people, (p) => p.area_name ?? t("ui.muster.no_area")).map(([area, of]) => (
        <section key={area} aria-label={area}>
          <h3>
            {area} · {of.length}
          </h3>
          <Table label={area} people={of} exclude={exclude} />
        </section>
      ))}
    </section>
  );
}

export function MusterPage({ id }: { id: string }) {
  useEffect(openQueue, []);
  const load = [needOne("musters", id).value, need("muster-people", { muster: id }).value];
  const [excluding, setExcluding] = useState<Somebody | null>(null);
  const m = one("musters", id);
  const people = peopleOf(id);
  const rest = people.filter((p) => !isMissing(p));
  const exclude = m?.state === "open" && may("muster.declare") ? setExcluding : undefined;
  return (
    <div class={`page muster ${m?.kind === "drill" ? "drill" : ""}`}>
      <Loaded load={load}>
        {() =>
          m && (
            <>
              <Head m={m} people={people} />
              <Inside people={people.filter(isMissing)} exclude={exclude} />
              <Points people={people} />
              {rest.length > 0 && (
                <details class="muster-rest">
                  <summary>{t("ui.muster.rest", { n: rest.length })}</summary>
                  <Table label={t("ui.muster.rest", { n: rest.length })} people={rest} />
                </details>
              )}
              {excluding && <ExcludeDialog p={excluding} onClose={() => setExcluding(null)} />}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
