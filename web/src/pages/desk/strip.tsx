// SPDX-License-Identifier: Apache-2.0
// The last hour as a strip: three lanes by urgency, a tick per record in its shape, and a hand that can be
// moved (mouse, arrows) to read what happened around a moment. It rewinds the reading, not the desk. Who may
// not read the journal sees the same hour told by the alerts, incidents, zones and sources on the desk.
import { useState } from "preact/hooks";
import { pick, t, word } from "../../lib/i18n.ts";
import { alertSite } from "../../lib/place.ts";
import { clock, minute } from "../../lib/time.ts";
import { loudnessOf } from "../../lib/urgency.ts";
import { may, now } from "../../store/session.ts";
import { need, one, rows, type LoadState } from "../../store/store.ts";
import { Button, Loaded } from "../../ui/parts.tsx";
import { eventPlace, eventText } from "../journal.tsx";

const HOUR = 3600_000;
const LANES = ["act", "attention", "info"] as const;
type Lane = (typeof LANES)[number];
const NEAR = 6;

export interface Moment {
  id: string;
  at: number;
  lane: Lane;
  title: string;
  text: string;
  place: string;
  href: string;
  site: string | null;
}

function fromJournal(): Moment[] {
  const out: Moment[] = [];
  for (const e of rows("events")) {
    const lane = e.urgency;
    if (lane) {
      out.push({
        id: e.id,
        at: Date.parse(e.at),
        lane,
        title: word("ui.kind", e.kind),
        text: eventText(e),
        place: eventPlace(e) || one("sites", e.site)?.name || "",
        href: `/journal/${e.id}`,
        site: e.site,
      });
    }
  }
  return out;
}

function fromDesk(): Moment[] {
  const out: Moment[] = [];
  const add = (
    id: string,
    at: string | null,
    lane: Lane,
    title: string,
    text: string,
    place: string | null,
    href: string,
    site: string,
  ) =>
    at &&
    out.push({
      id: `${id} ${title}`,
      at: Date.parse(at),
      lane,
      title,
      text,
      place: place ?? "",
      href,
      site,
    });
  for (const a of rows("alerts")) {
    const of = loudnessOf(a.level);
    add(
      a.id,
      a.raised_at,
      of === "act" || of === "attention" ? of : "info",
      t("ui.kind.alerts.raised"),
      `${a.number} · ${pick(a, "title")}`,
      a.zone_name ?? alertSite(a),
      `/?alert=${a.id}`,
      a.site,
    );
    add(
      a.id,
      a.ack_at,
      "info",
      t("ui.kind.alerts.acknowledged"),
      `${a.number} · ${a.ack_by_name ?? ""}`,
      a.zone_name ?? alertSite(a),
      `/?alert=${a.id}`,
      a.site,
    );
  }
  for (const i of rows("incidents")) {
    add(
      i.id,
      i.opened_at,
      "attention",
      t("ui.kind.desk.incident_opened"),
      `${i.number} · ${i.title}`,
      i.site_name,
      `/incidents/${i.id}`,
      i.site,
    );
  }
  for (const z of rows("zones")) {
    add(
      z.id,
      z.last_signal_at,
      "info",
      t("ui.kind.sites.signal"),
      z.last_signal_kind ? word("signal", z.last_signal_kind) : "",
      z.name,
      `/?zone=${z.id}`,
      z.site,
    );
  }
  for (const s of rows("sources")) {
    if (s.state === "silent") {
      add(
        s.id,
        s.state_since,
        "attention",
        t("ui.kind.sites.source_silent"),
        s.name,
        s.site_name,
        `/?source=${s.id}`,
        s.site,
      );
    }
  }
  return out;
}

export function lastHour(all: Moment[], site: string | null, end: number): Moment[] {
  return all
    .filter((m) => (!site || m.site === site) && m.at > end - HOUR && m.at <= end + 60_000)
    .sort((a, b) => b.at - a.at || b.id.localeCompare(a.id));
}

const SHAPE: Record<Lane, string> = {
  act: "M-3 -6H3V6H-3z",
  attention: "M0 -5L5 5H-5z",
  info: "M0 -4V4",
};
const READY: LoadState = { state: "ready", total: 0 };

export function Strip({ site }: { site: string | null }) {
  const reader = may("journal.read");
  const load = reader ? need("events", {}, 500).value : READY;
  const [at, setAt] = useState<number | null>(null);
  const end = Math.floor(now.value / 15_000) * 15_000 + 15_000;
  const moments = lastHour(reader ? fromJournal() : fromDesk(), site, end);
  const hand = at ?? end;
  const before = at === null ? moments : moments.filter((m) => m.at <= at + 1000);
  const x = (ms: number) => `${Math.max(0, Math.min(100, ((ms - (end - HOUR)) / HOUR) * 100))}%`;
  return (
    <section class="strip" aria-label={t("ui.strip.title")}>
      <div class="strip-list">
        <header>
          <h2>{at === null ? t("ui.strip.title") : t("ui.strip.at", { time: clock(at) })}</h2>
          {at !== null && (
            <Button kind="plain" onClick={() => setAt(null)}>
              {t("ui.strip.now")}
            </Button>
          )}
          {reader && (
            <a href={site ? `/journal?site=${site}` : "/journal"}>{t("ui.nav.journal")}</a>
          )}
        </header>
        <Loaded load={load} lines={3}>
          {() =>
            before.length === 0 ? (
              <p class="dim none">{t("ui.strip.none")}</p>
            ) : (
              <ol>
                {before.slice(0, NEAR).map((m) => (
                  <li key={m.id} class={m.lane}>
                    <a href={m.href}>
                      <time>{clock(m.at)}</time>
                      <b>{m.title}</b>
                      <span>{m.text}</span>
                      <span class="dim">{m.place}</span>
                    </a>
                  </li>
                ))}
              </ol>
            )
          }
        </Loaded>
      </div>
      <div class="lanes">
        <svg width="100%" height="100%" aria-hidden="true">
          {[0, 1, 2, 3, 4, 5, 6].map((i) => {
            const tick = end - HOUR + i * 600_000;
            return (
              <g key={i}>
                <line class="grid" x1={x(tick)} x2={x(tick)} y1="0" y2="62" />
                <text
                  class="tick"
                  x={x(tick)}
                  y="76"
                  text-anchor={i === 0 ? "start" : i === 6 ? "end" : "middle"}
                >
                  {minute(tick)}
                </text>
              </g>
            );
          })}
          {moments.map((m) => (
            <svg key={m.id} x={x(m.at)} y={11 + 20 * LANES.indexOf(m.lane)} overflow="visible">
              <path class={`tick-mark ${m.lane}`} d={SHAPE[m.lane]} />
            </svg>
          ))}
          <line
            class={`hand ${at === null ? "live" : ""}`}
            x1={x(hand)}
            x2={x(hand)}
            y1="0"
            y2="64"
          />
        </svg>
        <input
          type="range"
          class="scrub"
          aria-label={t("ui.strip.scrub")}
          aria-valuetext={clock(hand)}
          min={0}
          max={3600}
          step={5}
          value={Math.round((hand - (end - HOUR)) / 1000)}
          onInput={(e) => {
            const s = Number(e.currentTarget.value);
            setAt(s >= 3590 ? null : end - HOUR + s * 1000);
          }}
        />
      </div>
    </section>
  );
}
