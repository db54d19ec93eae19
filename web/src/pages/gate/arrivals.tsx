// SPDX-License-Identifier: Apache-2.0
// What arrives by itself: a plate the point's camera read, a number its reader took or turned away, newest on top, with
// what is advised. One key takes the top one up as the one being decided. Beneath, in a lane for vehicles, those that
// are expected about now. With nothing to say it says nothing.
import { useEffect } from "preact/hooks";
import type { Arrival } from "../../api/gate.ts";
import type { ExpectedVehicle } from "../../api/gatework.ts";
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
const DUE = 6;

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

function Due({ list }: { list: ExpectedVehicle[] }) {
  return (
    <section class="gate-due" aria-labelledby="gate-due">
      <h2 id="gate-due">{t("ui.pass.due_now")}</h2>
      <ul>
        {list.map((x) => (
          <li key={x.id}>
            <button type="button" class="gate-key" onClick={() => takeUp({ shown: { plate: x.plate! }, text: x.plate! })}>
              <b class="num">{x.plate}</b> <span class="dim">{expectedText(x)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Arrivals({ at }: { at: Standing }) {
  const list = waiting(at);
  const expected = due(at);
  const top = list[0];
  useEffect(() => {
    setFirst(top ? takenOf(top) : null);
    return () => setFirst(null);
  }, [top?.id, top?.shown]);
  return list.length || expected.length ? (
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
      {expected.length > 0 && <Due list={expected} />}
    </div>
  ) : null;
}
