// SPDX-License-Identifier: Apache-2.0
// The regulations as a register on paper: whose it is, when it was printed, how many there are, a line each. Only
// printing shows it; the pages are numbered by the style sheet.
import type { Regulation } from "../../api/coord.ts";
import { t } from "../../lib/i18n.ts";
import { date, full } from "../../lib/time.ts";
import { now, session } from "../../store/session.ts";
import { one, rows } from "../../store/store.ts";
import { stateText } from "./words.ts";

function Line({ r, n }: { r: Regulation; n: number }) {
  return (
    <tr>
      <td class="num">{n}</td>
      <td class="num">{r.number}</td>
      <td>{r.title}</td>
      <td>
        {r.parties
          .filter((p) => !p.mine)
          .map((p) => p.name)
          .join(", ")}
      </td>
      <td class="num">
        {date(r.valid_from)} – {date(r.valid_until)}
      </td>
      <td class="num">{date(r.review_due)}</td>
      <td>{stateText(r)}</td>
    </tr>
  );
}

export function Register() {
  const list = [...rows("regulations")].sort(
    (a, b) => a.valid_from.localeCompare(b.valid_from) || a.number.localeCompare(b.number, "vi"),
  );
  const agency = one("agencies", session.value?.user.agency)?.name ?? "";
  const heads = [
    t("ui.coord.nth"),
    t("ui.number"),
    t("ui.coord.title"),
    t("ui.coord.with"),
    t("ui.coord.valid"),
    t("ui.coord.review_due"),
    t("ui.state"),
  ];
  return (
    <section class="coord-register" aria-hidden="true">
      <h1>{t("ui.coord.register")}</h1>
      <p>{t("ui.coord.register_of", { agency, time: full(now.value).slice(0, 16), n: list.length })}</p>
      <table>
        <thead>
          <tr>
            {heads.map((h) => (
              <th scope="col" key={h}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.map((r, i) => (
            <Line key={r.id} r={r} n={i + 1} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
