// SPDX-License-Identifier: Apache-2.0
// The regulations as a register on paper.
import { t } from "../../lib/i18n.ts";
import { date } from "../../lib/time.ts";
import { rows } from "../../store/store.ts";
import { printRegister } from "../../ui/register.tsx";
import { stateText } from "./words.ts";

export function printRegulations(): void {
  const list = [...rows("regulations")].sort(
    (a, b) => a.valid_from.localeCompare(b.valid_from) || a.number.localeCompare(b.number, "vi"),
  );
  printRegister({
    title: t("ui.coord.register"),
    heads: [
      t("ui.number"),
      t("ui.coord.title"),
      t("ui.coord.with"),
      t("ui.coord.valid"),
      t("ui.coord.review_due"),
      t("ui.state"),
    ],
    lines: list.map((r) => [
      r.number,
      r.title,
      r.parties
        .filter((p) => !p.mine)
        .map((p) => p.name)
        .join(", "),
      `${date(r.valid_from)} – ${date(r.valid_until)}`,
      date(r.review_due),
      stateText(r),
    ]),
  });
}
