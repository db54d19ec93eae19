// SPDX-License-Identifier: Apache-2.0
// The posture in force in the top bar: the highest of what covers the sites one works for, and how many more there are.
import { t } from "../lib/i18n.ts";
import { near } from "../lib/time.ts";
import { inForce, levelName, placeOf } from "../store/posture.ts";
import { now } from "../store/session.ts";
import { Shape } from "./icons.tsx";

export function PostureMark() {
  const list = inForce();
  const top = list[0];
  if (!top) {
    return null;
  }
  const level = levelName(top.level);
  const says = [
    t("ui.posture.now", { level }),
    placeOf(top),
    top.event,
    t("ui.coord.until", { time: near(top.ends, now.value) }),
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <a class={`posture-mark rank-${top.rank}`} href="/posture" title={says} aria-label={says}>
      <Shape of={top.rank > 1 ? "attention" : "info"} />
      <span class="word">{t("ui.posture.title")}:</span> <b>{level}</b>
      {list.length > 1 && <span class="num">+{list.length - 1}</span>}
    </a>
  );
}
