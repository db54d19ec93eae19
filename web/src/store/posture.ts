// SPDX-License-Identifier: Apache-2.0
// Posture as it stands: what is in force now, the highest first, and what a level is called.
import type { Posture } from "../api/posture.ts";
import { pick, t } from "../lib/i18n.ts";
import { ms } from "../lib/time.ts";
import { now } from "./session.ts";
import { one, rows } from "./store.ts";

export const levelName = (code: string | null | undefined): string =>
  pick(one("posture-levels", code), "name") || code || "–";

export const inForce = (): Posture[] =>
  rows("postures")
    .filter((p) => p.state === "in_force" && (ms(p.ends) ?? 0) > now.value)
    .sort((a, b) => b.rank - a.rank || b.ends.localeCompare(a.ends));

export const placeOf = (p: Posture): string => (p.site ? (p.site_name ?? "…") : t("ui.all_sites"));
