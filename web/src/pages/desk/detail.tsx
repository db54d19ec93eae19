// SPDX-License-Identifier: Apache-2.0
// The chosen thing: what, why it is believed, what would cancel it, how often the rule was right, what to press.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Alert, Disposition, Evidence, Incident } from "../../api/types.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { alertSite } from "../../lib/place.ts";
import { eventName } from "../../lib/text.ts";
import { clock, running } from "../../lib/time.ts";
import { loudnessOf } from "../../lib/urgency.ts";
import { go } from "../../router.ts";
import { useSeen } from "../../store/seen.ts";
import { may, now } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { RecordHere } from "../../ui/alarms.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Icon, Shape } from "../../ui/icons.tsx";
import {
  Button,
  Chip,
  Facts,
  Field,
  LevelMark,
  Loaded,
  Select,
  SourceMark,
  Time,
} from "../../ui/parts.tsx";
import { SAID } from "../journal.tsx";
import { NewIncident } from "../incidents.tsx";
import { ZoneActions } from "../../ui/zones.tsx";
import { acknowledge, select } from "./desk.tsx";
import { zoneLook } from "./marks.tsx";

export interface Selection {
  kind: "alert" | "incident" | "zone" | "source";
  id: string;
}
export const DISPOSITIONS: Disposition[] = [
  "real",
  "test",
  "false_device",
  "false_person",
  "duplicate",
  "unknown",
];
export const dispositionOptions = (): [string, string][] =>
  DISPOSITIONS.map((d) => [d, word("ui.disposition", d)]);

// Left out where the source's owner does not let alerts tell it.
const sourceOf = (e: Evidence): string => e.source_name ?? t("ui.evidence.untold");

export function EvidenceList({ list }: { list: Evidence[] }) {
  return (
    <ol class="evidence">
      {list.map((e) => (
        <li key={e.name}>
          <time>{clock(e.at)}</time>
          <div>
            <b>
              {word(e.kind.startsWith("alerts.") ? "ui.kind" : "signal", e.kind)}
              {SAID.has(e.verb) && ` – ${word("ui.verb", e.verb)}`}
            </b>
            <span>
              {e.site_name && `${e.site_name}${sourceOf(e) || e.zone_name ? " · " : ""}`}
              {sourceOf(e)}
              {sourceOf(e) && e.zone_name && " · "}
              {e.zone && e.zone_name ? (
                <a href={`/?zone=${e.zone}`} title={t("ui.evidence.zone")}>
                  {e.zone_name}
                </a>
              ) : (
                e.zone_name
              )}
            </span>
            {e.text && <q>{e.text}</q>}
            {e.authenticated === false && (
              <span class="mark attention">
                <Shape of="attention" />
                {t("ui.evidence.unauthenticated")}
              </span>
            )}
          </div>
          {may("journal.read") ? (
            <a class="num" href={`/journal/${e.name}`} title={t("ui.evidence.open")}>
              {eventName(e.name)}
            </a>
          ) : (
            <span class="num dim">{eventName(e.name)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

// "Đúng 9 trên 12 lần" with the count of false ones: figures, not an adjective.
export function ruleRecord(a: Alert): string {
  return a.record_n === 0
    ? t("ui.alert.record_none")
    : t("ui.alert.record_n", {
        n: a.record_n,
        bad: a.record_false,
        good: a.record_n - a.record_false,
      });
}

function AttachDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const open = rows("incidents")
    .filter((i) => i.state === "open")
    .sort((a, b) => Number(b.site === alert.site) - Number(a.site === alert.site));
  const [to, setTo] = useState(open[0]?.id ?? "");
  return (
    <FormDialog
      title={t("ui.alert.attach_title", { number: alert.number })}
      submit={t("ui.action.attach")}
      disabled={!to}
      onClose={onClose}
      onSubmit={() => post(`/incidents/${to}/attach`, { alert: alert.id })}
    >
      <Field
        label={t("ui.nav.incident_one")}
        wide
        help={open.length === 0 ? t("ui.incidents.none_open") : undefined}
      >
        <Select
          value={to}
          onChange={setTo}
          required
          options={open.map((i) => [i.id, `${i.number} · ${i.title} · ${i.site_name ?? ""}`])}
        />
      </Field>
    </FormDialog>
  );
}

function CloseDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const [disposition, setDisposition] = useState<string>(alert.disposition ?? "");
  const [note, setNote] = useState("");
  return (
    <FormDialog
      title={t("ui.alert.close_title", { number: alert.number })}
      submit={t("ui.alert.close")}
      onClose={onClose}
      disabled={!disposition}
      onSubmit={() => post(`/alerts/${alert.id}/close`, { disposition, note: note || undefined })}
    >
      <Field label={t("ui.alert.disposition")} help={t("ui.alert.disposition_help")} wide>
        <Select
          value={disposition}
          onChange={setDisposition}
          required
          none={t("ui.choose")}
          options={dispositionOptions()}
        />
      </Field>
      <Field label={t("ui.note")} wide>
        <textarea rows={3} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}

function AlertActions({ a }: { a: Alert }) {
  const [open, setOpen] = useState<"close" | "attach" | "incident" | null>(null);
  const [disposition, setDisposition] = useState("");
  if (a.state === "closed") {
    return null;
  }
  const ack = may("alerts.acknowledge");
  return (
    <footer class="actions">
      {a.state === "open" && ack && (
        <div class="ack">
          <Button kind="primary" keys="A" onClick={() => void acknowledge(a.id, disposition)}>
            {t("ui.alert.acknowledge")}
          </Button>
          <Select
            label={t("ui.alert.disposition")}
            value={disposition}
            onChange={setDisposition}
            none={t("ui.alert.disposition_later")}
            options={dispositionOptions()}
          />
        </div>
      )}
      <div class="more-actions">
        {a.incident ? (
          <a class="button primary-line" href={`/incidents/${a.incident}`}>
            {t("ui.alert.to_incident", { number: a.incident_number ?? "" })}
          </a>
        ) : (
          may("desk.open") && (
            <>
              <Button
                class={a.state === "acknowledged" ? "primary-line" : ""}
                onClick={() => setOpen("incident")}
              >
                {t("ui.alert.open_incident")}
              </Button>
              <Button onClick={() => setOpen("attach")}>{t("ui.alert.attach")}</Button>
            </>
          )
        )}
        {ack && <Button onClick={() => setOpen("close")}>{t("ui.alert.close")}</Button>}
      </div>
      {open === "close" && <CloseDialog alert={a} onClose={() => setOpen(null)} />}
      {open === "attach" && <AttachDialog alert={a} onClose={() => setOpen(null)} />}
      {open === "incident" && <NewIncident alert={a} onClose={() => setOpen(null)} />}
    </footer>
  );
}

export function AlertBody({ a }: { a: Alert }) {
  return (
    <>
      <section>
        <h3>{t("ui.alert.evidence", { n: a.evidence_n })}</h3>
        <EvidenceList list={a.evidence} />
      </section>
      {pick(a, "explain") && (
        <section>
          <h3>{t("ui.alert.explain")}</h3>
          <p>{pick(a, "explain")}</p>
          <Basis of={`situation.${a.situation}`} />
        </section>
      )}
      {pick(a, "cancel") && (
        <section>
          <h3>{t("ui.alert.cancel")}</h3>
          <p>{pick(a, "cancel")}</p>
        </section>
      )}
      <section>
        <h3>{t("ui.alert.record")}</h3>
        <p>
          <a href={`/rules?rule=${encodeURIComponent(a.rule)}`}>{a.rule}</a>{" "}
          <span class="dim">{t("ui.rule.version", { n: a.rule_version.slice(0, 8) })}</span>
          <br />
          {ruleRecord(a)}
        </p>
        <RecordHere rule={a.rule} site={a.site} version={a.rule_version} />
      </section>
      {(a.ack_at || a.disposition || a.note) && (
        <section>
          <h3>{t("ui.alert.taken")}</h3>
          <p>
            {a.ack_at && (
              <>
                {a.ack_by_name} · <Time at={a.ack_at} />
              </>
            )}
            {a.disposition && <> · {word("ui.disposition", a.disposition)}</>}
            {a.note && (
              <>
                <br />
                {a.note}
              </>
            )}
          </p>
        </section>
      )}
    </>
  );
}

// Closed because it became part of another alert: where it went, instead of a judgement.
function Absorbed({ a }: { a: Alert }) {
  return (
    <p class="mark info">
      <Shape of="info" />
      <span>
        {t("ui.alert.absorbed")} <a href={`/?alert=${a.absorbed_into}`}>{a.absorbed_number}</a>
      </span>
    </p>
  );
}

export const alertState = (a: Alert): string =>
  a.absorbed_into
    ? t("ui.alert.absorbed_to", { number: a.absorbed_number ?? "" })
    : t(`ui.alert.state.${a.state}`);

function AlertDetail({ a, followed }: { a: Alert; followed: boolean }) {
  const of = loudnessOf(a.level);
  return (
    <>
      <header class={`what ${of}`}>
        <p class="line1">
          <LevelMark level={a.level} />
          <span class="num">{a.number}</span>
          {a.test && <Chip kind="test">{t("ui.alert.test")}</Chip>}
          {!a.absorbed_into && <span class="dim">{alertState(a)}</span>}
        </p>
        <h2>{pick(a, "title")}</h2>
        <p>{[a.zone_name, alertSite(a)].filter(Boolean).join(" · ")}</p>
        <p>
          <Time at={a.raised_at} />
          {a.count > 1 && (
            <span> · {t("ui.alert.count", { n: a.count, time: clock(a.last_at) })}</span>
          )}
        </p>
        {a.absorbed_into && <Absorbed a={a} />}
        {a.cleared_at && !a.absorbed_into && (
          <p class="mark info">
            <Shape of="info" />
            {t("ui.alert.cleared", { time: clock(a.cleared_at) })}
          </p>
        )}
        {a.amended_at && (
          <p class="mark info">
            <Shape of="info" />
            {t("ui.alert.amended", { time: clock(a.amended_at) })}
          </p>
        )}
        {a.bypassed && (
          <p class="mark info">
            <Shape of="info" />
            {t("ui.alert.bypassed")}
          </p>
        )}
        {followed && <p class="dim small">{t("ui.desk.followed")}</p>}
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.alert.one")}>
        <AlertBody a={a} />
      </div>
      <AlertActions a={a} />
    </>
  );
}

function IncidentDetail({ i }: { i: Incident }) {
  need("alerts", { incident: i.id });
  const alerts = rows("alerts").filter((a) => a.incident === i.id);
  const run = running(i.opened_at, now.value);
  return (
    <>
      <header class="what info">
        <p class="line1">
          <LevelMark level={i.level} />
          <span class="num">{i.number}</span>
          <span class="dim">{word("ui.incident.state", i.state)}</span>
        </p>
        <h2>{i.title}</h2>
        <p>{[pick(i, "situation"), i.site_name].filter(Boolean).join(" · ")}</p>
        <Basis of={`situation.${i.situation}`} />
        <p class="num">
          {t("ui.incident.running", {
            time: (run.days ? t("ui.days", { n: run.days }) + " " : "") + run.text,
          })}
        </p>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.nav.incident_one")}>
        <section>
          <Facts
            rows={[
              [
                t("ui.incident.opened"),
                <>
                  <Time at={i.opened_at} /> {i.opened_by_name}
                </>,
              ],
              [t("ui.incident.owner"), i.owner_name],
              [t("ui.incident.tasks_open"), String(i.tasks_open_n)],
            ]}
          />
        </section>
        <section>
          <h3>{t("ui.incident.alerts")}</h3>
          <ul class="links">
            {alerts.map((a) => (
              <li key={a.id}>
                <button
                  type="button"
                  class="as-link"
                  onClick={() => select({ kind: "alert", id: a.id })}
                >
                  <LevelMark level={a.level} short /> {a.number} {pick(a, "title")}{" "}
                  <Time at={a.raised_at} withAge={false} />
                  {a.absorbed_into && <span class="dim">{alertState(a)}</span>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <footer class="actions">
        <Button kind="primary" keys="↵" onClick={() => go(`/incidents/${i.id}`)}>
          {t("ui.incident.open_page")}
        </Button>
      </footer>
    </>
  );
}

function ZoneDetail({ id }: { id: string }) {
  const z = one("zones", id)!;
  const look = zoneLook(z);
  return (
    <>
      <header class="what">
        <p class="line1 dim">
          {t("ui.zone.one")} · {word("ui.zone.class", z.class)}
        </p>
        <h2>{z.name}</h2>
        <p>{one("sites", z.site)?.name}</p>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.zone.one")}>
        <section>
          <Facts
            rows={[
              [t("ui.zone.state"), <b>{look.words}</b>],
              [t("ui.zone.arm_state"), word("ui.zone.arm", z.arm_state)],
              [
                t("ui.zone.last_signal"),
                <>
                  <Time at={z.last_signal_at} />{" "}
                  {z.last_signal_kind && word("signal", z.last_signal_kind)}
                </>,
              ],
              ...(z.bypass_until
                ? [
                    [
                      t("ui.zone.bypass"),
                      <>
                        {z.bypass_reason} · {z.bypass_owner_name ?? z.bypass_owner} ·{" "}
                        <Time at={z.bypass_until} withAge={false} />
                      </>,
                    ] as [string, preact.ComponentChild],
                  ]
                : []),
            ]}
          />
        </section>
        <section>
          <h3>{t("ui.nav.sources")}</h3>
          <ul class="links">
            {rows("sources")
              .filter((s) => s.zone === id)
              .map((s) => (
                <li key={s.id}>
                  <button
                    type="button"
                    class="as-link"
                    onClick={() => select({ kind: "source", id: s.id })}
                  >
                    {s.name}
                  </button>{" "}
                  <SourceMark source={s} />
                </li>
              ))}
          </ul>
        </section>
      </div>
      <footer class="actions">
        <ZoneActions zone={z} />
      </footer>
    </>
  );
}

function SourceDetail({ id }: { id: string }) {
  useSeen();
  const s = one("sources", id)!;
  return (
    <>
      <header class="what">
        <p class="line1 dim">
          {t("ui.source.one")} · {word("ui.proto", s.proto)}
        </p>
        <h2>{s.name}</h2>
        <p>{[s.zone_name, s.site_name].filter(Boolean).join(" · ")}</p>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("ui.source.one")}>
        <section>
          <Facts
            rows={[
              [t("ui.source.state_title"), <SourceMark source={s} />],
              [t("ui.source.last_seen"), <Time at={s.last_seen} />],
              [t("ui.source.deadline"), s.deadline_s ? t("ui.seconds", { n: s.deadline_s }) : null],
              [t("ui.source.address"), s.address],
            ]}
          />
        </section>
      </div>
      <footer class="actions">
        <a class="button" href={`/sources?source=${s.id}`}>
          {t("ui.source.open_page")}
        </a>
      </footer>
    </>
  );
}

export function Detail({ shown, followed }: { shown: Selection | null; followed: boolean }) {
  const table =
    shown &&
    ({ alert: "alerts", incident: "incidents", zone: "zones", source: "sources" } as const)[
      shown.kind
    ];
  const row = shown && table ? one(table, shown.id) : undefined;
  const load = shown && table && !row ? needOne(table, shown.id).value : null;
  return (
    <section
      class={`detail ${followed ? "followed" : ""}`}
      id="detail"
      tabIndex={-1}
      aria-label={t("ui.desk.detail")}
    >
      {shown && !followed && (
        <button type="button" class="button plain back" onClick={() => select(null)}>
          <Icon name="close" label={t("ui.action.deselect")} />
        </button>
      )}
      {!shown ? (
        <div class="calm">
          <Shape of="normal" />
          <p>{t("ui.desk.calm")}</p>
          <p class="dim">{t("ui.desk.calm_more")}</p>
        </div>
      ) : !row ? (
        <Loaded load={load!} lines={8}>
          {() => null}
        </Loaded>
      ) : shown.kind === "alert" ? (
        <AlertDetail a={row as Alert} followed={followed} key={shown.id} />
      ) : shown.kind === "incident" ? (
        <IncidentDetail i={row as Incident} key={shown.id} />
      ) : shown.kind === "zone" ? (
        <ZoneDetail id={shown.id} key={shown.id} />
      ) : (
        <SourceDetail id={shown.id} key={shown.id} />
      )}
    </section>
  );
}
