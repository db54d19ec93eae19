// SPDX-License-Identifier: Apache-2.0
// What arrives by itself: a plate the point's camera read, a number its reader took or turned away, newest on top, with
// what is advised. One key takes the top one up as the one being decided. Beside them whoever is expected: vehicles about
// now, and the next visitors of the day. With nothing to say it says nothing.
import { useEffect } from "preact/hooks";
import type { Arrival } from "../../api/gate.ts";
import type { ExpectedVehicle } from "../../api/gatework.ts";
import type { Visit, VisitGuest } from "../../api/visits.ts";
import type { Standing } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { clock, minute, ms } from "../../lib/time.ts";
import { now } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { Icon, Shape } from "../../ui/icons.tsx";
import { setFirst, takeUp, type Taken } from "./taking.ts";
import { classText, plateText, reasonText, sayText, SHAPE } from "./words.ts";

const WAITS_MS = 3 * 60_000; // whoever is not decided about by then has gone by
const SHOWN = 3; // more would push the decision off the screen
const EARLY_MS = 30 * 60_000; // as the node has it
const DUE = 4; // of each
const DAY_MS = 86_400_000;
const OFFSET_MS = 7 * 3600_000;

const takenOf = (a: Arrival): Taken => ({
  shown: a.read_as === "read" ? { plate: a.shown } : { badge: a.shown },
  text: a.shown,
});

function waiting(at: Standing): Arrival[] {
  need("arrivals", { point: at.point, state: "waiting" }, 50);
  return rows("arrivals")
    .filter(
      (a) =>
        a.point === at.point &&
        a.state === "waiting" &&
        (a.way === null || a.way === at.way) &&
        now.value - (ms(a.received) ?? 0) < WAITS_MS,
    )
    .sort((a, b) => b.received.localeCompare(a.received))
    .slice(0, SHOWN);
}

const who = (a: Arrival): string =>
  a.read_as === "read" ? t("ui.pass.plate_is", { plate: a.name || plateText(a.shown) || t("ui.pass.plate_unread") }) : a.name || a.shown || t("ui.pass.unknown_one");

const told = (a: Arrival): string =>
  [
    word("ui.pass.read_as", a.read_as),
    clock(a.captured),
    a.holder_kind && a.read_as !== "read" ? word("ui.pass.kind", a.holder_kind) : a.holder ? t("ui.pass.registered") : "",
    classText(a.class),
    a.goods && t("ui.pass.goods_are", { goods: a.goods }),
    a.host && t("ui.pass.received_by", { host: a.host }),
    a.maybe && t("ui.pass.maybe_is", { plate: a.maybe }),
  ]
    .filter(Boolean)
    .join(" · ");

function One({ a, top }: { a: Arrival; top: boolean }) {
  return (
    <li>
      <button type="button" class={`gate-key gate-arrival ${a.advice}`} onClick={() => takeUp(takenOf(a))}>
        <span class="gate-say">
          {a.advice === "green" ? <Icon name="check" /> : <Shape of={SHAPE[a.advice]} />}
          <strong>{sayText(a.advice)}</strong>
        </span>
        <span class="gate-told">
          <b>{who(a)}</b>
          <span class="dim">{told(a)}</span>
          {(a.reasons ?? []).map((r) => (
            <span key={r.code}>{reasonText(r)}</span>
          ))}
        </span>
        {top && <kbd aria-hidden="true">Enter</kbd>}
      </button>
    </li>
  );
}

function due(at: Standing): ExpectedVehicle[] {
  const lane = one("gate-points", at.point)?.lane;
  need("expected-vehicles", { site: at.site, state: "expected" }, 500);
  return lane === "person" || at.way === "out"
    ? []
    : rows("expected-vehicles")
        .filter(
          (x) =>
            x.site === at.site &&
            x.state === "expected" &&
            x.plate !== null &&
            (ms(x.starts) ?? 0) - EARLY_MS <= now.value &&
            (ms(x.ends) ?? 0) > now.value,
        )
        .sort((a, b) => a.starts.localeCompare(b.starts))
        .slice(0, DUE);
}

const expectedText = (x: ExpectedVehicle): string =>
  [
    `${minute(x.starts)}–${minute(x.ends)}`,
    x.goods,
    x.host && t("ui.pass.received_by", { host: x.host }),
    x.driver && t("ui.pass.driven_by", { driver: x.driver }),
  ]
    .filter(Boolean)
    .join(" · ");

interface Guest {
  g: VisitGuest;
  v: Visit;
}
// Those of today who are not here yet: whose hour is nearest, in the order of their hours.
function guests(at: Standing): Guest[] {
  const lane = one("gate-points", at.point)?.lane;
  const day = Math.floor((now.value + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
  const iso = (t: number) => new Date(t).toISOString();
  need("visits", { site: at.site, after: iso(day), until: iso(day + DAY_MS) }, 2000);
  need("visit-guests", { site: at.site, state: "expected" }, 2000);
  if (lane === "vehicle" || at.way === "out") {
    return [];
  }
  const away = (x: Guest) => Math.abs((ms(x.v.starts) ?? 0) - now.value);
  return rows("visit-guests")
    .filter((g) => g.state === "expected" && g.holder && g.name)
    .flatMap((g): Guest[] => {
      const v = one("visits", g.visit);
      const today = v && v.site === at.site && (ms(v.starts) ?? 0) < day + DAY_MS && (ms(v.ends) ?? 0) > now.value;
      return today && v.kind !== "vehicle" && ["approved", "arrived"].includes(v.state) ? [{ g, v }] : [];
    })
    .sort((a, b) => away(a) - away(b))
    .slice(0, DUE)
    .sort((a, b) => a.v.starts.localeCompare(b.v.starts));
}

const guestText = ({ g, v }: Guest): string =>
  [minute(v.starts), (v.host_name ?? v.office) && t("ui.pass.received_by", { host: v.host_name ?? v.office ?? "" }), g.company]
    .filter(Boolean)
    .join(" · ");

function Expected({ name, told, taken }: { name: string; told: string; taken: Taken }) {
  return (
    <li>
      <button type="button" class="gate-key" onClick={() => takeUp(taken)}>
        <b class="num">{name}</b> <span class="dim">{told}</span>
      </button>
    </li>
  );
}

function Due({ vehicles, people }: { vehicles: ExpectedVehicle[]; people: Guest[] }) {
  return (
    <section class="gate-due" aria-labelledby="gate-due">
      <h2 id="gate-due">{t(people.length ? (vehicles.length ? "ui.pass.due_both" : "ui.pass.due_people") : "ui.pass.due_now")}</h2>
      <ul>
        {vehicles.map((x) => (
          <Expected key={x.id} name={x.plate!} told={expectedText(x)} taken={{ shown: { plate: x.plate! }, text: x.plate! }} />
        ))}
        {people.map((x) => (
          <Expected key={x.g.id} name={x.g.name!} told={guestText(x)} taken={{ shown: { holder: x.g.holder! }, text: x.g.name! }} />
        ))}
      </ul>
    </section>
  );
}

export function Arrivals({ at }: { at: Standing }) {
  const list = waiting(at);
  const vehicles = due(at);
  const people = guests(at);
  const expected = vehicles.length + people.length > 0;
  const top = list[0];
  useEffect(() => {
    setFirst(top ? takenOf(top) : null);
    return () => setFirst(null);
  }, [top?.id, top?.shown]);
  return list.length || expected ? (
    <div class="gate-arrivals">
      {list.length > 0 && (
        <section aria-labelledby="gate-arrivals">
          <h2 id="gate-arrivals">{t("ui.pass.arrivals")}</h2>
          <ol role="list" aria-live="polite">
            {list.map((a, i) => (
              <One key={a.id} a={a} top={i === 0} />
            ))}
          </ol>
        </section>
      )}
      {expected && <Due vehicles={vehicles} people={people} />}
    </div>
  ) : null;
}
