// SPDX-License-Identifier: Apache-2.0
// Phối hợp: first what is open to a partner at this moment, then what partners offer, then the regulations.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Capability, Opening, Regulation } from "../../api/coord.ts";
import { t, word } from "../../lib/i18n.ts";
import { date, full } from "../../lib/time.ts";
import { go, place, setQuery } from "../../router.ts";
import { levelName } from "../../store/posture.ts";
import { may, now, session } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Field, Filters, Loaded, PageHead, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { ReasonDialog } from "./dialogs.tsx";
import { PrintRegister } from "./register.tsx";
import { capabilityText, isReviewLate, openingText, stateText, untilText } from "./words.ts";

const SEALED_SHOWN = 20;
const KINDS = ["reaction", "guard", "fire", "medical", "technical"];
const CLASSES = ["A", "B", "C"];

// The posture, or the number of the incident, leading to it where its record is readable here.
function Because({ o }: { o: Opening }) {
  if (o.posture) {
    return (
      <a href="/posture">
        {t("ui.coord.because_posture")} {levelName(o.posture_level)}
        {o.event && ` · ${o.event}`}
      </a>
    );
  }
  const known = one("incidents", o.incident);
  return (
    <>
      {t("ui.coord.because")}{" "}
      {known ? (
        <a class="num" href={`/incidents/${o.incident}`}>
          {o.incident_number}
        </a>
      ) : (
        <span class="num">{o.incident_number}</span>
      )}
    </>
  );
}

function OpenNow() {
  const load = need("openings").value;
  if (may("desk.read")) {
    need("incidents", { state: "open" });
  }
  const [sealing, setSealing] = useState<Opening | null>(null);
  const all = rows("openings");
  const open = all.filter((o) => !o.sealed_at).sort((a, b) => a.until.localeCompare(b.until));
  const sealed = all
    .filter((o) => o.sealed_at)
    .sort((a, b) => b.sealed_at!.localeCompare(a.sealed_at!))
    .slice(0, SEALED_SHOWN);
  return (
    <section aria-labelledby="coord-open">
      <h2 id="coord-open">{t("ui.coord.open_now")}</h2>
      <Loaded load={load} lines={2}>
        {() => (
          <>
            {open.length === 0 && <p class="dim">{t("ui.coord.none_open")}</p>}
            <ul class="coord-rows">
              {open.map((o) => (
                <li key={o.id} class="open">
                  <div>
                    <p>
                      <Shape of="attention" /> <b>{openingText(o)}</b>
                    </p>
                    <p class="dim">
                      <Because o={o} /> · <span class="num">{untilText(o.until)}</span>
                    </p>
                  </div>
                  {o.mine && may("coord.seal") && (
                    <Button onClick={() => setSealing(o)}>{t("ui.coord.seal")}</Button>
                  )}
                </li>
              ))}
            </ul>
            {sealed.length > 0 && (
              <details class="coord-sealed">
                <summary>{t("ui.coord.sealed_lately", { n: sealed.length })}</summary>
                <ul class="coord-rows">
                  {sealed.map((o) => (
                    <li key={o.id}>
                      <div>
                        <p>{openingText(o)}</p>
                        <p class="dim">
                          <Because o={o} /> ·{" "}
                          {t("ui.coord.sealed_at", {
                            time: full(o.sealed_at),
                            why: word("ui.coord.sealed", o.sealed_why),
                          })}
                          {o.reason && `: ${o.reason}`}
                        </p>
                      </div>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </>
        )}
      </Loaded>
      {sealing && (
        <ReasonDialog
          title={t("ui.coord.seal")}
          warning={`${openingText(sealing)}. ${t("ui.coord.seal_more")}`}
          submit={t("ui.coord.seal")}
          run={(reason) => post(`/openings/${sealing.id}/seal`, { reason })}
          onClose={() => setSealing(null)}
        />
      )}
    </section>
  );
}

function OfferCapability({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({ site: "", kind: "reaction", class: "B", groups: "1", minutes: "10", until: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const amount = (name: "groups" | "minutes", label: string, min: number, max: number) => (
    <Field label={label}>
      <input
        type="number"
        required
        min={min}
        max={max}
        value={v[name]}
        onInput={(e) => set({ [name]: e.currentTarget.value })}
      />
    </Field>
  );
  return (
    <FormDialog
      title={t("ui.coord.offer_capability")}
      submit={t("ui.coord.offer_do")}
      disabled={!typedTime(v.until)}
      onSubmit={() =>
        post("/capabilities", {
          ...v,
          groups: Number(v.groups),
          minutes: Number(v.minutes),
          until: typedTime(v.until),
        })
      }
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.coord.capability_more")}</p>
      <SiteField wide required value={v.site} onChange={(site) => set({ site })} />
      <Field label={t("ui.coord.kind")}>
        <Select
          value={v.kind}
          onChange={(kind) => set({ kind })}
          options={KINDS.map((k) => [k, word("ui.coord.group", k)])}
        />
      </Field>
      <Field label={t("ui.coord.class")}>
        <Select value={v.class} onChange={(c) => set({ class: c })} options={CLASSES.map((c) => [c, c])} />
      </Field>
      {amount("groups", t("ui.coord.groups"), 1, 9)}
      {amount("minutes", t("ui.coord.there_in"), 0, 240)}
      <TimeField label={t("ui.coord.until_when")} required value={v.until} onChange={(until) => set({ until })} />
    </FormDialog>
  );
}

function CapabilityRow({ c }: { c: Capability }) {
  const mine = c.agency === session.value?.user.agency;
  return (
    <li>
      <div>
        <p>
          <b>{capabilityText(c)}</b>
        </p>
        <p class="dim">{[c.agency_name, c.site_name].filter(Boolean).join(" · ")}</p>
      </div>
      {mine && may("coord.capability") && (
        <Button
          aria-label={t("ui.coord.end_of", { what: capabilityText(c) })}
          onClick={() => void attempt(() => post(`/capabilities/${c.id}/end`), t("ui.coord.ended_it"))}
        >
          {t("ui.coord.end")}
        </Button>
      )}
    </li>
  );
}

function Capabilities() {
  const load = need("capabilities", { state: "offered" }).value;
  const [offering, setOffering] = useState(false);
  const list = rows("capabilities")
    .filter((c) => c.state === "offered" && Date.parse(c.until) > now.value)
    .sort((a, b) => (a.site_name ?? "").localeCompare(b.site_name ?? "", "vi") || a.minutes - b.minutes);
  return (
    <section aria-labelledby="coord-capabilities">
      <h2 id="coord-capabilities">
        {t("ui.coord.capabilities")}
        {may("coord.capability") && (
          <Button onClick={() => setOffering(true)}>{t("ui.coord.offer_capability")}</Button>
        )}
      </h2>
      <Loaded load={load} lines={2}>
        {() =>
          list.length ? (
            <ul class="coord-rows">
              {list.map((c) => (
                <CapabilityRow key={c.id} c={c} />
              ))}
            </ul>
          ) : (
            <p class="dim">{t("ui.coord.no_capabilities")}</p>
          )
        }
      </Loaded>
      {offering && <OfferCapability onClose={() => setOffering(false)} />}
    </section>
  );
}

const ReviewDue = ({ r }: { r: Regulation }) =>
  isReviewLate(r) ? (
    <span class="mark attention">
      <Shape of="attention" /> {t("ui.coord.review_late", { date: date(r.review_due) })}
    </span>
  ) : (
    <span class="num">{r.state === "ended" ? "–" : date(r.review_due)}</span>
  );

const partners = (r: Regulation): string =>
  r.parties
    .filter((p) => !p.mine)
    .map((p) => p.name)
    .join(", ");

const columns = (): Column<Regulation>[] => [
  {
    key: "title",
    title: t("ui.coord.title"),
    cell: (r) => <a href={`/coord/${r.id}`}>{r.title}</a>,
    text: (r) => r.title,
  },
  {
    key: "number",
    title: t("ui.number"),
    width: "14rem",
    narrow: true,
    cell: (r) => <span class="num">{r.number}</span>,
    text: (r) => r.number,
  },
  {
    key: "with",
    title: t("ui.coord.with"),
    narrow: true,
    mid: true,
    cell: partners,
    text: partners,
  },
  { key: "state", title: t("ui.state"), cell: (r) => <span title={stateText(r)}>{stateText(r)}</span>, text: stateText },
  {
    key: "until",
    title: t("ui.coord.valid_until"),
    width: "8rem",
    narrow: true,
    cell: (r) => <span class="num">{date(r.valid_until)}</span>,
    text: (r) => date(r.valid_until),
    sort: (r) => r.valid_until,
  },
  {
    key: "review",
    title: t("ui.coord.review_due"),
    width: "12rem",
    narrow: true,
    cell: (r) => <ReviewDue r={r} />,
    text: (r) => date(r.review_due),
    sort: (r) => r.review_due,
  },
];

const ORDER = ["offered", "draft", "in_force", "ended"];

function Regulations() {
  const load = need("regulations").value;
  const state = place.value.query.get("state") ?? "";
  const all = rows("regulations");
  const list = all
    .filter((r) => !state || r.state === state)
    .sort(
      (a, b) =>
        Number(isReviewLate(b)) - Number(isReviewLate(a)) ||
        ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
        a.valid_until.localeCompare(b.valid_until),
    );
  return (
    <section>
      <h2>{t("ui.coord.regulations")}</h2>
      <List
        name="regulations"
        label={t("ui.coord.regulations")}
        rows={list}
        columns={columns()}
        keyOf={(r) => r.id}
        load={load}
        filters={["state"]}
        exportName="quy-che-phoi-hop"
        onOpen={(r) => go(`/coord/${r.id}`)}
        tools={
          <Filters
            name={t("ui.state")}
            value={state}
            onChange={(v) => setQuery({ state: v })}
            options={[
              ["", t("ui.all"), all.length],
              ...ORDER.map((s): [string, string, number] => [
                s,
                word("ui.coord.state", s),
                all.filter((r) => r.state === s).length,
              ]),
            ]}
          />
        }
        empty={<Empty title={t("ui.coord.none")}>{!all.length && t("ui.coord.none_more")}</Empty>}
      />
    </section>
  );
}

export function CoordPage() {
  need("agencies");
  const [printing, setPrinting] = useState(false);
  return (
    <div class="page coord list">
      <PageHead title={t("ui.nav.coord")}>
        {may("coord.read") && <Button onClick={() => setPrinting(true)}>{t("ui.coord.print_register")}</Button>}
        {may("coord.view") && (
          <a class="button" href="/coord/view">
            {t("ui.coord.view")}
          </a>
        )}
        {may("coord.draft") && (
          <a class="button primary" href="/coord/new">
            {t("ui.coord.draft")}
          </a>
        )}
      </PageHead>
      {may("coord.read") && <OpenNow />}
      {may("coord.capabilities") && <Capabilities />}
      {may("coord.read") && <Regulations />}
      {printing && <PrintRegister onClose={() => setPrinting(false)} />}
    </div>
  );
}
