// SPDX-License-Identifier: Apache-2.0
// The regulations as a register on paper: each with its signing and its term, what its clauses open to whom, and what
// was opened and sealed in the period asked for.
import { useEffect, useState } from "preact/hooks";
import type { Clause, Opening } from "../../api/coord.ts";
import { dayText, today, typedDay } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { date, full, ms } from "../../lib/time.ts";
import { levelName } from "../../store/posture.ts";
import { now } from "../../store/session.ts";
import { need, retry, rows } from "../../store/store.ts";
import { DayField } from "../../ui/dayfield.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { printRegister, type PaperTable } from "../../ui/register.tsx";
import { dayEnd } from "./dialogs.tsx";
import { signedText, stateText, whatOf, when, where, whereOf } from "./words.ts";

const regulations = () =>
  [...rows("regulations")].sort(
    (a, b) => a.valid_from.localeCompare(b.valid_from) || a.number.localeCompare(b.number, "vi"),
  );

const regulationTable = (): PaperTable => ({
  title: t("ui.coord.register"),
  heads: [
    t("ui.number"),
    t("ui.coord.title"),
    t("ui.coord.with"),
    t("ui.coord.signed"),
    t("ui.coord.valid"),
    t("ui.coord.review_due"),
    t("ui.state"),
  ],
  lines: regulations().map((r) => [
    r.number,
    r.title,
    r.parties
      .filter((p) => !p.mine)
      .map((p) => p.name)
      .join(", "),
    signedText(r),
    `${date(r.valid_from)} – ${date(r.valid_until)}`,
    date(r.review_due),
    stateText(r),
  ]),
});

const clauseLine = (number: string, c: Clause) => [
  `${number}, ${c.n}`,
  c.giver_name,
  c.taker_name,
  whatOf(c),
  whereOf(c),
  when(c),
  word("ui.coord.ceiling_of", String(c.ceiling)),
];

const clauseTable = (): PaperTable => ({
  title: t("ui.coord.clauses"),
  heads: [
    t("ui.coord.number_clause"),
    t("ui.coord.from"),
    t("ui.coord.to"),
    t("ui.coord.compartment"),
    t("ui.board.site"),
    t("ui.coord.condition"),
    t("ui.coord.ceiling"),
  ],
  lines: regulations().flatMap((r) =>
    rows("clauses")
      .filter((c) => c.regulation === r.id)
      .sort((a, b) => a.n - b.n)
      .map((c) => clauseLine(r.number, c)),
  ),
});

const because = (o: Opening): string =>
  o.posture
    ? [`${t("ui.coord.because_posture")} ${levelName(o.posture_level)}`, o.event].filter(Boolean).join(" · ")
    : `${t("ui.coord.because")} ${o.incident_number}`;

const sealed = (o: Opening): string =>
  o.sealed_at
    ? [full(o.sealed_at), word("ui.coord.sealed", o.sealed_why), o.reason].filter(Boolean).join(" · ")
    : t("ui.coord.still_open");

const openingTable = (from: string, to: string): PaperTable => ({
  title: t("ui.coord.openings_of", { from, to }),
  heads: [
    t("ui.coord.opened_at"),
    t("ui.coord.from"),
    t("ui.coord.to"),
    t("ui.coord.compartment"),
    t("ui.board.site"),
    t("ui.coord.reason"),
    t("ui.coord.sealing"),
  ],
  lines: rows("openings")
    .filter(
      (o) =>
        (ms(o.opened_at) ?? 0) <= (ms(dayEnd(to)) ?? 0) &&
        (ms(o.sealed_at) ?? Infinity) >= (ms(`${typedDay(from)}T00:00:00+07:00`) ?? 0),
    )
    .sort((a, b) => a.opened_at.localeCompare(b.opened_at))
    .map((o) => [
      full(o.opened_at),
      o.giver_name,
      o.taker_name,
      word("ui.coord.what", o.compartment),
      where(o.site_name, o.site),
      because(o),
      sealed(o),
    ]),
});

export function PrintRegister({ onClose }: { onClose: () => void }) {
  const day = today(now.peek());
  const [v, setV] = useState({ from: dayText(`${day.slice(0, 4)}-01-01`), to: dayText(day) });
  const loads = [need("regulations"), need("clauses"), need("openings"), need("situations")];
  useEffect(() => retry("clauses"), []); // a draft written anew may have lost some
  return (
    <FormDialog
      title={t("ui.coord.print_register")}
      submit={t("ui.coord.print_register")}
      disabled={!typedDay(v.from) || !typedDay(v.to) || loads.some((l) => l.value.state !== "ready")}
      onSubmit={async () =>
        printRegister({ ...regulationTable(), more: [clauseTable(), openingTable(v.from, v.to)] })
      }
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.coord.print_about")}</p>
      <DayField label={t("ui.coord.print_from")} required value={v.from} onChange={(from) => setV({ ...v, from })} />
      <DayField label={t("ui.coord.print_to")} required value={v.to} onChange={(to) => setV({ ...v, to })} />
    </FormDialog>
  );
}
