// SPDX-License-Identifier: Apache-2.0
// A drill's own world: what is done there is seen in that drill alone, and no register can be changed. Every page, and
// every sheet of paper, says that one is in it. All tabs of the browser share the session, so all are read anew.
import { useState } from "preact/hooks";
import { t } from "../lib/i18n.ts";
import { enterWorld, session } from "../store/session.ts";
import { FormDialog } from "./dialog.tsx";
import { Shape } from "./icons.tsx";
import { Button, Field } from "./parts.tsx";

export function DrillBar() {
  const world = session.value?.world;
  return world ? (
    <div class="drill-bar" role="status">
      <Shape of="attention" />
      <span>
        <b>{t("ui.drill.bar", { n: world })}</b> {t("ui.drill.bar_more")}
      </span>
      <Button onClick={() => void enterWorld(0)}>{t("ui.drill.leave")}</Button>
    </div>
  ) : null;
}

export function DrillDialog({ onClose }: { onClose: () => void }) {
  const [n, setN] = useState("1");
  return (
    <FormDialog
      title={t("ui.drill.enter")}
      submit={t("ui.drill.enter_do")}
      disabled={!/^[1-9]\d{0,3}$/.test(n)}
      onSubmit={() => enterWorld(Number(n))}
      onClose={onClose}
    >
      <Field label={t("ui.drill.number")} help={t("ui.drill.number_help")}>
        <input
          type="number"
          min={1}
          max={9999}
          required
          value={n}
          onInput={(e) => setN(e.currentTarget.value)}
        />
      </Field>
      <p class="wide dim">{t("ui.drill.enter_more")}</p>
    </FormDialog>
  );
}
