// SPDX-License-Identifier: Apache-2.0
// Arm, disarm, bypass. Arming is one press and can be undone; a bypass needs a reason and an end.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Zone } from "../api/types.ts";
import { t } from "../lib/i18n.ts";
import { full, parseTyped } from "../lib/time.ts";
import { isBypassed } from "../lib/urgency.ts";
import { may, now } from "../store/session.ts";
import { FormDialog } from "./dialog.tsx";
import { Button, Field, TimeField, typedTime } from "./parts.tsx";
import { attempt } from "./toast.tsx";

export function ZoneActions({ zone }: { zone: Zone }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(() => full(now.peek() + 3600_000).slice(0, 16));
  const arm = (to: "arm" | "disarm", undo: boolean) =>
    attempt(
      () => post(`/zones/${zone.id}/${to}`),
      t(`ui.zone.${to}_note`, { name: zone.name }),
      undo ? () => void arm(to === "arm" ? "disarm" : "arm", false) : undefined,
    );
  return (
    <span class="zone-actions">
      {may("sites.arm") &&
        (zone.arm_state === "armed" ? (
          <Button onClick={() => void arm("disarm", true)}>{t("ui.zone.disarm")}</Button>
        ) : (
          <Button onClick={() => void arm("arm", true)}>{t("ui.zone.arm_do")}</Button>
        ))}
      {may("sites.bypass") &&
        (isBypassed(zone, now.value) ? (
          <Button
            onClick={() =>
              void attempt(
                () => post(`/zones/${zone.id}/unbypass`),
                t("ui.zone.unbypass_note", { name: zone.name }),
              )
            }
          >
            {t("ui.zone.unbypass")}
          </Button>
        ) : (
          <Button onClick={() => setOpen(true)}>{t("ui.zone.bypass_do")}</Button>
        ))}
      {open && (
        <FormDialog
          title={t("ui.zone.bypass_title", { name: zone.name })}
          submit={t("ui.zone.bypass_do")}
          onClose={() => setOpen(false)}
          disabled={!reason.trim() || !parseTyped(until, now.value)}
          onSubmit={() => post(`/zones/${zone.id}/bypass`, { reason, until: typedTime(until) })}
        >
          <Field label={t("ui.reason")} help={t("ui.zone.bypass_help")} wide>
            <input
              type="text"
              required
              maxLength={200}
              value={reason}
              onInput={(e) => setReason(e.currentTarget.value)}
            />
          </Field>
          <TimeField label={t("ui.zone.until")} required value={until} onChange={setUntil} />
        </FormDialog>
      )}
    </span>
  );
}
