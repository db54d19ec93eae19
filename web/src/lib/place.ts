// SPDX-License-Identifier: Apache-2.0
// Where an alert is, in words: that of a rule across sites is at none.
import type { Alert } from "../api/types.ts";
import { t } from "./i18n.ts";

export function alertSite(a: Alert): string {
  return a.site ? (a.site_name ?? "") : t("ui.alert.several_sites");
}
