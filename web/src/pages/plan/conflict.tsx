// SPDX-License-Identifier: Apache-2.0
// Somebody saved the drawing after it was opened here. Said plainly: who, when, what changed there and here, and
// what both changed; then one of three: both together, theirs, or mine over theirs.
import type { Plan } from "../../api/types.ts";
import { t } from "../../lib/i18n.ts";
import { difference, merge, type Doc, type Element } from "../../lib/plan.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Button, Time } from "../../ui/parts.tsx";
import { titleOf } from "./names.ts";

export type Way = "merge" | "theirs" | "mine";

function Changes({ title, from, to }: { title: string; from: Doc; to: Doc }) {
  const list = difference(from, to);
  return (
    <section>
      <h3>
        {title} <span class="dim num">{list.length}</span>
      </h3>
      <ul class="lines">
        {list.slice(0, 30).map((d) => (
          <li key={d.id}>
            <span class="dim">{t(`ui.draw.change.${d.what}`)}</span> {titleOf(d.element)}
          </li>
        ))}
      </ul>
    </section>
  );
}

const names = (list: Element[]): string => list.map(titleOf).join(", ");

export function Conflict(props: {
  base: Doc;
  mine: Doc;
  theirs: Plan;
  onWay: (way: Way) => void;
  onClose: () => void;
}) {
  const { base, mine, theirs } = props;
  const { both } = merge(base, theirs, mine);
  return (
    <Dialog title={t("ui.draw.conflict")} onClose={props.onClose} class="conflict">
      <p>
        {t("ui.draw.conflict_who", { name: theirs.saved_by_name || "–", n: theirs.version })}{" "}
        <Time at={theirs.saved_at} />
        {theirs.note && <> “{theirs.note}”</>}
      </p>
      <div class="columns">
        <Changes title={t("ui.draw.their_changes")} from={base} to={theirs} />
        <Changes title={t("ui.draw.my_changes")} from={base} to={mine} />
      </div>
      {both.length > 0 && (
        <p class="warn">{t("ui.draw.both_changed", { n: both.length, names: names(both) })}</p>
      )}
      <div class="buttons">
        <Button onClick={() => props.onWay("theirs")}>{t("ui.draw.way_theirs")}</Button>
        <Button onClick={() => props.onWay("mine")}>{t("ui.draw.way_mine")}</Button>
        <Button kind="primary" onClick={() => props.onWay("merge")}>
          {t("ui.draw.way_merge")}
        </Button>
      </div>
    </Dialog>
  );
}
