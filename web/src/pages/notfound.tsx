// SPDX-License-Identifier: Apache-2.0
// An address that leads nowhere: says so and shows the ways on.
import { t } from "../lib/i18n.ts";
import { place } from "../router.ts";
import { Empty } from "../ui/parts.tsx";

export function NotFoundPage({ what }: { what?: string }) {
  return (
    <div class="page">
      <h1 class="hidden">{t("ui.notfound.title")}</h1>
      <Empty title={what ?? t("ui.notfound.title")}>
        <p>
          <code>{place.value.path}</code>
        </p>
        <p>
          <a href="/">{t("ui.notfound.desk")}</a>
        </p>
      </Empty>
    </div>
  );
}
