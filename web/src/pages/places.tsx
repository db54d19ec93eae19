// SPDX-License-Identifier: Apache-2.0
// Đơn vị hành chính: what a name in an old paper means today; which lists were brought in.
import { useState } from "preact/hooks";
import type { PlaceHit } from "../api/register.ts";
import { dayText, typedDay } from "../lib/day.ts";
import { t, word } from "../lib/i18n.ts";
import { need, rows } from "../store/store.ts";
import { DayField } from "../ui/dayfield.tsx";
import { Chip, Empty, Loaded, PageHead, Time } from "../ui/parts.tsx";
import { fullName, usePlaces } from "../ui/placepick.tsx";

function Hit({ hit }: { hit: PlaceHit }) {
  const same = !hit.valid_to;
  return (
    <li>
      <b>{fullName(hit)}</b>
      <span class="num dim">{hit.code}</span>
      <span class="dim">
        {hit.valid_to
          ? t("ui.place.until", { day: dayText(hit.valid_to) })
          : hit.valid_from
            ? t(hit.exact ? "ui.place.since" : "ui.place.since_about", {
                day: dayText(hit.valid_from),
              })
            : t("ui.place.stands")}
      </span>
      {!same && (
        <span class="today">
          {t("ui.place.today")}{" "}
          {hit.today.length === 0
            ? t("ui.place.unknown")
            : hit.today.map((p) => fullName(p)).join("; ")}
        </span>
      )}
      {same && <Chip>{t("ui.place.in_force")}</Chip>}
    </li>
  );
}

function Editions() {
  const load = need("place-editions").value;
  return (
    <section>
      <h2>{t("ui.place.editions")}</h2>
      <Loaded load={load} lines={3}>
        {() => (
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">{t("ui.place.edition")}</th>
                <th scope="col">{t("ui.place.as_of")}</th>
                <th scope="col">{t("ui.place.units")}</th>
                <th scope="col" class="wide-only">
                  {t("ui.place.digest")}
                </th>
                <th scope="col" class="wide-only">
                  {t("ui.place.brought")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows("place-editions")
                .slice()
                .sort((a, b) => b.at.localeCompare(a.at))
                .map((e) => (
                  <tr key={e.id}>
                    <td>
                      {e.origin === "shipped" ? t("ui.place.shipped") : e.title}
                      <span class="sub dim">{word("ui.place.origin", e.origin)}</span>
                    </td>
                    <td class="num">{dayText(e.as_of)}</td>
                    <td class="num">
                      {t("ui.place.counts", {
                        n: e.units,
                        added: e.added,
                        changed: e.changed,
                        ended: e.ended,
                      })}
                    </td>
                    <td class="wide-only num" title={e.digest}>
                      {e.digest.slice(0, 12)}…
                    </td>
                    <td class="wide-only">
                      <Time at={e.at} />
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </section>
  );
}

export function PlacesPage() {
  const [name, setName] = useState("");
  const [day, setDay] = useState("");
  const on = typedDay(day);
  const hits = usePlaces(name, on ?? "");
  return (
    <div class="page places">
      <PageHead title={t("ui.nav.places")} sub={t("ui.place.about")} />
      <div class="toolbar">
        <label class="field">
          <span class="label">{t("ui.place.name")}</span>
          <input
            type="text"
            value={name}
            placeholder={t("ui.place.example")}
            onInput={(e) => setName(e.currentTarget.value)}
          />
        </label>
        <DayField label={t("ui.place.on")} value={day} onChange={setDay} />
      </div>
      {hits &&
        (hits.length === 0 ? (
          <Empty title={t("ui.place.none")}>{t("ui.place.none_more")}</Empty>
        ) : (
          <ul class="lines hits">
            {hits.map((h) => (
              <Hit key={h.id} hit={h} />
            ))}
          </ul>
        ))}
      <Editions />
    </div>
  );
}
