// SPDX-License-Identifier: Apache-2.0
// What the pages of an evacuation share: its head, the five counts, a state in words.
import type { Muster, MusterState } from "../../api/muster.ts";
import { t, word } from "../../lib/i18n.ts";
import type { Loudness } from "../../lib/urgency.ts";
import { STATES, type Somebody } from "../../store/muster.ts";
import { Shape } from "../../ui/icons.tsx";
import { Chip } from "../../ui/parts.tsx";

export const placeOf = (m: Muster): string =>
  [m.site_name ?? "…", m.area ? (m.area_name ?? "…") : t("ui.muster.whole_site")].join(" · ");

const SHAPES: Record<MusterState, Loudness> = {
  unknown: "unknown",
  unsafe: "act",
  safe: "normal",
  not_here: "info",
  excluded: "info",
};
export const StateMark = ({ state }: { state: MusterState }) => (
  <span class={`muster-state ${state}`}>
    <Shape of={SHAPES[state]} /> {word("ui.muster.state", state)}
  </span>
);

export const Kind = ({ m }: { m: Muster }) =>
  m.kind === "drill" ? <Chip kind="drill">{t("ui.muster.drill")}</Chip> : null;

export function Counts({ people }: { people: Somebody[] }) {
  return (
    <dl class="muster-counts">
      {STATES.map((s) => {
        const n = people.filter((p) => p.state === s).length;
        return (
          <div key={s} class={`${s} ${n ? "" : "none"}`}>
            <dt>
              <Shape of={SHAPES[s]} /> {word("ui.muster.state", s)}
            </dt>
            <dd>{n}</dd>
          </div>
        );
      })}
    </dl>
  );
}
